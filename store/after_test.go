package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/store/seal"
)

func composeTest(about string) (stub, protection []byte, err error) {
	return []byte("canary about " + about[:8]), []byte("canary content about " + about), nil
}

func TestAddendum(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 1)
	if _, err := s.Addendum(d.ID(), composeTest); !errors.Is(err, ErrNotFound) {
		t.Errorf("to a draft: %v", err)
	}
	finish(t, d)
	id, err := s.Addendum(d.ID()[:8], composeTest)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.ReadRecord(id, Protection); err != nil || string(got) != "canary content about "+d.ID() {
		t.Errorf("%q %v", got, err)
	}
	if err := errors.Join(s.NoteReadableFile(id), s.NoteReadableFile(d.ID())); err != nil {
		t.Fatal(err)
	}
	if log := logKinds(t, s); log != "created begun finished begun finished addendum read file_written file_written" {
		t.Errorf("log: %s", log)
	}
	sound(t, s)

	o, h, _ := enrolled(t, false)
	s = reopen(t, o)
	about := agencyRecord(t, s)
	if id, err = s.Addendum(about, composeTest); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ReadRecord(id, Protection); !errors.Is(err, ErrSealed) {
		t.Errorf("read here: %v", err)
	}
	if got, err := h.open(t, id, Protection, Protection, handover(t, s, id)[0]); err != nil || got != "canary content about "+about {
		t.Errorf("%q %v", got, err)
	}
	sound(t, s)
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, false)
	s := reopen(t, o)
	left := agencyRecord(t, s)
	plan(t, s, 1)
	open, here := draft(t, s, 1).ID(), agencyRecord(t, s)
	for _, id := range []string{open, here} {
		if request, err := s.Withdraw(id[:8], composeTest); err != nil || request != "" {
			t.Errorf("%q %v", request, err)
		}
	}
	request, err := s.Withdraw(left, composeTest)
	if err != nil || request == "" {
		t.Fatal(request, err)
	}
	if got, err := h.open(t, request, Protection, Protection, handover(t, s, request)[0]); err != nil || !strings.HasSuffix(got, left) {
		t.Errorf("%q %v", got, err)
	}
	if r := sound(t, s); r.Records != 1 || r.Drafts != 0 || r.KeyFiles != 0 {
		t.Errorf("%+v", r)
	}
	// The row number of a record that went must not pass its receipt on.
	h.receipted(t, s, seal.Opened, request)
	if err := s.Erase(request); err != nil {
		t.Fatal(err)
	}
	next := agencyRecord(t, s)
	rid, _ := seal.ParseID(next)
	if step, err := s.departure(rid); err != nil || step != Here {
		t.Errorf("%v %v", step, err)
	}
	sound(t, s)
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 1)
	finish(t, d)
	if err := s.HandOver(d.ID()); !errors.Is(err, ErrNotAgency) {
		t.Errorf("alone: %v", err)
	}
	h := newHQ(t, true)
	if err := s.Enrol(h.sign(t, 1)); err != nil {
		t.Fatal(err)
	}
	if err := s.HandOver(d.ID()[:8]); err != nil {
		t.Fatal(err)
	}
	unreadable(t, s, d.ID())
	if err := s.HandOver(d.ID()); !errors.Is(err, ErrSealed) {
		t.Errorf("again: %v", err)
	}
	parts := handover(t, s, d.ID())
	if got, err := h.open(t, d.ID(), Investigation, Investigation, parts[2]); err != nil || got != "canary investigation" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := h.open(t, d.ID(), Allegation, seal.Oversight, parts[3]); !errors.Is(err, ErrAbsent) {
		t.Errorf("%v", err)
	}
	sound(t, s)
	closeStore(t, s)
	sound(t, reopen(t, o))
}

