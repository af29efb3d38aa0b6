package screening

import (
	"slices"
	"testing"
	"testing/fstest"

	"tipscreen/indicators"
)

// A made-up framework with dimensions, thresholds, classes, control and flags of its own. It stands alone, without the
// three that ship: Go knows no framework's id, so an agency's own indicators need no code.
const (
	swapFramework = `id: harbour
title: Signs on fishing boats
publisher: made up for tests
year: 2030
verified_against_source: false
status: "made up"
source: "made up"
dimensions:
  - {id: lured, phase: hiring, elements: [act, means], positive_when: [{strong: 1, any: 2}, {medium: 2}]}
  - {id: drudgery, phase: work, elements: [purpose], needs_control: true, positive_when: [{strong: 1}, {any: 2}]}
  - {id: held, phase: hold, elements: [means], control: true, positive_when: [{any: 2}]}
elements_when: [{strong: 2}]
classes:
  - id: fair_work
    when: [{any_of: [lured], positive: false}, {any_of: [drudgery], positive: false}, {any_of: [held], positive: false}]
  - id: bound_crew
    when: [{any_of: [drudgery], positive: true}, {any_of: [held], positive: true}]
indicators:
  - {id: L1, dimension: lured, who: [ask], strength: medium, gloss: "Other boat", confidence: low, source: "made up"}
  - {id: L2, dimension: lured, who: [ask], strength: medium, gloss: "Other pay", confidence: low, source: "made up"}
  - {id: L3, dimension: lured, who: [ask], strength: strong, gloss: "Sold at the pier", confidence: low, source: "made up"}
  - {id: D1, dimension: drudgery, who: [ask], strength: strong, gloss: "All night", confidence: low, source: "made up"}
  - {id: D2, dimension: drudgery, who: [ask], strengths: {adult: weak, child: medium}, gloss: "Cold food", confidence: low, source: "made up"}
  - {id: H1, key: papers, dimension: held, who: [ask], strength: strong, control: true, gloss: "Papers in the cabin", confidence: low, source: "made up"}
  - {id: H2, dimension: held, who: [ask], strength: weak, gloss: "Watched", confidence: low, source: "made up"}
  - {id: H3, phase: hold, elements: [means], who: [ask], strength: strong, control: true, flag: alarm, gloss: "Hurt", confidence: low, source: "made up"}
  - {id: N1, phase: seen, who: [observe], strength: none, floor: talk_further, flag: storm, gloss: "Wet clothes", confidence: low, source: "made up"}
  - {id: C1, phase: work, elements: [purpose], who: [ask], strength: medium, counts_for: child, gloss: "Small hands", confidence: low, source: "made up"}
`
	swapPlan = `id: pier
setting: private
steps:
  - {id: gate, kind: gate, asks: [privacy, alone, needs, interpreter, age, custody]}
  - {id: consent, kind: consent, asks: [opening, talk, record]}
  - {id: story, kind: open}
  - {id: boat, kind: items, items: [other_boat, other_pay, sold_at_pier, all_night, cold_food, papers_in_cabin, watched, hurt, small_hands]}
  - {id: closing, kind: closing, asks: [more, child_protection, next]}
  - {id: after, kind: after, asks: [raise, hold]}
`
	swapFlags = `flags:
  - id: hold
    set_by: [{reason: claim, claim: true}, {reason: child, age: [child, unsure]}, {reason: left_a_compound, setting: left_a_compound}, {reason: outcome, outcome_from: not_enough_known}]
  - id: alarm
    set_by: [{marked: true}]
  - id: storm
    set_by: [{marked: true}, {item: watched}]
  - id: crew_rights
    set_by: [{support_of: [harbour/drudgery], not_indicated: means}]
  - id: only_offered
    set_by: [{support_in: [hiring], no_support_for: purpose}]
`
)

func swapFiles() fstest.MapFS {
	item := func(id, who, more string) string {
		return "  - {id: " + id + ", phase: hold, kind: yes_no, compartment: protection, who: [" + who + "], sensitivity: 0, setting: private, " + more + "}\n"
	}
	items := "items:\n" + item("other_boat", "ask", "evidences: [harbour/L1]") + item("other_pay", "ask", "evidences: [harbour/L2]") +
		item("sold_at_pier", "ask", "evidences: [harbour/L3]") + item("all_night", "ask", "evidences: [harbour/D1]") +
		item("cold_food", "ask", "evidences: [harbour/D2], ask_if: {any: [{item: all_night, is: [yes, unclear]}]}") +
		item("papers_in_cabin", "ask", "evidences: [harbour/H1]") + item("watched", "ask", "evidences: [harbour/H2]") +
		item("hurt", "ask", "evidences: [harbour/H3]") + item("wet_clothes", "observe", "evidences: [harbour/N1]") +
		item("small_hands", "ask", "evidences: [harbour/C1]")
	return fstest.MapFS{
		"frameworks/harbour.yaml": {Data: []byte(swapFramework)}, "items/harbour.yaml": {Data: []byte(items)},
		"plans/pier.yaml": {Data: []byte(swapPlan)}, "flags.yaml": {Data: []byte(swapFlags)},
	}
}

func swapped(t testing.TB) *Assessor {
	t.Helper()
	data, err := indicators.Load(swapFiles())
	if err != nil {
		t.Fatal(err)
	}
	return NewAssessor(data)
}

// allNo answers every other item with no.
const allNo = "allno "

