package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store"
)

func newRecordsDone(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "done ID",
		Short: "Say that the sheets of a record are printed",
		Long: `Shreds the key of a record that is sealed to the agency: from then on nobody can read it on this laptop. It happens by
itself 24 hours after the interview was finished.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if err := kept.Done(args[0]); err != nil {
					return err
				}
				fmt.Fprintln(e.err, e.say("done.done", nil))
				return nil
			})
		},
	}
}

func newAllege(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "allege ID",
		Short: "Key in a paper card about officials, blind",
		Long: `Takes the number and the words of a paper card that the person filled in about officials, for an unfinished interview.
What is typed is not shown, is sealed at once to the outside body that the agency names, and can never be read here; nothing
shows that there is one. A card that is keyed in again replaces the one before. End the words with an empty line.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				return e.allege(cmd.Context(), kept, dialog, args[0])
			})
		},
	}
}

func (e *env) allege(ctx context.Context, kept *opened, dialog session.Dialog, id string) error {
	draft, _, err := kept.OpenDraft(id)
	if err != nil {
		return err
	}
	if !draft.CanAllege() {
		return store.ErrNoOversight
	}
	number, err := dialog.Secret(ctx, e.question("allege.number"))
	if err != nil {
		return broken(err)
	}
	words := fmt.Appendf(nil, "card %s\n", strings.TrimSpace(string(number)))
	defer func() { clear(words) }()
	clear(number)
	q := e.question("allege.words")
	for {
		line, err := dialog.Secret(ctx, q)
		if err != nil {
			return broken(err)
		}
		if len(line) == 0 {
			break
		}
		words = append(append(words, line...), '\n')
		clear(line)
		q.Text, q.Title = nil, "…"
	}
	if err := draft.Allege(words); err != nil {
		return err
	}
	fmt.Fprintln(e.err, e.say("allege.done", nil))
	return nil
}
