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
	// Value is the chosen option; Text is what was written; Note is the note of ToNote.
	Value, Text, Note string
	How               How
	// Target is the item of ToTold.
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
		e.Kind, e.Note, e.Shown = Noted, r.Note, nil
		return e, checkText(r.Note)
	case ToGoBack:
		previous, ok := iv.before(p.ID)
		if !ok {
			return e, fmt.Errorf("this is the first prompt")
		}
		return Event{V: EventVersion, Kind: Returned, Step: previous}, nil
	}
	if r.Command == ToConsent {
		step, ok := iv.consentStep()
		if !ok {
			return e, fmt.Errorf("no consent was asked for yet")
		}
		return Event{V: EventVersion, Kind: Returned, Step: step}, nil
	}
	kinds := map[Command]EventKind{ToBreak: Paused, ToDistress: Distress, ToDanger: Danger, ToClaim: Claimed, ToHide: Hidden, ToStop: Stopped}
	kind, ok := kinds[r.Command]
	if !ok {
		return e, fmt.Errorf("unknown command %q", r.Command)
	}
	return Event{V: EventVersion, Kind: kind, Step: p.ID}, nil
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
	for _, layer := range []string{"record", "talk"} {
		if iv.Decided(layer) && !iv.stopped {
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
