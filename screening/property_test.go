package screening

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// The invariants of the assessment, each over thousands of random cases. The seed is fixed, so that a failure repeats.
const randomCases = 10_000

// randomCase answers some of the keys. Few answers are as interesting as many: most rules turn on the second yes.
func randomCase(a *Assessor, r *rand.Rand) Case {
	c := Case{ID: "r", Age: []Age{Adult, Adult, Child, Unsure}[r.IntN(4)], Claim: r.IntN(8) == 0, Answers: map[string]Answer{}}
	if r.IntN(8) == 0 {
		c.Setting = LeftACompound
	}
	if r.IntN(3) == 0 {
		c.Plan = []string{"full", "checkpoint"}[r.IntN(2)]
	}
	density := []int{1, 3, 10, 40}[r.IntN(4)]
	yes := []int{1, 5, 30}[r.IntN(3)]
	for i := range a.keys {
		if !a.keys[i].yesNo || r.IntN(100) >= density {
			continue
		}
		value := Value(1 + r.IntN(int(NotAsked)))
		if r.IntN(100) < yes {
			value = Yes
		}
		c.Answers[a.keys[i].id] = Answer{Value: value}
	}
	return c
}

// with copies the case with one answer changed.
func (c Case) with(id string, value Value) Case {
	answers := make(map[string]Answer, len(c.Answers)+1)
	for k, v := range c.Answers {
		answers[k] = v
	}
	if value == 0 {
		delete(answers, id)
	} else {
		answers[id] = Answer{Value: value}
	}
	c.Answers = answers
	return c
}

