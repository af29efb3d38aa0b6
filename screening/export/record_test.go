package export_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"tipscreen/screening"
	"tipscreen/screening/export"
	"tipscreen/screening/referral"
)

var everything = map[string]string{}

// TestJSONFollowsItsSchema for each profile, with and without a name, of a whole, a stopped and a silent interview.
func TestJSONFollowsItsSchema(t *testing.T) {
	t.Parallel()
	var s schema
	if err := json.Unmarshal(export.Schema, &s); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"open.story": "a story", "closing.name": "a name", "closing.contact": "a number", "left_how": ""}
	for what, iv := range map[string]*screening.Interview{
		"whole":   interview(t, "adult", "", everything, texts, "work_not_as_promised", "has_messages", "papers_kept", "made_to_scam"),
		"stopped": interview(t, "unsure", "job_online", everything, texts),
		"silent":  interview(t, "child", "", map[string]string{"talk": "no"}, texts),
	} {
		src := source(t, iv, true)
		src.Offers = referral.Offers{referral.Shelter: referral.NotAvailable}
		for _, profile := range export.Profiles() {
			if what == "silent" {
				src.Protection.Consents["share"], src.Protection.Consents["investigation"] = "yes", "yes"
			}
			one := *src
			if profile != export.ForProtection || one.Identity == nil {
				one.Identity = nil
			}
			content, err := gathered(t, &one, profile).JSON()
			if err != nil {
				t.Fatal(err)
			}
			var v any
			if err := json.Unmarshal(content, &v); err != nil {
				t.Fatal(err)
			}
			if err := s.check(v, "$"); err != nil {
				t.Errorf("%s for %s: %v", what, profile, err)
			}
		}
	}
}

// TestConsents: what is not covered is refused, and what is relied on is named.
func TestConsents(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"closing.name": "NAMECANARY", "closing.contact": "PHONECANARY"}
	iv := interview(t, "adult", "", everything, texts, "has_messages")
	for _, test := range []struct {
		what    string
		no      string
		profile export.Profile
		name    bool
		missing string
		relies  string
	}{
		{"all agreed", "", export.ForProtection, true, "", "record share investigation identity recontact"},
		{"no name wanted", "", export.ForProtection, false, "", "record share investigation"},
		{"not shared", "share", export.ForProtection, false, "share", ""},
		{"not for an investigation", "investigation", export.ForInvestigation, false, "investigation", ""},
		{"not for an investigation, but shared", "investigation", export.ForProtection, false, "", "record share"},
		{"no name", "identity", export.ForProtection, true, "identity", ""},
		{"no contact", "recontact", export.ForProtection, true, "", "record share investigation identity"},
		{"investigation", "", export.ForInvestigation, false, "", "record investigation"},
		{"immigration", "share", export.ForImmigration, false, "", "record"},
	} {
		s := source(t, iv, test.name)
		if test.no != "" {
			s.Protection.Consents[test.no] = "no"
		}
		r, err := export.Gather(s, test.profile)
		var consent *screening.ConsentError
		if test.missing != "" {
			if !errors.As(err, &consent) || !slices.Equal(consent.Layers, []string{test.missing}) {
				t.Errorf("%s: got %v, want that %s is missing", test.what, err, test.missing)
			}
			continue
		}
		if err != nil || strings.Join(r.ReliesOn, " ") != test.relies {
			t.Errorf("%s: relies on %v (%v), want %s", test.what, r, err, test.relies)
			continue
		}
		content, _ := r.JSON()
		for canary, want := range map[string]bool{"NAMECANARY": test.name, "PHONECANARY": test.name && test.no != "recontact", "has_messages": test.no != "investigation" && test.profile != export.ForImmigration} {
			if strings.Contains(string(content), canary) != want {
				t.Errorf("%s: holds %s: %v, want %v", test.what, canary, !want, want)
			}
		}
	}
	for _, profile := range []export.Profile{export.ForInvestigation, export.ForImmigration} {
		if _, err := export.Gather(source(t, iv, true), profile); !errors.Is(err, export.ErrProfile) {
			t.Errorf("a name for %s: %v", profile, err)
		}
	}
}

// needs are items that say what a person needs or fears.
var needs = []string{"in_danger_now", "wants_doctor", "pregnant", "afraid_of_them", "afraid_to_go_home", "unofficial_crossing"}

