package card

import (
	"context"
	"slices"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// keyAction is what a key does at a prompt, in the order of the keyboard: the keys of the form. A letter needs a Latin
// layout, so it is never the only key; and every action is a button, too.
type keyAction struct {
	do, sign, word string
	keys           []string
	command        screening.Command // for what needs nothing more
}

func keyActions() []keyAction {
	return []keyAction{
		{"back", "Esc", "keys.back", []string{"Escape", "Backspace", "ArrowLeft", "b"}, screening.ToGoBack},
		{"skip", "0", "keys.skip", []string{"0", "s", "Ctrl-K"}, screening.ToSkip},
		{"note", "F2", "keys.note", []string{"F2", "n"}, ""},
		{"told", "F3", "keys.told", []string{"F3", "t"}, ""},
		{"how", "F4", "keys.how", []string{"F4"}, ""},
		{"break", "F5", "keys.break", []string{"F5", "p"}, screening.ToBreak},
		{"distress", "F6", "keys.distress", []string{"F6", "d"}, screening.ToDistress},
		{"danger", "F7", "keys.danger", []string{"F7", "x"}, screening.ToDanger},
		{"claim", "F8", "keys.claim", []string{"F8", "c"}, screening.ToClaim},
		{"stop", "F9", "keys.stop", []string{"F9", "q"}, ""},
		{"consent", "F12", "keys.consent", []string{"F12", "w"}, screening.ToConsent},
	}
}

func (d *Desk) hideAction() action {
	return action{Do: doHide, Sign: "F10", Keys: []string{"F10", "Ctrl-L", "h"}, Words: d.say("keys.hide")}
}

// asking is one prompt on the page, with what lies over it: a note, the list of what was told, the question whether to stop.
type asking struct {
	*Desk
	p      *wording.Prompt
	over   string
	kind   int // of noteKinds, while a note is written
	notice string
}

// noteKinds are what a note can be, with the messages that say so. F4 goes from one to the next.
var noteKinds = []struct{ kind, word string }{
	{screening.Paraphrase, "write.kind.paraphrase"}, {screening.Quotation, "write.kind.quote"}, {screening.ForInvestigation, "write.kind.investigation"},
}

// Ask shows a prompt and waits for the reply.
func (d *Desk) Ask(ctx context.Context, v session.View) (screening.Reply, error) {
	p, err := d.words.Prompt(v)
	if err != nil {
		return screening.Reply{}, err
	}
	if d.sent != "" && !v.Rejected {
		delete(d.texts, d.sent)
	}
	d.sent = ""
	if d.how.prompt != v.Prompt.ID {
		d.how.prompt, d.how.value = v.Prompt.ID, ""
	}
	a := &asking{Desk: d, p: &p}
	if v.Rejected {
		a.notice = d.say("reply.invalid")
	}
	for {
		act, err := d.turn(ctx, a.screen())
		if err != nil {
			return screening.Reply{}, err
		}
		a.notice = ""
		a.keep(act)
		if reply, done := a.take(act); done {
			reply.Shown = p.Shown
			return reply, nil
		}
	}
}

// field is the name under which what is written on the present screen is kept.
func (a *asking) field() string {
	switch {
	case a.over == "note":
		return "note " + a.p.Prompt.ID
	case a.over == "" && a.p.Prompt.Kind == screening.Write:
		return a.p.Prompt.ID
	}
	return ""
}

func (a *asking) keep(act Act) {
	if name := a.field(); name != "" {
		a.texts[name] = act.Text
	}
}

func (a *asking) item() bool {
	return a.p.Prompt.Item != nil && a.p.Prompt.ID == a.p.Prompt.Item.ID
}

func (a *asking) maySkip() bool {
	return a.p.Prompt.MaySkip || slices.Contains(a.p.Prompt.Options, "skip")
}

// take gives the reply that an act is; false: the prompt stays.
func (a *asking) take(act Act) (screening.Reply, bool) {
	if act.Do == doHide {
		return screening.Reply{Command: screening.ToHide}, true
	}
	if a.over != "" {
		return a.takeOver(act)
	}
	switch act.Do {
	case doChoose:
		return screening.Reply{Command: screening.ToAnswer, Value: act.Value, How: a.howValue()}, true
	case doWrite:
		return a.written(act.Text)
	case "note", "told", "stop":
		a.over = act.Do
	case "correct":
		a.over = "correct"
	case "how":
		hows := a.hows()
		a.how.value = hows[(max(0, slices.Index(hows, a.how.value))+1)%len(hows)]
	default:
		for _, k := range keyActions() {
			if k.do == act.Do && k.command != "" {
				return screening.Reply{Command: k.command}, true
			}
		}
	}
	return screening.Reply{}, false
}

// takeOver is take for what lies over the prompt.
func (a *asking) takeOver(act Act) (screening.Reply, bool) {
	over := a.over
	switch {
	case over == "note" && act.Do == doWrite:
		text := strings.TrimSpace(act.Text)
		if text == "" {
			a.notice = a.say("write.empty")
			return screening.Reply{}, false
		}
		a.sent = a.field()
		return screening.Reply{Command: screening.ToNote, Note: text, Value: noteKinds[a.kind].kind}, true
	case over == "note" && act.Do == "kind":
		a.kind = (a.kind + 1) % len(noteKinds)
		return screening.Reply{}, false
	case over == "told" && act.Do == doChoose && slices.Contains(a.p.Told, act.Value):
		return screening.Reply{Command: screening.ToTold, Target: act.Value}, true
	case over == "correct" && act.Do == doChoose && slices.Contains(a.p.Prompt.Recorded, act.Value):
		return screening.Reply{Command: screening.ToGoBack, Target: act.Value}, true
	case over == "stop" && act.Do == doChoose && slices.Contains(screening.StopReasons(), act.Value):
		return screening.Reply{Command: screening.ToStop, Value: act.Value}, true
	}
	a.over = ""
	return screening.Reply{}, false
}

// written hands a text over; without one the prompt is left out, where that is allowed.
func (a *asking) written(text string) (screening.Reply, bool) {
	text = strings.TrimSpace(text)
	if text == "" && !a.maySkip() {
		a.notice = a.say("write.empty")
		return screening.Reply{}, false
	}
	a.sent = a.p.Prompt.ID
	if text == "" {
		return screening.Reply{Command: screening.ToSkip}, true
	}
	return screening.Reply{Command: screening.ToAnswer, Text: text, How: a.howValue()}, true
}

// hows are the ways in which an answer comes about, the usual one first.
func (a *asking) hows() []screening.How {
	if a.p.Prompt.Kind == screening.Observe {
		return []screening.How{screening.Observed, screening.Volunteered}
	}
	return []screening.How{screening.Asked, screening.Reworded, screening.Volunteered, screening.Observed}
}

// howValue is what the reply says; nothing where it is the usual way.
func (a *asking) howValue() screening.How {
	if !a.item() || a.how.value == a.hows()[0] {
		return ""
	}
	return a.how.value
}

// screen is what the page shows now.
func (a *asking) screen() view {
	v := a.page(a.p.Title)
	v.Head, v.Notice = a.head(), a.notice
	switch a.over {
	case "":
		a.prompt(&v)
		return v
	case "note":
		v.Field, v.Done = &field{Kind: lines, Label: a.say("write.note") + " (" + a.say(noteKinds[a.kind].word) + ")", Text: a.texts[a.field()]}, a.say("keys.done")
	case "told":
		v.Title = a.say("told.title")
		for _, id := range a.p.Told {
			v.Options = append(v.Options, option{Value: id, Words: a.say("item." + id + ".title")})
		}
		if len(a.p.Told) == 0 {
			v.Lead = a.say("told.none")
		}
	case "stop":
		v.Title = a.say("stop.sure")
		v.Options = []option{{Value: "no", Words: a.say("stop.no")}}
		for _, reason := range screening.StopReasons() {
			v.Options = append(v.Options, option{Value: reason, Words: a.say("stop.option." + reason)})
		}
	case "correct":
		v.Title = a.say("correct.title")
		for _, id := range a.p.Prompt.Recorded {
			v.Options = append(v.Options, option{Value: id, Words: a.say("item." + id + ".title")})
		}
	}
	back := keyActions()[0]
	v.Actions = []action{{Do: back.do, Sign: back.sign, Keys: back.keys, Words: a.say("keys.back")}, a.hideAction()}
	if a.over == "note" {
		v.Actions[0].Words = a.say("keys.cancel")
		v.Actions = append(v.Actions, action{Do: "kind", Sign: "F4", Keys: []string{"F4"}, Words: a.say("keys.kind")})
	}
	return v
}

func (a *asking) head() []string {
	head := []string{a.p.State}
	if a.p.Claim {
		head = append(head, a.say("claim.mark"))
	}
	return append(head, a.p.Part)
}

// prompt is the prompt itself.
func (a *asking) prompt(v *view) {
	p := a.p
	v.Guide = p.Guide
	if len(p.Guide) > 0 && (len(p.Person) == 0 || strings.HasPrefix(p.Prompt.ID, "gate.")) {
		v.Lead, v.Guide = p.Guide[0], p.Guide[1:]
	}
	a.speak(v, p.Person, p.Reading, p.Draft)
	v.Several, v.Done = several(p), a.say("keys.done")
	chosen := strings.Split(p.Prompt.Earlier, ",")
	for _, o := range p.Options {
		one := option{Value: o.Value, Words: o.Official, Marked: o.Value == p.Prompt.Default || p.Prompt.Kind == screening.Tell && len(p.Options) == 1}
		if o.Person != "" && o.Person != o.Official {
			one.Said = &said{Lang: a.words.PersonTag(), Right: a.words.PersonRightToLeft(), Lines: []string{o.Person}}
		}
		one.Chosen = v.Several && slices.Contains(chosen, o.Value)
		v.Options = append(v.Options, one)
	}
	if strings.HasPrefix(p.Prompt.ID, "sensitive.") {
		v.Wait = gate
	}
	text := a.earlier(v)
	if p.Prompt.Kind == screening.Write {
		v.Field = &field{Kind: lines, Label: a.say("write.text"), Text: text}
		if p.Prompt.OneLine {
			v.Field.Kind = oneLine
		}
		if written, ok := a.texts[p.Prompt.ID]; ok {
			v.Field.Text = written
		}
	}
	v.Actions = a.actions()
}

// earlier says what was recorded when the prompt was answered before, or gives the text that can be written on.
func (a *asking) earlier(v *view) (text string) {
	was := a.p.Prompt.Earlier
	if was == "" {
		return ""
	}
	left := was == "skipped" || was == "skip"
	if _, err := screening.ParseValue(was); a.p.Prompt.Kind == screening.Write && !left && err != nil && was != screening.Given.String() {
		return was
	}
	label := ""
	for _, o := range a.p.Options {
		if slices.Contains(strings.Split(was, ","), o.Value) {
			label = strings.TrimPrefix(label+", "+o.Official, ", ")
		}
	}
	switch {
	case label != "":
	case left:
		label = a.say("answer.not_asked")
	default:
		label = a.say("answer." + was)
	}
	v.Earlier = a.with("reply.earlier", map[string]any{"Reply": label})
	return ""
}

func (a *asking) actions() []action {
	var list []action
	for _, k := range keyActions() {
		words, sign, do := a.say(k.word), k.sign, k.do
		switch {
		case k.do == "how" && len(a.p.Prompt.Recorded) > 0:
			do, words = "correct", a.say("keys.correct")
		case k.do == "note" && a.p.Bare:
			continue
		case k.do == "skip" && !a.maySkip(), k.do == "how" && !a.item(), k.do == "told" && len(a.p.Told) == 0:
			continue
		case k.do == "skip" && a.p.Prompt.Kind == screening.Write:
			sign = "Ctrl-K"
		case k.do == "how":
			how := a.how.value
			if how == "" {
				how = a.hows()[0]
			}
			words += ": " + a.say("how."+string(how))
		}
		list = append(list, action{Do: do, Sign: sign, Keys: k.keys, Words: words})
	}
	return append(list, a.hideAction())
}
