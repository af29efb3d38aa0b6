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
	earlier      string // the reference of a record whose answers are not asked again
}

func newScreen(e *env) *cobra.Command {
	o := &screenOptions{}
	command := &cobra.Command{
		Use:   "screen",
		Short: "Interview somebody",
		Long: `Leads through an interview by a plan: full is the private interview, checkpoint the short look at a counter, one
person after the other; child, on-return and embassy are private interviews for those.
With --earlier ID the answers of a record that this laptop may read are taken over and not asked again.
With --line every prompt begins with its id in brackets and takes one line. --card shows the person what is asked on a page of
this laptop, in large letters of the right script; with --hand-over the person can answer a part alone. --page leads the
interview on such a page, for officials whose script a terminal garbles. --from-paper keys in what somebody answered on
printed cards (tipscreen card print).
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runScreen(cmd.Context(), e, o) },
	}
	command.Flags().StringVar(&o.plan, "plan", "full", "full, checkpoint, child, on-return or embassy, or a plan of the agency")
	command.Flags().StringVar(&o.person, "person", "", "language of the person, as th")
	command.Flags().StringVar(&o.earlier, "earlier", "", "id of an earlier record of the same person")
	e.beside.flags(command)
	return command
}

func runScreen(ctx context.Context, e *env, o *screenOptions) error {
	return e.withStore(ctx, func(kept *opened, _ session.Dialog) error {
		return e.screen(ctx, kept, o)
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

// screen begins an interview, or at a counter one after the other.
func (e *env) screen(ctx context.Context, kept *opened, o *screenOptions) error {
	setup, err := e.setupFor(kept, o)
	if err != nil {
		return err
	}
	var carried []screening.Event
	if o.earlier != "" {
		if carried, err = e.earlierEvents(kept, setup, o.earlier); err != nil {
			return err
		}
	}
	desk, end, err := e.openDesk(kept, setup)
	if err != nil {
		return err
	}
	defer end()
	if len(screening.ShiftChecks(setup.Plan)) > 0 {
		return desk.shift(ctx, setup, carried)
	}
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		return err
	}
	_, err = desk.interview(ctx, iv, &shelf{store: kept.Store}, carried)
	return err
}

// setupFor prepares an interview in the languages that were asked for, or that are set.
func (e *env) setupFor(kept *opened, o *screenOptions) (*screening.Setup, error) {
	data, err := e.data()
	if err != nil {
		return nil, err
	}
	official, person := e.language(e.catalog().Languages()), o.person
	if person == "" {
		person = kept.settings.Person
	}
	if person == "" {
		person = official
	}
	setup, err := e.newSetupFor(data, o.plan, official, person)
	if err != nil {
		return nil, err
	}
	setup.Profile = kept.settings.Profile
	return setup, nil
}

// earlierEvents reads what an earlier record has of the person's answers; the reading is logged like any other.
func (e *env) earlierEvents(kept *opened, setup *screening.Setup, id string) ([]screening.Event, error) {
	parts, err := kept.parts(id)
	if err != nil {
		return nil, err
	}
	var events []screening.Event
	for _, part := range parts {
		events = append(events, part.Events...)
	}
	return screening.EarlierEvents(setup.Data, events, id), nil
}

// desk is where interviews are held: a store, a Surface in two languages, and the lock of the session.
type desk struct {
	*env
	kept  *opened
	shown surface
	lock  *session.Lock
	// held and recorder belong to the interview that is held just now.
	held     *screening.Interview
	recorder *shelf
	brief    bool // the end of an interview is told by what comes next
}

// openDesk opens a Surface on which interviews by this setup can be held. Every word that they can need is there, or it
// fails before anything was asked.
func (e *env) openDesk(kept *opened, setup *screening.Setup) (*desk, func(), error) {
	words, err := e.interviewWords(setup)
	if err != nil {
		return nil, nil, err
	}
	if _, err := words.Complete(setup); err != nil {
		return nil, nil, err
	}
	d := &desk{env: e, kept: kept}
	end, err := d.open(words, setup)
	return d, end, err
}

// open puts up the Surface, with what stands beside it.
func (d *desk) open(words *wording.Words, setup *screening.Setup) (end func(), err error) {
	d.shown, end, err = d.openInterview(words, setup, func() (*screening.Interview, *shelf) { return d.held, d.recorder })
	return end, err
}

func (e *env) interviewWords(setup *screening.Setup) (*wording.Words, error) {
	official := e.options.ui
	if official == "" {
		official = setup.OfficialLanguage
	}
	words, err := wording.New(e.catalog(), official, setup.PersonLanguage)
	return words, languageError(err)
}

// interview runs one interview to its end, or until it is broken off.
func (d *desk) interview(ctx context.Context, iv *screening.Interview, recorder *shelf, carried []screening.Event) (session.Page, error) {
	d.held, d.recorder = iv, recorder
	run := session.Session{
		Surface: d.shown, Recorder: recorder, Interview: iv, Now: d.now, Contacts: d.kept.settings.Contacts,
		Passphrase: d.check, Carried: carried, Lock: d.lock, Brief: d.brief, Heavy: &d.heavy,
	}
	err := run.Run(ctx)
	if errors.Is(err, session.ErrInterrupted) && recorder.draft == nil && !iv.IsFinished() {
		err = fmt.Errorf("%w: %w", errNothingKept, err)
	}
	return run.Ended, err
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
