//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// terminal is a program on a real pseudo-terminal that answers no queries.
type terminal struct {
	t    testing.TB
	cmd  *exec.Cmd
	tty  *os.File
	mu   sync.Mutex
	text strings.Builder
	done chan struct{}
}

func startTerminal(t testing.TB, cmd *exec.Cmd, columns, rows uint16) *terminal {
	t.Helper()
	cmd.Env = append(cmd.Env, "TERM=xterm-256color")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: columns, Rows: rows})
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	term := &terminal{t: t, cmd: cmd, tty: tty, done: make(chan struct{})}
	go func() {
		defer close(term.done)
		buffer := make([]byte, 32<<10)
		for {
			n, err := tty.Read(buffer)
			term.mu.Lock()
			term.text.Write(buffer[:n])
			term.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = tty.Close()
	})
	return term
}

// since gives everything that was written after a mark, and the new mark.
func (x *terminal) since(mark int) (string, int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.text.String()[mark:], x.text.Len()
}

// waitFor waits until the program wrote something after the mark and then nothing for a moment.
func (x *terminal) waitFor(mark int, want string) (string, int) {
	x.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		text, end := x.since(mark)
		if strings.Contains(plain(text), want) {
			return text, end
		}
		select {
		case <-x.done:
			x.t.Fatalf("the program ended before %q:\n%s", want, plain(text))
		case <-time.After(500 * time.Microsecond):
		}
		if time.Now().After(deadline) {
			x.t.Fatalf("%q did not come:\n%s", want, plain(text))
		}
	}
}

func (x *terminal) keys(text string) { _, _ = io.WriteString(x.tty, text) }

// exit waits for the end of the program.
func (x *terminal) exit() int {
	x.t.Helper()
	ended := make(chan struct{})
	go func() { _ = x.cmd.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		x.t.Fatal("the program does not end")
	}
	<-x.done
	return x.cmd.ProcessState.ExitCode()
}

var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[=>]`)

// plain is what was written without escape codes.
func plain(text string) string { return escapes.ReplaceAllString(text, "") }

// TestSilentTerminal: on a terminal that answers nothing (a serial console, ssh -tt) no command waits for an answer, and
// none asks for one. The libraries would wait five seconds.
func TestSilentTerminal(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	for _, args := range [][]string{{"--help"}, {"assess", "/dev/null"}, {"setup"}, {}} {
		cmd := exec.Command("tipscreen", append(args, "--home", l.home+"-new", "--ui", "en")...)
		cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
		begin := time.Now()
		x := startTerminal(t, cmd, 80, 24)
		text := ""
		for text == "" && time.Since(begin) < 6*time.Second {
			select {
			case <-x.done:
				text, _ = x.since(0)
				text += " "
			case <-time.After(2 * time.Millisecond):
				text, _ = x.since(0)
			}
		}
		if took := time.Since(begin); took > 4*time.Second { // asking the terminal would take five
			t.Errorf("tipscreen %v took %v to its first words", args, took)
		}
		if strings.Contains(text, "]11;?") || strings.Contains(text, "[6n") {
			t.Errorf("tipscreen %v asks the terminal", args)
		}
	}
}
