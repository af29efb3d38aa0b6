package screening

import (
	"slices"
	"strings"
	"testing"

	"tipscreen/indicators"
)

// TestChild: a child, or somebody who may be one, is asked about safety and needs alone, gets another explanation, and
// what it tells unasked ends the asking (PR09).
func TestChild(t *testing.T) {
	t.Parallel()
	for _, plan := range []string{"full", "child", "on-return", "embassy"} {
		for _, age := range []string{"child", "unsure"} {
			k := begin(t, plan, nil)
			k.to("closing.child_protection", map[string]string{"gate.age": age})
			steps := map[string]bool{}
			for _, e := range k.Events() {
				steps[e.Step] = true
			}
			if !steps["consent.assent"] || steps["consent.opening"] || steps["job_online"] || steps["topic.1"] || !steps["in_danger_now"] {
				t.Errorf("%s, %s: asked %v", plan, age, steps)
			}
			if k.do(Reply{Command: ToSkip}) {
				t.Errorf("%s: child protection can be left out", plan)
			}
			k.do(Reply{Command: ToAnswer, Value: "not_yet"})
			k.follows("closing.child_protection.reason")
		}
		k := begin(t, plan, nil)
		k.to("closing.child_protection", map[string]string{"gate.age": "child"})
		if a := k.Assess(); a.Outcome < NotEnoughKnown {
			t.Errorf("%s: a child who was asked little gets %v", plan, a.Outcome)
		}
		k = begin(t, plan, nil)
		k.to("wants_doctor", map[string]string{"gate.age": "child"})
		told := slices.IndexFunc(k.Told(), func(i *indicators.Item) bool { return i.Phase == "exploitation" || i.Sensitive() })
		if told < 0 {
			t.Fatalf("%s: nothing that a child tells can be marked", plan)
		}
		k.do(Reply{Command: ToTold, Target: k.Told()[told].ID})
		if !k.Stopped() || k.Why() != StopDisclosed {
			t.Errorf("%s: after a child has told, the asking goes on", plan)
		}
	}
}

// TestRightsBeforeAdmissions: before the first question whose yes could be used against the person, the rights are said;
// with a lawyer first, none of these questions comes.
func TestRightsBeforeAdmissions(t *testing.T) {
	t.Parallel()
	yes := map[string]string{}
	for _, item := range begin(t, "full", nil).setup.Data.Items {
		if item.Kind == indicators.YesNo && item.Askable() {
			yes[item.ID], yes["sensitive."+item.ID] = "yes", "ask"
		}
	}
	for reply, asked := range map[string]bool{"go_on": true, "lawyer": false} {
		k := begin(t, "full", nil)
		yes["rights.journey"] = reply
		k.to("closing.more", yes)
		count, said := 0, false
		for _, e := range k.Events() {
			said = said || strings.HasPrefix(e.Step, "rights.")
			if item, ok := k.setup.Data.Item(e.Step); ok && item.Admits {
				count++
				if !said {
					t.Errorf("%s is asked before the rights were said", e.Step)
				}
			}
		}
		if asked != (count > 3) {
			t.Errorf("%s: %d questions whose yes could be used against the person", reply, count)
		}
	}
}

