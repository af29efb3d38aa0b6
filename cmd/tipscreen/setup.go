package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/locales"
	"tipscreen/store"
)

type setupOptions struct {
	person, contacts, profile string
}

func newSetup(e *env) *cobra.Command {
	o := &setupOptions{}
	command := &cobra.Command{
		Use:   "setup",
		Short: "Make the encrypted store and its first officer",
		Long: `Makes the store: one officer with a passphrase, and a recovery code that is shown once.
With --officer and a passphrase from a file or descriptor it asks nothing; the recovery code goes to standard output.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runSetup(cmd.Context(), e, o) },
	}
	command.Flags().StringVar(&o.person, "person", "", "usual language of the people who are interviewed")
	command.Flags().StringVar(&o.contacts, "contacts", "", "duty contacts of this place, shown when somebody is in danger")
	command.Flags().StringVar(&o.profile, "profile", "", "your service: "+strings.Join(profiles, ", "))
	return command
}

func runSetup(ctx context.Context, e *env, o *setupOptions) error {
	options, err := e.storeOptions()
	if err != nil {
		return err
	}
	if store.Exists(options.Dir) {
		return store.ErrExists
	}
	if err := e.knownLanguages(o.person); err != nil {
		return err
	}
	if o.profile != "" && !slices.Contains(profiles, o.profile) {
		return usageError{fmt.Errorf("there is no profile %q; use one of %s", o.profile, strings.Join(profiles, ", "))}
	}
	if e.options.officer != "" && (e.options.passphraseFile != "" || e.options.passphraseFD >= 0) {
		return e.quietSetup(o)
	}
	dialog, end, err := e.openOwn()
	if err != nil {
		return err
	}
	defer end()
	return e.talkedSetup(ctx, dialog, o)
}

// quietSetup asks nothing.
func (e *env) quietSetup(o *setupOptions) error {
	passphrase, _, err := e.givenPassphrase()
	if err != nil {
		return err
	}
	if tooShort(passphrase) {
		return usageError{errShort}
	}
	code, err := e.createStore(e.options.officer, passphrase, settings{Official: e.language(e.catalog().Languages()), Person: o.person, Contacts: o.contacts, Profile: o.profile})
	if err != nil {
		return err
	}
	e.fresh = passphrase
	return e.showCode(code, nil)
}

// knownLanguages refuses a language that no folder has, before a store is made that could not be used.
func (e *env) knownLanguages(person string) error {
	if _, err := e.ownWords(""); err != nil {
		return err
	}
	if person == "" {
		return nil
	}
	_, err := e.catalog().Speaker(person, locales.Person)
	return languageError(err)
}

// createStore makes the store and keeps the first settings in it.
func (e *env) createStore(handle string, passphrase []byte, first settings) (code string, err error) {
	options, err := e.storeOptions()
	if err != nil {
		return "", err
	}
	code, err = store.Create(options, handle, passphrase)
	if err != nil {
		return "", err
	}
	s, err := store.Open(options, handle, passphrase)
	if err != nil {
		return "", err
	}
	defer s.Close()
	o := &opened{Store: s, settings: first}
	return code, o.saveSettings()
}

// talkedSetup leads a newcomer through.
func (e *env) talkedSetup(ctx context.Context, dialog session.Dialog, o *setupOptions) error {
	if err := e.chooseLanguage(ctx, dialog); err != nil {
		return err
	}
	if err := dialog.Tell(ctx, e.question("setup.welcome")); err != nil {
		return broken(err)
	}
	handle := e.options.officer
	for handle == "" {
		var err error
		if handle, err = dialog.Text(ctx, e.question("setup.officer")); err != nil {
			return broken(err)
		}
	}
	passphrase, err := e.newPassphrase(ctx, dialog, e.givenPassphrase)
	if err != nil {
		return err
	}
	first := settings{Official: e.language(e.catalog().Languages()), Person: o.person, Contacts: o.contacts, Profile: o.profile}
	if first.Person == "" {
		if first.Person, err = e.choosePerson(ctx, dialog); err != nil {
			return err
		}
	}
	if first.Contacts == "" {
		if first.Contacts, err = dialog.Text(ctx, e.question("setup.contacts")); err != nil {
			return broken(err)
		}
	}
	if first.Profile == "" {
		if first.Profile, err = e.ask(ctx, dialog, "setup.profile", profiles...); err != nil {
			return err
		}
	}
	code, err := e.createStore(handle, passphrase, first)
	if err != nil {
		return err
	}
	e.options.officer, e.fresh = handle, passphrase
	shown := e.question("setup.code")
	shown.Text = append([]string{code, ""}, shown.Text...)
	return broken(dialog.Tell(ctx, shown))
}

// chooseLanguage asks for the official's language, each named by itself.
func (e *env) chooseLanguage(ctx context.Context, dialog session.Dialog) error {
	if e.options.ui != "" {
		return nil
	}
	tag, err := dialog.Choose(ctx, e.languageQuestion("setup.language", true))
	e.own = tag
	return broken(err)
}

func (e *env) choosePerson(ctx context.Context, dialog session.Dialog) (string, error) {
	tag, err := dialog.Choose(ctx, e.languageQuestion("setup.person", false))
	return tag, broken(err)
}
