package referral

import "cmp"

// Law is a note on what national law says about not punishing people for what they were made to do. It is a reminder to
// read the section, never advice; the international floor stands beside it wherever it is shown.
type Law struct {
	ID      string            `yaml:"id" json:"id"`
	Country string            `yaml:"-" json:"country"`
	Act     string            `yaml:"act" json:"act"`
	Acts    map[string]string `yaml:"acts,omitempty" json:"acts,omitempty"` // the title in other languages
	// Section, where it was confirmed.
	Section string `yaml:"section,omitempty" json:"section,omitempty"`
	Covers  Covers `yaml:"covers" json:"covers"`
	Gaps    []Gap  `yaml:"gaps,omitempty" json:"gaps,omitempty"`
	// ForcedOffences: whether being made to commit offences is named as exploitation; Route is where it may fit otherwise.
	ForcedOffences Named  `yaml:"forced_offences" json:"forced_offences"`
	Route          string `yaml:"route,omitempty" json:"route,omitempty"`
	Source         string `yaml:"source" json:"source"`
	AsOf           Day    `yaml:"as_of" json:"as_of"`
	// Confidence: confirmed in a source, or partly; what is only remembered is not shipped.
	Confidence string `yaml:"confidence" json:"confidence"`
}

// Title gives the title of the act in a language, or the English one.
func (l *Law) Title(tag string) string { return cmp.Or(l.Acts[tag], l.Act) }

// Covers says what the law lets go unpunished. Each has words under law.covers.
type Covers string

// What a law can cover.
const (
	DirectResult Covers = "direct_result"
	ForcedActs   Covers = "forced_acts"
	ListedActs   Covers = "listed_acts"
	Immunity     Covers = "immunity"
	NoClause     Covers = "no_clause"
)

// Gap is what is missing in a law, or in what is known about it. Each has words under law.gap.
type Gap string

// The gaps.
const (
	ClosedList     Gap = "closed_list" // making people commit online fraud is not on it
	CaseByCase     Gap = "case_by_case"
	ScopeNotRead   Gap = "scope_not_read"
	SectionNotRead Gap = "section_not_read"
)

// Named says whether forced offences are named as exploitation. Each has words under law.forced_offences.
type Named string

// The three states of knowledge.
const (
	IsNamed      Named = "named"
	IsNotNamed   Named = "not_named"
	NotConfirmed Named = "not_confirmed"
)

var (
	allCovers  = []Covers{DirectResult, ForcedActs, ListedActs, Immunity, NoClause}
	allGaps    = []Gap{ClosedList, CaseByCase, ScopeNotRead, SectionNotRead}
	allNamed   = []Named{IsNamed, IsNotNamed, NotConfirmed}
	confidence = []string{"confirmed", "partly"}
)

// LawWords lists the ids of all messages that notes on law can need.
func LawWords() []string {
	var ids []string
	for _, one := range allCovers {
		ids = append(ids, "law.covers."+string(one))
	}
	for _, one := range allGaps {
		ids = append(ids, "law.gap."+string(one))
	}
	for _, one := range allNamed {
		ids = append(ids, "law.forced_offences."+string(one))
	}
	return ids
}
