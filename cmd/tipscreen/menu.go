package main

import (
	"context"
	"errors"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
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
	case "resume":
		err = e.resume(ctx, kept, "")
	case "records":
		err = e.browse(ctx, kept)
	case "paper":
		err = e.unrecordedPaper(ctx, kept)
	case "settings":
		err = e.changeSettings(ctx, kept)
	case "verify":
		err = e.showVerified(ctx, kept)
	case "quit":
		return false, nil
	default:
		err = e.screen(ctx, kept, &screenOptions{plan: choice, person: person})
	}
	// After an interview was broken off the menu comes back, unless the input itself has ended.
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
	values := []string{"full", "checkpoint", "plans"}
	if drafts, err := kept.Drafts(); err == nil && len(drafts) > 0 {
		values = append(values, "resume")
	}
	choice, err = e.ask(ctx, dialog, "menu", append(values, "records", "paper", "verify", "settings", "quit")...)
	if err == nil && choice == "plans" {
		choice, err = e.choosePlan(ctx, dialog)
	}
	if _, plan := e.plan(choice); err == nil && plan {
		person, err = e.choosePerson(ctx, dialog)
	}
	return choice, person, err
}

// plan finds a plan; the commands of the menu are none.
func (e *env) plan(id string) (*indicators.Plan, bool) {
	data, err := e.data()
	if err != nil {
		return nil, false
	}
	return data.Plan(id)
}

// choosePlan asks for one of the plans that the menu does not show, those of the agency among them.
func (e *env) choosePlan(ctx context.Context, dialog session.Dialog) (string, error) {
	data, err := e.data()
	if err != nil {
		return "", err
	}
	q := e.question("menu.plans")
	for _, plan := range data.Plans {
		label := e.say("plan."+plan.ID, nil)
		if label == "plan."+plan.ID {
			label = plan.ID
		}
		if plan.ID != "full" && plan.ID != "checkpoint" {
			q.Options = append(q.Options, session.Choice{Value: plan.ID, Label: label})
		}
	}
	id, err := dialog.Choose(ctx, q)
	return id, broken(err)
}
