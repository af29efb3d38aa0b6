package screening

import "tipscreen/indicators"

// count holds how many indicators support something: strong ones, those at least medium, and those of any strength that
// weighs. Counts only grow with more support, and every rule asks for "at least", so one more yes can never undo a result.
type count struct{ strong, medium, any uint8 }

func (c *count) add(s indicators.Strength) {
	switch s {
	case indicators.Strong:
		c.strong++
		fallthrough
	case indicators.Medium:
		c.medium++
		fallthrough
	case indicators.Weak:
		c.any++
	}
}

func (c count) reaches(rules []indicators.Count) bool {
	for _, rule := range rules {
		if int(c.strong) >= rule.Strong && int(c.medium) >= rule.Medium && int(c.any) >= rule.Any {
			return true
		}
	}
	return false
}

// The three elements as indexes.
const (
	act = iota
	means
	purpose
)

var elementBits = [3]indicators.Elements{indicators.Act, indicators.Means, indicators.Purpose}

// tally is all that the outcome depends on. Adding one supporting item is cheap, so that the effect of each further
// answer can be tried out.
type tally struct {
	child   bool
	raise   Outcome // what holds whatever was answered (claim, setting)
	present []bool  // by indicator
	dims    []count // by dimension
	fws     [][3]count
	// by element: how many different items support it, and whether one of them is at least medium
	supporters [3]int
	medium     [3]bool
	floor      Outcome
	// items and indicators that are strong evidence of the means
	strongMeansItems, strongMeansIndicators int
	// items behind means and purpose
	restItems     int
	control       bool // a support marked control, of any strength
	strongControl bool
	strong        bool // any strong support for means or purpose
	// purpose items that were asked, and those of them not answered with no
	purposeAsked, purposeNotNo int
	// by element: relevant items, and those of them that are still open
	relevant, open [3]int
}

func (a *Assessor) newTally(c *Case) *tally {
	t := &tally{child: c.Age.child(), present: make([]bool, len(a.indicators)), dims: make([]count, len(a.dimensions)), fws: make([][3]count, len(a.frameworks))}
	if c.Claim || c.Setting == LeftACompound {
		t.raise = TalkFurther
	}
	return t
}

// copyTo makes other equal to t without allocating.
func (t *tally) copyTo(other *tally) {
	present, dims, fws := other.present, other.dims, other.fws
	*other = *t
	other.present, other.dims, other.fws = present, dims, fws
	copy(other.present, t.present)
	copy(other.dims, t.dims)
	copy(other.fws, t.fws)
}

// weight is how much an indicator counts for the elements: the stronger of its two sets, and nothing where it counts for
// children only and the person is an adult.
func (i *indicator) weight(child bool) indicators.Strength {
	if i.CountsFor == "child" && !child || i.Sealed() {
		return 0
	}
	return i.strongest
}

// support adds one item that was answered yes.
func (t *tally) support(a *Assessor, k *key) {
	var supports [3]bool
	strongMeans := false
	for _, at := range k.evidence {
		one := &a.indicators[at]
		weight := one.weight(t.child)
		if weight == 0 {
			continue
		}
		first := !t.present[at]
		t.present[at] = true
		t.floor = max(t.floor, one.floor)
		if weight == indicators.None || one.elements == 0 {
			continue
		}
		if first {
			t.countIndicator(a, one, weight)
		}
		for e, bit := range elementBits {
			if one.elements&bit != 0 {
				supports[e] = true
				t.medium[e] = t.medium[e] || weight >= indicators.Medium
			}
		}
		t.control = t.control || one.control
		t.strongControl = t.strongControl || one.Control && weight == indicators.Strong
		if weight == indicators.Strong {
			t.strong = t.strong || one.elements&(indicators.Means|indicators.Purpose) != 0
			strongMeans = strongMeans || one.elements&indicators.Means != 0
		}
	}
	for e := range supports {
		if supports[e] {
			t.supporters[e]++
		}
	}
	if strongMeans {
		t.strongMeansItems++
	}
	if supports[means] || supports[purpose] {
		t.restItems++
	}
}

