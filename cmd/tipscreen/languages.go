package main

import (
	"fmt"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// languageQuestion lists the languages by their own names; those without words for the official only where the person's
// language is asked.
func (e *env) languageQuestion(id string, official bool) session.Question {
	q := e.question(id)
	catalog := e.catalog()
	for _, tag := range catalog.Languages() {
		speaker, err := catalog.Speaker(tag, locales.Official)
		if err != nil && official {
			continue
		}
		if err != nil {
			if speaker, err = catalog.Speaker(tag, locales.Person); err != nil {
				continue
			}
		}
		q.Options = append(q.Options, session.Choice{Value: tag, Label: speaker.Name()})
	}
	return q
}

// safetyMessages are the words that a person must be able to rely on. While they are drafts in the person's language, an
// interview needs a human interpreter.
func safetyMessages(person *locales.Speaker) bool {
	return person.Draft("consent.opening.ask", "consent.talk.ask", "consent.record.ask", "sensitive.ask", "page.break.say", "page.distress.say", "closing.next.ask")
}

// newSetupFor prepares an interview by a plan in two languages.
func (e *env) newSetupFor(data *indicators.Data, planID, official, person string) (*screening.Setup, error) {
	plan, ok := data.Plan(planID)
	if !ok {
		return nil, usageError{fmt.Errorf("there is no plan %q; tipscreen indicators list shows them", planID)}
	}
	speaker, err := e.catalog().Speaker(person, locales.Person)
	if err != nil {
		return nil, languageError(err)
	}
	setup := screening.NewSetup(data, plan)
	setup.OfficialLanguage, setup.PersonLanguage, setup.Program = official, person, version()
	setup.InterpreterRequired = safetyMessages(speaker)
	return setup, nil
}
