//go:build unix

package form

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/teatest"
	"github.com/creack/pty"
	"github.com/muesli/termenv"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

// silent is a terminal that shows everything to the test and answers nothing.
type silent struct {
	t      *testing.T
	master *os.File
	form   *Form
	mu     sync.Mutex
	seen   bytes.Buffer
}

func newSilent(t *testing.T, o Options) *silent {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo terminal here:", err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	s := &silent{t: t, master: master}
	go func() {
		chunk := make([]byte, 4096)
		for {
			n, err := master.Read(chunk)
			s.mu.Lock()
			s.seen.Write(chunk[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	o.In, o.Out, o.Words = tty, tty, newWords(t, "en")
	s.form = New(o)
	t.Cleanup(func() {
		_ = s.form.Close()
		_ = tty.Close()
		_ = master.Close()
	})
	return s
}

func (s *silent) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.String()
}

// until waits for a text that was not there before.
func (s *silent) until(text string) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if strings.Contains(s.text(), text) {
			s.mu.Lock()
			s.seen.Reset()
			s.mu.Unlock()
			return
		}
	}
	s.t.Fatalf("%q did not come: %q", text, s.text())
}

func (s *silent) keys(text string) {
	s.t.Helper()
	if _, err := s.master.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// later runs a call and gives its error.
func later(call func() error) chan error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	return done
}

func wait(t *testing.T, done chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the call does not come back")
		return nil
	}
}

func TestRealTerminal(t *testing.T) {
	s := newSilent(t, Options{})
	ctx := context.Background()
	v := view(t, ofKind(screening.Ask))
	var got screening.Reply
	ask := func() error {
		var err error
		got, err = s.form.Ask(ctx, v)
		return err
	}
	start := time.Now()
	done := later(ask)
	s.until("1 yes")
	t.Logf("first frame after %v", time.Since(start))
	if took := time.Since(start); took > 4*time.Second { // asking the terminal would take five
		t.Errorf("the first frame took %v", took)
	}
	s.keys("\x1b[21~") // F10
	if err := wait(t, done); err != nil || got.Command != screening.ToHide {
		t.Fatalf("got %+v, %v", got, err)
	}
	s.until("\x1b[3J")
	lock := session.NewLock([]byte("1234"), nil)
	done = later(func() error { return s.form.Hide(ctx, lock) })
	time.Sleep(100 * time.Millisecond) // it looks like the screen before, so nothing tells that it is there
	s.keys("9")
	s.until("Code: *")
	s.keys("\r")
	s.until("Not right")
	s.keys("1234")
	s.until("****")
	s.keys("\r")
	if err := wait(t, done); err != nil {
		t.Fatal(err)
	}
	done = later(ask)
	s.until("1 yes")
	s.keys("\x1b[B\r")
	if err := wait(t, done); err != nil || got.Value != "yes" {
		t.Fatalf("got %+v, %v", got, err)
	}
	done = later(ask)
	s.keys("\x03")
	if err := wait(t, done); !errors.Is(err, session.ErrInterrupted) {
		t.Fatalf("Ctrl-C gives %v", err)
	}
	all := s.text()
	if err := s.form.Close(); err != nil {
		t.Fatal(err)
	}
	s.until("\x1b[3J")
	for _, question := range []string{"\x1b]11;?", "\x1b[6n", "\x1b[c", "\x1b[>c"} {
		if strings.Contains(all, question) {
			t.Errorf("the terminal was asked %q", question)
		}
	}
}

func TestSignals(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		s := newSilent(t, Options{})
		done := later(func() error {
			_, err := s.form.Ask(context.Background(), view(t, ofKind(screening.Ask)))
			return err
		})
		s.until("1 yes")
		if err := syscall.Kill(os.Getpid(), signal); err != nil {
			t.Fatal(err)
		}
		if err := wait(t, done); !errors.Is(err, session.ErrInterrupted) {
			t.Errorf("%v gives %v", signal, err)
		}
		s.until("\x1b[?1049l") // the screen is given back
		if _, err := s.form.Text(context.Background(), session.Question{}); !errors.Is(err, session.ErrInterrupted) {
			t.Errorf("after %v a call gives %v", signal, err)
		}
	}
}

func TestEndOfInput(t *testing.T) {
	in, keys := io.Pipe()
	f := New(Options{In: in, Out: io.Discard, Words: newWords(t, "en")})
	defer f.Close()
	done := later(func() error {
		_, err := f.Ask(context.Background(), view(t, ofKind(screening.Ask)))
		return err
	})
	_ = keys.Close()
	if err := wait(t, done); !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
}

func TestCanceledContext(t *testing.T) {
	in, keys := io.Pipe()
	defer keys.Close()
	f := New(Options{In: in, Out: io.Discard, Words: newWords(t, "en")})
	defer f.Close()
	ctx, cancel := context.WithCancel(context.Background())
	done := later(func() error { return f.Tell(ctx, session.Question{Title: "x"}) })
	cancel()
	if err := wait(t, done); !errors.Is(err, session.ErrInterrupted) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAgainAfterClose(t *testing.T) {
	s := newSilent(t, Options{})
	for range 2 {
		done := later(func() error { return s.form.Tell(context.Background(), session.Question{Title: "Told", GoOn: "on"}) })
		s.until("Told")
		s.keys("\r")
		if err := wait(t, done); err != nil {
			t.Fatal(err)
		}
		if err := s.form.Close(); err != nil {
			t.Fatal(err)
		}
		s.until("\x1b[?1049l")
	}
}

// TestProgram runs the model in a real program whose terminal is in memory.
func TestProgram(t *testing.T) {
	r := &still{}
	o := Options{Words: newWords(t, "en"), Now: time.Now, AutoLock: defaultAutoLock}
	p, err := o.Words.Prompt(view(t, ofKind(screening.Ask)))
	if err != nil {
		t.Fatal(err)
	}
	tm := teatest.NewTestModel(t, newModel(o, newLook(o, termenv.Ascii), r), teatest.WithInitialTermSize(80, 24))
	put := func(s screen) chan reply {
		c := &call{screen: s, reply: make(chan reply, 1)}
		tm.Send(c)
		time.Sleep(2 * unseen)
		return c.reply
	}
	seen := func(text string) {
		t.Helper()
		teatest.WaitFor(t, tm.Output(), func(b []byte) bool { return bytes.Contains(b, []byte(text)) }, teatest.WithDuration(20*time.Second))
	}
	asked := put(newPrompt(p))
	seen("1 yes")
	tm.Send(tea.KeyMsg{Type: tea.KeyF10})
	if got := (<-asked).value.(screening.Reply); got.Command != screening.ToHide {
		t.Fatalf("got %+v", got)
	}
	seen("Locked")
	hidden := put(&lockScreen{lock: session.NewLock([]byte("1234"), nil)})
	tm.Type("1234")
	tm.Send(tea.KeyMsg{Type: tea.KeyEnter})
	if got := <-hidden; got.err != nil {
		t.Fatal(got.err)
	}
	asked = put(newPrompt(p))
	seen("1 yes")
	tm.Send(tea.KeyMsg{Type: tea.KeyCtrlC})
	if got := <-asked; !errors.Is(got.err, session.ErrInterrupted) {
		t.Errorf("got %+v", got)
	}
	tm.Send(endMsg{})
	tm.WaitFinished(t, teatest.WithFinalTimeout(20*time.Second))
}

// still is a terminal that never says that a frame was drawn.
type still struct{}

func (*still) forget()       {}
func (*still) drawn() uint64 { return 0 }
