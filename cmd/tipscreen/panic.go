package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/store"
)

func newPanic(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "panic",
		Short: "Destroy every key of the store at once",
		Long: `Says what is lost and, after a word was typed, overwrites and removes every key: nothing in the store can be opened again,
by anybody, with any passphrase or code. What an agency has received stays with it. It asks for no passphrase. Copies of the
folder, and old blocks of a flash disk, are beyond its reach.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options, err := e.storeOptions()
			if err != nil {
				return err
			}
			lost, err := store.Destroy(options.Dir, true)
			if err != nil {
				return err
			}
			dialog, err := e.aside()
			if err != nil {
				return err
			}
			q := e.question("panic")
			q.Text = append([]string{e.say("panic.lost", map[string]any{"Keys": lost.Keys, "Drafts": lost.Drafts})}, q.Text...)
			typed, err := dialog.Text(cmd.Context(), q)
			if err != nil {
				return broken(err)
			}
			if strings.TrimSpace(strings.ToLower(typed)) != "destroy" {
				return errNotDestroyed
			}
			if _, err := store.Destroy(options.Dir, false); err != nil {
				return err
			}
			fmt.Fprintln(e.err, e.say("panic.done", nil))
			return nil
		},
	}
}
