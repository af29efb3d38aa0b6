package main

import (
	"context"
	"fmt"
	"strings"

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
		fmt.Fprintln(e.out, strings.Join(e.verified(report), "\n"))
	}
	if !report.OK() {
		return fmt.Errorf("%w: %d problem(s) found", store.ErrDamaged, len(report.Problems))
	}
	return nil
}

// verified puts a report into lines.
func (e *env) verified(report store.Report) []string {
	lines := []string{e.say("verify.counts", map[string]any{
		"Drafts": report.Drafts, "Records": report.Records, "Entries": report.LogEntries, "Keys": report.KeyFiles,
	})}
	if report.OK() {
		lines = append(lines, e.say("verify.whole", nil))
	}
	for _, problem := range report.Problems {
		lines = append(lines, "- "+problem)
	}
	return lines
}

// showVerified is the check in the menu.
func (e *env) showVerified(ctx context.Context, kept *opened) error {
	report, err := kept.Verify()
	if err != nil {
		return err
	}
	shown := e.question("menu.option.verify")
	shown.Title, shown.Text = e.say("menu.option.verify", nil), e.verified(report)
	return e.tell(ctx, shown)
}
