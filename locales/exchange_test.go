package locales

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// exchanged is a language that was translated, with what a translator could make trouble with.
func exchanged() fstest.MapFS {
	english := `{"a": {"description": "=SUM(1)", "other": "Say \"{{.x}}\"\nand go on"}, "consent.b": {"description": "d", "other": "Yes"}, "n": {"description": "d", "one": "One", "other": "{{.PluralCount}} all"}}`
	return files("en/official.json", "{}", "en/person.json", english,
		"ru/person.json", `{"a": "=2+2 {{.x}}", "n": {"one": "'o", "few": "-f", "many": "@m", "other": "{{.PluralCount}} +"}}`,
		"ru/review.json", `{"defaults": {"status": "draft", "translator": "T", "date": "2026-01-02"}, "person": {"a": {"source": "`+hash("Say \"{{.x}}\"\nand go on")+`", "back_translation": "four"}, "n": {"source": "`+hash("one\x00One\x00other\x00{{.PluralCount}} all\x00")+`"}}}`)
}

// formats write and read entries.
var formats = map[string]struct {
	write func([]Entry) []byte
	read  func(string, []byte) ([]Entry, error)
}{
	"po":  {func(e []Entry) []byte { var b bytes.Buffer; _ = WritePO(&b, "ru", e); return b.Bytes() }, ReadPO},
	"csv": {func(e []Entry) []byte { var b bytes.Buffer; _ = WriteCSV(&b, e); return b.Bytes() }, ReadCSV},
}