func TestSwappedFramework(t *testing.T) {
	t.Parallel()
	a := swapped(t)
	const none = "" // the class is not decided
	for _, c := range []struct {
		name, spec string
		outcome    Outcome
		states     string
		positive   []string
		class      string
		flags      []string
	}{
		{"nothing asked", "adult", NotEnoughKnown, "open open open", nil, none, []string{"hold"}},
		{"all no", allNo + "adult", NoSignsSoFar, "not_indicated not_indicated not_indicated", nil, "fair_work", []string{}},
		{"two medium make lured", "adult other_boat=yes other_pay=yes", TalkFurther, "indicated indicated open", []string{"lured"}, none, []string{"hold", "only_offered"}},
		{"one medium does not", "adult other_boat=yes", NotEnoughKnown, "partial partial open", nil, none, []string{"hold", "only_offered"}},
		{"work without control", "adult all_night=yes", TalkFurther, "open open partial", []string{"drudgery"}, none, []string{"hold", "crew_rights"}},
		{"work with a strong sign of control", "adult all_night=yes papers_in_cabin=yes", TalkFurther, "open partial indicated", []string{"drudgery"}, none, []string{"hold", "crew_rights"}},
		{"work and held", "adult all_night=yes papers_in_cabin=yes watched=yes", ReferNow, "open indicated indicated", []string{"drudgery", "held"}, "bound_crew", []string{"hold", "storm"}},
		{"two strong for the means", "adult papers_in_cabin=yes hurt=yes", ReferNow, "open indicated open", nil, none, []string{"hold", "alarm"}},
		{"the same, work answered no", "adult papers_in_cabin=yes hurt=yes all_night=no cold_food=no", TalkFurther, "open indicated not_indicated", nil, none, []string{"hold", "alarm"}},
		{"the same, work declined", "adult papers_in_cabin=yes hurt=yes all_night=no cold_food=declined", ReferNow, "open indicated open", nil, none, []string{"hold", "alarm"}},
		{"one indicator told twice", "adult papers_in_cabin=yes harbour/H1=yes", TalkFurther, "open partial open", nil, none, []string{"hold"}},
		{"a sign that was seen", "adult wet_clothes=yes", TalkFurther, "open open open", nil, none, []string{"hold", "storm"}},
		{"a sign for children, child", "child small_hands=yes", ReferNow, "open open partial", nil, none, []string{"hold"}},
		{"a sign for children, adult", "adult small_hands=yes", NotEnoughKnown, "open open open", nil, none, []string{"hold"}},
		{"child, another weight", "child cold_food=yes", ReferNow, "open open partial", nil, none, []string{"hold", "crew_rights"}},
		{"no published row", allNo + "adult all_night=yes", TalkFurther, "not_indicated not_indicated partial", []string{"drudgery"}, "unclassified", []string{"hold", "crew_rights"}},
		{"a dimension could still become positive", allNo + "adult all_night=yes papers_in_cabin=declined watched=unknown", TalkFurther, "not_indicated open partial", []string{"drudgery"}, none, []string{"hold", "crew_rights"}},
		{"a dimension cannot become positive any more", allNo + "adult all_night=yes watched=unknown", TalkFurther, "not_indicated open partial", []string{"drudgery"}, "unclassified", []string{"hold", "crew_rights"}},
		{"off the path of the plan", "adult plan:pier all_night=no cold_food=yes", NotEnoughKnown, "open open not_indicated", nil, none, []string{"hold"}},
		{"claim", allNo + "adult claim", TalkFurther, "not_indicated not_indicated not_indicated", nil, "fair_work", []string{"hold"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := spec(t, a, c.spec)
			got := a.Assess(&in)
			if got.Outcome != c.outcome || written(got.Elements) != c.states {
				t.Errorf("%v because of %v, elements %s; want %v, %s", got.Outcome, got.Because, written(got.Elements), c.outcome, c.states)
			}
			result := got.Frameworks["harbour"]
			if positive := positives(result); len(got.Frameworks) != 1 || !slices.Equal(positive, c.positive) {
				t.Errorf("positive are %v, want %v", positive, c.positive)
			}
			if class := classOf(result); class != c.class {
				t.Errorf("the class is %q, want %q", class, c.class)
			}
			if !slices.Equal(got.Flags, c.flags) {
				t.Errorf("flags %v, want %v", got.Flags, c.flags)
			}
		})
	}
}

// TestSwappedDetails looks at reasons, keys and versions of the made-up framework.
func TestSwappedDetails(t *testing.T) {
	t.Parallel()
	a := swapped(t)
	in := spec(t, a, "adult papers_in_cabin=yes")
	got := a.Assess(&in)
	want := Reason{Item: "papers_in_cabin", Answer: Yes, Framework: "harbour", Indicator: "H1", Strength: indicators.Strong, Elements: []string{"means"}, Control: true, Source: "made up"}
	if len(got.Reasons) != 1 || got.Reasons[0].Item != want.Item || got.Reasons[0].Strength != want.Strength || !slices.Equal(got.Reasons[0].Elements, want.Elements) || !got.Reasons[0].Control {
		t.Errorf("reasons %+v, want %+v", got.Reasons, want)
	}
	if present := got.Frameworks["harbour"].Present; !slices.Equal(present, []Present{{"H1", "papers"}}) {
		t.Errorf("present are %+v", present)
	}
	if got.Versions["frameworks/harbour.yaml"] == "" || len(got.Versions) != 4 {
		t.Errorf("versions %v", got.Versions)
	}
	if _, err := a.ParseCase([]byte(`{"id":"x","person":{"age":"adult"},"answers":{"ilo-2009/CD1":"yes"}}`)); err == nil {
		t.Error("an indicator of a framework that was not loaded is accepted")
	}
}
