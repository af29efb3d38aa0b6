package screening

import (
	"slices"

	"tipscreen/indicators"
)

// Assessment is the result: what to do next, why, and what is not known. It never says what a person is.
type Assessment struct {
	ID      string  `json:"id"`
	Outcome Outcome `json:"outcome"`
	// Because names the rules that gave the outcome.
	Because  []string      `json:"because"`
	Flags    []string      `json:"flags"`
	Hold     []string      `json:"hold"`
	Elements ElementStates `json:"elements"`
	// NotAskedAbout lists the elements on which no item of the plan bears: "not indicated" says nothing there.
	NotAskedAbout []string                   `json:"not_asked_about"`
	Frameworks    map[string]FrameworkResult `json:"frameworks"`
	Reasons       []Reason                   `json:"reasons"`
	Gaps          []Gap                      `json:"gaps"`
	WouldChange   []Change                   `json:"would_change"`
	Ignored       []Ignored                  `json:"ignored"`
	Versions      map[string]string          `json:"versions"`
}

// ElementStates are the states of the three elements.
type ElementStates struct {
	Act     State `json:"act"`
	Means   State `json:"means"`
	Purpose State `json:"purpose"`
}

// FrameworkResult is what one framework says by its own rules.
type FrameworkResult struct {
	Present    []Present                  `json:"present"`
	Dimensions map[string]DimensionResult `json:"dimensions,omitempty"`
	// Class is for researchers, nil while a dimension behind it is undecided; it is never shown to an official.
	Class *string `json:"class"`
}

// Present is an indicator for which some item was answered yes.
type Present struct {
	ID  string `json:"id"`
	Key string `json:"key,omitempty"`
}

// DimensionResult counts the indicators of a dimension that are present, by their strength.
type DimensionResult struct {
	Positive bool `json:"positive"`
	Strong   int  `json:"strong"`
	Medium   int  `json:"medium"`
	Weak     int  `json:"weak"`
}

// Reason says which answer is evidence of which indicator.
type Reason struct {
	Item      string              `json:"item"`
	Answer    Value               `json:"answer"`
	Framework string              `json:"framework"`
	Indicator string              `json:"indicator"`
	Strength  indicators.Strength `json:"strength"`
	Elements  []string            `json:"elements"`
	Control   bool                `json:"control,omitempty"`
	Source    string              `json:"source"`
}

// Gap is a relevant item that was not answered with yes or no, with the elements on which it bears.
type Gap struct {
	Item     string   `json:"item"`
	Answer   Value    `json:"answer"`
	Elements []string `json:"elements"`
}

// Change is a single further answer that would change the outcome.
type Change struct {
	Item    string  `json:"item"`
	Answer  Value   `json:"answer"`
	Outcome Outcome `json:"outcome"`
}

// Ignored is an answer that counts for nothing: sealed, or to an item that left the path.
type Ignored struct {
	Key string `json:"key"`
	Why string `json:"why"`
}

// Assess applies the published rules to a case. It is deterministic and does not depend on the order of anything.
func (a *Assessor) Assess(c *Case) Assessment {
	p := a.place(c)
	t := a.fill(c, p)
	states := t.elements(a)
	result := Assessment{ID: c.ID, Elements: ElementStates{states[act], states[means], states[purpose]}, Versions: a.versions, Because: []string{}, NotAskedAbout: []string{}}
	for e, bit := range elementBits {
		if t.relevant[e] == 0 && t.supporters[e] == 0 {
			result.NotAskedAbout = append(result.NotAskedAbout, bit.Names()...)
		}
	}
	result.Outcome = t.outcome(a, states, &result.Because)
	a.reasons(c, p, &result)
	result.Gaps = a.gaps(c, p)
	result.Frameworks = a.frameworkResults(c, p, t)
	result.Flags, result.Hold = a.setFlags(c, p, t, states, result.Outcome)
	result.WouldChange = a.wouldChange(c, p, t, result.Outcome)
	return result
}

// fill counts what the answers support and what is still open.
func (a *Assessor) fill(c *Case, p *answers) *tally {
	t := a.newTally(c)
	for at := range a.keys {
		k := &a.keys[at]
		value := p.value[at]
		if value == Yes && p.counts[at] && !k.sealed {
			t.support(a, k)
		}
		bears := a.bears(c, p, at)
		for e, bit := range elementBits {
			if bears&bit == 0 || !p.relevant[at] {
				continue
			}
			t.relevant[e]++
			if !value.settled() {
				t.open[e]++
			}
		}
		if a.bearsOnPurpose(c, k) && p.counts[at] && value != 0 && value != NotAsked {
			t.purposeAsked++
			if value != No {
				t.purposeNotNo++
			}
		}
	}
	return t
}

