package screening

import (
	"slices"

	"tipscreen/indicators"
)

// frameworkResults says for each framework what is present and what its own rules make of it.
func (a *Assessor) frameworkResults(c *Case, p *answers, t *tally) map[string]FrameworkResult {
	results := make(map[string]FrameworkResult, len(a.frameworks))
	for f := range a.frameworks {
		fw := &a.frameworks[f]
		result := FrameworkResult{Present: []Present{}}
		for i := fw.first; i < fw.first+len(fw.Indicators); i++ {
			if t.present[i] {
				result.Present = append(result.Present, Present{a.indicators[i].ID, a.indicators[i].Key})
			}
		}
		if len(fw.dimensions) > 0 {
			result.Dimensions = make(map[string]DimensionResult, len(fw.dimensions))
			for _, d := range fw.dimensions {
				n := t.dims[d]
				result.Dimensions[a.dimensions[d].ID] = DimensionResult{t.positive(a, d), int(n.strong), int(n.medium - n.strong), int(n.any - n.medium)}
			}
		}
		if len(fw.Classes) > 0 {
			result.Class = a.class(c, p, t, fw)
		}
		results[fw.ID] = result
	}
	return results
}

// unclassified is a combination of dimensions for which the publisher gives no row.
const unclassified = "unclassified"

// class names the published combination, or nothing while a dimension behind it could still become positive.
func (a *Assessor) class(c *Case, p *answers, t *tally, fw *framework) *string {
	possible := a.possible(c, p, t, fw)
	decided := func(id string) (positive, known bool) {
		for _, d := range fw.dimensions {
			if a.dimensions[d].ID == id {
				positive = t.positive(a, d)
				return positive, positive || !possible[d].reaches(a.dimensions[d].PositiveWhen)
			}
		}
		return false, false
	}
	all := true
	for i := range fw.Classes {
		holds, known := true, true
		for _, term := range fw.Classes[i].When {
			any := false
			for _, id := range term.AnyOf {
				positive, sure := decided(id)
				any, known = any || positive, known && sure
			}
			holds = holds && any == *term.Positive
		}
		if holds && known {
			return &fw.Classes[i].ID
		}
		all = all && known
	}
	if all {
		none := unclassified
		return &none
	}
	return nil
}

// possible counts what each dimension would have if everything still open were answered yes.
func (a *Assessor) possible(c *Case, p *answers, t *tally, fw *framework) map[int]count {
	counts := make(map[int]count, len(fw.dimensions))
	for _, d := range fw.dimensions {
		counts[d] = t.dims[d]
	}
	seen := make([]bool, len(a.indicators))
	for at := range a.keys {
		if !p.relevant[at] || p.value[at].settled() {
			continue
		}
		for _, i := range a.keys[at].evidence {
			one := &a.indicators[i]
			settled := at < a.items && p.value[at] == 0 && p.value[a.items+i] == No
			if one.dimension < 0 || t.present[i] || seen[i] || settled || a.frameworks[one.framework].ID != fw.ID {
				continue
			}
			seen[i] = true
			n := counts[one.dimension]
			n.add(one.For(c.Age.child()))
			counts[one.dimension] = n
		}
	}
	return counts
}

// holdFlag is the flag whose reasons are listed.
const holdFlag = "hold"

// setFlags applies the table of flags.
func (a *Assessor) setFlags(c *Case, p *answers, t *tally, states [3]State, outcome Outcome) (flags, hold []string) {
	marked := a.marked(p)
	flags, hold = []string{}, []string{}
	for f, flag := range a.flags {
		set := false
		for i := range flag.SetBy {
			trigger := &flag.SetBy[i]
			if !a.triggered(trigger, c, p, t, states, outcome, marked[f]) {
				continue
			}
			set = true
			if flag.ID == holdFlag && trigger.Reason != "" {
				hold = append(hold, trigger.Reason)
			}
		}
		if set {
			flags = append(flags, flag.ID)
		}
	}
	return flags, hold
}

// marked says for each flag whether an indicator that carries it was seen. That holds for every age, also where the
// indicator weighs for children only.
func (a *Assessor) marked(p *answers) []bool {
	marked := make([]bool, len(a.flags))
	for at := range a.keys {
		if p.value[at] != Yes || !p.counts[at] || a.keys[at].sealed {
			continue
		}
		for _, i := range a.keys[at].evidence {
			if f := a.indicators[i].flag; f >= 0 {
				marked[f] = true
			}
		}
	}
	return marked
}

func (a *Assessor) triggered(g *indicators.Trigger, c *Case, p *answers, t *tally, states [3]State, outcome Outcome, marked bool) bool {
	if g.Marked && !marked || g.Claim && !c.Claim || g.Danger && !c.Danger || g.Setting != "" && g.Setting != c.Setting {
		return false
	}
	if len(g.Age) > 0 && !slices.Contains(g.Age, string(c.Age)) {
		return false
	}
	if g.Item != "" {
		at, ok := a.byID[g.Item]
		if !ok || p.value[at] != Yes || !p.counts[at] {
			return false
		}
	}
	if g.OutcomeFrom != "" {
		var from Outcome
		if from.UnmarshalText([]byte(g.OutcomeFrom)) != nil || outcome < from {
			return false
		}
	}
	if (len(g.SupportIn) > 0 || len(g.SupportOf) > 0) && !a.supportIn(g, t) {
		return false
	}
	for e, bit := range elementBits {
		name := bit.Names()[0]
		if g.NoSupportFor == name && t.supporters[e] > 0 || g.NotIndicated == name && states[e] == Indicated {
			return false
		}
	}
	return true
}

// supportIn: something that weighs lies in one of the trigger's phases or dimensions.
func (a *Assessor) supportIn(g *indicators.Trigger, t *tally) bool {
	for i := range a.indicators {
		one := &a.indicators[i]
		if !t.present[i] || one.weight(t.child) <= indicators.None || one.elements == 0 {
			continue
		}
		if slices.Contains(g.SupportIn, one.phase) {
			return true
		}
		if one.dimension >= 0 && slices.Contains(g.SupportOf, a.frameworks[one.framework].ID+"/"+one.Dimension) {
			return true
		}
	}
	return false
}
