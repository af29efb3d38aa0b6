package training

import (
	"maps"
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// protocol marks phase by phase. It goes by the kinds of events and the beginnings of step ids, so that a check that is
// added to a plan needs nothing here.
func (m *marker) protocol() {
	m.gate()
	m.consent()
	m.opening()
	m.topics()
	m.sensitive()
	m.events()
	m.stops()
	m.pace()
	m.closing()
	m.after()
}

// answered goes through the answers to prompts that begin so, in the order in which they were given.
func (m *marker) answered(prefix string) func(yield func(string, screening.Event) bool) {
	return func(yield func(string, screening.Event) bool) {
		for _, e := range m.run.Events {
			rest, ok := strings.CutPrefix(e.Step, prefix)
			if ok && e.Kind == screening.Answered && !yield(rest, e) {
				return
			}
		}
	}
}

// gate: what was there was seen, and what was not in order was put right and not passed over.
func (m *marker) gate() {
	tries, seen, later := map[string]int{}, map[string]bool{}, false
	for check, e := range m.answered("gate.") {
		name, follow, _ := strings.Cut(check, ".")
		seen[check] = true
		list := m.s.Gate[check]
		switch {
		case follow == "unmet":
			later = later || e.Value == "later"
			m.unmet(name, e)
			if e.Value == "again" {
				tries[name]++
			}
		case check == "custody.rights": // marked once, below
		case len(list) > 0 && e.Value == list[min(tries[name], len(list)-1)].Answer:
			m.keep("gate", "gate.seen", check, 2, 2, e.Seq)
		case len(list) > 0:
			m.keep("gate", "gate.missed", check, 0, 2, e.Seq)
		}
	}
	for _, check := range slices.Sorted(maps.Keys(m.s.Gate)) {
		if name, _, detail := strings.Cut(check, "."); detail && seen[name] && !seen[check] {
			m.keep("gate", "gate.left_out", check, 0, 2, 0)
		}
	}
	if at, ok := m.last["gate.custody.rights"]; ok {
		m.keep("rights", "gate.rights", "", 2, 2, m.run.Events[at].Seq)
	}
	if m.s.Later != "" && !later {
		m.keep("later", "later.missed", "", 0, 6, 0)
	}
}

// unmet marks what was done about a check that was not in order.
func (m *marker) unmet(name string, e screening.Event) {
	switch {
	case e.Value == "override":
		m.keep("override", "gate.override", name, 0, 3, e.Seq)
	case e.Value == "later" && m.s.Later != "":
		m.keep("later", "later.right", name, 6, 6, e.Seq)
	case e.Value == "later" || e.Value == "stop" && m.s.Later == "":
		m.keep("later", "later.unneeded", name, 0, 2, e.Seq)
	}
}

// consent: what was recorded is what the person said, and each point about the record was told.
func (m *marker) consent() {
	for step, at := range ordered(m.last) {
		layer, ok := strings.CutPrefix(step, "consent.")
		e := m.run.Events[at]
		switch {
		case !ok || strings.Contains(layer, "."):
		case layer == "opening" || layer == "assent":
			m.keep("consent", "consent.opened", "", 1, 1, e.Seq)
		case layer == "points":
			m.points(e)
		case e.Value == m.s.consent(layer):
			m.keep("consent", "consent.kept", layer, 1, 1, e.Seq)
		case e.Value == "yes":
			m.keep("consent", "consent.taken", layer, 0, 3, e.Seq)
		default:
			m.keep("consent", "consent.other", layer, 0, 1, e.Seq)
		}
	}
}

// points: to leave one out costs a little, as much as to leave all of them out costs more.
func (m *marker) points(e screening.Event) {
	all := screening.ConsentPoints()
	told := 0
	for _, point := range strings.Split(e.Value, ",") {
		if slices.Contains(all, point) {
			told++
		}
	}
	if told == len(all) {
		m.keep("consent", "points.told", "", 2, 2, e.Seq)
		return
	}
	m.keep("consent", "points.part", "", min(told, 1), 2, e.Seq)
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

// topics: the person chose what comes first, and was told of a lawyer before anything that could be used against them.
func (m *marker) topics() {
	plan, ok := m.data.Plan(m.s.Plan)
	if !ok {
		return
	}
	var left []string
	for _, step := range plan.Steps {
		if step.Topic {
			left = append(left, step.ID)
		}
	}
	id, got, seq := "topic.kept", 2, 0
	for _, e := range m.answered("topic.") {
		if e.Value != m.s.nextTopic(left) {
			id, got = "topic.other", 0
		}
		left = slices.DeleteFunc(left, func(topic string) bool { return topic == e.Value })
		seq = e.Seq
	}
	if seq > 0 {
		m.keep("pace", id, "", got, 2, seq)
	}
	for _, e := range m.answered("rights.") {
		switch wish := m.s.right(); {
		case e.Value == wish && wish == "lawyer":
			m.keep("rights", "rights.lawyer", "", 3, 3, e.Seq)
		case e.Value == wish:
			m.keep("rights", "rights.kept", "", 1, 1, e.Seq)
		case wish == "lawyer":
			m.keep("rights", "rights.pressed", "", 0, 3, e.Seq)
		default:
			m.keep("rights", "rights.other", "", 0, 1, e.Seq)
		}
	}
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

// pace: a break that was due was offered as something that one takes, and signs of distress were seen.
func (m *marker) pace() {
	for _, e := range m.answered("rest.") {
		if e.Value == "break" {
			m.keep("pace", "rest.taken", "", 1, 1, e.Seq)
		} else {
			m.keep("pace", "rest.passed", "", 0, 1, e.Seq)
		}
	}
	for _, e := range m.answered("distress.") {
		m.signs(e)
	}
}

// signs compares the signs that were marked with those that were to be seen.
func (m *marker) signs(e screening.Event) {
	var before []Fired
	for _, f := range m.run.Fired {
		if f.Seq < e.Seq {
			before = append(before, f)
		}
	}
	right := signsNow(m.s, m.run.Events, before)
	if len(right) == 0 {
		return
	}
	marked := strings.Split(e.Value, ",")
	seen := 0
	for _, sign := range right {
		if slices.Contains(marked, sign) {
			seen++
		}
	}
	switch {
	case seen == len(right) && len(marked) == seen:
		m.keep("event", "signs.seen", "", 2, 2, e.Seq)
	case seen > 0:
		m.keep("event", "signs.part", "", 1, 2, e.Seq)
	default:
		m.keep("event", "signs.missed", "", 0, 2, e.Seq)
	}
}
