package wording

import (
	"slices"
	"time"

	"tipscreen/screening/referral"
)

// Offer is one kind of help to be offered next, in the official's words.
type Offer struct {
	Title, Text string
	// Marks say that it comes first, and what became of it.
	Marks []string
	// Contacts name who can be asked, each with the day on which it was checked.
	Contacts []string
}

// Lines are the offer as lines of a page.
func (o Offer) Lines() []string {
	title := o.Title
	for i, mark := range o.Marks {
		title += map[bool]string{true: " (", false: ", "}[i == 0] + mark
	}
	if len(o.Marks) > 0 {
		title += ")"
	}
	lines := []string{title, "    " + o.Text}
	for _, contact := range o.Contacts {
		lines = append(lines, "    "+contact)
	}
	return lines
}

// Offers puts next steps into words, with what became of each and with whom the directory knows at a place. It is for the
// result and for lists alike.
func (w *Words) Offers(steps []referral.Step, states referral.Offers, directory *referral.Directory, place referral.Place, now time.Time) ([]Offer, error) {
	var prompt Prompt
	s := &speaker{w: w, p: &prompt}
	var offers []Offer
	for _, step := range steps {
		title, err := w.reading.Say("service."+string(step.Service), nil)
		s.note(err)
		offer := Offer{Title: title.Words, Text: s.official("service." + string(step.Service) + ".text")}
		if step.Now {
			offer.Marks = append(offer.Marks, s.official("service.now"))
		}
		if state := states[step.Service]; state != "" {
			offer.Marks = append(offer.Marks, s.official("offer."+string(state)))
		}
		for _, e := range directory.Find(place, step.Service) {
			id := "sheet.checked"
			if e.Stale(now) {
				id = "sheet.stale"
			}
			checked, err := w.official.Say(id, map[string]any{"Date": string(e.CheckedOn)})
			s.note(err)
			offer.Contacts = append(offer.Contacts, e.NameIn(w.official.Tag())+": "+e.Contact+" ("+checked.Words+")")
		}
		offers = append(offers, offer)
	}
	return slices.Clip(offers), s.err
}
