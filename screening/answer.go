package screening

import "fmt"

// Value is what became of an item. The six are different things for ever: a missing answer is not a no. The zero value
// is invalid.
type Value uint8

// Yes supports; nothing else does. Given is for items that are not answered with yes or no (a text, a choice).
const (
	Yes Value = iota + 1
	No
	Unclear
	Unknown
	Declined
	NotAsked
	Given
)

var valueNames = [...]string{"", "yes", "no", "unclear", "unknown", "declined", "not_asked", "given"}

func (v Value) String() string { return valueNames[v] }

// ParseValue reads one of the six words.
func ParseValue(word string) (Value, error) {
	for i := int(Yes); i <= int(NotAsked); i++ {
		if valueNames[i] == word {
			return Value(i), nil
		}
	}
	return 0, fmt.Errorf("the answer is not one of yes, no, unclear, unknown, declined, not_asked")
}

// MarshalText writes the value as its word.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the value from its word.
func (v *Value) UnmarshalText(text []byte) error {
	if string(text) == valueNames[Given] {
		*v = Given
		return nil
	}
	parsed, err := ParseValue(string(text))
	*v = parsed
	return err
}

// settled values say that nothing is left to learn about an item.
func (v Value) settled() bool { return v == Yes || v == No || v == Given }

// How says how an answer came about.
type How string

// The ways in which an answer comes about.
const (
	Asked       How = "asked"
	Reworded    How = "reworded"
	Volunteered How = "volunteered"
	Observed    How = "observed"
	// Earlier: recorded in another interview with the same person, or checked before for all of a shift.
	Earlier How = "earlier"
	Alone   How = "alone"    // the person answered alone, on the card that was handed over
	OnPaper How = "on_paper" // the person filled in a card on paper
)

// Answer is what is known about one item.
type Answer struct {
	Value Value
	How   How
	// Text is the content of an item that is not answered with yes or no.
	Text string
}

// offered tells answers that were not the reply to a question: they count even where the question would not be asked.
// What an earlier interview found counts likewise: no answer of today takes it back.
func (a Answer) offered() bool {
	return a.How == Volunteered || a.How == Observed || a.How == Earlier && a.Value == Yes
}

// Age is how the person is treated. Unsure is treated as a child until it was checked.
type Age string

// The ages. The zero value is invalid.
const (
	Adult  Age = "adult"
	Child  Age = "child"
	Unsure Age = "unsure"
)

func (a Age) child() bool { return a != Adult }

// Outcome says what to do next.
type Outcome uint8

// The outcomes, low to high.
const (
	NoSignsSoFar Outcome = iota + 1
	NotEnoughKnown
	TalkFurther
	ReferNow
)

var outcomeNames = [...]string{"", "no_signs_so_far", "not_enough_known", "talk_further", "refer_now"}

func (o Outcome) String() string { return outcomeNames[o] }

// MarshalText writes the outcome as its word.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the outcome from its word.
func (o *Outcome) UnmarshalText(text []byte) error {
	for i, name := range outcomeNames {
		if i > 0 && name == string(text) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("unknown outcome %q", text)
}

// State is what is known about an element.
type State uint8

// The states of an element.
const (
	NotIndicated State = iota + 1
	StillOpen
	Partial
	Indicated
)

var stateNames = [...]string{"", "not_indicated", "open", "partial", "indicated"}

func (s State) String() string { return stateNames[s] }

// MarshalText writes the state as its word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the state from its word.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if i > 0 && name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("unknown state %q", text)
}
