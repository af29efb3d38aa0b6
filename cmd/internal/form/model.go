package form

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

const (
	// unseen is how long a screen refuses keys when nothing tells that it was drawn.
	unseen = 50 * time.Millisecond
	// gate keeps somebody who types fast from walking through the choice before a sensitive question, and from leaving
	// the program where a save did not work.
	gate = 350 * time.Millisecond
	// countdown is how long before locking the header begins to say so.
	countdown = 30 * time.Second
	// slept is a jump of the wall clock that no correction of the time makes.
	slept = 10 * time.Second
)

// screen is one thing on the terminal. Its methods run in the program's goroutine only.
type screen interface {
	// press does what a key means here.
	press(m *model, k tea.KeyMsg) tea.Cmd
	// show gives what is seen; it changes nothing.
	show(m *model) frame
}

// hider is a screen that has its own way of hiding. The others go under a lock, if there is one.
type hider interface {
	hide(m *model) tea.Cmd
}

// call is a question of the session that waits for its reply.
type call struct {
	screen screen
	reply  chan reply
}

type reply struct {
	value any
	err   error
}

// The messages besides keys and sizes.
type (
	tickMsg   struct{}
	endMsg    struct{ err error }
	lockMsg   struct{ lock *session.Lock }
	openedMsg struct {
		screen    *lockScreen
		ok, wants bool
	}
)

// terminal is what the model does to the terminal besides frames.
type terminal interface {
	forget()
	drawn() uint64
}

func (o *output) drawn() uint64 { return o.frames.Load() }

// model is the state of the program. It is changed in Update only.
type model struct {
	words    *wording.Words
	look     look
	terminal terminal
	wall     func() time.Time
	since    func() time.Duration // does not stand still or jump when the wall clock is set
	autoLock time.Duration
	quit     func()
	onHide   func()

	width, height int
	current       *call    // nil: a reply was given, the session is saving
	stack         []screen // the screen of the call, and what lies over it
	blank         bool     // nothing of an interview may be seen

	appeared  time.Duration // when the uppermost screen came
	drawnThen uint64
	lastKey   time.Duration
	lastTick  time.Duration
	lastWall  time.Time

	hideNext, interruptNext bool // pressed while the session was saving
	suspended               bool
	base, lock              *session.Lock

	texts map[string]*editor // what was written and not yet handed over, by prompt
	sent  string             // the text that was handed over last, until it is known to be accepted
	how   struct {           // how the next answer comes about
		prompt string
		value  screening.How
	}
	failure error
}

func newModel(o Options, l look, t terminal) *model {
	start := time.Now()
	m := &model{
		words: o.Words, look: l, terminal: t, wall: o.Now, autoLock: o.AutoLock, quit: func() {}, onHide: func() {},
		since: func() time.Duration { return time.Since(start) },
		width: defaultColumns, height: defaultRows, texts: map[string]*editor{},
	}
	m.lastWall = m.wall().Round(0)
	return m
}

func (m *model) say(id string) string { return m.sayWith(id, nil) }

func (m *model) sayWith(id string, data map[string]any) string { return say(m.words, id, data) }

// Init starts the clock.
func (m *model) Init() tea.Cmd { return tick() }

func tick() tea.Cmd { return tea.Tick(time.Second, func(time.Time) tea.Msg { return tickMsg{} }) }

// Update takes what happened.
func (m *model) Update(msg tea.Msg) (next tea.Model, cmd tea.Cmd) {
	defer func() {
		if r := recover(); r != nil {
			next, cmd = m, m.fail(r)
		}
	}()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if msg.Width > 0 && msg.Height > 0 { // a terminal that does not know its size says 0
			m.width, m.height = msg.Width, msg.Height
		}
	case tea.KeyMsg:
		return m, m.key(msg)
	case *call:
		return m, m.put(msg)
	case openedMsg:
		return m, m.opened(msg)
	case lockMsg:
		m.base, m.lock = msg.lock, msg.lock
	case tickMsg:
		return m, tea.Batch(m.tick(), tick())
	case endMsg:
		return m, m.end(msg.err)
	}
	return m, nil
}

