package export

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tipscreen/indicators"
	"tipscreen/screening"
	"tipscreen/screening/referral"
)

// Profile says for whom an export is.
type Profile string

// The profiles.
const (
	// ForProtection is the body that protects people: all that the person agreed to pass on.
	ForProtection Profile = "protection"
	// ForInvestigation is whoever looks into what happened: what bears on act, means and purpose, no need and no story.
	ForInvestigation Profile = "investigation"
	// ForImmigration is whoever decides about entry and stay: that penalties wait, and nothing else. No layer of consent
	// covers an answer for them, and what a person needs or fears never goes there.
	ForImmigration Profile = "immigration"
)

// Profiles lists them.
func Profiles() []Profile { return []Profile{ForProtection, ForInvestigation, ForImmigration} }

// layer is the consent that the answers of a profile rest on.
var layer = map[Profile]string{ForProtection: "share", ForInvestigation: "investigation"}

// ErrProfile means that no consent covers this kind of export for this profile.
var ErrProfile = errors.New("no consent covers this export")

// Source is what a record is gathered from.
type Source struct {
	Reference  string
	Protection *screening.Part
	// Investigation is nil where the person did not agree to it; Identity is nil unless a name shall be in the export.
	Investigation, Identity *screening.Part
	Offers                  referral.Offers
	// Data says what each item is evidence of.
	Data *indicators.Data
}

// Format is the version of the written form.
const Format = "tipscreen/record/1"

// Record is one finished interview as it leaves for one profile.
type Record struct {
	Format  string  `json:"format"`
	Profile Profile `json:"profile"`
	// ReliesOn names the layers of consent.
	ReliesOn  []string `json:"relies_on"`
	Reference string   `json:"reference"`
	Finished  string   `json:"finished"` // RFC 3339, UTC
	// Waits: penalties wait. Hold names the reasons, as far as the profile may know them.
	Waits     bool              `json:"penalties_wait"`
	Hold      []string          `json:"hold"`
	Age       string            `json:"age,omitempty"`
	Plan      string            `json:"plan,omitempty"`
	Program   string            `json:"program,omitempty"`
	Languages []string          `json:"languages,omitempty"` // the official's, the person's
	Stopped   bool              `json:"stopped,omitempty"`
	Consents  map[string]string `json:"consents,omitempty"`
	// Points are what the person was told about the record, and ticked.
	Points  []string `json:"consent_points,omitempty"`
	Outcome string   `json:"outcome,omitempty"`
	// Raised is the outcome that the official chose above the assessed one.
	Raised     string                               `json:"raised,omitempty"`
	Because    []string                             `json:"because,omitempty"`
	Flags      []string                             `json:"flags,omitempty"`
	Elements   *screening.ElementStates             `json:"elements,omitempty"`
	Frameworks map[string]screening.FrameworkResult `json:"frameworks,omitempty"`
	Versions   map[string]string                    `json:"versions,omitempty"`
	Answers    []Answer                             `json:"answers,omitempty"`
	Statements []Statement                          `json:"statements,omitempty"`
	Services   referral.Offers                      `json:"services,omitempty"`
	Identity   *Identity                            `json:"identity,omitempty"`
}

// Answer is what became of one item. The values stay six different things; Counted is false where the answer left the path.
type Answer struct {
	Item    string `json:"item"`
	Value   string `json:"value"`
	How     string `json:"how,omitempty"`
	Text    string `json:"text,omitempty"`
	Counted bool   `json:"counted"`
}

// Statement is what was written down in free words: told by the person, or noted by the official.
type Statement struct {
	Kind string `json:"kind"` // told or note
	Step string `json:"step"`
	Text string `json:"text"`
}

// Identity is who the person is, with their consent.
type Identity struct {
	Name    string `json:"name,omitempty"`
	Contact string `json:"contact,omitempty"`
}

// Gather makes what a profile may get. Errors: a [*screening.ConsentError], [ErrProfile].
func Gather(s *Source, profile Profile) (*Record, error) {
	p := s.Protection
	if p == nil || p.Compartment != screening.Protection || p.Assessment == nil {
		return nil, errors.New("an export begins with the protection part of a finished record")
	}
	r := &Record{Format: Format, Profile: profile, ReliesOn: []string{"record"}, Reference: s.Reference, Finished: finished(p), Hold: slices.Clone(p.Assessment.Hold)}
	r.Waits = len(p.Weighed().Hold) > 0
	if r.Hold == nil {
		r.Hold = []string{}
	}
	if profile == ForImmigration {
		if s.Identity != nil {
			return nil, ErrProfile
		}
		// The other reasons are answers.
		r.Hold = slices.DeleteFunc(r.Hold, func(reason string) bool { return reason != "claim" && reason != "child" })
		return r, nil
	}
	needed, known := layer[profile]
	if !known {
		return nil, fmt.Errorf("there is no profile %q", profile)
	}
	if !p.Consented(needed) {
		return nil, &screening.ConsentError{Layers: []string{needed}}
	}
	r.ReliesOn = append(r.ReliesOn, needed)
	a := p.Assessment
	r.Age, _ = p.Reply("gate.age")
	r.Plan, r.Program, r.Languages, r.Stopped = p.Plan, p.Program, []string{p.Official, p.Person}, p.Stopped
	r.Outcome, r.Because, r.Elements, r.Frameworks, r.Versions = a.Outcome.String(), a.Because, &a.Elements, a.Frameworks, a.Versions
	if p.Raised != nil {
		r.Raised = p.Raised.String()
	}
	r.answers(s, profile)
	if profile == ForInvestigation {
		return r, s.named(r, false)
	}
	r.Flags, r.Consents, r.Points, r.Services = a.Flags, p.Consents, p.Chosen("consent.points"), s.Offers
	r.statements(p)
	return r, s.named(r, true)
}

