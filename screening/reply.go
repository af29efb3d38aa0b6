package screening

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tipscreen/indicators"
)

// Command is what the official does at a prompt.
type Command string

// The commands. Each can be given at every prompt.
const (
	ToAnswer   Command = "answer"
	ToSkip     Command = "skip"
	ToTold     Command = "told" // the person spoke of another item unasked
	ToNote     Command = "note"
	ToGoBack   Command = "back"
	ToBreak    Command = "break"
	ToDistress Command = "distress"
	ToDanger   Command = "danger"
	ToClaim    Command = "claim"
	ToHide     Command = "hide"
	ToStop     Command = "stop"
	ToConsent  Command = "consent" // back to what the person agreed to, to change it
)

// Reply is what came from the Surface.
type Reply struct {
	Command Command
	// Value is the chosen option, or several joined by commas; with ToNote what the note is, with ToStop the reason. Text
	// is what was written; Note is the note of ToNote.
	Value, Text, Note string
	How               How
	// Target is the item of ToTold, and the prompt to which ToGoBack leads; empty: the one before.
	Target string
	Shown  []Shown
}

// maxText bounds what one reply may hold, far above what anybody writes in an interview.
const maxText = 64 << 10

// Decide turns a reply to a prompt into the event that it means. The caller adds number and time. An error says that the
// reply is not among the valid ones; it never repeats what was written.
func (iv *Interview) Decide(p Prompt, r Reply) (Event, error) {
	e := Event{V: EventVersion, Step: p.ID, Shown: r.Shown}
	switch r.Command {
	case ToAnswer:
		return iv.decideAnswer(e, p, r)
	case ToSkip:
		return iv.decideSkip(e, p)
	case ToTold:
		if !slices.ContainsFunc(iv.Told(), func(item *indicators.Item) bool { return item.ID == r.Target }) {
			return e, fmt.Errorf("no item with this id can be marked as told")
		}
		return Event{V: EventVersion, Kind: Answered, Step: r.Target, Value: Yes.String(), How: Volunteered}, nil
	case ToNote:
		e.Kind, e.Note, e.Value, e.Shown = Noted, r.Note, r.Value, nil
		return e, iv.checkNote(r)
	case ToGoBack:
		return iv.decideBack(p, r)
	case ToConsent:
		step, ok := iv.consentStep()
		if !ok {
			return e, fmt.Errorf("no consent was asked for yet")
		}
		return Event{V: EventVersion, Kind: Returned, Step: step}, nil
	case ToStop:
		return iv.decideStop(p, r)
	}
	kinds := map[Command]EventKind{ToBreak: Paused, ToDistress: Distress, ToDanger: Danger, ToClaim: Claimed, ToHide: Hidden}
	kind, ok := kinds[r.Command]
	if !ok {
		return e, fmt.Errorf("unknown command %q", r.Command)
	}
	return Event{V: EventVersion, Kind: kind, Step: p.ID}, nil
}

// checkNote: at a counter nothing is noted, and for an investigation only what the person agreed to give to one.
func (iv *Interview) checkNote(r Reply) error {
	switch {
	case iv.Counter():
		return fmt.Errorf("nothing is noted at a counter")
	case r.Value == ForInvestigation && !iv.Consents("investigation"):
		return fmt.Errorf("the person did not agree to an investigation")
	case r.Value != Paraphrase && r.Value != Quotation && r.Value != ForInvestigation:
		return fmt.Errorf("unknown kind of note")
	}
	return checkText(r.Note)
}

// decideBack leads to the prompt before, or to one that was answered.
func (iv *Interview) decideBack(p Prompt, r Reply) (Event, error) {
	e := Event{V: EventVersion, Kind: Returned, Step: r.Target}
	if p.ID == later {
		e.Step = iv.deferring
		return e, nil
	}
	if r.Target != "" {
		if iv.recorded(r.Target) == "" || !slices.ContainsFunc(iv.prompts(), func(other Prompt) bool { return other.ID == r.Target }) {
			return e, fmt.Errorf("there is no answer to go back to")
		}
		return e, nil
	}
	previous, ok := iv.before(p.ID)
	if !ok {
		return e, fmt.Errorf("this is the first prompt")
	}
	e.Step = previous
	return e, nil
}

