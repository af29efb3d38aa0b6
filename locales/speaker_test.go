package locales

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

const (
	enOfficial = `{
  "language.name": {"description": "the name of the language in itself", "other": "English"},
  "hello": {"description": "greeting", "other": "Hello {{.name}}"},
  "bare": {"description": "no variables", "other": "Plain words"},
  "cases": {"description": "how many", "one": "One case of {{.who}}", "other": "{{.PluralCount}} cases of {{.who}}"}
}`
	thOfficial = `{
  "language.name": "ไทย",
  "hello": "สวัสดี {{.name}}",
  "bare": "คำธรรมดา",
  "cases": "{{.PluralCount}} ราย ของ {{.who}}"
}`
)

// files makes a source; the pairs are names and contents.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func reviewFile(hello string) string {
	return `{"defaults": {"status": "draft", "translator": "A", "date": "2025-01-31"}, "official": {
  "language.name": {"source": "` + hash("English") + `", "status": "reviewed", "reviewer": "B", "back_translation": "Thai"},
  "hello": {"source": "` + hello + `", "status": "reviewed"},
  "bare": {"source": "` + hash("Plain words") + `"},
  "cases": {"source": "` + hash("one\x00One case of {{.who}}\x00other\x00{{.PluralCount}} cases of {{.who}}\x00") + `"}
}}`
}

func good() fstest.MapFS {
	return files("en/official.json", enOfficial, "en/person.json", "{}", "th/official.json", thOfficial, "th/review.json", reviewFile(hash("Hello {{.name}}")))
}

func speaker(t testing.TB, c *Catalog, tag string, side Side) *Speaker {
	t.Helper()
	s, err := c.Speaker(tag, side)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSay(t *testing.T) {
	c := Open(good())
	for _, test := range []struct {
		tag, id string
		n       int
		want    Text
	}{
		{"en", "hello", -1, Text{"Hello Ann", "en", hash("Hello {{.name}}"), Source}},
		{"th", "hello", -1, Text{"สวัสดี Ann", "th", hash("สวัสดี {{.name}}"), Reviewed}},
		{"TH", "bare", -1, Text{"คำธรรมดา", "th", hash("คำธรรมดา"), Draft}},
		{"en", "cases", 1, Text{"One case of us", "en", hash("One case of {{.who}}"), Source}},
		{"en", "cases", 0, Text{"0 cases of us", "en", hash("{{.PluralCount}} cases of {{.who}}"), Source}},
		{"th", "cases", 1, Text{"1 ราย ของ us", "th", hash("{{.PluralCount}} ราย ของ {{.who}}"), Draft}},
	} {
		s := speaker(t, c, test.tag, Official)
		data := map[string]any{"name": "Ann", "who": "us", "unused": "x"}
		got, err := s.Say(test.id, data)
		if test.n >= 0 {
			got, err = s.Plural(test.id, test.n, data)
		}
		if err != nil || got != test.want {
			t.Errorf("%s in %s: got %+v, %v, want %+v", test.id, test.tag, got, err, test.want)
		}
	}
}

// A value is somebody's name or answer; an error may end in a log.
func TestSayErrorsNameTheMessageAndNoValue(t *testing.T) {
	source := good()
	source["th/official.json"].Data = []byte(strings.NewReplacer(`"bare": "คำธรรมดา",`, "", "{{.who}}", "{{if .who}}x{{end}}").Replace(thOfficial))
	c := Open(source)
	secret := map[string]any{"nmae": "Ann-secret", "who": "Ann-secret"}
	for _, test := range []struct {
		what, tag, id string
		plural        bool
		data          map[string]any
		want          []string
	}{
		{"missing in the language though English has it", "th", "bare", false, nil, []string{`"bare"`, "th", "official"}},
		{"missing everywhere", "en", "nowhere", false, nil, []string{`"nowhere"`, "en"}},
		{"misspelt variable", "en", "hello", false, secret, []string{`"hello"`, "en", "{{.name}}"}},
		{"no data", "en", "hello", false, nil, []string{`"hello"`, "{{.name}}"}},
		{"nil value", "en", "hello", false, map[string]any{"name": nil}, []string{`"hello"`, "{{.name}}"}},
		{"value that cannot be shown", "en", "hello", false, map[string]any{"name": func() string { return "Ann-secret" }}, []string{`"hello"`, "name"}},
		{"no value, as text", "en", "hello", false, map[string]any{"name": "<no value> Ann-secret"}, []string{`"hello"`, "name"}},
		{"plural form missing", "en", "bare", true, nil, []string{`"bare"`, `"one"`}},
		{"more than plain variables", "th", "cases", false, secret, []string{`"cases"`, "plain variables"}},
	} {
		s := speaker(t, c, test.tag, Official)
		got, err := s.Say(test.id, test.data)
		if test.plural {
			got, err = s.Plural(test.id, 1, test.data)
		}
		if err == nil || got != (Text{}) {
			t.Errorf("%s: got %+v, no error", test.what, got)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %s", test.what, err, want)
			}
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %q tells the value", test.what, err)
		}
	}
}