func TestRetention(t *testing.T) {
	t.Parallel()
	o, h, clock := enrolled(t, false)
	s := reopen(t, o)
	old, left, arrived := agencyRecord(t, s), agencyRecord(t, s), agencyRecord(t, s)
	h.receipted(t, s, seal.Opened, old)
	h.receipted(t, s, seal.Arrived, old, arrived) // a record never goes back a step
	waiting, open := agencyRecord(t, s), draft(t, s, 1).ID()
	closeStore(t, s)
	*clock = clock.Add(31 * 24 * time.Hour)
	s = reopen(t, o)
	young := agencyRecord(t, s)
	h.receipted(t, s, seal.Opened, young)
	for _, look := range []bool{true, false} {
		r, err := s.Retain(look)
		if err != nil || !slices.Equal(r.Removed, []string{old}) || r.Waiting != 3 || r.Young != 1 || r.Drafts != 1 || r.Days != 30 {
			t.Errorf("%+v %v", r, err)
		}
	}
	if r := sound(t, s); r.Records != 4 || r.Drafts != 1 {
		t.Errorf("%+v", r)
	}
	for _, id := range []string{waiting, left, arrived, young, open} {
		if _, err := s.findEither(id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if log := logKinds(t, s); !strings.HasSuffix(log, "erased retention") {
		t.Errorf("log: %s", log)
	}
}

// TestRetentionAfterAJump: nothing goes until somebody confirms the date, however often the store is opened.
func TestRetentionAfterAJump(t *testing.T) {
	t.Parallel()
	for name, moves := range map[string][]time.Duration{
		"ahead": {400 * 24 * time.Hour}, "back": {31 * 24 * time.Hour, -2 * time.Hour}, "ahead, and then on": {400 * 24 * time.Hour, time.Hour, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, h, clock := enrolled(t, false)
			s := reopen(t, o)
			h.receipted(t, s, seal.Opened, agencyRecord(t, s))
			for _, move := range moves {
				closeStore(t, s)
				*clock = clock.Add(move)
				s = reopen(t, o)
			}
			if !s.ClockJumped() {
				t.Error("not noticed")
			}
			if r, err := s.Retain(false); !errors.Is(err, ErrClock) || len(r.Removed) > 0 {
				t.Errorf("%+v %v", r, err)
			}
			if err := s.ConfirmClock(); err != nil {
				t.Fatal(err)
			}
			closeStore(t, s)
			s = reopen(t, o)
			if r, err := s.Retain(false); err != nil || len(r.Removed) != 1 {
				t.Errorf("%+v %v", r, err)
			}
			sound(t, s)
		})
	}
	o, _ := create(t)
	if _, err := reopen(t, o).Retain(false); !errors.Is(err, ErrNotAgency) {
		t.Errorf("alone: %v", err)
	}
}

func TestFailedUnlocksAreCounted(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	for range 3 {
		if _, err := Open(o, testHandle, []byte("wrong")); !errors.Is(err, ErrWrongPassphrase) {
			t.Fatal(err)
		}
	}
	s := reopen(t, o)
	if n := s.FailedUnlocks(); n != 3 {
		t.Errorf("%d", n)
	}
	closeStore(t, s)
	if n := reopen(t, o).FailedUnlocks(); n != 0 {
		t.Errorf("%d after a good one", n)
	}
	o, code := create(t)
	if err := os.WriteFile(filepath.Join(o.Dir, triesName), []byte("-999999999999999999999"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenWithRecovery(o, code)
	if err != nil || s.FailedUnlocks() != 0 {
		t.Errorf("%v", err)
	}
	closeStore(t, s)
}

// TestVerifyNew goes on where the last check ended, and still notices what matters.
func TestVerifyNew(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	for range 3 {
		finish(t, draft(t, s, 1))
	}
	check := func(s *Store, entries, before int) {
		t.Helper()
		r, err := s.VerifyNew()
		if err != nil || !r.OK() || r.LogEntries != entries || r.Before != before || r.Records < 3 {
			t.Errorf("%+v %v", r, err)
		}
	}
	check(s, 7, 0)
	check(s, 0, 7)
	finish(t, draft(t, s, 1))
	closeStore(t, s)
	s = reopen(t, o)
	check(s, 2, 7)
	closeStore(t, s)
	hurt := image(t, o)
	withSQL(t, hurt, "UPDATE log SET body = (SELECT body FROM log WHERE seq = 2) WHERE seq = 9")
	s = reopen(t, hurt)
	if r, err := s.VerifyNew(); err != nil || r.OK() {
		t.Errorf("the last verified entry changed: %+v %v", r, err)
	}
	hurt = image(t, o)
	withSQL(t, hurt, "UPDATE log SET body = (SELECT body FROM log WHERE seq = 2) WHERE seq = 3")
	s = reopen(t, hurt)
	if r, err := s.Verify(); err != nil || r.OK() {
		t.Errorf("an old entry changed: %+v %v", r, err)
	}
}
