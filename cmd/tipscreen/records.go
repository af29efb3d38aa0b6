package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
	"tipscreen/store"
)

func newRecords(e *env) *cobra.Command {
	return group("records", "List, show, add to, hand over, withdraw and erase records", newRecordsList(e), newRecordsShow(e), newRecordsErase(e), newRecordsDone(e),
		newRecordsHandover(e), newRecordsAddendum(e), newRecordsWithdraw(e), newRecordsRetention(e), newRecordsServices(e))
}

// listed is one line of the list.
type listed struct {
	ID       string `json:"id"`
	State    string `json:"state"` // draft, readable, shredded, held or sealed
	Plan     string `json:"plan,omitempty"`
	Finished string `json:"finished,omitempty"`
	About    string `json:"about,omitempty"` // the record that this one adds to or asks to erase
}

func newRecordsList(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: "List what is in the store",
		Long: `Lists unfinished interviews and finished records, the newest first. It never says what was answered.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				list, err := kept.list()
				if err != nil {
					return err
				}
				if asJSON {
					return e.writeJSON(list)
				}
				for _, one := range list {
					about := ""
					if one.About != "" {
						about = "  -> " + reference(one.About)
					}
					fmt.Fprintf(e.out, "%-10s  %-9s  %-10s  %s%s\n", reference(one.ID), one.State, one.Plan, localTime(one.Finished), about)
				}
				return nil
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// page is how many records are read at once.
const page = 200

// list gathers drafts and records.
func (o *opened) list() ([]listed, error) {
	list := []listed{}
	drafts, err := o.Drafts()
	if err != nil {
		return nil, err
	}
	for _, draft := range drafts {
		list = append(list, listed{ID: draft.ID, State: "draft"})
	}
	after := ""
	for {
		records, err := o.Records(after, page)
		if err != nil {
			return nil, err
		}
		for _, record := range records {
			var s stub
			if err := json.Unmarshal(record.Stub, &s); err != nil && len(record.Stub) > 0 {
				return nil, fmt.Errorf("the list entry of %s cannot be read", reference(record.ID))
			}
			list = append(list, listed{record.ID, strings.ToLower(fmt.Sprint(record.State)), s.Plan, s.Finished, s.About})
		}
		if len(records) < page {
			return list, nil
		}
		after = records[len(records)-1].ID
	}
}

func newRecordsShow(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "show ID",
		Short: "Show a finished record",
		Long: `Shows the parts of a finished record that this laptop may read. A unique beginning of the id is enough.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if one, err := kept.addendum(args[0]); err != nil {
					return err
				} else if one != nil {
					return e.showAddendum(one, asJSON)
				}
				parts, err := kept.parts(args[0])
				if err != nil {
					return err
				}
				if asJSON {
					return e.writeJSON(parts)
				}
				return e.showRecord(parts)
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// parts opens the parts of a record that are there. The allegation is never opened on a laptop.
func (o *opened) parts(id string) ([]*screening.Part, error) {
	var parts []*screening.Part
	for _, name := range []string{screening.Protection, screening.Identity, screening.Investigation} {
		content, err := o.ReadRecord(id, name)
		if errors.Is(err, store.ErrAbsent) {
			continue
		}
		if err != nil {
			return nil, err
		}
		part, err := screening.ReadPart(content)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// showRecord prints the result with its reasons, and then what was answered, part by part.
func (e *env) showRecord(parts []*screening.Part) error {
	catalog := e.catalog()
	for _, part := range parts {
		words, err := wording.New(catalog, e.language(catalog.Languages()), part.Person)
		if err != nil {
			return languageError(err)
		}
		lines, err := words.Record(part)
		if err != nil {
			return err
		}
		for _, one := range lines {
			fmt.Fprintln(e.out, printable(strings.ReplaceAll(one, "\u200b", "")))
		}
	}
	return nil
}

func newRecordsErase(e *env) *cobra.Command {
	var sure bool
	command := &cobra.Command{
		Use:   "erase ID",
		Short: "Erase a record or an unfinished interview for good",
		Long: `Destroys the key of one record and removes it. Nobody can bring it back.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				return e.erase(cmd.Context(), kept, dialog, args[0], sure)
			})
		},
	}
	command.Flags().BoolVar(&sure, "yes", false, "do not ask again")
	return command
}

func (e *env) erase(ctx context.Context, kept *opened, dialog session.Dialog, id string, sure bool) error {
	if !sure {
		if e.onTerminal() {
			var err error
			if dialog, err = e.aside(); err != nil {
				return err
			}
		}
		answer, err := e.ask(ctx, dialog, "erase", "keep", "erase")
		if err != nil || answer != "erase" {
			return err
		}
	}
	if err := kept.Erase(id); err != nil {
		return err
	}
	fmt.Fprintln(e.err, e.say("erase.done", nil))
	return nil
}

// browse shows the list in the menu, and one record of it.
func (e *env) browse(ctx context.Context, kept *opened) error {
	list, err := kept.list()
	if err != nil {
		return err
	}
	words, err := e.ownWords("")
	if err != nil {
		return err
	}
	dialog, end, err := e.open(words)
	if err != nil {
		return err
	}
	defer end()
	q := e.question("browse")
	for _, one := range list {
		if one.About == "" && one.State == "readable" || one.About == "" && one.State == "held" {
			q.Options = append(q.Options, session.Choice{Value: reference(one.ID), Label: reference(one.ID) + ", " + one.Plan + ", " + localTime(one.Finished)})
		}
	}
	q.Options = append(q.Options, session.Choice{Value: "back", Label: e.say("browse.option.back", nil)})
	id, err := dialog.Choose(ctx, q)
	if err != nil || id == "back" {
		return broken(err)
	}
	parts, err := kept.parts(id)
	if err != nil {
		return err
	}
	shown := session.Question{ID: "record", Title: id, GoOn: e.say("option.next", nil)}
	for _, part := range parts {
		lines, err := words.Record(part)
		if err != nil {
			return err
		}
		shown.Text = append(shown.Text, lines...)
	}
	if err := broken(dialog.Tell(ctx, shown)); err != nil {
		return err
	}
	return e.paper(ctx, kept, dialog, id)
}

// localTime shows a stored time as the clock on the wall did.
func localTime(stored string) string {
	at, err := time.Parse(time.RFC3339, stored)
	if err != nil {
		return stored
	}
	return at.Local().Format("2006-01-02 15:04")
}

func (e *env) writeJSON(value any) error {
	encoder := json.NewEncoder(e.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
