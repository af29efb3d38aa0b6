package training

import (
	"slices"
	"strings"
	"testing"

	"tipscreen/screening"
)

// slip is the model answer with one slip: at a prompt it gives another reply.
type slip struct {
	Model
	at      string
	reply   screening.Reply
	outcome string
}

func (s *slip) Reply(p screening.Prompt, scene Scene) screening.Reply {
	if p.ID == s.at && scene.Event == nil {
		return s.reply
	}
	return scene.Right
}

func (s *slip) Decide(scenario *Scenario, a *screening.Assessment) Decision {
	d := s.Model.Decide(scenario, a)
	if s.outcome != "" {
		d.Outcome = s.outcome
	}
	return d
}

// TestEachSlipIsMarked: one slip in an interview that is otherwise right costs exactly the mark that is about it.
func TestEachSlipIsMarked(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	stop := func(why string) screening.Reply { return screening.Reply{Command: screening.ToStop, Value: why} }
	for _, tt := range []struct {
		scenario, at string
		reply        screening.Reply
		want, about  string
	}{
		{"camp-in-the-hills", "gate.ready", choose("yes"), "later.missed", ""},
		{"thirty-hours", "gate.ready.unmet", choose("stop"), "later.missed", ""},
		{"house-keys", "gate.alone.unmet", choose("later"), "later.unneeded", "alone"},
		{"house-keys", "gate.alone.unmet", choose("override"), "gate.override", "alone"},
		{"house-keys", "gate.interpreter", choose("independent"), "gate.missed", "interpreter"},
		{"over-the-hills", "gate.interpreter.accepted", choose("yes"), "gate.missed", "interpreter.accepted"},
		{"river-office", "gate.needs", choose("none"), "gate.left_out", "needs.food"},
		{"river-office", "gate.needs.food", choose("refused"), "gate.missed", "needs.food"},
		{"model-agency", "gate.choice", choose("fine"), "gate.missed", "choice"},
		{"team-lead", "gate.raid", choose("no"), "gate.missed", "raid"},
		{"open-door", "gate.custody", choose("no"), "gate.left_out", "custody.lawyer"},
		{"open-door", "rights.journey", choose("go_on"), "rights.pressed", ""},
		{"green-house", "rights.journey", choose("lawyer"), "rights.other", ""},
		{"apple-valley", "consent.points", choose("purpose,use"), "points.part", ""},
		{"apple-valley", "consent.points", skip, "points.part", ""},
		{"apple-valley", "topic.1", choose("journey"), "topic.other", ""},
		{"apple-valley", "rest.1", choose("go_on"), "rest.passed", ""},
		{"apple-valley", "wants_doctor", stop(screening.StopOther), "stop.early", ""},
		{"apple-valley", "wants_doctor", stop(screening.StopLater), "later.unneeded", ""},
		{"wiped-phone", "distress.1", choose("tears"), "signs.part", ""},
		{"wiped-phone", "distress.1", skip, "signs.missed", ""},
		{"apple-valley", "closing.needs", choose("papers"), "wishes.part", ""},
		{"apple-valley", "closing.needs", skip, "wishes.left_out", ""},
		{"house-keys", "closing.leaflet", choose("safe"), "leaflet.unsafe", ""},
		{"apple-valley", "closing.leaflet", choose("not_safe"), "leaflet.not_given", ""},
		{"apple-valley", "closing.readback", choose("not_wanted"), "readback.left_out", ""},
		{"night-boat", "closing.child_protection", choose("not_yet"), "child_protection.not_yet", ""},
		{"apple-valley", "closing.next", stop(screening.StopOther), "closing.broken_off", ""},
		{"apple-valley", "after.hold", choose("does_not_wait"), "hold.lowered", ""},
	} {
		s, err := Find(scenarios, tt.scenario)
		if err != nil {
			t.Fatal(err)
		}
		_, marks := rehearse(t, data, s, 3, &slip{at: tt.at, reply: tt.reply})
		lost := slices.DeleteFunc(slices.Clone(marks.Fidelity.Points), func(p Point) bool { return p.Got == p.Of })
		if !slices.ContainsFunc(lost, func(p Point) bool { return p.ID == tt.want && p.About == tt.about }) || marks.Fidelity.Percent == 100 {
			t.Errorf("%s at %s: %d of 100, lost %+v, want %s", tt.scenario, tt.at, marks.Fidelity.Percent, lost, tt.want)
		}
	}
}

