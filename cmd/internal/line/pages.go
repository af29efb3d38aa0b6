package line

import (
	"context"

	"tipscreen/cmd/internal/session"
)

// Show prints a page. Only a break and a pause wait for a line: everything else stays readable above.
func (l *Line) Show(ctx context.Context, page session.Page) error {
	words, err := l.words.Page(page)
	if err != nil {
		return err
	}
	l.say("", "[page."+string(page.Kind)+"] "+words.Title)
	for _, block := range words.Blocks {
		if block.Heading != "" {
			l.say("", block.Heading)
		}
		l.indent(block.Lines)
	}
	if len(words.Person) > 0 {
		l.say("  " + l.words.PersonTag() + l.mark(words.Draft) + ":")
		l.indent(words.Person)
	}
	if len(words.Reading) > 0 && !sameLines(words.Reading, words.Person) {
		l.say("  " + l.official("reading.mark", nil))
		l.indent(words.Reading)
	}
	if page.Kind != session.BreakPage && page.Kind != session.DistressPage {
		return nil
	}
	l.say("[" + string(page.Kind) + "] " + l.official("line.press", nil))
	_, err = l.read(ctx)
	return err
}

// minCode is the shortest code of a session.
const minCode = 4

// Code asks for the short code of the session.
func (l *Line) Code(ctx context.Context) ([]byte, error) {
	l.say(l.official("code.title", nil), l.official("code.text", nil))
	for {
		l.say("[session.code] " + l.official("code.ask", nil))
		code, err := l.hidden(ctx)
		if err != nil {
			return nil, err
		}
		if len(code) == 0 || len([]rune(string(code))) >= minCode {
			return code, nil
		}
		l.say(l.official("code.short", nil))
	}
}

// Hide cannot clear what was printed, and says so; nothing more is printed until the lock is open.
func (l *Line) Hide(ctx context.Context, lock *session.Lock) error {
	l.say(l.official("hide.title", nil), l.official("hide.line", nil))
	for {
		id := "hide.code"
		if lock.WantsPassphrase() {
			id = "hide.passphrase"
		}
		l.say("[hide] " + l.official(id, nil))
		typed, err := l.hidden(ctx)
		if err != nil {
			return err
		}
		if lock.Open(typed) {
			return nil
		}
		l.say(l.official("hide.wrong", nil))
	}
}

// hidden reads a line that is not shown.
func (l *Line) hidden(ctx context.Context) ([]byte, error) {
	if l.secret != nil {
		return l.secret(ctx)
	}
	text, err := l.read(ctx)
	if err == errTooLong {
		return []byte{}, nil
	}
	return []byte(text), err
}

// NotSaved says why an answer is not on the disk and asks whether to try again.
func (l *Line) NotSaved(ctx context.Context, cause error) (bool, error) {
	l.say("", "[notsaved] "+l.official("notsaved.title", nil), l.official(session.NotSaved(cause), nil), l.official("notsaved."+session.Cause(cause), nil))
	for {
		l.say("[notsaved] 1 again = " + l.official("notsaved.again", nil) + "; 2 stop = " + l.official("notsaved.stop", nil))
		text, err := l.read(ctx)
		if err != nil && err != errTooLong {
			return false, err
		}
		if value, ok := option([]string{"again", "stop"}, text); ok {
			return value == "again", nil
		}
	}
}
