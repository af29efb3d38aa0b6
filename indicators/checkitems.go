package indicators

import (
	"slices"
	"strings"
)

func (c *checker) item(doc *document, item *Item) {
	line := doc.line(item.ID, item.ID)
	need(doc, item.ID, "id", item.ID, nil)
	if strings.ContainsAny(item.ID, "/. ") {
		doc.report(line, "use small letters, digits and _", "the id %q could be taken for something else", item.ID)
	}
	need(doc, item.ID, "phase", item.Phase, nil)
	need(doc, item.ID, "kind", item.Kind, kinds)
	need(doc, item.ID, "compartment", item.Compartment, compartments)
	need(doc, item.ID, "setting", item.Setting, settings)
	c.who(doc, item.ID, item.Who)
	if item.Sensitivity == nil || *item.Sensitivity < 0 || *item.Sensitivity > 3 {
		doc.report(line, "give a number from 0 to 3", "%q has no sensitivity", item.ID)
		zero := 0
		item.Sensitivity = &zero
	}
	if *item.Sensitivity >= 1 && item.Setting != "private" {
		doc.report(line, "set it to private", "the sensitive item %q may be asked at a counter", item.ID)
	}
	if (item.Kind == Choice) != (len(item.Options) > 1) || item.Kind != Choice && len(item.Options) > 0 {
		doc.report(line, "give a choice at least two options, and nothing else any", "%q has %d options", item.ID, len(item.Options))
	}
	if item.Kind != YesNo && len(item.Evidences) > 0 {
		doc.report(line, "make it a yes_no item", "%q is evidence but has no yes", item.ID)
	}
	if item.Sealed() != (item.Compartment == "allegation") {
		doc.report(line, "keep sealed items, and only those, in the compartment allegation", "%q is in the compartment %q", item.ID, item.Compartment)
	}
	c.evidences(doc, item)
	c.condition(doc, item)
	for _, id := range item.FollowUps {
		c.followUp(doc, item, id)
	}
}

func (c *checker) evidences(doc *document, item *Item) {
	elements := map[string]Elements{}
	for n, ref := range item.Evidences {
		line := doc.line(item.ID, ref)
		if slices.Contains(item.Evidences[:n], ref) {
			doc.report(line, "name it once", "%q evidences %q twice", item.ID, ref)
			continue
		}
		f, indicator, ok := c.data.Indicator(ref)
		if !ok {
			doc.report(line, "name framework/indicator", "%q evidences the unknown indicator %q", item.ID, ref)
			continue
		}
		c.evidenced[ref]++
		if indicator.Sealed() != item.Sealed() || indicator.OnlyDisclosed() != item.DisclosureOnly() {
			doc.report(line, "give both the same way of knowing", "%q and %q differ in who may know it", item.ID, ref)
		}
		mine := f.ElementsOf(indicator) & Trafficking
		if elements[f.ID]&mine != 0 {
			doc.report(line, "keep one of the two, or split the item", "%q would count twice for the same element of %q", item.ID, f.ID)
		}
		elements[f.ID] |= mine
	}
}

func (c *checker) condition(doc *document, item *Item) {
	if item.AskIf == nil {
		return
	}
	if (len(item.AskIf.All) == 0) == (len(item.AskIf.Any) == 0) {
		doc.report(doc.line(item.ID, "ask_if"), "use all or any", "the condition of %q has both, or neither", item.ID)
	}
	for _, term := range item.AskIf.Terms() {
		line := doc.line(item.ID, term.Item)
		earlier, ok := c.data.Item(term.Item)
		if !ok {
			doc.report(line, "name an item of the bank", "%q asks for the unknown item %q", item.ID, term.Item)
		} else if earlier.Kind != YesNo {
			doc.report(line, "ask for a yes_no item", "%q asks for %q, which has no yes", item.ID, term.Item)
		}
		if !slices.Contains(term.Is, "yes") {
			doc.report(line, "add yes: one more yes must never take an item away", "%q is not asked after a yes to %q", item.ID, term.Item)
		}
		if slices.Contains(term.Is, "no") {
			doc.report(line, "remove no: what an answer opens must stay open when a no becomes anything else", "%q is asked after a no to %q", item.ID, term.Item)
		}
		for _, value := range term.Is {
			need(doc, item.ID, "answer", value, values)
		}
	}
}

