package screening

import (
	"slices"
	"strings"
	"testing"
)

// TestFlags checks the flags one by one, in the order of the table.
func TestFlags(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for spec0, want := range map[string]string{
		"adult":                                   "hold",
		allNo + "adult":                           "",
		allNo + "adult claim":                     "hold",
		allNo + "adult compound":                  "hold",
		allNo + "adult danger":                    "urgent",
		allNo + "child":                           "hold child",
		allNo + "unsure":                          "hold child age_check",
		allNo + "adult looks_younger=yes":         "age_check",
		allNo + "adult u/K03=yes":                 "age_check",
		allNo + "adult u/K02=unclear":             "",
		allNo + "adult speaks_of_dying=yes":       "urgent",
		allNo + "adult u/E10=yes":                 "urgent",
		allNo + "adult in_danger_now=yes":         "urgent",
		allNo + "adult in_danger_now=declined":    "",
		allNo + "adult u/B01=yes":                 "hold health",
		allNo + "adult looks_ill=yes":             "hold health",
		allNo + "adult pregnant=yes":              "health",
		allNo + "adult wants_doctor=yes":          "health",
		"adult u/C16=yes":                         "hold health",
		allNo + "adult people_still_there=yes":    "family_inside",
		"adult u/E11=yes":                         "hold family_inside",
		"adult u/C12=yes":                         "hold specialist",
		"adult made_team_lead=yes":                "hold specialist",
		"adult u/R01=yes":                         "hold at_risk",
		"adult u/T01=yes":                         "hold at_risk",
		"adult i/DR4=yes":                         "hold at_risk",
		"adult i/DR4=no":                          "hold",
		"adult u/R01=yes u/P02=yes":               "hold",
		"adult u/R01=yes i/EX7=yes":               "hold labour_rights",
		"adult u/C04=yes":                         "hold",
		"adult u/R13=yes":                         "hold",
		"adult u/T11=yes":                         "hold",
		"adult i/EX7=yes":                         "hold labour_rights",
		"adult i/EX7=yes u/C09=yes":               "hold labour_rights",
		"adult i/EX7=yes u/C04=yes":               "hold",
		"adult u/P04=yes":                         "hold",
		allNo + "adult afraid_to_go_home=yes":     "protection_need",
		"adult u/T05=yes":                         "hold at_risk protection_need",
		"unsure u/T05=yes u/E08=yes danger claim": "hold child age_check urgent family_inside at_risk protection_need",
	} {
		in := spec(t, a, spec0)
		got := a.Assess(&in)
		if flags := strings.Join(got.Flags, " "); flags != want {
			t.Errorf("%s: flags %q, want %q", spec0, flags, want)
		}
	}
}

func TestHoldReasons(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for spec0, want := range map[string]string{
		allNo + "adult":          "",
		allNo + "adult claim":    "claim outcome", // a claim lifts the outcome too
		allNo + "adult compound": "left_a_compound outcome",
		allNo + "child":          "child",
		allNo + "unsure":         "child",
		"adult":                  "outcome",
		"child claim compound":   "claim child left_a_compound outcome",
	} {
		in := spec(t, a, spec0)
		if hold := strings.Join(a.Assess(&in).Hold, " "); hold != want {
			t.Errorf("%s: hold because of %q, want %q", spec0, hold, want)
		}
	}
}

