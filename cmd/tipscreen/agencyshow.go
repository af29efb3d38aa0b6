package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"tipscreen/screening"
	"tipscreen/store"
	"tipscreen/store/agency"
)

func newAgencyList(e *env) *cobra.Command {
	var asJSON, devices, log bool
	command := &cobra.Command{
		Use:   "list DIR",
		Short: "List what was received",
		Long: `Lists the records that laptops sent, without what is in them. With --devices it lists the laptops and what is odd about
them, with --log what was done with the records. No passphrase is needed.
`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			a, err := agency.Open(e.agencyOptions(args[0]), nil)
			if err != nil {
				return err
			}
			switch {
			case devices:
				return e.listDevices(a, asJSON)
			case log:
				return e.listAgencyLog(a, asJSON)
			}
			list, err := a.Records()
			if err != nil {
				return err
			}
			if asJSON {
				return e.writeJSON(list)
			}
			for _, one := range list {
				fmt.Fprintf(e.out, "%-10s  %-10s  %5d  %s  %s\n", reference(one.ID), reference(one.Device), one.Seq, localTime(one.Received), marks(one))
			}
			return nil
		},
	}
	flags := command.Flags()
	flags.BoolVar(&asJSON, "json", false, "write JSON")
	flags.BoolVar(&devices, "devices", false, "list the laptops")
	flags.BoolVar(&log, "log", false, "list what was done")
	return command
}

// marks are the words of the JSON about one record.
func marks(one agency.Listed) string {
	out := ""
	for _, mark := range []struct {
		word string
		set  bool
	}{{"opened", one.Opened != ""}, {"withdrawn", one.Withdrawn}, {"erased", one.Erased}, {"gone", one.Gone}, {"forked", one.Forked}} {
		if mark.set {
			out += mark.word + " "
		}
	}
	return out
}

func (e *env) listDevices(a *agency.Agency, asJSON bool) error {
	devices, err := a.Devices()
	if err != nil {
		return err
	}
	if asJSON {
		return e.writeJSON(devices)
	}
	for _, d := range devices {
		fmt.Fprintf(e.out, "%s  %s  %d/%d\n", d.Device, d.Key, d.Opened, d.Records)
	}
	e.tellDevices(devices)
	return nil
}

func (e *env) listAgencyLog(a *agency.Agency, asJSON bool) error {
	entries, err := a.Log() // damaged: as far as it is whole
	if asJSON && entries != nil {
		return errors.Join(e.writeJSON(entries), err)
	}
	for _, one := range entries {
		fmt.Fprintf(e.out, "%6d  %s  %-10s  %s %s\n", one.Seq, localTime(one.At), one.What, reference(one.Record), one.Part)
	}
	return err
}

func newAgencyShow(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "show DIR ID",
		Short: "Show what is known of a received record without opening it",
		Long:  "Shows as JSON what is known of a received record without opening it. A unique beginning of the id is enough.\n",
		Args:  exactly(2),
		RunE: func(_ *cobra.Command, args []string) error {
			a, err := agency.Open(e.agencyOptions(args[0]), nil)
			if err != nil {
				return err
			}
			one, err := a.Record(args[1])
			if err != nil {
				return notReceived(err)
			}
			return e.writeJSON(one)
		},
	}
}

// errNotReceived says that the agency has no such record; what the store says of its own would send to another list.
var errNotReceived = errors.New("no such record was received")

func notReceived(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%w: %w", errNotReceived, err)
	}
	return err
}

func newAgencyOpen(e *env) *cobra.Command {
	var part string
	var all, asJSON bool
	command := &cobra.Command{
		Use:   "open DIR [ID]",
		Short: "Open one part of a received record, or all that are new",
		Long: `Opens one part of a received record (--compartment protection, identity, investigation or allegation) with the key for
it, which has to be in the folder, and shows it. That goes into the log first. Allegations are in the folder "oversight", which
can be given away with its key; then DIR is that folder. With --all it opens what is needed for protection of every new record
without showing it, so that receipts can say that it was opened.
`,
		Args: func(cmd *cobra.Command, args []string) error {
			if all {
				return exactly(1)(cmd, args)
			}
			return exactly(2)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !all && part == "" {
				return usageError{errors.New("say which part: --compartment protection, identity, investigation or allegation")}
			}
			a, _, err := e.openAgency(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if all {
				return e.revealAll(a)
			}
			return e.reveal(a, args[1], part, asJSON)
		},
	}
	flags := command.Flags()
	flags.StringVar(&part, "compartment", "", "the part to open")
	flags.BoolVar(&all, "all", false, "open what is new, for the receipts")
	flags.BoolVar(&asJSON, "json", false, "write the part as the laptop wrote it")
	return command
}

func (e *env) revealAll(a *agency.Agency) error {
	n, asides, err := a.RevealAll()
	if err != nil {
		return err
	}
	fmt.Fprintln(e.err, e.say("agency.opened", map[string]any{"N": n}))
	e.tellAsides(asides)
	if len(asides) > 0 {
		return toldFailure{fmt.Errorf("%d records did not open: %w", len(asides), store.ErrDamaged)}
	}
	return nil
}

func (e *env) reveal(a *agency.Agency, id, part string, asJSON bool) error {
	got, err := a.Reveal(id, part)
	if errors.Is(err, store.ErrAbsent) {
		fmt.Fprintln(e.err, e.say("agency.absent", nil))
		return nil
	}
	if err != nil {
		return notReceived(err)
	}
	defer clear(got.Content)
	if !got.Vouched {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("agency.not_vouched", nil))
	}
	if asJSON || part == store.Allegation {
		_, err := fmt.Fprintln(e.out, printable(string(bytes.TrimRight(got.Content, "\n"))))
		return err
	}
	var about addendum
	if json.Unmarshal(got.Content, &about) == nil && about.AddendumTo+about.WithdrawalOf != "" {
		return e.showAddendum(&about, false)
	}
	read, err := screening.ReadPart(got.Content)
	if err != nil {
		return err
	}
	return e.showRecord([]*screening.Part{read})
}

// printable takes out what a terminal would obey: what comes from another laptop was written there by anybody.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || r >= 0x202a && r <= 0x202e) {
			return '\ufffd'
		}
		return r
	}, text)
}

func newAgencyErase(e *env) *cobra.Command {
	var sure bool
	command := &cobra.Command{
		Use:   "erase DIR ID",
		Short: "Destroy what was received of a record",
		Long: `Destroys all parts of a received record, as after a withdrawal. That it came stays known. The laptop is not told.
`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, dialog, err := e.openAgency(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if !sure {
				answer, err := e.ask(cmd.Context(), dialog, "erase", "keep", "erase")
				if err != nil || answer != "erase" {
					return err
				}
			}
			if err := a.Erase(args[1]); err != nil {
				return notReceived(err)
			}
			fmt.Fprintln(e.err, e.say("agency.erased", nil))
			return nil
		},
	}
	command.Flags().BoolVar(&sure, "yes", false, "do not ask again")
	return command
}