func (c *checker) followUp(doc *document, item *Item, id string) {
	line := doc.line(item.ID, id)
	next, ok := c.data.Item(id)
	if !ok {
		doc.report(line, "name an item of the bank", "%q is followed by the unknown item %q", item.ID, id)
		return
	}
	if !slices.ContainsFunc(next.AskIf.Terms(), func(t Term) bool { return t.Item == item.ID }) {
		doc.report(line, "let its ask_if name the first", "%q follows %q but does not depend on it", id, item.ID)
	}
}

// cycles finds items that wait for each other, by their conditions or as follow-ups.
func (c *checker) cycles() {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var visit func(id string, path []string)
	visit = func(id string, path []string) {
		item, ok := c.data.Item(id)
		if !ok || state[id] == done {
			return
		}
		path = append(path, id)
		if state[id] == open {
			doc := c.itemDocs[id]
			doc.report(doc.line(id, "ask_if"), "break the circle", "items wait for each other: %s", strings.Join(path[slices.Index(path, id):], " → "))
			return
		}
		state[id] = open
		for _, term := range item.AskIf.Terms() {
			visit(term.Item, path)
		}
		state[id] = done
	}
	for _, item := range c.data.Items {
		visit(item.ID, nil)
	}
}

// askable lists what a gate may check, a consent may ask for and a closing may say; package screening has the code.
var askable = map[StepKind][]string{
	Gate:    {"privacy", "alone", "needs", "interpreter", "age", "setting", "custody"},
	Consent: {"opening", "talk", "record", "identity", "share", "investigation", "statistics", "recontact"},
	Closing: {"more", "name", "contact", "next", "topic"},
}

// asksInOrder: the limits of confidentiality and the rights come before the first consent, the consent to talk before the
// one to record, and that before what may happen with the record (PR10, PR12).
func (p *planChecker) asksInOrder(step Step, line int) {
	if step.Kind != Consent {
		return
	}
	last := -1
	for _, word := range step.Asks {
		at := min(slices.Index(askable[Consent], word), 3)
		if at >= 0 && at < last {
			p.doc.report(line, "order: opening, talk, record, then the others", "%q comes too late in the step %q", word, step.ID)
		}
		last = max(last, at)
	}
}

// mustAsk lists what a step may not leave out: who else is near, who interprets and how old the person is; in private
// also whether the place is private, without which sensitive items stay closed, who we are and what rights the person has,
// and what happens next; and the two first consents.
func (p *planChecker) mustAsk(kind StepKind) []string {
	switch {
	case kind == Gate && p.plan.Setting == "private":
		return []string{"privacy", "alone", "interpreter", "age"}
	case kind == Gate:
		return []string{"alone", "interpreter", "age"}
	case kind == Consent && p.plan.Setting == "private":
		return []string{"opening", "talk", "record"}
	case kind == Consent:
		return []string{"talk", "record"}
	case kind == Closing && p.plan.Setting == "private":
		return []string{"next"}
	}
	return nil
}

// planChecker proves that the order of a plan keeps the protocol (PR01, PR10, PR20, PR26, PR41 of the protocol's list).
type planChecker struct {
	*checker
	doc  *document
	plan *Plan
}

func (p *planChecker) check() {
	need(p.doc, p.plan.ID, "id", p.plan.ID, nil)
	need(p.doc, p.plan.ID, "setting", p.plan.Setting, settings)
	p.order()
	asked, running, begun, last := map[string]bool{}, 0, false, (*Item)(nil)
	for _, step := range p.plan.Steps {
		if (step.Kind == Items) != (len(step.Items) > 0) {
			p.doc.report(p.doc.line(step.ID, step.ID), "list items in an items step, and only there", "the step %q has %d items", step.ID, len(step.Items))
		}
		for n, id := range step.Items {
			if slices.Contains(step.Items[:n], id) {
				p.doc.report(p.doc.line(step.ID, id), "list it once", "the item %q comes twice", id)
			}
			if _, ok := p.data.Item(id); !ok {
				p.doc.report(p.doc.line(step.ID, id), "name an item of the bank", "the step %q lists the unknown item %q", step.ID, id)
			}
		}
		for _, item := range p.data.Sequence(step) {
			p.item(step, item, asked)
			if item.Observable() || item.DisclosureOnly() {
				continue
			}
			if running = sensitiveRun(running, item); running > 2 {
				p.doc.report(p.line(step, item), "put a neutral item without ask_if between", "more than two sensitive items could run together at %q", item.ID)
			}
			if !begun && item.Sensitive() {
				p.doc.report(p.line(step, item), "begin with a neutral item that is always asked", "the first item %q is sensitive", item.ID)
			}
			begun = begun || item.Sensitive() || always(item)
			if *item.Sensitivity > 0 {
				last = item
			} else if always(item) {
				last = nil
			}
		}
	}
	if last != nil {
		p.doc.report(p.doc.line(p.plan.ID, last.ID), "end with an item of sensitivity 0", "the last item %q is not neutral", last.ID)
	}
}

