package main

import (
	"context"
	"errors"

	"tipscreen/cmd/internal/session"
	"tipscreen/store"
)

// runMenu is the program without a command: the set-up once, the menu from then on.
func runMenu(ctx context.Context, e *env) error {
	options, err := e.storeOptions()
	if err != nil {
		return err
	}
	if !store.Exists(options.Dir) {
		if err := runSetup(ctx, e, &setupOptions{}); err != nil {
			return err
		}
	}
	return e.withStore(ctx, func(kept *opened, _ session.Dialog) error {
		for {
			again, err := e.menu(ctx, kept)
			if err != nil || !again {
				return err
			}
		}
	})
}

// menu asks once what to do, and does it.
func (e *env) menu(ctx context.Context, kept *opened) (again bool, err error) {
	words, err := e.ownWords(kept.settings.Official)
	if err != nil {
		return false, err
	}
	choice, person, err := e.menuChoice(ctx, kept, func() (surface, func(), error) { return e.open(words) })
	if err != nil {
		return false, err
	}
	switch choice {
	case "full", "checkpoint":
		err = e.screen(ctx, kept, choice, person)
	case "resume":
		err = e.resume(ctx, kept, "")
	case "records":
		err = e.browse(ctx, kept)
	case "verify":
		err = e.verify(kept, false, true)
	default:
		return false, nil
	}
	// What was broken off is told, and the menu comes back, unless the input itself has ended.
	if errors.Is(err, session.ErrInterrupted) && e.onTerminal() && ctx.Err() == nil {
		return true, nil
	}
	return true, err
}

func (e *env) menuChoice(ctx context.Context, kept *opened, open func() (surface, func(), error)) (choice, person string, err error) {
	dialog, end, err := open()
	if err != nil {
		return "", "", err
	}
	defer end()
	values := []string{"full", "checkpoint"}
	if drafts, err := kept.Drafts(); err == nil && len(drafts) > 0 {
		values = append(values, "resume")
	}
	choice, err = e.ask(ctx, dialog, "menu", append(values, "records", "verify", "quit")...)
	if err == nil && (choice == "full" || choice == "checkpoint") {
		person, err = e.choosePerson(ctx, dialog)
	}
	return choice, person, err
}
