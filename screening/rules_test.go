package screening

import (
	"slices"
	"strings"
	"testing"
)

// The rules of DESIGN §4, one by one. A case is written as words: the age, claim, danger, compound, plan:ID, allno (no
// to every item of the bank that is not named), and KEY=ANSWER with i/, f/ and u/ for the three frameworks; KEY=told is
// a fact that the person offered unasked.

var shortFor = strings.NewReplacer("i/", "ilo-2009/", "f/", "ilo-2012/", "u/", "unodc-fc/")

func spec(t testing.TB, a *Assessor, words string) Case {
	t.Helper()
	c := Case{ID: "t", Answers: map[string]Answer{}}
	for _, word := range strings.Fields(words) {
		key, value, answered := strings.Cut(word, "=")
		switch {
		case answered:
			c.Answers[a.known(t, key)] = answer(t, value)
		case word == "claim":
			c.Claim = true
		case word == "danger":
			c.Danger = true
		case word == "compound":
			c.Setting = LeftACompound
		case strings.HasPrefix(word, "plan:"):
			c.Plan = word[len("plan:"):]
		case word == strings.TrimSpace(allNo):
			for at := range a.items {
				if a.keys[at].yesNo && !a.keys[at].never {
					c.Answers[a.keys[at].id] = Answer{Value: No}
				}
			}
		default:
			c.Age = Age(word)
		}
	}
	return c
}

func (a *Assessor) known(t testing.TB, key string) string {
	t.Helper()
	if key[1] == '/' {
		key = shortFor.Replace(key)
	}
	if _, ok := a.byID[key]; !ok {
		t.Fatalf("there is no key %q", key)
	}
	return key
}

func answer(t testing.TB, word string) Answer {
	t.Helper()
	if word == "told" {
		return Answer{Value: Yes, How: Volunteered}
	}
	value, err := ParseValue(word)
	if err != nil {
		t.Fatal(word, err)
	}
	return Answer{Value: value}
}

func written(e ElementStates) string {
	return e.Act.String() + " " + e.Means.String() + " " + e.Purpose.String()
}