// TestStates: the four states of an element, and what keeps one open.
func TestStates(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	const allNot = "not_indicated not_indicated not_indicated"
	for _, c := range []outcomeCase{
		{"all no", allNo + "adult", NoSignsSoFar, "", allNot},
		{"one declined", allNo + "adult made_to_scam=declined", NotEnoughKnown, "something_open", "not_indicated open open"},
		{"one unclear", allNo + "adult job_online=unclear", NotEnoughKnown, "something_open", "open not_indicated not_indicated"},
		{"one unknown", allNo + "adult had_targets=unknown", NotEnoughKnown, "something_open", "not_indicated not_indicated open"},
		{"one left out", allNo + "adult had_targets=not_asked", NotEnoughKnown, "something_open", "not_indicated not_indicated open"},
		{"a direct indicator declined", allNo + "adult u/P03=declined", NotEnoughKnown, "something_open", "not_indicated not_indicated open"},
		{"what is never asked is not relevant", allNo + "adult sexual_harm=declined held_after_rescue=declined", NoSignsSoFar, "", allNot},
		{"what bears on no element is not relevant", allNo + "adult pregnant=declined looks_afraid=unclear", NoSignsSoFar, "", allNot},
		{"what counts for children is not relevant for adults", allNo + "adult holiday_job=declined", NoSignsSoFar, "", allNot},
		{"but it is for children", allNo + "child holiday_job=declined", NotEnoughKnown, "", "open open not_indicated"},
		{"not asked below the age", allNo + "child hurt_there=not_asked made_to_scam=not_asked", NoSignsSoFar, "", allNot},
		{"told all the same below the age", allNo + "child made_to_scam=yes", ReferNow, "child_purpose", "not_indicated partial indicated"},
		{"partial", allNo + "adult u/C09=yes", NotEnoughKnown, "", "not_indicated partial not_indicated"},
		{"nothing asked", "adult", NotEnoughKnown, "", "open open open"},
		{"the counter, all no", "adult plan:checkpoint job_online=no paid_for_job=no travel_arranged=no job_not_as_told=no papers_held_now=no phone_held_now=no", NoSignsSoFar, "", allNot},
	} {
		c.run(t, a)
	}
}

// TestLeftPath: with a plan, an answer that the plan would not have asked for counts for nothing and is listed; a fact
// that was offered counts anyway.
func TestLeftPath(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for _, c := range []struct {
		spec    string
		outcome Outcome
		ignored string
	}{
		{"adult plan:full reached_place=yes papers_kept=yes", TalkFurther, ""},
		{"adult plan:full reached_place=no papers_kept=yes", NotEnoughKnown, "papers_kept:left_the_path"},
		{"adult plan:full reached_place=no papers_kept=told", TalkFurther, ""},
		{"adult reached_place=no papers_kept=yes", TalkFurther, ""},
		{"adult plan:full reached_place=no papers_kept=no", NotEnoughKnown, "papers_kept:left_the_path"},
		{"adult plan:full had_targets=no punished_for_target=yes made_to_scam=told", TalkFurther, "punished_for_target:left_the_path"},
		// the condition of the second hangs on the first, which itself left the path
		{"adult plan:full reached_place=no had_targets=yes punished_for_target=yes", NotEnoughKnown, "had_targets:left_the_path punished_for_target:left_the_path"},
		// direct keys stand in no plan, so they cannot leave its path
		{"adult plan:full reached_place=no i/CD1=yes", TalkFurther, ""},
		// an item that is not in the plan at all counts when it was answered
		{"adult plan:checkpoint could_not_leave_place=yes", TalkFurther, ""},
	} {
		in := spec(t, a, c.spec)
		got := a.Assess(&in)
		var ignored []string
		for _, one := range got.Ignored {
			ignored = append(ignored, one.Key+":"+one.Why)
		}
		slices.Sort(ignored)
		if got.Outcome != c.outcome || strings.Join(ignored, " ") != c.ignored {
			t.Errorf("%s: %v, ignored %v; want %v, %s", c.spec, got.Outcome, ignored, c.outcome, c.ignored)
		}
		for _, gap := range got.Gaps {
			if slices.Contains(ignored, gap.Item+":left_the_path") {
				t.Errorf("%s: %s left the path and is a gap", c.spec, gap.Item)
			}
		}
	}
}

func TestSealedIsIgnored(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	keys := []string{"officials_helped_on_way", "given_back_by_officials", "held_after_rescue", "approached_in_shelter", "unodc-fc/T08", "unodc-fc/C20", "unodc-fc/E03", "unodc-fc/E04"}
	in := spec(t, a, allNo+"adult "+strings.Join(keys, "=yes ")+"=yes")
	got := a.Assess(&in)
	var ignored []string
	for _, one := range got.Ignored {
		if one.Why != "sealed" {
			t.Errorf("%s is ignored because it is %s", one.Key, one.Why)
		}
		ignored = append(ignored, one.Key)
	}
	if !slices.Equal(ignored, keys) {
		t.Errorf("ignored %v, want %v", ignored, keys)
	}
	if got.Outcome != NoSignsSoFar || len(got.Flags)+len(got.Reasons)+len(got.Gaps)+len(got.WouldChange) != 0 {
		t.Errorf("an allegation shows: %+v", got)
	}
	for id, f := range got.Frameworks {
		if len(f.Present) != 0 {
			t.Errorf("%s has present %v", id, f.Present)
		}
	}
}

