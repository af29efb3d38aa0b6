package training

import (
	"slices"
	"strconv"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// The weights of what was found and decided, in a hundred. To find what is so weighs more than to add nothing to it.
const (
	weightFound    = 35
	weightSpared   = 15
	weightDecision = 25
	weightLed      = 10
	weightReferral = 10
	weightHold     = 5
)

// findings compares what was marked with what is so, item by item.
func (m *marker) findings() {
	found, facts, spared, asked := 0, 0, 0, 0
	listed := map[string]bool{}
	for step, at := range ordered(m.last) {
		item, ok := m.data.Item(step)
		if !ok || item.Kind != indicators.YesNo {
			continue
		}
		listed[step] = true
		e := m.run.Events[at]
		finding := Finding{Item: step, Marked: e.Value, Right: m.right(item)}
		if f := m.s.fact(step); f != nil && f.Hidden != nil && !holds(m.s, f.Needs, m.run.Events[:at], m.run.Fired) {
			finding.Hidden = true
		}
		m.marks.Findings = append(m.marks.Findings, finding)
		if finding.Right != "yes" {
			asked++
			if e.Value != "yes" {
				spared++
			}
		}
		m.bias(finding, e.Seq)
	}
	for _, item := range m.facts() {
		facts++
		if at, ok := m.last[item.ID]; ok && m.run.Events[at].Value == "yes" {
			found++
		} else if !listed[item.ID] {
			m.marks.Findings = append(m.marks.Findings, Finding{Item: item.ID, Marked: screening.NotAsked.String(), Right: "yes"})
		}
	}
	m.part("found", found, facts, weightFound)
	m.part("spared", spared, asked, weightSpared)
}

// part gives a share of a weight, under other words where something is missing.
func (m *marker) part(id string, n, all, weight int) {
	got := share(weight, n, all)
	if n < all {
		id, got = id+".part", min(got, weight-1)
	}
	m.judge("found", id, "", got, weight)
}

// share is the part of a weight that belongs to n of all; all of it where there is nothing to find.
func share(weight, n, all int) int {
	if all == 0 {
		return weight
	}
	return (weight*n + all/2) / all
}

// right is what a careful official would have marked.
func (m *marker) right(item *indicators.Item) string {
	if slices.Contains(m.told(), item.ID) {
		return "yes"
	}
	return m.s.truth(item)
}

// told are the items that the person brings up without being asked.
func (m *marker) told() []string {
	told := slices.Clone(m.s.Story.Tells)
	for _, f := range m.run.Fired {
		if e := m.s.event(f.Event); e != nil {
			told = append(told, e.Tells...)
		}
	}
	return told
}

// facts are the items that are so: those of the scenario that a careful official comes to, and what is only told.
func (m *marker) facts() []*indicators.Item {
	var items []*indicators.Item
	add := func(id string) {
		if item, ok := m.data.Item(id); ok && item.Kind == indicators.YesNo && !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	reached := m.reached()
	for _, f := range m.s.Facts {
		item, ok := m.data.Item(f.Item)
		lawyer := ok && item.Admits && item.Askable() && m.s.right() == "lawyer"
		if f.Answer == "yes" && f.Preview != "skip" && reached(f.Item) && !lawyer {
			add(f.Item)
		}
	}
	for _, id := range m.told() {
		add(id)
	}
	return items
}

// reached tells which items come before the place where a careful official stops, or where the asking stops by itself. A
// child is not asked what only adults are asked.
func (m *marker) reached() func(item string) bool {
	order, story := m.order()
	end := len(order) + 1
	if m.s.Later != "" {
		end = 0
	}
	if m.s.child() && slices.ContainsFunc(m.s.Story.Tells, m.discloses) {
		end = min(end, story)
	}
	for _, f := range m.run.Fired {
		if e := m.s.event(f.Event); e != nil && m.ends(e) {
			end = min(end, place(order, f.Step))
		}
	}
	return func(item string) bool { return order[item] > 0 && order[item] < end }
}

// ends tells whether nothing more is asked after the best reaction to an event.
func (m *marker) ends(e *Event) bool {
	word, _, _ := strings.Cut(e.React[0], ".")
	switch word {
	case "stop", "later":
		return true
	case "distress":
		return slices.ContainsFunc(e.Signs, func(sign string) bool { return slices.Contains(screening.StopSigns(), sign) })
	}
	return m.s.child() && slices.ContainsFunc(e.Tells, m.discloses)
}

// discloses tells whether a child that tells of an item is asked nothing more.
func (m *marker) discloses(id string) bool {
	item, ok := m.data.Item(id)
	return ok && disclosing(item)
}

// order numbers the steps and items as they come in this run, topics in the order in which they were chosen, and gives
// the place after the open invitation.
func (m *marker) order() (order map[string]int, story int) {
	order = map[string]int{}
	plan, ok := m.data.Plan(m.s.Plan)
	if !ok {
		return order, 0
	}
	steps := slices.Clone(plan.Steps)
	slices.SortStableFunc(steps, func(a, b indicators.Step) int {
		if !a.Topic || !b.Topic {
			return 0
		}
		return m.turn(a.ID) - m.turn(b.ID)
	})
	for _, step := range steps {
		order[step.ID] = len(order) + 1
		if step.Kind == indicators.Open {
			story = len(order) + 1
		}
		if step.Adults && m.s.child() {
			continue
		}
		for _, item := range m.data.Sequence(step) {
			order[item.ID] = len(order) + 1
		}
	}
	return order, story
}

// turn is the number of the choice in which a topic was chosen; the last one just follows.
func (m *marker) turn(topic string) int {
	for step, at := range m.last {
		if n, ok := strings.CutPrefix(step, "topic."); ok && m.run.Events[at].Value == topic {
			number, _ := strconv.Atoi(n) // a run with another number has it as the first choice
			return number
		}
	}
	return len(m.run.Events)
}

// place is where the prompt of an event stands in the order: as an item, or as the step of its name.
func place(order map[string]int, step string) int {
	_, rest, _ := strings.Cut(step, ".")
	for _, id := range []string{step, rest} {
		if order[id] > 0 {
			return order[id]
		}
	}
	return len(order) + 1
}

// bias names a circumstance where a fact that is tied to it was marked lower than what was said.
func (m *marker) bias(f Finding, seq int) {
	fact := m.s.fact(f.Item)
	if fact == nil || fact.Trap == "" || f.Hidden || f.Right != "yes" {
		return
	}
	if f.Marked == "no" {
		m.marks.Bias = append(m.marks.Bias, Bias{fact.Trap, f.Item, seq})
	}
}

// decision compares the next step with the right one. Too little weighs more than too much: somebody who is sent on once
// too often loses an hour.
func (m *marker) decision() {
	words := Outcomes()
	d := m.run.Decision
	m.judge("decision", step(words, d.Outcome, m.s.Expect.Outcome, "decision"), d.Outcome, grade(weightDecision, words, d.Outcome, m.s.Expect.Outcome), weightDecision)
	led := grade(weightLed, words, m.run.Led.Outcome, m.s.Expect.Outcome)
	for _, flag := range m.s.Expect.Flags {
		if !slices.Contains(m.run.Led.Flags, flag) {
			led = led * 2 / 3
		}
	}
	m.judge("decision", step(words, m.run.Led.Outcome, m.s.Expect.Outcome, "led"), m.run.Led.Outcome, led, weightLed)
	referral, got := "referral.other", 0
	switch {
	case slices.Contains(m.s.Expect.Refer, d.Refer):
		referral, got = "referral.right", weightReferral
	case m.s.Expect.Refer[0] == "no_referral" || m.s.Expect.Refer[0] == "further_talk":
		referral, got = "referral.unneeded", weightReferral/2
	case d.Refer == "no_referral":
		referral = "referral.missed"
	}
	m.judge("referral", referral, d.Refer, got, weightReferral)
	switch wanted := m.s.Expect.hold(); {
	case d.Hold == wanted:
		m.judge("hold", "hold.right", "", weightHold, weightHold)
	case wanted:
		m.judge("hold", "hold.missed", "", 0, weightHold)
	default:
		m.judge("hold", "hold.unneeded", "", weightHold-2, weightHold)
	}
	if d.Against != "" {
		m.marks.Bias = append(m.marks.Bias, Bias{Trap: d.Against})
	}
}

// hold: penalties wait from "not enough known" up, and where the scenario sets the flag for another reason.
func (e *Expect) hold() bool {
	return e.Outcome != screening.NoSignsSoFar.String() || slices.Contains(e.Flags, "hold")
}

// step names the words for a difference of outcomes.
func step(words []string, got, right, prefix string) string {
	switch d := slices.Index(words, got) - slices.Index(words, right); {
	case d == 0:
		return prefix + ".right"
	case d < 0:
		return prefix + ".lower"
	}
	return prefix + ".higher"
}

// grade is the part of a weight for an outcome: one step too high costs two fifths, one step too low two thirds, and
// further away more.
func grade(weight int, words []string, got, right string) int {
	switch slices.Index(words, got) - slices.Index(words, right) {
	case 0:
		return weight
	case 1:
		return weight * 3 / 5
	case 2:
		return weight * 2 / 5
	case 3:
		return weight / 5
	case -1:
		return weight / 3
	}
	return 0
}

// disclosing items end the asking of a child.
func disclosing(item *indicators.Item) bool {
	return item.Sensitive() || item.DisclosureOnly() || item.Phase == "exploitation"
}
