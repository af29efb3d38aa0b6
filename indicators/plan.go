package indicators

// Plan orders the steps of an interview. What a kind of step does is code (package screening); its order is data, and
// Load proves that the order keeps the protocol.
type Plan struct {
	ID string `yaml:"id" json:"id"`
	// Setting is where the interview takes place: counter or private.
	Setting string `yaml:"setting" json:"setting"`
	Steps   []Step `yaml:"steps" json:"steps"`

	File string `yaml:"-" json:"-"`
}

// Step is one part of a plan.
type Step struct {
	ID   string   `yaml:"id" json:"id"`
	Kind StepKind `yaml:"kind" json:"kind"`
	// Asks lists the checks of a gate, the layers of a consent, the closing questions and what the official settles after.
	Asks []string `yaml:"asks,omitempty" json:"asks,omitempty"`
	// Shift lists the checks of a gate that are made once for a shift and a language, and not for each person.
	Shift []string `yaml:"once_per_shift,omitempty" json:"once_per_shift,omitempty"`
	// Topic: the person chooses when to speak of this step, among the topics that are left.
	Topic bool `yaml:"topic,omitempty" json:"topic,omitempty"`
	// Adults: a child, or somebody who may be one, is not asked this step.
	Adults bool `yaml:"adults,omitempty" json:"adults,omitempty"`
	// Items lists the items of an items step; their follow-ups come along.
	Items []string `yaml:"items,omitempty" json:"items,omitempty"`
}

// StepKind says what a step does.
type StepKind string

// The kinds of steps, in the only order that a plan may have them: the gate first, consent before any item, in a
// private interview an open invitation before any item, then the closing; what the official settles alone, after the
// person has gone, comes last.
const (
	Gate    StepKind = "gate"
	Consent StepKind = "consent"
	Open    StepKind = "open"
	Items   StepKind = "items"
	Closing StepKind = "closing"
	After   StepKind = "after"
)

// Flag is a thing that the official must see beside the outcome, with everything that sets it.
type Flag struct {
	ID    string    `yaml:"id" json:"id"`
	SetBy []Trigger `yaml:"set_by" json:"set_by"`
}

// Trigger sets a flag when all that it names is so.
type Trigger struct {
	// Reason is the word under which the trigger is reported; where it is empty, the flag is reported alone.
	Reason string `yaml:"reason,omitempty" json:"reason,omitempty"`
	// Marked: an indicator that carries this flag is present.
	Marked bool `yaml:"marked,omitempty" json:"marked,omitempty"`
	// Item: this item was answered yes.
	Item string `yaml:"item,omitempty" json:"item,omitempty"`
	// Claim: the person or a lawyer says that this is trafficking.
	Claim bool `yaml:"claim,omitempty" json:"claim,omitempty"`
	// Danger: the danger key was pressed.
	Danger  bool     `yaml:"danger,omitempty" json:"danger,omitempty"`
	Age     []string `yaml:"age,omitempty" json:"age,omitempty"`
	Setting string   `yaml:"setting,omitempty" json:"setting,omitempty"`
	// OutcomeFrom: the outcome is this one or higher.
	OutcomeFrom string `yaml:"outcome_from,omitempty" json:"outcome_from,omitempty"`
	// SupportIn: an indicator of one of these phases weighs.
	SupportIn []string `yaml:"support_in,omitempty" json:"support_in,omitempty"`
	// SupportOf: an indicator of one of these dimensions (framework/dimension) weighs.
	SupportOf []string `yaml:"support_of,omitempty" json:"support_of,omitempty"`
	// NoSupportFor: nothing weighs for this element.
	NoSupportFor string `yaml:"no_support_for,omitempty" json:"no_support_for,omitempty"`
	// NotIndicated: this element is not indicated.
	NotIndicated string `yaml:"not_indicated,omitempty" json:"not_indicated,omitempty"`
}
