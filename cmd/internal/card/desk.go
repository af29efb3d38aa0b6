package card

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// DeskOptions say how the official's page works.
type DeskOptions struct {
	Words *wording.Words
	// Tell is given the address of the page, and a new one when the browser went away.
	Tell func(address string)
	// Passphrase opens a hidden page before there is a code, or when it is not known any more.
	Passphrase func(passphrase []byte) bool
	// Now is the wall clock, to notice that the machine slept; nil is time.Now.
	Now func() time.Time
	// OnHide, when given, is called in the moment in which the page is hidden. It must not wait.
	OnHide func()
	// AutoLock hides the page after this time without a sign of the official; zero is 10 minutes.
	AutoLock time.Duration
}

// Desk is the official's page: a Surface for officials whose script a terminal garbles, with the steps and keys of the
// form. A page that was closed or loaded anew comes back hidden, at a new address.
type Desk struct {
	official
	server   *Server
	tell     func(string)
	now      func() time.Time
	autoLock time.Duration
	// lock opens the page when it hides itself.
	lock *session.Lock
	// texts are what was written and not handed over yet, by prompt; sent is handed over but not yet known to be taken.
	texts map[string]string
	sent  string
	// how is the way in which the answer to a prompt comes about.
	how struct {
		prompt string
		value  screening.How
	}
	onHide func()
	slept  bool
	wall   time.Time
	ticked time.Time
}

const (
	defaultAutoLock = 10 * time.Minute
	// gate is for how long the choice before a sensitive question takes nothing, as on the form.
	gate = 350
	// jump is a difference between the clocks that no correction of the time makes: the machine slept.
	jump = 10 * time.Second
	// leastCode is how many signs a code has at least.
	leastCode = 4
)

var (
	_ session.Surface = (*Desk)(nil)
	_ session.Dialog  = (*Desk)(nil)
)

// NewDesk opens the page and tells its address.
func NewDesk(o DeskOptions) (*Desk, error) {
	server, err := Listen()
	if err != nil {
		return nil, err
	}
	d := &Desk{official: official{o.Words}, server: server, tell: o.Tell, now: o.Now, autoLock: o.AutoLock, texts: map[string]string{}, lock: session.NewLock(nil, o.Passphrase)}
	if d.now == nil {
		d.now = time.Now
	}
	d.onHide = o.OnHide
	if d.onHide == nil {
		d.onHide = func() {}
	}
	if d.autoLock == 0 {
		d.autoLock = defaultAutoLock
	}
	d.wall, d.ticked = d.now().Round(0), time.Now()
	d.tell(server.NewAddress())
	return d, nil
}

// Close blanks the page and ends it.
func (d *Desk) Close() error { return d.server.Close() }

// page is an empty screen in the official's language.
func (d *Desk) page(title string) view {
	before, after, _ := strings.Cut(d.with("hide.countdown", map[string]any{"Seconds": "\x00"}), "\x00")
	return view{
		Kind: "desk", Lang: d.words.OfficialTag(), Right: d.words.OfficialRightToLeft(), Title: title,
		Locks: int(d.autoLock / time.Millisecond), Countdown: []string{before, after},
	}
}

// turn shows a screen and waits until something was done on it. Hiding, by a key, by the time or because the browser went
// away, is an act, too.
func (d *Desk) turn(ctx context.Context, v view) (Act, error) {
	select {
	case <-d.server.hides: // while an answer was being saved
		return d.hiding(), nil
	default:
	}
	number := d.server.show(v)
	begun := time.Now()
	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()
	for {
		select {
		case act := <-d.server.acts:
			if act.View == number {
				return act, nil
			}
		case <-d.server.hides:
			return d.hiding(), nil
		case <-d.server.Lost():
			act := d.hiding()
			d.tell(d.server.NewAddress())
			return act, nil
		case <-ticks.C:
			_, touched := d.server.writing()
			if touched.Before(begun) {
				touched = begun
			}
			if d.overslept() || time.Since(touched) >= d.autoLock {
				return d.hiding(), nil
			}
		case <-ctx.Done():
			d.server.show(view{})
			return Act{}, fmt.Errorf("%w: %w", session.ErrInterrupted, ctx.Err())
		}
	}
}

// hiding blanks the page and keeps what was being written.
func (d *Desk) hiding() Act {
	text, _ := d.server.writing()
	d.server.show(view{})
	d.onHide()
	return Act{Do: doHide, Text: text}
}

// overslept tells whether the wall clock went on while the machine did not. The passphrase is then needed.
func (d *Desk) overslept() bool {
	wall, now := d.now().Round(0), time.Now()
	ahead := wall.Sub(d.wall) - now.Sub(d.ticked)
	d.wall, d.ticked = wall, now
	d.slept = d.slept || ahead > jump
	return ahead > jump
}

// over is turn for screens at which the session cannot hide: they come back when the lock was opened.
func (d *Desk) over(ctx context.Context, v view) (Act, error) {
	v.Actions = append(v.Actions, d.hideAction())
	for {
		act, err := d.turn(ctx, v)
		if err != nil || act.Do != doHide {
			return act, err
		}
		if v.Field != nil && v.Field.Kind != hidden {
			v.Field.Text = act.Text
		}
		if err := d.Hide(ctx, d.lock); err != nil {
			return act, err
		}
	}
}

