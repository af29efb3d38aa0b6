package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tipscreen/indicators"
	"tipscreen/screening"
	"tipscreen/screening/statistics"
	"tipscreen/screening/training"
)

// writer plays a model answer and writes down what a trainee would have to type for it in line mode.
type writer struct {
	training.Model
	typed strings.Builder
}

func (w *writer) Reply(p screening.Prompt, scene training.Scene) screening.Reply {
	r := w.Model.Reply(p, scene)
	line := ""
	switch r.Command {
	case screening.ToAnswer:
		line = r.Value + strings.Join(strings.Fields(r.Text), " ")
		if strings.HasPrefix(p.ID, "rest.") && r.Value == "break" {
			line += "\n" // and a line to go on after the page
		}
	case screening.ToTold:
		line = "told " + r.Target
	case screening.ToNote:
		line = "note " + strings.Join(strings.Fields(r.Note), " ")
	case screening.ToBreak, screening.ToDistress:
		line = string(r.Command) + "\n" // and a line to go on after the page
	case screening.ToHide:
		line = "hide\n2468"
	case screening.ToStop:
		line = strings.TrimSpace("stop " + r.Value)
	default:
		line = string(r.Command)
	}
	w.typed.WriteString(line + "\n")
	return r
}

// Decide is typed before the result is shown.
func (w *writer) Decide(s *training.Scenario, a *screening.Assessment) training.Decision {
	d := w.Model.Decide(s, a)
	hold := map[bool]string{true: "yes", false: "no"}[d.Hold]
	w.typed.WriteString(strings.Join([]string{d.Outcome, hold, d.Refer, "none"}, "\n") + "\n")
	return d
}

func trainingData(t *testing.T) (*indicators.Data, []*training.Scenario) {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	scenarios, err := training.Load(data, training.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return data, scenarios
}

// modelInput is what has to be typed to solve a scenario.
func modelInput(t *testing.T, data *indicators.Data, s *training.Scenario, seed uint64) string {
	t.Helper()
	setup, err := training.Setup(data, s, "en", "en", "test")
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{}
	// What is typed takes no time, so no break becomes due by the clock.
	if _, err := training.Rehearse(setup, s, seed, w, training.Clock{}); err != nil {
		t.Fatal(err)
	}
	return "go\n2468\n" + w.typed.String()
}

// train runs a train command in a folder of its own.
func (l laptop) train(t *testing.T, folder, input string, args ...string) (string, string, int) {
	t.Helper()
	cmd := l.command(append([]string{"train"}, append(args, "--folder", folder)...)...)
	cmd.Stdin = strings.NewReader(input)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// fingerprint is every file of a folder with its content.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s %x\n", path, sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestEveryScenarioIsPlayed plays each scenario with its model answer through the program, as a trainee would type it:
// full marks, and every prompt and page is marked.
func TestEveryScenarioIsPlayed(t *testing.T) {
	t.Parallel()
	data, scenarios := trainingData(t)
	l := laptop{home: filepath.Join(t.TempDir(), "no store at all"), passphrase: filepath.Join(t.TempDir(), "pass")}
	for _, s := range scenarios {
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "stick")
			out, errs, code := l.train(t, folder, modelInput(t, data, s, 5), "run", s.ID, "--line", "--seed", "5")
			if code != exitDone {
				t.Fatalf("exit code %d: %s\n%s", code, errs, out)
			}
			if strings.Contains(out, " | saved ") {
				t.Error("a prompt says that something was saved, and a mock interview is kept at its end")
			}
			for line := range strings.Lines(out) {
				if strings.Contains(line, " | Part ") && !strings.Contains(line, "TRAINING") || strings.HasPrefix(line, "[page.") && !strings.Contains(line, "TRAINING") {
					t.Errorf("not marked: %s", line)
				}
			}
			review, _, code := l.train(t, folder, "", "review")
			if code != exitDone || !strings.Contains(review, "led the talk: 100 of 100") || !strings.Contains(review, "decided: 100 of 100") {
				t.Errorf("exit code %d\n%s", code, review)
			}
		})
	}
}

