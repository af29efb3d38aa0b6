package indicators

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// Strength says how much an indicator weighs. The zero value is invalid, so that a forgotten field is noticed.
type Strength uint8

// The strengths, low to high. None is kept for facts that never weigh but that officials misread.
const (
	None Strength = iota + 1
	Weak
	Medium
	Strong
)

var strengthNames = [...]string{"", "none", "weak", "medium", "strong"}

func (s Strength) String() string { return strengthNames[s] }

// MarshalText writes the strength as its word.
func (s Strength) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the strength from its word.
func (s *Strength) UnmarshalText(text []byte) error {
	for i, name := range strengthNames {
		if i > 0 && name == string(text) {
			*s = Strength(i)
			return nil
		}
	}
	return fmt.Errorf("strength %q is not one of none, weak, medium, strong", text)
}

// UnmarshalYAML is there so that a wrong word is reported with its line.
func (s *Strength) UnmarshalYAML(node *yaml.Node) error {
	if err := s.UnmarshalText([]byte(node.Value)); err != nil {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %v", node.Line, err)}}
	}
	return nil
}

// Elements is a set of the things that an indicator is evidence of.
type Elements uint8

// Act, means and purpose are the elements of trafficking (UN Protocol, art. 3 (a)). Vulnerability and need are context
// for the referral; they never make an element.
const (
	Act Elements = 1 << iota
	Means
	Purpose
	Vulnerability
	Need
)

// Trafficking is the three elements that an assessment speaks of.
const Trafficking = Act | Means | Purpose

var elementNames = []struct {
	bit  Elements
	name string
}{{Act, "act"}, {Means, "means"}, {Purpose, "purpose"}, {Vulnerability, "vulnerability"}, {Need, "need"}}

// Names lists the set in the order act, means, purpose, vulnerability, need.
func (e Elements) Names() []string { return elementLists[e&31] }

// elementLists holds the names of every possible set, so that reasons can be written without allocating.
var elementLists = func() (lists [32][]string) {
	for set := range lists {
		lists[set] = []string{}
		for _, element := range elementNames {
			if Elements(set)&element.bit != 0 {
				lists[set] = append(lists[set], element.name)
			}
		}
	}
	return lists
}()

// ElementSet is the written form of Elements: a list of names.
type ElementSet []string

// Bits turns the names into a set and reports the first name that is not an element.
func (names ElementSet) Bits() (set Elements, unknown string) {
next:
	for _, name := range names {
		for _, element := range elementNames {
			if element.name == name {
				set |= element.bit
				continue next
			}
		}
		return set, name
	}
	return set, ""
}

// Framework is one published set of indicators, or one made by an agency, with the rules that its publisher gives.
type Framework struct {
	ID        string `yaml:"id" json:"id"`
	Title     string `yaml:"title" json:"title"`
	Publisher string `yaml:"publisher" json:"publisher"`
	Year      int    `yaml:"year" json:"year"`
	Revised   int    `yaml:"revised,omitempty" json:"revised,omitempty"`
	// Verified is true only when somebody has compared this file with the original; Status says what is known.
	Verified   *bool       `yaml:"verified_against_source" json:"verified_against_source"`
	Status     string      `yaml:"status" json:"status"`
	Source     string      `yaml:"source" json:"source"`
	Dimensions []Dimension `yaml:"dimensions,omitempty" json:"dimensions,omitempty"`
	// ElementsWhen says how many of this framework's indicators make an element; empty: none by themselves.
	ElementsWhen []Count     `yaml:"elements_when,omitempty" json:"elements_when,omitempty"`
	Classes      []Class     `yaml:"classes,omitempty" json:"classes,omitempty"`
	Indicators   []Indicator `yaml:"indicators" json:"indicators"`

	File string `yaml:"-" json:"-"`
}

// Dimension groups indicators that together say one thing (as "coercion at destination").
type Dimension struct {
	ID       string     `yaml:"id" json:"id"`
	Phase    string     `yaml:"phase" json:"phase"`
	Elements ElementSet `yaml:"elements" json:"elements"`
	// Control: when positive, the person is held or controlled.
	Control bool `yaml:"control,omitempty" json:"control,omitempty"`
	// NeedsControl: indicates its elements only together with control (work that exploits is not yet trafficking).
	NeedsControl bool    `yaml:"needs_control,omitempty" json:"needs_control,omitempty"`
	PositiveWhen []Count `yaml:"positive_when" json:"positive_when"`
}

