package screening

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/indicators"
)

// talk is an interview that a test leads.
type talk struct {
	*Interview
	t  *testing.T
	at time.Time
}

func begin(t *testing.T, planID string, change func(*Setup)) *talk {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	plan, ok := data.Plan(planID)
	if !ok {
		t.Fatalf("there is no plan %s", planID)
	}
	setup := NewSetup(data, plan)
	if change != nil {
		change(setup)
	}
	iv, err := Replay(setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &talk{iv, t, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
}

// do gives a reply to the next prompt, ten seconds after the one before, and tells whether it was taken.
func (k *talk) do(r Reply) bool {
	k.t.Helper()
	p, ok := k.Next()
	if !ok {
		k.t.Fatal("nothing is left to ask")
	}
	e, err := k.Decide(p, r)
	if err != nil {
		return false
	}
	k.add(e)
	return true
}

func (k *talk) add(e Event) {
	k.t.Helper()
	k.at = k.at.Add(10 * time.Second)
	e.V, e.Seq, e.At = EventVersion, len(k.Events())+1, k.at
	if err := k.Apply(e); err != nil {
		k.t.Fatal(err)
	}
}

// to answers with what somebody says to whom nothing happened, until a prompt comes; replies changes single answers.
func (k *talk) to(id string, replies map[string]string) {
	k.t.Helper()
	for range 400 {
		p, ok := k.Next()
		if !ok {
			k.t.Fatalf("%s does not come", id)
		}
		if p.ID == id {
			return
		}
		k.answerPlainly(replies)
	}
	k.t.Fatalf("%s does not come", id)
}

// answerPlainly answers the next prompt.
func (k *talk) answerPlainly(replies map[string]string) {
	k.t.Helper()
	p, _ := k.Next()
	r := Reply{Command: ToAnswer, Text: "words"}
	switch {
	case replies[p.ID] != "":
		r.Value = replies[p.ID]
	case p.Kind == Ask || p.Kind == Observe:
		r.Value = "no"
	case p.Kind == Several:
		r.Value = p.Options[len(p.Options)-1]
	case strings.HasPrefix(p.ID, "sensitive."):
		r.Value = "skip"
	case len(p.Options) > 0:
		r.Value = p.Options[0]
	}
	if !k.do(r) {
		k.t.Fatalf("%s does not take %q", p.ID, r.Value)
	}
}

// follows checks which prompt comes now.
func (k *talk) follows(id string) {
	k.t.Helper()
	if p, _ := k.Next(); p.ID != id {
		k.t.Fatalf("%s follows, want %s", p.ID, id)
	}
}

// TestInterpreters: nobody who may be tied to the person or to the harm interprets, and no reason gets over it (PR04).
func TestInterpreters(t *testing.T) {
	t.Parallel()
	for relation, allowed := range map[string]bool{
		"independent": true, "not_needed": true,
		"relative": false, "friend": false, "companion": false, "employer": false, "recruiter": false, "from_group": false, "tied": false,
	} {
		k := begin(t, "full", nil)
		k.to("gate.interpreter", nil)
		k.do(Reply{Command: ToAnswer, Value: relation})
		p, _ := k.Next()
		if allowed == strings.HasSuffix(p.ID, ".unmet") || !allowed && slices.Contains(p.Options, "override") {
			t.Errorf("%s: %s follows, with %v", relation, p.ID, p.Options)
		}
	}
	for _, detail := range []string{"gate.interpreter.accepted", "gate.interpreter.briefed"} {
		k := begin(t, "full", nil)
		k.to(detail, nil)
		k.do(Reply{Command: ToAnswer, Value: "no"})
		k.to("gate.interpreter.unmet", nil)
		if p, _ := k.Next(); slices.Contains(p.Options, "override") {
			t.Errorf("%s no can be overridden", detail)
		}
	}
	k := begin(t, "full", func(s *Setup) { s.InterpreterRequired = true })
	k.to("gate.interpreter", nil)
	k.do(Reply{Command: ToAnswer, Value: "not_needed"})
	k.follows("gate.interpreter.unmet")
}

// TestGateBlocks: each check that is not met stands before everything else, and only a written reason gets over it (PR01,
// PR05); not being safe or rested, and a lawyer who is wanted, no reason gets over.
func TestGateBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		check, reply string
		override     bool
	}{
		{"ready", "not_safe", false}, {"ready", "rest_first", false}, {"privacy", "no", true}, {"alone", "no", true},
		{"raid", "yes", true}, {"choice", "woman", true}, {"custody.lawyer", "wanted", false},
	} {
		name, _, _ := strings.Cut(c.check, ".")
		k := begin(t, "full", nil)
		k.to("gate."+c.check, map[string]string{"gate.custody": "yes"})
		k.do(Reply{Command: ToAnswer, Value: c.reply})
		k.follows("gate." + name + ".unmet")
		if k.do(Reply{Command: ToSkip}) || k.do(Reply{Command: ToAnswer, Value: "override"}) != c.override {
			t.Errorf("%s %s: override is %v", c.check, c.reply, !c.override)
		}
		if c.override {
			k.follows("gate." + name + ".reason")
			if k.do(Reply{Command: ToSkip}) || k.do(Reply{Command: ToAnswer, Text: "  "}) {
				t.Errorf("%s: passed without a reason", c.check)
			}
			continue
		}
		k.do(Reply{Command: ToAnswer, Value: "again"})
		k.follows("gate." + name)
	}
}

