package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/screening/export"
	"tipscreen/store"
)

func newExport(e *env) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use:   "export",
		Short: "Write records and interview forms for other systems, or sealed interviews for the custodian",
		Long: `With a kind, writes a record (json, csv, htcds) or a plan as a form (xlsform, xform).
With --unfinished, writes the unfinished interviews of all officers of an enrolled laptop to a new file for the
agency's custodian. They stay sealed, so no passphrase is asked for: it is for when a passphrase is forgotten.
`,
		Args: noArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			if path == "" {
				return usageError{errors.New("say what to export: a kind, or --unfinished FILE; see tipscreen export --help")}
			}
			return e.exportUnfinished(path)
		},
	}
	command.Flags().StringVar(&path, "unfinished", "", "the new file")
	command.AddCommand(
		newExportRecord(e, "json", "Write a record as JSON, with a schema", asJSON),
		newExportRecord(e, "csv", "Write a record for spreadsheets, safe against formulas", asCSV),
		newExportRecord(e, "htcds", "Write a record in the Human Trafficking Case Data Standard 2.0", e.asHTCDS),
		newExportForm(e, "xlsform", "Write a plan as an XLSForm (.xlsx)"), newExportForm(e, "xform", "Write a plan as an XForm (.xml), for ODK and its relatives"),
		newExportSchema(e))
	return command
}

func (e *env) exportUnfinished(path string) error {
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
}

type exportOptions struct {
	profile, out, format string
	readable, name       bool
}

// written makes bytes of what a profile may get.
type written func(r *export.Record, o *exportOptions) ([]byte, error)

func asJSON(r *export.Record, _ *exportOptions) ([]byte, error) { return r.JSON() }

func asCSV(r *export.Record, _ *exportOptions) ([]byte, error) { return export.CSV(r), nil }

// asHTCDS warns of every word for which the standard has no code.
func (e *env) asHTCDS(r *export.Record, o *exportOptions) ([]byte, error) {
	one, err := export.HTCDS(r)
	if err != nil {
		return nil, err
	}
	for _, code := range one.Warnings {
		fmt.Fprintln(e.err, e.say("export.other", map[string]any{"Code": code}))
	}
	if o.format == "json" {
		return one.JSON()
	}
	return one.CSV(), nil
}

func newExportRecord(e *env, kind, short string, write written) *cobra.Command {
	o := &exportOptions{}
	command := &cobra.Command{
		Use:   kind + " ID",
		Short: short,
		Long: short + `.
--for says for whom: protection (needs the consent to pass the answers on), investigation (needs its own consent; without
needs and without the story), immigration (only that penalties wait). What the person did not agree to is refused. The log
keeps that it was written. On a laptop that hands over to an agency this works until "records done", or 24 hours.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case !slices.Contains(export.Profiles(), export.Profile(o.profile)):
				return usageError{fmt.Errorf("there is no profile %q; use protection, investigation or immigration", o.profile)}
			case o.name && o.profile != string(export.ForProtection):
				return export.ErrProfile
			case o.out == "" && e.terminal:
				return usageError{errors.New("say where to: --out FILE")}
			case o.format != "" && o.format != "csv" && o.format != "json":
				return usageError{errors.New("--format is csv or json")}
			}
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				return e.exportRecord(cmd.Context(), kept, dialog, o, args[0], write)
			})
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.profile, "for", string(export.ForProtection), "protection, investigation or immigration")
	flags.StringVar(&o.out, "out", "", "the new file")
	flags.BoolVar(&o.readable, "readable", false, "acknowledge that the file can be read by anybody who has it")
	flags.BoolVar(&o.name, "name", false, "with the name, if the person agreed to keep one")
	if kind == "htcds" {
		flags.StringVar(&o.format, "format", "csv", "csv or json")
	}
	return command
}

// exportRecord gathers, asks for the word, says in the log that it is written, and writes.
func (e *env) exportRecord(ctx context.Context, kept *opened, dialog session.Dialog, o *exportOptions, id string, write written) error {
	source, err := e.exportSource(kept, id, export.Profile(o.profile), o.name)
	if err != nil {
		return err
	}
	record, err := export.Gather(source, export.Profile(o.profile))
	if err != nil {
		return err
	}
	content, err := write(record, o)
	if err != nil {
		return err
	}
	if !o.readable {
		if err := e.acknowledge(ctx, dialog); err != nil {
			return err
		}
	}
	if err := kept.NoteReadableFile(id); err != nil {
		return err
	}
	if o.out != "" {
		err = writeNew(o.out, content)
	} else {
		_, err = e.out.Write(content)
	}
	if err == nil {
		fmt.Fprintln(e.err, e.say("export.relied", map[string]any{"Layers": e.layers(record.ReliesOn)}))
	}
	return err
}

// exportSource reads the parts of a record that an export may be made of.
func (e *env) exportSource(kept *opened, id string, profile export.Profile, name bool) (*export.Source, error) {
	data, err := e.data()
	if err != nil {
		return nil, err
	}
	source := &export.Source{Data: data}
	if source.Protection, err = kept.record(id); err != nil {
		return nil, err
	}
	whole, offers, err := kept.offers(id)
	if err != nil {
		return nil, err
	}
	source.Reference, source.Offers = reference(whole), offers
	if profile == export.ForImmigration { // it gets no answers, so none are read
		return source, nil
	}
	if source.Investigation, err = kept.part(id, screening.Investigation); err != nil && !errors.Is(err, store.ErrAbsent) {
		return nil, err
	}
	if name {
		if source.Identity, err = kept.part(id, screening.Identity); errors.Is(err, store.ErrAbsent) {
			return nil, &screening.ConsentError{Layers: []string{"identity"}}
		}
		return source, err
	}
	return source, nil
}

func newExportSchema(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of what export json writes",
		Long:  "Prints the JSON Schema of what export json writes.\n",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := e.out.Write(export.Schema)
			return err
		},
	}
}
