package indicators

// Item is one fact, asked, observed or read from a document once, with every indicator that it is evidence of.
// The same fact at another time (papers taken on the way; papers kept at the work place) is another item.
type Item struct {
	ID    string `yaml:"id" json:"id"`
	Phase string `yaml:"phase" json:"phase"`
	Kind  Kind   `yaml:"kind" json:"kind"`
	// Options are the replies of a choice.
	Options     []string `yaml:"options,omitempty" json:"options,omitempty"`
	Compartment string   `yaml:"compartment" json:"compartment"`
	// Who says how the fact may be learned: ask, observe, document; or only disclosure_only (never asked, marked when
	// the person brings it up) or sealed (an allegation, never shown to an official).
	Who []string `yaml:"who" json:"who"`
	// Sensitivity from 0 (anybody may hear it) to 3. From 2 up, the person is asked first whether to go on.
	Sensitivity *int   `yaml:"sensitivity" json:"sensitivity"`
	Setting     string `yaml:"setting" json:"setting"`
	// MinAge: not asked of somebody younger, in years; 0: asked of everybody.
	MinAge int        `yaml:"min_age,omitempty" json:"min_age,omitempty"`
	AskIf  *Condition `yaml:"ask_if,omitempty" json:"ask_if,omitempty"`
	// FollowUps come right after this item wherever a plan lists it; their own ask_if decides whether they are asked.
	FollowUps []string `yaml:"follow_ups,omitempty" json:"follow_ups,omitempty"`
	Evidences []string `yaml:"evidences,omitempty" json:"evidences,omitempty"`
	// Misread: officials often hold this fact against the person; the screen explains why it does not count so.
	Misread bool `yaml:"misread,omitempty" json:"misread,omitempty"`
	// Admits: a yes could be used against the person in court; no detail is asked and a lawyer is offered first.
	Admits bool `yaml:"admits,omitempty" json:"admits,omitempty"`
}

// Kind is the form of an answer.
type Kind string

// The kinds of items. Only yes_no items are evidence of anything.
const (
	YesNo  Kind = "yes_no"
	Choice Kind = "choice"
	Text   Kind = "text"
	Date   Kind = "date"
	Number Kind = "number"
)

// Condition says when an item is asked. Exactly one of All and Any is set.
type Condition struct {
	All []Term `yaml:"all,omitempty" json:"all,omitempty"`
	Any []Term `yaml:"any,omitempty" json:"any,omitempty"`
}

// Term holds when the earlier item was answered with one of the values. The values always contain yes, so that one
// more yes can never take an item off the path.
type Term struct {
	Item string   `yaml:"item" json:"item"`
	Is   []string `yaml:"is" json:"is"`
}

// Terms lists the terms of the condition, whichever way they are joined.
func (c *Condition) Terms() []Term {
	if c == nil {
		return nil
	}
	if len(c.All) > 0 {
		return c.All
	}
	return c.Any
}

// Askable reports whether an official may put the item to the person as a question.
func (i *Item) Askable() bool { return i.known("ask") }

// Observable reports whether the item is only seen or read from a document, never asked.
func (i *Item) Observable() bool {
	return !i.Askable() && (i.known("observe") || i.known("document"))
}

// DisclosureOnly items are never asked: they are marked when the person speaks of them unasked.
func (i *Item) DisclosureOnly() bool { return i.known("disclosure_only") }

// Sealed items are allegations that may concern officials: an official neither asks nor sees them.
func (i *Item) Sealed() bool { return i.known("sealed") }

// Sensitive items are put to the person only after a preview and a choice.
func (i *Item) Sensitive() bool { return *i.Sensitivity >= 2 }

func (i *Item) known(way string) bool {
	for _, who := range i.Who {
		if who == way {
			return true
		}
	}
	return false
}