// TestNeeds: what is missing comes before the talk, each need with what became of it and when (PR02).
func TestNeeds(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("gate.needs", nil)
	k.do(Reply{Command: ToAnswer, Value: "some"})
	for _, need := range []string{"food", "toilet", "rest", "clothes", "medical"} {
		k.follows("gate.needs." + need)
		k.do(Reply{Command: ToAnswer, Value: "offered"})
	}
	k.follows("gate.raid")
	for _, e := range k.Events() {
		if strings.HasPrefix(e.Step, "gate.needs.") && (e.Value != "offered" || e.At.IsZero()) {
			t.Errorf("%+v", e)
		}
	}
}

// TestDeferred: an interview that was put off asks nothing, keeps what there is, and begins anew with whether it is safe.
func TestDeferred(t *testing.T) {
	t.Parallel()
	for name, putOff := range map[string]func(*talk){
		"at the gate": func(k *talk) {
			k.to("gate.ready", nil)
			k.do(Reply{Command: ToAnswer, Value: "rest_first"})
			k.do(Reply{Command: ToAnswer, Value: "later"})
		},
		"in the middle": func(k *talk) {
			k.to("wants_doctor", nil)
			k.do(Reply{Command: ToStop, Value: StopLater})
		},
	} {
		k := begin(t, "full", nil)
		putOff(k)
		k.follows(later)
		if k.do(Reply{Command: ToSkip}) {
			t.Errorf("%s: put off without a time", name)
		}
		k.do(Reply{Command: ToAnswer, Text: "tomorrow at nine"})
		if when, ok := k.Deferred(); !ok || when != "tomorrow at nine" {
			t.Errorf("%s: deferred until %q, %v", name, when, ok)
		}
		if p, more := k.Next(); more {
			t.Errorf("%s: %s is asked although the talk was put off", name, p.ID)
		}
		if a := k.Assess(); !slices.Contains(a.Hold, "outcome") {
			t.Errorf("%s: penalties do not wait: %v", name, a.Hold)
		}
		k.add(Event{Kind: Continued})
		if p, _ := k.Next(); name == "in the middle" && p.ID != "gate.ready" || name == "at the gate" && p.ID != "gate.ready" {
			t.Errorf("%s: taken up at %s", name, p.ID)
		}
	}
}