// countIndicator counts an indicator once, however many items support it.
func (t *tally) countIndicator(a *Assessor, one *indicator, weight indicators.Strength) {
	if one.dimension >= 0 {
		t.dims[one.dimension].add(one.For(t.child))
	}
	for e, bit := range elementBits {
		if one.elements&bit != 0 {
			t.fws[one.framework][e].add(weight)
		}
	}
	if one.elements&indicators.Means != 0 && weight == indicators.Strong {
		t.strongMeansIndicators++
	}
}

func (t *tally) positive(a *Assessor, d int) bool {
	return t.dims[d].reaches(a.dimensions[d].PositiveWhen)
}

// elements gives the state of act, means and purpose.
func (t *tally) elements(a *Assessor) (states [3]State) {
	controlled := t.strongControl
	for d := range a.dimensions {
		controlled = controlled || a.dimensions[d].Control && t.positive(a, d)
	}
	for e, bit := range elementBits {
		switch {
		case t.indicated(a, e, bit, controlled):
			states[e] = Indicated
		case t.supporters[e] > 0:
			states[e] = Partial
		case t.open[e] > 0:
			states[e] = StillOpen
		default:
			states[e] = NotIndicated
		}
	}
	return states
}

func (t *tally) indicated(a *Assessor, e int, bit indicators.Elements, controlled bool) bool {
	for d := range a.dimensions {
		one := &a.dimensions[d]
		if one.elements&bit != 0 && (controlled || !one.NeedsControl) && t.positive(a, d) {
			return true
		}
	}
	for f := range a.frameworks {
		if t.fws[f][e].reaches(a.frameworks[f].ElementsWhen) {
			return true
		}
	}
	return false
}

// Rules lists the names of all rules that can give an outcome.
func Rules() []string {
	return []string{
		"something_open", "means_indicated", "purpose_indicated", "strong_support", "dimension_positive", "observed_sign", "said_or_setting",
		"child_purpose", "child_act", "child_means", "child_two_purpose", "means_and_purpose", "two_strong_means",
	}
}

// outcome applies the published rules. The names of the rules that gave it are appended to because,
// which may be nil; each name has words in locales (rule.NAME).
func (t *tally) outcome(a *Assessor, states [3]State, because *[]string) Outcome {
	result := NoSignsSoFar
	apply := func(holds bool, outcome Outcome, id string) {
		if !holds || outcome < result {
			return
		}
		if outcome > result && because != nil {
			*because = (*because)[:0]
		}
		result = outcome
		if because != nil && id != "" {
			*because = append(*because, id)
		}
	}
	open := false
	for _, state := range states {
		open = open || state != NotIndicated
	}
	apply(open, NotEnoughKnown, "something_open")
	t.talkFurther(a, states, apply)
	if t.child {
		apply(t.medium[purpose], ReferNow, "child_purpose")
		for e := range states {
			apply(t.supporters[e] >= 2 && t.medium[e], ReferNow, [3]string{"child_act", "child_means", "child_two_purpose"}[e])
		}
	}
	apply(states[means] == Indicated && states[purpose] == Indicated && t.restItems >= 2, ReferNow, "means_and_purpose")
	allNo := t.purposeAsked > 0 && t.purposeNotNo == 0
	apply(t.strongMeansItems >= 2 && t.strongMeansIndicators >= 2 && t.control && !allNo, ReferNow, "two_strong_means")
	return result
}

func (t *tally) talkFurther(a *Assessor, states [3]State, apply func(bool, Outcome, string)) {
	apply(states[means] == Indicated, TalkFurther, "means_indicated")
	apply(states[purpose] == Indicated, TalkFurther, "purpose_indicated")
	apply(t.strong, TalkFurther, "strong_support")
	for d := range a.dimensions {
		leads := a.dimensions[d].elements&(indicators.Means|indicators.Purpose) != 0
		if leads && t.positive(a, d) {
			apply(true, TalkFurther, "dimension_positive")
			break
		}
	}
	apply(t.floor > 0, t.floor, "observed_sign")
	apply(t.raise > 0, t.raise, "said_or_setting")
}
