//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestScrollbackIsEmpty looks at a real terminal after the program has left it: nothing of the interview stays, neither on
// the screen nor in the scrollback. A panic inside the form is tested in package form.
func TestScrollbackIsEmpty(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	program, err := exec.LookPath("tipscreen")
	if err != nil {
		t.Fatal(err)
	}
	for name, leave := range map[string]func(*pane){
		"normal end": func(p *pane) {
			p.step("In danger now", "F9")
			p.step("Stop asking and go to the closing? What was answered stays. Why?", "2")
			for _, title := range []string{"Anything to add", "Needs now", "A name", "Safe contact", "A paper with help numbers"} {
				p.step(title, "C-k")
			}
			p.step("What happens next", "1")
			p.step("A neutral last topic", "1")
			p.step("Result, for the official only", "End", "Enter")
			for _, title := range []string{"Heard", "Seen", "Inferred"} {
				p.step(title, "C-k")
			}
			p.step("What follows", "1")
			p.step("Penalties wait", "1")
			p.step("Met already", "C-k")
			p.step("End", "Enter")
		},
		"Ctrl-C": func(p *pane) { p.step("In danger now", "C-c") },
		// Nothing can clean up after kill -9: the screen stays until the terminal is reset, and then nothing was left behind.
		"kill -9": func(p *pane) { _ = exec.Command("sh", "-c", "kill -9 $(cat "+p.l.passphrase+".pid)").Run() },
		"hang-up": func(p *pane) { _ = exec.Command("sh", "-c", "kill -HUP $(cat "+p.l.passphrase+".pid)").Run() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, program, strings.NewReplacer(" ", "-", "--", "-").Replace(name))
			p.step("Short code for this interview", "Enter")
			for _, title := range []string{
				"The room", "Now, or later", "Private place", "Nobody who may control the person", "First needs", "Your part before", "Choice of interviewer",
			} {
				p.step(title, "1")
			}
			p.step("Interpreter", "2")
			for _, title := range []string{
				"Age", "What helps to take part", "Where from", "Held or suspected", "Interviewed before", "Who, why, how long, your rights", "Talking", "Keeping a record",
			} {
				p.step(title, "1")
			}
			p.step("About the record", "1", "Enter")
			p.step("Keeping a name", "1")
			p.step("Passing it to those who protect", "1")
			p.step("Named body", "C-k")
			for _, title := range []string{"Use in an investigation", "Counting", "Being contacted again"} {
				p.step(title, "1")
			}
			p.wait("Open invitation")
			time.Sleep(100 * time.Millisecond)
			p.tmux("send-keys", "-l", "NOTECANARY a friend offered work")
			p.step("Open invitation", "C-s")
			p.wait("In danger now")
			if behind := strings.Count(p.tmux("capture-pane", "-p", "-S", "-"), "\n"); behind > 24 {
				t.Errorf("%d lines during the interview, more than the screen has", behind)
			}
			leave(p)
			p.wait("LEFT")
			seen := p.tmux("capture-pane", "-p", "-S", "-")
			for _, trace := range []string{"CANARY", "In danger now", "Part 4", "Refer", "Not enough"} {
				if strings.Contains(seen, trace) {
					t.Errorf("%q is still to be seen:\n%s", trace, seen)
				}
			}
		})
	}
}

// pane is a terminal in tmux with the program in it.
type pane struct {
	t      *testing.T
	l      laptop
	server string
}

func newPane(t *testing.T, program, name string) *pane {
	p := &pane{t: t, l: newLaptop(t), server: fmt.Sprintf("tipscreen-test-%d-%s", os.Getpid(), name)}
	command := fmt.Sprintf("%s screen --ui en --person en --home %s --officer %s --passphrase-file %s & echo $! > %s.pid; fg >/dev/null; [ $? -eq 137 ] && tput rmcup; wait; echo; echo LEFT; sleep 60",
		program, p.l.home, testHandle, p.l.passphrase, p.l.passphrase)
	p.tmux("new-session", "-d", "-x", "80", "-y", "24", "bash -mc '"+command+"'")
	t.Cleanup(func() { p.tmux("kill-server") })
	return p
}

func (p *pane) tmux(args ...string) string {
	out, _ := exec.Command("tmux", append([]string{"-L", p.server, "-f", "/dev/null"}, args...)...).CombinedOutput()
	return string(out)
}

// shows tells whether a line of the screen is this one.
func (p *pane) shows(want string) bool {
	for _, line := range strings.Split(p.tmux("capture-pane", "-p"), "\n") {
		if strings.TrimSpace(line) == want {
			return true
		}
	}
	return false
}

func (p *pane) wait(want string) {
	p.t.Helper()
	for range 1200 {
		if p.shows(want) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	p.t.Fatalf("%q did not come:\n%s", want, p.tmux("capture-pane", "-p"))
}

// step presses keys on the screen with this title, until another one is there: a key that comes while the screen is
// being drawn is dropped on purpose.
func (p *pane) step(title string, keys ...string) {
	p.t.Helper()
	p.wait(title)
	for range 20 {
		for _, key := range keys {
			time.Sleep(100 * time.Millisecond)
			p.tmux("send-keys", key)
		}
		for range 60 {
			if !p.shows(title) {
				return
			}
			time.Sleep(25 * time.Millisecond)
		}
	}
	p.t.Fatalf("nothing follows %q:\n%s", title, p.tmux("capture-pane", "-p"))
}