// statements adds what was told and noted in a part.
func (r *Record) statements(p *screening.Part) {
	for _, e := range p.Events {
		switch {
		case e.Note == "":
		case e.Kind == screening.Noted:
			r.Statements = append(r.Statements, Statement{"note", e.Step, e.Note})
		case e.Kind == screening.Answered && (strings.HasPrefix(e.Step, "open.") || e.Step == "closing.more"):
			r.Statements = append(r.Statements, Statement{"told", e.Step, e.Note})
		}
	}
}

// named adds the name where it was asked for and agreed to.
func (s *Source) named(r *Record, allowed bool) error {
	if s.Identity == nil {
		return nil
	}
	if !allowed {
		return ErrProfile
	}
	if !s.Protection.Consented("identity") {
		return &screening.ConsentError{Layers: []string{"identity"}}
	}
	r.ReliesOn = append(r.ReliesOn, "identity")
	r.Identity = &Identity{}
	_, r.Identity.Name = s.Identity.Reply("closing.name")
	if s.Protection.Consented("recontact") {
		r.ReliesOn = append(r.ReliesOn, "recontact")
		_, r.Identity.Contact = s.Identity.Reply("closing.contact")
	}
	return nil
}

// answers adds the items that the profile may get, in the order in which they were answered. An allegation is in no part
// that is read here; should one be, it is left out.
func (r *Record) answers(s *Source, profile Profile) {
	parts := []*screening.Part{s.Protection}
	if s.Investigation != nil && s.Protection.Consented("investigation") {
		parts = append(parts, s.Investigation)
		if !slices.Contains(r.ReliesOn, "investigation") {
			r.ReliesOn = append(r.ReliesOn, "investigation")
		}
		r.statements(s.Investigation) // what the person gives to an investigation
	}
	left := map[string]string{}
	for _, one := range s.Protection.Assessment.Ignored {
		left[one.Key] = one.Why
	}
	seen := map[string]bool{}
	for _, part := range parts {
		given := part.Answers()
		for _, e := range part.Events {
			id := strings.TrimPrefix(e.Step, "sensitive.")
			answer, ok := given[id]
			if !ok || seen[id] || left[id] == "sealed" || !s.allows(id, profile) {
				continue
			}
			seen[id] = true
			r.Answers = append(r.Answers, Answer{Item: id, Value: answer.Value.String(), How: string(answer.How), Text: answer.Text, Counted: left[id] == ""})
		}
	}
}

// allows tells whether a profile may get an item. An item that the data do not know goes to nobody but those who protect.
func (s *Source) allows(id string, profile Profile) bool {
	item, known := s.Data.Item(id)
	if known && (item.Sealed() || item.Compartment == screening.Allegation) {
		return false
	}
	if profile == ForProtection {
		return true
	}
	if !known {
		return false
	}
	bears := item.Compartment == screening.Investigation
	for _, ref := range item.Evidences {
		f, one, ok := s.Data.Indicator(ref)
		if !ok {
			continue
		}
		if slices.Contains(needs, one.Flag) {
			return false
		}
		bears = bears || f.ElementsOf(one)&indicators.Trafficking != 0
	}
	return bears
}

// needs are the flags of indicators that say what a person needs or fears: an item behind one goes to those who protect.
var needs = []string{"protection_need", "health"}

// finished is when the interview was finished.
func finished(p *screening.Part) string {
	for i := len(p.Events) - 1; i >= 0; i-- {
		if p.Events[i].Kind == screening.Finished || i == 0 {
			return p.Events[i].At.UTC().Format(time.RFC3339)
		}
	}
	return ""
}

// Schema is the JSON Schema of what JSON writes.
//
//go:embed schema/record.schema.json
var Schema []byte

// JSON writes the record with the name of its schema's format in it.
func (r *Record) JSON() ([]byte, error) {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the record: %w", err)
	}
	return append(content, '\n'), nil
}
