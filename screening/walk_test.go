package screening

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"tipscreen/indicators"
)

// walker goes through an interview at random and checks after each step what must hold in every state.
type walker struct {
	t      *testing.T
	r      *rand.Rand
	iv     *Interview
	setup  *Setup
	last   string // the prompt before this one
	stated map[string]bool
}

func newWalker(t *testing.T, data *indicators.Data, plan *indicators.Plan, seed uint64) *walker {
	r := rand.New(rand.NewPCG(seed, 3))
	setup := NewSetup(data, plan)
	setup.InterpreterRequired = r.IntN(2) == 0
	iv, err := Replay(setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walker{t: t, r: r, iv: iv, setup: setup, stated: map[string]bool{}}
}

// do gives a reply and applies what it means; an invalid reply changes nothing.
func (w *walker) do(p Prompt, reply Reply) {
	event, err := w.iv.Decide(p, reply)
	if err != nil {
		return
	}
	before := map[string]Answer{}
	for id, answer := range w.iv.answers {
		before[id] = answer
	}
	event.Seq = len(w.iv.Events()) + 1
	if err := w.iv.Apply(event); err != nil {
		w.t.Fatalf("%s: %v", p.ID, err)
	}
	for id, answer := range before {
		if now := w.iv.answers[id]; now != answer && event.Step != id && answer.Value != NotAsked {
			w.t.Fatalf("%s at %s changes the answer to %s from %v to %v", reply.Command, p.ID, id, answer.Value, now.Value)
		}
		if reply.Command == ToSkip && answer.Value != NotAsked && w.iv.answers[id] != answer {
			w.t.Fatalf("leaving out %s takes the answer to %s away", p.ID, id)
		}
	}
	if event.Kind == Answered {
		w.stated[strings.TrimPrefix(event.Step, "sensitive.")] = true
	}
}

// random is a reply that somebody could give, rarely one that leaves the way.
func (w *walker) random(p Prompt) Reply {
	commands := []Command{ToGoBack, ToConsent, ToNote, ToBreak, ToDistress, ToDanger, ToClaim, ToHide, ToSkip, ToTold, ToStop}
	if n := w.r.IntN(60); n < len(commands) {
		if commands[n] == ToStop && w.r.IntN(4) != 0 {
			return Reply{Command: ToClaim}
		}
		reply := Reply{Command: commands[n], Note: "x"}
		if told := w.iv.Told(); len(told) > 0 {
			reply.Target = told[w.r.IntN(len(told))].ID
		}
		return reply
	}
	if p.Kind == Write {
		return Reply{Command: ToAnswer, Text: "words"}
	}
	value := p.Options[w.r.IntN(len(p.Options))]
	// Most walks are to get past the gate and the consent, or nothing else would be seen.
	if (strings.HasPrefix(p.ID, "gate.") || strings.HasPrefix(p.ID, "consent.")) && w.r.IntN(8) != 0 {
		value = p.Options[0]
	}
	return Reply{Command: ToAnswer, Value: value}
}

// check holds the state against the protocol.
func (w *walker) check(p Prompt) {
	w.t.Helper()
	fail := func(format string, args ...any) {
		w.t.Helper()
		w.t.Fatalf("at %s after %s: %s\n%+v", p.ID, w.last, fmt.Sprintf(format, args...), w.iv.said)
	}
	if p.Item == nil {
		if (w.iv.stopped || w.iv.ending() && w.iv.cursor == "") && !strings.HasPrefix(p.ID, "closing.") {
			fail("the interview is ending")
		}
		return
	}
	switch {
	case w.iv.ending():
		fail("an item is put after the end")
	case !w.iv.Consents("talk"):
		fail("an item is put without consent to talk")
	case p.Item.Sealed() || p.Item.DisclosureOnly() && !w.iv.answered(p.Item.ID):
		fail("an item is put that is never asked")
	case p.Item.Setting == "private" && w.setup.Plan.Setting == "counter":
		fail("a private item is put at a counter")
	case p.Item.MinAge > 0 && w.iv.age().child():
		fail("an item is put to somebody too young for it")
	case p.Item.Sensitive() && w.iv.said["gate.privacy"] != "yes" && p.Item.Askable():
		fail("a sensitive item is put although others can hear")
	case p.ID == p.Item.ID && p.Item.Sensitive() && p.Item.Askable() && w.iv.said["sensitive."+p.Item.ID] != "ask" && !w.iv.answered(p.Item.ID):
		fail("a sensitive item is put without the choice")
	}
	for _, step := range w.setup.Plan.Steps {
		for _, check := range step.Asks {
			if step.Kind == indicators.Gate && w.iv.said["gate."+check] == "" && w.iv.cursor == "" {
				fail("the check %s is open", check)
			}
			if step.Kind == indicators.Gate && w.iv.unmet(check) && w.iv.said["gate."+check+".unmet"] != "override" && w.iv.cursor == "" {
				fail("the check %s is not met", check)
			}
		}
	}
}

// checkReplay: the events alone lead to the same state, so nothing is lost by a crash.
func (w *walker) checkReplay() {
	w.t.Helper()
	again, err := Replay(w.setup, w.iv.Events())
	if err != nil {
		w.t.Fatal(err)
	}
	p, ok := w.iv.Next()
	q, same := again.Next()
	if ok != same || p.ID != q.ID || !reflect.DeepEqual(w.iv.answers, again.answers) || !reflect.DeepEqual(w.iv.said, again.said) {
		w.t.Fatalf("the events lead to %s, the interview is at %s", q.ID, p.ID)
	}
}

// checkStop: from here, stopping leads to the end, through the closing alone.
func (w *walker) checkStop() {
	w.t.Helper()
	events := append([]Event{}, w.iv.Events()...)
	events = append(events, Event{V: EventVersion, Seq: len(events) + 1, Kind: Stopped})
	stopped, err := Replay(w.setup, events)
	if err != nil {
		w.t.Fatal(err)
	}
	for range 10 {
		p, ok := stopped.Next()
		if !ok {
			return
		}
		if !strings.HasPrefix(p.ID, "closing.") {
			w.t.Fatalf("after a stop comes %s", p.ID)
		}
		e := Event{V: EventVersion, Seq: len(stopped.Events()) + 1, Kind: Answered, Step: p.ID, Value: "skipped"}
		if err := stopped.Apply(e); err != nil {
			w.t.Fatal(err)
		}
	}
	w.t.Fatal("a stopped interview does not end")
}

// TestWalks: whatever is answered, in whatever order, the protocol holds in every state of every plan, the closing can be
// reached from there, and nothing is recorded that nobody said.
func TestWalks(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range data.Plans {
		t.Run(plan.ID, func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			for seed := range uint64(60) {
				w := newWalker(t, data, plan, seed)
				for step := 0; step < 900; step++ {
					p, ok := w.iv.Next()
					if !ok {
						break
					}
					seen[p.ID] = true
					w.check(p)
					if step%29 == 0 {
						w.checkReplay()
						w.checkStop()
					}
					w.do(p, w.random(p))
					w.last = p.ID
				}
				for id := range w.iv.answers {
					if !w.stated[id] {
						t.Fatalf("%s has an answer that nobody gave", id)
					}
				}
			}
			if plan.ID == "full" && len(seen) < 140 {
				t.Errorf("the walks saw only %d prompts", len(seen))
			}
		})
	}
}
