package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/locales"
	"tipscreen/screening"
	"tipscreen/store"
)

type screenOptions struct {
	plan, person string
}

func newScreen(e *env) *cobra.Command {
	o := &screenOptions{}
	command := &cobra.Command{
		Use:   "screen",
		Short: "Interview somebody",
		Long: `Leads through an interview by a plan: full is the private interview, checkpoint the short look at a counter.
With --line every prompt begins with its id in brackets and takes one line. --card shows the person what is asked on a page of
this laptop, in large letters of the right script; with --hand-over the person can answer a part alone. --page leads the interview on such a page, for officials whose script a
terminal garbles. --from-paper keys in what somebody answered on printed cards (tipscreen card print).
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runScreen(cmd.Context(), e, o) },
	}
	command.Flags().StringVar(&o.plan, "plan", "full", "full or checkpoint, or a plan of the agency")
	command.Flags().StringVar(&o.person, "person", "", "language of the person, as th")
	e.beside.flags(command)
	return command
}

func runScreen(ctx context.Context, e *env, o *screenOptions) error {
	return e.withStore(ctx, func(kept *opened, dialog session.Dialog) error {
		return e.screen(ctx, kept, o.plan, o.person)
	})
}

// withStore unlocks the store, does the work and closes the store. A repaired damage is told before, and ends the
// program with its exit code.
func (e *env) withStore(ctx context.Context, work func(*opened, session.Dialog) error) error {
	dialog, end, err := e.asking()
	if err != nil {
		return err
	}
	kept, damage := e.unlock(ctx, dialog)
	end()
	if kept == nil {
		return damage
	}
	defer kept.Close()
	e.check = func(passphrase []byte) bool { return kept.Check(kept.handle, passphrase) }
	defer func() { e.check = nil }()
	if damage != nil {
		e.report(damage)
	}
	if kept.settings.Official != "" {
		e.own = kept.settings.Official
	}
	if _, err := e.ownWords(""); err != nil {
		return err
	}
	if err := work(kept, dialog); err != nil {
		return err
	}
	return quietDamage(damage)
}

// toldDamage is a damage that was already reported.
type toldDamage struct{ error }

func (t toldDamage) Unwrap() error { return t.error }

func quietDamage(damage error) error {
	if damage == nil {
		return nil
	}
	return toldDamage{damage}
}

// asking gives a dialog for the time before the store is open.
func (e *env) asking() (session.Dialog, func(), error) {
	if e.onTerminal() {
		return e.openOwn()
	}
	dialog, err := e.aside()
	return dialog, func() {}, err
}

// screen begins an interview.
func (e *env) screen(ctx context.Context, kept *opened, plan, person string) error {
	data, err := e.data()
	if err != nil {
		return err
	}
	official := e.language(e.catalog().Languages())
	if person == "" {
		person = kept.settings.Person
	}
	if person == "" {
		person = official
	}
	setup, err := e.newSetupFor(data, plan, official, person)
	if err != nil {
		return err
	}
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		return err
	}
	return e.interview(ctx, kept, iv, &shelf{store: kept.Store})
}

// interview runs one interview to its end, or until it is broken off.
func (e *env) interview(ctx context.Context, kept *opened, iv *screening.Interview, recorder *shelf) error {
	setup := iv.Setup()
	official := e.options.ui
	if official == "" {
		official = setup.OfficialLanguage
	}
	words, err := wording.New(e.catalog(), official, setup.PersonLanguage)
	if err != nil {
		return languageError(err)
	}
	if unsayable, err := words.Complete(setup); err != nil {
		if len(unsayable) == 0 || len(iv.Events()) == 0 {
			return err
		}
		// The words of some items went away while the interview lay unfinished. It goes on without asking them.
		iv.LeaveOut(unsayable)
		fmt.Fprintln(e.err, "tipscreen: "+e.say("resume.unsayable", map[string]any{"N": len(unsayable)}))
	}
	shown, end, err := e.openInterview(words, iv, recorder)
	if err != nil {
		return err
	}
	defer end()
	run := session.Session{
		Surface: shown, Recorder: recorder, Interview: iv, Now: e.now, Contacts: kept.settings.Contacts,
		Passphrase: e.check,
	}
	err = run.Run(ctx)
	if errors.Is(err, session.ErrInterrupted) && recorder.draft == nil && !iv.IsFinished() {
		return fmt.Errorf("%w: %w", errNothingKept, err)
	}
	return err
}

// languageError makes a language that does not exist a mistake of the call.
func languageError(err error) error {
	if errors.Is(err, locales.ErrUnknownLanguage) {
		return usageError{err}
	}
	return err
}

// storeDrafts lists the unfinished interviews of this officer.
func storeDrafts(s *store.Store) ([]store.DraftInfo, error) {
	drafts, err := s.Drafts()
	if err == nil && len(drafts) == 0 {
		err = errNoDraft
	}
	return drafts, err
}
