package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store"
)

var errShort = errors.New("the new passphrase is too short")

func newOfficer(e *env) *cobra.Command {
	return group("officer", "Add and remove officers, change passphrases, try the recovery code",
		newOfficerAdd(e), newOfficerPassphrase(e), newOfficerRecover(e), newOfficerRemove(e), newOfficerList(e), newOfficerDrill(e))
}

func newOfficerAdd(e *env) *cobra.Command {
	var secret newSecret
	command := &cobra.Command{
		Use:   "add HANDLE",
		Short: "Give another officer a passphrase of their own",
		Long: `Adds an officer to this laptop. Officers do not see each other's interviews. The new officer's recovery code goes to
standard output, once. An officer who is there already unlocks the store; the new one chooses the passphrase.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				passphrase, err := e.newPassphrase(cmd.Context(), dialog, secret.on(kept.Enrolled()))
				if err != nil {
					return err
				}
				defer clear(passphrase)
				code, err := kept.AddOfficer(args[0], passphrase)
				return e.showCode(code, err)
			})
		},
	}
	secret.flags(command)
	return command
}

// withAside is withStore for commands that ask on standard error, because their result goes to standard output.
func (e *env) withAside(ctx context.Context, work func(*opened, session.Dialog) error) error {
	return e.withStore(ctx, func(kept *opened, _ session.Dialog) error {
		dialog, err := e.aside()
		if err != nil {
			return err
		}
		return work(kept, dialog)
	})
}

// showCode writes a recovery code, once and nowhere else.
func (e *env) showCode(code string, err error) error {
	if err != nil {
		return err
	}
	fmt.Fprintln(e.out, code)
	fmt.Fprintln(e.err, e.say("setup.code.text", nil))
	return nil
}

func newOfficerPassphrase(e *env) *cobra.Command {
	var secret newSecret
	command := &cobra.Command{
		Use:   "passphrase",
		Short: "Change your passphrase",
		Long: `Changes the passphrase of the officer who unlocks the store. Copies of the store that somebody made before still open
with the old one.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				passphrase, err := e.newPassphrase(cmd.Context(), dialog, secret.on(kept.Enrolled()))
				if err != nil {
					return err
				}
				defer clear(passphrase)
				if err := kept.SetPassphrase(kept.handle, passphrase); err != nil {
					return err
				}
				fmt.Fprintln(e.err, e.say("officer.passphrase.done", nil))
				return nil
			})
		},
	}
	secret.flags(command)
	return command
}

func newOfficerRecover(e *env) *cobra.Command {
	var secret newSecret
	command := &cobra.Command{
		Use:   "recover",
		Short: "Choose a new passphrase with the recovery code",
		Long: `Opens the store with the recovery code on paper, takes a new passphrase and gives a new recovery code on standard
output, once; the old code is void. --officer sets a new handle; otherwise the handle stays.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.recover(cmd.Context(), &secret) },
	}
	secret.flags(command)
	return command
}

func (e *env) recover(ctx context.Context, secret *newSecret) (err error) {
	options, err := e.storeOptions()
	if err != nil {
		return err
	}
	if !store.Exists(options.Dir) {
		return store.ErrNoStore
	}
	dialog, err := e.aside()
	if err != nil {
		return err
	}
	code, err := dialog.Secret(ctx, e.question("officer.code"))
	if err != nil {
		return broken(err)
	}
	defer clear(code)
	s, damage := store.OpenWithRecovery(options, string(code))
	if errors.Is(damage, store.ErrWrongPassphrase) {
		return fmt.Errorf("%w: %w", errCodeElsewhere, damage)
	}
	if s == nil {
		return damage
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if damage != nil {
		e.report(damage)
	}
	handle := e.options.officer
	if handle == "" {
		handle = s.Handle()
	}
	if handle == "" {
		if handle, err = dialog.Text(ctx, e.question("setup.officer")); err != nil {
			return broken(err)
		}
	}
	passphrase, err := e.newPassphrase(ctx, dialog, secret.on(s.Enrolled()))
	if err != nil {
		return err
	}
	defer clear(passphrase)
	if err := s.SetPassphrase(handle, passphrase); err != nil {
		return err
	}
	if err := e.showCode(s.NewRecoveryCode()); err != nil {
		return err
	}
	return quietDamage(damage)
}

func newOfficerRemove(e *env) *cobra.Command {
	var sure bool
	command := &cobra.Command{
		Use:   "remove HANDLE",
		Short: "Take another officer's access away",
		Long: `Removes the passphrase and the recovery code of another officer from this laptop. What only that officer could read
stays sealed for good: let drafts be finished or exported first.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				if !sure {
					answer, err := e.ask(cmd.Context(), dialog, "officer.remove", "keep", "remove")
					if err != nil || answer != "remove" {
						return err
					}
				}
				if err := kept.RemoveOfficer(args[0]); err != nil {
					return err
				}
				fmt.Fprintln(e.err, e.say("officer.remove.done", nil))
				return nil
			})
		},
	}
	command.Flags().BoolVar(&sure, "yes", false, "do not ask again")
	return command
}

func newOfficerList(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: "List the officers of this laptop",
		Long: `Lists the handles. They are kept sealed, so only an officer can see them.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if asJSON {
					return e.writeJSON(kept.Officers())
				}
				for _, handle := range kept.Officers() {
					fmt.Fprintln(e.out, handle)
				}
				return nil
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func newOfficerDrill(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "drill",
		Short: "Try the recovery code without changing anything",
		Long: `Asks for the recovery code on paper and says whether it would open the store. Nothing is opened, changed or logged, so
it can be done every month.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options, err := e.storeOptions()
			if err != nil {
				return err
			}
			dialog, err := e.aside()
			if err != nil {
				return err
			}
			code, err := dialog.Secret(cmd.Context(), e.question("officer.code"))
			if err != nil {
				return broken(err)
			}
			defer clear(code)
			if err := store.Drill(options.Dir, string(code)); errors.Is(err, store.ErrWrongPassphrase) {
				return fmt.Errorf("%w: %w", errCodeElsewhere, err)
			} else if err != nil {
				return err
			}
			fmt.Fprintln(e.out, e.say("officer.drill.done", nil))
			return nil
		},
	}
}

// errCodeElsewhere says that a code is well formed but not, or no longer, of this store.
var errCodeElsewhere = errors.New("the code does not open this store")
