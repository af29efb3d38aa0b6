package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tipscreen/screening"
)

// compound is somebody who was deceived, held and made to commit fraud, and who speaks of it.
func compound() script {
	yes := script{"open.story": {"NOTECANARY a friend offered office work"}}
	for _, id := range []string{
		"job_from_known", "job_not_as_told", "work_not_as_promised", "reached_place", "could_not_leave_place", "papers_kept",
		"long_hours", "had_targets", "punished_for_target", "made_to_scam",
	} {
		yes[id] = []string{"1"}
		yes["sensitive."+id] = []string{"1"}
	}
	return yes
}

var referenceInText = regexp.MustCompile(`\b[0-9a-f]{10}\b`)

// record finishes an interview and gives the id of its record.
func finishedRecord(t *testing.T, l laptop, s script, args ...string) (*player, string) {
	t.Helper()
	p := l.play(t, args...)
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	id := referenceInText.FindString(p.transcript.String())
	if id == "" {
		t.Fatalf("no reference in\n%s", p.transcript.String())
	}
	return p, id
}

func (l laptop) record(t *testing.T, id string) []*screening.Part {
	t.Helper()
	out, err := l.command("records", "show", id, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var parts []*screening.Part
	if err := json.Unmarshal(out, &parts); err != nil {
		t.Fatal(err)
	}
	return parts
}

// TestFullInterview is the main job: from nothing to a finished, explained, encrypted record.
func TestFullInterview(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p, id := finishedRecord(t, l, compound(), "screen", "--person", "th")
	text := p.transcript.String()
	for _, want := range []string{
		"Refer now", "Penalties wait", "unodc-fc P10: strong", "means and purpose are both indicated",
		"[draft translation]", "not compared with the originals",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the transcript does not say %q", want)
		}
	}
	parts := l.record(t, id)
	if len(parts) == 0 || parts[0].Assessment == nil || parts[0].Assessment.Outcome != screening.ReferNow {
		t.Fatalf("the record has no assessment with the outcome refer_now")
	}
	for _, e := range parts[0].Events {
		if e.Step == "papers_kept" && (e.Value != "yes" || len(e.Shown) != 4 || e.Shown[0].Lang != "th" || e.Shown[0].Status != "draft") {
			t.Errorf("the record does not say what was shown: %+v", e)
		}
	}
}

// TestProtocolOrder: nothing is asked before the gate, the limits and the consent; the open invitation comes before any
// closed item; the first and the last asked item are neutral.
func TestProtocolOrder(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p, _ := finishedRecord(t, l, compound(), "screen", "--person", "en")
	index := func(id string) int { return slices.Index(p.prompts, id) }
	order := []string{"session.code", "gate.privacy", "gate.custody", "consent.opening", "consent.talk", "consent.record", "open.story", "in_danger_now", "small_comfort", "closing.more", "closing.topic"}
	for i := 1; i < len(order); i++ {
		if index(order[i-1]) < 0 || index(order[i-1]) > index(order[i]) {
			t.Errorf("%s does not come before %s", order[i-1], order[i])
		}
	}
}

// TestTalkYesRecordNo: the interview goes on in memory, the result is given, only a tally stays.
func TestTalkYesRecordNo(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.play(t, "screen", "--person", "en")
	s := compound()
	s["consent.record"] = []string{"2"}
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	if !strings.Contains(p.transcript.String(), "Refer now") || !strings.Contains(p.transcript.String(), "Nothing of this talk was kept") {
		t.Errorf("no result, or no word that nothing was kept:\n%s", p.transcript.String())
	}
	if out, _ := l.run(t, "records", "list"); strings.TrimSpace(out) != "" {
		t.Errorf("something was kept: %s", out)
	}
	if slices.Contains(p.prompts, "consent.share") || slices.Contains(p.prompts, "closing.name") {
		t.Errorf("asked for the use of a record that does not exist")
	}
}

// TestConsentToRecordTakenBack: going back and saying no removes what was kept.
func TestConsentToRecordTakenBack(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.play(t, "screen", "--person", "en")
	s := compound()
	s["consent.record"] = []string{"1", "2"}
	s["consent.points"] = []string{"back", "1"}
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	if out, _ := l.run(t, "records", "list"); strings.TrimSpace(out) != "" {
		t.Errorf("something was kept: %s", out)
	}
}

