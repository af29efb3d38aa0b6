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
	Several PromptKind = "several" // any number of the options, joined by commas in their order; "none" stands alone
)

// none is the option of a Several that says so.
const none = "none"

// Prompt is one thing that the interview wants to know next.
type Prompt struct {
	// ID is gate.CHECK, consent.LAYER, open.STEP, topic.N, rights.STEP, sensitive.ITEM, ITEM, rest.N, distress.N,
	// closing.QUESTION, after.QUESTION or later.when.
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
	// Recorded lists, for the reading back, the items that were answered with yes.
	Recorded []string
	// Earlier is what was recorded when the prompt was answered before.
	Earlier string
}

// The replies to an item, in the order of the digits.
var itemOptions = []string{"yes", "no", "unclear", "unknown", "declined"}

// Options of the other prompts.
var (
	toldOptions      = []string{"next"}
	sensitiveOptions = []string{"ask", "skip"}
	observeOptions   = []string{"yes", "no", "unclear"}
)

// prompts lists what the plan asks in the present state, in order. done tells which of them need nothing more.
func (iv *Interview) prompts() []Prompt {
	if iv.deferring != "" {
		return []Prompt{{ID: later, Kind: Write, OneLine: true, Step: iv.setup.Plan.Steps[0].ID, Section: 1, Sections: len(iv.setup.Plan.Steps)}}
	}
	var list []Prompt
	for _, at := range iv.order() {
		if at < 0 {
			list = iv.topicChoice(list, -at)
			continue
		}
		list = iv.stepPrompts(list, at)
	}
	return list
}

func (iv *Interview) stepPrompts(list []Prompt, at int) []Prompt {
	step, from := iv.setup.Plan.Steps[at], len(list)
	switch {
	case step.Kind == indicators.After:
		if iv.explained && !iv.settled {
			list = iv.after(list, step)
		}
	case step.Kind == indicators.Closing:
		if !iv.closed {
			list = iv.closing(list, step)
		}
	case step.Kind == indicators.Consent:
		list = iv.consents(list, step)
	case iv.stopped:
	case step.Kind == indicators.Gate:
		list = iv.gate(list, step)
	case iv.ending():
	case step.Kind == indicators.Open:
		list = append(list, Prompt{ID: "open." + step.ID, Kind: Write, MaySkip: true})
	case step.Kind == indicators.Items && !(step.Adults && iv.age().child()):
		list = iv.itemPrompts(list, step)
	}
	for i := from; i < len(list); i++ {
		list[i].Step, list[i].Section, list[i].Sections = step.ID, at+1, len(iv.setup.Plan.Steps)
	}
	return list
}

func (iv *Interview) itemPrompts(list []Prompt, step indicators.Step) []Prompt {
	if iv.warns(step) {
		list = append(list, Prompt{ID: "rights." + step.ID, Kind: Choose, Options: rightsOptions})
	}
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
	case item.Admits && item.Askable() && iv.lawyerFirst() && !iv.answered(item.ID):
		return false
	}
	return !item.Sensitive() || !item.Askable() || iv.said["gate.privacy"] == "yes"
}
