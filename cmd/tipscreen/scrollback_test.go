//go:build unix

package main

import (
	"fmt"
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
	for name, leave := range map[string][]string{
		"normal end": {"F9", "2", "C-k", "C-k", "C-k", "1", "1", "NPage", "NPage", "NPage", "NPage", "NPage", "NPage", "NPage", "Enter", "Enter"},
		"Ctrl-C":     {"C-c"},
		"hang-up":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			server := "tipscreen-test-" + strings.ReplaceAll(name, " ", "-")
			tmux := func(args ...string) string {
				out, _ := exec.Command("tmux", append([]string{"-L", server, "-f", "/dev/null"}, args...)...).CombinedOutput()
				return string(out)
			}
			defer tmux("kill-server")
			command := fmt.Sprintf("%s screen --ui en --person en --home %s --officer %s --passphrase-file %s & echo $! > %s.pid; fg >/dev/null; wait; echo LEFT; sleep 60",
				program, l.home, testHandle, l.passphrase, l.passphrase)
			tmux("new-session", "-d", "-x", "80", "-y", "24", "bash -mc '"+command+"'")
			waitPane := func(want string) {
				t.Helper()
				for range 400 {
					if strings.Contains(tmux("capture-pane", "-p"), want) {
						return
					}
					time.Sleep(25 * time.Millisecond)
				}
				t.Fatalf("%q did not come:\n%s", want, tmux("capture-pane", "-p"))
			}
			waitPane("Short code")
			press := func(keys ...string) {
				for _, key := range keys {
					tmux("send-keys", key)
					time.Sleep(120 * time.Millisecond)
				}
			}
			press("Enter", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1")
			waitPane("In their own words")
			tmux("send-keys", "-l", "NOTECANARY a friend offered work")
			press("C-s")
			waitPane("In danger now")
			if leave == nil {
				_ = exec.Command("sh", "-c", "kill -HUP $(cat "+l.passphrase+".pid)").Run()
			}
			press(leave...)
			waitPane("LEFT")
			pane := tmux("capture-pane", "-p", "-S", "-")
			for _, trace := range []string{"CANARY", "In danger now", "Part 4", "Refer", "Not enough"} {
				if strings.Contains(pane, trace) {
					t.Errorf("%q is still to be seen:\n%s", trace, pane)
				}
			}
		})
	}
}
