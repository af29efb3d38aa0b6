package main

import (
	"context"
	"time"

	"tipscreen/cmd/internal/form"
	"tipscreen/cmd/internal/line"
	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
)

// surface is a Surface that also asks what does not belong to an interview.
type surface interface {
	session.Surface
	session.Dialog
}

// onTerminal tells whether the official gets the form, and not plain lines.
func (e *env) onTerminal() bool { return e.terminal && !e.options.line }

// open gives the form on a terminal, or plain lines. The function closes it.
func (e *env) open(words *wording.Words) (surface, func(), error) {
	if !e.onTerminal() {
		return line.New(e.in, e.out, words, e.secret()), func() {}, nil
	}
	f := form.New(form.Options{In: e.stdin, Out: e.out, Words: words, Now: e.now, NoColor: e.getenv("NO_COLOR") != "", AutoLock: 10 * time.Minute, OnHide: e.onHide})
	if e.check != nil {
		f.UseLock(session.NewLock(nil, e.check))
	}
	if err := f.Start(); err != nil {
		return nil, nil, err
	}
	return f, func() { _ = f.Close() }, nil
}

// aside asks on standard error, for commands whose result goes to standard output.
func (e *env) aside() (session.Dialog, error) {
	words, err := e.ownWords("")
	return line.New(e.in, e.err, words, e.secret()), err
}

// ownWords are the words for what does not belong to an interview.
func (e *env) ownWords(official string) (*wording.Words, error) {
	catalog := e.catalog()
	if official == "" || e.options.ui != "" || e.own != "" {
		official = e.language(catalog.Languages())
	}
	words, err := wording.New(catalog, official, official)
	return words, languageError(err)
}

// question makes a question of the messages ID.title and ID.text.
func (e *env) question(id string) session.Question {
	q := session.Question{ID: id, Title: e.say(id+".title", nil), GoOn: e.say("option.next", nil)}
	if text := e.say(id+".text", nil); text != id+".text" {
		q.Text = []string{text}
	}
	return q
}

// openOwn gives a Surface for what does not belong to an interview.
func (e *env) openOwn() (surface, func(), error) {
	words, err := e.ownWords("")
	if err != nil {
		return nil, nil, err
	}
	return e.open(words)
}

// tell shows something on a Surface of its own.
func (e *env) tell(ctx context.Context, q session.Question) error {
	dialog, end, err := e.openOwn()
	if err != nil {
		return err
	}
	defer end()
	return broken(dialog.Tell(ctx, q))
}

// ask chooses between options whose words are ID.option.VALUE.
func (e *env) ask(ctx context.Context, dialog session.Dialog, id string, values ...string) (string, error) {
	q := e.question(id)
	for _, value := range values {
		q.Options = append(q.Options, session.Choice{Value: value, Label: e.say(id+".option."+value, nil)})
	}
	value, err := dialog.Choose(ctx, q)
	return value, broken(err)
}
