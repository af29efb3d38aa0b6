package training

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tipscreen/screening"
)

// plan gathers what the plan asks; false: there is no such plan.
func (c *checker) plan() bool {
	c.asked, c.steps, c.options = map[string]bool{}, map[string]bool{}, map[string][]string{}
	plan, ok := c.data.Plan(c.s.Plan)
	if !ok {
		c.report(c.s.Plan, "use a plan of indicators list", "the plan %q is not known", c.s.Plan)
		return false
	}
	for _, step := range plan.Steps {
		c.steps[step.ID] = true
		if step.Topic {
			c.topics = append(c.topics, step.ID)
		}
		for _, item := range c.data.Sequence(step) {
			c.asked[item.ID] = true
		}
	}
	for _, p := range screening.AllPrompts(screening.NewSetup(c.data, plan)) {
		for _, option := range append([]string{""}, p.Options...) {
			if !slices.Contains(c.options[p.ID], option) {
				c.options[p.ID] = append(c.options[p.ID], option)
			}
		}
	}
	return true
}

func (c *checker) gate() {
	for _, check := range slices.Sorted(maps.Keys(c.s.Gate)) {
		options, ok := c.options["gate."+check]
		if !ok {
			c.report(check, "use a check of the plan, or a detail of one as needs.food", "the plan does not make the check %q", check)
			continue
		}
		for _, look := range c.s.Gate[check] {
			switch {
			case look.Answer == "" || strings.TrimSpace(look.Scene) == "":
				c.report(check, "give each an answer and a scene", "the check %q is not complete", check)
			case len(options) > 1 && !slices.Contains(options, look.Answer):
				c.report(look.Answer, "use"+strings.Join(options, " "), "the check %q has no reply %q", check, look.Answer)
			}
		}
	}
	for layer, line := range c.s.Consents {
		if !slices.Contains([]string{"yes", "no", "later"}, line.Answer) || line.Said == "" {
			c.report(layer, "answer yes, no or later, and write what is said", "the consent %q is not complete", layer)
		}
	}
}

// wanted checks what the person wants of the talk and at its end.
func (c *checker) wanted() {
	c.words("topic", c.s.Topics, c.topics, false)
	if c.s.Rights != nil && (c.s.Rights.Said == "" || c.s.Rights.Answer != "go_on" && c.s.Rights.Answer != "lawyer") {
		c.report("rights", "answer go_on or lawyer, and write what is said", "what is said about a lawyer is not complete")
	}
	if options, ok := c.options["closing.needs"]; ok {
		c.words("wish", c.s.Wishes, options[1:], false)
	}
	if len(c.s.Wishes) > 0 && strings.TrimSpace(c.s.Closing["needs"]) == "" {
		c.report("wishes", "write what is said, under closing.needs", "nobody hears the wishes at the end")
	}
	for _, question := range slices.Sorted(maps.Keys(c.s.Closing)) {
		if len(c.options["closing."+question]) == 0 {
			c.report(question, "leave it out", "the plan does not ask closing.%s", question)
		}
	}
	if c.s.Leaflet != nil && (c.s.Leaflet.Said == "" || c.s.Leaflet.Answer != "safe" && c.s.Leaflet.Answer != "not_safe") {
		c.report("leaflet", "answer safe or not_safe, and write what is said", "what is said about a paper is not complete")
	}
}

// fulfilled tells whether a condition always holds, so that nothing is ever hidden by it.
func (c *checker) fulfilled(need string) bool {
	switch need {
	case "open", "calm":
		return false
	case "needs":
		return !slices.ContainsFunc(slices.Collect(maps.Keys(c.s.Gate)), func(check string) bool { return strings.HasPrefix(check, "needs.") })
	}
	return looks(c.s, need) < 2
}

func (c *checker) events() {
	for _, e := range c.s.Events {
		if !slices.Contains(EventKinds(), e.Kind) {
			c.report(e.ID, fmt.Sprintf("use one of %v", EventKinds()), "the kind %q of an event is not known", e.Kind)
		}
		if e.ID == "" || e.Scene == "" || e.Why == "" || len(e.At) == 0 {
			c.report(e.ID, "give it id, at, scene and why", "an event is not complete")
		}
		for _, at := range e.At {
			if item, ok := c.data.Item(at); !c.steps[at] && (!ok || !c.asked[at] || item.AskIf != nil || item.Sensitive()) {
				c.report(at, "use a step of the plan, or an item that is always asked", "the event %q may never happen: %q is not always reached", e.ID, at)
			}
		}
		c.react(&e)
		for _, id := range e.Tells {
			c.tells(id)
		}
	}
}

// react checks what is a good reaction to an event, and what there is to be seen.
func (c *checker) react(e *Event) {
	var words []string
	for word := range reactions {
		words = append(words, word)
	}
	for _, reason := range screening.StopReasons() {
		if reason != screening.StopLater {
			words = append(words, "stop."+reason)
		}
	}
	slices.Sort(words)
	c.words("reaction", e.React, words, true)
	if slices.Contains(e.React, "told") && len(e.Tells) == 0 {
		c.report(e.ID, "give tells", "nothing is told by the event %q", e.ID)
	}
	if options, ok := c.options["distress.1"]; ok {
		c.words("sign", e.Signs, options[1:], false)
	}
	if len(e.Signs) == 0 && slices.Contains(e.React, "distress") && e.React[0] == "distress" {
		c.report(e.ID, "give signs, as tears or shaking", "the event %q is distress, and no sign of it is named", e.ID)
	}
}
