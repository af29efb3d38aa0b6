package report

import (
	"errors"
	"fmt"
	"time"

	"tipscreen/screening"
	"tipscreen/screening/referral"
)

// Kind is a paper.
type Kind string

// The papers.
const (
	Hold     Kind = "hold"     // penalties wait: number, time, claim, contact, request; no story
	Referral Kind = "referral" // for the body that protects
	Help     Kind = "help"     // for the person: rights, what can happen next, contacts
	Discreet Kind = "discreet" // for the person, where others may find it
	Letter   Kind = "letter"   // asks not to penalise
)

// Kinds lists the papers.
func Kinds() []Kind { return []Kind{Hold, Referral, Help, Discreet, Letter} }

// ForPerson reports whether the person takes the paper along, so that it has to be safe to carry.
func (k Kind) ForPerson() bool { return k == Help || k == Discreet }

// Say gives the words of a message. draft: nobody has reviewed them.
type Say func(id string, data map[string]any) (words string, draft bool, err error)

// Language is one language of a paper. Official says what officials read, Person what the person reads.
type Language struct {
	Tag              string
	RightToLeft      bool
	Official, Person Say
}

// Facts are what a paper is made of.
type Facts struct {
	// Number is the short reference of the record, or a number of its own where nothing is recorded.
	Number string
	// At is when the interview was finished, in the time zone of the place; Now decides what is stale.
	At, Now time.Time
	// Claim: the person or a lawyer says that it was trafficking, whether or not the record says so.
	Claim bool
	// Waits: the official says that penalties wait, for somebody who wants no record.
	Waits bool
	// Contacts are the duty contacts of the unit.
	Contacts string
	// Head is the end of the log, short enough to be copied by hand.
	Head string
	// Record is the protection part; nil where the person wanted no record. Identity is nil unless a name shall be on the paper.
	Record, Identity *screening.Part
	Directory        *referral.Directory
	Place            referral.Place
	Offers           referral.Offers
}

// ErrNoHold means that nothing asks for penalties to wait.
var ErrNoHold = errors.New("nothing asks for the hold")

// ErrNoRecord means that a paper needs a record and there is none.
var ErrNoRecord = errors.New("this paper needs a record")

// Make makes a paper in one or two languages. Errors: [ErrNoHold], [ErrNoRecord], a [*screening.ConsentError], a message that a
// language lacks.
func Make(kind Kind, f *Facts, languages ...Language) ([]byte, error) {
	if len(languages) == 0 || len(languages) > 2 {
		return nil, fmt.Errorf("a paper is in one or two languages, not in %d", len(languages))
	}
	if err := f.allows(kind); err != nil {
		return nil, err
	}
	page := page{Kind: kind, Number: f.Number, Head: f.Head}
	for _, language := range languages {
		w := &writer{Facts: f, language: language}
		page.Columns = append(page.Columns, w.column(kind))
		if w.err != nil {
			return nil, fmt.Errorf("%s in %s: %w", kind, language.Tag, w.err)
		}
	}
	return page.html()
}

// allows holds the paper against what the person agreed to.
func (f *Facts) allows(kind Kind) error {
	if f.Record == nil && kind == Referral {
		return ErrNoRecord
	}
	if f.Identity != nil {
		if kind != Referral && kind != Letter {
			return fmt.Errorf("a name does not stand on the paper %s", kind)
		}
		if f.Record == nil || !f.Record.Consented("identity") {
			return &screening.ConsentError{Layers: []string{"identity"}}
		}
	}
	switch {
	case kind == Referral && !f.Record.Consented("share"):
		return &screening.ConsentError{Layers: []string{"share"}}
	case (kind == Hold || kind == Letter) && !f.held():
		return ErrNoHold
	}
	return nil
}

// held reports whether penalties have to wait.
func (f *Facts) held() bool {
	return f.Claim || f.Waits || f.assessment() != nil && len(f.assessment().Hold) > 0
}

// because reports whether one of the reasons for the hold is this one.
func (f *Facts) because(reason string) bool {
	if a := f.assessment(); a != nil {
		for _, one := range a.Hold {
			if one == reason {
				return true
			}
		}
	}
	return reason == "claim" && f.Claim
}

func (f *Facts) assessment() *screening.Assessment {
	if f.Record == nil {
		return nil
	}
	return f.Record.Weighed()
}
