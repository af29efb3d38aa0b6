package screening

import (
	"slices"
	"strconv"
	"strings"

	"tipscreen/indicators"
)

// order lists the steps of the plan as they come in this interview, as indexes: the topics in the order that the person
// chose. -1 stands for the prompt in which the next topic is chosen; what has not been chosen yet does not come.
func (iv *Interview) order() []int {
	var list []int
	asked := false
	for at, step := range iv.setup.Plan.Steps {
		switch {
		case !step.Topic:
			list = append(list, at)
		case !asked:
			asked = true
			list = append(list, iv.topicOrder()...)
		}
	}
	return list
}

// topicOrder are the topics that were chosen, then, if more than one is left, the choice; a single one just follows.
func (iv *Interview) topicOrder() (list []int) {
	left := iv.topics()
	for n := 1; len(left) > 1; n++ {
		list = append(list, -n)
		at := slices.IndexFunc(left, func(at int) bool { return iv.setup.Plan.Steps[at].ID == iv.said["topic."+strconv.Itoa(n)] })
		if at < 0 {
			return list
		}
		list = append(list, left[at])
		left = slices.Delete(left, at, at+1)
	}
	return append(list, left...)
}

// topics are the steps among which this person chooses.
func (iv *Interview) topics() (list []int) {
	if iv.ending() {
		return nil
	}
	for at, step := range iv.setup.Plan.Steps {
		if step.Topic && !(step.Adults && iv.age().child()) {
			list = append(list, at)
		}
	}
	return list
}

// topicChoice is the prompt in which the person chooses the nth topic.
func (iv *Interview) topicChoice(list []Prompt, n int) []Prompt {
	left := iv.topics()
	for k := 1; k < n; k++ {
		left = slices.DeleteFunc(left, func(at int) bool { return iv.setup.Plan.Steps[at].ID == iv.said["topic."+strconv.Itoa(k)] })
	}
	p := Prompt{ID: "topic." + strconv.Itoa(n), Kind: Choose, Step: iv.setup.Plan.Steps[left[0]].ID, Section: left[0] + 1, Sections: len(iv.setup.Plan.Steps)}
	for _, at := range left {
		p.Options = append(p.Options, iv.setup.Plan.Steps[at].ID)
	}
	return append(list, p)
}

var rightsOptions = []string{"go_on", "lawyer"}

// warns tells whether the rights are to be said before a step: before the first in which a yes could be used against the
// person. Nobody is asked for an admission; the person hears first that nothing need be said, and that a lawyer may come.
func (iv *Interview) warns(step indicators.Step) bool {
	if iv.said["rights."+step.ID] != "" {
		return true
	}
	for id := range iv.said {
		if strings.HasPrefix(id, "rights.") {
			return false
		}
	}
	return slices.ContainsFunc(iv.setup.Data.Sequence(step), func(item *indicators.Item) bool {
		return item.Admits && item.Askable() && iv.asks(item)
	})
}

// lawyerFirst tells whether the person wants a lawyer before anything that could be used against them is asked.
func (iv *Interview) lawyerFirst() bool {
	for id, reply := range iv.said {
		if strings.HasPrefix(id, "rights.") && reply == "lawyer" {
			return true
		}
	}
	return false
}