// Count is one way to reach a threshold: so many strong, so many at least medium, so many of any strength that weighs.
// Counting "at least" means that one more indicator can never undo it.
type Count struct {
	Strong int `yaml:"strong,omitempty" json:"strong,omitempty"`
	Medium int `yaml:"medium,omitempty" json:"medium,omitempty"`
	Any    int `yaml:"any,omitempty" json:"any,omitempty"`
}

// Class is a published combination of dimensions, for researchers; it is never shown to an official.
type Class struct {
	ID   string      `yaml:"id" json:"id"`
	When []ClassTerm `yaml:"when" json:"when"`
}

// ClassTerm asks that any of the dimensions be positive, or that none of them is.
type ClassTerm struct {
	AnyOf    []string `yaml:"any_of" json:"any_of"`
	Positive *bool    `yaml:"positive" json:"positive"`
}

// Strengths are the weights of an indicator in the sets for adults and for children. A zero value: not in that set.
type Strengths struct {
	Adult Strength `yaml:"adult,omitempty" json:"adult,omitempty"`
	Child Strength `yaml:"child,omitempty" json:"child,omitempty"`
}

// Indicator is one published sign.
type Indicator struct {
	ID        string     `yaml:"id" json:"id"`
	Key       string     `yaml:"key,omitempty" json:"key,omitempty"`
	Dimension string     `yaml:"dimension,omitempty" json:"dimension,omitempty"`
	Phase     string     `yaml:"phase,omitempty" json:"phase,omitempty"`
	Elements  ElementSet `yaml:"elements,omitempty" json:"elements,omitempty"`
	// Strength is one weight for everybody; Strengths gives one for adults and one for children. One of the two is set.
	Strength  Strength   `yaml:"strength,omitempty" json:"strength,omitempty"`
	Strengths *Strengths `yaml:"strengths,omitempty" json:"strengths,omitempty"`
	// Control: the person is held or controlled.
	Control bool `yaml:"control,omitempty" json:"control,omitempty"`
	// CountsFor "child" means that it weighs for children only.
	CountsFor string `yaml:"counts_for,omitempty" json:"counts_for,omitempty"`
	// Floor is the lowest outcome once it was seen, whatever else was answered.
	Floor string   `yaml:"floor,omitempty" json:"floor,omitempty"`
	Who   []string `yaml:"who" json:"who"`
	Flag  string   `yaml:"flag,omitempty" json:"flag,omitempty"`
	// NoItem says why no item of the bank asks for it.
	NoItem     string `yaml:"no_item,omitempty" json:"no_item,omitempty"`
	Gloss      string `yaml:"gloss" json:"gloss"`
	Note       string `yaml:"note,omitempty" json:"note,omitempty"`
	Confidence string `yaml:"confidence" json:"confidence"`
	Source     string `yaml:"source" json:"source"`
}

// For gives the weight for an adult or a child; 0 where the indicator is not in that set.
func (i *Indicator) For(child bool) Strength {
	if i.CountsFor == "child" && !child {
		return 0
	}
	if i.Strengths == nil {
		return i.Strength
	}
	if child {
		return i.Strengths.Child
	}
	return i.Strengths.Adult
}

// Sealed reports whether this is an allegation that may concern officials: it weighs nothing and is never shown to one.
func (i *Indicator) Sealed() bool { return len(i.Who) == 1 && i.Who[0] == "sealed" }

// OnlyDisclosed reports whether nobody may ask for it: it is marked when the person speaks of it.
func (i *Indicator) OnlyDisclosed() bool { return len(i.Who) == 1 && i.Who[0] == "disclosure_only" }

// DimensionByID finds a dimension of the framework.
func (f *Framework) DimensionByID(id string) (*Dimension, bool) {
	for i := range f.Dimensions {
		if f.Dimensions[i].ID == id {
			return &f.Dimensions[i], true
		}
	}
	return nil, false
}

// IndicatorByID finds an indicator of the framework.
func (f *Framework) IndicatorByID(id string) (*Indicator, bool) {
	for i := range f.Indicators {
		if f.Indicators[i].ID == id {
			return &f.Indicators[i], true
		}
	}
	return nil, false
}

// ElementsOf is what the indicator is evidence of: its own elements, or those of its dimension.
func (f *Framework) ElementsOf(i *Indicator) Elements {
	names := i.Elements
	if d, ok := f.DimensionByID(i.Dimension); ok && len(names) == 0 {
		names = d.Elements
	}
	set, _ := names.Bits()
	return set
}

// PhaseOf is the indicator's own phase, or that of its dimension.
func (f *Framework) PhaseOf(i *Indicator) string {
	if d, ok := f.DimensionByID(i.Dimension); ok && i.Phase == "" {
		return d.Phase
	}
	return i.Phase
}
