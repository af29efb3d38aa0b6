package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

func newResume(e *env) *cobra.Command {
	command := &cobra.Command{
		Use:   "resume [ID]",
		Short: "Take up an unfinished interview where it was left",
		Long: `Takes up an unfinished interview at the next open question. Without an id: the only one, or a choice.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				id := ""
				if len(args) == 1 {
					id = args[0]
				}
				return e.resume(cmd.Context(), kept, id)
			})
		},
	}
	e.beside.flags(command)
	return command
}

func (e *env) resume(ctx context.Context, kept *opened, id string) error {
	if id == "" {
		var err error
		if id, err = e.chooseDraft(ctx, kept); err != nil {
			return err
		}
	}
	draft, content, err := kept.OpenDraft(id)
	if err != nil {
		return err
	}
	iv, packed, err := screening.OpenSnapshot(content)
	if err != nil {
		return err
	}
	words, err := e.interviewWords(iv.Setup())
	if err != nil {
		return err
	}
	if unsayable, err := words.Complete(iv.Setup()); err != nil {
		if len(unsayable) == 0 {
			return err
		}
		// The words of some items went away while the interview lay unfinished. It goes on without asking them.
		iv.LeaveOut(unsayable)
		fmt.Fprintln(e.err, "tipscreen: "+e.say("resume.unsayable", map[string]any{"N": len(unsayable)}))
	}
	desk := &desk{env: e, kept: kept}
	end, err := desk.open(words, iv.Setup())
	if err != nil {
		return err
	}
	defer end()
	_, err = desk.interview(ctx, iv, &shelf{store: kept.Store, draft: draft, packed: packed}, nil)
	return err
}

// chooseDraft asks which one, if there are several.
func (e *env) chooseDraft(ctx context.Context, kept *opened) (string, error) {
	drafts, err := storeDrafts(kept.Store)
	if err != nil || len(drafts) == 1 {
		if err != nil {
			return "", err
		}
		return drafts[0].ID, nil
	}
	q := e.question("resume")
	for _, draft := range drafts {
		label, err := describeDraft(kept, draft.ID)
		if err != nil {
			return "", err
		}
		q.Options = append(q.Options, session.Choice{Value: reference(draft.ID), Label: label})
	}
	dialog, end, err := e.openOwn()
	if err != nil {
		return "", err
	}
	defer end()
	id, err := dialog.Choose(ctx, q)
	return id, broken(err)
}

// describeDraft tells a draft from the others without saying anything about the person.
func describeDraft(kept *opened, id string) (string, error) {
	_, content, err := kept.OpenDraft(id)
	if err != nil {
		return "", err
	}
	iv, _, err := screening.OpenSnapshot(content)
	if err != nil {
		return "", err
	}
	begun := iv.Events()[0].At.Local().Format("2006-01-02 15:04")
	return iv.Setup().Plan.ID + ", " + begun, nil
}
