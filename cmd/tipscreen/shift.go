package main

import (
	"context"
	"errors"
	"io"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

// longestShift is after which time the checks of a shift are made anew.
const longestShift = 12 * time.Hour

// shift interviews one person after the other at a counter. What holds for a whole shift, as the briefing of the group
// and the interpreter, is checked with the first and carried on to the next.
func (d *desk) shift(ctx context.Context, setup *screening.Setup, carried []screening.Event) error {
	code, err := d.shown.Code(ctx)
	if err != nil {
		return broken(err)
	}
	d.lock, d.brief = session.NewLock(code, d.check), true
	begun := d.now()
	for {
		iv, err := screening.Replay(setup, nil)
		if err != nil {
			return err
		}
		ended, err := d.interview(ctx, iv, &shelf{store: d.kept.Store}, carried)
		if err != nil {
			return err
		}
		carried = iv.ShiftEvents()
		choice, err := d.nextPerson(ctx, ended)
		switch {
		case errors.Is(err, io.EOF): // everybody who was asked is recorded
			return nil
		case err != nil:
			return broken(err)
		case choice == "end":
			return nil
		case choice == "group" || d.now().Sub(begun) > longestShift:
			carried, begun = nil, d.now()
		}
	}
}

// nextPerson tells how the last interview ended, and asks what comes next.
func (d *desk) nextPerson(ctx context.Context, ended session.Page) (string, error) {
	q := d.question("shift.next")
	q.Text = d.endLines(ended)
	for _, value := range []string{"next", "end", "group"} {
		q.Options = append(q.Options, session.Choice{Value: value, Label: d.say("shift.next.option."+value, nil)})
	}
	return d.shown.Choose(ctx, q)
}

// endLines tell in short how an interview ended: what was kept, and whether penalties wait.
func (e *env) endLines(ended session.Page) []string {
	text := []string{e.say("page.end.not_kept", nil)}
	if ended.Reference != "" {
		text = []string{e.say("page.end.kept", map[string]any{"Reference": ended.Reference})}
	}
	if ended.Waits {
		text = append(text, e.say("result.hold.title", nil)+": "+e.say("page.end.hold", nil))
	}
	return text
}
