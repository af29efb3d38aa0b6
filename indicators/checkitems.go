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