// fail ends the program after a mistake in it. What the mistake was about may be an answer, so it is not told.
func (m *model) fail(r any) tea.Cmd {
	what := fmt.Sprintf("%T", r)
	if err, ok := r.(runtime.Error); ok {
		what = err.Error()
	}
	where := "?"
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if strings.Contains(frame.Function, "tipscreen/") {
			where = fmt.Sprintf("%s:%d", frame.Function, frame.Line)
			break
		}
	}
	return m.end(fmt.Errorf("internal error in %s: %s", where, what))
}

// end blanks the screen and stops the program; calls are then answered by the reason.
func (m *model) end(err error) tea.Cmd {
	if m.failure == nil {
		m.failure = err
	}
	m.stack, m.current, m.blank = nil, nil, false
	return tea.Quit
}

// put shows the screen of a call.
func (m *model) put(c *call) tea.Cmd {
	if s, ok := c.screen.(*notSaved); ok {
		s.lieOver(m)
	}
	m.current = c
	m.stack = []screen{c.screen}
	m.appear()
	if m.interruptNext {
		m.interruptNext = false
		m.answer(reply{err: session.ErrInterrupted})
		return nil
	}
	switch s := c.screen.(type) {
	case *lockScreen:
		m.lock, m.blank, m.hideNext = s.lock, false, false
		if m.suspended {
			s.suspend()
		}
		m.suspended = false
		return m.forget()
	case *promptScreen:
		s.begin(m)
	case *secretScreen:
		if s.digits { // the beginning of a session: nothing of the one before is good any more
			m.lock, m.texts, m.sent = m.base, map[string]*editor{}, ""
		}
	}
	if m.hideNext {
		m.hideNext, m.blank = false, false
		return m.hide()
	}
	if _, ok := c.screen.(*notSaved); !ok {
		m.blank = false
	}
	return nil
}

// appear notes that the uppermost screen is new, so that keys typed before it was seen do not count.
func (m *model) appear() {
	m.appeared, m.drawnThen = m.since(), m.terminal.drawn()
}

func (m *model) push(s screen) {
	m.stack = append(m.stack, s)
	m.appear()
}

func (m *model) pop() {
	m.stack = m.stack[:len(m.stack)-1]
	m.appear()
}

func (m *model) top() screen {
	if len(m.stack) == 0 {
		return nil
	}
	return m.stack[len(m.stack)-1]
}

// answer gives the reply of the call. The screen stays until the session has saved it; keys that arrive meanwhile are lost.
func (m *model) answer(r reply) {
	if m.current == nil {
		return
	}
	m.current.reply <- r
	m.current = nil
}

func (m *model) key(k tea.KeyMsg) tea.Cmd {
	now := m.since()
	m.lastKey = now
	_, locked := m.top().(*lockScreen)
	switch {
	case k.Type == tea.KeyCtrlC:
		m.interruptNext = m.current == nil
		m.answer(reply{err: session.ErrInterrupted})
		return nil
	case isHide(k) && !locked:
		if m.current != nil {
			return m.hide()
		}
		m.onHide()
		m.hideNext, m.blank = true, true
		return m.forget()
	case m.current == nil, m.tooEarly(now):
		return nil
	}
	return m.top().press(m, k)
}

// tooEarly tells keys that were pressed before the screen could be seen.
func (m *model) tooEarly(now time.Duration) bool {
	age := now - m.appeared
	gated := false
	switch s := m.top().(type) {
	case *promptScreen:
		gated = s.sensitive()
	case *notSaved:
		gated = true
	case *lockScreen: // it looks like the blank screen before it, and nothing can be answered there unseen
		return false
	}
	return gated && age < gate || age < unseen && m.terminal.drawn() == m.drawnThen
}

// View draws the uppermost screen.
func (m *model) View() (text string) {
	defer func() {
		if r := recover(); r != nil {
			m.fail(r)
			m.quit()
			text = " "
		}
	}()
	top := m.top()
	if top == nil {
		return " "
	}
	_, locked := top.(*lockScreen)
	_, over := top.(*notSaved)
	switch {
	case m.blank && !over:
		return m.draw(neutral(m))
	case !locked && (m.width < leastColumns || m.height < leastRows):
		return m.small()
	}
	return m.draw(top.show(m))
}

// small says how large the window should be; without words by the figures alone.
func (m *model) small() string {
	text := m.say("window.small")
	if text == "" {
		text = fmt.Sprintf("%d × %d", leastColumns, leastRows)
	}
	return m.draw(frame{body: m.rows(text, plain), follow: -1})
}
