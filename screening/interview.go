package screening

import (
	"fmt"
	"strings"
	"time"

	"tipscreen/indicators"
)

// Setup is what an interview is begun with. It is kept with the events, so that a newer program or newer data never
// change an interview that has begun.
type Setup struct {
	Plan *indicators.Plan `json:"plan"`
	Data *indicators.Data `json:"data"`
	// InterpreterRequired: the words for the person are not reviewed, so a human interpreter has to be there.
	InterpreterRequired bool   `json:"interpreter_required"`
	OfficialLanguage    string `json:"official_language"`
	PersonLanguage      string `json:"person_language"`
	Program             string `json:"program"`
}

// NewSetup takes from the data what an interview by this plan needs.
func NewSetup(data *indicators.Data, plan *indicators.Plan) *Setup {
	needed := &indicators.Data{Frameworks: slim(data.Frameworks), Plans: []*indicators.Plan{plan}, Flags: data.Flags, Digests: data.Digests}
	for _, step := range plan.Steps {
		needed.Items = append(needed.Items, data.Sequence(step)...)
	}
	return &Setup{Plan: plan, Data: needed.Index()}
}

// slim leaves out what is there for readers of the framework alone.
func slim(frameworks []*indicators.Framework) []*indicators.Framework {
	var out []*indicators.Framework
	for _, f := range frameworks {
		copied := *f
		copied.Indicators = make([]indicators.Indicator, len(f.Indicators))
		for i, one := range f.Indicators {
			one.Gloss, one.Note, one.NoItem, one.Confidence = "", "", "", ""
			copied.Indicators[i] = one
		}
		out = append(out, &copied)
	}
	return out
}

// Interview is the state that the events lead to. It is a fold: Replay builds it, Apply adds one event.
type Interview struct {
	setup    *Setup
	assessor *Assessor
	events   []Event
	// said holds the replies to prompts that are not items, by prompt id, and texts what was written there.
	said    map[string]string
	texts   map[string]string
	answers map[string]Answer
	onPath  map[string]bool
	// cursor is the prompt to which the official went back.
	cursor        string
	claim, danger bool
	stopped       bool // before all was asked
	closed        bool // in the closing, before all of it was said
	finished      bool
	// unsayable items have no words any more: their data was taken away while the interview lay unfinished.
	unsayable map[string]bool
}

// Replay folds the events into the interview that they describe.
func Replay(setup *Setup, events []Event) (*Interview, error) {
	iv := &Interview{setup: setup, assessor: NewAssessor(setup.Data), said: map[string]string{}, texts: map[string]string{}, answers: map[string]Answer{}}
	iv.findPath()
	for _, e := range events {
		if err := iv.Apply(e); err != nil {
			return nil, err
		}
	}
	return iv, nil
}

// Apply adds an event. The interview is unchanged if the event cannot be read.
func (iv *Interview) Apply(e Event) error {
	if err := e.check(len(iv.events) + 1); err != nil {
		return err
	}
	switch e.Kind {
	case Answered:
		if err := iv.answer(e); err != nil {
			return err
		}
	case Returned:
		iv.cursor = e.Step
	case Danger:
		iv.danger = true
	case Claimed:
		iv.claim = true
	case Stopped:
		iv.stop(e)
	case Continued:
		iv.continueAt(e)
	case Finished:
		iv.finished = true
	}
	iv.events = append(iv.events, e)
	return nil
}

// stop ends the asking; in the closing it ends the closing.
func (iv *Interview) stop(e Event) {
	iv.cursor = ""
	if strings.HasPrefix(e.Step, "closing.") {
		iv.closed = true
	} else {
		iv.stopped = true
	}
}

// longBreak is after which time somebody who takes an interview up again has to look once more who is near.
const longBreak = 30 * time.Minute

// continueAt forgets, after a long break, what may have changed since: who can hear, who is near, who interprets.
func (iv *Interview) continueAt(e Event) {
	if iv.stopped || len(iv.events) == 0 || e.At.Sub(iv.events[len(iv.events)-1].At) < longBreak {
		return
	}
	for _, check := range []string{"privacy", "alone", "interpreter"} {
		for _, id := range []string{"gate." + check, "gate." + check + ".unmet", "gate." + check + ".reason"} {
			delete(iv.said, id)
		}
	}
}

func (iv *Interview) answer(e Event) error {
	if item, ok := iv.setup.Data.Item(e.Step); ok {
		var value Value
		if item.Kind == indicators.Choice && e.Value != "unknown" && e.Value != "declined" && e.Value != "not_asked" {
			value = Given
		} else if err := value.UnmarshalText([]byte(e.Value)); err != nil {
			return fmt.Errorf("event %d: %w", e.Seq, err)
		}
		text := e.Note
		if item.Kind == indicators.Choice {
			text = e.Value
		}
		iv.answers[e.Step] = Answer{Value: value, How: e.How, Text: text}
		iv.findPath()
	} else {
		iv.say(e)
	}
	if iv.cursor == e.Step {
		iv.cursor = ""
	}
	return nil
}

