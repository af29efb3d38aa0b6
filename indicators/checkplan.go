package indicators

import (
	"slices"
	"strings"
)

// askable lists what a gate may check, a consent may ask for and a closing may say; package screening has the code.
var askable = map[StepKind][]string{
	Gate:    {"briefing", "room", "ready", "privacy", "alone", "needs", "raid", "choice", "interpreter", "age", "age_basis", "support", "setting", "custody", "basis", "earlier"},
	Consent: {"opening", "both", "talk", "record", "points", "identity", "share", "investigation", "statistics", "recontact", "consular"},
	Closing: {"more", "needs", "name", "contact", "leaflet", "child_protection", "best_interests", "readback", "next", "topic"},
	After:   {"heard", "seen", "inferred", "raise", "hold", "penalties"},
}

// asksInOrder: the limits of confidentiality and the rights come before the first consent, the consent to talk before the
// one to record, and that before what may happen with the record (PR10, PR12).
func (p *planChecker) asksInOrder(step Step, line int) {
	if step.Kind != Consent {
		return
	}
	last := -1
	for _, word := range step.Asks {
		at := min(slices.Index([]string{"opening", "both", "talk", "record"}, word), 4)
		if at < 0 {
			at = 4
		}
		if at < last {
			p.doc.report(line, "order: opening, both, talk, record, then the others", "%q comes too late in the step %q", word, step.ID)
		}
		last = max(last, at)
	}
}

// mustAsk lists what a step may not leave out: who else is near, who interprets and how old the person is; in private
// also whether the place is private, without which sensitive items stay closed, what the person needs first, and whether
// rights and a lawyer come first; who we are and what rights the person has, and what happens next; the two first
// consents; and that an official may raise what follows and must give a reason for not waiting with penalties.
func (p *planChecker) mustAsk(kind StepKind) []string {
	switch {
	case kind == Gate && p.plan.Setting == "private":
		return []string{"privacy", "alone", "needs", "interpreter", "age", "custody"}
	case kind == Gate:
		return []string{"alone", "interpreter", "age"}
	case kind == Consent && p.plan.Setting == "private":
		return []string{"opening", "talk", "record"}
	case kind == Consent:
		return []string{"talk", "record"}
	case kind == Closing && p.plan.Setting == "private":
		return []string{"child_protection", "next"}
	case kind == After:
		return []string{"raise", "hold"}
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
	p.topics()
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

// topics may be put in any order by the person, so the first and the last items step, which begin and end with something
// neutral, are none.
func (p *planChecker) topics() {
	var items []Step
	for _, step := range p.plan.Steps {
		if step.Kind == Items {
			items = append(items, step)
		} else if step.Topic || step.Adults {
			p.doc.report(p.doc.line(step.ID, step.ID), "mark only items steps as topic or adults", "the step %q is no items step", step.ID)
		}
		for _, word := range step.Shift {
			if !slices.Contains(step.Asks, word) || word == "age" {
				p.doc.report(p.doc.line(step.ID, "once_per_shift"), "name checks that the step asks, never age", "the step %q keeps %q for a shift", step.ID, word)
			}
		}
	}
	for at, step := range items {
		if step.Topic && (at == 0 || at == len(items)-1) {
			p.doc.report(p.doc.line(step.ID, step.ID), "put a step that is no topic first and last", "the topic %q is the first or the last items step", step.ID)
		}
	}
}

// order demands the gate first, then consent, the open invitation before any item, the closing, and what the official
// settles alone last.
func (p *planChecker) order() {
	seen, ids := map[StepKind]int{}, map[string]bool{}
	for at, step := range p.plan.Steps {
		line := p.doc.line(step.ID, step.ID)
		need(p.doc, step.ID, "kind", step.Kind, []StepKind{Gate, Consent, Open, Items, Closing, After})
		unique(p.doc, ids, step.ID, "step")
		seen[step.Kind]++
		if seen[step.Kind] > 1 && step.Kind != Items {
			p.doc.report(line, "keep one", "a second %s step", step.Kind)
		}
		wrong := step.Kind == Gate && at != 0 ||
			step.Kind == Consent && seen[Gate] == 0 ||
			step.Kind == Open && (seen[Consent] == 0 || seen[Items] > 0) ||
			step.Kind == Items && (seen[Consent] == 0 || p.plan.Setting == "private" && seen[Open] == 0) ||
			step.Kind == Closing && at != len(p.plan.Steps)-1 && p.plan.Steps[at+1].Kind != After ||
			step.Kind == After && at != len(p.plan.Steps)-1
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
			p.doc.report(line, "order: gate, consent, open invitation (in private), items, closing, after", "the step %q comes at the wrong place", step.ID)
		}
		// At a counter the closing may be what the result page says to the person, with no prompt of its own.
		told := step.Kind == Closing && p.plan.Setting == "counter"
		if step.Kind != Open && step.Kind != Items && !told && len(step.Asks) == 0 {
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
	if p.plan.Setting == "private" && seen[After] == 0 {
		p.doc.report(1, "add one", "the private plan %q has no after step", p.plan.ID)
	}
}