// TestRaiseNeverLower: what follows can only be raised, and not waiting with penalties needs a written reason (PR47, Q51).
func TestRaiseNeverLower(t *testing.T) {
	t.Parallel()
	for outcome, options := range map[Outcome][]string{
		NoSignsSoFar: {"not_enough_known", "talk_further", "refer_now"}, NotEnoughKnown: {"talk_further", "refer_now"}, TalkFurther: {"refer_now"}, ReferNow: nil,
	} {
		if got := higher(outcome); !slices.Equal(got, options) {
			t.Errorf("from %v one can go to %v", outcome, got)
		}
	}
	k := begin(t, "full", nil)
	k.to("pregnant", nil)
	k.do(Reply{Command: ToStop})
	k.to("closing.topic", nil)
	k.do(Reply{Command: ToAnswer, Value: "next"})
	if _, more := k.Next(); more {
		t.Fatal("something is settled before the result was seen")
	}
	k.add(Event{Kind: Explained})
	k.to("after.hold", map[string]string{"after.raise": "refer_now"})
	if raised, ok := k.Raised(); !ok || raised != ReferNow || k.Assess().Outcome != NotEnoughKnown {
		t.Errorf("raised to %v, assessed %v", raised, k.Assess().Outcome)
	}
	k.do(Reply{Command: ToAnswer, Value: "does_not_wait"})
	k.follows("after.hold.reason")
	if k.do(Reply{Command: ToSkip}) || k.do(Reply{Command: ToStop}) {
		t.Error("penalties do not wait, without a reason")
	}
	k.do(Reply{Command: ToAnswer, Text: "order of the prosecutor"})
	if k.Waits() {
		t.Error("the hold stands although it was not applied")
	}
}

// TestClosingNeedsAReason: the closing is left out only with a reason (PR40).
func TestClosingNeedsAReason(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("closing.more", nil)
	if k.do(Reply{Command: ToStop}) || k.do(Reply{Command: ToStop, Value: StopLater}) {
		t.Error("the closing is left out without a reason")
	}
	if !k.do(Reply{Command: ToStop, Value: StopUnwell}) {
		t.Error("the closing cannot be left out with a reason")
	}
	if p, more := k.Next(); more {
		t.Errorf("%s follows", p.ID)
	}
}

// TestReadBack: what was answered yes is read back, and can be put right (PR42).
func TestReadBack(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", nil)
	k.to("closing.readback", map[string]string{"wants_doctor": "yes", "job_online": "yes"})
	if p, _ := k.Next(); !slices.Equal(p.Recorded, []string{"wants_doctor", "job_online"}) {
		t.Errorf("read back: %v", p.Recorded)
	}
	if k.do(Reply{Command: ToGoBack, Target: "sealed_nothing"}) || !k.do(Reply{Command: ToGoBack, Target: "job_online"}) {
		t.Error("the wrong answers can be put right")
	}
	k.follows("job_online")
	k.do(Reply{Command: ToAnswer, Value: "no"})
	k.follows("closing.readback")
}

// TestNotes: a note is a paraphrase for those who protect, unless it is marked otherwise; for an investigation only with
// consent to it; at a counter nothing is noted (PR21).
func TestNotes(t *testing.T) {
	t.Parallel()
	for _, consent := range []string{"yes", "no"} {
		k := begin(t, "full", nil)
		k.to("wants_doctor", map[string]string{"consent.investigation": consent})
		k.do(Reply{Command: ToNote, Note: "in my words"})
		k.do(Reply{Command: ToNote, Note: "as it was said", Value: Quotation})
		if k.do(Reply{Command: ToNote, Note: "a place", Value: ForInvestigation}) != (consent == "yes") {
			t.Errorf("consent %s: the note for the investigation is wrong", consent)
		}
		parts, err := k.Parts()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(parts[Protection]), "a place") || !strings.Contains(string(parts[Protection]), "in my words") ||
			consent == "yes" && !strings.Contains(string(parts[Investigation]), "a place") {
			t.Errorf("consent %s: a note stands in the wrong part", consent)
		}
	}
	k := begin(t, "checkpoint", nil)
	k.to("marks_on_body", nil)
	if k.do(Reply{Command: ToNote, Note: "x"}) {
		t.Error("something is noted at a counter")
	}
}

// TestCounterKeys: at a counter the common case takes at most fourteen keys for each person, the result and the step to
// the next one among them. What holds for a shift is checked once.
func TestCounterKeys(t *testing.T) {
	t.Parallel()
	first := begin(t, "checkpoint", nil)
	for {
		if _, more := first.Next(); !more {
			break
		}
		first.answerPlainly(nil)
	}
	next := begin(t, "checkpoint", nil)
	for _, e := range first.ShiftEvents() {
		next.add(e)
	}
	const resultAndNext = 2
	keys := resultAndNext
	for {
		if _, more := next.Next(); !more {
			break
		}
		next.answerPlainly(nil)
		keys++
	}
	if keys > 14 {
		t.Errorf("%d keys for one person", keys)
	}
	t.Logf("%d keys for one person", keys)
}

