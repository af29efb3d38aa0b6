package indicators_test

import (
	"strings"
	"testing"
)

const (
	ilo2012    = "frameworks/ilo-2012.yaml"
	checkpoint = "plans/checkpoint.yaml"
	extraPlan  = "plans/extra.yaml"
	first      = `{id: "1", key: abuse_of_vulnerability, phase: control, who: [ask], strength: none`
)

// What is wrong with a framework or with the table of flags.
func TestBrokenFrameworks(t *testing.T) {
	t.Parallel()
	const ilo2009, unodc = "frameworks/ilo-2009.yaml", "frameworks/unodc-fc.yaml"
	weight := func(text string) []edit {
		return []edit{{ilo2012, first, strings.Replace(first, "strength: none", text, 1)}}
	}
	for _, b := range []broken{
		{"unknown strength", weight("strength: huge"), []want{{ilo2012, "huge", `strength "huge" is not one of`}}},
		{"unknown strength for children", weight("strengths: {adult: weak, child: huge}"), []want{{ilo2012, "huge", `strength "huge" is not one of`}}},
		{"no strength", weight("key: again"), []want{{ilo2012, "key: again", `"key" appears twice`}}},
		{"both forms of strength", weight("strength: none, strengths: {adult: weak}"), []want{{ilo2012, "adult: weak", "or has both forms"}}},
		{"neither form of strength", weight("control: true"), []want{{ilo2012, "control: true", "has no strength"}}},
		{"unknown flag", weight("strength: none, flag: alarm"), []want{{ilo2012, "alarm", `the unknown flag "alarm"`}}},
		{"unknown floor", weight("strength: none, floor: jail"), []want{{ilo2012, "jail", `the floor "jail"`}}},
		{"unknown element", weight("strength: none, elements: [motive]"), []want{{ilo2012, "motive", `the unknown element "motive"`}}},
		{"unknown dimension", weight("strength: none, dimension: sixth"), []want{{ilo2012, "sixth", `the unknown dimension "sixth"`}}},
		{"counts for somebody else", weight("strength: none, counts_for: men"), []want{{ilo2012, "counts_for", `counts for "men"`}}},
		{"indicator without source", []edit{{ilo2012, `, source: "indicator 3 of 11"`, ""}}, []want{{ilo2012, `id: "3"`, `"3" has no source`}}},
		{"framework without source", []edit{{ilo2012, "source: \"ILO, Indicators", "# \"ILO, Indicators"}}, []want{{ilo2012, "id: ilo-2012", `"ilo-2012" has no source`}}},
		{"framework without year", []edit{{ilo2012, "year: 2012\n", ""}}, []want{{ilo2012, "id: ilo-2012", "has no year"}}},
		{"framework without indicators", []edit{{"frameworks/new.yaml", "", "id: new\ntitle: t\npublisher: p\nyear: 1\nverified_against_source: false\nstatus: s\nsource: s\n"}}, []want{{"frameworks/new.yaml", "", "has no indicators"}}},
		{"framework id with a slash", []edit{{"frameworks/new.yaml", "", strings.Replace(harbour, "id: harbour", "id: har/bour", 1)}}, []want{{"frameworks/new.yaml", "id: har/bour", "cannot stand before a slash"}, {"frameworks/new.yaml", "id: H1", "no item evidences"}}},
		{"framework twice", []edit{{"frameworks/new.yaml", "", strings.Replace(harbour, "id: harbour", "id: ilo-2012", 1)}}, []want{{"frameworks/new.yaml", "id: ilo-2012", `the framework "ilo-2012" is already defined`}, {"frameworks/new.yaml", "id: H1", `no item evidences the indicator "H1"`}}},
		{"indicator twice", []edit{{ilo2012, first, strings.Replace(first, `"1"`, `"3"`, 1) + `, confidence: high, gloss: twice, source: "twice"}` + "\n  - " + first}}, []want{{ilo2012, "twice", `the indicator "3" is already defined`}}},
		{"dimension without rule", []edit{{ilo2009, "    needs_control: true\n    positive_when: [{strong: 2}, {strong: 1, any: 2}, {medium: 3}, {medium: 2, any: 3}]\n", "    needs_control: true\n"}}, []want{{ilo2009, "id: exploitation", "nothing says when"}}},
		{"count of nothing", []edit{{unodc, "{strong: 1}", "{strong: 0}"}}, []want{{unodc, "id: unodc-fc", "asks for nothing"}}},
		{"class of an unknown dimension", []edit{{ilo2009, "any_of: [exploitation], positive: false", "any_of: [seventh], positive: false"}}, []want{{ilo2009, "seventh", `the unknown dimension "seventh"`}}},
		{"class without positive", []edit{{ilo2009, "{any_of: [exploitation], positive: false}", "{any_of: [exploitation]}"}}, []want{{ilo2009, "id: successful_migrant", "is incomplete"}}},
		{"sealed but weighs", []edit{{unodc, "who: [sealed], strength: none", "who: [sealed], strength: strong"}}, []want{{unodc, `id: "T08"`, "would be seen in a result"}}},
		{"indicator without item", []edit{{"items/observed.yaml", "    evidences: [unodc-fc/B07]\n", ""}}, []want{{unodc, `id: "B07"`, `no item evidences the indicator "B07"`}}},
		{"no_item although there is one", []edit{{unodc, `id: "B07",`, `id: "B07", no_item: "none",`}}, []want{{unodc, `id: "B07"`, "has an item after all"}}},
		{"flag of an unknown item", []edit{{"flags.yaml", "item: pregnant", "item: nobody"}}, []want{{"flags.yaml", "nobody", `the unknown item "nobody"`}}},
		{"flag of an unknown dimension", []edit{{"flags.yaml", "ilo-2009/exploitation", "ilo-2009/nothing"}}, []want{{"flags.yaml", "ilo-2009/nothing", "the unknown dimension"}}},
		{"flag of an unknown age", []edit{{"flags.yaml", "age: [unsure]", "age: [old]"}}, []want{{"flags.yaml", "old]", `the age "old"`}}},
		{"flag of an unknown outcome", []edit{{"flags.yaml", "outcome_from: not_enough_known", "outcome_from: guilty"}}, []want{{"flags.yaml", "guilty", `the outcome "guilty"`}}},
		{"flag set by nothing", []edit{{"flags.yaml", "{danger: true}", "{reason: none}"}}, []want{{"flags.yaml", "id: urgent", "asks for nothing"}, {"flags.yaml", "id: urgent", "a danger does not set"}}},
		{"flag without triggers", []edit{{"flags.yaml", "flags:\n", "flags:\n  - id: forgotten\n"}}, []want{{"flags.yaml", "id: forgotten", "forgotten"}}},
		{"flag of an unknown setting", []edit{{"flags.yaml", "setting: left_a_compound", "setting: left_a_ship"}}, []want{{"flags.yaml", "id: hold", "having left a compound does not set"}, {"flags.yaml", "left_a_ship", "left_a_ship"}}},
		{"two in the order of lines", []edit{{ilo2012, `, source: "indicator 9 of 11"`, ""}, {ilo2012, `, source: "indicator 3 of 11"`, ""}, {"flags.yaml", "item: pregnant", "item: nobody"}},
			[]want{{"flags.yaml", "nobody", "unknown item"}, {ilo2012, `id: "3"`, "has no source"}, {ilo2012, `id: "9"`, "has no source"}}},
	} {
		t.Run(b.name, b.run)
	}
}

