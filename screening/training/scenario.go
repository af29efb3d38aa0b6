package training

import (
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// Scenario is one invented person and what an interview with them holds. Countries and people are fictional.
type Scenario struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Level is 1 for a first exercise, 2, or 3.
	Level int    `yaml:"level"`
	Plan  string `yaml:"plan"`
	// Warning names hard subjects, so that a trainee can choose another scenario (Warnings lists the words).
	Warning []string `yaml:"warning"`
	// Briefing is all that the trainee knows beforehand.
	Briefing string `yaml:"briefing"`
	Person   Person `yaml:"person"`
	// Traps are the circumstances of the rules that somebody might hold against this person; none of them lowers anything.
	Traps []string `yaml:"traps,omitempty"`
	// Gate has, for a check, or for a detail of one as needs.food, what is seen each time that it is made. The last one is in
	// order, unless Later says that the talk is to be put off; with more than one, the trainee has to see that something is
	// not yet right.
	Gate map[string][]Look `yaml:"gate,omitempty"`
	// Later is what would be noted about when and where the talk goes on; without it, putting it off is not called for.
	Later string `yaml:"later,omitempty"`
	// Consents has what the person says to a layer of consent. Without an entry they agree to talk and to a record, and to
	// nothing else.
	Consents map[string]Line `yaml:"consents,omitempty"`
	// Topics is the order in which the person wants to speak of them; what is not named follows in the order of the plan.
	Topics []string `yaml:"topics,omitempty"`
	// Rights is what the person says when told that a lawyer may come first: go_on, which is the default, or lawyer.
	Rights *Line  `yaml:"rights,omitempty"`
	Story  Story  `yaml:"story"`
	Facts  []Fact `yaml:"facts,omitempty"`
	// Otherwise is said to every question about something that did not happen.
	Otherwise string  `yaml:"otherwise"`
	Events    []Event `yaml:"events,omitempty"`
	// Closing has what the person says to a closing question.
	Closing map[string]string `yaml:"closing,omitempty"`
	// Wishes are what the person needs at the end. Leaflet says whether a paper is safe to have: safe, which is the default,
	// or not_safe.
	Wishes   []string   `yaml:"wishes,omitempty"`
	Leaflet  *Line      `yaml:"leaflet,omitempty"`
	Expect   Expect     `yaml:"expect"`
	Teaching []Teaching `yaml:"teaching"`

	File   string `yaml:"-"`
	Digest string `yaml:"-"`
}

// Person is who is played.
type Person struct {
	Name    string `yaml:"name"`
	Age     int    `yaml:"age"`
	Country string `yaml:"country"`
	// Card tells an actor how to play the person.
	Card string `yaml:"card"`
}

// Look is what is seen when a check of the gate is made, with the answer that is right then.
type Look struct {
	Answer string `yaml:"answer"`
	Scene  string `yaml:"scene"`
}

// Line is an answer and the words for it.
type Line struct {
	Answer string `yaml:"answer"`
	Said   string `yaml:"said"`
}

// Story is what the person says to the open invitation. Tells are the items that this answers with yes.
type Story struct {
	Said  string   `yaml:"said"`
	Tells []string `yaml:"tells,omitempty"`
}

// Fact is what is true about one item. An item without a fact did not happen.
type Fact struct {
	Item   string `yaml:"item"`
	Answer string `yaml:"answer"`
	// Said is what the person says; Seen, for an item that is only seen or read, what there is to be seen.
	Said string `yaml:"said,omitempty"`
	Seen string `yaml:"seen,omitempty"`
	// Needs are the conditions under which the person says so (Conditions lists the words); otherwise Hidden is said.
	Needs  []string `yaml:"needs,omitempty"`
	Hidden *Line    `yaml:"hidden,omitempty"`
	// Preview is what the person chooses before a sensitive question: ask (the default) or skip.
	Preview string `yaml:"preview,omitempty"`
	// Trap is the circumstance that might make somebody mark this fact otherwise.
	Trap string `yaml:"trap,omitempty"`
}

// Event is something that happens during the interview.
type Event struct {
	ID   string    `yaml:"id"`
	Kind EventKind `yaml:"kind"`
	// At names the steps of the plan, or items that are always asked, at which it may happen; the seed of a run chooses one.
	At    []string `yaml:"at"`
	Scene string   `yaml:"scene"`
	Said  string   `yaml:"said,omitempty"`
	// After is seen once the trainee has reacted.
	After string `yaml:"after,omitempty"`
	// Tells are items that the event tells to be so.
	Tells []string `yaml:"tells,omitempty"`
	// Signs are the signs of distress that are to be seen.
	Signs []string `yaml:"signs,omitempty"`
	// React lists the commands that are a good reaction, the best first, and Within how many answers may come before it. A
	// stop may name its reason, as stop.person.
	React  []string `yaml:"react"`
	Within int      `yaml:"within,omitempty"`
	// Why says to the trainee afterwards what was at stake.
	Why string `yaml:"why"`
}

// EventKind is a kind of thing that happens.
type EventKind string

