// Package line is the Surface on plain lines: for screen readers, serial consoles, pipes and scripts. It writes no escape
// codes and waits for one line at a time from one reader, so that no reply is lost between prompts; the end of the input
// is an error and never an answer.
//
// Start with New. The replies are described in parse.go.
package line

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// maxLine is the longest line that is read; what is longer is refused and asked again.
const maxLine = 64 << 10

// Line is a Surface and a Dialog.
type Line struct {
	in    *bufio.Reader
	out   io.Writer
	words *wording.Words
	// secret reads a line without showing it; nil: the input is no terminal and shows nothing anyway.
	secret func(context.Context) ([]byte, error)
}

// New makes a Surface that reads from in and writes to out. secret, when given, reads a hidden line from the terminal.
func New(in io.Reader, out io.Writer, words *wording.Words, secret func(context.Context) ([]byte, error)) *Line {
	reader, ok := in.(*bufio.Reader)
	if !ok {
		reader = bufio.NewReader(in)
	}
	return &Line{in: reader, out: out, words: words, secret: secret}
}

// errTooLong says that a line was longer than anybody writes; the rest of it was read and dropped.
var errTooLong = errors.New("the line is too long")

// read gives the next line without its end. A last line without an end counts as a line.
func (l *Line) read(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	type result struct {
		text string
		err  error
	}
	got := make(chan result, 1)
	go func() {
		text, err := l.readLine()
		got <- result{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", session.ErrInterrupted
	case r := <-got:
		return r.text, r.err
	}
}

func (l *Line) readLine() (string, error) {
	var line []byte
	for {
		chunk, err := l.in.ReadSlice('\n')
		if len(line) <= maxLine {
			line = append(line, chunk...)
		}
		switch {
		case err == nil, err == io.EOF && len(line) > 0:
			if len(line) > maxLine {
				return "", errTooLong
			}
			return strings.ToValidUTF8(strings.TrimRight(string(line), "\r\n"), "\uFFFD"), nil
		case err == bufio.ErrBufferFull:
		default:
			return "", err
		}
	}
}

// say writes lines; the marks that only tell a screen where words end are left out.
func (l *Line) say(lines ...string) {
	for _, text := range lines {
		fmt.Fprintln(l.out, strings.ReplaceAll(text, "\u200b", ""))
	}
}

// official gives a sentence of the official's language. A missing one is a fault of the build that tests find.
func (l *Line) official(id string, data map[string]any) string {
	text, err := l.words.Official(id, data)
	if err != nil {
		return "[" + id + "]"
	}
	return text
}

// Ask puts a prompt and reads lines until one is a valid reply.
func (l *Line) Ask(ctx context.Context, v session.View) (screening.Reply, error) {
	prompt, err := l.words.Prompt(v)
	if err != nil {
		return screening.Reply{}, err
	}
	l.prompt(&prompt)
	for {
		text, err := l.read(ctx)
		if err != nil && err != errTooLong {
			return screening.Reply{}, err
		}
		if err == nil {
			if reply, ok := parse(&prompt, text); ok {
				reply.Shown = prompt.Shown
				return reply, nil
			}
		}
		l.say("["+v.Prompt.ID+"] "+l.official("reply.invalid", nil), l.replies(&prompt))
	}
}

func (l *Line) prompt(p *wording.Prompt) {
	l.say("", "["+p.View.Prompt.ID+"] "+p.Title+" | "+p.Part+" | "+l.state(p))
	if p.View.Rejected {
		l.say(l.official("reply.invalid", nil))
	}
	if len(p.Person) > 0 {
		l.say("  " + l.words.PersonTag() + l.mark(p.Draft) + ":")
		l.indent(p.Person)
	}
	if len(p.Reading) > 0 && !sameLines(p.Reading, p.Person) {
		l.say("  " + l.official("reading.mark", nil))
		l.indent(p.Reading)
	}
	for _, scene := range p.View.Scene {
		l.say("  ~ " + scene)
	}
	for _, guide := range p.Guide {
		l.say("  * " + guide)
	}
	if p.View.Prompt.Earlier != "" {
		l.say("  " + l.official("reply.earlier", map[string]any{"Reply": l.earlier(p)}))
	}
	l.say(l.replies(p))
}

// mark says that words for the person were not reviewed.
func (l *Line) mark(draft bool) string {
	if !draft {
		return ""
	}
	return " " + l.official("draft.mark", nil)
}

func (l *Line) indent(lines []string) {
	for _, text := range lines {
		l.say("    " + text)
	}
}

// earlier is the reply that was recorded before, in words where it was one of the options.
func (l *Line) earlier(p *wording.Prompt) string {
	if was := p.Chosen(p.View.Prompt.Earlier); was != "" {
		return was
	}
	if p.View.Prompt.Kind == screening.Write {
		if text := p.View.Prompt.Earlier; text != "skipped" && text != screening.NotAsked.String() {
			return text
		}
		return l.official("answer.skipped", nil)
	}
	return l.official("answer."+screening.NotAsked.String(), nil)
}

func (l *Line) state(p *wording.Prompt) string {
	if p.View.Claim {
		return p.State + " | " + l.official("claim.mark", nil)
	}
	return p.State
}

// replies lists what may be typed: the numbers with their words, then the commands, which are the same in each language.
func (l *Line) replies(p *wording.Prompt) string {
	var list []string
	for i, option := range p.Options {
		entry := fmt.Sprintf("%d %s = %s", i+1, option.Value, option.Official)
		if option.Person != "" && option.Person != option.Official {
			entry += " / " + option.Person
		}
		list = append(list, entry)
	}
	switch p.View.Prompt.Kind {
	case screening.Write:
		list = append(list, l.official("line.text", nil))
	case screening.Several:
		list = append(list, l.official("line.several", nil))
	}
	if p.View.Prompt.MaySkip {
		list = append(list, "skip")
	}
	also := l.official("line.also", map[string]any{"Commands": commandList(p)})
	return l.official("line.replies", nil) + " " + strings.Join(list, "; ") + "\n" + also
}

func sameLines(a, b []string) bool {
	return strings.Join(a, "\n") == strings.Join(b, "\n")
}
