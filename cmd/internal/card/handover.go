package card

import (
	"context"
	"slices"
	"strings"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// HandOver says whether the person may be given the card to answer alone. Whoever begins an interview decides it: with a
// real person never while the words about consent, rights and stopping are drafts.
type HandOver bool

// The two ways.
const (
	Together HandOver = false
	Alone    HandOver = true
)

// alone is the time in which the person answers by touch or with two or three keys. The official's screen is hidden for
// as long, and only the code of the session ends it. Every answer goes the way of all answers: it is durable before the
// next question comes.
type alone struct {
	card       *Card
	lock       *session.Lock
	passphrase func([]byte) bool
	// asked are the steps for which the official was asked who answers.
	asked map[string]bool
	// back brings the error of the hidden screen when it was opened again; nil: the official answers.
	back  chan error
	leave func()
	// first is the prompt from which there is no way back: what came before it was asked by the official.
	first string
	// begun: the person has read what the pictures mean. stopped: the person wants to stop.
	begun, stopped bool
	// alleged: the sealed questions were put.
	alleged bool
}

// settle is for how long a card takes no answer, so that a second touch does not answer a question that was not seen.
const settle = 500

func (a *alone) on() bool { return a.back != nil }

// can tells prompts that the person can answer alone: what is asked about them, with words and replies in their language.
func can(p *wording.Prompt) bool {
	if len(p.Person) == 0 || p.Prompt.Item == nil || len(p.Options) == 0 {
		return false
	}
	for _, o := range p.Options {
		if o.Person == "" && pictureOf(o.Value) == "" {
			return false
		}
	}
	return true
}

// ask lets the person answer; false: the official does.
func (a *alone) ask(ctx context.Context, p *wording.Prompt) (reply screening.Reply, done bool, err error) {
	if !a.on() {
		if err := a.offer(ctx, p); err != nil || !a.on() {
			return reply, false, err
		}
	}
	switch {
	case a.stopped:
		a.stopped = false
		return screening.Reply{Command: screening.ToStop, Shown: p.Shown}, true, nil
	case !can(p):
		if back, err := a.alleges(ctx); back || err != nil {
			return reply, false, err
		}
		return reply, false, a.end(ctx)
	}
	if !a.begun {
		if back, err := a.explain(ctx); back || err != nil {
			return reply, false, err
		}
	}
	act, back, err := a.act(ctx, a.question(p))
	if back || err != nil {
		return reply, false, err
	}
	return a.reply(p, act), true, nil
}

// offer asks the official, once for each part, who answers. The official's screen is hidden from then on.
func (a *alone) offer(ctx context.Context, p *wording.Prompt) error {
	if !can(p) || a.asked[p.Prompt.Step] {
		return nil
	}
	a.asked[p.Prompt.Step] = true
	if err := a.watched(ctx); err != nil {
		return err
	}
	a.card.Blank()
	a.first = p.Prompt.ID
	say := official{a.card.words}
	q := session.Question{ID: "card.handover", Title: say.say("card.handover.title"), Text: []string{p.Part, say.say("card.handover.text")}}
	for _, value := range []string{"together", "alone"} {
		q.Options = append(q.Options, session.Choice{Value: value, Label: say.say("card.handover.option." + value)})
	}
	value, err := a.card.Choose(ctx, q)
	if err != nil || value != "alone" {
		return err
	}
	ctx, a.leave = context.WithCancel(ctx)
	a.back = make(chan error, 1)
	go func(back chan<- error) { back <- a.card.Surface.Hide(ctx, a.lock) }(a.back)
	return nil
}

// watched waits a moment for a browser, and tells a new address when there is none: nobody is left alone with nothing.
func (a *alone) watched(ctx context.Context) error {
	for range 40 {
		if a.card.server.Watched() {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return a.card.tell(ctx, "card.lost", a.card.server.NewAddress())
}

// returned ends the time of the person.
func (a *alone) returned(err error) error {
	a.leave()
	a.back, a.stopped = nil, false
	a.card.Blank()
	return err
}

// end asks the person to give the card back, and waits for the official.
func (a *alone) end(ctx context.Context) error {
	if !a.on() {
		return nil
	}
	v := a.card.blankCard([]string{a.say("card.give_back")})
	v.Options = []option{{Picture: "give", Said: a.card.said("")}}
	a.card.server.show(v)
	select {
	case err := <-a.back:
		return a.returned(err)
	case <-ctx.Done():
		return a.returned(<-a.back)
	}
}

// act shows something and waits for what is done on it; back: the official is there again.
func (a *alone) act(ctx context.Context, v view) (act Act, back bool, err error) {
	v.Touch, v.Wait = true, settle
	number := a.card.server.show(v)
	for {
		select {
		case act = <-a.card.server.acts:
			if act.View == number {
				return act, false, nil
			}
		case err := <-a.back:
			return act, true, a.returned(err)
		case <-ctx.Done():
			return act, true, a.returned(<-a.back)
		}
	}
}

// explain tells what the pictures mean, before the first question.
func (a *alone) explain(ctx context.Context) (back bool, err error) {
	v := a.card.blankCard(strings.Split(a.say("card.alone"), "\n"))
	v.Options = []option{{Value: "next", Picture: "go", Said: a.card.said(a.say("card.go_on"))}}
	_, back, err = a.act(ctx, v)
	a.begun = !back
	return back, err
}

// question is a prompt with everything that the person can do.
func (a *alone) question(p *wording.Prompt) view {
	v := a.card.prompt(p)
	v.Several, v.Done = several(p), a.say("card.go_on")
	simple := p.Prompt.Kind == screening.Ask
	for _, o := range p.Options {
		words := o.Person
		switch {
		case simple && o.Value != "yes" && o.Value != "no" && o.Value != "declined":
			continue // three pictures, that nobody has to read
		case o.Value == "ask":
			words = a.say("card.go_on")
		case o.Value == "skip":
			words = a.say("card.leave_out")
		}
		v.Options = append(v.Options, option{Value: o.Value, Picture: pictureOf(o.Value), Said: a.card.said(words)})
	}
	if p.Prompt.ID != a.first {
		v.Actions = append(v.Actions, action{Do: "back", Keys: []string{"Escape", "Backspace"}, Picture: "back", Words: a.say("card.back")})
	}
	v.Actions = append(v.Actions, action{Do: "break", Keys: []string{"F5", "0"}, Picture: "pause", Words: a.say("card.pause")})
	return v
}

// reply is what a touch means.
func (a *alone) reply(p *wording.Prompt, act Act) screening.Reply {
	shown := slices.DeleteFunc(slices.Clone(p.Shown), func(s screening.Shown) bool { return s.Lang != a.card.words.PersonTag() })
	reply := screening.Reply{Command: screening.ToAnswer, Value: act.Value, Shown: shown}
	switch {
	case act.Do == "back":
		return screening.Reply{Command: screening.ToGoBack, Shown: shown}
	case act.Do == "break":
		return screening.Reply{Command: screening.ToBreak, Shown: shown}
	case p.Prompt.ID == p.Prompt.Item.ID:
		reply.How = screening.Alone
	}
	return reply
}

// show shows a page to the person who answers alone; false: to the official.
func (a *alone) show(ctx context.Context, p session.Page, words wording.Page) (done bool, err error) {
	if !a.on() {
		return false, nil
	}
	if p.Kind != session.BreakPage {
		return false, a.end(ctx)
	}
	v := a.card.blankCard(words.Person)
	v.Options = []option{{Value: "next", Picture: "go", Said: a.card.said(a.say("card.go_on"))}, {Value: "stop", Picture: "stop", Said: a.card.said(a.say("card.stop"))}}
	act, back, err := a.act(ctx, v)
	a.stopped = !back && act.Value == "stop"
	return !back, err
}

func (a *alone) say(id string) string {
	text, err := a.card.words.Person(id)
	if err != nil { // complete has found it before
		return ""
	}
	return text.Words
}

// several tells prompts to which any number of the options is a reply: the values, joined by commas.
func several(p *wording.Prompt) bool { return p.Prompt.Kind == "several" }
