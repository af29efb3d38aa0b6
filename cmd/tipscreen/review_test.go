package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tipscreen/screening"
)

// The cases of this file were once wrong: an answer was lost, or a consent outlived its withdrawal.

// TestPagingBackLosesNothing: leaving out what is answered already, and going on or not at a sensitive item again, keep the
// answers that are there.
func TestPagingBackLosesNothing(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s := compound()
	s["told_work_lawful"] = []string{"back", "2"} // to made_to_other_offences' choice, and from there further
	s["sensitive.made_to_other_offences"] = []string{"2", "back", "2"}
	s["made_to_scam"] = []string{"1", "skip"}
	p, id := finishedRecord(t, l, s, "screen", "--person", "en")
	if n := count(p.prompts, "made_to_scam"); n != 2 {
		t.Fatalf("made_to_scam was put %d times", n)
	}
	a := l.record(t, id)[0].Assessment
	if a.Outcome != screening.ReferNow || !slices.ContainsFunc(a.Reasons, func(r screening.Reason) bool { return r.Item == "made_to_scam" }) {
		t.Errorf("outcome %v, the answer to made_to_scam is lost", a.Outcome)
	}
}

func count(list []string, word string) (n int) {
	for _, one := range list {
		if one == word {
			n++
		}
	}
	return n
}

// TestToldAfterNo: what the person says later, unasked, counts, also in the closing, and a slip of a command is no text.
func TestToldAfterNo(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s := compound()
	s["made_to_scam"] = []string{"2"}
	s["closing.more"] = []string{"told made_to_scam", "told nonsense", "note", "skip"}
	_, id := finishedRecord(t, l, s, "screen", "--person", "en")
	part := l.record(t, id)[0]
	if !slices.ContainsFunc(part.Assessment.Reasons, func(r screening.Reason) bool { return r.Item == "made_to_scam" }) {
		t.Errorf("what was told in the closing does not count")
	}
	for _, e := range part.Events {
		if e.Step == "closing.more" && e.Note != "" {
			t.Errorf("a slip was kept as text")
		}
	}
}

// TestConsentTakenBack: the consent command leads to the consent from anywhere; a name typed before is then in no part.
func TestConsentTakenBack(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s := compound()
	s["closing.name"] = []string{"NAMECANARY Dao"}
	s["closing.contact"] = []string{"consent", "NAMECANARY by phone"}
	s["consent.record"] = []string{"1", "back", "1"}
	s["closing.topic"] = []string{"back", "back", "back", "1"}
	p := l.play(t, "screen", "--person", "en")
	s["consent.identity"] = []string{"1"}
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	if count(p.prompts, "consent.record") < 2 {
		t.Errorf("consent did not lead back to the consent")
	}

	// Withdrawn for the record altogether: nothing is kept, and no name is asked for.
	s = compound()
	s["could_not_quit"] = []string{"consent", "2"}
	s["consent.record"] = []string{"1", "2"}
	p = l.play(t, "screen", "--person", "en")
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	if count(p.prompts, "closing.name") != 0 || !strings.Contains(p.transcript.String(), "Nothing of this talk was kept") {
		t.Errorf("the withdrawn record lives on:\n%s", p.transcript.String())
	}
}

// TestMissingWordsAreToldBefore: words that only the end of an interview needs are missed before it begins, exit code 6;
// what lies in the agency's folder and would not be read is told.
func TestMissingWordsAreToldBefore(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	dir := filepath.Join(l.home, "agency", "locales", "en")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	words := readFile(t, "../../locales/en/official.json")
	words = strings.Replace(words, `"outcome.refer_now.text"`, `"outcome.refer_now.txt"`, 1)
	if err := os.WriteFile(filepath.Join(dir, "official.json"), []byte(words), 0o644); err != nil {
		t.Fatal(err)
	}
	p := l.play(t, "screen", "--person", "en")
	if code := p.finish(script{}); code != exitData || len(p.prompts) != 0 {
		t.Errorf("exit code %d after %d prompts\n%s", code, len(p.prompts), p.transcript.String())
	}
	if err := os.RemoveAll(filepath.Join(l.home, "agency")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(l.home, "agency", "indicators", "item"), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, code := l.run(t, "screen", "--line"); code != exitData || !strings.Contains(out, "would not be read") {
		t.Errorf("exit code %d: %s", code, out)
	}
}