func TestPluralFormsOfALanguage(t *testing.T) {
	source := good()
	source["ru/official.json"] = &fstest.MapFile{Data: []byte(`{"cases": {"one": "{{.PluralCount}} дело", "few": "{{.PluralCount}} дела", "many": "{{.PluralCount}} дел", "other": "{{.PluralCount}} дела"}}`)}
	s := speaker(t, Open(source), "ru", Official)
	source["rhg-Rohg/official.json"] = &fstest.MapFile{Data: []byte(`{"cases": "{{.PluralCount}}"}`)}
	if got, err := speaker(t, Open(source), "rhg-Rohg", Official).Plural("cases", 1, nil); err != nil || got.Words != "1" {
		t.Errorf("a language unknown to CLDR: got %q, %v", got.Words, err)
	}
	for n, want := range map[int]string{1: "1 дело", 3: "3 дела", 5: "5 дел", 21: "21 дело", 0: "0 дел", -1: "-1 дело"} {
		if got, err := s.Plural("cases", n, nil); err != nil || got.Words != want {
			t.Errorf("%d: got %q, %v, want %q", n, got.Words, err, want)
		}
	}
}

func TestSpeakerOfNothing(t *testing.T) {
	c := Open(good())
	if _, err := c.Speaker("lo", Person); !errors.Is(err, ErrUnknownLanguage) || !strings.Contains(err.Error(), "en, th") {
		t.Errorf("unknown language: %v", err)
	}
	for _, tag := range []string{"", "../en", "th-TH", "e"} {
		if _, err := c.Speaker(tag, Person); !errors.Is(err, ErrUnknownLanguage) {
			t.Errorf("%q: %v", tag, err)
		}
	}
	if _, err := c.Speaker("en", "police"); err == nil || errors.Is(err, ErrUnknownLanguage) {
		t.Errorf("unknown side: %v", err)
	}
	var problems Problems
	if _, err := c.Speaker("th", Person); !errors.As(err, &problems) || problems[0].File != "th/person.json" {
		t.Errorf("language without words for the person: %v", err)
	}
}

func TestStale(t *testing.T) {
	for _, test := range []struct {
		what, id string
		change   func(fstest.MapFS)
		want     Status
	}{
		{"as reviewed", "hello", func(fstest.MapFS) {}, Reviewed},
		{"by default", "bare", func(fstest.MapFS) {}, Draft},
		{"English changed", "hello", func(m fstest.MapFS) { m["th/review.json"].Data = []byte(reviewFile("000000000000")) }, Stale},
		{"no review at all", "hello", func(m fstest.MapFS) { delete(m, "th/review.json") }, Stale},
		{"no entry", "hello", func(m fstest.MapFS) { m["th/review.json"].Data = []byte(`{"defaults": {"status": "reviewed"}}`) }, Stale},
		{"entry without source", "hello", func(m fstest.MapFS) {
			m["th/review.json"].Data = []byte(`{"official": {"hello": {"status": "reviewed"}}}`)
		}, Stale},
		{"reviewed by default", "bare", func(m fstest.MapFS) {
			m["th/review.json"].Data = []byte(strings.Replace(reviewFile(""), `"draft"`, `"reviewed"`, 1))
			m["th/review.json"].Data = []byte(strings.Replace(string(m["th/review.json"].Data), `"source": "", `, "", 1))
		}, Reviewed},
		{"English plural changed", "cases", func(m fstest.MapFS) {
			m["en/official.json"].Data = []byte(strings.Replace(enOfficial, "One case", "A case", 1))
		}, Stale},
		{"English message gone", "bare", func(m fstest.MapFS) {
			m["en/official.json"].Data = []byte(strings.Replace(enOfficial, `"bare"`, `"bear"`, 1))
		}, Stale},
	} {
		source := good()
		test.change(source)
		s := speaker(t, Open(source), "th", Official)
		got, err := s.Plural(test.id, 2, map[string]any{"name": "Ann", "who": "us"})
		if err != nil || got.Status != test.want {
			t.Errorf("%s: got %q, %v, want %q", test.what, got.Status, err, test.want)
		}
		if draft := s.Draft("language.name", test.id); draft != (test.want != Reviewed) {
			t.Errorf("%s: draft %v", test.what, draft)
		}
	}
	if s := speaker(t, Open(good()), "en", Official); s.Draft("hello") || !s.Draft("hello", "nowhere") || s.Draft() {
		t.Error("English is a draft, or a missing message is none")
	}
}

func TestWhatASpeakerIs(t *testing.T) {
	source := good()
	for _, tag := range []string{"ar", "ur", "he", "fa", "ku", "rhg-Rohg", "uz-Arab"} {
		source[tag+"/person.json"] = &fstest.MapFile{Data: []byte(`{}`)}
	}
	c := Open(source)
	for tag, want := range map[string]bool{"en": false, "ar": true, "ur": true, "he": true, "fa": true, "ku": false, "rhg-Rohg": true, "uz-Arab": true} {
		if s := speaker(t, c, tag, Person); s.RightToLeft() != want || s.Tag() != tag {
			t.Errorf("%s: right to left %v, tag %q", tag, s.RightToLeft(), s.Tag())
		}
	}
	th := speaker(t, c, "th", Official)
	if th.Name() != "ไทย" || speaker(t, c, "en", Person).Name() != "English" || speaker(t, c, "ur", Person).Name() != "ur" {
		t.Error("wrong names")
	}
	if !th.Has("bare") || th.Has("nowhere") {
		t.Error("wrong about what it has")
	}
}

// Run with -race.
func TestSpeakersSpeakAtOnce(t *testing.T) {
	c := Open(good())
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for _, tag := range c.Languages() {
				s, err := c.Speaker(tag, Official)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := s.Plural("cases", 2, map[string]any{"who": "us"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}