// EventKinds are the kinds of events.
func EventKinds() []EventKind {
	return []EventKind{"companion_returns", "phone_rings", "interpreter_unfit", "distress", "child_disclosure", "privacy_lost", "lawyer_claim", "person_claim", "agent_asks", "danger", "asks_to_stop"}
}

// Expect is the right end.
type Expect struct {
	Outcome string `yaml:"outcome"`
	// Flags are flags that the findings set, beside others.
	Flags []string `yaml:"flags,omitempty"`
	// Refer lists to whom the person is rightly sent first; each is good (Referrals lists the words).
	Refer []string `yaml:"refer"`
}

// Teaching is a point for the talk afterwards, with where it comes from.
type Teaching struct {
	Point  string `yaml:"point"`
	Source string `yaml:"source"`
}

// Conditions are the words of Fact.Needs: the open invitation was made; the check of the gate is in order, for the needs
// that each was seen to; every event so far was reacted to.
func Conditions() []string {
	return []string{"open", "privacy", "alone", "needs", "choice", "interpreter", "calm"}
}

// Warnings are the hard subjects.
func Warnings() []string {
	return []string{"violence", "confinement", "debt", "sexual_harm", "child", "self_harm", "threats", "illness", "none"}
}

// Referrals are the bodies to whom a person can be sent, and no_referral: advice and a leaflet.
func Referrals() []string {
	return []string{"referral_body", "child_protection", "health", "labour_inspection", "asylum", "legal_aid", "further_talk", "no_referral"}
}

// Circumstances are what officials often hold against a person and what lowers nothing. Package screening accepts the same
// words in a case, to prove it.
func Circumstances() []string {
	return []string{
		"written_contract", "paid", "papers_given_willingly", "regular_entry", "smuggler_used", "knew_it_was_fraud", "male",
		"educated", "denies", "no_evidence", "irregular_status", "admits_offence", "sex_work", "genuine_recruitment",
	}
}

// reactions are the words of Event.React with the events that they stand for.
var reactions = map[string]screening.EventKind{
	"break": screening.Paused, "distress": screening.Distress, "danger": screening.Danger, "claim": screening.Claimed, "hide": screening.Hidden,
	"stop": screening.Stopped, "later": screening.Stopped, "note": screening.Noted, "told": screening.Answered,
}

// fact finds what is true about an item.
func (s *Scenario) fact(item string) *Fact {
	for i := range s.Facts {
		if s.Facts[i].Item == item {
			return &s.Facts[i]
		}
	}
	return nil
}

func (s *Scenario) event(id string) *Event {
	for i := range s.Events {
		if s.Events[i].ID == id {
			return &s.Events[i]
		}
	}
	return nil
}

// consent is what the person wants of a layer.
func (s *Scenario) consent(layer string) string {
	if line, ok := s.Consents[layer]; ok {
		return line.Answer
	}
	if layer == "talk" || layer == "record" || layer == "both" {
		return "yes"
	}
	return "no"
}

// right is what the person says when told of their rights.
func (s *Scenario) right() string {
	if s.Rights == nil {
		return "go_on"
	}
	return s.Rights.Answer
}

// leaflet tells whether a paper is safe.
func (s *Scenario) leaflet() string {
	if s.Leaflet == nil {
		return "safe"
	}
	return s.Leaflet.Answer
}

// child tells whether the person is rightly treated as a child.
func (s *Scenario) child() bool {
	looks := s.Gate["age"]
	return len(looks) > 0 && looks[len(looks)-1].Answer != string(screening.Adult)
}

// nextTopic is the topic that the person wants to speak of, of those that are left.
func (s *Scenario) nextTopic(left []string) string {
	for _, topic := range s.Topics {
		if slices.Contains(left, topic) {
			return topic
		}
	}
	if len(left) == 0 {
		return ""
	}
	return left[0]
}

// truth is what is so about an item: yes, no, or what the fact says.
func (s *Scenario) truth(item *indicators.Item) string {
	if f := s.fact(item.ID); f != nil {
		return f.Answer
	}
	switch item.Kind {
	case indicators.YesNo:
		return screening.No.String()
	case indicators.Choice:
		return screening.Unknown.String()
	}
	return "" // nothing to write
}

// Lines are the person's words by the id of the line.
type Lines map[string]string

// Lines gives the person's words in the language of the scenario, English. The ids are those of translations.
func (s *Scenario) Lines() Lines {
	lines := Lines{"story": s.Story.Said, "otherwise": s.Otherwise}
	for layer, line := range s.Consents {
		lines["consent."+layer] = line.Said
	}
	for id, line := range map[string]*Line{"rights": s.Rights, "leaflet": s.Leaflet} {
		if line != nil {
			lines[id] = line.Said
		}
	}
	for _, f := range s.Facts {
		if f.Said != "" {
			lines["fact."+f.Item] = f.Said
		}
		if f.Hidden != nil {
			lines["hidden."+f.Item] = f.Hidden.Said
		}
	}
	for _, e := range s.Events {
		if e.Said != "" {
			lines["event."+e.ID] = e.Said
		}
	}
	for question, said := range s.Closing {
		lines["closing."+question] = said
	}
	for id, text := range lines {
		lines[id] = strings.TrimSpace(text)
	}
	return lines
}