// Hide shows nothing but the lock until it was opened.
func (d *Desk) Hide(ctx context.Context, lock *session.Lock) error {
	d.lock = lock
	if d.slept {
		lock.Suspend()
		d.slept = false
	}
	notice := ""
	for {
		label := "hide.code"
		if lock.WantsPassphrase() {
			label = "hide.passphrase"
		}
		v := view{Kind: "desk", Lang: d.words.OfficialTag(), Right: d.words.OfficialRightToLeft(), Title: d.say("hide.title"), Notice: notice}
		v.Field, v.Done = &field{Kind: hidden, Label: d.say(label)}, d.say("keys.done")
		act, err := d.turn(ctx, v)
		if err != nil {
			return err
		}
		if d.slept {
			lock.Suspend()
			d.slept = false
		}
		if act.Do == doHide || act.Text == "" {
			continue
		}
		if typed := []byte(act.Text); lock.Open(asCode(typed, !lock.WantsPassphrase())) {
			d.server.show(view{})
			return nil
		}
		notice = d.say("hide.wrong")
	}
}

// asCode takes the digits of every script for the same, so that a code can be typed on any keyboard.
func asCode(typed []byte, code bool) []byte {
	if !code {
		return typed
	}
	return []byte(strings.Map(func(r rune) rune {
		if n := wording.Digit(r); n >= 0 {
			return '0' + rune(n)
		}
		return r
	}, string(typed)))
}

// Code asks for the short code of the session.
func (d *Desk) Code(ctx context.Context) ([]byte, error) {
	v := d.page(d.say("code.title"))
	v.Blocks = []block{{Lines: []string{d.say("code.text")}}}
	v.Field, v.Done = &field{Kind: hidden, Label: d.say("code.ask")}, d.say("keys.done")
	for {
		act, err := d.over(ctx, v)
		if err != nil {
			return nil, err
		}
		code := asCode([]byte(act.Text), true)
		if len(code) == 0 || len([]rune(string(code))) >= leastCode {
			return code, nil
		}
		v.Notice = d.say("code.short")
	}
}

// Show shows a page and waits until the official goes on.
func (d *Desk) Show(ctx context.Context, p session.Page) error {
	words, err := d.words.Page(p)
	if err != nil {
		return err
	}
	v := d.page(words.Title)
	d.speak(&v, words.Person, words.Reading, words.Draft)
	for _, b := range words.Blocks {
		v.Blocks = append(v.Blocks, block{b.Heading, b.Lines})
	}
	return d.goOn(ctx, v, d.say("option.next"))
}

func (d *Desk) goOn(ctx context.Context, v view, words string) error {
	v.Options = []option{{Value: "next", Words: words, Marked: true}}
	_, err := d.over(ctx, v)
	return err
}

// speak puts the person's words on a screen, and below them the same in the official's language.
func (d *Desk) speak(v *view, person, reading []string, draft bool) {
	if len(person) == 0 {
		return
	}
	v.Said = &said{Lang: d.words.PersonTag(), Right: d.words.PersonRightToLeft(), Lines: person}
	if draft {
		v.Mark = d.say("draft.mark")
	}
	if len(reading) > 0 && !slices.Equal(person, reading) {
		v.Label, v.Same = d.say("reading.mark"), reading
	}
}

// NotSaved says why an answer is not on the disk and asks whether to try again.
func (d *Desk) NotSaved(ctx context.Context, cause error) (bool, error) {
	v := d.page(d.say("notsaved.title"))
	v.Notice, v.Lead = d.say("notsaved.title"), d.say(session.NotSaved(cause))
	v.Title = ""
	v.Blocks, v.Wait = []block{{Lines: []string{d.say("notsaved." + session.Cause(cause))}}}, gate
	v.Options = []option{{Value: "again", Words: d.say("notsaved.again")}, {Value: "stop", Words: d.say("notsaved.stop")}}
	for {
		act, err := d.over(ctx, v)
		if err != nil || act.Do == doChoose {
			return act.Value == "again", err
		}
	}
}

// question is what a Dialog asks.
func (d *Desk) question(q session.Question) view {
	v := d.page(q.Title)
	v.Notice = q.Notice
	if len(q.Text) > 0 {
		v.Blocks = []block{{Lines: q.Text}}
	}
	return v
}

// Choose asks for one of the options.
func (d *Desk) Choose(ctx context.Context, q session.Question) (string, error) {
	v := d.question(q)
	for _, o := range q.Options {
		v.Options = append(v.Options, option{Value: o.Value, Words: o.Label})
	}
	for {
		act, err := d.over(ctx, v)
		if err != nil || slices.ContainsFunc(q.Options, func(o session.Choice) bool { return o.Value == act.Value }) {
			return act.Value, err
		}
	}
}

// Text asks for one line.
func (d *Desk) Text(ctx context.Context, q session.Question) (string, error) {
	return d.ask(ctx, q, oneLine)
}

// Secret asks for a line that is not shown. The caller wipes it.
func (d *Desk) Secret(ctx context.Context, q session.Question) ([]byte, error) {
	text, err := d.ask(ctx, q, hidden)
	return []byte(text), err
}

func (d *Desk) ask(ctx context.Context, q session.Question, kind string) (string, error) {
	v := d.question(q)
	v.Field, v.Done = &field{Kind: kind}, d.say("keys.done")
	act, err := d.over(ctx, v)
	return act.Text, err
}

// Tell shows something and waits until it was read.
func (d *Desk) Tell(ctx context.Context, q session.Question) error {
	return d.goOn(ctx, d.question(q), q.GoOn)
}
