package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/screening/referral"
	"tipscreen/store"
)

var (
	errNotDestroyed = errors.New("not confirmed; nothing was destroyed")
	errNoWords      = errors.New("nothing was written")
)

// addendum is the content of a record that is about another one.
type addendum struct {
	V            int    `json:"v"`
	AddendumTo   string `json:"addendum_to,omitempty"`
	WithdrawalOf string `json:"withdrawal_of,omitempty"`
	At           string `json:"at"`
	Text         string `json:"text,omitempty"`
	// Offers: what became of the help that was offered since.
	Offers referral.Offers `json:"offers,omitempty"`
}

// compose gives what the store asks for: a request to erase where there is nothing to add.
func (e *env) compose(text string, offers referral.Offers) store.Compose {
	return func(about string) (short, content []byte, err error) {
		one := addendum{V: screening.RecordVersion, At: e.now().Format("2006-01-02T15:04:05Z07:00"), Text: text, Offers: offers}
		if text == "" && len(offers) == 0 {
			one.WithdrawalOf = about
		} else {
			one.AddendumTo = about
		}
		if content, err = json.Marshal(one); err != nil {
			return nil, nil, err
		}
		short, err = json.Marshal(stub{Finished: e.now().Format("2006-01-02 15:04"), About: about})
		return short, content, err
	}
}

// addendum reads a record that is about another one; nil if it is none, or cannot be read here.
func (o *opened) addendum(id string) (*addendum, error) {
	content, err := o.ReadRecord(id, screening.Protection)
	if err != nil {
		return nil, err
	}
	defer clear(content)
	var one addendum
	if json.Unmarshal(content, &one) != nil || one.AddendumTo == "" && one.WithdrawalOf == "" {
		return nil, nil
	}
	return &one, nil
}

func (e *env) showAddendum(one *addendum, asJSON bool) error {
	if asJSON {
		return e.writeJSON(one)
	}
	fmt.Fprintf(e.out, "-> %s  %s\n", printable(reference(one.AddendumTo+one.WithdrawalOf)), printable(one.At))
	if one.Text != "" {
		fmt.Fprintln(e.out, printable(one.Text))
	}
	e.showOffers(one.Offers)
	return nil
}

func newRecordsAddendum(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "addendum ID",
		Short: "Add to a finished record",
		Long: `Takes one line that corrects or completes a finished record, which itself is never changed. On a laptop that hands over
to an agency the addendum is sealed at once.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				text, err := dialog.Text(cmd.Context(), e.question("addendum"))
				if err != nil {
					return broken(err)
				}
				if text = strings.TrimSpace(text); text == "" {
					return errNoWords
				}
				id, err := kept.Addendum(args[0], e.compose(text, nil))
				if err != nil {
					return err
				}
				fmt.Fprintln(e.out, reference(id))
				return nil
			})
		},
	}
}

func newRecordsWithdraw(e *env) *cobra.Command {
	var sure bool
	command := &cobra.Command{
		Use:   "withdraw ID",
		Short: "Follow a person who takes the consent back",
		Long: `Erases a record or unfinished interview that has not left this laptop. For one that has, it writes a request to the
agency, which travels like a record, and erases the copy here.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				if !sure {
					answer, err := e.ask(cmd.Context(), dialog, "withdraw", "keep", "withdraw")
					if err != nil || answer != "withdraw" {
						return err
					}
				}
				request, err := kept.Withdraw(args[0], e.compose("", nil))
				if err != nil {
					return err
				}
				if request == "" {
					fmt.Fprintln(e.err, e.say("withdraw.erased", nil))
					return nil
				}
				fmt.Fprintln(e.out, reference(request))
				fmt.Fprintln(e.err, e.say("withdraw.requested", nil))
				return nil
			})
		},
	}
	command.Flags().BoolVar(&sure, "yes", false, "do not ask again")
	return command
}

func newRecordsHandover(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "handover [ID]",
		Short: "Seal old records to the agency, one by one",
		Long: `Seals a record from before the enrolment to the agency; nobody can read it here afterwards. Without ID it goes through
all such records and asks about each: hand over, keep, erase.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				if len(args) == 1 {
					return e.handOver(kept, args[0])
				}
				return e.handOverAll(cmd.Context(), kept, dialog)
			})
		},
	}
}

func (e *env) handOver(kept *opened, id string) error {
	if err := kept.HandOver(id); err != nil {
		return err
	}
	fmt.Fprintln(e.err, e.say("done.done", nil))
	return nil
}

func (e *env) handOverAll(ctx context.Context, kept *opened, dialog session.Dialog) error {
	if !kept.Enrolled() {
		return store.ErrNotAgency
	}
	list, err := kept.list()
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.State != string(store.Readable) {
			continue
		}
		q := e.question("handover")
		q.Title = reference(one.ID) + "  " + one.Plan + "  " + one.Finished + ": " + q.Title
		for _, value := range []string{"keep", "handover", "erase"} {
			q.Options = append(q.Options, session.Choice{Value: value, Label: e.say("handover.option."+value, nil)})
		}
		answer, err := dialog.Choose(ctx, q)
		switch {
		case err != nil:
			return broken(err)
		case answer == "handover":
			err = e.handOver(kept, one.ID)
		case answer == "erase":
			err = e.erase(ctx, kept, dialog, one.ID, true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func newRecordsRetention(e *env) *cobra.Command {
	var sure, clockIsRight, asJSON bool
	command := &cobra.Command{
		Use:   "retention",
		Short: "Remove old records by the rules of the agency",
		Long: `Says which finished records are older than the agency keeps them on laptops; with --yes it removes them. Nothing goes that
the agency has not said that it opened, no unfinished interview, and nothing after the clock of the laptop jumped, until the
date was compared and --clock-is-right given.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if clockIsRight {
					if err := kept.ConfirmClock(); err != nil {
						return err
					}
				}
				report, err := kept.Retain(!sure)
				if err != nil {
					return err
				}
				if asJSON {
					return e.writeJSON(report)
				}
				for _, id := range report.Removed {
					fmt.Fprintln(e.out, reference(id))
				}
				said := "retention.would"
				if sure {
					said = "retention.did"
				}
				fmt.Fprintln(e.err, e.say(said, map[string]any{"N": len(report.Removed), "Days": report.Days, "Waiting": report.Waiting, "Young": report.Young}))
				return nil
			})
		},
	}
	flags := command.Flags()
	flags.BoolVar(&sure, "yes", false, "remove them")
	flags.BoolVar(&clockIsRight, "clock-is-right", false, "say that the date was compared with something else")
	flags.BoolVar(&asJSON, "json", false, "write JSON")
	return command
}
