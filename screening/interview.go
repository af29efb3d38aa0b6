package screening

import (
	"fmt"
	"slices"
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
	// Profile is the kind of service, as police; it decides whether a legal basis is asked for.
	Profile string `json:"profile,omitempty"`
	Program string `json:"program"`
}

// NewSetup takes from the data what an interview by this plan needs.
func NewSetup(data *indicators.Data, plan *indicators.Plan) *Setup {
	needed := &indicators.Data{Frameworks: slim(data.Frameworks), Plans: []*indicators.Plan{plan}, Flags: data.Flags, Digests: data.Digests}
	for _, step := range plan.Steps {
		needed.Items = append(needed.Items, data.Sequence(step)...)
	}
	if plan.Setting == "private" { // what is told unasked can be anything
		for _, item := range data.Items {
			if item.Kind == indicators.YesNo && !item.Sealed() && !slices.Contains(needed.Items, item) {
				needed.Items = append(needed.Items, item)
			}
		}
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
	stopped       bool   // before all was asked
	why           string // why it stopped
	closed        bool   // in the closing, before all of it was said
	explained     bool   // the official has seen the result
	settled       bool   // in what the official settles alone, before all of it
	finished      bool
	// deferring is the prompt at which the interview was put off; nothing while it goes on.
	deferring string
	pace      pace
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
		if strings.HasSuffix(iv.deferring, ".unmet") { // the check is as little met as before
			delete(iv.said, iv.deferring)
		}
		iv.cursor, iv.deferring = e.Step, ""
		delete(iv.said, later)
	case Distress:
		iv.distressed()
	case Explained:
		iv.explained, iv.cursor = true, ""
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
	iv.reopen(e)
	iv.pace.take(iv, e)
	iv.events = append(iv.events, e)
	return nil
}

// reopen shows the result once more when something was told after it was seen: what follows may be more now, and what the
// official settled rested on the old one.
func (iv *Interview) reopen(e Event) {
	_, item := iv.setup.Data.Item(e.Step)
	if !iv.explained || iv.finished || !(e.Kind == Answered && item || e.Kind == Claimed || e.Kind == Danger) {
		return
	}
	iv.explained, iv.settled = false, false
	for _, id := range []string{"after.raise", "after.hold", "after.hold.reason"} {
		delete(iv.said, id)
	}
}

// stop ends the asking; in the closing it ends the closing, and after it what is left to settle. Or it puts the interview
// off.
func (iv *Interview) stop(e Event) {
	iv.cursor = ""
	switch {
	case strings.HasPrefix(e.Step, "after."):
		iv.settled = true
	case strings.HasPrefix(e.Step, "closing."):
		iv.closed = true
	case e.Value == StopLater:
		iv.defer_(e.Step)
	default:
		iv.stopFor(e.Value)
	}
}

// stopFor ends the asking; the first reason stands.
func (iv *Interview) stopFor(why string) {
	if !iv.stopped {
		iv.stopped, iv.why, iv.cursor = true, why, ""
	}
}

// longBreak is after which time somebody who takes an interview up again has to look once more who is near.
const longBreak = 30 * time.Minute

// continueAt forgets, after a long break, what may have changed since: who can hear, who is near, who interprets.
func (iv *Interview) continueAt(e Event) {
	deferred := iv.deferring != ""
	_, more := iv.Next()
	iv.takeUpDeferred()
	gap := longBreak
	if n := len(iv.events); n > 0 {
		gap = e.At.Sub(iv.events[n-1].At)
	}
	recent := gap >= 0 && gap < longBreak // a clock that was set back says nothing
	if iv.stopped || iv.explained || !deferred && (recent || !more) {
		return
	}
	iv.cursor = ""
	for _, name := range []string{"ready", "privacy", "alone", "interpreter"} {
		iv.forgetCheck(name)
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
		iv.disclosed(item, iv.answers[e.Step])
	} else {
		iv.say(e)
	}
	if iv.cursor == e.Step {
		iv.cursor = ""
	}
	return nil
}

// disclosed stops the asking when a child, or somebody who may be one, tells of exploitation or of something that was
// done to them: what comes now is for a specialist (PR09, PR31). What the official saw stops nothing.
func (iv *Interview) disclosed(item *indicators.Item, answer Answer) {
	told := answer.Value == Yes && answer.How != Observed && answer.How != Earlier && !item.Observable()
	if told && iv.age().child() && !iv.Counter() && (item.Sensitive() || item.DisclosureOnly() || item.Phase == "exploitation") {
		iv.stopFor(StopDisclosed)
	}
}

// say keeps the reply to a prompt that is not an item, with what it brings about.
func (iv *Interview) say(e Event) {
	iv.said[e.Step], iv.texts[e.Step] = e.Value, e.Note
	prefix, rest, _ := strings.Cut(e.Step, ".")
	switch prefix {
	case "sensitive":
		iv.choose(rest, e.Value == "ask")
	case "consent":
		iv.sayConsent(e)
	case "gate":
		iv.sayGate(e)
	case "distress":
		iv.saySigns(e)
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

// Assess assesses the present state. A child is asked little on purpose, so what was not asked counts as open: few questions
// with a no never say that there are no signs.
func (iv *Interview) Assess() Assessment {
	c := iv.Case()
	if c.Age.child() && !iv.Counter() {
		c.Plan = ""
	}
	return iv.assessor.Assess(&c)
}

// Next is the prompt to be put now; false: nothing is left to ask.
func (iv *Interview) Next() (Prompt, bool) {
	if iv.finished {
		return Prompt{}, false
	}
	if signs, ok := iv.signs(); ok {
		return signs, true
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
		if iv.open(prompt) {
			return iv.rested(prompt), true
		}
	}
	return Prompt{}, false
}

// open tells whether a prompt still needs a reply. What was replied before does not count where it is no option any more, and
// a check that is not met stays open until there is a reason to go on all the same.
func (iv *Interview) open(p Prompt) bool {
	reply := iv.recorded(p.ID)
	switch {
	case reply == "":
		return true
	case strings.HasSuffix(p.ID, ".unmet"):
		return reply != "override" || !slices.Contains(p.Options, reply)
	}
	return p.Kind == Choose && p.Item == nil && !p.MaySkip && !slices.Contains(p.Options, reply)
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

// Why is the reason for which the asking was stopped; it may be empty.
func (iv *Interview) Why() string { return iv.why }

// IsExplained reports whether the official has seen the result.
func (iv *Interview) IsExplained() bool { return iv.explained }

// IsFinished reports whether the closing has been completed.
func (iv *Interview) IsFinished() bool { return iv.finished }

// Claim reports whether the person or a lawyer has said that this is trafficking.
func (iv *Interview) Claim() bool { return iv.claim }