func forRandomCases(t *testing.T, seed uint64, check func(a *Assessor, r *rand.Rand, c Case) error) {
	t.Helper()
	t.Parallel()
	a := shipped(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range randomCases {
		c := randomCase(a, r)
		if err := check(a, r, c); err != nil {
			t.Fatalf("case %d: %v\n%+v", i, err, c)
		}
	}
}

func randomKey(a *Assessor, r *rand.Rand) string {
	for {
		if k := a.keys[r.IntN(len(a.keys))]; k.yesNo {
			return k.id
		}
	}
}

func TestOneMoreYesNeverLowers(t *testing.T) {
	forRandomCases(t, 1, func(a *Assessor, r *rand.Rand, c Case) error {
		id := randomKey(a, r)
		more := c.with(id, Yes)
		if before, after := a.Assess(&c).Outcome, a.Assess(&more).Outcome; after < before {
			return fmt.Errorf("a yes to %s lowers %v to %v", id, before, after)
		}
		return nil
	})
}

func TestNoReplacedNeverLowers(t *testing.T) {
	forRandomCases(t, 2, func(a *Assessor, r *rand.Rand, c Case) error {
		id := randomKey(a, r)
		no := c.with(id, No)
		other := c.with(id, []Value{0, Unclear, Unknown, Declined, NotAsked}[r.IntN(5)])
		if before, after := a.Assess(&no).Outcome, a.Assess(&other).Outcome; after < before {
			return fmt.Errorf("%v in place of a no to %s lowers %v to %v", other.Answers[id].Value, id, before, after)
		}
		return nil
	})
}

func TestChildNeverGetsLess(t *testing.T) {
	forRandomCases(t, 3, func(a *Assessor, _ *rand.Rand, c Case) error {
		adult, child, unsure := c, c, c
		adult.Age, child.Age, unsure.Age = Adult, Child, Unsure
		x, y, z := a.Assess(&adult).Outcome, a.Assess(&child).Outcome, a.Assess(&unsure).Outcome
		if y < x || z != y {
			return fmt.Errorf("adult %v, child %v, unsure %v", x, y, z)
		}
		return nil
	})
}

func TestClaimIsEnoughForTheHold(t *testing.T) {
	forRandomCases(t, 4, func(a *Assessor, _ *rand.Rand, c Case) error {
		without := c
		without.Claim = false
		c.Claim = true
		got := a.Assess(&c)
		if got.Outcome < TalkFurther || !slices.Contains(got.Flags, "hold") || !slices.Contains(got.Hold, "claim") {
			return fmt.Errorf("outcome %v, flags %v, hold %v", got.Outcome, got.Flags, got.Hold)
		}
		if before := a.Assess(&without).Outcome; got.Outcome < before {
			return fmt.Errorf("a claim lowers %v to %v", before, got.Outcome)
		}
		return nil
	})
}

func TestOneItemAloneNeverRefersAnAdult(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	for i := range a.keys {
		if !a.keys[i].yesNo {
			continue
		}
		for _, others := range []Value{0, No, Declined} {
			c := Case{Age: Adult, Claim: true, Setting: LeftACompound, Answers: map[string]Answer{}}
			for j := range a.keys {
				if others != 0 && a.keys[j].yesNo {
					c.Answers[a.keys[j].id] = Answer{Value: others}
				}
			}
			c.Answers[a.keys[i].id] = Answer{Value: Yes}
			if got := a.Assess(&c); got.Outcome == ReferNow {
				t.Errorf("%s alone (others %v) gives %v because of %v", a.keys[i].id, others, got.Outcome, got.Because)
			}
		}
	}
}

// TestOrderDoesNotMatter assesses the same case many times: maps are walked in another order each time.
func TestOrderDoesNotMatter(t *testing.T) {
	forRandomCases(t, 5, func(a *Assessor, r *rand.Rand, c Case) error {
		if r.IntN(10) != 0 {
			return nil
		}
		first := a.Assess(&c)
		copied := c.with("", 0)
		if second := a.Assess(&copied); !reflect.DeepEqual(first, second) {
			return fmt.Errorf("two assessments differ")
		}
		return nil
	})
}

// TestWouldChangeIsExact compares the quick trial of each further answer with a new assessment.
func TestWouldChangeIsExact(t *testing.T) {
	forRandomCases(t, 6, func(a *Assessor, r *rand.Rand, c Case) error {
		if r.IntN(20) != 0 {
			return nil
		}
		got := a.Assess(&c)
		told := map[string]Outcome{}
		for _, change := range got.WouldChange {
			told[change.Item+"="+change.Answer.String()] = change.Outcome
		}
		p := a.place(&c)
		for at := range a.keys {
			if !p.relevant[at] || p.value[at].settled() {
				continue
			}
			for _, value := range []Value{Yes, No} {
				further := c.with(a.keys[at].id, value)
				want := a.Assess(&further).Outcome
				outcome, named := told[a.keys[at].id+"="+value.String()]
				if named != (want != got.Outcome) || named && outcome != want {
					return fmt.Errorf("%v to %s gives %v now, said %v (named: %v), really %v", value, a.keys[at].id, got.Outcome, outcome, named, want)
				}
			}
		}
		return nil
	})
}

func TestReasonsAreComplete(t *testing.T) {
	forRandomCases(t, 7, func(a *Assessor, _ *rand.Rand, c Case) error {
		got := a.Assess(&c)
		for _, rule := range got.Because {
			if !slices.Contains(Rules(), rule) {
				return fmt.Errorf("the rule %q has no name in Rules", rule)
			}
		}
		for _, reason := range got.Reasons {
			f, ok := a.data.Framework(reason.Framework)
			if !ok {
				return fmt.Errorf("a reason names the framework %q", reason.Framework)
			}
			i, ok := f.IndicatorByID(reason.Indicator)
			if !ok || i.Sealed() || reason.Item == "" || reason.Answer != Yes || reason.Strength == 0 || reason.Elements == nil || reason.Source == "" {
				return fmt.Errorf("incomplete reason %+v", reason)
			}
		}
		return nil
	})
}

// TestSealedSaysNothing: an allegation changes neither outcome nor flags and stands in no reason.
func TestSealedSaysNothing(t *testing.T) {
	forRandomCases(t, 8, func(a *Assessor, _ *rand.Rand, c Case) error {
		for _, id := range []string{"unodc-fc/T08", "unodc-fc/C20", "unodc-fc/E03", "unodc-fc/E04"} {
			c = c.with(id, 0)
		}
		for i := range a.keys {
			if a.keys[i].sealed {
				c = c.with(a.keys[i].id, 0)
			}
		}
		before := a.Assess(&c)
		for i := range a.keys {
			if a.keys[i].sealed {
				c = c.with(a.keys[i].id, Yes)
			}
		}
		after := a.Assess(&c)
		after.Ignored = before.Ignored
		if !reflect.DeepEqual(before, after) {
			return fmt.Errorf("an allegation changes the assessment")
		}
		return nil
	})
}

// TestCircumstancesChangeNothing: nothing that officials hold against people is even part of a Case; as input it parses
// to the same one.
func TestCircumstancesChangeNothing(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	line := func(more string) Case {
		c, err := a.ParseCase([]byte(`{"id":"x","person":{"age":"adult"},"answers":{"unodc-fc/C04":"yes","unodc-fc/P01":"no"}` + more + `}`))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	plain := line("")
	for _, word := range circumstances {
		if got := line(`,"circumstances":["` + word + `"]`); !reflect.DeepEqual(got, plain) {
			t.Errorf("%s changes the case", word)
		}
	}
}
