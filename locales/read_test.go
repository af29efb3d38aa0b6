package locales

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestReading(t *testing.T) {
	for _, test := range []struct {
		what, data string
		want       []string
	}{
		{"nothing wrong", "{\"a\": \"x\u200b\u200c\u200d\ufe0f\u2060\u00adx\\n\", \"b\": {\"description\": \"d\", \"one\": \"x\", \"other\": \"x\"}}", nil},
		{"empty file", "", []string{"f:1: the file is empty"}},
		{"white space", " \n", []string{"f:1: the file is empty"}},
		{"not an object", "[]", []string{"f:1: the file is not an object"}},
		{"cut off", "{\n\"a\": \"x", []string{"f:2: the file ends"}},
		{"syntax", "{\n\"a\": \"x\"\n\"b\": 1}", []string{"f:3: invalid character"}},
		{"comma too many", "{\n\"a\": \"x\",\n}", []string{"f:3: "}},
		{"second value", "{\n}\n{}", []string{"f:3: something follows"}},
		{"rubbish behind", "{\n}\n}", []string{"f:3: something follows"}},
		{"duplicate", "{\"a\": \"x\",\n\"a\": \"y\"}", []string{`f:2: "a" is already on line 1`}},
		{"duplicate, spelt otherwise", "{\"a\": \"x\",\n\"\\u0061\": \"y\"}", []string{`f:2: "a" is already on line 1`}},
		{"duplicate field", "{\"a\": {\"other\": \"x\",\n\"other\": \"y\"}}", []string{`f:2: "other" is already on line 1`}},
		{"unknown field", "{\"a\": {\n\"oter\": \"x\"}}", []string{`f:2: "a" has the unknown field "oter"`}},
		{"field in capitals", "{\"a\": {\"other\": \"x\",\n\"One\": \"x\"}}", []string{`f:2: "a" has the unknown field "One"`}},
		{"no words", "{\n\"a\": {\"description\": \"x\"}}", []string{`f:2: "a" has no words`}},
		{"no other", "{\n\"a\": {\"one\": \"x\"}}", []string{`f:2: "a" has no words`}},
		{"empty texts", "{\n\"a\": \"\",\n\"b\": {\"other\": \" \"},\n\"c\": {\"other\": \"x\", \"description\": \"\"}}", []string{`f:2: "a" is empty`, `f:3: "b" is empty`, `f:4: "c" has an empty`}},
		{"other types", "{\n\"a\": 1,\n\"b\": [{\"a\": \"x\"}],\n\"c\": null,\n\"d\": {\"other\": true}}", []string{`f:2: "a" is neither`, `f:3: "b" is neither`, `f:4: "c" is neither`, `f:5: "d" is not a text`}},
		{"everything at once", "{\n\"a\": \"\",\n\"b\": 1,\n\"a\": \"\",\n\"c\": \"\u202e\"\nx", []string{`f:6: invalid`, `f:4: "a" is already`, `f:2: "a" is empty`, `f:3: "b" is neither`, `f:5: "c" has the forbidden`}},
		{"ids", "{\"\": \"x\",\n\"a b\": \"x\",\n\"é\": \"x\",\n\"Other\": \"x\"}", []string{"f:1: an id is empty", `f:2: the id "a b"`, `f:3: the id "é"`, `f:4: the id "Other"`}},
		{"not UTF-8", "{\n\"a\": \"\xff\"}", []string{"f:2: the file is not UTF-8"}},
		{"half a pair", `{"a": "\ud800"}`, []string{`f:1: "a" has the forbidden character U+FFFD`}},
		{"byte order mark", "\ufeff{}", []string{"f:1: invalid character"}},
		{"deep", strings.Repeat("[", 1000), []string{"f:1: nested too deeply"}},
		{"large", `{"a": "` + strings.Repeat("x", maxFile) + `"}`, []string{"f: the file is larger"}},
	} {
		m := &messages{file: "f"}
		m.parse([]byte(test.data))
		same(t, test.what, m.problems, test.want)
	}
}

func TestForbiddenCharacters(t *testing.T) {
	for _, c := range "\t\r\x00\x1b\x7f\u0085\u061c\u200e\u200f\u2028\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffd\ue000\U000e0041" {
		if _, bad := forbidden("a" + string(c)); !bad {
			t.Errorf("%U is allowed", c)
		}
	}
	for _, c := range "\n ก็ာ\u200b\u200c\u200d\ufe0e\ufe0f😀ا٠" {
		if _, bad := forbidden(string(c)); bad {
			t.Errorf("%U is forbidden", c)
		}
	}
}

