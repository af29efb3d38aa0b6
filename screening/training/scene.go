package training

import (
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// skip leaves a prompt out.
var skip = screening.Reply{Command: screening.ToSkip}

func choose(value string) screening.Reply {
	return screening.Reply{Command: screening.ToAnswer, Value: value}
}

func write(text string) screening.Reply {
	if text = strings.TrimSpace(text); text == "" {
		return skip
	}
	return screening.Reply{Command: screening.ToAnswer, Text: text}
}

// play adds what belongs to the prompt itself.
func (st *Stage) play(scene *Scene, iv *screening.Interview, p screening.Prompt) {
	s := st.scenario
	prefix, rest, _ := strings.Cut(p.ID, ".")
	line := ""
	switch {
	case prefix == "sensitive":
		scene.Right = choose(s.wish(rest))
		if scene.Right.Value == "skip" {
			line = "fact." + rest
		}
	case p.Item != nil && prefix != "rest":
		line = st.item(scene, iv, p)
	case prefix == "gate":
		st.look(scene, iv, p, rest)
	case prefix == "consent":
		line, scene.Right = "consent."+rest, s.consentReply(p, rest)
	case prefix == "open":
		line, scene.Right = "story", write(s.Story.Said)
	case prefix == "closing":
		line, scene.Right = "closing."+rest, s.closingReply(p, rest)
		if rest == "leaflet" {
			line = "leaflet"
		}
	case prefix == "after":
		scene.Right = st.afterReply(p, rest)
	default:
		line, scene.Right = st.onTheWay(iv, p, prefix)
	}
	if scene.Line == "" {
		scene.Line = line
	}
	scene.Says = st.lines[scene.Line]
	if told := st.toTell(iv); told != "" && !slices.Contains(append([]string{"consent", "gate"}, passing...), prefix) {
		scene.Right = screening.Reply{Command: screening.ToTold, Target: told}
	}
}

// onTheWay is the reply to what comes between the questions: topics, rights, rests, signs of distress, a talk put off.
func (st *Stage) onTheWay(iv *screening.Interview, p screening.Prompt, prefix string) (line string, right screening.Reply) {
	s := st.scenario
	switch prefix {
	case "topic":
		return "", choose(s.nextTopic(p.Options))
	case "rights":
		return "rights", choose(s.right())
	case "rest":
		return "", choose("break") // nobody refuses a break that is offered as something ordinary
	case "distress":
		if signs := signsNow(s, iv.Events(), st.fired); len(signs) > 0 {
			return "", choose(strings.Join(signs, ","))
		}
		return "", choose("none")
	case "later":
		return "", screening.Reply{Command: screening.ToAnswer, Text: orDash(s.Later)}
	}
	if p.Kind != screening.Tell && p.MaySkip {
		return "", skip
	}
	return "", choose(firstOption(p))
}

// signsNow are the signs of the last event that was distress.
func signsNow(s *Scenario, events []screening.Event, fired []Fired) []string {
	for _, f := range slices.Backward(fired) {
		if e := s.event(f.Event); e != nil && f.Seq <= len(events) && len(e.Signs) > 0 {
			return e.Signs
		}
	}
	return nil
}

func orDash(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return "-"
	}
	return text
}

func (s *Scenario) consentReply(p screening.Prompt, layer string) screening.Reply {
	switch {
	case layer == "points":
		return choose(strings.Join(screening.ConsentPoints(), ","))
	case p.Kind == screening.Choose:
		return choose(s.consent(layer))
	case p.Kind == screening.Write:
		return skip // the agency of this laptop
	}
	return choose(firstOption(p))
}

func (s *Scenario) closingReply(p screening.Prompt, question string) screening.Reply {
	switch question {
	case "needs":
		if len(s.Wishes) == 0 {
			return choose("none")
		}
		return choose(strings.Join(s.Wishes, ","))
	case "leaflet":
		return choose(s.leaflet())
	}
	switch {
	case p.Kind == screening.Write && p.MaySkip:
		return write(s.Closing[question])
	case p.Kind == screening.Write: // why something is not done yet
		return screening.Reply{Command: screening.ToAnswer, Text: "-"}
	}
	return choose(firstOption(p)) // told, right, next
}

// afterReply settles what was decided before the result was shown, and lowers nothing.
func (st *Stage) afterReply(p screening.Prompt, question string) screening.Reply {
	switch {
	case question == "raise" && st.decision != nil && slices.Contains(p.Options, st.decision.Outcome):
		return choose(st.decision.Outcome)
	case question == "raise", question == "hold":
		return choose(firstOption(p))
	case question == "hold.reason":
		return screening.Reply{Command: screening.ToAnswer, Text: "-"}
	}
	return skip
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

// look is what a check of the gate, or a detail of one, shows now.
func (st *Stage) look(scene *Scene, iv *screening.Interview, p screening.Prompt, check string) {
	name, follow, _ := strings.Cut(check, ".")
	tries := again(iv.Events(), name)
	switch follow {
	case "unmet":
		scene.Right = choose("again")
		if tries+1 >= looks(st.scenario, name) {
			scene.Right = choose("later")
		}
		return
	case "reason":
		scene.Right = screening.Reply{Command: screening.ToAnswer, Text: "-"}
		return
	}
	list := st.scenario.Gate[check]
	if len(list) == 0 {
		scene.Right = usualGate(p, check)
		return
	}
	now := list[min(tries, len(list)-1)]
	scene.Room = append(scene.Room, strings.TrimSpace(now.Scene))
	scene.Right = choose(now.Answer)
	if p.Kind == screening.Write {
		scene.Right = write(now.Answer)
	}
}

// usual are the replies where the scenario says nothing about a check: all is in order.
var usual = map[string]string{
	"ready": "yes", "privacy": "yes", "alone": "yes", "needs": "none", "raid": "no", "choice": "fine", "interpreter": "not_needed",
	"interpreter.mode": "phone", "interpreter.gender": "woman", "interpreter.accepted": "yes", "interpreter.briefed": "yes",
	"age": string(screening.Adult), "age_basis": "says", "support": "none", "setting": "other", "custody": "no", "custody.lawyer": "there", "earlier": "no",
}

func usualGate(p screening.Prompt, check string) screening.Reply {
	value, ok := usual[check]
	switch {
	case strings.HasPrefix(check, "needs."):
		return choose("not_needed")
	case ok && slices.Contains(p.Options, value):
		return choose(value)
	case p.Kind == screening.Write && p.MaySkip:
		return skip
	case p.Kind == screening.Write:
		return screening.Reply{Command: screening.ToAnswer, Text: "-"}
	}
	return choose(firstOption(p))
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
		return skip
	case p.Kind == screening.Write:
		return screening.Reply{Command: screening.ToAnswer, Text: answer}
	}
	return choose(answer)
}
