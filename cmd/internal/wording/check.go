package wording

import (
	"fmt"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// Complete puts every prompt of a plan, and every page, into words in every form that they can take, before the interview
// begins: a missing sentence is found now and not in front of the person. It gives the items of which only words are
// missing, and an error (a locales.Problems) that holds everything that is missing.
func (w *Words) Complete(setup *screening.Setup) (unsayable map[string]bool, err error) {
	var problems locales.Problems
	unsayable = map[string]bool{}
	report := func(err error) {
		problems = append(problems, locales.Problem{File: w.official.Tag() + ", " + w.person.Tag(), What: err.Error(), Mend: "add the message in official.json or person.json"})
	}
	others := 0
	for _, prompt := range screening.AllPrompts(setup) {
		_, err := w.Prompt(session.View{Prompt: prompt})
		switch {
		case err != nil && prompt.Item != nil:
			unsayable[prompt.Item.ID] = true
			report(err)
		case err != nil:
			others++
			report(err)
		}
	}
	for _, page := range everyPage(setup, unsayable) {
		if _, err := w.Page(page); err != nil {
			others++
			report(err)
		}
	}
	if others > 0 {
		unsayable = nil
	}
	if len(problems) > 0 {
		return unsayable, problems
	}
	return unsayable, nil
}

// everyPage lists pages that together need every message that a page can need.
func everyPage(setup *screening.Setup, unsayable map[string]bool) []session.Page {
	pages := []session.Page{{Kind: session.EndPage}, {Kind: session.EndPage, Reference: "x"}}
	for _, kind := range []session.PageKind{session.BreakPage, session.DistressPage, session.DangerPage, session.ClaimPage} {
		pages = append(pages, session.Page{Kind: kind})
	}
	for outcome := screening.NoSignsSoFar; outcome <= screening.ReferNow; outcome++ {
		pages = append(pages, session.Page{Kind: session.ResultPage, Talked: true, Contacts: "x", Assessment: fullAssessment(setup, outcome, unsayable)})
	}
	return pages
}

// fullAssessment is an assessment in which everything is said that an assessment can say.
func fullAssessment(setup *screening.Setup, outcome screening.Outcome, unsayable map[string]bool) *screening.Assessment {
	state := []screening.State{screening.NotIndicated, screening.StillOpen, screening.Partial, screening.Indicated}[outcome-1]
	a := &screening.Assessment{
		Outcome: outcome, Because: screening.Rules(), Elements: screening.ElementStates{Act: state, Means: state, Purpose: state}, NotAskedAbout: []string{"act"},
	}
	for _, flag := range setup.Data.Flags {
		a.Flags = append(a.Flags, flag.ID)
		for _, trigger := range flag.SetBy {
			if trigger.Reason != "" && flag.ID == "hold" {
				a.Hold = append(a.Hold, trigger.Reason)
			}
		}
	}
	for _, item := range setup.Data.Items {
		if unsayable[item.ID] {
			continue
		}
		all := indicators.Elements(31).Names()
		for strength := indicators.None; strength <= indicators.Strong; strength++ {
			a.Reasons = append(a.Reasons, screening.Reason{Item: item.ID, Answer: screening.Yes, Strength: strength, Elements: all})
		}
		a.Ignored = append(a.Ignored, screening.Ignored{Key: item.ID})
	}
	for value := screening.Unclear; value <= screening.NotAsked && len(a.Ignored) > 0; value++ {
		a.Gaps = append(a.Gaps, screening.Gap{Item: a.Ignored[0].Key, Answer: value})
	}
	return a
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
			if _, err := words.Complete(screening.NewSetup(data, plan)); err != nil {
				return fmt.Errorf("plan %s: %w", plan.ID, err)
			}
		}
	}
	return nil
}