func (a *Assessor) bearsOnPurpose(c *Case, k *key) bool {
	for _, at := range k.evidence {
		one := &a.indicators[at]
		if one.elements&indicators.Purpose != 0 && one.weight(c.Age.child()) > indicators.None {
			return true
		}
	}
	return false
}

// bears says on which elements the key could be evidence. An item that was not answered does not bear by an indicator
// that was itself answered no: nothing is left to learn there.
func (a *Assessor) bears(c *Case, p *answers, at int) (set indicators.Elements) {
	k := &a.keys[at]
	for _, i := range k.evidence {
		one := &a.indicators[i]
		if one.weight(c.Age.child()) <= indicators.None {
			continue
		}
		if at < a.items && p.value[at] == 0 && p.value[a.items+i] == No {
			continue
		}
		set |= one.elements
	}
	return set
}

func (a *Assessor) reasons(c *Case, p *answers, result *Assessment) {
	result.Reasons, result.Ignored = []Reason{}, []Ignored{}
	for at := range a.keys {
		k := &a.keys[at]
		switch {
		case p.value[at] == 0:
		case k.sealed:
			result.Ignored = append(result.Ignored, Ignored{k.id, "sealed"})
		case !p.counts[at]:
			result.Ignored = append(result.Ignored, Ignored{k.id, "left_the_path"})
		case p.value[at] == Yes:
			for _, i := range k.evidence {
				one := &a.indicators[i]
				if weight := one.weight(c.Age.child()); weight > 0 {
					result.Reasons = append(result.Reasons, Reason{k.id, Yes, a.frameworks[one.framework].ID, one.ID, weight, one.elements.Names(), one.control, one.Source})
				}
			}
		}
	}
}

func (a *Assessor) gaps(c *Case, p *answers) []Gap {
	gaps := make([]Gap, 0, 16)
	for at := range a.keys {
		if !p.relevant[at] || p.value[at].settled() {
			continue
		}
		if bears := a.bears(c, p, at); bears != 0 {
			value := p.value[at]
			if value == 0 {
				value = NotAsked
			}
			gaps = append(gaps, Gap{a.keys[at].id, value, bears.Names()})
		}
	}
	return gaps
}

// wouldChange tries each further yes and no. Where the answer may change the path, the case is assessed anew.
func (a *Assessor) wouldChange(c *Case, p *answers, t *tally, now Outcome) []Change {
	changes := []Change{}
	trial := a.newTally(c)
	for at := range a.keys {
		k := &a.keys[at]
		if !p.relevant[at] || p.value[at].settled() || len(k.evidence) == 0 && !k.dependents {
			continue
		}
		for _, value := range [...]Value{Yes, No} {
			var outcome Outcome
			if k.dependents && c.Plan != "" {
				outcome = a.outcomeWith(c, p, at, value)
			} else {
				t.copyTo(trial)
				a.try(c, p, at, value, trial)
				outcome = trial.outcome(a, trial.elements(a), nil)
			}
			if outcome != now {
				changes = append(changes, Change{k.id, value, outcome})
			}
		}
	}
	return slices.Clip(changes)
}

// try changes the tally as if the open key had been answered with yes or no.
func (a *Assessor) try(c *Case, p *answers, at int, value Value, t *tally) {
	k := &a.keys[at]
	for e, bit := range elementBits {
		if a.bears(c, p, at)&bit != 0 {
			t.open[e]--
		}
	}
	if a.bearsOnPurpose(c, k) {
		asked := p.value[at] != 0 && p.value[at] != NotAsked
		if !asked {
			t.purposeAsked++
			t.purposeNotNo++
		}
		if value == No {
			t.purposeNotNo--
		}
	}
	if value == Yes {
		t.support(a, k)
	}
	if value == No && at >= a.items {
		a.settle(c, p, at, t)
	}
}

// settle closes the items that could only show an indicator which has now been answered no.
func (a *Assessor) settle(c *Case, p *answers, at int, t *tally) {
	was := p.value[at]
	for i := 0; i < a.items; i++ {
		if !p.relevant[i] || p.value[i] != 0 || !slices.Contains(a.keys[i].evidence, at-a.items) {
			continue
		}
		before := a.bears(c, p, i)
		p.value[at] = No
		after := a.bears(c, p, i)
		p.value[at] = was
		for e, bit := range elementBits {
			if before&bit != 0 && after&bit == 0 {
				t.open[e]--
			}
		}
	}
}

// outcomeWith assesses the case anew with one more answer.
func (a *Assessor) outcomeWith(c *Case, p *answers, at int, value Value) Outcome {
	was := p.value[at]
	p.value[at] = value
	a.walk(c, p)
	t := a.fill(c, p)
	outcome := t.outcome(a, t.elements(a), nil)
	p.value[at] = was
	a.walk(c, p)
	return outcome
}
