package practice

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
	"tipscreen/screening/training"
)

var update = flag.Bool("update", false, "write the golden sheets anew")

// english says a sentence as the program does.
func english(t testing.TB) Say {
	t.Helper()
	speaker, err := locales.Open(locales.Embedded()).Speaker("en", locales.Official)
	if err != nil {
		t.Fatal(err)
	}
	return func(id string, data map[string]any) string {
		text, err := speaker.Say(id, data)
		if err != nil {
			return id
		}
		return text.Words
	}
}

func scenarios(t testing.TB) (*indicators.Data, []*training.Scenario) {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	list, err := training.Load(data, training.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return data, list
}

var day = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func rehearse(t testing.TB, data *indicators.Data, s *training.Scenario, name string, who training.Trainee) (*training.Run, *training.Marks) {
	t.Helper()
	setup, err := training.Setup(data, s, "en", "en", "test")
	if err != nil {
		t.Fatal(err)
	}
	run, err := training.Rehearse(setup, s, 1, who, training.Clock{Begun: day, Turn: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	run.Trainee = name
	marks, err := training.Mark(data, s, run)
	if err != nil {
		t.Fatal(err)
	}
	return run, marks
}

func answer(value string) screening.Reply {
	return screening.Reply{Command: screening.ToAnswer, Value: value}
}

func item(p screening.Prompt) bool { return p.Item != nil && p.Item.ID == p.ID }

// bored answers no to everything and leaves out what can be left out.
type bored struct{ training.Model }

func (b bored) Reply(p screening.Prompt, scene training.Scene) screening.Reply {
	switch {
	case p.ID == "after.hold":
		return answer("does_not_wait")
	case p.ID == "gate.needs":
		return answer("none")
	case p.ID == "gate.ready":
		return answer("yes")
	case item(p) && p.Kind != screening.Write && p.Kind != screening.Choose:
		return answer("no")
	case p.MaySkip, strings.HasPrefix(p.ID, "sensitive."):
		return screening.Reply{Command: screening.ToSkip}
	case scene.Event != nil:
		return answer(p.Options[0])
	}
	return b.Model.Reply(p, scene)
}

func (bored) Decide(*training.Scenario, *screening.Assessment) training.Decision {
	return training.Decision{Outcome: "no_signs_so_far", Refer: "no_referral"}
}

// flagger leads the talk well, and marks yes whatever is said.
type flagger struct{ training.Model }

func (f flagger) Reply(p screening.Prompt, scene training.Scene) screening.Reply {
	if item(p) && scene.Event == nil && (p.Kind == screening.Ask || p.Kind == screening.Observe) && scene.Right.Command == screening.ToAnswer {
		return answer("yes")
	}
	return f.Model.Reply(p, scene)
}

func (flagger) Decide(*training.Scenario, *screening.Assessment) training.Decision {
	return training.Decision{Outcome: "refer_now", Hold: true, Refer: "referral_body"}
}

// biased leads the talk well, and lets each trap of the scenario weigh against the person.
type biased struct {
	training.Model
	s *training.Scenario
}

func (b biased) Reply(p screening.Prompt, scene training.Scene) screening.Reply {
	for _, f := range b.s.Facts {
		if f.Trap != "" && f.Item == p.ID && scene.Event == nil && scene.Right.Command == screening.ToAnswer {
			return answer("no")
		}
	}
	return b.Model.Reply(p, scene)
}

func (biased) Decide(s *training.Scenario, _ *screening.Assessment) training.Decision {
	return training.Decision{Outcome: "not_enough_known", Hold: false, Refer: "no_referral", Against: s.Traps[0]}
}

// careless finds what is said, but takes the gate as in order, presses on, and drops the closing.
type careless struct{ training.Model }

func (c careless) Reply(p screening.Prompt, scene training.Scene) screening.Reply {
	prefix, _, _ := strings.Cut(p.ID, ".")
	switch {
	case prefix == "closing", prefix == "after":
		return screening.Reply{Command: screening.ToStop, Value: screening.StopOther}
	case prefix == "gate" && strings.HasSuffix(p.ID, ".unmet") && slices.Contains(p.Options, "override"):
		return answer("override")
	case prefix == "gate" && len(p.Options) > 0 && !strings.HasSuffix(p.ID, ".unmet"), prefix == "rights", prefix == "rest":
		return answer(p.Options[0])
	case prefix == "consent" && p.Kind == screening.Choose:
		return answer(p.Options[0])
	case prefix == "consent" && p.MaySkip, prefix == "distress":
		return screening.Reply{Command: screening.ToSkip}
	case prefix == "sensitive":
		return answer("ask")
	case prefix == "open":
		return screening.Reply{Command: screening.ToSkip}
	case scene.Event != nil && item(p) && len(p.Options) > 0:
		return answer("no")
	case scene.Event != nil && len(p.Options) > 0:
		return answer(p.Options[0])
	case scene.Event != nil:
		return screening.Reply{Command: screening.ToSkip}
	}
	return c.Model.Reply(p, scene)
}

// trainees are the simulated ones, by name.
func trainees(s *training.Scenario) map[string]training.Trainee {
	return map[string]training.Trainee{"model": training.Model{}, "bored": bored{}, "over-flagger": flagger{}, "biased": biased{s: s}, "careless": careless{}}
}

// TestTraineesGetWhatTheyDeserve holds the sheets of simulated trainees, with marks and words, against golden files that
// people have read.
func TestTraineesGetWhatTheyDeserve(t *testing.T) {
	t.Parallel()
	data, list := scenarios(t)
	say := english(t)
	for _, id := range []string{"river-office", "house-keys", "open-door"} {
		s, err := training.Find(list, id)
		if err != nil {
			t.Fatal(err)
		}
		for name, who := range trainees(s) {
			run, marks := rehearse(t, data, s, name, who)
			var out strings.Builder
			if err := ReviewSheet(say, "en", s, run, marks).Text(&out); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("..", "..", "..", "testdata", "training", id+"-"+name+".txt")
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(golden)
			if err != nil || string(want) != out.String() {
				t.Errorf("the sheet differs from %s (%v); read the difference, then run with -update", golden, err)
			}
		}
	}
}

// TestMarksTellTraineesApart: over all scenarios, each kind of trainee loses where it should.
func TestMarksTellTraineesApart(t *testing.T) {
	t.Parallel()
	data, list := scenarios(t)
	for _, s := range list {
		marks := map[string]*training.Marks{}
		for name, who := range trainees(s) {
			if name == "biased" && len(s.Traps) == 0 {
				continue
			}
			_, marks[name] = rehearse(t, data, s, name, who)
		}
		if m := marks["model"]; m.Fidelity.Percent != 100 || m.Accuracy.Percent != 100 {
			t.Errorf("%s: the model answer has %d and %d", s.ID, m.Fidelity.Percent, m.Accuracy.Percent)
		}
		// At a counter there is little to leave out where nothing is amiss.
		easy := s.Plan == "checkpoint" && len(s.Gate["alone"]) == 0
		if m := marks["bored"]; s.Plan != "checkpoint" && m.Fidelity.Percent == 100 || s.Plan == "full" && m.Fidelity.Percent > 85 || s.Expect.Outcome == "refer_now" && m.Accuracy.Percent > 45 {
			t.Errorf("%s: bored has %d and %d", s.ID, m.Fidelity.Percent, m.Accuracy.Percent)
		}
		if m := marks["over-flagger"]; m.Accuracy.Percent > 90 || m.Accuracy.Percent < 35 {
			t.Errorf("%s: the over-flagger has %d", s.ID, m.Accuracy.Percent)
		}
		if m := marks["careless"]; !easy && m.Fidelity.Percent > 62 {
			t.Errorf("%s: careless has %d", s.ID, m.Fidelity.Percent)
		}
		if m := marks["biased"]; m != nil {
			named := map[string]bool{}
			for _, b := range m.Bias {
				named[b.Trap] = true
			}
			if !named[s.Traps[0]] || m.Fidelity.Percent != 100 {
				t.Errorf("%s: biased has %d, and %v", s.ID, m.Fidelity.Percent, m.Bias)
			}
			for _, f := range s.Facts {
				if f.Trap != "" && f.Answer == "yes" && f.Preview != "skip" && !named[f.Trap] {
					t.Errorf("%s: the bias %s is not named", s.ID, f.Trap)
				}
			}
		}
	}
}

// TestMissedWeighsMore: for every scenario and every pair of steps equally far from the right one, too low loses more than
// too high.
func TestMissedWeighsMore(t *testing.T) {
	t.Parallel()
	data, list := scenarios(t)
	words := training.Outcomes()
	for _, s := range list {
		run, _ := rehearse(t, data, s, "x", training.Model{})
		accuracy := func(outcome string) int {
			run.Decision.Outcome = outcome
			marks, err := training.Mark(data, s, run)
			if err != nil {
				t.Fatal(err)
			}
			return marks.Accuracy.Percent
		}
		for at, word := range words {
			if word != s.Expect.Outcome {
				continue
			}
			for far := 1; far < len(words); far++ {
				if at-far < 0 || at+far >= len(words) {
					continue
				}
				if low, high := accuracy(words[at-far]), accuracy(words[at+far]); low >= high {
					t.Errorf("%s: %d steps too low has %d, too high %d", s.ID, far, low, high)
				}
			}
			run.Decision.Outcome = word
		}
	}
}
