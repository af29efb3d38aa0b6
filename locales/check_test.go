package locales

import (
	"strings"
	"testing"
)

const simple = "{\n\"a\": {\"description\": \"d\", \"other\": \"Words {{.x}}\"},\n\"n\": {\"description\": \"d\", \"one\": \"One\", \"other\": \"{{.PluralCount}} all\"}\n}"

func TestCheck(t *testing.T) {
	a, n := hash("Words {{.x}}"), hash("one\x00One\x00other\x00{{.PluralCount}} all\x00")
	reviewed := "{\"person\": {\n\"a\": {\"source\": \"" + a + "\"},\n\"n\": {\"source\": \"" + n + "\"}\n}}"
	whole := "{\n\"a\": \"x {{.x}}\",\n\"n\": \"{{.PluralCount}} x\"\n}"
	for _, test := range []struct {
		what, tag, words, review string
		// All that Check must say, and nothing else.
		want []string
	}{
		{"complete", "th", whole, reviewed, nil},
		{"missing and left over", "th", "{\n\"n\": \"{{.PluralCount}} x\",\n\"b\": \"x\"\n}", reviewed, []string{
			`th/person.json: "a" is missing; the English is on en/person.json:2`, `th/person.json:3: "b" is not among`, `th/review.json:2: person."a" is reviewed but has no text`}},
		{"variables", "th", "{\n\"a\": \"x {{.y}}\",\n\"n\": \"{{.PluralCount}} {{.x}}\"\n}", reviewed, []string{
			`th/person.json:2: "a" in the form "other" has the variables [y], expected [x]`, `th/person.json:3: "n" in the form "other" has the variables [x], expected []`}},
		{"number", "th", "{\n\"a\": \"x {{.x}} {{.PluralCount}}\",\n\"n\": \"x\"\n}", reviewed, []string{
			`th/person.json:2: "a" in the form "other" and the English differ`, `th/person.json:3: "n" in the form "other" and the English differ`}},
		{"templates", "th", "{\n\"a\": \"x {{.x}\",\n\"n\": \"{{range .x}}{{end}}\"\n}", reviewed, []string{
			`th/person.json:2: "a" in the form "other": only plain`, `th/person.json:3: "n" in the form "other": only plain`}},
		{"forms that Thai has not", "th", "{\n\"a\": {\"one\": \"{{.x}}\", \"other\": \"{{.x}}\"},\n\"n\": {\"one\": \"x\", \"other\": \"{{.PluralCount}}\"}\n}", reviewed, []string{
			`th/person.json:2: "a" has the plural form "one"`, `th/person.json:3: "n" has the plural form "one"`}},
		{"forms that Russian needs", "ru", whole, reviewed, []string{
			`ru/person.json:3: "n" lacks the plural form "one"`, `ru/person.json:3: "n" lacks the plural form "few"`, `ru/person.json:3: "n" lacks the plural form "many"`}},
		{"forms that Arabic needs", "ar", "{\n\"a\": \"x {{.x}}\",\n\"n\": {\"zero\": \"x\", \"one\": \"x\", \"two\": \"x\", \"few\": \"x\", \"many\": \"x\", \"other\": \"{{.PluralCount}}\"}\n}", reviewed, nil},
		{"not in normal form", "th", "{\n\"a\": \"e\u0301 {{.x}}\",\n\"n\": \"{{.PluralCount}}\"\n}", reviewed, []string{`th/person.json:2: "a" is not in Unicode's normal form`}},
		{"stale", "th", whole, "{\"person\": {\n\"a\": {\"source\": \"000000000000\"},\n\"n\": {}\n}}", []string{
			`th/review.json:2: person."a" is stale: the English has changed; compare it with the English, then write the source "` + a, `th/review.json:3: person."n" is stale: no entry`}},
		{"no entries", "th", whole, "{}", []string{`th/review.json: person."a" is stale`, `th/review.json: person."n" is stale`}},
		{"no review", "th", whole, "", []string{`th/person.json:2: "a" is stale`, `th/person.json:3: "n" is stale`}},
		{"broken", "th", "{\n\"a\": \"\",\n\"n\": [],\n", "{\n\"a\": {},\n\"person\": []}", []string{
			`th/person.json:2: "a" is empty`, `th/person.json:3: "n" is neither`, `th/person.json:4: the file ends`,
			`th/review.json:2: the unknown field "a"`, `th/review.json:3: "person" is not an object`}},
	} {
		source := files("en/official.json", "{}", "en/person.json", simple, test.tag+"/person.json", test.words)
		if test.review != "" {
			source[test.tag+"/review.json"] = files("x", test.review)["x"]
		}
		same(t, test.what, Open(source).Check(test.tag), test.want)
	}
}

// same wants the beginnings of all the problems in any order, and no other problem.
func same(t *testing.T, what string, got Problems, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: got %d problems, want %d:\n%v", what, len(got), len(want), got)
	}
	for _, w := range want {
		if !strings.Contains("\n"+got.Error(), "\n"+w) {
			t.Errorf("%s: %q is not in\n%v", what, w, got)
		}
	}
}

func TestCheckOfEnglish(t *testing.T) {
	source := files("en/official.json", "{\n\"a\": \"Words\",\n\"n\": {\"description\": \"d\", \"one\": \"{{.x}}\", \"few\": \"{{.x}}\", \"other\": \"{{.y}}\"}\n}", "en/persom.json", "{}")
	same(t, "English", Open(source).Check("en", "xx-unknown"), []string{
		`en/official.json:2: "a" does not tell translators`, `en/official.json:3: "n" has the plural form "few"`,
		`en/official.json:3: "n" in the form "one"`, `en/official.json:3: "n" in the form "few"`, `en/official.json:3: "n" in the form "other"`,
		`en/person.json: en has no words for the person`, `en/persom.json: nothing reads this file`, `xx-unknown: unknown language`})
	if got := Open().Check(); len(got) != 1 {
		t.Errorf("nothing at all: %v", got)
	}
}

func TestWordsLaidOverReviewedOnesAreReported(t *testing.T) {
	got := Open(good(), files("th/official.json", thOfficial)).Check("th")
	if len(got) != 4 || !strings.HasPrefix(got.Error(), "agency/locales/th/official.json:2: ") || !strings.Contains(got.Error(), "laid over") {
		t.Errorf("got %v", got)
	}
}

func TestVariables(t *testing.T) {
	for words, want := range map[string]string{
		"": "", "a } b": "", "{{.b}} {{ .a }} {{- .b -}}": "a,b", "{{": "!", "{{}}": "!", "{{.}}": "!", "{{.a.b}}": "!", "{{a}}": "!", "{{.a | print}}": "!",
		"{{$x := .a}}": "!", "{{print .a}}": "!", "{{if .a}}{{end}}": "!", "{{define \"x\"}}{{end}}": "!", "{{template \"x\"}}": "!", "{{\"a\"}}": "!",
	} {
		got, err := variables(words)
		if joined := strings.Join(got, ","); err != nil && want != "!" || err == nil && joined != want {
			t.Errorf("%q: got %q, %v", words, joined, err)
		}
	}
}
