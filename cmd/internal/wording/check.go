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
	pages := []session.Page{
		{Kind: session.EndPage}, {Kind: session.EndPage, Reference: "x", Raised: screening.ReferNow, Waits: true, Penalties: screening.PenaltyNames()},
		{Kind: session.DeferredPage}, {Kind: session.DeferredPage, Kept: true, Contacts: "x"}, {Kind: session.WellbeingPage, Heavy: manyHeavy},
	}
	for _, kind := range []session.PageKind{session.BreakPage, session.DistressPage, session.DangerPage, session.ClaimPage} {
		pages = append(pages, session.Page{Kind: kind})
	}
	for i, state := range []screening.State{screening.NotIndicated, screening.StillOpen, screening.Partial, screening.Indicated} {
		a := &screening.Assessment{Outcome: screening.NoSignsSoFar + screening.Outcome(i), Elements: screening.ElementStates{Act: state, Means: state, Purpose: state}}
		if i == 0 { // once is enough for what does not depend on the outcome
			sayAll(a, setup, unsayable)
		}
		pages = append(pages, session.Page{Kind: session.ResultPage, Talked: true, Contacts: "x", Assessment: a, Apart: true, Counter: setup.Plan.Setting == "counter"})
	}
	return pages
}

// sayAll puts into an assessment everything that an assessment can say besides its outcome and the elements.
func sayAll(a *screening.Assessment, setup *screening.Setup, unsayable map[string]bool) {
	a.Because, a.NotAskedAbout = screening.Rules(), []string{"act"}
	for _, flag := range setup.Data.Flags {
		a.Flags = append(a.Flags, flag.ID)
		for _, trigger := range flag.SetBy {
			if trigger.Reason != "" && flag.ID == "hold" {
				a.Hold = append(a.Hold, trigger.Reason)
			}
		}
	}
	for _, item := range setup.Data.Items {
		if !unsayable[item.ID] {
			a.Ignored = append(a.Ignored, screening.Ignored{Key: item.ID})
		}
	}
	if len(a.Ignored) == 0 {
		return
	}
	item := a.Ignored[0].Key
	for strength := indicators.None; strength <= indicators.Strong; strength++ {
		a.Reasons = append(a.Reasons, screening.Reason{Item: item, Answer: screening.Yes, Strength: strength, Elements: indicators.Elements(31).Names()})
	}
	for value := screening.Unclear; value <= screening.NotAsked; value++ {
		a.Gaps = append(a.Gaps, screening.Gap{Item: item, Answer: value})
	}
	for range maxListed + 1 { // lists so long that they are cut
		a.Gaps = append(a.Gaps, screening.Gap{Item: item, Answer: screening.NotAsked})
		a.WouldChange = append(a.WouldChange, screening.Change{Item: item, Answer: screening.Yes, Outcome: screening.ReferNow})
	}
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
