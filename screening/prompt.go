package screening

import (
	"slices"

	"tipscreen/indicators"
)

// PromptKind says what kind of reply a prompt takes.
type PromptKind string

// The kinds of prompts.
const (
	Tell    PromptKind = "tell"    // words to be said or read; the reply is to go on
	Choose  PromptKind = "choose"  // one of the options
	Ask     PromptKind = "ask"     // a yes_no item put to the person
	Observe PromptKind = "observe" // a yes_no item that the official sees or reads
	Write   PromptKind = "write"   // free text
)

// Prompt is one thing that the interview wants to know next.
type Prompt struct {
	// ID is gate.CHECK, consent.LAYER, open.STEP, sensitive.ITEM, ITEM or closing.QUESTION.
	ID   string
	Step string
	Kind PromptKind
	// Options are the words that may be chosen, in the order of the digits 1, 2, …
	Options []string
	// Default is the option that is marked first; it is never taken without a key.
	Default string
	// MaySkip: the official may leave it out; nothing is then recorded as an answer of the person.
	MaySkip bool
	// OneLine: the text is a few words, as a name or a date.
	OneLine bool
	Item    *indicators.Item
	// Section is the number of the step and Sections how many the plan has.
	Section, Sections int
	// Earlier is what was recorded when the prompt was answered before.
	Earlier string
}

// The replies to an item, in the order of the digits.
var itemOptions = []string{"yes", "no", "unclear", "unknown", "declined"}

// Options of the other prompts.
var (
	toldOptions      = []string{"next"}
	sensitiveOptions = []string{"ask", "skip"}
	consentOptions   = []string{"yes", "no", "later"}
	unmetOptions     = []string{"again", "override", "stop"}
	blockedOptions   = []string{"again", "stop"}
	observeOptions   = []string{"yes", "no", "unclear"}
)

// gateOptions are the replies to the checks of the gate.
var gateOptions = map[string][]string{
	"privacy":     {"yes", "no"},
	"alone":       {"yes", "no"},
	"needs":       {"done", "offered", "refused", "no"},
	"interpreter": {"independent", "not_needed", "other"},
	"age":         {"adult", "child", "unsure"},
	"setting":     {"other", LeftACompound},
	"custody":     {"no", "yes"},
}

// recordLayers are the layers of consent that say what may happen with a record.
var recordLayers = []string{"identity", "share", "investigation", "statistics", "recontact"}

// closingTold are the closing prompts that say something; the others ask for text.
var closingTold = []string{"next", "topic"}

// prompts lists what the plan asks in the present state, in order. done tells which of them need nothing more.
func (iv *Interview) prompts() []Prompt {
	var list []Prompt
	for at, step := range iv.setup.Plan.Steps {
		from := len(list)
		switch {
		case step.Kind == indicators.Closing:
			list = iv.closing(list, step)
		case iv.stopped:
		case step.Kind == indicators.Gate:
			list = iv.gate(list, step)
		case step.Kind == indicators.Consent:
			list = iv.consents(list, step)
		case iv.ending():
		case step.Kind == indicators.Open:
			list = append(list, Prompt{ID: "open." + step.ID, Kind: Write, MaySkip: true})
		case step.Kind == indicators.Items:
			list = iv.itemPrompts(list, step)
		}
		for i := from; i < len(list); i++ {
			list[i].Step, list[i].Section, list[i].Sections = step.ID, at+1, len(iv.setup.Plan.Steps)
		}
	}
	return list
}

func (iv *Interview) gate(list []Prompt, step indicators.Step) []Prompt {
	for _, check := range step.Asks {
		id := "gate." + check
		list = append(list, Prompt{ID: id, Kind: Choose, Options: gateOptions[check]})
		if !iv.unmet(check) {
			continue
		}
		options := unmetOptions
		if check == "interpreter" {
			options = blockedOptions
		}
		list = append(list, Prompt{ID: id + ".unmet", Kind: Choose, Options: options})
		if iv.said[id+".unmet"] == "override" {
			list = append(list, Prompt{ID: id + ".reason", Kind: Write, OneLine: true})
		}
	}
	return list
}

// unmet tells whether a check of the gate was answered so that no question may follow yet.
func (iv *Interview) unmet(check string) bool {
	value := iv.said["gate."+check]
	switch check {
	case "privacy", "alone", "needs":
		return value == "no"
	case "interpreter":
		return value == "other" || value == "not_needed" && iv.setup.InterpreterRequired
	}
	return false
}

