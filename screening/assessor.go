package screening

import (
	"maps"
	"slices"

	"tipscreen/indicators"
)

// Assessor holds the data in a form that can be assessed quickly. Once made it is not changed; any number of goroutines
// may share it.
type Assessor struct {
	data       *indicators.Data
	keys       []key // every item, then every indicator as an item of its own
	byID       map[string]int
	items      int // how many of keys are items
	indicators []indicator
	dimensions []dimension
	frameworks []framework
	flags      []*indicators.Flag
	paths      map[string][]pathStep
	versions   map[string]string
}

// key is something that can be answered.
type key struct {
	id       string
	item     *indicators.Item // nil: framework/indicator
	yesNo    bool
	evidence []int // indexes of indicators
	// never: not relevant for gaps whatever the plan (sealed, or only disclosed).
	never, sealed bool
	// dependents: other items ask for this one, so answering it may change the path.
	dependents bool
}

type indicator struct {
	*indicators.Indicator
	ref       string
	framework int
	dimension int // -1: none
	elements  indicators.Elements
	phase     string
	control   bool // marked control itself, or in a dimension so marked
	floor     Outcome
	strongest indicators.Strength // the stronger of the two sets: it is what counts for elements
	flag      int                 // index of the flag that it carries, -1: none
}

type dimension struct {
	*indicators.Dimension
	framework int
	elements  indicators.Elements
}

type framework struct {
	*indicators.Framework
	dimensions []int // indexes, in the order of the framework
	first      int   // its indicators are first .. first+len(Indicators)
}

// pathStep is an item of a plan, in order, with its condition resolved.
type pathStep struct {
	key   int
	all   bool
	terms []pathTerm
}

type pathTerm struct {
	key int
	is  [Given + 1]bool
}

// NewAssessor prepares the data, which indicators.Load has checked.
func NewAssessor(data *indicators.Data) *Assessor {
	a := &Assessor{data: data, byID: map[string]int{}, flags: data.Flags, paths: map[string][]pathStep{}, versions: map[string]string{}}
	maps.Copy(a.versions, data.Digests)
	refs := map[string]int{}
	for f, fw := range data.Frameworks {
		a.addFramework(f, fw, refs)
	}
	for _, item := range data.Items {
		k := key{id: item.ID, item: item, yesNo: item.Kind == indicators.YesNo, never: item.Sealed() || item.DisclosureOnly(), sealed: item.Sealed()}
		for _, ref := range item.Evidences {
			k.evidence = append(k.evidence, refs[ref])
		}
		a.byID[item.ID] = len(a.keys)
		a.keys = append(a.keys, k)
	}
	a.items = len(a.keys)
	for i := range a.indicators {
		a.byID[a.indicators[i].ref] = len(a.keys)
		sealed := a.indicators[i].Sealed()
		a.keys = append(a.keys, key{id: a.indicators[i].ref, yesNo: true, evidence: []int{i}, never: sealed || a.indicators[i].OnlyDisclosed(), sealed: sealed})
	}
	for _, plan := range data.Plans {
		a.paths[plan.ID] = a.path(plan)
	}
	return a
}

func (a *Assessor) addFramework(f int, fw *indicators.Framework, refs map[string]int) {
	compiled := framework{Framework: fw, first: len(a.indicators)}
	for d := range fw.Dimensions {
		elements, _ := fw.Dimensions[d].Elements.Bits()
		compiled.dimensions = append(compiled.dimensions, len(a.dimensions))
		a.dimensions = append(a.dimensions, dimension{&fw.Dimensions[d], f, elements & indicators.Trafficking})
	}
	for i := range fw.Indicators {
		source := &fw.Indicators[i]
		one := indicator{
			Indicator: source, ref: fw.ID + "/" + source.ID, framework: f, dimension: -1, flag: -1, control: source.Control,
			elements: fw.ElementsOf(source) & indicators.Trafficking, phase: fw.PhaseOf(source), strongest: max(source.For(false), source.For(true)),
		}
		for _, d := range compiled.dimensions {
			if a.dimensions[d].ID == source.Dimension {
				one.dimension = d
				one.control = one.control || a.dimensions[d].Control
			}
		}
		for at, flag := range a.flags {
			if flag.ID == source.Flag {
				one.flag = at
			}
		}
		if source.Floor != "" {
			_ = one.floor.UnmarshalText([]byte(source.Floor)) // Load has checked the word
		}
		refs[one.ref] = len(a.indicators)
		a.indicators = append(a.indicators, one)
	}
	a.frameworks = append(a.frameworks, compiled)
}

