package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store"
	"tipscreen/store/transfer"
)

// errSyncInterrupted says that what was sent before an interruption is noted.
var errSyncInterrupted = errors.New("sending was interrupted")

// eachTarget works on one target after the other. One that fails does not keep the others from being tried.
func (e *env) eachTarget(ctx context.Context, kept *opened, args []string, work func(transfer.Settings, transfer.Target) error) error {
	all, err := chosen(kept, args)
	if err != nil {
		return err
	}
	if !kept.Enrolled() {
		return errAlone
	}
	if len(all) == 0 {
		fmt.Fprintln(e.err, e.say("sync.none", nil))
		return nil
	}
	var failed error
	for _, one := range all {
		err := func() error {
			target, err := one.Open()
			if err != nil {
				return err
			}
			err = work(one, target)
			return errors.Join(err, transfer.Learn(kept.Store, one.Name, target), target.Close())
		}()
		if ctx.Err() != nil {
			return fmt.Errorf("%w: %w", errSyncInterrupted, session.ErrInterrupted)
		}
		if err != nil && len(all) > 1 {
			fmt.Fprintf(e.err, "%s:\n", one.Name)
			e.report(err)
		}
		if err != nil {
			failed = err
		}
	}
	if failed != nil && len(all) > 1 {
		return toldFailure{failed}
	}
	return failed
}

// toldFailure was said already, beside the target that it is about.
type toldFailure struct{ error }

func (t toldFailure) Unwrap() error { return t.error }

// errAlone says that there is nobody to send to.
var errAlone = errors.New("this laptop works alone")

func newSyncPush(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "push [NAME]",
		Short: "Send sealed records to one place, or to all",
		Long: `Sends every sealed record that is not there yet, of all officers of this laptop. It can be broken off and repeated at any
time: nothing comes twice and nothing is lost. Nothing is removed here because it was sent; that waits for the agency's signed
receipt, see sync pull and records retention. A record that cannot be sent is set aside and blocks no other.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				done := map[string]transfer.Pushed{}
				err := e.eachTarget(cmd.Context(), kept, args, func(one transfer.Settings, target transfer.Target) error {
					pushed, err := transfer.Push(cmd.Context(), kept.Store, one.Name, target, one.Offset(), e.bar())
					done[one.Name] = pushed
					said := "sync.pushed"
					if pushed.Bundles == 0 {
						said = "sync.nothing"
					}
					if pushed.Bundles > 0 || err == nil {
						fmt.Fprintln(e.err, e.say(said, map[string]any{"Name": one.Name, "Records": pushed.Records, "Bundles": pushed.Bundles}))
					}
					return err
				})
				if asJSON {
					err = errors.Join(err, e.writeJSON(done))
				}
				return errors.Join(err, e.warnAside(kept))
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// bar draws how far a push has come, on a terminal.
func (e *env) bar() func(transfer.Progress) {
	if !e.onTerminal() {
		return nil
	}
	const width = 30
	return func(p transfer.Progress) {
		full := min(width, int(width*(float64(p.Done)+p.Part)/float64(max(p.Total, 1))))
		fmt.Fprintf(e.err, "\r[%s%s] %d/%d  %.1f MB", strings.Repeat("#", full), strings.Repeat(".", width-full), p.Done, p.Total, float64(p.Bytes)/1e6)
		if p.Done == p.Total {
			fmt.Fprint(e.err, "\r\x1b[K")
		}
	}
}

// warnAside says that some records cannot be sent. That is no failure of what was sent.
func (e *env) warnAside(kept *opened) error {
	all, err := kept.Transfers()
	if errors.Is(err, store.ErrNotAgency) {
		return nil
	}
	n := 0
	for _, one := range all.Records {
		if one.State == store.SetAside {
			n++
		}
	}
	if n > 0 {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("sync.aside", map[string]any{"N": n}))
	}
	return err
}

func newSyncPull(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "pull [NAME]",
		Short: "Take the agency's receipts, keysets and data from one place, or from all",
		Long: `Takes what the agency left for this laptop: receipts, newer keysets, and its own indicators, plans, languages and directory.
Only what the agency signed is believed. It removes no record; records retention does, of those that the agency opened.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				done := map[string]transfer.Pulled{}
				err := e.eachTarget(cmd.Context(), kept, args, func(one transfer.Settings, target transfer.Target) error {
					pulled, err := transfer.Pull(cmd.Context(), kept.Store, target, e.takeRelease(kept))
					done[one.Name] = pulled
					e.tellPulled(one.Name, pulled)
					return err
				})
				if asJSON {
					err = errors.Join(err, e.writeJSON(done))
				}
				return err
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func (e *env) tellPulled(name string, p transfer.Pulled) {
	for _, version := range p.Releases {
		fmt.Fprintln(e.err, e.say("sync.release", map[string]any{"Version": version}))
	}
	fmt.Fprintln(e.err, e.say("sync.pulled", map[string]any{"Name": name, "Receipts": p.Receipts, "Arrived": p.Arrived, "Opened": p.Opened}))
	if p.Unknown > 0 {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("sync.unknown", map[string]any{"N": p.Unknown}))
	}
	e.tellTrouble(p.Missing, p.PutBack)
}

func (e *env) tellTrouble(missing [][2]uint64, putBack bool) {
	n := uint64(0)
	for _, gap := range missing {
		n += gap[1] - gap[0] + 1
	}
	if n > 0 {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("sync.missing", map[string]any{"N": n}))
	}
	if putBack {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("sync.put_back", nil))
	}
}

func newSyncStatus(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "status",
		Short: "Say of each sealed record how far it has come",
		Long: `Lists the sealed records of all officers: still here, sent (where and when), received by the agency, opened by the agency.
Only the agency's signed receipt makes one of the last two, and only what the agency opened is shown in green.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if !kept.Enrolled() {
					return errAlone
				}
				all, err := kept.Transfers()
				if err != nil {
					return err
				}
				if asJSON {
					return e.writeJSON(all)
				}
				e.showTransfers(all)
				return nil
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func (e *env) showTransfers(all store.Transfers) {
	count := map[store.Progress]int{}
	for _, one := range all.Records {
		count[one.State]++
		said := e.say("sync.state."+string(one.State), nil)
		if one.State == store.WasReceived {
			said = e.green(said)
		}
		where := one.Reason
		for _, sent := range one.Sent {
			where += sent.To + " " + sent.At.Local().Format("2006-01-02 15:04") + "  "
		}
		fmt.Fprintf(e.out, "%-10s  %s  %s\n", reference(one.ID), said, strings.TrimSpace(where))
	}
	fmt.Fprintln(e.err, e.say("sync.total", map[string]any{"Here": count[store.StillHere], "Sent": count[store.WasSent],
		"Received": count[store.HasArrived], "Opened": count[store.WasReceived], "Aside": count[store.SetAside]}))
	e.tellTrouble(all.Missing, all.PutBack)
}
