package store

import (
	"bytes"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"tipscreen/store/seal"
)

// TestAllegation: sealed when it is entered, read by the oversight alone, the same from outside as none.
func TestAllegation(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, true)
	s := reopen(t, o)
	with, without, early, replaced := draft(t, s, 2), draft(t, s, 2), draft(t, s, 0), draft(t, s, 1)
	said := func(d *Draft, text string) {
		t.Helper()
		if err := d.Allege([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	said(with, strings.Repeat("canary officer at the bridge ", 200))
	said(early, "canary before the first answer")
	if _, saved := s.marks[early.record.ID]; saved {
		t.Error("an allegation made a row before anything was to be kept")
	}
	save(t, early, 2)
	said(replaced, "canary first")
	said(replaced, "canary second")
	if err := with.Allege(make([]byte, MaxAllegation+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	closeStore(t, s)
	s = reopen(t, o)
	_, got, err := s.OpenDraft(with.ID())
	if err != nil || !bytes.Equal(got, snapshot(with, 2)) {
		t.Errorf("the draft after it: %q %v", got, err)
	}
	sizes(t, s.db, "SELECT count(DISTINCT length(body)) FROM draft")
	want := map[string]string{with.ID(): strings.Repeat("canary officer at the bridge ", 200), without.ID(): "", early.ID(): "canary before the first answer", replaced.ID(): "canary second"}
	for id, text := range want {
		d, _, err := s.OpenDraft(id)
		if err != nil {
			t.Fatal(err)
		}
		save(t, d, 3)
		finish(t, d)
		sealed := handover(t, s, id)[3]
		got, err := h.open(t, id, Allegation, seal.Oversight, sealed)
		if got != text || text == "" && !errors.Is(err, ErrAbsent) {
			t.Errorf("%q %v", got, err)
		}
		for _, part := range seal.Compartments() {
			got, err := s.ReadRecord(id, part)
			if strings.Contains(string(got), "bridge") || part == Allegation && !errors.Is(err, ErrSealed) {
				t.Errorf("the officer reads %s: %q %v", part, got, err)
			}
		}
	}
	sizes(t, s.db, "SELECT count(DISTINCT length(body)) FROM part WHERE kind = 19")
	if log := logKinds(t, s); strings.Contains(log, "alleg") || strings.Count(log, " ") != 1+2*len(want)+len(want) {
		t.Errorf("the log tells: %s", log)
	}
	sound(t, s)
}

func sizes(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	var n int
	if err := db.QueryRow(query).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d sizes, %v", n, err)
	}
}

// TestNoOversight: an allegation that nobody could receive is refused; the part is there all the same.
func TestNoOversight(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, false)
	s := reopen(t, o)
	d := draft(t, s, 1)
	if err := d.Allege([]byte("x")); !errors.Is(err, ErrNoOversight) {
		t.Errorf("%v", err)
	}
	if err := d.Finish(nil, map[string][]byte{Allegation: []byte("x")}); !errors.Is(err, ErrPart) {
		t.Errorf("as a part: %v", err)
	}
	finish(t, d)
	sealed := handover(t, s, d.ID())[3]
	for role := range h.identities {
		if _, err := h.open(t, d.ID(), Allegation, role, sealed); !errors.Is(err, seal.ErrCannotOpen) {
			t.Errorf("%s opens the dummy: %v", role, err)
		}
	}
	// The same size as where there is an oversight.
	o2, _, _ := enrolled(t, true)
	s2 := reopen(t, o2)
	other := handover(t, s2, agencyRecord(t, s2))[3]
	if len(other) != len(sealed) {
		t.Errorf("%d and %d bytes", len(other), len(sealed))
	}
	alone, _ := create(t)
	if err := draft(t, reopen(t, alone), 1).Allege([]byte("x")); !errors.Is(err, ErrNoOversight) {
		t.Errorf("alone: %v", err)
	}
}
