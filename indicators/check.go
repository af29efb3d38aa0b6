package indicators

import (
	"reflect"
	"slices"
	"strings"
)

var (
	ways         = []string{"ask", "observe", "document", "disclosure_only", "sealed"}
	kinds        = []Kind{YesNo, Choice, Text, Date, Number}
	settings     = []string{"counter", "private"}
	compartments = []string{"protection", "identity", "investigation", "allegation"}
	values       = []string{"yes", "no", "unclear", "unknown", "declined", "not_asked"}
	outcomes     = []string{"no_signs_so_far", "not_enough_known", "talk_further", "refer_now"}
	ages         = []string{"adult", "child", "unsure"}
)

// checker holds the data against the rules that one file alone cannot show. It reports into the loader's problems.
type checker struct {
	data   *Data
	loader *loader
	// where each item is defined
	itemDocs map[string]*document
	// how many items evidence an indicator
	evidenced map[string]int
}

func (c *checker) check() {
	c.itemDocs = map[string]*document{}
	c.evidenced = map[string]int{}
	ids := map[string]bool{}
	for _, s := range c.loader.frameworks {
		c.framework(s.doc, s.framework, ids)
	}
	for _, s := range c.loader.items {
		for _, item := range s.items {
			if c.itemDocs[item.ID] != nil {
				s.doc.report(s.doc.line(item.ID, item.ID), "give each item an id of its own", "the item %q is already defined", item.ID)
				continue
			}
			c.itemDocs[item.ID] = s.doc
		}
	}
	for _, s := range c.loader.items {
		for _, item := range s.items {
			c.item(s.doc, item)
		}
	}
	c.cycles()
	for _, s := range c.loader.frameworks {
		c.covered(s.doc, s.framework)
	}
	plans := map[string]bool{}
	for _, s := range c.loader.plans {
		unique(s.doc, plans, s.plan.ID, "plan")
		(&planChecker{checker: c, doc: s.doc, plan: s.plan}).check()
	}
	c.flags()
}

func unique(doc *document, seen map[string]bool, id, what string) {
	if seen[id] {
		doc.report(doc.line(id, id), "give each "+what+" an id of its own", "the %s %q is already defined", what, id)
	}
	seen[id] = true
}

// need reports a missing word, and one that is not among the allowed; allowed may be empty.
func need[T ~string](doc *document, owner, field string, value T, allowed []T) {
	line := doc.line(owner, owner)
	switch {
	case value == "":
		doc.report(line, "add it", "%q has no %s", owner, field)
	case len(allowed) > 0 && !slices.Contains(allowed, value):
		words := make([]string, len(allowed))
		for i, word := range allowed {
			words[i] = string(word)
		}
		doc.report(doc.line(owner, string(value)), "use one of "+strings.Join(words, ", "), "%q has the %s %q", owner, field, value)
	}
}

func (c *checker) framework(doc *document, f *Framework, ids map[string]bool) {
	need(doc, f.ID, "id", f.ID, nil)
	unique(doc, ids, f.ID, "framework")
	need(doc, f.ID, "title", f.Title, nil)
	need(doc, f.ID, "publisher", f.Publisher, nil)
	need(doc, f.ID, "status", f.Status, nil)
	need(doc, f.ID, "source", f.Source, nil)
	if strings.ContainsAny(f.ID, "/ ") {
		doc.report(doc.line(f.ID, f.ID), "use letters, digits and hyphens", "the id %q cannot stand before a slash", f.ID)
	}
	if f.Year == 0 || f.Verified == nil {
		doc.report(doc.line(f.ID, f.ID), "add them", "the framework has no year, or does not say verified_against_source")
	}
	seen := map[string]bool{}
	for _, d := range f.Dimensions {
		unique(doc, seen, d.ID, "dimension")
		need(doc, d.ID, "phase", d.Phase, nil)
		c.elements(doc, d.ID, d.Elements)
		c.counts(doc, d.ID, d.PositiveWhen)
		if len(d.PositiveWhen) == 0 {
			doc.report(doc.line(d.ID, d.ID), "add positive_when", "nothing says when the dimension %q is positive", d.ID)
		}
	}
	c.counts(doc, f.ID, f.ElementsWhen)
	for _, class := range f.Classes {
		unique(doc, seen, class.ID, "class")
		for _, term := range class.When {
			for _, id := range term.AnyOf {
				if _, ok := f.DimensionByID(id); !ok {
					doc.report(doc.line(class.ID, id), "name a dimension of this framework", "the class %q names the unknown dimension %q", class.ID, id)
				}
			}
			if term.Positive == nil || len(term.AnyOf) == 0 {
				doc.report(doc.line(class.ID, class.ID), "give any_of and positive", "a term of the class %q is incomplete", class.ID)
			}
		}
	}
	if len(f.Indicators) == 0 {
		doc.report(1, "list its indicators", "the framework %q has no indicators", f.ID)
	}
	for i := range f.Indicators {
		unique(doc, seen, f.Indicators[i].ID, "indicator")
		c.indicator(doc, f, &f.Indicators[i])
	}
}