// decideStop ends the asking. The closing tells the person what happens next, so leaving it out needs a reason (PR40).
func (iv *Interview) decideStop(p Prompt, r Reply) (Event, error) {
	e := Event{V: EventVersion, Kind: Stopped, Step: p.ID, Value: r.Value}
	closing := strings.HasPrefix(p.ID, "closing.") || strings.HasPrefix(p.ID, "after.")
	switch {
	case closing && (r.Value == "" || r.Value == StopLater):
		return e, fmt.Errorf("leaving out the closing needs a reason")
	case r.Value != "" && !slices.Contains(StopReasons(), r.Value):
		return e, fmt.Errorf("unknown reason")
	case p.ID == later:
		return e, fmt.Errorf("it is put off already")
	}
	return e, nil
}

// decideSeveral puts the chosen options into their order. None of them is said, never meant by silence.
func decideSeveral(p Prompt, value string) (string, error) {
	chosen := strings.Split(value, ",")
	for _, one := range chosen {
		if !slices.Contains(p.Options, one) {
			return "", fmt.Errorf("the reply is not among the options")
		}
	}
	if slices.Contains(chosen, none) && len(chosen) > 1 {
		return "", fmt.Errorf("none stands alone")
	}
	var ordered []string
	for _, option := range p.Options {
		if slices.Contains(chosen, option) {
			ordered = append(ordered, option)
		}
	}
	return strings.Join(ordered, ","), nil
}

func (iv *Interview) decideAnswer(e Event, p Prompt, r Reply) (Event, error) {
	e.Kind, e.How = Answered, r.How
	if p.Kind == Write {
		text := strings.TrimSpace(r.Text)
		if err := checkText(text); err != nil {
			return e, err
		}
		e.Value, e.Note = Given.String(), text
		return e, nil
	}
	if p.Kind == Several {
		value, err := decideSeveral(p, r.Value)
		e.Value = value
		return e, err
	}
	if !slices.Contains(p.Options, r.Value) {
		return e, fmt.Errorf("the reply is not one of the options")
	}
	e.Value = r.Value
	if p.Item != nil && p.ID == p.Item.ID && e.How == "" {
		e.How = Asked
		if p.Kind == Observe {
			e.How = Observed
		}
	}
	return e, nil
}

// consentStep is where a consent can be taken back: to the record, or before that to the talk.
func (iv *Interview) consentStep() (string, bool) {
	for _, layer := range []string{"both", "record", "talk"} {
		if iv.Decided(layer) && (!iv.stopped || iv.MayRecord()) && iv.deferring == "" && !(layer == "both" && !iv.MayRecord()) {
			return "consent." + layer, true
		}
	}
	return "", false
}

// decideSkip leaves a prompt out. Where something is recorded already, leaving it out leaves that as it is: no answer is
// lost by paging through.
func (iv *Interview) decideSkip(e Event, p Prompt) (Event, error) {
	e.Kind = Answered
	switch {
	case p.Item != nil && p.ID == p.Item.ID && iv.answered(p.ID):
		answer := iv.answers[p.ID]
		e.Value, e.Note, e.How = answer.Value.String(), answer.Text, answer.How
		if p.Item.Kind == indicators.Choice && answer.Value == Given {
			e.Value, e.Note = answer.Text, ""
		}
	case iv.said[p.ID] == Given.String():
		e.Value, e.Note = Given.String(), iv.texts[p.ID]
	case strings.HasPrefix(p.ID, "sensitive."):
		e.Value = "skip"
	case p.Item != nil:
		e.Value = NotAsked.String()
	case p.MaySkip && iv.said[p.ID] != "" && iv.said[p.ID] != "skipped":
		e.Value = iv.said[p.ID]
	case p.MaySkip:
		e.Value = "skipped"
	default:
		return e, fmt.Errorf("this cannot be skipped")
	}
	return e, nil
}

func checkText(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("nothing was written")
	case len(text) > maxText:
		return fmt.Errorf("the text is longer than %d bytes", maxText)
	case !utf8.ValidString(text):
		return fmt.Errorf("the text is not UTF-8")
	}
	return nil
}

// Told lists the items that may be marked when the person spoke of them unasked: all that are not yes already, also after
// a no, and also after the asking has stopped. Before the person agreed to talk there are none.
func (iv *Interview) Told() []*indicators.Item {
	var items []*indicators.Item
	if !iv.Consents("talk") {
		return nil
	}
	for _, item := range iv.setup.Data.Items {
		if item.Kind == indicators.YesNo && !item.Sealed() && iv.answers[item.ID].Value != Yes {
			items = append(items, item)
		}
	}
	return items
}
