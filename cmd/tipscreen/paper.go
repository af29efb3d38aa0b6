package main

import (
	"context"
	"errors"
	"strings"

	"tipscreen/cmd/internal/session"
)

// unrecordedPaper makes a paper for somebody who wants no record, from the menu.
func (e *env) unrecordedPaper(ctx context.Context, kept *opened) error {
	dialog, end, err := e.openOwn()
	if err != nil {
		return err
	}
	defer end()
	return e.paper(ctx, kept, dialog, "")
}

// paper asks which paper to make of a record, or without one, and where to. What cannot be made is told, and nothing is
// lost by it.
func (e *env) paper(ctx context.Context, kept *opened, dialog session.Dialog, id string) error {
	values := []string{"back", "hold", "letter", "help", "discreet"}
	if id != "" {
		values = append(values, "referral")
	}
	kind, err := e.ask(ctx, dialog, "paper", values...)
	if err != nil || kind == "back" {
		return err
	}
	path, err := dialog.Text(ctx, e.question("paper.file"))
	if err != nil {
		return broken(err)
	}
	if path = strings.TrimSpace(path); path == "" {
		return nil
	}
	o := &reportOptions{kind: kind, out: path, unrecorded: id == "", pdf: strings.HasSuffix(strings.ToLower(path), ".pdf")}
	told := e.question("paper.done")
	if err := e.makeReport(ctx, kept, dialog, o, id); err != nil {
		if errors.Is(err, session.ErrInterrupted) {
			return err
		}
		told = session.Question{ID: "paper.failed", Title: e.sentence(err), GoOn: told.GoOn}
	}
	return broken(dialog.Tell(ctx, told))
}
