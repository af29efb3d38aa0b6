package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readFile reads a file or fails the test.
func readFile(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// laptop is a store made for one test.
type laptop struct {
	home, passphrase string
	enrolled         bool   // then the passphrase comes by a descriptor
	clock            string // moves the program's clock
}

const (
	testHandle     = "HANDLECANARY-kim"
	testPassphrase = "PASSCANARY a quiet river in the valley"
)

// newLaptop makes a store in a new folder.
func newLaptop(t testing.TB) laptop {
	t.Helper()
	l := laptop{home: filepath.Join(t.TempDir(), "home"), passphrase: filepath.Join(t.TempDir(), "pass")}
	if err := os.WriteFile(l.passphrase, []byte(testPassphrase+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := l.command("setup").CombinedOutput(); err != nil {
		t.Fatalf("setup: %v\n%s", err, out)
	}
	return l
}

// command starts the program as its user would, with the passphrase from a file.
func (l laptop) command(args ...string) *exec.Cmd {
	args = append(args, "--home", l.home, "--officer", testHandle)
	cmd := exec.Command("tipscreen", args...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "TMPDIR="+filepath.Dir(l.passphrase), testClock+"="+l.clock)
	if !l.enrolled {
		cmd.Args = append(cmd.Args, "--passphrase-file", l.passphrase)
	} else if file, err := os.Open(l.passphrase); err == nil {
		cmd.Args, cmd.ExtraFiles = append(cmd.Args, "--passphrase-fd", "3"), []*os.File{file}
	}
	return cmd
}

// run runs a command to its end and gives its output and exit code.
func (l laptop) run(t testing.TB, args ...string) (string, int) {
	t.Helper()
	cmd := l.command(args...)
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// script answers prompts by their ids. An answer may be a list: one for each time that the prompt comes.
type script map[string][]string

// answer gives the reply to a prompt. What the script does not name is answered as somebody to whom nothing happened.
func (s script) answer(id string) string {
	if replies, ok := s[id]; ok && len(replies) > 0 {
		if len(replies) > 1 {
			s[id] = replies[1:]
		}
		return replies[0]
	}
	switch {
	case id == "session.code":
		return "2468"
	case strings.HasPrefix(id, "gate."), strings.HasPrefix(id, "consent."):
		return "1"
	case strings.HasPrefix(id, "sensitive."):
		return "2"
	case id == "shift.next":
		return "end"
	case id == "closing.needs", id == "after.penalties", strings.HasPrefix(id, "distress."):
		return "none"
	case id == "closing.next", id == "closing.topic", id == "closing.leaflet", id == "closing.readback", id == "closing.child_protection", id == "left_how",
		id == "after.raise", id == "after.hold", strings.HasPrefix(id, "topic."), strings.HasPrefix(id, "rights."), strings.HasPrefix(id, "rest."):
		return "1"
	case id == "later.when":
		return "tomorrow at nine"
	case strings.HasPrefix(id, "closing."), strings.HasPrefix(id, "after."), strings.HasPrefix(id, "open."), id == "left_when", id == "small_comfort":
		return "skip"
	}
	return "2"
}

// manyPrompts is far more than any interview has.
const manyPrompts = 600

// player holds an interview in line mode with a running program.
type player struct {
	t          testing.TB
	cmd        *exec.Cmd
	in         io.WriteCloser
	out        *bufio.Reader
	transcript strings.Builder
	errors     strings.Builder // standard error, added to the transcript at the end
	// prompts are the ids in the order in which they came, answered the ones that were replied to.
	prompts []string
	back    string // a prompt that was read and not replied to
}

// pushBack lets next give a prompt once more.
func (p *player) pushBack(id string) { p.back = id }

func (l laptop) play(t testing.TB, args ...string) *player {
	t.Helper()
	p := &player{t: t, cmd: l.command(append(args, "--line")...)}
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	p.cmd.Stderr = &p.errors
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

var (
	promptLine = regexp.MustCompile(`^\[([a-z0-9_.]+)\]`)
	// The last line of each prompt, whatever the language.
	waits = regexp.MustCompile(`break, distress, danger|^\[(session\.code|paper\.code|paper\.answers|hide|break|distress)\]|^\[notsaved\] 1|^  3 group = |^  7 end = |^  3 menu = |^    How many, then|^    For example: A-012 `)
)

// next reads up to the next prompt that waits and gives its id; false when the program has ended.
func (p *player) next() (string, bool) {
	id := p.back
	if p.back = ""; id != "" {
		return id, true
	}
	for {
		line, err := p.out.ReadString('\n')
		p.transcript.WriteString(line)
		if err != nil {
			return "", false
		}
		if m := promptLine.FindStringSubmatch(line); m != nil {
			id = m[1]
		}
		if waits.MatchString(line) {
			p.prompts = append(p.prompts, id)
			return id, true
		}
	}
}

func (p *player) reply(text string) {
	fmt.Fprintf(&p.transcript, "> %s\n", text)
	_, _ = io.WriteString(p.in, text+"\n")
}

// finish answers by the script to the end, and gives the exit code.
func (p *player) finish(s script) int {
	for {
		if len(p.prompts) > manyPrompts {
			p.t.Fatalf("the interview does not end; the last prompts were %v", p.prompts[len(p.prompts)-12:])
		}
		id, ok := p.next()
		if !ok {
			return p.end()
		}
		p.reply(s.answer(id))
	}
}

// end closes the input and waits.
func (p *player) end() int {
	_ = p.in.Close()
	rest, _ := io.ReadAll(p.out)
	p.transcript.Write(rest)
	_ = p.cmd.Wait()
	p.transcript.WriteString(p.errors.String())
	return p.cmd.ProcessState.ExitCode()
}
