// Package session drives one interview. It is the only writer of events: it asks a Surface (a terminal form, plain
// lines, a page), turns each reply into an event, hands the interview to a Recorder and goes on only when that has made
// it durable.
//
// Start with Session.Run. What comes next and what a reply means is decided in package screening; which words are shown
// is decided by the Surface; where an interview is kept is decided by the Recorder. A mode is a different value: a
// training interview gets a Recorder that cannot reach the real store.
package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tipscreen/screening"
)

// ErrInterrupted says that the input ended, or that somebody interrupted the program, before the interview was finished.
// Everything that was acknowledged is saved, where the person agreed to a record.
var ErrInterrupted = errors.New("interrupted")

// ErrNotKept says that an answer could not be saved and the official chose not to try again.
var ErrNotKept = errors.New("the last answer is not saved")

// Surface is where the official sees and answers. It returns io.EOF when the input has ended and ErrInterrupted when the
// official broke off; it never invents a reply.
type Surface interface {
	// Ask shows a prompt and waits for the reply.
	Ask(ctx context.Context, v View) (screening.Reply, error)
	// Show shows a page and waits until the official goes on.
	Show(ctx context.Context, p Page) error
	// Code asks for the short code of this session; an empty one means that only the passphrase opens a hidden screen.
	Code(ctx context.Context) ([]byte, error)
	// Hide keeps the screen blank until the lock was opened.
	Hide(ctx context.Context, lock *Lock) error
	// NotSaved says why an answer could not be saved and asks whether to try again.
	NotSaved(ctx context.Context, err error) (again bool, failed error)
}

// Recorder keeps an interview.
type Recorder interface {
	// Keep makes every event of the interview durable before it returns. It is called only with consent to record.
	Keep(iv *screening.Interview) error
	// Finish turns the kept interview into a finished record and returns its reference.
	Finish(iv *screening.Interview) (reference string, err error)
	// Forget removes what was kept, because the person no longer agrees to a record.
	Forget() error
	// Declined counts, without anything else, an interview of which the person wanted no record.
	Declined() error
}

// View is what a Surface shows at a prompt.
type View struct {
	Prompt screening.Prompt
	// Saved is when the last answer was made durable; zero: nothing is kept (yet).
	Saved time.Time
	// Kept: the person agreed to a record. Decided: the person was asked.
	Kept, Decided bool
	Claim         bool
	// Bare: nothing is noted here, as at a counter.
	Bare bool
	// Rejected: the last reply was not one of the valid ones.
	Rejected bool
	// Told lists the items that may be marked as told unasked.
	Told []string
	// Scene is what is seen and heard in a mock interview; empty in a real one.
	Scene []string
}

// PageKind says what a page is about.
type PageKind string

// The pages.
const (
	BreakPage    PageKind = "break"
	DistressPage PageKind = "distress"
	DangerPage   PageKind = "danger"
	ClaimPage    PageKind = "claim"
	ResultPage   PageKind = "result"
	EndPage      PageKind = "end"
	// DeferredPage tells that the talk goes on at another time, and that penalties wait until then.
	DeferredPage PageKind = "deferred"
	// WellbeingPage is for the official alone, after a hard talk. Nothing of it is kept.
	WellbeingPage PageKind = "wellbeing"
)

// Page is something that the official reads before going on.
type Page struct {
	Kind PageKind
	// Assessment belongs to the result page.
	Assessment *screening.Assessment
	// Contacts belong to the danger page and the result: whom to call here.
	Contacts string
	// Reference belongs to the end page; empty: no record was kept.
	Reference string
	// Talked: the person agreed to talk, so there are answers to explain.
	Talked bool
	// Counter: the page is read while the person stands there, and closes the talk.
	Counter bool
	// Apart: somebody in the group may control the person, who is to be led away without drawing eyes.
	Apart bool
	// Wishes are what the person said that they need now.
	Wishes []string
	// Kept: an interview that was put off is on the disk and can be taken up. When is what was written about the time.
	Kept bool
	When string
	// Raised is the outcome that the official chose above the assessed one; 0: none. Penalties are those that the person
	// has met already, by name; Waits tells whether the hold stands.
	Raised    screening.Outcome
	Penalties []string
	Waits     bool
	// Heavy is how many hard interviews there were since the program started.
	Heavy int
}

