package main

import "context"

// changeSettings asks anew for what the set-up asked: languages, duty contacts and the service.
func (e *env) changeSettings(ctx context.Context, kept *opened) error {
	dialog, end, err := e.openOwn()
	if err != nil {
		return err
	}
	defer end()
	official, err := dialog.Choose(ctx, e.languageQuestion("setup.language", true))
	if err != nil {
		return broken(err)
	}
	person, err := e.choosePerson(ctx, dialog)
	if err != nil {
		return err
	}
	q := e.question("setup.contacts")
	if kept.settings.Contacts != "" {
		q.Text = append(q.Text, "", "("+kept.settings.Contacts+")")
	}
	contacts, err := dialog.Text(ctx, q)
	if err != nil {
		return broken(err)
	}
	if contacts == "" {
		contacts = kept.settings.Contacts
	}
	profile, err := e.ask(ctx, dialog, "setup.profile", profiles...)
	if err != nil {
		return err
	}
	kept.settings.Official, kept.settings.Person, kept.settings.Contacts, kept.settings.Profile = official, person, contacts, profile
	if err := kept.saveSettings(); err != nil {
		return err
	}
	e.options.ui, e.own = "", official
	return broken(dialog.Tell(ctx, e.question("settings.saved")))
}
