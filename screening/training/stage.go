package training

import (
	"fmt"
	"slices"
	"strings"

	"tipscreen/screening"
)

// Stage plays one person. It remembers only what has happened (Fired) and what the trainee decided; everything else
// follows from the events of the interview, so that the same seed and the same events give the same words.
type Stage struct {
	scenario *Scenario
	seed     uint64
	lines    Lines
	fired    []Fired
	decision *Decision
}

// Fired says when an event of the scenario happened: before the event of the interview with the number Seq+1.
type Fired struct {
	Event string `json:"event"`
	Seq   int    `json:"seq"`
	Step  string `json:"step"`
}

// Scene is what is seen and heard at a prompt.
type Scene struct {
	// Room is what is seen; Says is what the person says, and Line the id of that line in Lines.
	Room []string
	Says string
	Line string
	// Event happened now, or is waiting for a reaction; nil: none.
	Event *Event
	// Right is the reply that a careful official would mark now.
	Right screening.Reply
}

// NewStage sets a scenario up. The lines are Scenario.Lines or a translation of them.
func NewStage(s *Scenario, seed uint64, lines Lines) *Stage {
	return &Stage{scenario: s, seed: seed, lines: lines}
}

// Fired lists the events that have happened.
func (st *Stage) Fired() []Fired { return slices.Clone(st.fired) }

// Decided says what the trainee decided before the result was shown: what is settled afterwards follows it.
func (st *Stage) Decided(d Decision) { st.decision = &d }

// chosen is where an event happens in this run: a place of its list, by the seed.
func (st *Stage) chosen(e *Event) string {
	hash := st.seed*0x9e3779b97f4a7c15 + 0x2545f4914f6cdd1d
	for _, b := range []byte(e.ID) {
		hash = (hash ^ uint64(b)) * 0x100000001b3
	}
	return e.At[(hash>>17)%uint64(len(e.At))]
}

// passing prompts belong to no place of the plan: nothing happens at them.
var passing = []string{"topic", "rest", "distress", "later"}

// At says what is seen and heard at the prompt. Events that belong here happen.
func (st *Stage) At(iv *screening.Interview, p screening.Prompt) Scene {
	var scene Scene
	prefix, _, _ := strings.Cut(p.ID, ".")
	for i := range st.scenario.Events {
		e := &st.scenario.Events[i]
		at := st.chosen(e)
		here := at == p.ID || at == p.Step && !slices.Contains(passing, prefix)
		if here && !slices.ContainsFunc(st.fired, func(f Fired) bool { return f.Event == e.ID }) {
			st.fired = append(st.fired, Fired{e.ID, len(iv.Events()), p.ID})
		}
	}
	for _, f := range st.fired {
		st.happens(&scene, st.scenario.event(f.Event), sinceFired(iv.Events(), f, st.scenario.event(f.Event)), prefix)
	}
	st.play(&scene, iv, p)
	if scene.Event != nil {
		scene.Right = reaction(scene.Event)
	}
	return scene
}

// happens shows an event until the first answer after it, and then, for one prompt, what came of a reaction.
func (st *Stage) happens(scene *Scene, e *Event, since reacting, prefix string) {
	switch {
	case !since.reacted && since.before == 0:
		scene.Event = e
		scene.Room = append(scene.Room, strings.TrimSpace(e.Scene))
		if e.Said != "" {
			scene.Line = "event." + e.ID
		}
	case since.reacted && since.after == 0 && prefix == "distress":
		scene.Room = append(scene.Room, strings.TrimSpace(e.Scene))
	case since.reacted && since.after == 0 && e.After != "":
		scene.Room = append(scene.Room, strings.TrimSpace(e.After))
	}
}

// reacting is what the trainee did since an event: how many answers came before a good reaction, and after it.
type reacting struct {
	reacted       bool
	before, after int
}

func sinceFired(events []screening.Event, f Fired, e *Event) (since reacting) {
	for _, one := range events[max(0, min(f.Seq, len(events))):] {
		switch {
		case !since.reacted && reacts(one, e):
			since.reacted = true
		case one.Kind != screening.Answered || strings.HasPrefix(one.Step, "distress."):
		case since.reacted:
			since.after++
		default:
			since.before++
		}
	}
	return since
}

