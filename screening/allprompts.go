package screening

import (
	"slices"
	"strconv"

	"tipscreen/indicators"
)

// AllPrompts lists every prompt that an interview by this setup can put, whatever is answered; some of them in more than
// one form.
func AllPrompts(setup *Setup) []Prompt {
	iv := &Interview{setup: setup, assessor: NewAssessor(setup.Data), said: map[string]string{}, texts: map[string]string{}, answers: map[string]Answer{}, onPath: map[string]bool{}}
	for _, layer := range ConsentLayers() {
		iv.said["consent."+layer.ID] = "yes"
	}
	iv.said["gate.privacy"] = "yes"
	iv.said["gate.age"] = string(Adult)
	for n, at := range iv.topics() {
		iv.said["topic."+strconv.Itoa(n+1)] = setup.Plan.Steps[at].ID
	}
	iv.sayYes()
	iv.explained = true
	iv.said["after.hold"] = "does_not_wait"
	iv.said["closing.child_protection"] = "not_yet"
	iv.pace.distress = 1
	list := slices.Concat(iv.gateInFull(), iv.prompts())
	iv.explained = false // nothing is assessed any more; what comes now is quick

	iv.said["gate.age"] = string(Child)
	list = append(list, iv.prompts()...)
	if signs, ok := iv.signs(); ok {
		list = append(list, signs)
	}
	if !iv.Counter() {
		for _, prompt := range list {
			if prompt.Kind == Ask {
				iv.pace.now, iv.pace.since = iv.pace.now.Add(2*restAfter), iv.pace.now.Add(1)
				list = append(list, iv.rested(prompt))
				break
			}
		}
	}
	iv.deferring = later
	return append(list, iv.prompts()...)
}

// sayYes lets every item be on the path and answered, also those that only the person may bring up.
func (iv *Interview) sayYes() {
	for _, item := range iv.setup.Data.Items {
		iv.onPath[item.ID] = true
		iv.said["sensitive."+item.ID] = "ask"
		if item.DisclosureOnly() || item.Kind == indicators.YesNo && item.Askable() && len(iv.answers) == 0 {
			iv.answers[item.ID] = Answer{Value: Yes, How: Volunteered}
		}
	}
}

// gateInFull lists the prompts of the gate with every detail, and with every form of what is not met.
func (iv *Interview) gateInFull() (list []Prompt) {
	for at, step := range iv.setup.Plan.Steps {
		if step.Kind != indicators.Gate {
			continue
		}
		for _, name := range step.Asks {
			for _, prompt := range iv.checkInFull(name) {
				prompt.Step, prompt.Section, prompt.Sections = step.ID, at+1, len(iv.setup.Plan.Steps)
				list = append(list, prompt)
			}
		}
	}
	return list
}

func (iv *Interview) checkInFull(name string) (list []Prompt) {
	id := "gate." + name
	kept := iv.said[id]
	setup := *iv.setup
	setup.Profile, setup.InterpreterRequired = police, true
	full := &Interview{setup: &setup, said: map[string]string{}}
	alone := indicators.Step{Kind: indicators.Gate, Asks: []string{name}}
	for _, reply := range append([]string{""}, checks[name].options...) {
		full.said[id] = reply
		for _, d := range full.detailsOf(name) {
			if len(d.unmet) > 0 {
				full.said[id+"."+d.id] = d.unmet[0]
			}
		}
		if full.unmet(name) {
			full.said[id+".unmet"] = "override"
		}
		list = append(list, full.gate(nil, alone)...)
		clear(full.said)
	}
	iv.said[id] = kept
	return list
}
