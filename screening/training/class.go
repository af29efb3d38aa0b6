package training

import (
	"slices"
	"strings"

	"tipscreen/screening"
)

// Entry is one marked run of a class.
type Entry struct {
	Run      *Run
	Scenario *Scenario
	Marks    *Marks
}

// Class is what many runs show together. Trainees are pseudonyms.
type Class struct {
	People    []TraineeResult
	Scenarios []ScenarioResult
	// Referral compares "refer now, or not" over scenarios, Items "marked or not" over the items of all scenarios; nil: there
	// are fewer than MinCases cases that two people judged.
	Referral, Items *Agreement
	// Diverge lists the items that somebody marked otherwise than they were told, the most disputed first.
	Diverge []Divergence
	// Biases counts how many runs held a circumstance against the person.
	Biases map[string]int
	// Change compares before with after; nil: fewer than MinCases people have both.
	Change *Change
}

// TraineeResult is what one trainee's runs show.
type TraineeResult struct {
	Trainee            string
	Runs               int
	Fidelity, Accuracy int // means, of a hundred
	// WithModel compares the referrals with those of the model answers; nil: too few runs.
	WithModel *Agreement
}

// ScenarioResult is what a class did with one scenario.
type ScenarioResult struct {
	Scenario *Scenario
	Runs     int
	Chose    map[string]int // by outcome
}

// Divergence is one item of one scenario.
type Divergence struct {
	Scenario *Scenario
	Item     string
	Right    string
	// Otherwise lists who marked it otherwise, of All who marked it.
	Otherwise []string
	All       int
}

// Change is the mean of marks of the same people before and after.
type Change struct {
	People                        int
	FidelityBefore, FidelityAfter int
	AccuracyBefore, AccuracyAfter int
}

// Phases of a course.
const (
	Before = "before"
	After  = "after"
)

// Summarise puts the runs of a class together. Of several runs of one scenario by one person in one phase the last counts;
// what was played before a course counts only for the comparison, as long as there is anything else.
func Summarise(entries []Entry) *Class {
	entries = lastOnly(entries)
	c := &Class{Biases: map[string]int{}, Change: change(entries)}
	now := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Run.Phase == Before })
	if len(now) == 0 {
		now = entries
	}
	c.people(now)
	c.scenarios(now)
	c.items(now)
	for _, e := range now {
		counted := map[string]bool{}
		for _, b := range e.Marks.Bias {
			if !counted[b.Trap] {
				counted[b.Trap] = true
				c.Biases[b.Trap]++
			}
		}
	}
	return c
}

// lastOnly sorts the entries by person, scenario and time, and keeps the last of each.
func lastOnly(entries []Entry) []Entry {
	type key struct{ trainee, scenario, phase string }
	last := map[key]Entry{}
	for _, e := range entries {
		k := key{e.Run.Trainee, e.Scenario.ID, e.Run.Phase}
		if old, ok := last[k]; !ok || old.Run.Begun.Before(e.Run.Begun) || old.Run.Begun.Equal(e.Run.Begun) && old.Run.ID < e.Run.ID {
			last[k] = e
		}
	}
	var kept []Entry
	for _, e := range last {
		kept = append(kept, e)
	}
	slices.SortFunc(kept, func(a, b Entry) int {
		if d := strings.Compare(a.Run.Trainee, b.Run.Trainee); d != 0 {
			return d
		}
		if d := strings.Compare(a.Scenario.ID, b.Scenario.ID); d != 0 {
			return d
		}
		return strings.Compare(a.Run.Phase, b.Run.Phase)
	})
	return kept
}

// refers gives the categories of the question "refer now?": 0 yes, 1 no.
func refers(outcome string) int {
	if outcome == screening.ReferNow.String() {
		return 0
	}
	return 1
}

func (c *Class) people(entries []Entry) {
	var pairs []Pair
	flush := func() {
		if at := len(c.People) - 1; at >= 0 {
			p := &c.People[at]
			p.Fidelity, p.Accuracy = p.Fidelity/p.Runs, p.Accuracy/p.Runs
			if a, err := AgreeTwo(pairs, 2); err == nil {
				p.WithModel = &a
			}
		}
		pairs = nil
	}
	for _, e := range entries {
		if at := len(c.People) - 1; at < 0 || c.People[at].Trainee != e.Run.Trainee {
			flush()
			c.People = append(c.People, TraineeResult{Trainee: e.Run.Trainee})
		}
		p := &c.People[len(c.People)-1]
		p.Runs++
		p.Fidelity, p.Accuracy = p.Fidelity+e.Marks.Fidelity.Percent, p.Accuracy+e.Marks.Accuracy.Percent
		pairs = append(pairs, Pair{refers(e.Run.Decision.Outcome), refers(e.Scenario.Expect.Outcome)})
	}
	flush()
}