// Session is one interview on one Surface.
type Session struct {
	Surface   Surface
	Recorder  Recorder
	Interview *screening.Interview
	Now       func() time.Time
	// Passphrase checks the officer's passphrase when a hidden screen is to be opened.
	Passphrase func(passphrase []byte) bool
	// Contacts are the duty contacts of this place, shown when somebody is in danger.
	Contacts string
	// Carried are events that another interview, or the check of a shift, has brought about; they open a new interview.
	Carried []screening.Event
	// Lock opens a hidden screen; without one the official is asked for the short code of this session.
	Lock *Lock
	// Brief: the end is not shown on a page of its own, because what comes next tells it. Ended then holds it.
	Brief bool
	Ended Page
	// Heavy counts the hard interviews since the program started.
	Heavy *int

	lock     *Lock
	saved    time.Time
	rejected bool
}

// Run leads through the interview to its end. The error is ErrInterrupted (wrapped) when it was broken off: it can then
// be taken up again, if the person agreed to a record.
func (s *Session) Run(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	for {
		prompt, ok := s.Interview.Next()
		switch _, deferred := s.Interview.Deferred(); {
		case ok:
			if err := s.turn(ctx, prompt); err != nil {
				return err
			}
		case deferred:
			return s.putOff(ctx)
		case s.Interview.IsExplained() || s.Interview.IsFinished():
			return s.end(ctx)
		default:
			if err := s.explain(ctx); err != nil {
				return err
			}
		}
	}
}

// begin settles the lock of this session, and what the interview starts from.
func (s *Session) begin(ctx context.Context) error {
	s.lock = s.Lock
	if s.lock == nil {
		code, err := s.Surface.Code(ctx)
		if err != nil {
			return interrupted(err)
		}
		s.lock = NewLock(code, s.Passphrase)
	}
	if len(s.Interview.Events()) > 0 {
		return s.add(ctx, screening.Event{V: screening.EventVersion, Kind: screening.Continued})
	}
	for _, event := range s.Carried {
		if err := s.add(ctx, event); err != nil {
			return err
		}
	}
	return nil
}

// turn puts one prompt and does what the reply asks for.
func (s *Session) turn(ctx context.Context, prompt screening.Prompt) error {
	reply, err := s.Surface.Ask(ctx, s.view(prompt))
	if err != nil {
		return interrupted(err)
	}
	event, err := s.Interview.Decide(prompt, reply)
	s.rejected = err != nil
	if err != nil {
		return nil // the same prompt is put again, with the notice that the reply was not valid
	}
	if err := s.add(ctx, event); err != nil {
		return err
	}
	return s.react(ctx, event)
}

func (s *Session) view(prompt screening.Prompt) View {
	v := View{Prompt: prompt, Saved: s.saved, Kept: s.Interview.MayRecord(), Decided: s.Interview.Decided("record"), Claim: s.Interview.Claim(), Bare: s.Interview.Counter(), Rejected: s.rejected}
	for _, item := range s.Interview.Told() {
		v.Told = append(v.Told, item.ID)
	}
	return v
}

// react shows what belongs to an event, after it was made durable.
func (s *Session) react(ctx context.Context, event screening.Event) error {
	kind := event.Kind
	pages := map[screening.EventKind]PageKind{
		screening.Paused: BreakPage, screening.Distress: DistressPage, screening.Danger: DangerPage, screening.Claimed: ClaimPage,
	}
	if page, ok := pages[kind]; ok {
		return interrupted(s.Surface.Show(ctx, Page{Kind: page, Contacts: s.Contacts}))
	}
	if kind == screening.Answered && strings.HasPrefix(event.Step, "rest.") && event.Value == "break" {
		return interrupted(s.Surface.Show(ctx, Page{Kind: BreakPage}))
	}
	if kind == screening.Hidden {
		return interrupted(s.Surface.Hide(ctx, s.lock))
	}
	return nil
}