// sensitiveRun counts sensitive items in a row; only a neutral item that is always asked ends a run for certain.
func sensitiveRun(running int, item *Item) int {
	switch {
	case item.Sensitive():
		return running + 1
	case always(item):
		return 0
	}
	return running
}

// always: every person hears it, whatever was answered and however old.
func always(item *Item) bool { return item.AskIf == nil && item.MinAge == 0 }

func (p *planChecker) line(step Step, item *Item) int {
	return p.doc.line(step.ID, item.ID)
}

func (p *planChecker) item(step Step, item *Item, asked map[string]bool) {
	line := p.line(step, item)
	if asked[item.ID] {
		p.doc.report(line, "list it once", "the item %q comes twice", item.ID)
	}
	asked[item.ID] = true
	if item.Sealed() {
		p.doc.report(line, "remove it", "the sealed item %q would be seen by an official", item.ID)
	}
	if p.plan.Setting == "counter" && item.Setting != "counter" {
		p.doc.report(line, "remove it, or ask it in private", "the item %q may not be asked at a counter", item.ID)
	}
	for _, term := range item.AskIf.Terms() {
		if !asked[term.Item] {
			p.doc.report(line, "put the other before it", "%q can never be asked: %q does not come before it", item.ID, term.Item)
		}
	}
}

// order demands the gate first, then consent, the open invitation before any item, and the closing last.
func (p *planChecker) order() {
	seen, ids := map[StepKind]int{}, map[string]bool{}
	for at, step := range p.plan.Steps {
		line := p.doc.line(step.ID, step.ID)
		need(p.doc, step.ID, "kind", step.Kind, []StepKind{Gate, Consent, Open, Items, Closing})
		unique(p.doc, ids, step.ID, "step")
		seen[step.Kind]++
		if seen[step.Kind] > 1 && step.Kind != Items {
			p.doc.report(line, "keep one", "a second %s step", step.Kind)
		}
		wrong := step.Kind == Gate && at != 0 ||
			step.Kind == Consent && seen[Gate] == 0 ||
			step.Kind == Open && (seen[Consent] == 0 || seen[Items] > 0) ||
			step.Kind == Items && (seen[Consent] == 0 || p.plan.Setting == "private" && seen[Open] == 0) ||
			step.Kind == Closing && at != len(p.plan.Steps)-1
		for _, word := range step.Asks {
			if !slices.Contains(askable[step.Kind], word) {
				p.doc.report(p.doc.line(step.ID, word), "use one of "+strings.Join(askable[step.Kind], ", "), "the step %q asks for %q", step.ID, word)
			}
		}
		for _, word := range p.mustAsk(step.Kind) {
			if len(step.Asks) > 0 && !slices.Contains(step.Asks, word) {
				p.doc.report(line, "add "+word, "the step %q does not ask for %q", step.ID, word)
			}
		}
		p.asksInOrder(step, line)
		if wrong {
			p.doc.report(line, "order: gate, consent, open invitation (in private), items, closing", "the step %q comes at the wrong place", step.ID)
		}
		if (step.Kind == Gate || step.Kind == Consent || step.Kind == Closing) && len(step.Asks) == 0 {
			p.doc.report(line, "list what it asks", "the step %q asks nothing", step.ID)
		}
	}
	for _, kind := range []StepKind{Gate, Consent, Items, Closing} {
		if seen[kind] == 0 {
			p.doc.report(1, "add one", "the plan %q has no %s step", p.plan.ID, kind)
		}
	}
	if p.plan.Setting == "private" && seen[Open] == 0 {
		p.doc.report(1, "add one", "the private plan %q has no open invitation", p.plan.ID)
	}
}
