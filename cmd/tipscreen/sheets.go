package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/card"
	"tipscreen/cmd/internal/session"
	"tipscreen/locales"
	"tipscreen/screening"
	"tipscreen/screening/referral"
	"tipscreen/screening/report"
	"tipscreen/store"
	"tipscreen/store/seal"
)

var errNotSafe = errors.New("not safe to carry; nothing was written")

type reportOptions struct {
	kind, out                                    string
	languages                                    []string
	where                                        [3]string // country, district, nationality
	pdf, readable, claim, name, unrecorded, safe bool
}

func newReport(e *env) *cobra.Command {
	o := &reportOptions{}
	command := &cobra.Command{
		Use:   "report ID",
		Short: "Make a paper: hold slip, letter, referral sheet, paper for the person",
		Long: `Makes a page of a finished record that needs nothing else and prints to A4, in one or two languages:
  hold      penalties wait: number, time, claim, contact, and the request to ask the prosecutor first; no story
  letter    the same as a letter, with the acts to refrain from and the national law
  referral  for the body that protects; only if the person agreed that the answers are passed on
  help      for the person: rights, what can happen next, contacts
  discreet  for the person, where others may find it
Hold slip and letter name nobody unless --name is given and the person agreed. With --unrecorded no record is needed and
nothing is kept: for people who want no record. The page goes to --out, or on a terminal to an address of
this laptop: open it in a browser and print it there. On a laptop that hands over to an agency this works until "records done", or 24 hours.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(e, args); err != nil {
				return err
			}
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				return e.makeReport(cmd.Context(), kept, dialog, o, append(args, "")[0])
			})
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.kind, "kind", string(report.Hold), "hold, letter, referral, help or discreet")
	flags.StringVar(&o.out, "out", "", "the new file")
	flags.StringSliceVar(&o.languages, "language", nil, "one or two languages, as th,en")
	flags.StringVar(&o.where[0], "country", "", "country whose services and law are shown, as TH")
	flags.StringVar(&o.where[1], "district", "", "district whose services are shown")
	flags.StringVar(&o.where[2], "nationality", "", "show the embassy of this country, as PH; only if the person wants it")
	flags.BoolVar(&o.pdf, "pdf", false, "write PDF, with Chromium or Edge of this computer")
	flags.BoolVar(&o.readable, "readable", false, "acknowledge that the file can be read by anybody who has it")
	flags.BoolVar(&o.claim, "claim", false, "the person or a lawyer says that it was trafficking")
	flags.BoolVar(&o.name, "name", false, "with the name, on the letter or on a page of its own of the referral")
	flags.BoolVar(&o.unrecorded, "unrecorded", false, "without a record")
	flags.BoolVar(&o.safe, "safe-to-carry", false, "the person said that carrying the paper is safe")
	return command
}

// check refuses calls that could not end well, before a passphrase is asked for.
func (o *reportOptions) check(e *env, args []string) error {
	known := false
	for _, kind := range report.Kinds() {
		known = known || string(kind) == o.kind
	}
	switch {
	case !known:
		return usageError{fmt.Errorf("there is no paper %q; see tipscreen report --help", o.kind)}
	case o.unrecorded == (len(args) == 1):
		return usageError{errors.New("name a record, or give --unrecorded")}
	case o.unrecorded && (o.name || o.kind == string(report.Referral)):
		return usageError{errors.New("without a record there is no name and no referral sheet")}
	case o.name && o.kind != string(report.Referral) && o.kind != string(report.Letter):
		return usageError{errors.New("a name stands on the letter and on the referral only")}
	case len(o.languages) > 2:
		return usageError{errors.New("a paper is in one or two languages")}
	case o.out == "" && o.pdf:
		return usageError{errors.New("say where to: --out FILE")}
	}
	if o.pdf && browser() == "" {
		return errNoBrowser
	}
	_, err := placeOf(o.where[:])
	return err
}

// makeReport makes the paper once to see whether it can be made, says in the log that it is written, and makes it with the
// head of the log after that.
func (e *env) makeReport(ctx context.Context, kept *opened, dialog session.Dialog, o *reportOptions, id string) error {
	kind := report.Kind(o.kind)
	facts, err := e.facts(kept, o, id)
	if err != nil {
		return err
	}
	languages, err := e.sheetLanguages(kept, kind, facts, o.languages)
	if err != nil {
		return err
	}
	if _, err := report.Make(kind, facts, languages...); err != nil {
		return err
	}
	if kind.ForPerson() && !o.safe && !saidSafe(facts.Record) {
		answer, err := e.ask(ctx, dialog, "report.safe", "no", "yes")
		if err != nil {
			return err
		}
		if answer != "yes" {
			return errNotSafe
		}
	}
	if !o.readable && !o.onPage(e) {
		if err := e.acknowledge(ctx, dialog); err != nil {
			return err
		}
	}
	if !o.unrecorded {
		if err := kept.NoteReadableFile(id); err != nil {
			return err
		}
	}
	head, _ := kept.Head()
	facts.Head = strconv.FormatUint(head.Head.Seq, 10) + "  " + seal.ShortHead(head.Device, head.Head)
	page, err := report.Make(kind, facts, languages...)
	if err != nil {
		return err
	}
	return e.writeReport(ctx, dialog, o, page)
}

// onPage: without a file, on a terminal, the paper is shown on a page of this laptop and printed from there.
func (o *reportOptions) onPage(e *env) bool { return o.out == "" && e.terminal }

// saidSafe: at the end of the interview the person said that carrying a paper is safe.
func saidSafe(record *screening.Part) bool {
	if record == nil {
		return false
	}
	reply, _ := record.Reply("closing.leaflet")
	return reply == "safe"
}

func (e *env) writeReport(ctx context.Context, dialog session.Dialog, o *reportOptions, page []byte) error {
	switch {
	case o.onPage(e):
		return e.showSheet(ctx, dialog, page)
	case o.pdf:
		return printPDF(ctx, page, o.out)
	case o.out != "":
		return writeNew(o.out, page)
	}
	_, err := e.out.Write(page)
	return err
}

// showSheet shows a paper on a page of this laptop until the official goes on.
func (e *env) showSheet(ctx context.Context, dialog session.Dialog, page []byte) error {
	sheet, err := card.NewSheet(page)
	if err != nil {
		return err
	}
	defer sheet.Close()
	if open := e.browser(); open != nil {
		open(sheet.Address)
	}
	q := e.question("sheet.page")
	q.Text = append([]string{sheet.Address, ""}, q.Text...)
	_, err = dialog.Text(ctx, q)
	return broken(err)
}

// facts gathers what the papers are made of; the identity is read only where a name was asked for.
func (e *env) facts(kept *opened, o *reportOptions, id string) (*report.Facts, error) {
	directory, err := e.directory()
	if err != nil {
		return nil, err
	}
	where, err := kept.place(o.where[:])
	if err != nil {
		return nil, err
	}
	f := &report.Facts{At: e.now(), Now: e.now(), Claim: o.claim, Waits: o.unrecorded, Contacts: kept.settings.Contacts, Directory: directory, Place: where}
	if o.unrecorded {
		number := make([]byte, 5)
		if _, err := io.ReadFull(e.rand, number); err != nil {
			return nil, fmt.Errorf("make a number: %w", err)
		}
		f.Number = hex.EncodeToString(number)
		return f, nil
	}
	if f.Record, err = kept.record(id); err != nil {
		return nil, err
	}
	f.At = lastEvent(f.Record).In(e.now().Location())
	whole, offers, err := kept.offers(id)
	if err != nil {
		return nil, err
	}
	f.Number, f.Offers = reference(whole), offers
	if o.name {
		if f.Identity, err = kept.part(id, screening.Identity); errors.Is(err, store.ErrAbsent) {
			return nil, &screening.ConsentError{Layers: []string{"identity"}}
		}
	}
	return f, err
}

// place is where the laptop works, as far as the flags do not say otherwise.
func (o *opened) place(flags []string) (referral.Place, error) {
	where, err := placeOf(flags)
	if where.Country == "" {
		where.Country = o.settings.Country
		if where.District == "" {
			where.District = o.settings.District
		}
	}
	return where, err
}

// part reads one part of a finished record.
func (o *opened) part(id, name string) (*screening.Part, error) {
	content, err := o.ReadRecord(id, name)
	if err != nil {
		return nil, err
	}
	defer clear(content)
	part, err := screening.ReadPart(content)
	if err == nil && part.Compartment != name {
		err = usageError{errors.New("that is something about a record, and not a record")}
	}
	return part, err
}

// record reads the part of a finished record that everything else is made of.
func (o *opened) record(id string) (*screening.Part, error) { return o.part(id, screening.Protection) }

// lastEvent is when an interview was finished.
func lastEvent(part *screening.Part) (at time.Time) {
	for _, event := range part.Events {
		if event.Kind == screening.Finished || at.IsZero() {
			at = event.At
		}
	}
	return at
}

// sheetLanguages opens the languages of a paper. Without a wish it is the person's own where the person reads it, and the
// official's everywhere else.
func (e *env) sheetLanguages(kept *opened, kind report.Kind, f *report.Facts, wished []string) ([]report.Language, error) {
	if len(wished) == 0 {
		wished = []string{e.language(e.catalog().Languages())}
		switch {
		case kind.ForPerson() && f.Record != nil:
			wished[0] = f.Record.Person
		case kind.ForPerson() && kept.settings.Person != "":
			wished[0] = kept.settings.Person
		}
	}
	var languages []report.Language
	for _, tag := range wished {
		one, err := e.sheetLanguage(tag, kind)
		if err != nil {
			return nil, err
		}
		languages = append(languages, one)
	}
	return languages, nil
}

// sheetLanguage opens one language. For what the person reads, a language needs words for the person alone.
func (e *env) sheetLanguage(tag string, kind report.Kind) (report.Language, error) {
	person, err := e.catalog().Speaker(tag, locales.Person)
	if err != nil {
		return report.Language{}, languageError(err)
	}
	one := report.Language{Tag: person.Tag(), RightToLeft: person.RightToLeft(), Person: saying(person)}
	official, err := e.catalog().Speaker(tag, locales.Official)
	switch {
	case err == nil:
		one.Official = saying(official)
	case kind.ForPerson():
		one.Official = func(string, map[string]any) (string, bool, error) { return "", false, err }
	default:
		return one, languageError(err)
	}
	return one, nil
}

// saying lets a paper speak with the words of the catalogue.
func saying(speaker *locales.Speaker) report.Say {
	return func(id string, data map[string]any) (string, bool, error) {
		text, err := speaker.Say(id, data)
		return text.Words, text.Status != locales.Source && text.Status != locales.Reviewed, err
	}
}