// TestNothingTrainedReachesARecord: a mock interview beside a real store changes no byte of it, is listed and shown
// nowhere but under train, and its file is none that a record, a draft or a statistic is read from.
func TestNothingTrainedReachesARecord(t *testing.T) {
	t.Parallel()
	data, scenarios := trainingData(t)
	s, err := training.Find(scenarios, "river-office")
	if err != nil {
		t.Fatal(err)
	}
	l := newLaptop(t)
	before := fingerprint(t, l.home)
	folder := filepath.Join(t.TempDir(), "training")
	out, errs, code := l.train(t, folder, modelInput(t, data, s, 1), "run", s.ID, "--line", "--seed", "1", "--trainee", "blue")
	if code != exitDone {
		t.Fatalf("exit code %d: %s\n%s", code, errs, out)
	}
	if fingerprint(t, l.home) != before {
		t.Error("the store has changed")
	}
	if list, _ := l.run(t, "records", "list"); strings.TrimSpace(list) != "" {
		t.Errorf("a mock interview is listed: %s", list)
	}
	written, _, code := l.train(t, folder, "", "review", "--format", "json")
	if code != exitDone || !strings.Contains(written, `"watermark": "TRAINING"`) {
		t.Fatalf("exit code %d\n%s", code, written)
	}
	var run training.Run
	if err := json.Unmarshal([]byte(written), &run); err != nil || !strings.HasPrefix(run.Program, "TRAINING ") || len(run.Events) < 50 {
		t.Fatalf("%v %+v", err, run)
	}
	if _, code := l.run(t, "records", "show", run.ID); code == exitDone {
		t.Error("a mock interview is shown as a record")
	}
	if _, err := screening.ReadPart([]byte(written)); err == nil {
		t.Error("a run can be read as a part of a record")
	}
	var part screening.Part
	if err := json.Unmarshal([]byte(written), &part); err != nil || len(part.Events) != 0 || part.Assessment != nil {
		t.Errorf("the fields of a run fit a record: %+v", part)
	}
	if _, ok := statistics.FromPart(&part, "2026-11"); ok {
		t.Error("a run counts for statistics")
	}
	if _, _, err := screening.OpenSnapshot([]byte(written)); err == nil {
		t.Error("a run can be resumed as an interview")
	}
	for _, entry := range mustReadDir(t, folder) {
		if content := readFile(t, filepath.Join(folder, entry.Name())); strings.Contains(content, "papers_kept") {
			t.Errorf("%s is readable", entry.Name())
		}
	}
}

func mustReadDir(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		t.Fatal(err, len(entries))
	}
	return entries
}

// TestEverySheetIsMarked: whatever train writes for people says TRAINING at its beginning, and HTML on every page.
func TestEverySheetIsMarked(t *testing.T) {
	t.Parallel()
	data, scenarios := trainingData(t)
	s, err := training.Find(scenarios, "counter-bus")
	if err != nil {
		t.Fatal(err)
	}
	l := laptop{home: filepath.Join(t.TempDir(), "none"), passphrase: "none"}
	folder := filepath.Join(t.TempDir(), "training")
	if _, errs, code := l.train(t, folder, modelInput(t, data, s, 1), "run", s.ID, "--line", "--seed", "1", "--trainee", "blue", "--phase", "after"); code != exitDone {
		t.Fatal(errs)
	}
	for _, args := range [][]string{{"play", s.ID}, {"debrief", s.ID}, {"review"}, {"class", folder}, {"class", folder, "--group"}} {
		text, errs, code := l.train(t, folder, "", args...)
		if code != exitDone || !strings.HasPrefix(text, "TRAINING: ") || !strings.HasSuffix(strings.TrimSpace(text), "TRAINING") || strings.Contains(text, "training.") {
			t.Errorf("%v: exit code %d %s\n%s", args, code, errs, text)
		}
		page, _, code := l.train(t, folder, "", append(args, "--format", "html")...)
		if code != exitDone || !strings.Contains(page, `<div class="mark">TRAINING</div>`) || !strings.Contains(page, "<title>TRAINING: ") {
			t.Errorf("%v: exit code %d, not marked as HTML", args, code)
		}
		for _, banned := range []string{"<script", "http:", "https:", "src=", "url(", "training."} {
			if strings.Contains(page, banned) {
				t.Errorf("%v: the page contains %q", args, banned)
			}
		}
		if slices.Contains(args, "--group") && (strings.Contains(page, "blue") || strings.Contains(text, "blue")) {
			t.Errorf("%v names a trainee", args)
		}
	}
	replay, _, code := l.train(t, folder, "", "review", "--replay", "--speed", "0")
	if code != exitDone || strings.Count(replay, "TRAINING") != strings.Count(replay, "\n") || !strings.Contains(replay, "0s  ") {
		t.Errorf("exit code %d\n%s", code, replay)
	}
}

