package wording

import (
	"fmt"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// Complete puts every prompt of a plan into words, in every form that it can take, before the interview begins: a
// missing sentence is found now and not in front of the person. The error is a locales.Problems.
func (w *Words) Complete(setup *screening.Setup) error {
	var problems locales.Problems
	for _, prompt := range screening.AllPrompts(setup) {
		if _, err := w.Prompt(session.View{Prompt: prompt}); err != nil {
			problems = append(problems, locales.Problem{File: w.person.Tag(), What: err.Error(), Mend: "add the message in official.json or person.json"})
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Check holds the words of every language that officials and people have against the data: each plan must be sayable.
func Check(catalog *locales.Catalog, data *indicators.Data) error {
	for _, tag := range catalog.Languages() {
		official := tag
		if _, err := catalog.Speaker(tag, locales.Official); err != nil {
			official = "en"
		}
		words, err := New(catalog, official, tag)
		if err != nil {
			return fmt.Errorf("language %s: %w", tag, err)
		}
		for _, plan := range data.Plans {
			if err := words.Complete(screening.NewSetup(data, plan)); err != nil {
				return fmt.Errorf("plan %s: %w", plan.ID, err)
			}
		}
	}
	return nil
}