func (a *Assessor) path(plan *indicators.Plan) []pathStep {
	var path []pathStep
	for _, step := range plan.Steps {
		for _, item := range a.data.Sequence(step) {
			s := pathStep{key: a.byID[item.ID], all: item.AskIf != nil && len(item.AskIf.All) > 0}
			for _, term := range item.AskIf.Terms() {
				t := pathTerm{key: a.byID[term.Item]}
				a.keys[t.key].dependents = true
				for _, word := range term.Is {
					value, _ := ParseValue(word) // Load has checked the word
					t.is[value] = true
				}
				s.terms = append(s.terms, t)
			}
			path = append(path, s)
		}
	}
	return path
}

// AddVersion names one more thing that a result depends on, as the program itself. It is for the time before the first
// assessment; the results share the list.
func (a *Assessor) AddVersion(name, version string) { a.versions[name] = version }

// answers is a case with its answers at the places of the keys.
type answers struct {
	value   []Value
	offered []bool
	// onPath: the item's answer counts and, if the plan has it, its gap counts.
	counts   []bool
	relevant []bool
}

func (a *Assessor) place(c *Case) *answers {
	n := len(a.keys)
	flags := make([]bool, 3*n)
	p := &answers{value: make([]Value, n), offered: flags[:n:n], counts: flags[n : 2*n : 2*n], relevant: flags[2*n:]}
	for id, answer := range c.Answers {
		if at, ok := a.byID[id]; ok {
			p.value[at] = answer.Value
			p.offered[at] = answer.offered()
		}
	}
	a.walk(c, p)
	return p
}

// walk finds which answers count and which items are relevant. Without a plan that is the whole bank. With a plan, an
// item that the plan would not ask does not count (unless the fact was offered), and one that is not in the plan counts
// when it is answered but is no gap.
func (a *Assessor) walk(c *Case, p *answers) {
	path, planned := a.paths[c.Plan]
	for at := range a.keys {
		k := &a.keys[at]
		p.counts[at] = true
		p.relevant[at] = at < a.items && !planned && k.yesNo && !k.never && !a.belowAge(c, k)
		if at >= a.items && p.value[at] != 0 {
			p.relevant[at] = !k.never
		}
	}
	if !planned {
		return
	}
	for _, step := range path {
		open := p.offered[step.key] || step.open(p)
		k := &a.keys[step.key]
		p.counts[step.key] = open
		p.relevant[step.key] = open && k.yesNo && !k.never && !a.belowAge(c, k)
	}
}

func (s *pathStep) open(p *answers) bool {
	for _, t := range s.terms {
		value := p.value[t.key]
		if value == 0 {
			value = NotAsked
		}
		holds := p.counts[t.key] && t.is[value]
		if holds != s.all {
			return holds // any: one that holds is enough; all: one that does not is too many
		}
	}
	return s.all || len(s.terms) == 0
}

// belowAge: an item for older people is never a gap of a child's interview; an unsure age is treated as a child's.
func (a *Assessor) belowAge(c *Case, k *key) bool {
	return c.Age.child() && k.item.MinAge > 0
}

// OnPath lists which items of the plan would be asked, given the answers so far, in order.
func (a *Assessor) OnPath(c *Case) []string {
	p := a.place(c)
	var ids []string
	for _, step := range a.paths[c.Plan] {
		if p.counts[step.key] {
			ids = append(ids, a.keys[step.key].id)
		}
	}
	return slices.Clip(ids)
}