// TestLeftThePath: answers to items that left the path stay in the log, never count, and are listed.
func TestLeftThePath(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.play(t, "screen", "--person", "en")
	s := compound()
	// could_not_leave_place is answered, then moves_controlled yes, then the first is taken back.
	s["moves_controlled"] = []string{"1"}
	s["papers_kept"] = []string{"back", "2"}
	s["could_not_leave_place"] = []string{"1", "2"}
	s["moves_controlled"] = []string{"1", "back"}
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	parts := l.record(t, referenceInText.FindString(p.transcript.String()))
	ignored := parts[0].Assessment.Ignored
	if len(ignored) != 1 || ignored[0].Key != "moves_controlled" || ignored[0].Why != "left_the_path" {
		t.Errorf("ignored: %+v", ignored)
	}
	if !strings.Contains(p.transcript.String(), "Kept, but not counted") {
		t.Errorf("the result does not list what is not counted")
	}
}

// TestStopIsAValidEnd: a stopped interview closes, is assessed and kept.
func TestStopIsAValidEnd(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s := script{"job_online": {"stop"}}
	p, id := finishedRecord(t, l, s, "screen", "--person", "en")
	if parts := l.record(t, id); !parts[0].Stopped || parts[0].Assessment.Outcome != screening.NotEnoughKnown {
		t.Errorf("stopped %v, outcome %v", parts[0].Stopped, parts[0].Assessment.Outcome)
	}
	if slices.Contains(p.prompts, "travel_arranged") {
		t.Errorf("asked on after the stop")
	}
}

// TestClaimHolds: the word of the person is enough for the hold, at any moment.
func TestClaimHolds(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	_, id := finishedRecord(t, l, script{"wants_doctor": {"claim", "2"}}, "screen", "--person", "en")
	a := l.record(t, id)[0].Assessment
	if a.Outcome != screening.TalkFurther || !slices.Contains(a.Hold, "claim") {
		t.Errorf("outcome %v, hold %v", a.Outcome, a.Hold)
	}
}

// TestNotesBreaksAndHide: each command does its work and the same prompt comes again.
func TestNotesBreaksAndHide(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s := script{
		"wants_doctor": {"note speaks of pain in the back", "break", "distress", "danger", "hide", "volunteered yes"},
		"break":        {""}, "distress": {""}, "hide": {"0000", "2468"}, "pregnant": {"told papers_kept", "2"},
	}
	p, id := finishedRecord(t, l, s, "screen", "--person", "en")
	if !strings.Contains(p.transcript.String(), "Not right.") {
		t.Errorf("the wrong code was not refused")
	}
	var kinds []string
	for _, e := range l.record(t, id)[0].Events {
		switch {
		case e.Step == "wants_doctor":
			kinds = append(kinds, string(e.Kind))
			if e.Kind == screening.Answered && (e.How != screening.Volunteered || e.Value != "yes") {
				t.Errorf("%+v", e)
			}
		case e.Step == "papers_kept" && e.How != screening.Volunteered:
			t.Errorf("%+v", e)
		}
	}
	if want := []string{"noted", "paused", "distress", "danger", "hidden", "answered"}; !slices.Equal(kinds, want) {
		t.Errorf("events %v, want %v", kinds, want)
	}
}

// TestInterpreterIsNeededForDrafts: while the words for the person are drafts, nobody may go on without an independent
// interpreter; there is no override.
func TestInterpreterIsNeededForDrafts(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.play(t, "screen", "--person", "th")
	s := script{"gate.interpreter": {"not_needed", "relative", "independent"}, "gate.interpreter.unmet": {"override", "again", "again"}}
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	count := 0
	for _, id := range p.prompts {
		if id == "gate.interpreter.unmet" {
			count++
		}
	}
	if count != 3 { // the refused override puts it once more
		t.Errorf("the check was put %d times, want 3", count)
	}
}

// TestOverrideNeedsAReason: an unmet check can be passed only with typed words; sensitive items stay closed without
// privacy.
func TestOverrideNeedsAReason(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	s := compound()
	s["gate.privacy"] = []string{"no"}
	s["gate.privacy.unmet"] = []string{"override"}
	s["gate.privacy.reason"] = []string{"", "no other room tonight"}
	p, id := finishedRecord(t, l, s, "screen", "--person", "en")
	for _, prompt := range p.prompts {
		if strings.HasPrefix(prompt, "sensitive.") {
			t.Errorf("%s was put although others can hear", prompt)
		}
	}
	if !slices.ContainsFunc(l.record(t, id)[0].Events, func(e screening.Event) bool {
		return e.Step == "gate.privacy.reason" && e.Note == "no other room tonight"
	}) {
		t.Errorf("the reason is not in the record")
	}
}
