package training

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A translation of a scenario's lines is lines/<tag>/<id>.json beside the scenarios:
//
//	{"status": "draft", "translator": "…", "lines": {"story": {"source": "<hash of the English>", "text": "…"}}}
//
// The ids are those of Scenario.Lines, the hash is SourceHash of the English line. A scenario is played in a language only
// when every line is there and none is stale: nobody suddenly speaks another language.

// Translation is the written form of translated lines.
type Translation struct {
	// Status is draft or reviewed, as with the other words of the program.
	Status     string                    `json:"status"`
	Translator string                    `json:"translator,omitempty"`
	Reviewer   string                    `json:"reviewer,omitempty"`
	Lines      map[string]TranslatedLine `json:"lines"`
}

// TranslatedLine is one line with the hash of the English from which it was made.
type TranslatedLine struct {
	Source string `json:"source"`
	Text   string `json:"text"`
}

// SourceHash is what a translation keeps of the English line: the first 12 hex digits of its SHA-256.
func SourceHash(line string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(line)))
	return hex.EncodeToString(sum[:])[:12]
}

// LinesIn reads the lines of a scenario in a language. English is the scenario itself. An error names what is missing or
// stale.
func LinesIn(source fs.FS, s *Scenario, tag string) (lines Lines, status string, err error) {
	english := s.Lines()
	if tag == "en" {
		return english, "source", nil
	}
	content, err := fs.ReadFile(source, path.Join("lines", tag, s.ID+".json"))
	if err != nil {
		return nil, "", fmt.Errorf("the scenario %s has no lines in %s", s.ID, tag)
	}
	var t Translation
	if err := json.Unmarshal(content, &t); err != nil {
		return nil, "", fmt.Errorf("lines/%s/%s.json cannot be read", tag, s.ID)
	}
	if t.Status != "draft" && t.Status != "reviewed" {
		return nil, "", fmt.Errorf("lines/%s/%s.json: the status is neither draft nor reviewed", tag, s.ID)
	}
	var wrong []string
	lines = Lines{}
	for id, text := range english {
		line, ok := t.Lines[id]
		switch {
		case !ok || strings.TrimSpace(line.Text) == "":
			wrong = append(wrong, id+" is missing")
		case line.Source != SourceHash(text):
			wrong = append(wrong, id+" is stale, the English now has the hash "+SourceHash(text))
		}
		lines[id] = line.Text
	}
	for id := range t.Lines {
		if _, ok := english[id]; !ok {
			wrong = append(wrong, id+" is no line of the scenario")
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return nil, "", fmt.Errorf("lines/%s/%s.json: %s", tag, s.ID, strings.Join(wrong, "; "))
	}
	return lines, t.Status, nil
}