// TestMockInterviewBrokenOff: the end of the input is told, and nothing is kept.
func TestMockInterviewBrokenOff(t *testing.T) {
	t.Parallel()
	l := laptop{home: filepath.Join(t.TempDir(), "none"), passphrase: "none"}
	folder := filepath.Join(t.TempDir(), "training")
	_, errs, code := l.train(t, folder, "go\n2468\n1\n", "run", "river-office", "--line")
	if code != exitInterrupted || !strings.Contains(errs, "Nothing of it was kept") {
		t.Errorf("exit code %d: %s", code, errs)
	}
	if _, errs, code := l.train(t, folder, "leave\n", "run", "model-agency", "--line"); code != exitDone || !strings.Contains(errs, "Nothing was begun") {
		t.Errorf("leaving: exit code %d: %s", code, errs)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("something was kept")
	}
}

// TestTranslatedPerson: the person speaks the chosen language where there are lines, with the same for the official beside
// it; where there are none, it is said and English is spoken.
func TestTranslatedPerson(t *testing.T) {
	t.Parallel()
	data, scenarios := trainingData(t)
	s, err := training.Find(scenarios, "counter-bus")
	if err != nil {
		t.Fatal(err)
	}
	tr := training.Translation{Status: "draft", Lines: map[string]training.TranslatedLine{}}
	for id, text := range s.Lines() {
		tr.Lines[id] = training.TranslatedLine{Source: training.SourceHash(text), Text: "ไทย " + id}
	}
	content, err := json.Marshal(tr)
	if err != nil {
		t.Fatal(err)
	}
	mine := t.TempDir()
	if err := os.MkdirAll(filepath.Join(mine, "lines", "th"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(mine, "lines", "th", s.ID+".json"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	l := laptop{home: filepath.Join(t.TempDir(), "none"), passphrase: "none"}
	input := modelInput(t, data, s, 1)
	out, errs, code := l.train(t, t.TempDir(), input, "run", s.ID, "--line", "--seed", "1", "--person", "th", "--scenarios", mine)
	if code != exitDone || !strings.Contains(out, "~ The person says: ไทย fact.travel_arranged") || !strings.Contains(out, "He did it, for all of us.") || strings.Contains(errs, "no lines") {
		t.Errorf("exit code %d: %s\n%s", code, errs, out)
	}
	out, errs, code = l.train(t, t.TempDir(), input, "run", s.ID, "--line", "--seed", "1", "--person", "km")
	if code != exitDone || !strings.Contains(out, "~ The person says: He did it, for all of us.") || !strings.Contains(errs, "no lines in km yet") {
		t.Errorf("exit code %d: %s", code, errs)
	}
	stale := strings.Replace(string(content), `"source":"`, `"source":"0`, 1)
	if err := os.WriteFile(filepath.Join(mine, "lines", "th", s.ID+".json"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := l.train(t, t.TempDir(), input, "run", s.ID, "--line", "--person", "th", "--scenarios", mine); code == exitDone || !strings.Contains(errs, "is stale") {
		t.Errorf("stale lines are spoken: exit code %d: %s", code, errs)
	}
}
