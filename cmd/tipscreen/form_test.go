//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// typist fills in the form by keyboard. It follows the interview with the same engine as the program, so that it knows
// which prompt has to be on the screen now, and fails when another one is.
type typist struct {
	*terminal
	words *wording.Words
	iv    *screening.Interview
	mark  int
}

func newTypist(t testing.TB, x *terminal, person string) *typist {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := data.Plan("full")
	setup := screening.NewSetup(data, plan)
	setup.InterpreterRequired = person != "en"
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	words, err := wording.New(locales.Open(locales.Embedded()), "en", person)
	if err != nil {
		t.Fatal(err)
	}
	return &typist{terminal: x, words: words, iv: iv}
}

// sign is a piece of text that only this prompt brings to the screen.
func (y *typist) sign(p screening.Prompt) string {
	y.t.Helper()
	said, err := y.words.Prompt(session.View{Prompt: p})
	if err != nil {
		y.t.Fatal(err)
	}
	text := said.Title
	switch {
	case strings.HasPrefix(p.ID, "sensitive."):
		text = said.Reading[0] // the preview; the words below it stay the same
	case p.Item != nil && p.Item.Sensitive() && len(said.Reading) > 0:
		text = said.Reading[len(said.Reading)-1]
	case strings.HasPrefix(p.ID, "gate."), strings.Contains(p.ID, ".reason"):
		text = said.Guide[0] // a check and its details have one title
	}
	words := []rune(strings.ReplaceAll(text, "\u200b", ""))
	return string(words[:min(len(words), 22)])
}

// begin gives the code of the session.
func (y *typist) begin() {
	y.t.Helper()
	_, y.mark = y.waitFor(0, "Short code for this")
	y.keys("2468\r")
}

// step answers the next prompt by the script; false: nothing is left to ask.
func (y *typist) step(s script) (id string, more bool) {
	y.t.Helper()
	p, ok := y.iv.Next()
	if !ok {
		return "", false
	}
	_, y.mark = y.waitFor(y.mark, y.sign(p))
	if strings.HasPrefix(p.ID, "sensitive.") {
		time.Sleep(380 * time.Millisecond) // keys are ignored at first, so that nobody answers unseen
	}
	time.Sleep(60 * time.Millisecond) // a key that comes while the frame is still being drawn is dropped on purpose
	reply := y.reply(p, s.answer(p.ID))
	event, err := y.iv.Decide(p, reply)
	if err != nil {
		y.t.Fatalf("%s: %v", p.ID, err)
	}
	event.Seq = len(y.iv.Events()) + 1
	if err := y.iv.Apply(event); err != nil {
		y.t.Fatal(err)
	}
	return p.ID, true
}

// reply presses the keys for what the line surface takes as text.
func (y *typist) reply(p screening.Prompt, text string) screening.Reply {
	if text == "skip" && p.Kind == screening.Write {
		y.keys("\x0b")
		return screening.Reply{Command: screening.ToSkip}
	}
	if p.Kind == screening.Write {
		y.keys(text)
		time.Sleep(20 * time.Millisecond)
		y.keys("\x13")
		return screening.Reply{Command: screening.ToAnswer, Text: text}
	}
	if n := slices.Index(p.Options, text); n >= 0 {
		text = fmt.Sprint(n + 1)
	}
	n := int(text[0] - '0')
	y.keys(text)
	if p.Kind == screening.Several {
		time.Sleep(60 * time.Millisecond)
		y.keys("\r")
	}
	return screening.Reply{Command: screening.ToAnswer, Value: p.Options[n-1]}
}

// finish reads the result, settles what is left, reads the end, and leaves.
func (y *typist) finish(s script) int {
	y.t.Helper()
	_, y.mark = y.waitFor(y.mark, "Result, for the official")
	for range 12 {
		y.keys("\x1b[6~")
		time.Sleep(30 * time.Millisecond)
	}
	y.keys("\r")
	if err := y.iv.Apply(screening.Event{V: screening.EventVersion, Seq: len(y.iv.Events()) + 1, Kind: screening.Explained}); err != nil {
		y.t.Fatal(err)
	}
	for more := true; more; {
		_, more = y.step(s)
	}
	_, y.mark = y.waitFor(y.mark, "The record is finished")
	y.keys("\r")
	return y.exit()
}

func (l laptop) typist(t testing.TB, person string, columns, rows uint16, args ...string) *typist {
	t.Helper()
	cmd := l.command(append(args, "--ui", "en")...)
	return newTypist(t, startTerminal(t, cmd, columns, rows), person)
}

