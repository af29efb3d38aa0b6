package screening

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

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
	at     time.Time
	hard   int // sensitive questions in a row, without anything easy or a rest
}

func newWalker(t *testing.T, data *indicators.Data, plan *indicators.Plan, seed uint64) *walker {
	r := rand.New(rand.NewPCG(seed, 3))
	setup := NewSetup(data, plan)
	setup.InterpreterRequired = r.IntN(2) == 0
	if r.IntN(2) == 0 {
		setup.Profile = police
	}
	iv, err := Replay(setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walker{t: t, r: r, iv: iv, setup: setup, stated: map[string]bool{}, at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
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
	w.at = w.at.Add(time.Duration(w.r.IntN(90)) * time.Second)
	event.Seq, event.At = len(w.iv.Events())+1, w.at
	if err := w.iv.Apply(event); err != nil {
		w.t.Fatalf("%s: %v", p.ID, err)
	}
	w.count(p, reply)
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

// count counts hard questions in a row, as the person meets them.
func (w *walker) count(p Prompt, reply Reply) {
	switch {
	case reply.Command == ToBreak, reply.Command == ToDistress, reply.Command == ToAnswer && strings.HasPrefix(p.ID, "rest."):
		w.hard = 0
	case p.Item == nil || p.ID != p.Item.ID || p.Item.Observable() || reply.Command != ToAnswer && reply.Command != ToSkip:
	case p.Item.Sensitive():
		w.hard++
	default:
		w.hard = 0
	}
}

// random is a reply that somebody could give, rarely one that leaves the way.
func (w *walker) random(p Prompt) Reply {
	commands := []Command{ToGoBack, ToConsent, ToNote, ToBreak, ToDistress, ToDanger, ToClaim, ToHide, ToSkip, ToTold, ToStop}
	if n := w.r.IntN(60); n < len(commands) {
		if (commands[n] == ToStop || commands[n] == ToDistress) && w.r.IntN(4) != 0 {
			return Reply{Command: ToClaim}
		}
		reply := Reply{Command: commands[n], Note: "x"}
		if commands[n] == ToStop {
			reply.Value = StopReasons()[w.r.IntN(len(StopReasons()))]
		}
		if told := w.iv.Told(); len(told) > 0 {
			reply.Target = told[w.r.IntN(len(told))].ID
		}
		return reply
	}
	if p.Kind == Write {
		return Reply{Command: ToAnswer, Text: "words"}
	}
	value := p.Options[w.r.IntN(len(p.Options))]
	if p.Kind == Several && value != none && w.r.IntN(2) == 0 && p.Options[0] != value {
		value += "," + p.Options[0]
	}
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
		last := strings.HasPrefix(p.ID, "closing.") || strings.HasPrefix(p.ID, "after.") || strings.HasPrefix(p.ID, "distress.") || p.ID == later ||
			strings.HasPrefix(p.ID, "consent.") && w.iv.cursor == p.ID // the record can be refused to the end
		if (w.iv.stopped || w.iv.ending() && w.iv.cursor == "") && !last {
			fail("the interview is ending")
		}
		if strings.HasPrefix(p.ID, "after.") && !w.iv.explained {
			fail("the official settles something before the result was seen")
		}
		if w.iv.exposed() && last && strings.HasPrefix(p.ID, "closing.") && p.ID != "closing.next" && !strings.HasPrefix(p.ID, "closing.child_protection") {
			fail("somebody is near who may control the person")
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
	case w.iv.deferring != "":
		fail("an item is put although the interview was put off")
	case p.Item.Sensitive() && p.Item.Askable() && w.hard >= hardInARow && w.iv.cursor == "":
		fail("a third hard question in a row")
	case w.adults(p.Step) && w.iv.age().child():
		fail("a child is asked what only adults are asked")
	case p.Item.Admits && p.Item.Askable() && !w.iv.answered(p.Item.ID) && !w.warned():
		fail("an item that could be used against the person is put before the rights were said")
	case p.Item.Sensitive() && w.iv.said["gate.privacy"] != "yes" && p.Item.Askable():
		fail("a sensitive item is put although others can hear")
	case p.ID == p.Item.ID && p.Item.Sensitive() && p.Item.Askable() && w.iv.said["sensitive."+p.Item.ID] != "ask" && !w.iv.answered(p.Item.ID):
		fail("a sensitive item is put without the choice")
	}
	for _, step := range w.setup.Plan.Steps {
		for _, check := range step.Asks {
			if step.Kind == indicators.Gate && w.iv.said["gate."+check] == "" && (check != "basis" || w.setup.Profile == police) && w.iv.cursor == "" {
				fail("the check %s is open", check)
			}
			if step.Kind == indicators.Gate && w.iv.unmet(check) && w.iv.said["gate."+check+".unmet"] != "override" && w.iv.cursor == "" {
				fail("the check %s is not met", check)
			}
		}
	}
}

func (w *walker) adults(id string) bool {
	for _, step := range w.setup.Plan.Steps {
		if step.ID == id {
			return step.Adults
		}
	}
	return false
}

// warned: the person heard that nothing need be said that could be used against them.
func (w *walker) warned() bool {
	for id := range w.iv.said {
		if strings.HasPrefix(id, "rights.") {
			return true
		}
	}
	return false
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
	if w.iv.deferring != "" { // it was put off, and nothing is asked until it is taken up
		return
	}
	events = append(events, Event{V: EventVersion, Seq: len(events) + 1, Kind: Stopped})
	stopped, err := Replay(w.setup, events)
	if err != nil {
		w.t.Fatal(err)
	}
	closed := w.iv.finished || w.iv.explained || w.iv.Counter() // at a counter the result page closes
	for range 40 {
		p, ok := stopped.Next()
		if !ok && stopped.explained || stopped.finished {
			if !closed {
				w.t.Fatal("a stopped interview ends without the closing")
			}
			return
		}
		closed = closed || strings.HasPrefix(p.ID, "closing.")
		if !ok {
			if err := stopped.Apply(Event{V: EventVersion, Seq: len(stopped.Events()) + 1, Kind: Explained}); err != nil {
				w.t.Fatal(err)
			}
			continue
		}
		if !strings.HasPrefix(p.ID, "closing.") && !strings.HasPrefix(p.ID, "after.") && !strings.HasPrefix(p.ID, "distress.") {
			w.t.Fatalf("after a stop comes %s", p.ID)
		}
		e := Event{V: EventVersion, Seq: len(stopped.Events()) + 1, Kind: Answered, Step: p.ID, Value: "skipped"}
		if len(p.Options) > 0 && p.Kind != Several {
			e.Value = p.Options[0]
		}
		if err := stopped.Apply(e); err != nil {
			w.t.Fatal(err)
		}
	}
	w.t.Fatal("a stopped interview does not end")
}

// goOn takes up what was put off, and shows the result; false: the interview is over.
func (w *walker) goOn() bool {
	kind := Continued
	if _, deferred := w.iv.Deferred(); !deferred {
		if w.iv.explained {
			return false
		}
		kind = Explained
	}
	w.at, w.hard = w.at.Add(2*time.Hour), 0
	if err := w.iv.Apply(Event{V: EventVersion, Seq: len(w.iv.Events()) + 1, At: w.at, Kind: kind}); err != nil {
		w.t.Fatal(err)
	}
	return true
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
					if !ok && !w.goOn() {
						break
					}
					if !ok {
						continue
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
			if plan.ID != "full" {
				return
			}
			if len(seen) < 200 {
				t.Errorf("the walks saw only %d prompts", len(seen))
			}
			for _, id := range []string{later, "rest.1", "distress.1", "topic.4", "rights.journey", "after.hold.reason", "closing.readback", "closing.child_protection.reason", "consent.assent", "gate.custody.lawyer", "gate.needs.medical"} {
				if !seen[id] {
					t.Errorf("no walk came to %s", id)
				}
			}
		})
	}
}