func (c *Class) scenarios(entries []Entry) {
	at := map[string]int{}
	raters := map[string][2]int{} // for two people: their judgements by scenario
	for _, e := range entries {
		id := e.Scenario.ID
		if _, ok := at[id]; !ok {
			at[id] = len(c.Scenarios)
			c.Scenarios = append(c.Scenarios, ScenarioResult{Scenario: e.Scenario, Chose: map[string]int{}})
		}
		s := &c.Scenarios[at[id]]
		if pair := raters[id]; s.Runs < 2 {
			pair[s.Runs] = refers(e.Run.Decision.Outcome)
			raters[id] = pair
		}
		s.Runs++
		s.Chose[e.Run.Decision.Outcome]++
	}
	slices.SortFunc(c.Scenarios, func(a, b ScenarioResult) int { return strings.Compare(a.Scenario.ID, b.Scenario.ID) })
	var cases []Counts
	var pairs []Pair
	for _, s := range c.Scenarios {
		yes := s.Chose[screening.ReferNow.String()]
		cases = append(cases, Counts{yes, s.Runs - yes})
		if s.Runs == 2 {
			pairs = append(pairs, Pair(raters[s.Scenario.ID]))
		}
	}
	c.Referral = agree(cases, pairs, len(c.People))
}

// agree gives the figures for two people where there are two, and else for many.
func agree(cases []Counts, pairs []Pair, people int) *Agreement {
	if people == 2 {
		if a, err := AgreeTwo(pairs, 2); err == nil {
			return &a
		}
		return nil
	}
	if a, err := AgreeMany(cases); err == nil {
		return &a
	}
	return nil
}

func (c *Class) items(entries []Entry) {
	type key struct{ scenario, item string }
	at := map[key]int{}
	var list []Divergence
	marked := map[key]Counts{}
	pairs := map[key]Pair{}
	for _, e := range entries {
		for _, f := range e.Marks.Findings {
			k := key{e.Scenario.ID, f.Item}
			if _, ok := at[k]; !ok {
				at[k] = len(list)
				list = append(list, Divergence{Scenario: e.Scenario, Item: f.Item, Right: f.Right})
				marked[k] = Counts{0, 0}
			}
			d := &list[at[k]]
			mark := 1
			if f.Marked == screening.Yes.String() {
				mark = 0
			}
			if d.All < 2 {
				pair := pairs[k]
				pair[d.All] = mark
				pairs[k] = pair
			}
			marked[k][mark]++
			d.All++
			if (f.Marked == screening.Yes.String()) != (f.Right == screening.Yes.String()) {
				d.Otherwise = append(d.Otherwise, e.Run.Trainee)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Divergence) int {
		if d := len(b.Otherwise) - len(a.Otherwise); d != 0 {
			return d
		}
		if a.All != b.All {
			return a.All - b.All // of the same number, the larger share first
		}
		if d := strings.Compare(a.Scenario.ID, b.Scenario.ID); d != 0 {
			return d
		}
		return strings.Compare(a.Item, b.Item)
	})
	var cases []Counts
	var two []Pair
	for _, d := range list {
		k := key{d.Scenario.ID, d.Item}
		cases = append(cases, marked[k])
		if d.All == 2 {
			two = append(two, pairs[k])
		}
		if len(d.Otherwise) > 0 {
			c.Diverge = append(c.Diverge, d)
		}
	}
	c.Items = agree(cases, two, len(c.People))
}

// change compares the people who have runs of both phases.
func change(entries []Entry) *Change {
	type sums struct{ fidelity, accuracy, runs [2]int }
	by := map[string]*sums{}
	for _, e := range entries {
		phase := slices.Index([]string{Before, After}, e.Run.Phase)
		if phase < 0 {
			continue
		}
		s := by[e.Run.Trainee]
		if s == nil {
			s = &sums{}
			by[e.Run.Trainee] = s
		}
		s.fidelity[phase] += e.Marks.Fidelity.Percent
		s.accuracy[phase] += e.Marks.Accuracy.Percent
		s.runs[phase]++
	}
	c := &Change{}
	for _, s := range by {
		if s.runs[0] == 0 || s.runs[1] == 0 {
			continue
		}
		c.People++
		c.FidelityBefore += s.fidelity[0] / s.runs[0]
		c.FidelityAfter += s.fidelity[1] / s.runs[1]
		c.AccuracyBefore += s.accuracy[0] / s.runs[0]
		c.AccuracyAfter += s.accuracy[1] / s.runs[1]
	}
	if c.People < MinCases {
		return nil
	}
	for _, sum := range []*int{&c.FidelityBefore, &c.FidelityAfter, &c.AccuracyBefore, &c.AccuracyAfter} {
		*sum /= c.People
	}
	return c
}
