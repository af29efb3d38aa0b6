package training

import (
	"fmt"
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// Stage plays one person. It remembers only what has happened (Fired); everything else follows from the events of the
// interview, so that the same seed and the same events give the same words.
type Stage struct {
	scenario *Scenario
	seed     uint64
	lines    Lines
	fired    []Fired
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

// chosen is where an event happens in this run: a place of its list, by the seed.
func (st *Stage) chosen(e *Event) string {
	hash := st.seed*0x9e3779b97f4a7c15 + 0x2545f4914f6cdd1d
	for _, b := range []byte(e.ID) {
		hash = (hash ^ uint64(b)) * 0x100000001b3
	}
	return e.At[(hash>>17)%uint64(len(e.At))]
}

// At says what is seen and heard at the prompt. Events that belong here happen.
func (st *Stage) At(iv *screening.Interview, p screening.Prompt) Scene {
	var scene Scene
	for i := range st.scenario.Events {
		e := &st.scenario.Events[i]
		at := st.chosen(e)
		if (at == p.ID || at == p.Step) && !slices.ContainsFunc(st.fired, func(f Fired) bool { return f.Event == e.ID }) {
			st.fired = append(st.fired, Fired{e.ID, len(iv.Events()), p.ID})
		}
	}
	for _, f := range st.fired {
		e := st.scenario.event(f.Event)
		answered, reacted := sinceFired(iv.Events(), f, e)
		switch {
		case answered == 0 && !reacted:
			scene.Event = e
			scene.Room = append(scene.Room, strings.TrimSpace(e.Scene))
			if e.Said != "" {
				scene.Line = "event." + e.ID
			}
		case answered == 0 && e.After != "":
			scene.Room = append(scene.Room, strings.TrimSpace(e.After))
		}
	}
	st.play(&scene, iv, p)
	if scene.Event != nil {
		scene.Right = reaction(scene.Event)
	}
	return scene
}

// sinceFired counts the answers since an event, and tells whether there was a good reaction among what followed.
func sinceFired(events []screening.Event, f Fired, e *Event) (answered int, reacted bool) {
	for _, one := range events[min(f.Seq, len(events)):] {
		if reacts(one, e) {
			return answered, true
		}
		if one.Kind == screening.Answered {
			answered++
		}
	}
	return answered, false
}

func reacts(one screening.Event, e *Event) bool {
	for _, word := range e.React {
		if reactions[word] != one.Kind {
			continue
		}
		if word != "told" || one.How == screening.Volunteered && slices.Contains(e.Tells, one.Step) {
			return true
		}
	}
	return false
}

// reaction is the best reply to an event.
func reaction(e *Event) screening.Reply {
	switch word := e.React[0]; word {
	case "told":
		return screening.Reply{Command: screening.ToTold, Target: e.Tells[0]}
	case "note":
		return screening.Reply{Command: screening.ToNote, Note: strings.TrimSpace(e.Scene)}
	default:
		return screening.Reply{Command: screening.Command(word)}
	}
}

// play adds what belongs to the prompt itself.
func (st *Stage) play(scene *Scene, iv *screening.Interview, p screening.Prompt) {
	s := st.scenario
	prefix, rest, _ := strings.Cut(p.ID, ".")
	line := ""
	scene.Right = screening.Reply{Command: screening.ToAnswer, Value: firstOption(p)}
	switch {
	case prefix == "sensitive":
		scene.Right.Value = s.wish(rest)
		if scene.Right.Value == "skip" {
			line = "fact." + rest
		}
	case p.Item != nil:
		line = st.item(scene, iv, p)
	case prefix == "gate":
		st.look(scene, iv, p, rest)
	case prefix == "consent" && p.Kind == screening.Choose:
		scene.Right.Value = s.consent(rest)
		line = "consent." + rest
	case prefix == "open":
		line = "story"
		scene.Right = screening.Reply{Command: screening.ToAnswer, Text: s.Story.Said}
	case prefix == "closing" && p.Kind == screening.Write:
		line = "closing." + rest
		if scene.Right = (screening.Reply{Command: screening.ToAnswer, Text: s.Closing[rest]}); s.Closing[rest] == "" {
			scene.Right = screening.Reply{Command: screening.ToSkip}
		}
	case p.Kind != screening.Tell && p.MaySkip:
		scene.Right = screening.Reply{Command: screening.ToSkip}
	}
	if scene.Line == "" {
		scene.Line = line
	}
	scene.Says = st.lines[scene.Line]
	if told := st.toTell(iv); told != "" && prefix != "consent" && prefix != "gate" {
		scene.Right = screening.Reply{Command: screening.ToTold, Target: told}
	}
}

func firstOption(p screening.Prompt) string {
	if len(p.Options) == 0 {
		return ""
	}
	return p.Options[0]
}

// wish is what the person chooses before a sensitive question.
func (s *Scenario) wish(item string) string {
	if f := s.fact(item); f != nil && f.Preview == "skip" {
		return "skip"
	}
	return "ask"
}

// look is what a check of the gate shows now.
func (st *Stage) look(scene *Scene, iv *screening.Interview, p screening.Prompt, check string) {
	name, follow, _ := strings.Cut(check, ".")
	switch follow {
	case "unmet":
		scene.Right.Value = "again"
		return
	case "reason":
		scene.Right = screening.Reply{Command: screening.ToAnswer, Text: "-"}
		return
	}
	looks := st.scenario.Gate[name]
	if len(looks) == 0 {
		scene.Right = usualGate(p, name)
		return
	}
	now := looks[min(again(iv.Events(), name), len(looks)-1)]
	scene.Room = append(scene.Room, strings.TrimSpace(now.Scene))
	scene.Right.Value = now.Answer
}

// usualGate is the reply where the scenario says nothing about a check: all is in order.
func usualGate(p screening.Prompt, check string) screening.Reply {
	usual := map[string]string{"privacy": "yes", "alone": "yes", "needs": "offered", "interpreter": "not_needed", "age": "adult", "setting": "other", "custody": "no"}
	value, ok := usual[check]
	switch {
	case ok && slices.Contains(p.Options, value):
		return screening.Reply{Command: screening.ToAnswer, Value: value}
	case slices.Contains(p.Options, "none"), slices.Contains(p.Options, "no"): // nothing out of the ordinary
		value = "no"
		if slices.Contains(p.Options, "none") {
			value = "none"
		}
		return screening.Reply{Command: screening.ToAnswer, Value: value}
	case len(p.Options) == 0 && p.MaySkip:
		return screening.Reply{Command: screening.ToSkip}
	}
	return screening.Reply{Command: screening.ToAnswer, Value: firstOption(p), Text: "-"}
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

// item gives the line that is said about an item, or adds what is seen.
func (st *Stage) item(scene *Scene, iv *screening.Interview, p screening.Prompt) (line string) {
	f := st.scenario.fact(p.Item.ID)
	answer, line := st.scenario.truth(p.Item), "fact."+p.Item.ID
	switch {
	case f == nil && (p.Kind == screening.Observe || p.Kind == screening.Write):
		line = ""
	case f == nil:
		line = "otherwise"
	case f.Seen != "":
		scene.Room, line = append(scene.Room, f.Seen), ""
	case f.Hidden != nil && !holds(st.scenario, f.Needs, iv.Events(), st.fired):
		answer, line = f.Hidden.Answer, "hidden."+p.Item.ID
	}
	scene.Right = rightReply(p, answer)
	return line
}

func rightReply(p screening.Prompt, answer string) screening.Reply {
	switch {
	case p.Item.Kind != indicators.YesNo && p.Item.Kind != indicators.Choice && answer == "":
		return screening.Reply{Command: screening.ToSkip}
	case p.Kind == screening.Write:
		return screening.Reply{Command: screening.ToAnswer, Text: answer}
	}
	return screening.Reply{Command: screening.ToAnswer, Value: answer}
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
				if _, reacted := sinceFired(events, f, s.event(f.Event)); !reacted && f.Seq <= len(events) {
					return false
				}
			}
		default:
			if again(events, need) < len(s.Gate[need])-1 {
				return false
			}
		}
	}
	return true
}

// String names the scenario for messages.
func (s *Scenario) String() string { return fmt.Sprintf("%s (%s)", s.ID, s.Title) }