// TestTopics: the person chooses the order of the topics; what comes is the topic that was chosen (PR29).
func TestTopics(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("topic.2", map[string]string{"topic.1": "work"})
	if p, _ := k.Next(); !slices.Equal(p.Options, []string{"offer", "journey", "place", "afterwards"}) {
		t.Errorf("left are %v", p.Options)
	}
	var order []string
	for _, e := range k.Events() {
		if item, ok := k.setup.Data.Item(e.Step); ok && slices.Contains([]string{"long_hours", "phone_held_now"}, item.ID) {
			order = append(order, item.ID)
		}
	}
	if len(order) == 0 {
		t.Error("the topic that was chosen first was not asked")
	}
	k.to("closing.more", nil)
}

// TestThirdHardQuestion: whatever order the person chooses, after two hard questions in a row comes the offer of a break
// before the third (PR26).
func TestThirdHardQuestion(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("wants_doctor", nil)
	k.pace.hard = hardInARow
	next := k.rested(Prompt{ID: "sensitive.hurt_there", Kind: Choose, Item: &indicators.Item{ID: "hurt_there"}})
	if next.ID != "rest.1" {
		t.Errorf("%s follows two hard questions", next.ID)
	}
}

// TestBreakAfterTwentyMinutes: a break is offered by the clock of the events, once for each stretch (PR32).
func TestBreakAfterTwentyMinutes(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("wants_doctor", nil)
	k.at = k.at.Add(15 * time.Minute)
	k.do(Reply{Command: ToAnswer, Value: "no"})
	k.follows("pregnant")
	k.at = k.at.Add(5 * time.Minute)
	k.do(Reply{Command: ToAnswer, Value: "no"})
	k.to("rest.1", nil)
	k.do(Reply{Command: ToAnswer, Value: "break"})
	if p, _ := k.Next(); strings.HasPrefix(p.ID, "rest.") {
		t.Error("the break is offered twice")
	}
}

// TestSignsOfDistress: signs that need care at once end the asking, and so does distress for the second time (PR30, PR31).
func TestSignsOfDistress(t *testing.T) {
	t.Parallel()
	for sign, stops := range map[string]bool{
		"tears": false, "shaking": false, "restless": false, "silent": false, "angry": false, "none": false, "tears,shaking": false,
		"blank": true, "breathless": true, "pain": true, "asks_to_stop": true, "tears,blank": true,
	} {
		k := begin(t, "full", nil)
		k.to("wants_doctor", nil)
		k.do(Reply{Command: ToDistress})
		k.follows("distress.1")
		k.do(Reply{Command: ToAnswer, Value: sign})
		if k.Stopped() != stops {
			t.Errorf("%s: stopped is %v", sign, k.Stopped())
		}
	}
	k := begin(t, "full", nil)
	k.to("wants_doctor", nil)
	k.do(Reply{Command: ToDistress})
	k.do(Reply{Command: ToAnswer, Value: "tears"})
	k.do(Reply{Command: ToDistress})
	k.do(Reply{Command: ToSkip})
	if !k.Stopped() || k.Why() != StopDistress {
		t.Errorf("distress twice: stopped %v, why %q", k.Stopped(), k.Why())
	}
	k.follows("closing.more")
}

// TestSomebodyIsNear: when a companion comes back, or others can hear, only what is harmless is still said.
func TestSomebodyIsNear(t *testing.T) {
	t.Parallel()
	for _, why := range []string{StopCompanion, StopPrivacy} {
		k := begin(t, "full", nil)
		k.to("wants_doctor", nil)
		k.do(Reply{Command: ToStop, Value: why})
		k.follows("closing.next")
		k.do(Reply{Command: ToAnswer, Value: "next"})
		if p, more := k.Next(); more {
			t.Errorf("%s: %s follows", why, p.ID)
		}
		if why == StopCompanion && !k.Apart() {
			t.Error("nobody says to lead the person away")
		}
	}
}
