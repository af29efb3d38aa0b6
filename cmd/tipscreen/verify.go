package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store"
)

func newVerify(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "verify",
		Short: "Check every file of the store",
		Long: `Checks every row, key file and log entry of the store and says what is wrong, without saying what was answered.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error { return e.verify(kept, asJSON) })
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func (e *env) verify(kept *opened, asJSON bool) error {
	report, err := kept.Verify()
	if err != nil {
		return err
	}
	if asJSON {
		if err := e.writeJSON(report); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(e.out, e.say("verify.counts", map[string]any{
			"Drafts": report.Drafts, "Records": report.Records, "Entries": report.LogEntries, "Keys": report.KeyFiles,
		}))
		for _, problem := range report.Problems {
			fmt.Fprintln(e.out, "- "+problem)
		}
	}
	if !report.OK() {
		return fmt.Errorf("%w: %d problem(s) found", store.ErrDamaged, len(report.Problems))
	}
	return nil
}