// plan writes a private plan whose items step holds the given items, between an easy first and an easy last one.
func plan(items ...string) []edit {
	return steps("private", "{id: gate, kind: gate, asks: [privacy, alone, needs, interpreter, age, custody]}", "{id: consent, kind: consent, asks: [opening, talk, record]}",
		"{id: story, kind: open}", "{id: main, kind: items, items: [\n    "+strings.Join(items, ",\n    ")+"]}", "{id: closing, kind: closing, asks: [more, child_protection, next]}", "{id: after, kind: after, asks: [raise, hold]}")
}

func steps(setting string, steps ...string) []edit {
	return []edit{{file: extraPlan, new: "id: extra\nsetting: " + setting + "\nsteps:\n  - " + strings.Join(steps, "\n  - ") + "\n"}}
}

// What is wrong with the order of a plan.
func TestBrokenPlans(t *testing.T) {
	t.Parallel()
	const (
		gate, consent = "{id: gate, kind: gate, asks: [privacy, alone, needs, interpreter, age, custody]}", "{id: consent, kind: consent, asks: [opening, talk, record]}"
		open, easy    = "{id: story, kind: open}", "{id: easy, kind: items, items: [small_comfort]}"
		last          = "{id: closing, kind: closing, asks: [more, child_protection, next]}"
		after         = "{id: after, kind: after, asks: [raise, hold]}"
		closing       = last + "\n  - " + after
		wrong         = "comes at the wrong place"
	)
	for _, b := range []broken{
		{"items before consent", steps("private", gate, open, easy, consent, closing), []want{{extraPlan, "story", wrong}, {extraPlan, "easy", wrong}}},
		{"items before the open invitation", steps("private", gate, consent, easy, open, closing), []want{{extraPlan, "easy", wrong}, {extraPlan, "story", wrong}}},
		{"no gate", steps("private", consent, open, easy, closing), []want{{extraPlan, "", "has no gate step"}, {extraPlan, "kind: consent", wrong}}},
		{"gate not first", steps("private", consent, gate, open, easy, closing), []want{{extraPlan, "kind: consent", wrong}, {extraPlan, "kind: gate", wrong}}},
		{"no consent", steps("private", gate, open, easy, closing), []want{{extraPlan, "", "has no consent step"}, {extraPlan, "story", wrong}, {extraPlan, "easy", wrong}}},
		{"closing not last", steps("private", gate, consent, open, last, easy, after), []want{{extraPlan, "kind: closing", wrong}}},
		{"after not last", steps("private", gate, consent, open, easy, after, last), []want{{extraPlan, "kind: after", wrong}}},
		{"no closing", steps("private", gate, consent, open, easy, after), []want{{extraPlan, "", "has no closing step"}}},
		{"no after", steps("private", gate, consent, open, easy, last), []want{{extraPlan, "", "has no after step"}}},
		{"after without the hold", steps("private", gate, consent, open, easy, last, "{id: after, kind: after, asks: [raise]}"), []want{{extraPlan, "kind: after", `"hold"`}}},
		{"first topic", steps("private", gate, consent, open, "{id: easy, kind: items, topic: true, items: [wants_doctor]}", "{id: late, kind: items, items: [small_comfort]}", closing), []want{{extraPlan, "id: easy", "is the first or the last items step"}}},
		{"topic without items", steps("private", gate, consent, "{id: story, kind: open, topic: true}", easy, closing), []want{{extraPlan, "id: story", "is no items step"}}},
		{"age once for a shift", steps("private", "{id: gate, kind: gate, asks: [privacy, alone, needs, interpreter, age, custody], once_per_shift: [age]}", consent, open, easy, closing), []want{{extraPlan, "once_per_shift", "for a shift"}}},
		{"no open invitation", steps("private", gate, consent, easy, closing), []want{{extraPlan, "", "has no open invitation"}, {extraPlan, "easy", wrong}}},
		{"no items", steps("private", gate, consent, open, closing), []want{{extraPlan, "", "has no items step"}}},
		{"two consents", steps("private", gate, consent, "{id: more, kind: consent, asks: [opening, talk, record]}", open, easy, closing), []want{{extraPlan, "id: more", "a second consent step"}}},
		{"unknown kind of step", steps("private", gate, consent, open, easy, "{id: tea, kind: pause, asks: [tea]}", closing), []want{{extraPlan, "pause", `the kind "pause"`}, {extraPlan, "pause", `asks for "tea"`}}},
		{"step twice", steps("private", gate, consent, open, easy, "{id: easy, kind: items, items: [wants_doctor, pregnant, has_messages]}", closing), []want{{extraPlan, "small_comfort", `the step "easy" is already defined`}}},
		{"step without items", steps("private", gate, consent, open, easy, "{id: none, kind: items}", closing), []want{{extraPlan, "none", "has 0 items"}}},
		{"gate asks nothing", steps("private", "{id: gate, kind: gate}", consent, open, easy, closing), []want{{extraPlan, "kind: gate", "asks nothing"}}},
		{"unknown check", steps("private", "{id: gate, kind: gate, asks: [privacy, alone, alon, needs, interpreter, age, custody]}", consent, open, easy, closing), []want{{extraPlan, "alon", "alon"}}},
		{"unknown layer", steps("private", gate, "{id: consent, kind: consent, asks: [opening, talk, record, recrod]}", open, easy, closing), []want{{extraPlan, "recrod", "recrod"}}},
		{"consent without talk", steps("private", gate, "{id: consent, kind: consent, asks: [opening, record]}", open, easy, closing), []want{{extraPlan, "kind: consent", "talk"}}},
		{"unknown setting", steps("garden", gate, consent, open, easy, closing), []want{{extraPlan, "garden", `the setting "garden"`}}},
		{"unknown item", plan("wants_doctor", "nobody", "small_comfort"), []want{{extraPlan, "nobody", `the unknown item "nobody"`}}},
		{"item twice", plan("wants_doctor", "pregnant", "has_messages", "wants_doctor ", "small_comfort"), []want{{extraPlan, "wants_doctor,", "comes twice"}}},
		{"item in two steps", steps("private", gate, consent, open, "{id: early, kind: items, items: [wants_doctor]}", "{id: late, kind: items, items: [wants_doctor, small_comfort]}", closing), []want{{extraPlan, "id: late", "comes twice"}}},
		{"sealed item", plan("wants_doctor", "held_after_rescue", "small_comfort"), []want{{extraPlan, "held_after_rescue", "would be seen by an official"}}},
		{"unreachable condition", plan("wants_doctor", "papers_not_given_back", "papers_kept", "reached_place", "papers_taken_on_way", "small_comfort"),
			[]want{{extraPlan, "papers_not", `"papers_kept" does not come before`}, {extraPlan, "papers_not", `"papers_taken_on_way" does not come before`}, {extraPlan, "papers_kept", `"reached_place" does not come before`}}},
	} {
		t.Run(b.name, b.run)
	}
}

