package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening/queue"
	"tipscreen/screening/report"
)

func newQueueSlip(e *env, o *queueOptions) *cobra.Command {
	var readable, claim bool
	command := &cobra.Command{
		Use:   "slip FOLDER [NUMBER ...]",
		Short: "Write hold slips, one page for each number",
		Long: `Writes a hold slip, to be printed, for each number, or for all who had the short look and have none yet: number, time and
contact, and the request to ask before any penalty. It names nobody and tells nothing. The numbers are marked as having one.
`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				if !readable {
					dialog, end, err := e.asking()
					if err != nil {
						return err
					}
					err = e.acknowledge(cmd.Context(), dialog)
					end()
					if err != nil {
						return err
					}
				}
				l.slips = args[0]
				return l.writeSlips(args[1:], claim)
			})
		},
	}
	command.Flags().BoolVar(&readable, "readable", false, "acknowledge that the files can be read by anybody who has them")
	command.Flags().BoolVar(&claim, "claim", false, "the person or a lawyer says that it was trafficking")
	return command
}

// writeSlips writes the slips of these numbers, or of all who should have one by now.
func (l *lane) writeSlips(numbers []string, claim bool) error {
	if len(numbers) == 0 {
		for _, row := range l.q.Board(l.now(), l.own.Prefix).Rows {
			if row.Step != "screen" && !row.Slip {
				numbers = append(numbers, row.Number)
			}
		}
	}
	for _, number := range numbers {
		number = strings.ToUpper(number)
		if _, known := l.q.Person(number); !known {
			return usageError{fmt.Errorf("there is no number %s; the slips before it were written", number)}
		}
		if err := l.writeSlip(number, claim); err != nil {
			return err
		}
		if err := l.do(queue.Slip, number, ""); err != nil {
			return err
		}
		fmt.Fprintln(l.out, filepath.Join(l.slips, number+".html"))
	}
	return nil
}

// writeSlip writes the hold slip of a number to the folder for slips, if there is one.
func (l *lane) writeSlip(number string, claim bool) error {
	if l.slips == "" {
		return nil
	}
	facts := &report.Facts{Number: number, At: l.now(), Now: l.now(), Claim: claim, Waits: true, Contacts: l.kept.settings.Contacts}
	var err error
	if facts.Directory, err = l.directory(); err != nil {
		return err
	}
	if facts.Place, err = l.kept.place(make([]string, 3)); err != nil {
		return err
	}
	languages, err := l.sheetLanguages(l.kept, report.Hold, facts, nil)
	if err != nil {
		return err
	}
	page, err := report.Make(report.Hold, facts, languages...)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(l.slips, 0o700); err != nil {
		return fmt.Errorf("make the folder for slips: %w", err)
	}
	// Written beside and renamed, so that a slip is whole or not there; one with a claim replaces one without.
	path := filepath.Join(l.slips, number+".html")
	_ = os.Remove(path + ".new")
	if err := writeNew(path+".new", page); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// allowSlips acknowledges once that slips are written while people are looked at.
func (l *lane) allowSlips(ask func(session.Dialog) error) error {
	if l.slips == "" {
		return nil
	}
	dialog, end, err := l.asking()
	if err != nil {
		return err
	}
	defer end()
	if err := ask(dialog); err != nil {
		return err
	}
	fmt.Fprintln(l.err, l.say("queue.slips", nil))
	return nil
}
