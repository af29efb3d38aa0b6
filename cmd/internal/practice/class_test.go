package practice

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tipscreen/screening/training"
)

// classOf lets simulated trainees play scenarios: each kind in turn, by the numbers.
func classOf(t testing.TB, people, many int) (runs []*training.Run) {
	t.Helper()
	data, list := scenarios(t)
	kinds := []string{"model", "model", "biased", "over-flagger", "model", "careless", "bored"}
	for _, s := range list[:min(many, len(list))] {
		cast := trainees(s)
		if len(s.Traps) == 0 {
			cast["biased"] = training.Model{}
		}
		played := map[string]*training.Run{}
		for n := range people {
			kind := kinds[n%len(kinds)]
			if played[kind] == nil {
				played[kind], _ = rehearse(t, data, s, kind, cast[kind])
			}
			run := *played[kind]
			run.Trainee, run.ID, run.Phase = fmt.Sprintf("bird-%02d", n+1), fmt.Sprintf("t-%s-%02d", s.ID, n), training.After
			runs = append(runs, &run)
		}
	}
	return runs
}

func entriesOf(t testing.TB, runs []*training.Run) (entries []training.Entry) {
	t.Helper()
	data, list := scenarios(t)
	for _, run := range runs {
		s, err := training.Find(list, run.Scenario)
		if err != nil {
			t.Fatal(err)
		}
		marks, err := training.Mark(data, s, run)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, training.Entry{Run: run, Scenario: s, Marks: marks})
	}
	return entries
}

// TestClass: who differs is named at the item, the figures stand together, and a repeated or an earlier run does not count
// twice.
func TestClass(t *testing.T) {
	t.Parallel()
	runs := classOf(t, 7, 12)
	first := *runs[0]
	first.Begun, first.ID, first.Decision.Outcome = first.Begun.Add(-1), "t-older", "no_signs_so_far"
	c := training.Summarise(entriesOf(t, append(runs, &first)))
	if len(c.People) != 7 || len(c.Scenarios) != 12 || c.Referral == nil || c.Items == nil || c.Referral.Cases != 12 || c.Referral.Raters != 7 || c.Items.Cases < 300 {
		t.Fatalf("%d people, %d scenarios, %+v, %+v", len(c.People), len(c.Scenarios), c.Referral, c.Items)
	}
	for _, p := range c.People {
		if p.Runs != 12 {
			t.Errorf("%s has %d runs", p.Trainee, p.Runs)
		}
	}
	model, bored := c.People[0], c.People[6]
	if model.Fidelity != 100 || model.Accuracy != 100 || model.WithModel.Raw.Value != 1 || bored.WithModel.Raw.Value > 0.9 || bored.Accuracy > 60 {
		t.Errorf("%+v %+v", model, bored)
	}
	found := slices.ContainsFunc(c.Diverge, func(d training.Divergence) bool {
		return d.Scenario.ID == "apple-valley" && d.Item == "could_not_leave_place" && slices.Contains(d.Otherwise, "bird-03") && slices.Contains(d.Otherwise, "bird-07") && !slices.Contains(d.Otherwise, "bird-01")
	})
	if !found || c.Biases["regular_entry"] == 0 {
		t.Errorf("the biased and the bored are not named at the item: %v %v", c.Diverge[0], c.Biases)
	}
	if c.Change != nil {
		t.Error("a comparison without runs from before")
	}
}

// TestSmallClass: below five cases there is no figure; two people get Cohen's kappa.
func TestSmallClass(t *testing.T) {
	t.Parallel()
	small := training.Summarise(entriesOf(t, classOf(t, 3, 4)))
	if small.Referral != nil || small.People[0].WithModel != nil {
		t.Errorf("four scenarios gave a figure: %+v", small.Referral)
	}
	two := training.Summarise(entriesOf(t, classOf(t, 3, 8)[:]))
	if two.Referral == nil || two.Referral.Cohen != nil {
		t.Errorf("three people: %+v", two.Referral)
	}
	var pair []*training.Run
	for _, run := range classOf(t, 3, 8) {
		if run.Trainee != "bird-02" {
			pair = append(pair, run)
		}
	}
	c := training.Summarise(entriesOf(t, pair))
	if c.Referral == nil || c.Referral.Cohen == nil || c.Referral.Prevalence == nil || c.Referral.Raters != 2 {
		t.Errorf("two people: %+v", c.Referral)
	}
}

