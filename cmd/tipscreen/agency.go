package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store/agency"
	"tipscreen/store/seal"
)

func newAgency(e *env) *cobra.Command {
	return group("agency", "The receiving side: make keys, enrol laptops, open what they hand over",
		newAgencyInit(e), newAgencyRenew(e), newAgencyPack(e), newAgencyUnfinished(e), newAgencyRegister(e), newAgencyReceive(e),
		newAgencyOpen(e), newAgencyList(e), newAgencyShow(e), newAgencyStats(e, e.openedParts), newAgencyRelease(e), newAgencyErase(e))
}

// terms are the flags that decide about laptops.
type terms struct {
	name, notAfter, oversight, data string
	keepOversight                   bool
	retention, clock                int
}

func (t *terms) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&t.name, "name", "", "what the agency calls itself; officials see it")
	flags.StringVar(&t.notAfter, "not-after", "", "day after which laptops warn, as 2027-12-31 (one year if left out)")
	flags.StringVar(&t.oversight, "oversight", "", "file with the age recipients of an outside body that receives allegations, one on a line")
	flags.BoolVar(&t.keepOversight, "keep-oversight", false, "make the key for allegations here, to be given to an outside body")
	flags.IntVar(&t.retention, "retention-days", 0, "days after which laptops remove what is receipted; 0: never")
	flags.IntVar(&t.clock, "clock-days", 0, "how far a clock may move between two openings; 0: 45 days")
	flags.StringVar(&t.data, "data", "", "folder with the agency's own indicators, locales and directory, to be signed")
}

// anyOf tells whether a flag decides something anew.
func (t *terms) anyOf(changed func(string) bool) bool {
	for _, name := range []string{"name", "not-after", "oversight", "keep-oversight", "retention-days", "clock-days", "data"} {
		if changed(name) {
			return true
		}
	}
	return false
}

// read makes the terms of the flags; what is not given stays as the agency has it now. A new agency is nil.
func (t *terms) read(e *env, a *agency.Agency, changed func(string) bool) (agency.Terms, error) {
	out := agency.Terms{Agency: t.name, KeepOversight: t.keepOversight, NotAfter: e.now().AddDate(1, 0, 0),
		Policy: seal.Policy{RetentionDays: t.retention, ClockDays: t.clock}}
	var err error
	if a != nil {
		now := a.Keyset()
		if t.name == "" {
			out.Agency = now.Agency
		}
		if !changed("retention-days") {
			out.Policy.RetentionDays = now.Policy.RetentionDays
		}
		if !changed("clock-days") {
			out.Policy.ClockDays = now.Policy.ClockDays
		}
		out.Data = now.Data
		if out.Files, err = a.Files(); err != nil {
			return out, err
		}
	}
	if t.notAfter != "" {
		if out.NotAfter, err = time.Parse(time.DateOnly, t.notAfter); err != nil {
			return out, usageError{fmt.Errorf("--not-after takes a day as 2027-12-31")}
		}
	}
	if t.oversight != "" {
		content, err := readLimited(t.oversight)
		if err != nil {
			return out, err
		}
		out.Oversight = strings.Fields(string(content))
	}
	if t.data != "" {
		if err := checkAgencyData(t.data); err != nil {
			return out, err
		}
		if out.Data, err = dataDigest(t.data); err == nil {
			out.Files, err = dataFiles(t.data)
		}
		if err != nil {
			return out, fmt.Errorf("read the data: %w", err)
		}
	}
	return out, nil
}

