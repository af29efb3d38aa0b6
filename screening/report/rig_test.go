package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/locales"
	"tipscreen/screening"
	"tipscreen/screening/referral"
	"tipscreen/screening/report"
)

// catalog is everything that ships, and the pseudo language, in which whatever did not come from locales shows.
var catalog = locales.Open(locales.Pseudo(locales.Embedded()))

func language(t testing.TB, tag string) report.Language {
	t.Helper()
	person, err := catalog.Speaker(tag, locales.Person)
	if err != nil {
		t.Fatal(err)
	}
	one := report.Language{Tag: tag, RightToLeft: person.RightToLeft(), Person: saying(person)}
	if official, err := catalog.Speaker(tag, locales.Official); err == nil {
		one.Official = saying(official)
	}
	return one
}

func saying(s *locales.Speaker) report.Say {
	return func(id string, data map[string]any) (string, bool, error) {
		text, err := s.Say(id, data)
		return text.Words, text.Status != locales.Source && text.Status != locales.Reviewed, err
	}
}

// papers lists each kind in each language that has words for it.
func papers(t testing.TB, visit func(kind report.Kind, one report.Language)) {
	t.Helper()
	for _, tag := range catalog.Languages() {
		one := language(t, tag)
		for _, kind := range report.Kinds() {
			if one.Official != nil || kind.ForPerson() {
				visit(kind, one)
			}
		}
	}
}

// The words of an invented person, each to be found again.
const (
	storyCanary = "STORYCANARY a friend offered office work"
	nameCanary  = "NAMECANARY"
	phoneCanary = "PHONECANARY"
	noteCanary  = "NOTECANARY"
)

// yes are the answers of an invented person; the last is an allegation, which no protection part holds.
var yes = []string{"in_danger_now", "wants_doctor", "work_not_as_promised", "could_not_leave_place", "papers_kept", "made_to_scam", "officials_helped_on_way"}

func event(step, value, note string) screening.Event {
	return screening.Event{V: 1, At: time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC), Kind: screening.Answered, Step: step, Value: value, Note: note}
}

// facts are those of a person about whom everything that can be said is said.
func facts(t testing.TB) *report.Facts {
	t.Helper()
	directory, err := referral.Load(referral.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	assessment := screening.Assessment{Outcome: screening.ReferNow, Hold: []string{"claim", "child", "left_a_compound", "outcome"},
		Flags:   []string{"hold", "child", "age_check", "urgent", "health", "family_inside", "specialist", "protection_need"},
		Ignored: []screening.Ignored{{Key: "officials_helped_on_way", Why: "sealed"}}}
	record := &screening.Part{V: 1, Compartment: screening.Protection, Plan: "full", Official: "en", Person: "th", Assessment: &assessment, Stopped: true,
		Consents: map[string]string{"identity": "yes", "share": "yes", "investigation": "no", "statistics": "yes", "recontact": "yes"}}
	record.Events = append(record.Events, event("gate.age", "unsure", ""), event("open.story", "given", storyCanary),
		screening.Event{V: 1, Kind: screening.Noted, Step: "papers_kept", Note: "OFFICIALSNOTE"})
	for _, item := range yes {
		record.Events = append(record.Events, event(item, "yes", ""))
	}
	record.Events = append(record.Events, event("left_how", "ran_away", ""), event("small_comfort", "given", noteCanary))
	identity := &screening.Part{V: 1, Compartment: screening.Identity, Events: []screening.Event{event("closing.name", "given", nameCanary), event("closing.contact", "given", phoneCanary)}}
	at := time.Date(2026, 5, 4, 17, 0, 0, 0, time.FixedZone("", 7*3600))
	return &report.Facts{Number: "701dbc022c", At: at, Now: at, Contacts: "Duty officer, Mae Sot, +66 55 000 000", Head: "19  R52D-X015-CCKB-3H8V-VCG3",
		Record: record, Identity: identity, Directory: directory, Place: referral.Place{Country: "TH", Nationality: "PH"},
		Offers: referral.Offers{referral.Shelter: referral.NotAvailable}}
}

// of is what a paper of a kind may be made of: a name stands on two kinds only.
func of(f *report.Facts, kind report.Kind) *report.Facts {
	if kind != report.Referral && kind != report.Letter {
		copied := *f
		copied.Identity = nil
		return &copied
	}
	return f
}

func made(t testing.TB, kind report.Kind, f *report.Facts, languages ...report.Language) string {
	t.Helper()
	page, err := report.Make(kind, f, languages...)
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return string(page)
}

// visible is the text of a page without its tags and style; foreign tells whether what stands in <bdi>, data and not words
// of the program, is kept.
func visible(page string, foreign bool) string {
	_, body, _ := strings.Cut(page, "<body>")
	var out strings.Builder
	depth := 0
	for body != "" {
		text, rest, found := strings.Cut(body, "<")
		if depth == 0 || foreign {
			out.WriteString(text)
		}
		if !found {
			break
		}
		tag, after, _ := strings.Cut(rest, ">")
		switch {
		case strings.HasPrefix(tag, "bdi"):
			depth++
		case strings.HasPrefix(tag, "/bdi"):
			depth--
		}
		if !strings.HasPrefix(tag, "bdi") && !strings.HasPrefix(tag, "/bdi") {
			out.WriteString("\n")
		}
		body = after
	}
	lines := strings.Split(out.String(), "\n")
	lines = slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(lines, "\n")
}