func (iv *Interview) consents(list []Prompt, step indicators.Step) []Prompt {
	for _, layer := range step.Asks {
		if iv.ending() && layer != "opening" && layer != "talk" {
			continue // the person does not want to talk; that can be taken back, and nothing else is asked
		}
		prompt := Prompt{ID: "consent." + layer, Kind: Choose, Options: consentOptions, Default: "no"}
		switch layer {
		case "opening":
			prompt = Prompt{ID: prompt.ID, Kind: Tell, Options: toldOptions}
		case "talk", "record":
		default:
			// The other layers say what may happen with a record; without one there is nothing to ask.
			if iv.said["consent.record"] != "yes" {
				continue
			}
		}
		list = append(list, prompt)
	}
	return list
}

func (iv *Interview) itemPrompts(list []Prompt, step indicators.Step) []Prompt {
	for _, item := range iv.setup.Data.Sequence(step) {
		if !iv.asks(item) {
			continue
		}
		// A sensitive item comes only after the person chose to go on. A fact that was told unasked needs no such choice.
		chosen := iv.said["sensitive."+item.ID]
		if item.Sensitive() && item.Askable() && (chosen == "ask" || !iv.answered(item.ID)) {
			list = append(list, Prompt{ID: "sensitive." + item.ID, Kind: Choose, Options: sensitiveOptions, Default: "skip", Item: item})
			if chosen != "ask" {
				continue
			}
		}
		prompt := Prompt{ID: item.ID, Kind: Ask, Options: itemOptions, MaySkip: true, Item: item}
		switch {
		case item.Kind == indicators.Choice:
			prompt.Kind, prompt.Options = Choose, append(slices.Clone(item.Options), "unknown", "declined")
		case item.Kind != indicators.YesNo:
			prompt.Kind, prompt.Options, prompt.OneLine = Write, nil, item.Kind != indicators.Text
		case item.Observable():
			prompt.Kind, prompt.Options = Observe, observeOptions
		}
		list = append(list, prompt)
	}
	return list
}

// asks tells whether an item is put to this person at all: on the path, not above the person's age, sensitive ones only
// in private, and what only the person may bring up only when they did.
func (iv *Interview) asks(item *indicators.Item) bool {
	switch {
	case item.Sealed(), !iv.onPath[item.ID], iv.unsayable[item.ID]:
		return false
	case item.DisclosureOnly():
		return iv.answered(item.ID) // what was marked can be looked at again and put right
	case item.MinAge > 0 && iv.age().child():
		return false
	}
	return !item.Sensitive() || !item.Askable() || iv.said["gate.privacy"] == "yes"
}

func (iv *Interview) closing(list []Prompt, step indicators.Step) []Prompt {
	for _, question := range step.Asks {
		told := slices.Contains(closingTold, question)
		switch {
		case told:
			list = append(list, Prompt{ID: "closing." + question, Kind: Tell, Options: toldOptions})
		case question == "name" && !(iv.MayRecord() && iv.Consents("identity")),
			question == "contact" && !(iv.MayRecord() && iv.Consents("recontact")),
			!iv.Consents("talk"):
		default:
			list = append(list, Prompt{ID: "closing." + question, Kind: Write, MaySkip: true, OneLine: question != "more"})
		}
	}
	return list
}

// AllPrompts lists every prompt that an interview by this setup can put, whatever is answered.
func AllPrompts(setup *Setup) []Prompt {
	iv := &Interview{setup: setup, said: map[string]string{}, texts: map[string]string{}, answers: map[string]Answer{}, onPath: map[string]bool{}}
	for _, layer := range []string{"talk", "record", "identity", "recontact"} {
		iv.said["consent."+layer] = "yes"
	}
	for _, check := range []string{"alone", "needs"} {
		iv.said["gate."+check] = "no"
		iv.said["gate."+check+".unmet"] = "override"
	}
	iv.said["gate.interpreter"] = "other"
	iv.said["gate.privacy"] = "yes"
	iv.said["gate.age"] = string(Adult)
	for _, item := range setup.Data.Items {
		iv.onPath[item.ID] = true
		iv.said["sensitive."+item.ID] = "ask"
		if item.DisclosureOnly() {
			iv.answers[item.ID] = Answer{Value: Yes, How: Volunteered}
		}
	}
	list := iv.prompts()
	iv.said["gate.privacy"] = "no"
	iv.said["gate.privacy.unmet"] = "override"
	return append(list, iv.gateOf()...)
}

// gateOf lists the prompts of the gate alone.
func (iv *Interview) gateOf() (list []Prompt) {
	for at, step := range iv.setup.Plan.Steps {
		if step.Kind == indicators.Gate {
			for _, prompt := range iv.gate(nil, step) {
				prompt.Step, prompt.Section, prompt.Sections = step.ID, at+1, len(iv.setup.Plan.Steps)
				list = append(list, prompt)
			}
		}
	}
	return list
}