func (c *checker) elements(doc *document, owner string, names ElementSet) {
	if _, unknown := names.Bits(); unknown != "" {
		doc.report(doc.line(owner, unknown), "use act, means, purpose, vulnerability or need", "%q names the unknown element %q", owner, unknown)
	}
}

func (c *checker) counts(doc *document, owner string, counts []Count) {
	for _, n := range counts {
		if n.Strong < 0 || n.Medium < 0 || n.Any < 0 || n.Strong+n.Medium+n.Any == 0 {
			doc.report(doc.line(owner, owner), "give at least one number above 0", "a count of %q asks for nothing", owner)
		}
	}
}

func (c *checker) indicator(doc *document, f *Framework, i *Indicator) {
	line := doc.line(i.ID, i.ID)
	need(doc, i.ID, "gloss", i.Gloss, nil)
	need(doc, i.ID, "confidence", i.Confidence, nil)
	need(doc, i.ID, "source", i.Source, nil)
	need(doc, i.ID, "phase", f.PhaseOf(i), nil)
	c.who(doc, i.ID, i.Who)
	c.elements(doc, i.ID, i.Elements)
	if _, ok := f.DimensionByID(i.Dimension); !ok && i.Dimension != "" {
		doc.report(doc.line(i.ID, i.Dimension), "name a dimension of this framework", "%q names the unknown dimension %q", i.ID, i.Dimension)
	}
	if (i.Strength == 0) == (i.Strengths == nil) {
		doc.report(line, "give strength, or strengths with adult and child", "%q has no strength, or has both forms", i.ID)
	}
	if i.CountsFor != "" && i.CountsFor != "child" {
		doc.report(line, "leave it out, or write child", "%q counts for %q", i.ID, i.CountsFor)
	}
	if i.Floor != "" {
		need(doc, i.ID, "floor", i.Floor, outcomes)
	}
	if i.Flag != "" && !c.flagKnown(i.Flag) {
		doc.report(doc.line(i.ID, i.Flag), "use a flag of flags.yaml", "%q sets the unknown flag %q", i.ID, i.Flag)
	}
	if i.Sealed() && (i.Strength != None || i.Flag != "" || i.Floor != "") {
		doc.report(line, "use strength none, without flag and floor", "the sealed indicator %q would be seen in a result", i.ID)
	}
}

func (c *checker) flagKnown(id string) bool {
	return slices.ContainsFunc(c.data.Flags, func(f *Flag) bool { return f.ID == id })
}

func (c *checker) who(doc *document, owner string, who []string) {
	if len(who) == 0 {
		doc.report(doc.line(owner, owner), "say who: ask, observe, document, disclosure_only or sealed", "%q does not say how it may be known", owner)
	}
	for _, way := range who {
		need(doc, owner, "way of knowing", way, ways)
		if (way == "sealed" || way == "disclosure_only") && len(who) > 1 {
			doc.report(doc.line(owner, way), "let it stand alone", "%q cannot be %s and something else", owner, way)
		}
	}
}

// covered demands an item for each indicator, or the reason why there is none.
func (c *checker) covered(doc *document, f *Framework) {
	for i := range f.Indicators {
		indicator := &f.Indicators[i]
		n := c.evidenced[f.ID+"/"+indicator.ID]
		switch {
		case n == 0 && indicator.NoItem == "":
			doc.report(doc.line(indicator.ID, indicator.ID), "let an item evidence it, or say why in no_item", "no item evidences the indicator %q", indicator.ID)
		case n > 0 && indicator.NoItem != "":
			doc.report(doc.line(indicator.ID, indicator.ID), "remove no_item", "the indicator %q has an item after all", indicator.ID)
		}
	}
}

