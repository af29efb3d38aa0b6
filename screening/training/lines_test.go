package training

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

// translated makes a translation of every line of a scenario.
func translated(s *Scenario) *Translation {
	t := &Translation{Status: "draft", Translator: "invented", Lines: map[string]TranslatedLine{}}
	for id, text := range s.Lines() {
		t.Lines[id] = TranslatedLine{Source: SourceHash(text), Text: "xx " + text}
	}
	return t
}

// TestTranslatedLines: a scenario is played in a language only when every line is there and none is stale.
func TestTranslatedLines(t *testing.T) {
	t.Parallel()
	_, scenarios := load(t)
	s, err := Find(scenarios, "house-keys")
	if err != nil {
		t.Fatal(err)
	}
	read := func(change func(*Translation)) (Lines, string, error) {
		tr := translated(s)
		change(tr)
		content, err := json.Marshal(tr)
		if err != nil {
			t.Fatal(err)
		}
		return LinesIn(fstest.MapFS{"lines/xx/house-keys.json": {Data: content}}, s, "xx")
	}
	lines, status, err := read(func(*Translation) {})
	if err != nil || status != "draft" || len(lines) != len(s.Lines()) || !strings.HasPrefix(lines["hidden.could_not_quit"], "xx ") {
		t.Errorf("%d lines, %q, %v", len(lines), status, err)
	}
	for wants, change := range map[string]func(*Translation){
		"story is missing":                       func(tr *Translation) { delete(tr.Lines, "story") },
		"fact.papers_kept is missing":            func(tr *Translation) { tr.Lines["fact.papers_kept"] = TranslatedLine{Text: " "} },
		"story is stale":                         func(tr *Translation) { tr.Lines["story"] = TranslatedLine{Source: "000000000000", Text: "old"} },
		"fact.other is no line of the scenario":  func(tr *Translation) { tr.Lines["fact.other"] = TranslatedLine{Text: "left over"} },
		"the status is neither draft nor review": func(tr *Translation) { tr.Status = "good" },
	} {
		if _, _, err := read(change); err == nil || !strings.Contains(err.Error(), wants) {
			t.Errorf("%v, want %q", err, wants)
		}
	}
	if _, _, err := LinesIn(Embedded(), s, "xx"); err == nil || !strings.Contains(err.Error(), "has no lines in xx") {
		t.Error(err)
	}
	for id := range s.Lines() {
		if strings.HasPrefix(id, "fact.looks_afraid") {
			t.Error("what is only seen is no line of the person")
		}
	}
}

// TestShippedTranslations: every scenario that ships can be played with a person who speaks one of these languages.
func TestShippedTranslations(t *testing.T) {
	t.Parallel()
	_, scenarios := load(t)
	for _, tag := range []string{"th", "vi", "id", "zh-Hans"} {
		for _, s := range scenarios {
			if _, status, err := LinesIn(Embedded(), s, tag); err != nil || status != "draft" {
				t.Errorf("%s in %s: status %q, %v", s.ID, tag, status, err)
			}
		}
	}
}
