package line

import (
	"context"
	"fmt"
	"strings"

	"tipscreen/cmd/internal/session"
)

func (l *Line) question(q session.Question) {
	l.say("", "["+q.ID+"] "+q.Title)
	l.indent(q.Text)
	if q.Notice != "" {
		l.say("  ! " + q.Notice)
	}
}

// Choose asks for one of the options, by number or by its word.
func (l *Line) Choose(ctx context.Context, q session.Question) (string, error) {
	values := make([]string, len(q.Options))
	var list []string
	for i, choice := range q.Options {
		values[i] = choice.Value
		list = append(list, fmt.Sprintf("  %d %s = %s", i+1, choice.Value, choice.Label))
	}
	l.question(q)
	for {
		l.say(strings.Join(list, "\n"))
		text, err := l.read(ctx)
		if err != nil && err != errTooLong {
			return "", err
		}
		if value, ok := numbered(values, text); ok {
			return value, nil
		}
	}
}

// numbered reads a number of one or more digits, or the word.
func numbered(values []string, text string) (string, bool) {
	text = strings.TrimSpace(text)
	var n int
	if _, err := fmt.Sscanf(text, "%d", &n); err == nil && n >= 1 && n <= len(values) && fmt.Sprint(n) == text {
		return values[n-1], true
	}
	for _, value := range values {
		if value == text {
			return value, true
		}
	}
	return option(values, text)
}

// Text asks for one line.
func (l *Line) Text(ctx context.Context, q session.Question) (string, error) {
	l.question(q)
	return l.read(ctx)
}

// Secret asks for a line that is not shown.
func (l *Line) Secret(ctx context.Context, q session.Question) ([]byte, error) {
	l.question(q)
	return l.hidden(ctx)
}

// Tell prints something; it stays readable above.
func (l *Line) Tell(_ context.Context, q session.Question) error {
	l.question(q)
	return nil
}