// TestStopReason: a stop for what happened keeps its marks, and loses one where another reason is noted.
func TestStopReason(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	s, err := Find(scenarios, "knew-the-work")
	if err != nil {
		t.Fatal(err)
	}
	for reason, want := range map[string]string{screening.StopPerson: "stop.reason", screening.StopOther: "stop.reason_other"} {
		_, marks := rehearse(t, data, s, 3, &stopper{reason: reason})
		if !slices.ContainsFunc(marks.Fidelity.Points, func(p Point) bool { return p.ID == want }) {
			t.Errorf("%s: no mark %s", reason, want)
		}
	}
}

// stopper stops for one reason whatever happened.
type stopper struct {
	Model
	reason string
}

func (s *stopper) Reply(_ screening.Prompt, scene Scene) screening.Reply {
	if scene.Right.Command == screening.ToStop {
		return screening.Reply{Command: screening.ToStop, Value: s.reason}
	}
	return scene.Right
}

// TestWhatIsSettledAfterwards: who decided on more before the result is reminded by a mark to do more after it.
func TestWhatIsSettledAfterwards(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	s, err := Find(scenarios, "before-takeoff")
	if err != nil {
		t.Fatal(err)
	}
	for reply, want := range map[string]string{"as_it_is": "raise.dropped", "refer_now": "raise.kept"} {
		_, marks := rehearse(t, data, s, 3, &slip{at: "after.raise", reply: choose(reply), outcome: "refer_now"})
		if !slices.ContainsFunc(marks.Fidelity.Points, func(p Point) bool { return p.ID == want }) {
			t.Errorf("%s: no mark %s", reply, want)
		}
	}
	if run, _ := rehearse(t, data, s, 3, &slip{outcome: "refer_now"}); !slices.ContainsFunc(run.Events, func(e screening.Event) bool { return e.Step == "after.raise" && e.Value == "refer_now" }) {
		t.Error("what was decided before the result is not what is settled after it")
	}
}

// TestChildIsNotAskedOn: when a child has told, nothing is asked any more, and a careful official loses nothing by it; a
// child is never asked what only adults are asked.
func TestChildIsNotAskedOn(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	for _, s := range scenarios {
		if !s.child() {
			continue
		}
		plan, _ := data.Plan(s.Plan)
		run, _ := rehearse(t, data, s, 3, Model{})
		told := false
		for _, e := range run.Events {
			item, ok := data.Item(e.Step)
			if !ok {
				continue
			}
			if told && e.How != screening.Volunteered {
				t.Errorf("%s: %s was asked after the child had told", s.ID, e.Step)
			}
			told = told || e.Value == "yes" && e.How == screening.Volunteered && disclosing(item)
			for _, step := range plan.Steps {
				if step.Adults && slices.Contains(step.Items, e.Step) && e.How != screening.Volunteered {
					t.Errorf("%s: %s is for adults", s.ID, e.Step)
				}
			}
		}
	}
}

// TestNeedsOpenThePerson: what somebody says when a need was seen to stays hidden where nobody saw to it.
func TestNeedsOpenThePerson(t *testing.T) {
	t.Parallel()
	data, scenarios := load(t)
	s, err := Find(scenarios, "river-office")
	if err != nil {
		t.Fatal(err)
	}
	for reply, want := range map[string]string{"some": "yes", "none": "unclear"} {
		run, _ := rehearse(t, data, s, 3, &slip{at: "gate.needs", reply: choose(reply)})
		var got []string
		for _, e := range run.Events {
			if e.Kind == screening.Answered && e.Step == "could_not_leave_place" {
				got = append(got, e.Value)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("needs %s: %v, want %s", reply, got, want)
		}
	}
}
