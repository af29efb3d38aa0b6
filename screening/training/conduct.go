package training

import (
	"slices"
	"strings"

	"tipscreen/screening"
)

// events: what happened was reacted to, and in time.
func (m *marker) events() {
	for _, f := range m.run.Fired {
		e := m.s.event(f.Event)
		if e == nil {
			continue // the scenario was changed since
		}
		switch since := sinceFired(m.run.Events, f, e); {
		case since.reacted && since.before <= max(e.Within, 1):
			m.keep("event", "event.reacted", e.ID, 4, 4, f.Seq+1)
		case since.reacted:
			m.keep("event", "event.late", e.ID, 2, 4, f.Seq+1)
		default:
			m.keep("event", "event.missed", e.ID, 0, 4, f.Seq+1)
		}
	}
}

// stops: the reason of a stop is what happened, and nobody stops without one.
func (m *marker) stops() {
	for at, e := range m.run.Events {
		if e.Kind != screening.Stopped || settling(e.Step) {
			continue
		}
		called, reasons := false, []string(nil)
		for _, f := range m.run.Fired {
			event := m.s.event(f.Event)
			if event == nil || f.Seq > at || !reacts(e, event) {
				continue
			}
			called = true
			for _, word := range event.React {
				if reason := stopReason(word); reason != "" {
					reasons = append(reasons, reason)
				}
			}
		}
		switch {
		case !called && e.Value == screening.StopLater:
			m.keep("later", "later.unneeded", "", 0, 2, e.Seq)
		case !called:
			m.keep("event", "stop.early", "", 0, 3, e.Seq)
		case slices.Contains(reasons, e.Value):
			m.keep("event", "stop.reason", "", 1, 1, e.Seq)
		case len(reasons) > 0:
			m.keep("event", "stop.reason_other", "", 0, 1, e.Seq)
		}
	}
}

// settling tells whether a prompt comes when nothing is asked any more.
func settling(step string) bool {
	return strings.HasPrefix(step, "closing.") || strings.HasPrefix(step, "after.")
}

// closing: it was said what happens next, and the person had the last word.
func (m *marker) closing() {
	asked := false
	for step, at := range ordered(m.last) {
		question, ok := strings.CutPrefix(step, "closing.")
		if !ok {
			continue
		}
		asked = true
		m.closed(question, m.run.Events[at])
	}
	for _, e := range m.run.Events {
		if e.Kind == screening.Stopped && strings.HasPrefix(e.Step, "closing.") {
			m.keep("closing", "closing.broken_off", "", 0, 4, e.Seq)
			return
		}
	}
	if asked {
		m.keep("closing", "closing.whole", "", 4, 4, 0)
	}
}

// closed marks one closing question.
func (m *marker) closed(question string, e screening.Event) {
	switch said := m.s.Closing[question] != ""; {
	case question == "needs":
		m.wishes(e)
	case question == "leaflet":
		m.leaflet(e)
	case question == "readback" && e.Value == "right":
		m.keep("closing", "readback.done", "", 2, 2, e.Seq)
	case question == "readback":
		m.keep("closing", "readback.left_out", "", 0, 2, e.Seq)
	case question == "child_protection" && e.Value == "told":
		m.keep("child", "child_protection.told", "", 4, 4, e.Seq)
	case question == "child_protection":
		m.keep("child", "child_protection.not_yet", "", 0, 4, e.Seq)
	case strings.Contains(question, "."): // why something is not yet done
	case e.Value != "skipped":
		m.keep("closing", "closing.done", question, 1, 1, e.Seq)
	case said:
		m.keep("closing", "closing.unheard", question, 0, 1, e.Seq)
	}
}

// wishes: each need that the person names at the end is one that somebody has to see to.
func (m *marker) wishes(e screening.Event) {
	marked := strings.Split(e.Value, ",")
	heard := 0
	for _, wish := range m.s.Wishes {
		if slices.Contains(marked, wish) {
			heard++
		}
	}
	switch {
	case e.Value == "skipped":
		m.keep("closing", "wishes.left_out", "", 0, 2, e.Seq)
	case heard == len(m.s.Wishes): // more than was named does no harm
		m.keep("closing", "wishes.heard", "", 2, 2, e.Seq)
	default:
		m.keep("closing", "wishes.part", "", min(heard, 1), 2, e.Seq)
	}
}

// leaflet: a paper in a bag can give somebody away.
func (m *marker) leaflet(e screening.Event) {
	switch {
	case e.Value == m.s.leaflet():
		m.keep("closing", "leaflet.right", "", 1, 1, e.Seq)
	case e.Value == "safe":
		m.keep("closing", "leaflet.unsafe", "", 0, 3, e.Seq)
	case e.Value == "skipped":
		m.keep("closing", "leaflet.unasked", "", 0, 1, e.Seq)
	default:
		m.keep("closing", "leaflet.not_given", "", 0, 1, e.Seq)
	}
}

// after: penalties that have to wait are not let go, and what the trainee wanted to do beyond the result is done.
func (m *marker) after() {
	if at, ok := m.last["after.hold"]; ok {
		if e := m.run.Events[at]; e.Value == "waits" {
			m.keep("hold", "hold.kept", "", 2, 2, e.Seq)
		} else {
			m.keep("hold", "hold.lowered", "", 0, 6, e.Seq)
		}
	}
	at, ok := m.last["after.raise"]
	words := Outcomes()
	if !ok || slices.Index(words, m.run.Decision.Outcome) <= slices.Index(words, m.run.Led.Outcome) {
		return
	}
	if e := m.run.Events[at]; e.Value == "as_it_is" {
		m.keep("decision", "raise.dropped", "", 0, 1, e.Seq)
	} else {
		m.keep("decision", "raise.kept", "", 1, 1, e.Seq)
	}
}
