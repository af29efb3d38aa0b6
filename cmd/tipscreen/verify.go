package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store"
)

func newVerify(e *env) *cobra.Command {
	var asJSON, all bool
	command := &cobra.Command{
		Use:   "verify",
		Short: "Check every file of the store",
		Long: `Checks drafts, keys and witness, and what was added to log and records since the last check that found nothing wrong.
With --all it checks every row, key file and log entry again. It never says what was answered.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error { return e.verify(kept, asJSON, all) })
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	command.Flags().BoolVar(&all, "all", false, "check again what was checked before")
	return command
}

func (e *env) verify(kept *opened, asJSON, all bool) error {
	check := kept.VerifyNew
	if all {
		check = kept.Verify
	}
	report, err := check()
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
