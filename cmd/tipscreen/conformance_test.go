//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tipscreen/screening"
)

// hands use a Surface by its keys. The names of the keys are those on the keyboard, the same for each Surface.
type hands interface {
	// see waits until a text is there that came after the last key.
	see(text string)
	press(key string)
	write(text string)
	// read goes to the end of a long page and on.
	read()
	exit() int
}

// formHands use the form on a terminal.
type formHands struct {
	*terminal
	mark int
}

var terminalKeys = map[string]string{
	"F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS", "F5": "\x1b[15~", "F6": "\x1b[17~", "F8": "\x1b[19~", "F9": "\x1b[20~", "F12": "\x1b[24~",
	"Esc": "\x1b", "Enter": "\r", "Ctrl-S": "\x13", "Ctrl-K": "\x0b",
}

func (f *formHands) see(text string) { f.t.Helper(); _, f.mark = f.waitFor(f.mark, text) }

func (f *formHands) press(key string) {
	time.Sleep(70 * time.Millisecond) // a key that comes while the frame is still being drawn is dropped on purpose
	if code, ok := terminalKeys[key]; ok {
		key = code
	}
	f.keys(key)
}

// write waits until what was written is on the screen, so that the key that hands it over is not the first to be drawn.
func (f *formHands) write(text string) {
	f.t.Helper()
	time.Sleep(70 * time.Millisecond)
	f.keys(text)
	words := strings.Fields(text)
	f.see(words[len(words)-1])
}

func (f *formHands) read() {
	for range 14 {
		f.keys("\x1b[6~")
		time.Sleep(30 * time.Millisecond)
	}
	f.press("Enter")
}

// pageHands use the official's page in a Chromium.
type pageHands struct {
	t       testing.TB
	cmd     *exec.Cmd
	ctx     context.Context
	address string
}

var browserKeys = map[string]string{
	"F2": kb.F2, "F3": kb.F3, "F4": kb.F4, "F5": kb.F5, "F6": kb.F6, "F8": kb.F8, "F9": kb.F9, "F12": kb.F12, "Esc": kb.Escape, "Enter": "\r",
}

// newBrowser starts a Chromium; a script in its pages counts what was drawn.
func newBrowser(t testing.TB) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Skip("there is no Chromium here to show pages in")
	}
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Headless))
	ctx, late := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(func() { late(); cancel() })
	script := `window.draws = 0; addEventListener("DOMContentLoaded", () => new MutationObserver(() => requestAnimationFrame(() => { window.draws++ })).observe(document.body, {childList: true, subtree: true, attributeFilter: ["aria-pressed"]}))`
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1100, 800)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// startPage starts the program and opens the page whose address it prints.
func (l laptop) startPage(t testing.TB, args ...string) *pageHands {
	t.Helper()
	p := &pageHands{t: t, ctx: newBrowser(t), cmd: l.command(args...)}
	out, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	lines := bufio.NewScanner(out)
	for p.address == "" && lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http://127.0.0.1:") {
			p.address = line
		}
	}
	if err := chromedp.Do(p.ctx, chromedp.Navigate(p.address)); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *pageHands) eval(expression string) string {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

func (p *pageHands) until(expression string) {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); p.eval(expression) != "true"; time.Sleep(3 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("%s did not come; the page shows %s", expression, p.eval("document.body.innerText"))
		}
	}
}

func (p *pageHands) see(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.body.innerText.replaceAll('\\u200b','').includes(%q)", text))
}