// TestRoundTrip: what is exported and comes back unchanged changes nothing, in each format; no cell of a table is a formula.
func TestRoundTrip(t *testing.T) {
	c := Open(exchanged())
	entries, err := c.Entries("ru")
	if err != nil || len(entries) != 6 || entries[0].ID != "consent.b" {
		t.Fatalf("%v %v", entries, err)
	}
	for name, f := range formats {
		data := f.write(entries)
		got, err := f.read("f", data)
		if err != nil || len(got) != len(entries) {
			t.Fatalf("%s: %v %v\n%s", name, got, err, data)
		}
		for i, e := range entries {
			if g := got[i]; g.Side != e.Side || g.ID != e.ID || g.Form != e.Form || g.Words != e.Words || g.English != e.English || g.Source != e.Source || g.Checked || g.Line == 0 {
				t.Errorf("%s: %+v came back as %+v", name, e, g)
			}
		}
		_, done, err := c.Apply("ru", "f", got, Review{})
		if err != nil || done.Changed != 0 || done.Reviewed != 0 || done.Empty != 1 || len(done.Refused) != 0 {
			t.Errorf("%s: %+v %v", name, done, err)
		}
	}
	for line := range strings.Lines(string(formats["csv"].write(entries))) {
		for _, cell := range strings.Split(line, ",") {
			if strings.ContainsAny(strings.TrimPrefix(cell, `"`)[:min(1, len(strings.TrimPrefix(cell, `"`)))], "=+-@") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

// applied imports one changed entry and gives the catalogue after it.
func applied(t *testing.T, change func([]Entry), review Review) (*Catalog, Applied, error) {
	t.Helper()
	source := exchanged()
	c := Open(source)
	entries, err := c.Entries("ru")
	if err != nil {
		t.Fatal(err)
	}
	change(entries)
	files, done, err := c.Apply("ru", "f", entries, review)
	for name, content := range files {
		source["ru/"+name] = &fstest.MapFile{Data: content}
	}
	return Open(source), done, err
}

func entry(all []Entry, id, form string) *Entry {
	return &all[slices.IndexFunc(all, func(e Entry) bool { return e.ID == id && e.Form == form })]
}

// TestOnlyAReviewReviews: a text is reviewed only when it is checked, reviewer and date are named and the English is the one
// of now; all forms of a message together; a changed text is a draft again.
func TestOnlyAReviewReviews(t *testing.T) {
	good := Review{"A Reviewer", "2026-03-04"}
	checkA := func(all []Entry) { entry(all, "a", "other").Checked = true }
	for _, test := range []struct {
		what   string
		change func([]Entry)
		review Review
		id     string
		want   Status
	}{
		{"checked, with reviewer and date", checkA, good, "a", Reviewed},
		{"without a reviewer", checkA, Review{"", "2026-03-04"}, "a", Draft},
		{"without a date", checkA, Review{"A", ""}, "a", Draft},
		{"with a date that is none", checkA, Review{"A", "2026-13-04"}, "a", Draft},
		{"not checked", func([]Entry) {}, good, "a", Draft},
		{"one of four forms", func(all []Entry) { entry(all, "n", "one").Checked = true }, good, "n", Draft},
		{"all forms", func(all []Entry) {
			for i := range all {
				all[i].Checked = all[i].ID == "n"
			}
		}, good, "n", Reviewed},
		{"changed and checked", func(all []Entry) { checkA(all); entry(all, "a", "other").Words = "x {{.x}}" }, good, "a", Reviewed},
		{"changed", func(all []Entry) { entry(all, "a", "other").Words = "x {{.x}}" }, good, "a", Draft},
	} {
		c, _, err := applied(t, test.change, test.review)
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		s, err := c.Speaker("ru", Person)
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.Say(test.id, map[string]any{"x": "x", "PluralCount": 5})
		if err != nil || text.Status != test.want {
			t.Errorf("%s: %v, want %v; %v", test.what, text.Status, test.want, err)
		}
	}
	c, done, err := applied(t, checkA, good)
	if err != nil || done.Reviewed != 1 {
		t.Fatalf("%+v %v", done, err)
	}
	if entry := c.rawReview("ru").Person["a"]; entry["reviewer"] != "A Reviewer" || entry["date"] != "2026-03-04" || entry["back_translation"] != "four" {
		t.Errorf("%v", entry)
	}
}

// TestWhatIsRefused: texts of another English, and lines that belong to nothing, are refused with their line; a text that a
// check would refuse lets nothing in.
func TestWhatIsRefused(t *testing.T) {
	for what, change := range map[string]func(*Entry){
		"translated from another English": func(e *Entry) { e.Source = "000000000000" },
		"another English":                 func(e *Entry) { e.English = "Say" },
		"not among the English":           func(e *Entry) { e.ID = "z" },
		"unknown form":                    func(e *Entry) { e.Form = "three" },
		"no words for the side":           func(e *Entry) { e.Side = "official" },
	} {
		_, done, err := applied(t, func(all []Entry) { change(entry(all, "a", "other")); all[1].Line = 7 }, Review{})
		if err != nil || len(done.Refused) != 1 || !strings.Contains(done.Refused[0].What, what) || done.Refused[0].File != "f" {
			t.Errorf("%s: %+v %v", what, done, err)
		}
	}
	for what, words := range map[string]string{"forbidden character": "\u202e {{.x}}", "variables": "nothing", "only plain": "{{range .x}}{{end}}"} {
		if _, _, err := applied(t, func(all []Entry) { entry(all, "a", "other").Words = words }, Review{}); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%q: %v", words, err)
		}
	}
	c := Open(exchanged())
	if _, _, err := c.Apply("en", "f", nil, Review{}); err == nil {
		t.Error("English was changed by an import")
	}
	if _, _, err := c.Apply("xx", "f", nil, Review{}); err == nil {
		t.Error("an unknown language was taken")
	}
}

func TestCoverage(t *testing.T) {
	got, err := Open(exchanged()).Coverage("ru")
	if err != nil || len(got) != 1 || got[0] != (Coverage{Side: Person, All: 3, Missing: 1, Draft: 2}) {
		t.Errorf("%+v %v", got, err)
	}
	c, _, _ := applied(t, func(all []Entry) { entry(all, "a", "other").Checked = true }, Review{"A", "2026-03-04"})
	if got, err := c.Coverage("ru"); err != nil || got[0].Reviewed != 1 || got[0].Draft != 1 {
		t.Errorf("%+v %v", got, err)
	}
}

// TestZawgyi: the same words as Unicode and as Zawgyi writes them.
func TestZawgyi(t *testing.T) {
	for _, test := range []struct {
		words string
		want  bool
	}{
		{"မြန်မာစာ", false}, {"ကျွန်တော်က ဒီမှာ နေပါတယ်", false}, {"အင်္ဂါနေ့", false}, {"က္က", false}, {"ဩဂုတ်", false}, {"၏", false}, {"Yes", false}, {"သင့်ကို မေးမယ်။\nရပါသလား။", false},
		{"ျမန္မာစာ", true}, {"ေနပါတယ္", true}, {"ကၽြန္ေတာ္", true}, {"က္ ", true},
	} {
		if got := zawgyi(test.words); got != test.want {
			t.Errorf("%s: %v", test.words, got)
		}
	}
	source := files("en/official.json", "{}", "en/person.json", `{"a": {"description": "d", "other": "x"}, "keys.b": {"description": "d", "other": "x"}}`,
		"my/person.json", `{"a": "ေနပါတယ္", "keys.b": "`+strings.Repeat("က", 41)+`"}`, "my/review.json", fmt.Sprintf(`{"person": {"a": {"source": %q}, "keys.b": {"source": %q}}}`, hash("x"), hash("x")))
	same(t, "Burmese", Open(source).Check("my"), []string{`my/person.json:1: "a" looks as if it was typed in Zawgyi`, `my/person.json:1: "keys.b" takes 41 cells`})
}

func FuzzReadPO(f *testing.F) {
	f.Add([]byte("msgctxt \"person/a#other\"\nmsgid \"x\"\nmsgstr \"y\"\n\"z\"\n"))
	f.Add([]byte("#, fuzzy\n#. source 000\nmsgctxt \"a\"\nmsgstr \"\\\""))
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = ReadPO("f", data) })
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("side,id,form,source,translation\nperson,a,other,x,y\n"))
	f.Add([]byte("\ufeffside,id\n"))
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = ReadCSV("f", data) })
}