// TestBeforeAndAfter compares the same people, at least five of them, and takes agreement from after.
func TestBeforeAndAfter(t *testing.T) {
	t.Parallel()
	after := classOf(t, 5, 6)
	for _, run := range after {
		run.Events = slices.Clone(run.Events)
	}
	var all []*training.Run
	for _, run := range after {
		before := *run
		before.Phase, before.ID = training.Before, run.ID+"b"
		before.Decision = training.Decision{Outcome: "no_signs_so_far", Refer: "no_referral"}
		all = append(all, run, &before)
	}
	c := training.Summarise(entriesOf(t, all))
	if c.Change == nil || c.Change.People != 5 || c.Change.AccuracyBefore >= c.Change.AccuracyAfter || c.Change.FidelityBefore != c.Change.FidelityAfter {
		t.Errorf("%+v", c.Change)
	}
	if c.People[0].Runs != 6 {
		t.Errorf("runs from before were counted: %+v", c.People[0])
	}
}

// TestHandedIn: files and folders of a class; what cannot be used is named and blocks nothing.
func TestHandedIn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	runs := classOf(t, 2, 3)
	shelf := OpenShelf(filepath.Join(dir, "stick-1"), rand.Reader)
	for _, run := range runs[:4] {
		if err := shelf.Put(run); err != nil {
			t.Fatal(err)
		}
	}
	content, err := json.Marshal(runs[4])
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"blue.json": string(content), "record.json": `{"v":1,"compartment":"protection","events":[]}`, "cut.json": string(content[:200]), "note.txt": "not read",
		"stick-1/t-foreign.training": "age-encryption.org/v1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, problems, err := HandedIn(dir)
	if err != nil || len(got) != 5 || len(problems) != 3 {
		t.Errorf("%d runs, %v, %v", len(got), problems, err)
	}
	var out strings.Builder
	if err := ClassSheet(english(t), "en", training.Summarise(entriesOf(t, got)), problems, false).Text(&out); err != nil || !strings.Contains(out.String(), "left out: record.json") || strings.Contains(out.String(), "training.") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// BenchmarkClass reads, marks and shows a class of 20 on 24 scenarios, from sealed files to the page.
func BenchmarkClass(b *testing.B) {
	dir := b.TempDir()
	for _, run := range classOf(b, 20, 24) {
		if err := OpenShelf(filepath.Join(dir, run.Trainee), rand.Reader).Put(run); err != nil {
			b.Fatal(err)
		}
	}
	say := english(b)
	for b.Loop() {
		runs, problems, err := HandedIn(dir)
		if err != nil || len(problems) > 0 || len(runs) != 480 {
			b.Fatal(err, problems, len(runs))
		}
		var out strings.Builder
		if err := ClassSheet(say, "en", training.Summarise(entriesOf(b, runs)), nil, false).HTML(&out); err != nil {
			b.Fatal(err)
		}
	}
	if keep := os.Getenv("TRAINING_CLASS"); keep != "" { // to look at what was measured
		if err := os.CopyFS(keep, os.DirFS(dir)); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzReadRun(f *testing.F) {
	content, err := json.Marshal(classOf(f, 1, 1)[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(`{"training":1,"watermark":"TRAINING","scenario":"apple-valley","decision":{"outcome":"refer_now"},"led_to":{"outcome":"refer_now"},"fired":[{"event":"farmer_calls","seq":-9}]}`))
	data, list := scenarios(f)
	say := english(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		run, err := training.ReadRun(content)
		if err != nil {
			return
		}
		s, err := training.Find(list, run.Scenario)
		if err != nil {
			return
		}
		marks, err := training.Mark(data, s, run)
		if err != nil {
			return
		}
		if p := marks.Fidelity.Percent; p < 0 || p > 100 || marks.Accuracy.Percent < 0 || marks.Accuracy.Percent > 100 {
			t.Fatalf("%d %d", p, marks.Accuracy.Percent)
		}
		var out strings.Builder
		if err := ReviewSheet(say, "en", s, run, marks).Text(&out); err != nil {
			t.Fatal(err)
		}
		Replay(say, s, run)
	})
}
