package training

import (
	"fmt"
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// Marks are what came of a run: how the protocol was kept, apart from what was found and decided.
type Marks struct {
	Fidelity Score `json:"fidelity"`
	Accuracy Score `json:"accuracy"`
	// Bias names the circumstances that were held against the person.
	Bias []Bias `json:"bias"`
	// Findings holds, for each item that was marked or is a fact of the scenario, what was marked and what is so.
	Findings []Finding `json:"findings"`
}

// Score is points of what could be had.
type Score struct {
	Percent int     `json:"percent"`
	Points  []Point `json:"points"`
}

// Point is one thing that was marked.
type Point struct {
	// ID names the words: training.point.ID, and the source in Source.
	ID string `json:"id"`
	// About is a check, a layer, an item, an event of the scenario or an outcome.
	About string `json:"about,omitempty"`
	Got   int    `json:"got"`
	Of    int    `json:"of"`
	// Seq is the event of the interview that decided; 0: something that did not happen.
	Seq    int    `json:"seq,omitempty"`
	Source string `json:"source"`
}

// Bias is a circumstance that was held against the person, with the item at which it showed, or without one where the
// trainee named it.
type Bias struct {
	Trap string `json:"trap"`
	Item string `json:"item,omitempty"`
	Seq  int    `json:"seq,omitempty"`
}

// Finding is one item.
type Finding struct {
	Item   string `json:"item"`
	Marked string `json:"marked"`
	Right  string `json:"right"`
	// Hidden: the person would have said more in other circumstances.
	Hidden bool `json:"hidden,omitempty"`
}

// sources say where a mark comes from: the public texts behind the protocol.
var sources = map[string]string{
	"gate":      "WHO, Ethical and safety recommendations for interviewing trafficked women (2003), 1 and 6: do no harm, prepare",
	"override":  "WHO (2003), 1: do no harm; OSCE, National Referral Mechanisms handbook (2022)",
	"consent":   "WHO (2003), 5 and 6: informed consent, confidentiality; IOM Data Protection Manual, principle 5",
	"open":      "UNODC Anti-human trafficking manual, module 8: free recall before questions; Principles on Effective Interviewing (Méndez Principles, 2021), 2",
	"sensitive": "WHO (2003), 8: do not re-traumatise a person",
	"event":     "WHO (2003), 2 and 9: assess the risk, be ready to act",
	"closing":   "Principles on Effective Interviewing (2021), 2: closure; UNODC manual, module 8",
	"found":     "ILO and European Commission, Operational indicators of trafficking in human beings (2009)",
	"decision":  "UN Trafficking Protocol (2000), art. 3; OHCHR, Recommended Principles and Guidelines (2002), guideline 2: swift identification",
	"hold":      "ASEAN Guideline on non-punishment (2025); OHCHR Recommended Principles, principle 7",
	"referral":  "OSCE, National Referral Mechanisms handbook (2022); OHCHR Recommended Principles, principle 8",
}

// Mark marks a run by its scenario. It needs the items of the data, and no clock: the same run has the same marks.
func Mark(data *indicators.Data, s *Scenario, run *Run) (*Marks, error) {
	if run.Scenario != s.ID {
		return nil, fmt.Errorf("the run is of the scenario %s and not of %s", run.Scenario, s.ID)
	}
	m := &marker{data: data, s: s, run: run, marks: &Marks{Bias: []Bias{}, Findings: []Finding{}}}
	m.last = map[string]int{}
	for at, e := range run.Events {
		if e.Kind == screening.Answered {
			m.last[e.Step] = at
		}
	}
	m.protocol()
	m.findings()
	m.decision()
	m.marks.Fidelity.Percent, m.marks.Accuracy.Percent = percent(m.marks.Fidelity.Points), percent(m.marks.Accuracy.Points)
	return m.marks, nil
}

func percent(points []Point) int {
	got, of := 0, 0
	for _, p := range points {
		got, of = got+p.Got, of+p.Of
	}
	if of == 0 {
		return 100
	}
	return (100*got + of/2) / of
}

type marker struct {
	data  *indicators.Data
	s     *Scenario
	run   *Run
	marks *Marks
	last  map[string]int // index of the last answer to each prompt
}

func (m *marker) keep(source, id, about string, got, of, seq int) {
	m.marks.Fidelity.Points = append(m.marks.Fidelity.Points, Point{id, about, got, of, seq, sources[source]})
}

func (m *marker) judge(source, id, about string, got, of int) {
	m.marks.Accuracy.Points = append(m.marks.Accuracy.Points, Point{ID: id, About: about, Got: got, Of: of, Source: sources[source]})
}

// protocol marks phase by phase. It goes by the kinds of events and the beginnings of step ids, so that a check that is
// added to a plan needs nothing here.
func (m *marker) protocol() {
	m.gate()
	m.consent()
	m.opening()
	m.sensitive()
	m.events()
	m.closing()
}

// gate: what was there was seen, and what was not in order was put right and not passed over.
func (m *marker) gate() {
	asked := map[string]int{}
	for _, e := range m.run.Events {
		check, ok := strings.CutPrefix(e.Step, "gate.")
		if !ok || e.Kind != screening.Answered {
			continue
		}
		name, follow, _ := strings.Cut(check, ".")
		switch {
		case follow == "unmet" && e.Value == "again":
			asked[name]++
		case follow == "unmet" && e.Value == "override":
			m.keep("override", "gate.override", name, 0, 3, e.Seq)
		case follow == "" && len(m.s.Gate[name]) > 0:
			looks := m.s.Gate[name]
			look := looks[min(asked[name], len(looks)-1)]
			if e.Value == look.Answer {
				m.keep("gate", "gate.seen", name, 2, 2, e.Seq)
			} else {
				m.keep("gate", "gate.missed", name, 0, 2, e.Seq)
			}
		}
	}
}

// consent: what was recorded is what the person said.
func (m *marker) consent() {
	for step, at := range ordered(m.last) {
		layer, ok := strings.CutPrefix(step, "consent.")
		if !ok || layer == "opening" {
			continue
		}
		e := m.run.Events[at]
		switch wanted := m.s.consent(layer); {
		case e.Value == wanted:
			m.keep("consent", "consent.kept", layer, 1, 1, e.Seq)
		case e.Value == "yes":
			m.keep("consent", "consent.taken", layer, 0, 3, e.Seq)
		default:
			m.keep("consent", "consent.other", layer, 0, 1, e.Seq)
		}
	}
	if at, ok := m.last["consent.opening"]; ok {
		m.keep("consent", "consent.opened", "", 1, 1, m.run.Events[at].Seq)
	}
}

// ordered goes through the answers in the order in which they were given last.
func ordered(last map[string]int) func(yield func(string, int) bool) {
	return func(yield func(string, int) bool) {
		steps := make([]string, 0, len(last))
		for step := range last {
			steps = append(steps, step)
		}
		slices.SortFunc(steps, func(a, b string) int { return last[a] - last[b] })
		for _, step := range steps {
			if !yield(step, last[step]) {
				return
			}
		}
	}
}

// opening: the person was invited to speak freely before questions that can be answered with yes or no.
func (m *marker) opening() {
	plan, ok := m.data.Plan(m.s.Plan)
	if !ok {
		return
	}
	for _, step := range plan.Steps {
		if step.Kind != indicators.Open || !m.talked() {
			continue
		}
		at, answered := m.last["open."+step.ID]
		if answered && m.run.Events[at].Value == screening.Given.String() {
			m.keep("open", "open.invited", "", 4, 4, m.run.Events[at].Seq)
		} else {
			m.keep("open", "open.skipped", "", 0, 4, 0)
		}
	}
}

// talked tells whether the person agreed to talk in this run.
func (m *marker) talked() bool {
	at, ok := m.last["consent.talk"]
	return ok && m.run.Events[at].Value == "yes"
}

// sensitive: the choice before a hard question was the person's.
func (m *marker) sensitive() {
	for step, at := range ordered(m.last) {
		item, ok := strings.CutPrefix(step, "sensitive.")
		if !ok {
			continue
		}
		e, wish := m.run.Events[at], m.s.wish(item)
		switch {
		case wish == "skip" && e.Value == "ask":
			m.keep("sensitive", "sensitive.pressed", item, 0, 3, e.Seq)
		case wish == "skip":
			m.keep("sensitive", "sensitive.respected", item, 3, 3, e.Seq)
		case m.s.fact(item) != nil && e.Value != "ask":
			m.keep("sensitive", "sensitive.left_out", item, 0, 2, e.Seq)
		case m.s.fact(item) != nil:
			m.keep("sensitive", "sensitive.asked", item, 2, 2, e.Seq)
		}
	}
}

// events: what happened was reacted to, and in time.
func (m *marker) events() {
	for _, f := range m.run.Fired {
		e := m.s.event(f.Event)
		if e == nil {
			continue // the scenario was changed since
		}
		within := e.Within
		if within == 0 {
			within = 1
		}
		answered, reacted := sinceFired(m.run.Events, f, e)
		switch {
		case reacted && answered <= within:
			m.keep("event", "event.reacted", e.ID, 4, 4, f.Seq+1)
		case reacted:
			m.keep("event", "event.late", e.ID, 2, 4, f.Seq+1)
		default:
			m.keep("event", "event.missed", e.ID, 0, 4, f.Seq+1)
		}
	}
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
		e := m.run.Events[at]
		said := m.s.Closing[question] != ""
		switch {
		case e.Value != "skipped":
			m.keep("closing", "closing.done", question, 1, 1, e.Seq)
		case said:
			m.keep("closing", "closing.unheard", question, 0, 1, e.Seq)
		}
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
