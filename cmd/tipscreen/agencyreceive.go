package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store/agency"
	"tipscreen/store/transfer"
)

func newAgencyReceive(e *env) *cobra.Command {
	var access entry
	var asJSON bool
	command := &cobra.Command{
		Use:   "receive DIR TARGET",
		Short: "Take what laptops sent, and leave receipts",
		Long: `Takes every bundle for this agency from a folder, stick or object store (s3://BUCKET/PREFIX?endpoint=https://SERVER),
checks it, and keeps what is in it sealed in the agency's folder; allegations against officials go to the folder "oversight" in
it. It leaves signed receipts at the target, and newer keysets and data, and says what is odd: numbers that never came, two
records with one number, recipients whom no keyset names, clocks. Run it again after opening records, so that laptops learn it.
`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, target, err := e.openBoth(cmd.Context(), &access, args[0], args[1])
			if err != nil {
				return err
			}
			defer target.Close()
			received, err := a.Receive(cmd.Context(), target)
			if cmd.Context().Err() != nil {
				return fmt.Errorf("%w: %w", errSyncInterrupted, session.ErrInterrupted)
			}
			if err != nil {
				return err
			}
			devices, err := a.Devices()
			if err != nil {
				return err
			}
			if asJSON {
				return e.writeJSON(struct {
					agency.Received
					Devices []agency.DeviceReport `json:"devices"`
				}{received, devices})
			}
			fmt.Fprintln(e.err, e.say("agency.received", map[string]any{"Records": received.Records, "Bundles": received.Bundles, "Known": received.Known,
				"Other": received.Other, "Receipts": received.Receipts, "Releases": received.Releases}))
			e.tellAsides(received.Aside)
			e.tellDevices(devices)
			return nil
		},
	}
	access.flags(command)
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// openBoth opens the agency and a target.
func (e *env) openBoth(ctx context.Context, access *entry, dir, address string) (*agency.Agency, transfer.Target, error) {
	a, dialog, err := e.openAgency(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	t, err := access.settings(ctx, e, dialog, "target", address)
	if err != nil {
		return nil, nil, err
	}
	target, err := t.Open()
	return a, target, err
}

func (e *env) tellAsides(asides []agency.Aside) {
	for _, one := range asides {
		fmt.Fprintln(e.err, e.say("agency.aside", map[string]any{"Name": one.Name, "Reason": one.Reason}))
	}
}

// tellDevices says what is odd, in words; the JSON has the rest.
func (e *env) tellDevices(devices []agency.DeviceReport) {
	for _, d := range devices {
		if d.OK() {
			continue
		}
		say := func(id string, data map[string]any) {
			data["Device"], data["Full"] = reference(d.Device), d.Device
			fmt.Fprintln(e.err, e.say("agency.report."+id, data))
		}
		if !d.Registered {
			say("unregistered", map[string]any{})
		}
		if n := missing(d.Gaps); n > 0 || len(d.BundleGaps) > 0 {
			say("gaps", map[string]any{"N": n})
		}
		if len(d.Forks)+d.LogForks > 0 {
			say("forks", map[string]any{"N": len(d.Forks), "Logs": d.LogForks})
		}
		if len(d.Foreign) > 0 {
			say("foreign", map[string]any{"N": len(d.Foreign)})
		}
		if len(d.Clock) > 0 {
			say("clock", map[string]any{"What": strings.Join(d.Clock, ", ")})
		}
		for _, what := range d.Other {
			say("other", map[string]any{"What": what})
		}
	}
}

// missing counts the numbers in some gaps.
func missing(gaps [][2]uint64) (n uint64) {
	for _, gap := range gaps {
		n += gap[1] - gap[0] + 1
	}
	return n
}

func newAgencyRegister(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "register DIR DEVICE KEY",
		Short: "Say which key a laptop has",
		Long: `Takes the two long numbers that "tipscreen enrol" printed on a laptop after the word device. Laptops that nobody
registered are received too, and named each time; bundles that another key signs for a laptop are not taken.
`,
		Args: exactly(3),
		RunE: func(_ *cobra.Command, args []string) error {
			key, err := hex.DecodeString(args[2])
			if err != nil {
				return usageError{fmt.Errorf("the key of a laptop has 64 hexadecimal digits")}
			}
			a, err := agency.Open(e.agencyOptions(args[0]), nil)
			if err == nil {
				err = a.Register(args[1], key)
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(e.err, e.say("agency.registered", map[string]any{"Device": reference(args[1])}))
			return nil
		},
	}
}

func newAgencyRelease(e *env) *cobra.Command {
	var access entry
	var t terms
	command := &cobra.Command{
		Use:   "release DIR TARGET",
		Short: "Give laptops a keyset and the agency's data",
		Long: `Leaves every keyset that laptops may lack at a folder, stick or object store, with the data that it signs; "tipscreen sync
pull" takes them. With a flag about the keyset it first signs a newer one, as renew does; that needs root.key.
`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, target, err := e.openBoth(cmd.Context(), &access, args[0], args[1])
			if err != nil {
				return err
			}
			defer target.Close()
			if t.anyOf(cmd.Flags().Changed) {
				decided, err := t.read(e, a, cmd.Flags().Changed)
				if err == nil {
					err = a.Renew(decided)
				}
				if err != nil {
					return err
				}
			}
			n, err := a.Release(cmd.Context(), target)
			if err != nil {
				return err
			}
			fmt.Fprintln(e.err, e.say("agency.released", map[string]any{"Version": a.Keyset().Version, "Releases": n}))
			return nil
		},
	}
	access.flags(command)
	t.flags(command)
	return command
}
