package referral_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tipscreen/screening/referral"
)

const whole = `country: TH
services:
  - id: a
    name: "A place"
    offers: [shelter, legal_aid]
    for: [men]
    contact: "000"
    source: "a visit"
    checked_on: 2026-01-31
`

const wholeLaw = `country: TH
laws:
  - id: l
    act: "An Act"
    covers: listed_acts
    gaps: [closed_list]
    forced_offences: not_named
    source: "a book"
    as_of: 2025
    confidence: confirmed
`

func file(name, content string) fstest.MapFS {
	return fstest.MapFS{name: {Data: []byte(content)}}
}

// TestShipped: what ships is well formed, and every entry says where it comes from.
func TestShipped(t *testing.T) {
	t.Parallel()
	d, err := referral.Load(referral.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Entries) == 0 || len(d.Laws) == 0 {
		t.Fatal("nothing ships")
	}
	for _, e := range d.Entries {
		if !e.Stale(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: its source is from %s, so it was stale in November 2026", e.ID, e.CheckedOn)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ what, name, content, want string }{
		{"no source", "th.yaml", strings.Replace(whole, "    source: \"a visit\"\n", "", 1), `th.yaml:3: "a" has no source`},
		{"no date", "th.yaml", strings.Replace(whole, "    checked_on: 2026-01-31\n", "", 1), `"a" has no checked_on that is a date`},
		{"a date that is none", "th.yaml", strings.Replace(whole, "2026-01-31", "2026-02-31", 1), `th.yaml:9: "a" has no checked_on that is a date`},
		{"an unknown service", "th.yaml", strings.Replace(whole, "legal_aid", "massage", 1), `th.yaml:5: "a" has the unknown service "massage"`},
		{"for nobody", "th.yaml", strings.Replace(whole, "    for: [men]\n", "", 1), `does not say what it offers, or for whom`},
		{"an unknown field", "th.yaml", strings.Replace(whole, "contact", "adress", 1), `adress`},
		{"no country", "th.yaml", strings.Replace(whole, "country: TH", "country: Thailand", 1), `not a code of ISO 3166`},
		{"the same id twice", "th.yaml", whole + strings.Join(strings.SplitAfter(whole, "\n")[2:], ""), `already`},
		{"hidden characters", "th.yaml", strings.Replace(whole, "A place", "A \u202eplace", 1), "U+202E"},
		{"another kind of file", "th.json", "{}", "would not be read"},
		{"nothing in it", "th.yaml", "country: TH\n", "lists nothing"},
		{"law without a source", "law/th.yaml", strings.Replace(wholeLaw, "    source: \"a book\"\n", "", 1), `"l" has no source`},
		{"law from memory", "law/th.yaml", strings.Replace(wholeLaw, "confirmed", "remembered", 1), `unknown confidence "remembered"`},
		{"law with an unknown gap", "law/th.yaml", strings.Replace(wholeLaw, "closed_list", "none", 1), `unknown gap "none"`},
		{"services in the folder for law", "law/th.yaml", whole, `services`},
	} {
		_, err := referral.Load(file(test.name, test.content))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.what, err, test.want)
		}
	}
}

// TestOverlay: an agency's file with the same name replaces the whole file, another one is added.
func TestOverlay(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(strings.Replace(whole, "A place", "Another place", 1), "id: a", "id: b")
	d, err := referral.Load(file("th.yaml", whole), file("th.yaml", other), file("more.yaml", strings.Replace(whole, "id: a", "id: c", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Entries) != 2 || d.Entries[0].ID != "c" || d.Entries[1].ID != "b" {
		t.Errorf("got %+v", d.Entries)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	d := &referral.Directory{Entries: []*referral.Entry{
		{ID: "old", Country: "TH", Offers: []referral.Service{referral.Shelter}, CheckedOn: "2024-01-01"},
		{ID: "new", Country: "TH", Offers: []referral.Service{referral.Shelter}, CheckedOn: "2026-01-01"},
		{ID: "near", Country: "TH", District: "Mae Sot", Offers: []referral.Service{referral.Shelter}, CheckedOn: "2025-01-01"},
		{ID: "far", Country: "TH", District: "Hat Yai", Offers: []referral.Service{referral.Shelter}, CheckedOn: "2026-01-01"},
		{ID: "abroad", Country: "MM", Offers: []referral.Service{referral.Shelter}, CheckedOn: "2026-01-01"},
		{ID: "embassy", Country: "TH", Nationals: []string{"PH"}, Offers: []referral.Service{referral.Consular}, CheckedOn: "2026-01-01"},
	}}
	ids := func(place referral.Place, s referral.Service) string {
		var all []string
		for _, e := range d.Find(place, s) {
			all = append(all, e.ID)
		}
		return strings.Join(all, " ")
	}
	for _, test := range []struct {
		place referral.Place
		s     referral.Service
		want  string
	}{
		{referral.Place{Country: "TH", District: "mae sot"}, referral.Shelter, "near new old"},
		{referral.Place{Country: "TH"}, referral.Shelter, "new old"},
		{referral.Place{}, referral.Shelter, ""},
		{referral.Place{Country: "TH"}, referral.Consular, ""},
		{referral.Place{Country: "TH", Nationality: "KE"}, referral.Consular, ""},
		{referral.Place{Country: "TH", Nationality: "PH"}, referral.Consular, "embassy"},
	} {
		if got := ids(test.place, test.s); got != test.want {
			t.Errorf("%+v %s: got %q, want %q", test.place, test.s, got, test.want)
		}
	}
}

func TestStale(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for day, want := range map[referral.Day]bool{
		"2026-06-30": false, "2026-01-03": false, "2026-01-02": true, "2026-07-02": true, "2026": true, "2026-02": false, "soon": true, "": true,
	} {
		if got := (&referral.Entry{CheckedOn: day}).Stale(now); got != want {
			t.Errorf("%q is stale: %v, want %v", day, got, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("th.yaml", whole)
	f.Add("law/th.yaml", wholeLaw)
	f.Add("law/th.yaml", "country: TH\nlaws: [{id: a}, 3]\n")
	f.Fuzz(func(t *testing.T, name, content string) {
		d, err := referral.Load(fstest.MapFS{"x/" + strings.ReplaceAll(name, "/", "_"): {}, "th.yaml": {Data: []byte(content)}, "law/a.yaml": {Data: []byte(content)}})
		if err == nil {
			t.Fatalf("a folder x was read in silence: %v", d)
		}
		if d, err := referral.Load(file("th.yaml", content)); err == nil {
			for _, e := range d.Entries {
				if _, bad := e.CheckedOn.Time(); bad != nil || e.Source == "" || e.Contact == "" {
					t.Errorf("let an entry pass that cannot be relied on: %+v", e)
				}
			}
		}
	})
}
