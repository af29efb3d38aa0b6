package screening

import (
	"slices"
	"strings"
)

// Answers gives for each item what was recorded last, from the events of this part alone: what stands in another
// compartment is not in it. An item that was left out before it was put is not_asked.
func (p *Part) Answers() map[string]Answer {
	answers := map[string]Answer{}
	for _, e := range p.Events {
		if e.Kind != Answered {
			continue
		}
		if item, ok := strings.CutPrefix(e.Step, "sensitive."); ok {
			_, answered := answers[item]
			if e.Value != "ask" && !answered {
				answers[item] = Answer{Value: NotAsked, How: Asked}
			} else if e.Value == "ask" && answers[item].Value == NotAsked {
				delete(answers, item)
			}
			continue
		}
		if strings.Contains(e.Step, ".") {
			continue
		}
		answer := Answer{How: e.How, Text: e.Note}
		if answer.Value.UnmarshalText([]byte(e.Value)) != nil { // a choice: the value is the option
			answer.Value, answer.Text = Given, e.Value
		}
		answers[e.Step] = answer
	}
	return answers
}

// Reply is what was recorded last at a prompt that is not an item, with its text.
func (p *Part) Reply(step string) (value, text string) {
	for _, e := range p.Events {
		if e.Kind == Answered && e.Step == step {
			value, text = e.Value, e.Note
		}
	}
	return value, text
}

// Chosen lists what was recorded last at a prompt that takes several options.
func (p *Part) Chosen(step string) []string {
	value, _ := p.Reply(step)
	return slices.DeleteFunc(strings.Split(value, ","), func(one string) bool { return one == "" || one == none || one == NotAsked.String() })
}

// Weighed is the assessment with what the official raised: what follows can be more than was assessed, never less. It is
// nil where there is none.
func (p *Part) Weighed() *Assessment {
	if p.Assessment == nil {
		return nil
	}
	a := *p.Assessment
	if p.Raised != nil && *p.Raised > a.Outcome {
		a.Outcome = *p.Raised
	}
	if a.Outcome >= NotEnoughKnown && len(a.Hold) == 0 {
		a.Hold = []string{"outcome"}
	}
	if len(a.Hold) > 0 && !slices.Contains(a.Flags, holdFlag) {
		a.Flags = append(slices.Clone(a.Flags), holdFlag)
	}
	return &a
}

// GateDetail says after which reply to which check of the gate a detail comes; ok is false for what is no detail.
func GateDetail(id string) (check, reply string, ok bool) {
	name, detail, _ := strings.Cut(strings.TrimPrefix(id, "gate."), ".")
	for reply, details := range checks[name].details {
		for _, one := range details {
			if one.id == detail {
				return "gate." + name, reply, true
			}
		}
	}
	return "", "", false
}

// Consented reports whether the person agreed to a layer of consent.
func (p *Part) Consented(layer string) bool { return p.Consents[layer] == "yes" }

// ConsentError names the layers of consent without which something cannot be made of a record.
type ConsentError struct{ Layers []string }

func (e *ConsentError) Error() string {
	return "the person did not agree to: " + strings.Join(e.Layers, ", ")
}