// press waits until the page has drawn what came of the key.
func (p *pageHands) press(key string) {
	p.t.Helper()
	p.eval("window.draws = 0")
	switch key {
	case "Ctrl-S", "Ctrl-K":
		p.eval(fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, ctrlKey: true, bubbles: true, cancelable: true}))`, strings.ToLower(key[5:])))
	default:
		if code, ok := browserKeys[key]; ok {
			key = code
		}
		if err := chromedp.Do(p.ctx, chromedp.KeyEvent(key)); err != nil {
			p.t.Fatal(err)
		}
	}
	if key == "2" || key == "4" || key == "6" || key == "8" {
		if p.eval("document.activeElement.tagName") == "INPUT" { // a sign of a code, which changes nothing that is drawn
			return
		}
	}
	p.until("draws > 0 && document.querySelector('main').childNodes.length > 0 || document.querySelector('main').className === ''")
}

func (p *pageHands) write(text string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.KeyEvent(text)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pageHands) read() {
	p.t.Helper()
	for range 30 { // Enter goes on only at the end of the page, and shows more until then
		if err := chromedp.Do(p.ctx, chromedp.KeyEvent("\r")); err != nil {
			p.t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
		if p.eval(`document.body.innerText.includes("Result, for the official")`) != "true" {
			return
		}
	}
}

func (p *pageHands) exit() int {
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// keysOf are the keys for what the line surface takes as text, and the reply that they mean.
func keysOf(p screening.Prompt, told []string, text string) ([]string, screening.Reply) {
	word, rest, _ := strings.Cut(text, " ")
	hows := []screening.How{screening.Asked, screening.Reworded, screening.Volunteered, screening.Observed}
	if p.Kind == screening.Observe {
		hows = []screening.How{screening.Observed, screening.Volunteered}
	}
	answer := func(value string) ([]string, screening.Reply) {
		n := slices.Index(p.Options, value)
		if n < 0 {
			n = int(value[0] - '1')
		}
		return []string{string(rune('1' + n))}, screening.Reply{Command: screening.ToAnswer, Value: p.Options[n]}
	}
	switch {
	case text == "skip" && p.Kind == screening.Write:
		return []string{"Ctrl-K"}, screening.Reply{Command: screening.ToSkip}
	case text == "skip":
		return []string{"0"}, screening.Reply{Command: screening.ToSkip}
	case text == "back":
		return []string{"Esc"}, screening.Reply{Command: screening.ToGoBack}
	case word == "stop":
		n := slices.Index(screening.StopReasons(), rest)
		return []string{"F9", string(rune('2' + n))}, screening.Reply{Command: screening.ToStop, Value: rest}
	case p.Kind == screening.Several:
		keys, reply := answer(text)
		return append(keys, "Enter"), reply
	case text == "break":
		return []string{"F5"}, screening.Reply{Command: screening.ToBreak}
	case text == "claim":
		return []string{"F8"}, screening.Reply{Command: screening.ToClaim}
	case word == "note":
		return []string{"F2", "write " + rest, "Ctrl-S"}, screening.Reply{Command: screening.ToNote, Note: rest}
	case word == "told":
		return []string{"F3", string(rune('1' + slices.Index(told, rest)))}, screening.Reply{Command: screening.ToTold, Target: rest}
	case p.Kind == screening.Write:
		return []string{"write " + text, "Ctrl-S"}, screening.Reply{Command: screening.ToAnswer, Text: text}
	case slices.Contains(hows, screening.How(word)):
		keys, reply := answer(rest)
		reply.How = screening.How(word)
		for range slices.Index(hows, reply.How) {
			keys = append([]string{"F4"}, keys...)
		}
		return keys, reply
	}
	return answer(text)
}

// interview answers a whole interview by the script. It follows with the same engine as the program, so that it knows which
// prompt has to be there now, and fails when another one is.
func interview(t *testing.T, h hands, person string, s script) int {
	t.Helper()
	y := newTypist(t, &terminal{t: t}, person)
	h.see("Short code for this")
	for _, key := range []string{"2", "4", "6", "8", "Enter"} {
		h.press(key)
	}
	for {
		p, ok := y.iv.Next()
		if !ok && y.iv.IsExplained() {
			break
		}
		if !ok {
			h.see("Result, for the official")
			h.read()
			if err := y.iv.Apply(screening.Event{V: screening.EventVersion, Seq: len(y.iv.Events()) + 1, Kind: screening.Explained}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		h.see(y.sign(p))
		if strings.HasPrefix(p.ID, "sensitive.") {
			time.Sleep(400 * time.Millisecond) // keys are ignored at first, so that nobody answers unseen
		}
		var told []string
		for _, item := range y.iv.Told() {
			told = append(told, item.ID)
		}
		keys, reply := keysOf(p, told, s.answer(p.ID))
		for _, key := range keys {
			if text, ok := strings.CutPrefix(key, "write "); ok {
				h.write(text)
				continue
			}
			h.press(key)
			if over := map[string]string{"F2": "in your own words", "F3": "What did the person tell unasked?", "F9": "Stop asking and go"}[key]; over != "" {
				h.see(over)
			}
		}
		event, err := y.iv.Decide(p, reply)
		if err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		event.Seq = len(y.iv.Events()) + 1
		if err := y.iv.Apply(event); err != nil {
			t.Fatal(err)
		}
		switch event.Kind {
		case screening.Paused:
			h.see("Everything up to here stays as it is")
			h.press("Enter")
		case screening.Claimed:
			h.see("This is enough for the hold")
			h.press("Enter")
		}
	}
	h.see("The record is finished")
	h.press("Enter")
	return h.exit()
}

// everything uses each way to answer once.
func everything() script {
	s := compound()
	s["wants_doctor"] = []string{"note speaks of pain in the back", "break", "volunteered yes"}
	s["pregnant"] = []string{"told sent_papers_before", "claim", "reworded no"}
	s["papers_kept"] = []string{"back", "1"}
	s["looks_ill"] = []string{"volunteered unclear"}
	s["had_targets"] = []string{"skip"}
	s["gate.needs"] = []string{"some"}
	s["gate.privacy"] = []string{"no", "yes"}
	s["gate.privacy.unmet"] = []string{"again"}
	s["consent.points"] = []string{"access"}
	s["consent.identity"] = []string{"yes"}
	s["closing.name"] = []string{"NAMECANARY"}
	return s
}

// TestSurfacesGiveTheSameRecord is the suite that every Surface has to pass: the same answers, given by the form's keys, by
// lines and by the keys of the page, give the same record.
func TestSurfacesGiveTheSameRecord(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	_, byLine := finishedRecord(t, l, everything(), "screen", "--person", "th", "--ui", "en")
	known := []string{byLine}
	for name, start := range map[string]func(t *testing.T) hands{
		"form": func(t *testing.T) hands {
			cmd := l.command("screen", "--person", "th", "--ui", "en")
			return &formHands{terminal: startTerminal(t, cmd, 100, 40)}
		},
		"page": func(t *testing.T) hands { return l.startPage(t, "screen", "--page", "--person", "th", "--ui", "en") },
	} {
		t.Run(name, func(t *testing.T) {
			if code := interview(t, start(t), "th", everything()); code != exitDone {
				t.Fatalf("exit code %d", code)
			}
			out, _ := l.run(t, "records", "list")
			for _, id := range referenceInText.FindAllString(out, -1) {
				if !slices.Contains(known, id) {
					compareRecords(t, l.record(t, id), l.record(t, byLine))
					known = append(known, id)
				}
			}
		})
	}
	if len(known) != 3 {
		t.Errorf("%d records, want 3", len(known))
	}
}

// TestKilledProgramLeavesNothingOnThePage: when the program is killed, page and card are empty at once and the browser has
// kept nothing for them.
func TestKilledProgramLeavesNothingOnThePage(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.startPage(t, "screen", "--page", "--person", "en", "--ui", "en")
	p.see("Short code for this")
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.until(`document.querySelector("main").childNodes.length === 0`)
	for expression, want := range map[string]string{
		"document.body.innerText.trim()": "", "document.title.replace('\\u200b', '')": "", "document.cookie": "", "localStorage.length": "0", "sessionStorage.length": "0",
	} {
		if got := p.eval(expression); got != want {
			t.Errorf("%s is %q", expression, got)
		}
	}
}
