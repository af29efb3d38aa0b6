// Package form is the Surface on a terminal: one item per screen, in two languages.
//
// Start with New, then Form.Start; Ask and Show (in this file) say what a session gets. Behind them one bubbletea program
// runs until Close. A call puts a screen into it and waits for the reply. The model (model.go, hide.go) owns the screens and
// what holds for all of them: keys that come too early, hiding, locking. Each kind of screen has a file of its own: prompt.go,
// write.go, overlay.go, page.go, dialog.go, notsaved.go, lock.go. A screen knows its keys and gives a frame; layout.go makes
// a frame fit the window. run.go is all that touches the terminal.
//
// Nothing here asks the terminal anything: the answer would arrive as typed text.
package form

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// Options say where a form works.
type Options struct {
	// In and Out are the terminal; nil is standard input and output.
	In  io.Reader
	Out io.Writer
	// Words may be nil for a Dialog alone, which brings its own words.
	Words *wording.Words
	// Now is the wall clock, to notice that the machine slept; nil is time.Now.
	Now func() time.Time
	// NoColor leaves out bold and colour. Nothing is said by them alone.
	NoColor bool
	// AutoLock hides the screen after this time without a key; zero is 10 minutes, less than zero never.
	AutoLock time.Duration
	// OnHide, when given, is called in the moment in which the screen is hidden, by a key or by itself. It must not wait.
	OnHide func()
	// Bidi says who puts text from right to left into order; the zero value finds out from the environment.
	Bidi Bidi
}

// Bidi says who puts text from right to left into the order in which it is read. When both do, it is reversed twice.
type Bidi string

// The ways.
const (
	BidiAuto     Bidi = ""
	BidiForm     Bidi = "form"
	BidiTerminal Bidi = "terminal"
)

const defaultAutoLock = 10 * time.Minute

// Form is a session.Surface and a session.Dialog on a terminal. It may be used by one goroutine at a time.
type Form struct {
	options Options
	look    look

	mu    sync.Mutex
	run   *run
	ended error         // the input ended or a signal came: no call can be answered any more
	base  *session.Lock // opens the screen before the session has hidden it for the first time
}

var (
	_ session.Surface = (*Form)(nil)
	_ session.Dialog  = (*Form)(nil)
)

// New makes a form. The terminal is not touched before Start.
func New(o Options) *Form {
	if o.In == nil {
		o.In = os.Stdin
	}
	if o.Out == nil {
		o.Out = os.Stdout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OnHide == nil {
		o.OnHide = func() {}
	}
	if o.AutoLock == 0 {
		o.AutoLock = defaultAutoLock
	}
	profile := termenv.Ascii
	if !o.NoColor {
		profile = termenv.NewOutput(o.Out).EnvColorProfile()
	}
	// Said here, so that no style of the library ever asks the terminal.
	lipgloss.SetHasDarkBackground(true)
	lipgloss.SetColorProfile(profile)
	return &Form{options: o, look: newLook(o, profile)}
}

// UseLock gives the lock that opens screens on which a session cannot hide by itself: its pages, and menus. Without one,
// hiding a page goes on to the next prompt, and hiding the result breaks the interview off; a menu cannot be hidden.
func (f *Form) UseLock(lock *session.Lock) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.base = lock
	if f.run != nil {
		f.run.program.Send(lockMsg{lock})
	}
}

// Ask shows a prompt and waits for the reply.
func (f *Form) Ask(ctx context.Context, v session.View) (screening.Reply, error) {
	p, err := f.options.Words.Prompt(v)
	if err != nil {
		return screening.Reply{}, err
	}
	value, err := f.call(ctx, newPrompt(p))
	reply, _ := value.(screening.Reply)
	return reply, err
}

// Show shows a page and waits until the official goes on.
func (f *Form) Show(ctx context.Context, p session.Page) error {
	words, err := f.options.Words.Page(p)
	if err != nil {
		return err
	}
	_, err = f.call(ctx, &pageScreen{kind: p.Kind, words: words})
	return err
}

// Code asks for the short code of the session.
func (f *Form) Code(ctx context.Context) ([]byte, error) {
	say := f.say
	q := session.Question{Title: say("code.title"), Text: []string{say("code.text")}}
	s := &secretScreen{q: q, label: say("code.ask"), short: say("code.short"), least: leastCode, digits: true}
	value, err := f.call(ctx, s)
	code, _ := value.([]byte)
	return code, err
}

// leastCode is how many signs a code has at least.
const leastCode = 4

// Hide keeps the screen blank until the lock was opened.
func (f *Form) Hide(ctx context.Context, lock *session.Lock) error {
	_, err := f.call(ctx, &lockScreen{lock: lock, wants: lock.WantsPassphrase()})
	return err
}

// NotSaved shows the answer that is not on the disk, with the reason, and asks whether to try again.
func (f *Form) NotSaved(ctx context.Context, cause error) (bool, error) {
	value, err := f.call(ctx, newNotSaved(session.Cause(cause), session.NotSaved(cause)))
	again, _ := value.(bool)
	return again, err
}

// Choose asks for one of the options.
func (f *Form) Choose(ctx context.Context, q session.Question) (string, error) {
	value, err := f.call(ctx, newChoose(q))
	chosen, _ := value.(string)
	return chosen, err
}

// Text asks for one line.
func (f *Form) Text(ctx context.Context, q session.Question) (string, error) {
	value, err := f.call(ctx, &lineScreen{q: q})
	text, _ := value.(string)
	return text, err
}

// Secret asks for a line that is not shown. The caller wipes it.
func (f *Form) Secret(ctx context.Context, q session.Question) ([]byte, error) {
	value, err := f.call(ctx, &secretScreen{q: q})
	typed, _ := value.([]byte)
	return typed, err
}

// Tell shows something and waits until it was read.
func (f *Form) Tell(ctx context.Context, q session.Question) error {
	_, err := f.call(ctx, &pageScreen{tell: &q})
	return err
}

func (f *Form) say(id string) string { return say(f.options.Words, id, nil) }

// say gives a sentence for the official. What is missing is named, never left out in silence; without words there is
// nothing to say.
func say(words *wording.Words, id string, data map[string]any) string {
	if words == nil {
		return ""
	}
	text, err := words.Official(id, data)
	if err != nil {
		return "[" + id + "]"
	}
	return text
}

// call puts a screen into the program and waits for its reply.
func (f *Form) call(ctx context.Context, s screen) (any, error) {
	if err := f.Start(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	r := f.run
	f.mu.Unlock()
	c := &call{screen: s, reply: make(chan reply, 1)}
	r.program.Send(c)
	select {
	case got := <-c.reply:
		return got.value, got.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", session.ErrInterrupted, ctx.Err())
	case <-r.done:
	}
	select {
	case got := <-c.reply: // given in the same moment
		return got.value, got.err
	default:
		return nil, r.reason()
	}
}