// TestLegalBasis: for the police the consent to talk is not the legal basis of the file; it is a field of its own (PR15).
func TestLegalBasis(t *testing.T) {
	t.Parallel()
	k := begin(t, "full", func(s *Setup) { s.Profile = police })
	k.to("gate.basis", nil)
	if k.do(Reply{Command: ToSkip}) {
		t.Error("the legal basis can be left out")
	}
	other := begin(t, "full", nil)
	other.to("consent.opening", nil)
	for _, e := range other.Events() {
		if e.Step == "gate.basis" {
			t.Error("somebody who is no police officer is asked for a legal basis")
		}
	}
}

// TestConsentLayers: every layer that can be asked for stands in the table that maps it to the standard and to the
// compartments; the seven points of the standard are all there; and each reply but yes is no (PR12).
func TestConsentLayers(t *testing.T) {
	t.Parallel()
	points := slices.Clone(ConsentPoints())
	var layers []string
	for _, layer := range ConsentLayers() {
		points, layers = append(points, layer.HTCDS...), append(layers, layer.ID)
	}
	for _, want := range []string{"interview", "purpose", "use", "research", "access", "storage", "withdrawal"} {
		if !slices.Contains(points, want) {
			t.Errorf("no layer or point answers %q of the standard", want)
		}
	}
	k := begin(t, "embassy", nil)
	for _, step := range k.setup.Plan.Steps {
		for _, ask := range step.Asks {
			if step.Kind == indicators.Consent && !slices.Contains(append([]string{"opening", "points", "both"}, layers...), ask) {
				t.Errorf("%s is asked for and stands in no table", ask)
			}
		}
	}
	k.to("consent.share", nil)
	if p, _ := k.Next(); p.Default != "no" || k.Consents("share") {
		t.Error("silence is not no")
	}
	for _, reply := range []string{"no", "later"} {
		k.said["consent.share"] = reply
		if k.Consents("share") {
			t.Errorf("%s is taken for a yes", reply)
		}
	}
}

// TestCarried: what holds for a shift, and what an earlier interview has, is not asked again (PR06, Q38).
func TestCarried(t *testing.T) {
	t.Parallel()
	first := begin(t, "checkpoint", nil)
	first.to("papers_held_now", map[string]string{"job_not_as_told": "yes"})
	second := begin(t, "checkpoint", nil)
	for _, e := range first.ShiftEvents() {
		second.add(e)
	}
	second.follows("gate.age")

	private := begin(t, "full", nil)
	for _, e := range EarlierEvents(private.setup.Data, first.Events(), "abcdef") {
		private.add(e)
	}
	private.to("closing.more", nil)
	for _, e := range private.Events() {
		if e.Step == "job_not_as_told" && e.How != Earlier || e.Step == "gate.earlier" && e.Value != "yes" {
			t.Errorf("%+v", e)
		}
	}
	if a := private.Assess(); !slices.ContainsFunc(a.Reasons, func(r Reason) bool { return r.Item == "job_not_as_told" }) {
		t.Error("what was answered before does not count")
	}
}

// TestSeveral: several options are kept in the order of the list; none stands alone and is never meant by silence.
func TestSeveral(t *testing.T) {
	t.Parallel()
	p := Prompt{Kind: Several, Options: []string{"a", "b", "c", none}}
	for value, want := range map[string]string{"c,a": "a,c", "b": "b", none: none, "": "", "a,none": "", "d": "", "a,,b": ""} {
		if got, err := decideSeveral(p, value); got != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v", value, got, err)
		}
	}
}
