package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/locales"
	"tipscreen/screening/referral"
	"tipscreen/store"
)

func newRecordsServices(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "services [ID [SERVICE=STATE…]]",
		Short: "Show what is to be offered, and keep what became of it",
		Long: `With a record, shows the kinds of help that are to be offered and what became of each. With SERVICE=STATE, as
shelter=not_available, adds to the record what became of an offer: offered, accepted, declined or not_available.
Without a record, counts the states over all records that can be read here, so that missing services show.
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error { return e.countOffers(kept, asJSON) })
			}
			offers, err := referral.ParseOffers(args[1:])
			if err != nil {
				return usageError{err}
			}
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if len(offers) > 0 {
					return e.addOffers(kept, args[0], offers)
				}
				return e.showSteps(kept, args[0], asJSON)
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// addOffers keeps what became of offers, as an addendum: the record itself never changes.
func (e *env) addOffers(kept *opened, id string, offers referral.Offers) error {
	added, err := kept.Addendum(id, e.compose("", offers))
	if err != nil {
		return err
	}
	fmt.Fprintln(e.out, reference(added))
	return nil
}

// step is what is to be offered, with what became of it.
type step struct {
	referral.Step
	State referral.State `json:"state,omitempty"`
}

func (e *env) showSteps(kept *opened, id string, asJSON bool) error {
	part, err := kept.record(id)
	if err != nil {
		return err
	}
	if part.Assessment == nil {
		return errors.New("the record has no assessment")
	}
	_, offers, err := kept.offers(id)
	if err != nil {
		return err
	}
	steps := []step{}
	listed := map[referral.Service]bool{}
	for _, one := range referral.Steps(part.Weighed(), part.Chosen("closing.needs")...) {
		steps = append(steps, step{one, offers[one.Service]})
		listed[one.Service] = true
	}
	for _, service := range referral.Services() { // what was offered beyond what is due
		if offers[service] != "" && !listed[service] {
			steps = append(steps, step{referral.Step{Service: service, Because: []string{}}, offers[service]})
		}
	}
	if asJSON {
		return e.writeJSON(steps)
	}
	return e.writeSteps(kept, steps, offers)
}

// writeSteps prints what is to be offered, with whom the directory knows here.
func (e *env) writeSteps(kept *opened, steps []step, offers referral.Offers) error {
	directory, err := e.directory()
	if err != nil {
		return err
	}
	place, err := kept.place(nil)
	if err != nil {
		return err
	}
	words, err := e.ownWords("")
	if err != nil {
		return err
	}
	var bare []referral.Step
	for _, one := range steps {
		bare = append(bare, one.Step)
	}
	list, err := words.Offers(bare, offers, directory, place, e.now())
	if err != nil {
		return err
	}
	for i, one := range list {
		for at, line := range one.Lines() {
			id := ""
			if at == 0 {
				id = string(steps[i].Service)
			}
			fmt.Fprintf(e.out, "%-22s  %s\n", id, strings.ReplaceAll(line, "\u200b", ""))
		}
	}
	return nil
}

func (e *env) showOffers(offers referral.Offers) {
	for _, service := range referral.Services() {
		if state := offers[service]; slices.Contains(referral.States(), state) {
			fmt.Fprintf(e.out, "%-22s  %s: %s\n", service, e.serviceName(service), e.say("offer."+string(state), nil))
		}
	}
}

// serviceName is the title of a kind of help, which stands among the words for the person.
func (e *env) serviceName(service referral.Service) string {
	for _, tag := range []string{e.language(e.catalog().Languages()), "en"} {
		if speaker, err := e.catalog().Speaker(tag, locales.Person); err == nil {
			if text, err := speaker.Say("service."+string(service), nil); err == nil {
				return strings.ReplaceAll(text.Words, "\u200b", "")
			}
		}
	}
	return string(service)
}

// offers gives the whole id of a record and what its addenda say about offers. Addenda that are sealed to an agency are
// counted there.
func (o *opened) offers(id string) (whole string, offers referral.Offers, err error) {
	list, err := o.list()
	if err != nil {
		return "", nil, err
	}
	for _, one := range list {
		if strings.HasPrefix(one.ID, strings.ToLower(id)) && one.State != "draft" {
			all, err := o.everyOffer(list, one.ID)
			return one.ID, all[one.ID], err
		}
	}
	return "", nil, store.ErrNotFound
}

// everyOffer gathers, by record, what the readable addenda in a list say, about one record or, with no id, about all.
func (o *opened) everyOffer(list []listed, about string) (map[string]referral.Offers, error) {
	all := map[string]referral.Offers{}
	for at := len(list) - 1; at >= 0; at-- { // the last one first in the list, the first one first here
		one := list[at]
		if one.About == "" || one.State != string(store.Readable) || about != "" && one.About != about {
			continue
		}
		read, err := o.addendum(one.ID)
		if err != nil {
			return nil, err
		}
		if read != nil && read.AddendumTo != "" {
			all[read.AddendumTo] = all[read.AddendumTo].Over(read.Offers)
		}
	}
	return all, nil
}

func (e *env) countOffers(kept *opened, asJSON bool) error {
	list, err := kept.list()
	if err != nil {
		return err
	}
	all, err := kept.everyOffer(list, "")
	if err != nil {
		return err
	}
	people := make([]referral.Offers, 0, len(all))
	for _, one := range all {
		people = append(people, one)
	}
	counts := referral.Count(people)
	if asJSON {
		return e.writeJSON(counts)
	}
	for _, service := range referral.Services() {
		for _, state := range referral.States() {
			if n := counts[service][state]; n > 0 {
				fmt.Fprintf(e.out, "%5d  %s: %s\n", n, e.serviceName(service), e.say("offer."+string(state), nil))
			}
		}
	}
	return nil
}