// TestSameRecordOnBothSurfaces: the same answers by keyboard in a window and by lines from a script give equal records.
func TestSameRecordOnBothSurfaces(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]uint16{{80, 24}, {60, 20}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			y := l.typist(t, "th", size[0], size[1], "screen", "--person", "th")
			y.begin()
			s := compound()
			for more := true; more; {
				_, more = y.step(s)
			}
			if code := y.finish(s); code != exitDone {
				t.Fatalf("exit code %d", code)
			}
			_, byLine := finishedRecord(t, l, compound(), "screen", "--person", "th", "--ui", "en")
			out, _ := l.run(t, "records", "list")
			for _, id := range referenceInText.FindAllString(out, -1) {
				if id != byLine {
					compareRecords(t, l.record(t, id), l.record(t, byLine))
				}
			}
		})
	}
}

func compareRecords(t *testing.T, form, line []*screening.Part) {
	t.Helper()
	if len(form) != len(line) {
		t.Fatalf("%d parts and %d parts", len(form), len(line))
	}
	for i := range form {
		a, b := form[i].Events, line[i].Events
		if len(a) != len(b) {
			for j := range min(len(a), len(b)) {
				if a[j].Kind != b[j].Kind || a[j].Step != b[j].Step {
					t.Errorf("event %d: %s %s and %s %s", j, a[j].Kind, a[j].Step, b[j].Kind, b[j].Step)
					break
				}
			}
			t.Fatalf("%s: %d events and %d events", form[i].Compartment, len(a), len(b))
		}
		for j := range a {
			a[j].At, b[j].At = time.Time{}, time.Time{}
			if fmt.Sprint(a[j]) != fmt.Sprint(b[j]) {
				t.Errorf("%s, event %d: %+v and %+v", form[i].Compartment, j, a[j], b[j])
			}
		}
		if form[i].Assessment != nil && form[i].Assessment.Outcome != line[i].Assessment.Outcome {
			t.Errorf("outcomes %v and %v", form[i].Assessment.Outcome, line[i].Assessment.Outcome)
		}
	}
}

// TestFormKilledAtAnyMoment is the kill test on the form.
func TestFormKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	r := rand.New(rand.NewPCG(5, 9))
	for range max(1, *kills/3) {
		y := l.typist(t, "en", 80, 24, "screen", "--person", "en")
		y.begin()
		s := compound()
		var acknowledged []string
		last := ""
		for range 30 + r.IntN(25) {
			if last != "" {
				acknowledged = append(acknowledged, last)
			}
			last, _ = y.step(s)
		}
		acknowledged = acknowledged[:len(acknowledged)-1] // step waits for its own prompt, not for the next one
		time.Sleep(time.Duration(r.IntN(4000)) * time.Microsecond)
		_ = y.cmd.Process.Kill()
		_ = y.cmd.Wait()
		p := l.play(t, "resume")
		if code := p.finish(stopNow()); code != exitDone {
			t.Fatalf("exit code %d\n%s", code, p.transcript.String())
		}
		events := l.record(t, referenceInText.FindString(p.transcript.String()))[0].Events
		for _, id := range acknowledged {
			if !slices.ContainsFunc(events, func(e screening.Event) bool { return e.Kind == screening.Answered && e.Step == id }) {
				t.Errorf("killed at %s: the acknowledged answer to %s is lost", last, id)
			}
		}
	}
}

// stopNow stops at whatever prompt comes first.
func stopNow() script {
	s := script{}
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		return s
	}
	for _, item := range data.Items {
		s[item.ID], s["sensitive."+item.ID] = []string{"stop"}, []string{"stop"}
	}
	s["open.story"] = []string{"stop"}
	return s
}

// TestInterruptedForm: Ctrl-C and a hang-up leave through exit code 5, give the terminal back and clear its scrollback.
func TestInterruptedForm(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	for name, interrupt := range map[string]func(*typist){
		"Ctrl-C":  func(y *typist) { y.keys("\x03") },
		"hang-up": func(y *typist) { _ = y.cmd.Process.Signal(syscall.SIGHUP) },
		"SIGTERM": func(y *typist) { _ = y.cmd.Process.Signal(syscall.SIGTERM) },
	} {
		y := l.typist(t, "en", 80, 24, "screen", "--person", "en")
		y.begin()
		s := compound()
		for range 30 {
			y.step(s)
		}
		time.Sleep(100 * time.Millisecond)
		_, before := y.since(0)
		interrupt(y)
		if code := y.exit(); code != exitInterrupted {
			t.Errorf("%s: exit code %d", name, code)
		}
		rest, _ := y.since(before)
		for _, code := range []string{"\x1b[?1049l", "\x1b[3J"} {
			if !strings.Contains(rest, code) {
				t.Errorf("%s: the terminal did not get %q", name, code)
			}
		}
		if strings.Contains(plain(rest), "CANARY") {
			t.Errorf("%s: an answer is printed on leaving", name)
		}
	}
}