// say keeps the reply to a prompt that is not an item, with what it brings about.
func (iv *Interview) say(e Event) {
	iv.said[e.Step], iv.texts[e.Step] = e.Value, e.Note
	prefix, rest, _ := strings.Cut(e.Step, ".")
	switch {
	case prefix == "sensitive":
		iv.choose(rest, e.Value == "ask")
	case e.Step == "consent.record" && e.Value != "yes":
		// What was allowed to happen with the record is void with it.
		for _, layer := range recordLayers {
			delete(iv.said, "consent."+layer)
		}
	case prefix == "gate" && strings.HasSuffix(rest, ".unmet"):
		check := strings.TrimSuffix(rest, ".unmet")
		switch e.Value {
		case "again":
			delete(iv.said, "gate."+check)
			delete(iv.said, e.Step)
		case "stop":
			iv.stopped = true
		}
		iv.findPath()
	case prefix == "gate":
		delete(iv.said, e.Step+".unmet")
		delete(iv.said, e.Step+".reason")
		iv.findPath()
	}
}

// choose does what was decided before a sensitive item. An answer that is there is never lost by it: going on puts the
// item once more, with that answer beside it, and leaving it out leaves it as it is.
func (iv *Interview) choose(item string, ask bool) {
	answered := iv.answered(item)
	switch {
	case ask && answered:
		iv.cursor = item
	case ask:
		delete(iv.answers, item)
	case !answered:
		iv.answers[item] = Answer{Value: NotAsked, How: Asked}
	}
	iv.findPath()
}

// answered tells whether an item has an answer of the person or the official, and not only a place where it was left out.
func (iv *Interview) answered(item string) bool {
	value := iv.answers[item].Value
	return value != 0 && value != NotAsked
}

func (iv *Interview) findPath() {
	c := iv.Case()
	iv.onPath = map[string]bool{}
	for _, id := range iv.assessor.OnPath(&c) {
		iv.onPath[id] = true
	}
}

func (iv *Interview) age() Age {
	if age := Age(iv.said["gate.age"]); age != "" {
		return age
	}
	return Unsure
}

// ending: nothing but the closing is left, because the person did not want to talk or somebody stopped.
func (iv *Interview) ending() bool {
	talk := iv.said["consent.talk"]
	return iv.stopped || talk != "" && talk != "yes"
}

// Case is what the assessment looks at in the present state.
func (iv *Interview) Case() Case {
	return Case{Age: iv.age(), Claim: iv.claim, Danger: iv.danger, Setting: iv.setting(), Plan: iv.setup.Plan.ID, Answers: iv.answers}
}

func (iv *Interview) setting() string {
	if iv.said["gate.setting"] == LeftACompound {
		return LeftACompound
	}
	return ""
}

// Assess assesses the present state.
func (iv *Interview) Assess() Assessment {
	c := iv.Case()
	return iv.assessor.Assess(&c)
}

// Next is the prompt to be put now; false: nothing is left to ask.
func (iv *Interview) Next() (Prompt, bool) {
	if iv.finished || iv.closed {
		return Prompt{}, false
	}
	list := iv.prompts()
	if iv.cursor != "" {
		for _, prompt := range list {
			if prompt.ID == iv.cursor {
				prompt.Earlier = iv.recorded(prompt.ID)
				return prompt, true
			}
		}
	}
	for _, prompt := range list {
		if iv.recorded(prompt.ID) == "" {
			return prompt, true
		}
	}
	return Prompt{}, false
}

// recorded is the reply that the prompt has, or nothing.
func (iv *Interview) recorded(id string) string {
	if answer, ok := iv.answers[id]; ok {
		if answer.Text != "" && answer.Value == Given {
			return answer.Text
		}
		return answer.Value.String()
	}
	if iv.said[id] == Given.String() {
		return iv.texts[id]
	}
	return iv.said[id]
}

// before is the prompt before the given one, for going back.
func (iv *Interview) before(id string) (string, bool) {
	previous := ""
	for _, prompt := range iv.prompts() {
		if prompt.ID == id {
			break
		}
		if iv.recorded(prompt.ID) != "" {
			previous = prompt.ID
		}
	}
	return previous, previous != ""
}

// Events are all events so far, in order. The slice must not be changed.
func (iv *Interview) Events() []Event { return iv.events }

// Setup is what the interview was begun with.
func (iv *Interview) Setup() *Setup { return iv.setup }

// MayRecord reports whether the person agreed that a record is kept.
func (iv *Interview) MayRecord() bool { return iv.said["consent.record"] == "yes" }

// Consents reports whether the person agreed to a layer of consent.
func (iv *Interview) Consents(layer string) bool { return iv.said["consent."+layer] == "yes" }

// Decided reports whether the person has been asked for a layer of consent and answered.
func (iv *Interview) Decided(layer string) bool { return iv.said["consent."+layer] != "" }

// LeaveOut takes items off the interview for which there are no words any more. What they were answered stays and counts.
func (iv *Interview) LeaveOut(items map[string]bool) { iv.unsayable = items }

// Stopped reports whether the interview was ended before all was asked.
func (iv *Interview) Stopped() bool { return iv.stopped }

// IsFinished reports whether the closing has been completed.
func (iv *Interview) IsFinished() bool { return iv.finished }

// Claim reports whether the person or a lawyer has said that this is trafficking.
func (iv *Interview) Claim() bool { return iv.claim }
