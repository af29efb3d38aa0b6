package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tipscreen/store"
)

func newExport(e *env) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use:   "export",
		Short: "Write sealed interviews to a file",
		Long: `With --unfinished, writes the unfinished interviews of all officers of an enrolled laptop to a new file for the
agency's custodian. They stay sealed, so no passphrase is asked for: it is for when a passphrase is forgotten.
`,
		Args: noArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			if path == "" {
				return usageError{errors.New("say what to export: --unfinished FILE")}
			}
			options, err := e.storeOptions()
			if err != nil {
				return err
			}
			content, n, err := store.ExportUnfinished(options)
			if err != nil {
				return err
			}
			if n == 0 {
				return errNoDraft
			}
			if err := writeNew(path, content); err != nil {
				return err
			}
			fmt.Fprintln(e.err, e.say("export.unfinished", map[string]any{"N": n}))
			return nil
		},
	}
	command.Flags().StringVar(&path, "unfinished", "", "the new file")
	return command
}
