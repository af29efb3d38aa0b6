package training

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tipscreen/indicators"
	"tipscreen/screening"
)

func load(t testing.TB) (*indicators.Data, []*Scenario) {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	scenarios, err := Load(data, Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return data, scenarios
}

func rehearse(t testing.TB, data *indicators.Data, s *Scenario, seed uint64, who Trainee) (*Run, *Marks) {
	t.Helper()
	setup, err := Setup(data, s, "en", "en", "test")
	if err != nil {
		t.Fatal(err)
	}
	run, err := Rehearse(setup, s, seed, who, Clock{time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	marks, err := Mark(data, s, run)
	if err != nil {
		t.Fatal(err)
	}
	return run, marks
}

// TestModelAnswer: each scenario solved by its own model answer has full marks, with every seed, and leads where it says.
func TestModelAnswer(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	for _, s := range scenarios {
		if problems := Rehearsal(data, s); len(problems) > 0 {
			t.Errorf("%s", problems.Error())
		}
		run, marks := rehearse(t, data, s, 3, Model{})
		if marks.Fidelity.Percent != 100 || marks.Accuracy.Percent != 100 || len(marks.Bias) != 0 || s.Plan != "checkpoint" && s.Later == "" && len(marks.Fidelity.Points) < 12 {
			t.Errorf("%s: %+v of %+v", s.ID, marks, run.Decision)
		}
	}
}

// TestWhatTheScenariosCover: there are enough of them, enough do not end in a referral, and every circumstance that is often
// held against people is the trap of at least one.
func TestWhatTheScenariosCover(t *testing.T) {
	t.Parallel()
	_, scenarios := load(t)
	if len(scenarios) < 24 {
		t.Errorf("%d scenarios, want at least 24", len(scenarios))
	}
	trapped, kinds, plans := map[string]bool{}, map[EventKind]bool{}, map[string]bool{}
	withoutReferral, later := 0, false
	for _, s := range scenarios {
		if s.Expect.Outcome != screening.ReferNow.String() {
			withoutReferral++
		}
		for _, trap := range s.Traps {
			trapped[trap] = true
		}
		for _, e := range s.Events {
			kinds[e.Kind] = true
		}
		plans[s.Plan] = true
		later = later || s.Later != ""
	}
	if 10*withoutReferral < 4*len(scenarios) {
		t.Errorf("%d of %d scenarios end without a referral, want at least four in ten", withoutReferral, len(scenarios))
	}
	for _, word := range Circumstances() {
		if !trapped[word] {
			t.Errorf("%s is the trap of no scenario", word)
		}
	}
	for _, kind := range EventKinds() {
		if !kinds[kind] {
			t.Errorf("the event %s is in no scenario", kind)
		}
	}
	for _, plan := range []string{"checkpoint", "full", "child", "on-return", "embassy"} {
		if !plans[plan] {
			t.Errorf("no scenario plays the plan %s", plan)
		}
	}
	if !later {
		t.Error("in no scenario it is right to put the talk off")
	}
}

// TestScenarioReaderIsStrict: each mistake is reported with its line and how to mend it.
func TestScenarioReaderIsStrict(t *testing.T) {
	t.Parallel()
	data, _ := load(t)
	good, err := fs.ReadFile(Embedded(), "river-office.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ old, new, wants string }{
		{"level: 1", "level: 1\nlevel: 2", "appears twice"},
		{"level: 1", "level: 9", "the level is not known"},
		{"level: 1", "lvel: 1", "lvel"},
		{"id: river-office", "id: other", "the file is called"},
		{"plan: full", "plan: none", `the plan "none" is not known`},
		{"item: papers_kept", "item: papers_kpt", `"papers_kpt" is not known`},
		{"item: papers_kept", "item: officials_helped_on_way", "never part of an interview"},
		{"item: papers_kept", "item: made_to_hurt_others", "is never asked"},
		{"item: papers_kept", "item: could_not_quit", "two facts"},
		{"needs: [needs]", "needs: [alone]", "always fulfilled"},
		{"needs: [needs]", "needs: [sunshine]", "not known"},
		{"    needs: [needs]\n", "", "only half"},
		{"{item: had_targets, answer: yes, said", "{item: had_targets, answer: yes, seen", "what is seen or said"},
		{"trap: male", "trap: denies", "not among the traps"},
		{"at: [journey, place]", "at: [journey, made_to_scam]", "may never happen"},
		{"react: [break, distress]", "react: [run]", "not known"},
		{"outcome: refer_now", "outcome: guilty", "not known"},
		{"refer: [referral_body]", "refer: [prison]", "not known"},
		{"refer: [referral_body]", "refer: [referral_body]\n---\nid: x", "second document"},
		{"brought to your post", "brought to your post; he could have run,", "judge the person"},
		{"    source: \"ILO, Indicators of forced labour (2012)\"\n", "", "a teaching point is not complete"},
		{"He has a work contract", "He\u202e has a work contract", "hidden character"},
	} {
		if !strings.Contains(string(good), tt.old) {
			t.Errorf("the scenario has no %q", tt.old)
			continue
		}
		bad := strings.Replace(string(good), tt.old, tt.new, 1)
		_, err := Load(data, fstest.MapFS{"river-office.yaml": {Data: []byte(bad)}})
		if err == nil || !strings.Contains(err.Error(), tt.wants) || !strings.Contains(err.Error(), "river-office.yaml:") {
			t.Errorf("%q: %v, want %q", tt.new, err, tt.wants)
		}
	}
	if _, err := Load(data, fstest.MapFS{"river-office.yaml": {Data: good}}); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

// TestRehearsalFindsImpossible: what only playing it shows.
func TestRehearsalFindsImpossible(t *testing.T) {
	t.Parallel()
	data, _ := load(t)
	good, err := fs.ReadFile(Embedded(), "river-office.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ old, new, wants string }{
		{"outcome: refer_now", "outcome: no_signs_so_far", "the facts lead to refer_now"},
		{"flags: [hold]", "flags: [hold, family_inside]", "do not set the flag family_inside"},
		{"{item: had_targets, answer: yes", "{item: had_targets, answer: no", "nobody is asked about punished_for_target"},
	} {
		s, problems := Read(data, "river-office.yaml", []byte(strings.Replace(string(good), tt.old, tt.new, 1)))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if got := Rehearsal(data, s).Error(); !strings.Contains(got, tt.wants) {
			t.Errorf("%q: %q, want %q", tt.new, got, tt.wants)
		}
	}
}

// TestSeeds: the same seed gives the same run; other seeds move the events.
func TestSeeds(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	s, err := Find(scenarios, "river-office")
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]bool{}
	for seed := range uint64(12) {
		one, _ := rehearse(t, data, s, seed, Model{})
		two, _ := rehearse(t, data, s, seed, Model{})
		if !slices.Equal(one.Fired, two.Fired) || len(one.Events) != len(two.Events) {
			t.Errorf("seed %d gave two runs", seed)
		}
		places[one.Fired[0].Step] = true
	}
	if len(places) != 2 {
		t.Errorf("the call came at %v", places)
	}
}

// TestSaidOnlyIfAskedWell: what is behind a condition is told when it is fulfilled, and not before.
func TestSaidOnlyIfAskedWell(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	s, err := Find(scenarios, "house-keys")
	if err != nil {
		t.Fatal(err)
	}
	open, _ := rehearse(t, data, s, 1, Model{})
	beside, marks := rehearse(t, data, s, 1, &overruler{})
	value := func(r *Run, item string) (v string) {
		for _, e := range r.Events {
			if e.Step == item {
				v = e.Value
			}
		}
		return v
	}
	if value(open, "could_not_leave_place") != "yes" || value(beside, "could_not_leave_place") != "no" {
		t.Errorf("alone %q, beside the employer %q", value(open, "could_not_leave_place"), value(beside, "could_not_leave_place"))
	}
	hidden := slices.ContainsFunc(marks.Findings, func(f Finding) bool {
		return f.Item == "could_not_leave_place" && f.Hidden && f.Right == "yes"
	})
	if !hidden || len(marks.Bias) != 0 {
		t.Errorf("what stayed hidden is not named as such: %+v", marks.Findings)
	}
}

// overruler marks all that is said rightly, but goes on although the companion is there.
type overruler struct{ Model }

func (o *overruler) Reply(p screening.Prompt, scene Scene) screening.Reply {
	if p.ID == "gate.alone.unmet" {
		return screening.Reply{Command: screening.ToAnswer, Value: "override"}
	}
	return scene.Right
}