func (c *checker) flags() {
	if c.loader.flags == nil {
		if len(c.data.Frameworks)+len(c.data.Items) > 0 {
			*c.loader.problems = append(*c.loader.problems, Problem{File: "flags.yaml", Line: 1, What: "there is no table of flags", Mend: "add it"})
		}
		return
	}
	doc, seen := c.loader.flags.doc, map[string]bool{}
	for _, flag := range c.data.Flags {
		unique(doc, seen, flag.ID, "flag")
		if len(flag.SetBy) == 0 {
			doc.report(doc.line(flag.ID, flag.ID), "say what sets it", "nothing sets the flag %q", flag.ID)
		}
		for _, t := range flag.SetBy {
			c.trigger(doc, flag.ID, t)
		}
	}
	if !c.flagKnown("hold") {
		doc.report(1, "add it", "there is no flag hold")
		return
	}
	c.mustHold(doc)
	if c.flagKnown("urgent") {
		c.mustSet(doc, "urgent", "a danger", func(t Trigger) bool { return only(t, Trigger{Danger: true}) })
	}
}

// mustHold: each of the four reasons is enough for penalties to wait.
func (c *checker) mustHold(doc *document) {
	c.mustSet(doc, "hold", "a claim", func(t Trigger) bool { return only(t, Trigger{Claim: true}) })
	c.mustSet(doc, "hold", "a child, or an unsure age", func(t Trigger) bool {
		return slices.Contains(t.Age, "child") && slices.Contains(t.Age, "unsure") && only(t, Trigger{Age: t.Age})
	})
	c.mustSet(doc, "hold", "having left a compound", func(t Trigger) bool { return only(t, Trigger{Setting: "left_a_compound"}) })
	c.mustSet(doc, "hold", "any outcome from not_enough_known up", func(t Trigger) bool {
		return t.OutcomeFrom != "" && slices.Index(outcomes, t.OutcomeFrom) <= 1 && only(t, Trigger{OutcomeFrom: t.OutcomeFrom})
	})
}

// only tells whether the trigger asks for nothing else.
func only(t, other Trigger) bool {
	t.Reason = ""
	return reflect.DeepEqual(t, other)
}

// mustSet refuses a table in which a flag that protects could be switched off.
func (c *checker) mustSet(doc *document, flag, what string, sets func(Trigger) bool) {
	for _, f := range c.data.Flags {
		if f.ID == flag && slices.ContainsFunc(f.SetBy, sets) {
			return
		}
	}
	doc.report(doc.line(flag, flag), "add a trigger for it alone", "%s does not set the flag %q", what, flag)
}

func (c *checker) phaseKnown(phase string) bool {
	for _, f := range c.data.Frameworks {
		if slices.ContainsFunc(f.Indicators, func(i Indicator) bool { return f.PhaseOf(&i) == phase }) {
			return true
		}
	}
	return false
}

func (c *checker) trigger(doc *document, flag string, t Trigger) {
	if t.Item != "" {
		if item, ok := c.data.Item(t.Item); !ok || item.Kind != YesNo {
			doc.report(doc.line(flag, t.Item), "name a yes_no item", "the flag %q names the unknown item %q", flag, t.Item)
		}
	}
	for _, phase := range t.SupportIn {
		if !c.phaseKnown(phase) {
			doc.report(doc.line(flag, phase), "name a phase of an indicator", "the flag %q names the unknown phase %q", flag, phase)
		}
	}
	if t.Setting != "" {
		need(doc, flag, "setting", t.Setting, []string{"left_a_compound"})
	}
	for _, age := range t.Age {
		need(doc, flag, "age", age, ages)
	}
	if t.OutcomeFrom != "" {
		need(doc, flag, "outcome", t.OutcomeFrom, outcomes)
	}
	for _, ref := range t.SupportOf {
		framework, dimension, _ := strings.Cut(ref, "/")
		f, ok := c.data.Framework(framework)
		if ok {
			_, ok = f.DimensionByID(dimension)
		}
		if !ok {
			doc.report(doc.line(flag, ref), "name framework/dimension", "the flag %q names the unknown dimension %q", flag, ref)
		}
	}
	for _, element := range []string{t.NoSupportFor, t.NotIndicated} {
		if element != "" {
			c.elements(doc, flag, ElementSet{element})
		}
	}
	if !t.Marked && t.Item == "" && !t.Claim && !t.Danger && len(t.Age)+len(t.SupportIn)+len(t.SupportOf) == 0 && t.Setting == "" && t.OutcomeFrom == "" {
		doc.report(doc.line(flag, flag), "say what sets it", "a trigger of the flag %q asks for nothing", flag)
	}
}