// TestDirectKeys: framework/indicator counts in that framework alone; an item counts in all that it names.
func TestDirectKeys(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for spec0, want := range map[string]string{
		"adult made_to_scam=yes":          "ilo-2009/CD6 unodc-fc/P01",
		"adult u/P01=yes":                 "unodc-fc/P01",
		"adult i/CD6=yes":                 "ilo-2009/CD6",
		"adult i/CD6=yes u/P01=yes":       "ilo-2009/CD6 unodc-fc/P01",
		"adult f/7=yes":                   "ilo-2012/7",
		"adult papers_kept=yes u/C04=yes": "ilo-2009/CD1 ilo-2012/7 unodc-fc/C04",
		"adult papers_kept=yes u/C04=no":  "ilo-2009/CD1 ilo-2012/7 unodc-fc/C04", // yes wins
		"adult papers_kept=no u/C04=yes":  "unodc-fc/C04",
	} {
		in := spec(t, a, spec0)
		var present []string
		for id, f := range a.Assess(&in).Frameworks {
			for _, one := range f.Present {
				present = append(present, id+"/"+one.ID)
			}
		}
		slices.Sort(present)
		if got := strings.Join(present, " "); got != want {
			t.Errorf("%s: present %s, want %s", spec0, got, want)
		}
	}
}

func TestWouldChange(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for spec0, want := range map[string]string{
		allNo + "adult": "",
		// the one open answer decides in both directions
		allNo + "adult papers_held_now=declined":           "papers_held_now=yes:talk_further papers_held_now=no:no_signs_so_far",
		allNo + "adult job_online=declined":                "job_online=no:no_signs_so_far",
		allNo + "adult claim papers_held_now=declined":     "",
		allNo + "adult u/T11=yes crowded_quarters=unclear": "crowded_quarters=yes:refer_now",
		allNo + "adult u/R05=yes u/C04=yes":                "",
		// a further yes for the purpose, and only a yes, would change it
		allNo + "adult u/R05=yes u/C04=yes made_to_scam=unknown": "made_to_scam=no:talk_further",
		allNo + "child u/R01=yes u/T05=unknown":                  "",
		allNo + "child u/R01=yes u/T04=unknown":                  "unodc-fc/T04=yes:refer_now",
		// what is never asked stands in no list
		allNo + "adult sexual_harm=unknown held_after_rescue=unknown": "",
		// with a plan, only what the plan asks
		"adult plan:checkpoint job_online=no paid_for_job=no travel_arranged=no job_not_as_told=no papers_held_now=no phone_held_now=declined marks_on_body=no looks_ill=no another_speaks=no": "phone_held_now=yes:talk_further phone_held_now=no:no_signs_so_far",
	} {
		in := spec(t, a, spec0)
		var changes []string
		for _, one := range a.Assess(&in).WouldChange {
			changes = append(changes, one.Item+"="+one.Answer.String()+":"+one.Outcome.String())
		}
		if got := strings.Join(changes, " "); got != want {
			t.Errorf("%s: would change %q, want %q", spec0, got, want)
		}
	}
}

// TestGaps names each open item with what it bears on, and nothing that is never asked.
func TestGaps(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	in := spec(t, a, allNo+"adult made_to_scam=declined job_online=unclear passed_on=not_asked sexual_harm=unknown")
	var gaps []string
	for _, gap := range a.Assess(&in).Gaps {
		gaps = append(gaps, gap.Item+"="+gap.Answer.String()+":"+strings.Join(gap.Elements, "+"))
	}
	slices.Sort(gaps)
	want := []string{"job_online=unclear:act", "made_to_scam=declined:means+purpose", "passed_on=not_asked:act+means+purpose"}
	if !slices.Equal(gaps, want) {
		t.Errorf("gaps %v, want %v", gaps, want)
	}
	untouched := Case{Age: Child}
	for _, gap := range a.Assess(&untouched).Gaps {
		at := a.byID[gap.Item]
		if item := a.keys[at].item; item == nil || item.Sealed() || item.DisclosureOnly() || item.MinAge > 0 {
			t.Errorf("%s is a gap of a child's interview", gap.Item)
		}
	}
}
