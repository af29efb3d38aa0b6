package training

import (
	"fmt"
	"slices"
	"time"

	"tipscreen/indicators"
)

// Rehearsal plays a scenario with its model answer and says what is wrong with it: an outcome that its own facts do not
// lead to, a fact that nobody can learn, an event that never happens, a model answer without full marks.
func Rehearsal(data *indicators.Data, s *Scenario) indicators.Problems {
	var problems indicators.Problems
	report := func(mend, what string, args ...any) {
		p := indicators.Problem{File: s.File, Line: 1, What: fmt.Sprintf(what, args...), Mend: mend}
		if !slices.Contains(problems, p) {
			problems = append(problems, p)
		}
	}
	setup, err := Setup(data, s, "en", "en", "rehearsal")
	if err != nil {
		report("use a plan of indicators list", "%v", err)
		return problems
	}
	happened := map[string]bool{}
	for seed := range uint64(8) {
		run, err := Rehearse(setup, s, seed, Model{}, Clock{Turn: 20 * time.Second})
		if err != nil {
			report("look at what the scenario says there", "%v", err)
			return problems
		}
		marks, err := Mark(data, s, run)
		if err != nil {
			report("look at the facts", "%v", err)
			return problems
		}
		for _, f := range run.Fired {
			happened[f.Event] = true
		}
		if putOff := run.Events[len(run.Events)-1].Step == "later.when"; putOff != (s.Later != "") {
			report("give later where the talk is to be put off, and a last look that is in order where it is not", "the model answer and later do not agree on whether the talk is put off")
		}
		if run.Led.Outcome != s.Expect.Outcome {
			report("change the facts or the expectation", "the facts lead to %s, and %s is expected", run.Led.Outcome, s.Expect.Outcome)
		}
		for _, flag := range s.Expect.Flags {
			if !slices.Contains(run.Led.Flags, flag) {
				report("change the facts or the expectation", "the facts do not set the flag %s, which is expected", flag)
			}
		}
		for _, f := range marks.Findings {
			if f.Right == "yes" && f.Marked == "not_asked" {
				report("see the conditions of the item in indicators show", "nobody is asked about %s in this scenario", f.Item)
			}
		}
		if marks.Fidelity.Percent < 100 || marks.Accuracy.Percent < 100 {
			for _, p := range append(slices.Clone(marks.Fidelity.Points), marks.Accuracy.Points...) {
				if p.Got < p.Of {
					report("change the scenario so that it can be played well", "the model answer has no full marks: %s %s", p.ID, p.About)
				}
			}
		}
	}
	for _, e := range s.Events {
		if !happened[e.ID] {
			report("let it happen at an earlier step", "the event %s never happens", e.ID)
		}
	}
	return problems
}