// hard holds items for the rules about sensitive ones: three hard ones, easy ones that may not be asked.
const hard = `items:
  - {id: hard_one, phase: control, kind: yes_no, compartment: protection, who: [ask], sensitivity: 2, setting: private}
  - {id: hard_two, phase: control, kind: yes_no, compartment: protection, who: [ask], sensitivity: 3, setting: private}
  - {id: hard_three, phase: control, kind: yes_no, compartment: protection, who: [ask], sensitivity: 2, setting: private}
  - {id: easy_if, phase: control, kind: yes_no, compartment: protection, who: [ask], sensitivity: 0, setting: private, ask_if: {any: [{item: looks_afraid, is: [yes]}]}}
  - {id: easy_adult, phase: control, kind: yes_no, compartment: protection, who: [ask], sensitivity: 0, setting: private, min_age: 16}
`

// TestSensitiveOrder: hard items are never first or last and at most two in a row, whatever is answered (PR26, PR41).
func TestSensitiveOrder(t *testing.T) {
	t.Parallel()
	const run, begin, end = "more than two sensitive items", "is sensitive", "is not neutral"
	at := func(item, what string) []want { return []want{{extraPlan, item, what}} }
	for _, b := range []broken{
		{"first", plan("hard_one", "small_comfort"), at("hard_one", begin)},
		{"last", plan("wants_doctor", "hard_one"), at("hard_one", end)},
		{"last is not quite easy", plan("wants_doctor", "pregnant"), at("pregnant", end)},
		{"three in a row", plan("wants_doctor", "hard_one", "hard_two", "hard_three", "small_comfort"), at("hard_three", run)},
		{"seeing something between is no rest", plan("wants_doctor", "hard_one", "hard_two", "looks_afraid", "hard_three", "small_comfort"), at("hard_three", run)},
		{"an item that may not come is no rest", plan("wants_doctor", "looks_afraid", "hard_one", "hard_two", "easy_if", "hard_three", "small_comfort"), at("hard_three", run)},
		{"an item that no child is asked is no rest", plan("wants_doctor", "hard_one", "hard_two", "easy_adult", "hard_three", "small_comfort"), at("hard_three", run)},
		{"first, when the easy one before does not come", plan("looks_afraid", "easy_if", "hard_one", "small_comfort"), at("hard_one", begin)},
		{"last, when the easy one after does not come", plan("wants_doctor", "looks_afraid", "hard_one", "easy_if"), at("hard_one", end)},
		{"first for a child", plan("easy_adult", "hard_one", "small_comfort"), at("hard_one", begin)},
		{"last for a child", plan("wants_doctor", "hard_one", "easy_adult"), at("hard_one", end)},
	} {
		b.edits = append(b.edits, edit{file: "items/hard.yaml", new: hard})
		t.Run(b.name, b.run)
	}
}

// TestCounterPlan: at a counter nothing private is asked, also not as a follow-up.
func TestCounterPlan(t *testing.T) {
	t.Parallel()
	follow := "id: job_not_as_told\n    phase: recruitment\n    kind: yes_no"
	for _, b := range []broken{
		{"private item", []edit{{checkpoint, "- paid_for_job", "- paid_for_job\n      - pregnant"}}, []want{{checkpoint, "- pregnant", "may not be asked at a counter"}}},
		{"private follow-up", []edit{{"items/recruitment.yaml", follow, follow + "\n    follow_ups: [place_not_as_promised]"}}, []want{{checkpoint, "id: travel", `"place_not_as_promised" may not be asked at a counter`}}},
	} {
		t.Run(b.name, b.run)
	}
}