// stopReason is the reason for which a reaction stops; empty: the word is none, or any reason is as good.
func stopReason(word string) string {
	reason, _ := strings.CutPrefix(word, "stop.")
	if reason == word {
		return ""
	}
	return reason
}

func reacts(one screening.Event, e *Event) bool {
	for _, word := range e.React {
		word, _, _ = strings.Cut(word, ".")
		if reactions[word] != one.Kind {
			continue
		}
		switch word {
		case "told":
			if one.How != screening.Volunteered || !slices.Contains(e.Tells, one.Step) {
				continue
			}
		case "stop", "later":
			if (word == "later") != (one.Value == screening.StopLater) {
				continue
			}
		}
		return true
	}
	return false
}

// reaction is the best reply to an event.
func reaction(e *Event) screening.Reply {
	word, reason, _ := strings.Cut(e.React[0], ".")
	switch word {
	case "told":
		return screening.Reply{Command: screening.ToTold, Target: e.Tells[0]}
	case "note":
		return screening.Reply{Command: screening.ToNote, Note: strings.TrimSpace(e.Scene)}
	case "later":
		return screening.Reply{Command: screening.ToStop, Value: screening.StopLater}
	default:
		return screening.Reply{Command: screening.Command(word), Value: reason}
	}
}

// toTell is an item of the story, or of an event, that was told and is not marked yet.
func (st *Stage) toTell(iv *screening.Interview) string {
	var told []string
	if invited(iv.Events()) {
		told = append(told, st.scenario.Story.Tells...)
	}
	for _, f := range st.fired {
		told = append(told, st.scenario.event(f.Event).Tells...)
	}
	for _, item := range iv.Told() {
		if slices.Contains(told, item.ID) {
			return item.ID
		}
	}
	return ""
}

// invited tells whether the person was invited to speak freely, and listened to.
func invited(events []screening.Event) bool {
	return slices.ContainsFunc(events, func(e screening.Event) bool {
		return e.Kind == screening.Answered && strings.HasPrefix(e.Step, "open.") && e.Value == screening.Given.String()
	})
}

// holds tells whether the person speaks openly now: every condition of a fact is fulfilled.
func holds(s *Scenario, needs []string, events []screening.Event, fired []Fired) bool {
	for _, need := range needs {
		switch need {
		case "open":
			if !invited(events) {
				return false
			}
		case "calm":
			for _, f := range fired {
				e := s.event(f.Event)
				if e != nil && f.Seq <= len(events) && !sinceFired(events, f, e).reacted {
					return false
				}
			}
		case "needs":
			if !seenTo(s, events) {
				return false
			}
		default:
			if again(events, need) < looks(s, need)-1 {
				return false
			}
		}
	}
	return true
}

// seenTo tells whether each need of the person was asked about, and met or promised.
func seenTo(s *Scenario, events []screening.Event) bool {
	for check := range s.Gate {
		if !strings.HasPrefix(check, "needs.") {
			continue
		}
		met := slices.ContainsFunc(events, func(e screening.Event) bool {
			return e.Step == "gate."+check && (e.Value == "done" || e.Value == "offered")
		})
		if !met {
			return false
		}
	}
	return true
}

// looks is how often a check, with its details, has to be made until it is in order.
func looks(s *Scenario, check string) (n int) {
	for id, list := range s.Gate {
		if id == check || strings.HasPrefix(id, check+".") {
			n = max(n, len(list))
		}
	}
	return n
}

// again counts how often a check was put right and made once more.
func again(events []screening.Event, check string) (n int) {
	for _, e := range events {
		if e.Kind == screening.Answered && e.Step == "gate."+check+".unmet" && e.Value == "again" {
			n++
		}
	}
	return n
}

// String names the scenario for messages.
func (s *Scenario) String() string { return fmt.Sprintf("%s (%s)", s.ID, s.Title) }