// TestFirewall: whoever decides about entry and stay gets no answer, no need and no fear; an investigation gets no need and
// no story; an allegation goes nowhere.
func TestFirewall(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"open.story": "STORYCANARY"}
	iv := interview(t, "child", "", everything, texts, append([]string{"could_not_leave_place", "work_not_as_promised", "people_still_there"}, needs...)...)
	s := source(t, iv, false)
	allegation := screening.Event{V: 1, Kind: screening.Answered, Step: "officials_helped_on_way", Value: "yes", Note: "ALLEGATIONCANARY"}
	s.Protection.Events = append([]screening.Event{allegation}, s.Protection.Events...)
	s.Protection.Assessment.Flags = append(s.Protection.Assessment.Flags, "protection_need", "health")
	for _, profile := range export.Profiles() {
		r := gathered(t, s, profile)
		content, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(content), string(export.CSV(r))} {
			for _, never := range []string{"officials_helped_on_way", "ALLEGATIONCANARY"} {
				if strings.Contains(text, never) {
					t.Errorf("%s gets the allegation %s", profile, never)
				}
			}
			closed := append([]string{"STORYCANARY", "protection_need", "health"}, needs...)
			if profile == export.ForImmigration {
				closed = append(closed, "could_not_leave_place", "outcome", "elements", "share", "not_enough", "refer_now")
			}
			for _, word := range closed {
				if profile != export.ForProtection && strings.Contains(text, word) {
					t.Errorf("%s gets %s", profile, word)
				}
			}
			if !strings.Contains(text, "penalties_wait") {
				t.Errorf("%s does not learn whether penalties wait", profile)
			}
		}
		if !r.Waits {
			t.Errorf("%s: the penalties of a child do not wait", profile)
		}
	}
	// Every item of the bank, one by one: a yes to it never reaches immigration.
	for _, item := range s.Data.Items {
		s.Protection.Events = append(s.Protection.Events, screening.Event{V: 1, Kind: screening.Answered, Step: item.ID, Value: "yes"})
	}
	content, _ := gathered(t, s, export.ForImmigration).JSON()
	closed := 0
	for _, one := range gathered(t, s, export.ForInvestigation).Answers {
		item, _ := s.Data.Item(one.Item)
		for _, ref := range item.Evidences {
			if _, indicator, _ := s.Data.Indicator(ref); indicator.Flag == "protection_need" || indicator.Flag == "health" {
				t.Errorf("an investigation gets %s", one.Item)
			}
		}
	}
	for _, item := range s.Data.Items {
		for _, ref := range item.Evidences {
			if _, indicator, _ := s.Data.Indicator(ref); indicator.Flag == "protection_need" {
				closed++
			}
		}
	}
	if closed == 0 {
		t.Error("no item shows a need for protection: nothing was tried")
	}
	for _, item := range s.Data.Items {
		if strings.Contains(string(content), item.ID) {
			t.Errorf("immigration gets %s", item.ID)
		}
	}
}

// hostile are cells that spreadsheets have taken for formulas or commands, and names and texts of many scripts.
var hostile = []string{
	`=1+1`, `=HYPERLINK("http://x","y")`, `+SUM(A1)`, `-2+3`, `@SUM(A1)`, "\t=1", "\r=1", "\n=1", ` =1+1`, "\u00a0=1", "\u200b=1", "\u202e=1", "'=1", `"=1+1"`, "＝1+1", "＋1", "－1", "＠x", "|calc", "%0A=1",
	`=cmd|' /C calc'!A0`, `a,b`, `a"b`, "a\r\nb", "สมชาย ใจดี", "သူဇာ", "សុខា", "ສົມ", "अनिता", "አበበ", "محمد علي", "עברית", "張偉", "O’Brien", "a\u202eb", "👩🏽", "", strings.Repeat("長い=1 ", 2000),
}

// TestCSVIsHarmless: read back, every text is whole, and no cell begins with what a spreadsheet would run.
func TestCSVIsHarmless(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		if text == "" {
			continue
		}
		s := source(t, interview(t, "adult", "", everything, map[string]string{"open.story": text, "closing.name": text, "left_when": text}, "reached_place"), true)
		content := export.CSV(gathered(t, s, export.ForProtection))
		if !strings.HasPrefix(string(content), "\ufeff\"reference\",") {
			t.Fatal("the file does not begin with the mark of UTF-8")
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(content), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatalf("%.20q: %v", text, err)
		}
		whole := 0
		for _, row := range rows {
			if len(row) != 5 {
				t.Fatalf("%.20q: a row of %d cells", text, len(row))
			}
			for _, cell := range row {
				bare := strings.TrimLeft(cell, " \u00a0\u200b\u202e\"")
				if bare != "" && strings.ContainsAny(bare[:1], "=+-@\t\r\n|%") || strings.HasPrefix(bare, "＝") || strings.HasPrefix(bare, "＋") || strings.HasPrefix(bare, "－") || strings.HasPrefix(bare, "＠") {
					t.Errorf("a cell begins like a formula: %.20q", cell)
				}
			}
			// The reader of the standard library makes one sign of \r\n, as every reader does.
			if want := strings.ReplaceAll(text, "\r\n", "\n"); row[4] == want || row[4] == "'"+want {
				whole++
			}
		}
		if whole < 2 {
			t.Errorf("%.20q came out whole %d times", text, whole)
		}
	}
}