func TestReadingReviews(t *testing.T) {
	for _, test := range []struct {
		what, data string
		want       []string
	}{
		{"nothing wrong", `{"official": {}}`, nil},
		{"not an object", `1`, []string{"f:1: the file is not an object"}},
		{"every fault", "{\"person\": {\n\"a\": {\"source\": \"12\"},\n\"b\": {\"status\": \"stale\"},\n\"c\": {\"date\": \"1/2/25\"},\n\"d\": {\"by\": \"x\"},\n\"e\": {\"translator\": 1},\n\"f\": \"x\",\n\"g\": {\"reviewer\": \"\u202ex\"}\n}}",
			[]string{`f:2: "a" has a source`, `f:3: "b" has the unknown status "stale"`, `f:4: "c" has a date`, `f:5: "d" has the unknown field`, `f:6: "translator" is empty or no text`, `f:7: "f" is not an object`, `f:8: "reviewer" has the forbidden`}},
		{"a source for all", `{"defaults": {"source": "0123456789ab"}}`, []string{`f:1: "defaults" has a source`}},
	} {
		r := &review{file: "f"}
		r.parse([]byte(test.data))
		same(t, test.what, r.problems, test.want)
	}
}

// FuzzRead holds the reader against encoding/json: it refuses what that refuses, and what it accepts means the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{}`, enOfficial, thOfficial, "{\n\"a\": \"x\",\n}", `{"a":{"a":1}} {}`, `{"a":"\ud800","a":[1,[]]}`, "\"\xff\"", `{"a":-}`, `[1 2]`, `{"a" 1}`, `{1:2}`, ``, `nul`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, problems := read("f", data)
		lines := 1 + strings.Count(string(data), "\n")
		for _, p := range problems {
			if p.Line < 0 || p.Line > lines || p.What == "" || p.Mend == "" {
				t.Fatalf("problem %+v in %d lines", p, lines)
			}
		}
		if !json.Valid(data) && len(problems) == 0 {
			t.Fatalf("accepted %q", data)
		}
		if len(problems) == 0 && v.kind == object {
			var want map[string]any
			if err := json.Unmarshal(data, &want); err != nil || len(want) != len(v.members) {
				t.Fatalf("%d members, want %d: %v", len(v.members), len(want), err)
			}
			for _, m := range v.members {
				if s, ok := want[m.key].(string); ok != (m.value.kind == text) || ok && s != m.value.text {
					t.Fatalf("%q: got %q, want %q", m.key, m.value.text, s)
				}
			}
		}
		(&messages{file: "f"}).parse(data)
		(&review{file: "f"}).parse(data)
	})
}

// large is two languages as large as they will be, with a review of every message.
func large() []string {
	en, th, reviewed := map[string]any{}, map[string]any{}, map[string]any{}
	for i := range 600 {
		id := fmt.Sprintf("item_%d.ask", i)
		words := fmt.Sprintf("Question %d: did anybody keep {{.what}} from you, so that you could not leave the place where you were?", i)
		en[id] = map[string]string{"description": "asked of the person by the official, in a private room", "other": words}
		th[id] = fmt.Sprintf("คำถามที่ %d: มีใครเก็บ {{.what}} ของคุณไว้ จนคุณไม่สามารถออกจากสถานที่นั้นได้หรือไม่", i)
		reviewed[id] = map[string]string{"source": hash(words)}
	}
	review := map[string]any{"defaults": map[string]string{"status": "draft"}, "official": reviewed, "person": reviewed}
	english, thai := string(indented(en)), string(indented(th))
	return []string{"en/official.json", english, "en/person.json", english, "th/official.json", thai, "th/person.json", thai, "th/review.json", string(indented(review))}
}

// What a start costs: English for the official, Thai for the person, one text of each. The budget is 15 ms.
func BenchmarkTwoLanguages(b *testing.B) {
	source := files(large()...)
	for b.Loop() {
		c := Open(source)
		for _, s := range []*Speaker{speaker(b, c, "en", Official), speaker(b, c, "th", Person)} {
			if _, err := s.Say("item_7.ask", map[string]any{"what": "papers"}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkSay(b *testing.B) {
	s := speaker(b, Open(files(large()...)), "th", Person)
	for b.Loop() {
		if _, err := s.Say("item_7.ask", map[string]any{"what": "papers"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	source := files(large()...)
	for b.Loop() {
		if problems := Open(source).Check(); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