func newAgencyInit(e *env) *cobra.Command {
	var t terms
	command := &cobra.Command{
		Use:   "init DIR",
		Short: "Make the keys of an agency and its first keyset",
		Long: `Makes a folder with the keys of an agency, each sealed under the agency's passphrase, and prints the eight words of its
root. Give the words to officials on paper; keep root.key on a stick in a safe, and each other key with those who may read
what is sealed to it. Without an oversight, laptops do not ask for allegations against officials.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if t.name == "" {
				return usageError{errors.New("say what the agency calls itself: --name")}
			}
			decided, err := t.read(e, nil, cmd.Flags().Changed)
			if err != nil {
				return err
			}
			dialog, err := e.aside()
			if err != nil {
				return err
			}
			passphrase, err := e.newPassphrase(cmd.Context(), dialog, e.givenPassphrase)
			if err != nil {
				return err
			}
			defer clear(passphrase)
			a, err := agency.Init(e.agencyOptions(args[0]), passphrase, decided)
			if err != nil {
				return err
			}
			e.tellAgency(a)
			return nil
		},
	}
	t.flags(command)
	return command
}

func (e *env) agencyOptions(dir string) agency.Options {
	return agency.Options{Dir: dir, Now: e.now, Rand: e.rand}
}

// openAgency asks for the agency's passphrase.
func (e *env) openAgency(ctx context.Context, dir string) (*agency.Agency, session.Dialog, error) {
	dialog, err := e.aside()
	if err != nil {
		return nil, nil, err
	}
	passphrase, given, err := e.givenPassphrase()
	if err == nil && !given {
		passphrase, err = dialog.Secret(ctx, e.question("agency.passphrase"))
	}
	if err != nil {
		return nil, nil, broken(err)
	}
	defer clear(passphrase)
	a, err := agency.Open(e.agencyOptions(dir), passphrase)
	return a, dialog, err
}

// tellAgency writes the words to standard output.
func (e *env) tellAgency(a *agency.Agency) {
	k := a.Keyset()
	fmt.Fprintln(e.err, e.say("agency.keyset", map[string]any{"Agency": k.Agency, "Version": k.Version, "Until": k.NotAfter}))
	if !k.HasOversight() {
		fmt.Fprintln(e.err, e.say("enrol.no_oversight", nil))
	}
	fmt.Fprintln(e.out, strings.Join(seal.RootWords(k.Root()), " "))
}

func newAgencyRenew(e *env) *cobra.Command {
	var t terms
	command := &cobra.Command{
		Use:   "renew DIR",
		Short: "Sign a newer keyset",
		Long: `Signs a keyset with the next version; what no flag names stays as it is, and the year begins anew. It needs root.key.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, _, err := e.openAgency(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			decided, err := t.read(e, a, cmd.Flags().Changed)
			if err != nil {
				return err
			}
			if err := a.Renew(decided); err != nil {
				return err
			}
			e.tellAgency(a)
			return nil
		},
	}
	t.flags(command)
	return command
}

func newAgencyPack(e *env) *cobra.Command {
	var out string
	command := &cobra.Command{
		Use:   "enrol-pack DIR",
		Short: "Write the keyset to a file, for laptops",
		Long: `Writes the signed keyset to a new file for "tipscreen enrol" on laptops. There is nothing secret in it; the words on
paper are what makes it safe, so they must travel another way.
`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("say where to: --out FILE")}
			}
			a, err := agency.Open(e.agencyOptions(args[0]), nil)
			if err != nil {
				return err
			}
			if err := writeNew(out, a.Keyset().Signed()); err != nil {
				return err
			}
			e.tellAgency(a)
			return nil
		},
	}
	command.Flags().StringVar(&out, "out", "", "the new file")
	return command
}

// unfinished is one line about a draft that the custodian opened.
type unfinished struct {
	ID       string `json:"id"`
	Revision uint64 `json:"revision"`
	Problem  string `json:"problem,omitempty"`
}

func newAgencyUnfinished(e *env) *cobra.Command {
	var out string
	var sure bool
	command := &cobra.Command{
		Use:   "unfinished DIR FILE",
		Short: "Open unfinished interviews that a laptop exported for the custodian",
		Long: `Opens what "tipscreen export --unfinished" wrote, with the key for recovery, and lists it as JSON. With --out it
writes each interview to a file that anybody can read; that has to be acknowledged.
`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, dialog, err := e.openAgency(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			file, err := readLimited(args[1])
			if err != nil {
				return err
			}
			drafts, err := a.OpenUnfinished(file)
			if err != nil {
				return err
			}
			if out != "" && !sure {
				if err := e.acknowledge(cmd.Context(), dialog); err != nil {
					return err
				}
			}
			return e.writeUnfinished(drafts, out)
		},
	}
	command.Flags().StringVar(&out, "out", "", "folder for the readable interviews")
	command.Flags().BoolVar(&sure, "readable", false, "acknowledge that the files can be read by anybody who has them")
	return command
}

func (e *env) writeUnfinished(drafts []agency.Draft, out string) error {
	list := []unfinished{}
	var failed error
	for _, d := range drafts {
		one := unfinished{ID: d.ID, Revision: d.Revision}
		if d.Problem != nil {
			one.Problem = d.Problem.Error()
			failed = errors.Join(failed, fmt.Errorf("%s: %w", reference(d.ID), d.Problem))
		} else if out != "" {
			if err := os.MkdirAll(out, 0o700); err != nil {
				return fmt.Errorf("make the folder: %w", err)
			}
			if err := writeNew(filepath.Join(out, reference(d.ID)+".draft"), d.Snapshot); err != nil {
				return err
			}
		}
		list = append(list, one)
	}
	return errors.Join(e.writeJSON(list), failed)
}

// errNotAcknowledged says that a readable file was not written.
var errNotAcknowledged = errors.New("not acknowledged; nothing was written")

// acknowledge wants a word typed before anything is written that anybody can read.
func (e *env) acknowledge(ctx context.Context, dialog session.Dialog) error {
	word := e.say("readable.word", nil)
	typed, err := dialog.Text(ctx, e.question("readable"))
	if err != nil {
		return broken(err)
	}
	if !strings.EqualFold(strings.TrimSpace(typed), word) {
		return errNotAcknowledged
	}
	return nil
}