func positives(result FrameworkResult) (names []string) {
	for name, d := range result.Dimensions {
		if d.Positive {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func classOf(result FrameworkResult) string {
	if result.Class == nil {
		return ""
	}
	return *result.Class
}

type outcomeCase struct {
	name, spec string
	outcome    Outcome
	because    string // the rules, with spaces between
	states     string
}

func (c outcomeCase) run(t *testing.T, a *Assessor) {
	t.Helper()
	in := spec(t, a, c.spec)
	got := a.Assess(&in)
	if got.Outcome != c.outcome {
		t.Errorf("%s: %v because of %v, want %v", c.name, got.Outcome, got.Because, c.outcome)
	}
	if because := strings.Join(got.Because, " "); c.because != "" && because != c.because {
		t.Errorf("%s: because of %q, want %q", c.name, because, c.because)
	}
	if states := written(got.Elements); c.states != "" && states != c.states {
		t.Errorf("%s: elements %s, want %s", c.name, states, c.states)
	}
}

func TestTalkFurther(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for _, c := range []outcomeCase{
		{"means indicated without anything strong", "adult u/C06=yes u/C09=yes", TalkFurther, "means_indicated", "open indicated open"},
		{"purpose indicated without anything strong", "adult u/P02=yes u/P03=yes", TalkFurther, "purpose_indicated", "open open indicated"},
		{"two weak ones indicate nothing", "adult u/C21=yes u/C24=yes", NotEnoughKnown, "something_open", "open partial open"},
		{"one medium one indicates nothing", "adult u/C09=yes", NotEnoughKnown, "something_open", "open partial open"},
		{"strong support alone", "adult i/CD3=yes", TalkFurther, "strong_support", "open partial open"},
		{"strong by the other set", "adult i/DR10=yes", TalkFurther, "strong_support", "partial partial open"},
		{"exploitation positive without control", "adult i/EX2=yes i/EX3=yes i/EX4=yes", TalkFurther, "dimension_positive", "open open partial"},
		{"vulnerability at destination", "adult i/AD1=yes i/AD2=yes i/AD6=yes", TalkFurther, "means_indicated dimension_positive", "open indicated open"},
		{"act alone never lifts", "adult u/R01=yes u/R04=yes u/T04=yes u/T12=yes", NotEnoughKnown, "something_open", "indicated open open"},
		{"claim", "adult claim", TalkFurther, "said_or_setting", "open open open"},
		{"claim against all no", allNo + "adult claim", TalkFurther, "said_or_setting", "not_indicated not_indicated not_indicated"},
		{"compound", "adult compound", TalkFurther, "said_or_setting", ""},
		{"marks", "adult u/B01=yes", TalkFurther, "observed_sign", "open open open"},
		{"ill", "adult looks_ill=yes", TalkFurther, "observed_sign", ""},
		{"another speaks", "adult another_speaks=yes", TalkFurther, "observed_sign", ""},
		{"marks against all no", allNo + "adult u/B01=yes", TalkFurther, "observed_sign", ""},
		{"the other observed signs do nothing", "adult u/B03=yes u/B05=yes u/B06=yes u/B07=yes", NotEnoughKnown, "something_open", ""},
		{"the floor is no reason to refer", "adult claim compound u/B01=yes u/B02=yes u/B04=yes", TalkFurther, "observed_sign said_or_setting", ""},
		{"marks not clear", "adult u/B01=unclear", NotEnoughKnown, "something_open", ""},
		{"the eleven indicate nothing by themselves", "adult f/1=yes f/3=yes f/5=yes f/7=yes f/9=yes f/11=yes", NotEnoughKnown, "something_open", "open open open"},
		{"vulnerability and need are context", "adult u/R13=yes u/R14=yes u/E02=yes u/E06=yes", NotEnoughKnown, "something_open", "open open open"},
	} {
		c.run(t, a)
	}
}

func TestReferAdult(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	const both, strong = "means_and_purpose", "two_strong_means"
	for _, c := range []outcomeCase{
		{"(a) one item alone", "adult u/T11=yes", TalkFurther, "", "indicated indicated indicated"},
		{"(a) a second item for the act only", "adult u/T11=yes u/R04=yes", TalkFurther, "", "indicated indicated indicated"},
		{"(a) two items", "adult u/T11=yes u/C24=yes", ReferNow, both, "indicated indicated indicated"},
		{"(a) the act need not be shown", "adult u/C09=yes u/C06=yes u/P02=yes u/P03=yes", ReferNow, both, "open indicated indicated"},
		{"(a) other purpose items answered no", "adult u/C09=yes u/C06=yes u/P02=yes u/P03=yes u/P01=no", ReferNow, both, ""},
		{"(a) purpose only partial", "adult u/C09=yes u/C06=yes u/P02=yes", TalkFurther, "means_indicated", "open indicated partial"},
		{"(b) with control", "adult u/R05=yes u/C04=yes", ReferNow, strong, "open indicated open"},
		{"(b) without control", "adult u/R05=yes u/R10=yes", TalkFurther, "", "open indicated open"},
		{"(b) control by a weak sign", "adult u/R05=yes u/R10=yes u/C24=yes", ReferNow, strong, ""},
		{"(b) control by the dimension", "adult u/R05=yes u/R10=yes i/CD15=yes", ReferNow, strong, ""},
		{"(b) a no to the sign of control", "adult u/R05=yes u/R10=yes u/C24=no", TalkFurther, "", ""},
		{"(b) purpose asked, all no", "adult u/R05=yes u/C04=yes u/P01=no u/P03=no", TalkFurther, "", ""},
		{"(b) purpose asked, one declined", "adult u/R05=yes u/C04=yes u/P01=no u/P03=declined", ReferNow, strong, ""},
		{"(b) purpose asked, one unknown", "adult u/R05=yes u/C04=yes u/P01=unknown u/P03=no", ReferNow, strong, ""},
		{"(b) purpose left out is not asked", "adult u/R05=yes u/C04=yes u/P01=not_asked", ReferNow, strong, ""},
		{"(b) one no and one left out", "adult u/R05=yes u/C04=yes u/P01=no u/P03=not_asked", TalkFurther, "", ""},
		{"(b) one item with two strong indicators", "adult papers_kept=yes", TalkFurther, "", ""},
		{"(b) two items, one indicator", "adult papers_held_now=yes u/C04=yes", TalkFurther, "", ""},
		{"(b) two items, two indicators", "adult papers_kept=yes papers_held_now=yes", ReferNow, strong, ""},
		{"(b) one strong and many medium", "adult u/C04=yes u/C06=yes u/C09=yes u/C17=yes u/C25=yes", TalkFurther, "", ""},
		{"the exploitation dimension needs control", "adult i/EX1=yes i/EX2=yes u/R05=yes", TalkFurther, "", "open indicated partial"},
		{"a strong sign of control is enough for it", "adult i/EX1=yes i/EX2=yes u/C04=yes", ReferNow, both, "open indicated indicated"},
		{"a weak sign of control is not", "adult i/EX1=yes i/EX2=yes u/C24=yes u/C09=yes", TalkFurther, "", "open indicated partial"},
		{"denial and missing evidence lower nothing", "adult u/R05=yes u/C04=yes wants_only_home=yes nothing_left_to_show=yes entered_regularly=yes tests_looked_genuine=yes", ReferNow, strong, ""},
	} {
		c.run(t, a)
	}
}

func TestChildRules(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for _, c := range []outcomeCase{
		{"medium support for the purpose", "u/P03=yes", ReferNow, "child_purpose", "open open partial"},
		{"weak support for the purpose", "u/P02=yes", NotEnoughKnown, "", "open open partial"},
		{"two weak supports for the purpose", "u/P02=yes u/P04=yes", NotEnoughKnown, "", ""},
		{"weak for adults, medium for children", "i/EX9=yes", ReferNow, "child_purpose", ""},
		{"not in the set for children, but for the element", "i/EX8=yes", ReferNow, "child_purpose", ""},
		{"two items for the act, one medium", "u/R01=yes u/R04=yes", ReferNow, "child_act", ""},
		{"two items for the act, both weak", "u/R01=yes u/R02=yes", NotEnoughKnown, "", ""},
		{"two items for the means, one medium", "u/C09=yes u/C24=yes", ReferNow, "child_means", ""},
		{"one item, medium, for the means", "u/C09=yes", NotEnoughKnown, "", "open partial open"},
		{"one item for act and means", "u/K07=yes", NotEnoughKnown, "", "partial partial open"},
		{"two items for different elements", "u/R04=yes u/C09=yes", NotEnoughKnown, "", "partial partial open"},
		{"sexual exploitation after a missed target", "u/K05=yes", ReferNow, "child_purpose", ""},
		{"nothing", "", NotEnoughKnown, "something_open", ""},
		{"strong support for the means", "u/C04=yes", TalkFurther, "", "open indicated open"},
		{"all no", strings.TrimSpace(allNo), NoSignsSoFar, "", "not_indicated not_indicated not_indicated"},
	} {
		for _, age := range []Age{Child, Unsure} {
			aged := c
			aged.spec = string(age) + " " + c.spec
			aged.run(t, a)
		}
	}
}

// Indicators for children count for nothing with an adult; two of them ask for the age to be checked.
func TestChildIndicatorsForAdults(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	plain := spec(t, a, "adult")
	before := a.Assess(&plain)
	for _, id := range []string{"K01", "K02", "K03", "K04", "K05", "K06", "K07"} {
		in := spec(t, a, "adult u/"+id+"=yes")
		got := a.Assess(&in)
		if got.Outcome != before.Outcome || got.Elements != before.Elements || len(got.Reasons) != 0 || len(got.Frameworks["unodc-fc"].Present) != 0 {
			t.Errorf("%s counts for an adult: %+v", id, got.Reasons)
		}
		if want := id == "K02" || id == "K03"; slices.Contains(got.Flags, "age_check") != want {
			t.Errorf("%s: flags %v", id, got.Flags)
		}
	}
}

// The sets for adults and children differ in the dimensions; for the elements the stronger of the two counts.
func TestDimensionsByAge(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for _, c := range []struct {
		spec, dimension string
		want            DimensionResult
		states          string
	}{
		{"adult i/DR10=yes", "deceptive_recruitment", DimensionResult{false, 0, 0, 1}, "partial partial open"},
		{"child i/DR10=yes", "deceptive_recruitment", DimensionResult{false, 1, 0, 0}, "partial partial open"},
		{"adult i/DR10=yes i/DR2=yes", "deceptive_recruitment", DimensionResult{false, 0, 1, 1}, "partial partial open"},
		{"child i/DR10=yes i/DR2=yes", "deceptive_recruitment", DimensionResult{true, 1, 1, 0}, "indicated indicated open"},
		{"adult i/DR10=yes i/DR2=yes i/DR3=yes", "deceptive_recruitment", DimensionResult{true, 0, 2, 1}, "indicated indicated open"},
		{"adult i/AR8=yes", "recruitment_by_abuse_of_vulnerability", DimensionResult{false, 0, 1, 0}, "partial partial open"},
		{"child i/AR8=yes", "recruitment_by_abuse_of_vulnerability", DimensionResult{}, "partial partial open"},
		{"child i/AR8=yes i/AR1=yes i/AR2=yes", "recruitment_by_abuse_of_vulnerability", DimensionResult{false, 0, 2, 0}, "partial partial open"},
		{"adult i/EX8=yes i/EX2=yes i/EX3=yes", "exploitation", DimensionResult{true, 0, 3, 0}, "open open partial"},
		{"child i/EX8=yes i/EX2=yes i/EX3=yes", "exploitation", DimensionResult{false, 0, 2, 0}, "open open partial"},
		{"adult i/CD1=yes", "coercion_at_destination", DimensionResult{false, 1, 0, 0}, "open partial open"},
		{"adult i/CD1=yes i/CD2=yes", "coercion_at_destination", DimensionResult{true, 2, 0, 0}, "open indicated open"},
		{"adult i/CD1=yes i/CD15=yes", "coercion_at_destination", DimensionResult{true, 1, 0, 1}, "open indicated open"},
		{"adult i/CD5=yes i/CD6=yes i/CD15=yes", "coercion_at_destination", DimensionResult{true, 0, 2, 1}, "open indicated open"},
		{"adult i/AR13=yes i/AR14=yes i/AR15=yes i/AR16=yes", "recruitment_by_abuse_of_vulnerability", DimensionResult{false, 0, 0, 4}, "partial partial open"},
		{"adult i/CD1=yes papers_kept=yes", "coercion_at_destination", DimensionResult{false, 1, 0, 0}, ""},
	} {
		in := spec(t, a, c.spec)
		got := a.Assess(&in)
		if d := got.Frameworks["ilo-2009"].Dimensions[c.dimension]; d != c.want {
			t.Errorf("%s: %s is %+v, want %+v", c.spec, c.dimension, d, c.want)
		}
		if states := written(got.Elements); c.states != "" && states != c.states {
			t.Errorf("%s: elements %s, want %s", c.spec, states, c.states)
		}
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	exploited, deceived, held := "i/EX1=yes i/EX2=yes ", "i/DR1=yes i/DR2=yes ", "i/CD1=yes i/CD2=yes "
	for spec0, class := range map[string]string{
		"":                                     "",
		"allno":                                "successful_migrant",
		"allno i/DR1=yes i/DR2=yes":            "unclassified",
		"allno " + exploited:                   "exploited_migrant",
		"allno " + exploited + deceived:        "deception_and_exploitation",
		"allno " + exploited + held:            "unclassified",
		"allno " + exploited + deceived + held: "trafficking_for_forced_labour",
		"allno " + exploited + "i/CR1=yes i/CR2=yes ":        "unclassified",
		"allno " + exploited + "i/CR1=yes i/CR2=yes " + held: "trafficking_for_forced_labour",
		// coercive recruitment stands behind the class too, and is open
		exploited + deceived + held: "",
		// one strong alone cannot make the dimension; two can
		"allno long_hours=declined":                       "successful_migrant",
		"allno long_hours=declined paid_little=not_asked": "",
		// a dimension that is behind no class may stay open
		"allno depended_for_all=declined need_used_there=declined family_used_there=declined": "successful_migrant",
	} {
		in := spec(t, a, "adult "+spec0)
		got := a.Assess(&in)
		if is := classOf(got.Frameworks["ilo-2009"]); is != class {
			t.Errorf("%s: class %q, want %q", spec0, is, class)
		}
		if got.Frameworks["ilo-2012"].Class != nil || got.Frameworks["unodc-fc"].Class != nil {
			t.Error("a framework without classes has one")
		}
	}
}
