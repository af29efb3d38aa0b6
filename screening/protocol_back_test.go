package screening

import (
	"slices"
	"testing"
	"time"

	"tipscreen/indicators"
)

// TestNoWayRoundTheGate: going back from where a talk was put off, and answering something else, passes no check.
func TestNoWayRoundTheGate(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"gate.interpreter", "relative"}, {"gate.privacy", "no"}, {"gate.alone", "no"}} {
		k := begin(t, "full", nil)
		k.to(c[0], nil)
		k.do(Reply{Command: ToAnswer, Value: c[1]})
		k.do(Reply{Command: ToAnswer, Value: "later"})
		k.do(Reply{Command: ToGoBack})
		k.do(Reply{Command: ToGoBack, Target: "gate.room"})
		k.do(Reply{Command: ToAnswer, Value: "next"})
		k.follows(c[0] + ".unmet")
	}
}

// TestShiftCarriesWhatIsMet: what one person's check led to concerns nobody else.
func TestShiftCarriesWhatIsMet(t *testing.T) {
	t.Parallel()
	for _, follow := range []string{"stop", "later", "override"} {
		first := begin(t, "checkpoint", nil)
		first.to("gate.alone", nil)
		first.do(Reply{Command: ToAnswer, Value: "no"})
		first.do(Reply{Command: ToAnswer, Value: follow})
		next := begin(t, "checkpoint", nil)
		for _, e := range first.ShiftEvents() {
			next.add(e)
		}
		next.follows("gate.alone")
	}
}

// TestRecordRefusedAfterTheStop: also when the asking has stopped, the person can say that nothing shall be kept (PR14).
func TestRecordRefusedAfterTheStop(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("wants_doctor", nil)
	k.do(Reply{Command: ToStop, Value: StopPerson})
	if !k.do(Reply{Command: ToConsent}) {
		t.Fatal("the consent cannot be taken back after the stop")
	}
	k.follows("consent.record")
	k.do(Reply{Command: ToAnswer, Value: "no"})
	if k.MayRecord() {
		t.Error("the record is still kept")
	}
	k.follows("closing.more")
}

// TestToldAfterTheResult: what is told after the result was seen shows the result once more, and what was settled on the old
// one is settled anew.
func TestToldAfterTheResult(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("closing.topic", nil)
	k.do(Reply{Command: ToAnswer, Value: "next"})
	k.add(Event{Kind: Explained})
	k.to("after.penalties", map[string]string{"after.hold": "does_not_wait"})
	k.do(Reply{Command: ToClaim})
	if k.IsExplained() || !k.Waits() {
		t.Errorf("explained %v, penalties wait %v", k.IsExplained(), k.Waits())
	}
}

// TestTakenUpLater: a resumed interview looks again who is near before anything else, also when the clock was set back or the
// official had gone back; and nothing is checked any more when only the official's part is left.
func TestTakenUpLater(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		k := begin(t, "full", nil)
		k.to("pregnant", nil)
		k.do(Reply{Command: ToGoBack})
		k.at = k.at.Add(gap)
		k.add(Event{Kind: Continued})
		k.follows("gate.ready")
	}
	k := begin(t, "full", nil)
	k.to("closing.topic", nil)
	k.do(Reply{Command: ToAnswer, Value: "next"})
	k.add(Event{Kind: Explained})
	k.at = k.at.Add(24 * time.Hour)
	k.add(Event{Kind: Continued})
	k.follows("after.heard")
}

// TestEarlierAnswersCount: what was told unasked before counts now, whatever is answered to the question that would have led
// to it.
func TestEarlierAnswersCount(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	for _, e := range EarlierEvents(k.setup.Data, []Event{
		{Kind: Answered, Step: "reached_place", Value: "no", How: Asked}, {Kind: Answered, Step: "phone_controlled", Value: "yes", How: Volunteered},
	}, "abc") {
		k.add(e)
	}
	if a := k.Assess(); !slices.ContainsFunc(a.Reasons, func(r Reason) bool { return r.Item == "phone_controlled" }) {
		t.Error("what was told before counts no more")
	}
}

// TestTopicChosenAnew: choosing the first topic anew loses none of the others.
func TestTopicChosenAnew(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("topic.3", map[string]string{"topic.1": "offer", "topic.2": "journey"})
	k.do(Reply{Command: ToGoBack, Target: "topic.1"})
	k.do(Reply{Command: ToAnswer, Value: "journey"})
	k.to("closing.more", map[string]string{"topic.2": "offer"})
	asked := map[string]bool{}
	for _, e := range k.Events() {
		asked[e.Step] = true
	}
	for _, step := range k.setup.Plan.Steps {
		for _, id := range step.Items {
			item, _ := k.setup.Data.Item(id)
			if step.Kind == indicators.Items && item.AskIf == nil && item.Askable() && !asked[id] && !asked["sensitive."+id] {
				t.Errorf("%s was never asked", id)
			}
		}
	}
}

// TestStopAtTheGate: where somebody is near, stopping at the gate says nothing that they may not hear.
func TestStopAtTheGate(t *testing.T) {
	t.Parallel()
	for _, check := range []string{"alone", "privacy"} {
		k := begin(t, "full", nil)
		k.to("gate."+check, nil)
		k.do(Reply{Command: ToAnswer, Value: "no"})
		k.do(Reply{Command: ToAnswer, Value: "stop"})
		for p, more := k.Next(); more; p, more = k.Next() {
			if p.ID != "closing.next" && p.ID != "closing.child_protection" && p.ID != "closing.child_protection.reason" {
				t.Fatalf("%s: %s follows", check, p.ID)
			}
			r := Reply{Command: ToAnswer, Text: "words"}
			if len(p.Options) > 0 {
				r.Value = p.Options[0]
			}
			k.do(r)
		}
	}
}