// add gives an event its number and time, applies it and makes it durable.
func (s *Session) add(ctx context.Context, event screening.Event) error {
	event.Seq = len(s.Interview.Events()) + 1
	event.At = s.Now().UTC().Truncate(time.Second)
	if err := s.Interview.Apply(event); err != nil {
		return fmt.Errorf("add to the interview: %w", err)
	}
	if !s.Interview.MayRecord() {
		s.saved = time.Time{}
		return s.keep(ctx, s.forget)
	}
	return s.keep(ctx, func() error {
		err := s.Recorder.Keep(s.Interview)
		if err == nil {
			s.saved = s.Now()
		}
		return err
	})
}

// ErrNotForgotten says that a record which the person no longer wants is still there.
var ErrNotForgotten = errors.New("a record that is no longer wanted could not be removed")

func (s *Session) forget() error {
	if err := s.Recorder.Forget(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotForgotten, err)
	}
	return nil
}

// keep tries until it works or the official gives up. What is on the screen stays there meanwhile.
func (s *Session) keep(ctx context.Context, save func() error) error {
	for {
		err := save()
		if err == nil {
			return nil
		}
		again, failed := s.Surface.NotSaved(ctx, err)
		if failed != nil || !again {
			return fmt.Errorf("%w: %w", ErrNotKept, err)
		}
	}
}

// explain shows the result. That it was seen is an event, so that an interview broken off here is taken up again here.
func (s *Session) explain(ctx context.Context) error {
	assessment := s.Interview.Assess()
	page := Page{Kind: ResultPage, Assessment: &assessment, Talked: s.Interview.Consents("talk"), Contacts: s.Contacts, Apart: s.Interview.Apart(), Counter: s.Interview.Counter(), Wishes: s.Interview.Wishes()}
	if err := s.Surface.Show(ctx, page); err != nil {
		return interrupted(err)
	}
	return s.add(ctx, screening.Event{V: screening.EventVersion, Kind: screening.Explained})
}

// putOff ends the session, not the interview: it waits on the disk, if the person agreed to a record, and penalties wait
// in any case.
func (s *Session) putOff(ctx context.Context) error {
	when, _ := s.Interview.Deferred()
	return interrupted(s.Surface.Show(ctx, Page{Kind: DeferredPage, When: when, Kept: s.Interview.MayRecord(), Contacts: s.Contacts}))
}

// end finishes the record, after the official has seen the result and settled what is theirs to settle.
func (s *Session) end(ctx context.Context) error {
	if !s.Interview.IsFinished() {
		if err := s.add(ctx, screening.Event{V: screening.EventVersion, Kind: screening.Finished}); err != nil {
			return err
		}
	}
	page := Page{Kind: EndPage, Talked: s.Interview.Consents("talk"), Penalties: s.Interview.Penalties(), Waits: s.Interview.Waits()}
	page.Raised, _ = s.Interview.Raised()
	err := s.keep(ctx, func() (err error) {
		if !s.Interview.MayRecord() {
			return s.Recorder.Declined()
		}
		page.Reference, err = s.Recorder.Finish(s.Interview)
		return err
	})
	if err != nil {
		return err
	}
	s.Ended = page
	if s.Brief {
		return nil
	}
	if err := s.Surface.Show(ctx, page); err != nil || !s.Interview.Heavy() {
		return interrupted(err)
	}
	if s.Heavy == nil {
		s.Heavy = new(int)
	}
	*s.Heavy++
	return interrupted(s.Surface.Show(ctx, Page{Kind: WellbeingPage, Heavy: *s.Heavy}))
}

// interrupted marks the end of the input and the wish to leave; what else a Surface cannot do is a fault of its own.
func interrupted(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w: %w", ErrInterrupted, err)
	}
	return err
}
