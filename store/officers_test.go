package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	secondHandle = "Second Canary-Officer"
	secondPass   = "another canary passphrase"
)

// second adds another officer and opens the store as that one.
func second(t testing.TB, o Options) (s *Store, code string) {
	t.Helper()
	s = reopen(t, o)
	code, err := s.AddOfficer(secondHandle, []byte(secondPass))
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if s, err = Open(o, secondHandle, []byte(secondPass)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, code
}

// TestTwoOfficers: each sees and opens only what is theirs.
func TestTwoOfficers(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	first := draft(t, s, 2)
	done := draft(t, s, 1)
	finish(t, done)
	closeStore(t, s)
	s, code := second(t, o)
	if got := s.Officers(); !slices.Equal(got, []string{testHandle, secondHandle}) {
		t.Errorf("officers: %q", got)
	}
	own := draft(t, s, 1)
	if drafts, err := s.Drafts(); err != nil || len(drafts) != 1 || drafts[0].ID != own.ID() {
		t.Errorf("drafts: %v %v", drafts, err)
	}
	if records, err := s.Records("", 9); err != nil || len(records) != 0 {
		t.Errorf("records: %v %v", records, err)
	}
	if _, _, err := s.OpenDraft(first.ID()); !errors.Is(err, ErrNotFound) {
		t.Errorf("another's draft: %v", err)
	}
	if _, err := s.ReadRecord(done.ID(), Protection); !errors.Is(err, ErrNotFound) {
		t.Errorf("another's record: %v", err)
	}
	for _, id := range []string{first.ID(), done.ID()} {
		if err := s.Erase(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("erasing another's: %v", err)
		}
	}
	if r := sound(t, s); r.Unchecked != 2 || r.Drafts != 2 {
		t.Errorf("report: %+v", r)
	}
	closeStore(t, s)
	s = reopen(t, o)
	if _, got, err := s.OpenDraft(first.ID()); err != nil || !bytes.Equal(got, snapshot(first, 2)) {
		t.Errorf("%q %v", got, err)
	}
	if _, _, err := s.OpenDraft(own.ID()); !errors.Is(err, ErrNotFound) {
		t.Errorf("the second's draft: %v", err)
	}
	closeStore(t, s)
	s, err := OpenWithRecovery(o, code)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, _, err := s.OpenDraft(own.ID()); err != nil || s.Handle() != secondHandle {
		t.Errorf("by code: %v, %q", err, s.Handle())
	}
	if got, want := logKinds(t, s), "created begun begun finished officer_added begun recovery_used"; got != want {
		t.Errorf("log: %q", got)
	}
}

func TestOfficersRefused(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	for name, c := range map[string]struct {
		handle, passphrase string
		want               error
	}{
		"same":  {strings.ToUpper(" " + testHandle), "x", ErrHandleTaken},
		"empty": {"nobody", " ", ErrEmptyPassphrase},
		"none":  {" ", "x", nil},
		"long":  {strings.Repeat("ก", 30), "x", nil},
	} {
		if _, err := s.AddOfficer(c.handle, []byte(c.passphrase)); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.RemoveOfficer(testHandle); !errors.Is(err, ErrOwnSlot) {
		t.Errorf("oneself: %v", err)
	}
	if err := s.RemoveOfficer("nobody"); !errors.Is(err, ErrNoOfficer) {
		t.Errorf("nobody: %v", err)
	}
	for i := range 7 {
		if _, err := s.AddOfficer(fmt.Sprint("officer ", i), []byte("some passphrase")); err != nil {
			t.Fatal(i, err)
		}
	}
	if _, err := s.AddOfficer("the ninth", []byte("some passphrase")); !errors.Is(err, ErrTooManyOfficers) {
		t.Errorf("the ninth: %v", err)
	}
	if err := s.SetPassphrase("officer 3", []byte("x")); !errors.Is(err, ErrHandleTaken) {
		t.Errorf("another's handle: %v", err)
	}
	if got := logKinds(t, s); got != "created"+strings.Repeat(" officer_added", 7) {
		t.Errorf("log: %q", got)
	}
	sound(t, s)
	closeStore(t, s)
	s, err := Open(o, "OFFICER 6", []byte("some passphrase"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(s.Officers()) != 8 {
		t.Errorf("%q", s.Officers())
	}
}

// TestOfficerRemoved: neither the passphrase nor the code opens, and the disk names nobody.
func TestOfficerRemoved(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s, code := second(t, o)
	d := draft(t, s, 1)
	closeStore(t, s)
	if err := Drill(o.Dir, code); err != nil {
		t.Errorf("drill: %v", err)
	}
	s = reopen(t, o)
	if err := s.RemoveOfficer(" second canary-OFFICER"); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if _, err := Open(o, secondHandle, []byte(secondPass)); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("passphrase: %v", err)
	}
	if err := Drill(o.Dir, code); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("code: %v", err)
	}
	s = reopen(t, o)
	if drafts, err := s.Drafts(); err != nil || len(drafts) != 0 {
		t.Errorf("%v %v", drafts, err)
	}
	if _, _, err := s.OpenDraft(d.ID()); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
	again, err := s.AddOfficer(secondHandle, []byte(secondPass))
	if err != nil || Drill(o.Dir, again) != nil {
		t.Errorf("added again: %v", err)
	}
	sound(t, s)
	for _, name := range []string{ringName, dbName, witnessName} {
		b, err := os.ReadFile(filepath.Join(o.Dir, name))
		if err != nil || bytes.Contains(bytes.ToLower(b), []byte("canary")) {
			t.Errorf("%s names somebody: %v", name, err)
		}
	}
}

// TestDrillChangesNothing compares every byte before and after.
func TestDrillChangesNothing(t *testing.T) {
	t.Parallel()
	o, code := create(t)
	s := reopen(t, o)
	draft(t, s, 1)
	before, err := os.ReadFile(filepath.Join(o.Dir, ringName))
	if err != nil {
		t.Fatal(err)
	}
	kinds := logKinds(t, s)
	for c, want := range map[string]error{code: nil, strings.ToLower(code): nil, "0000": ErrCode} {
		if err := Drill(o.Dir, c); !errors.Is(err, want) {
			t.Errorf("%q: %v", c, err)
		}
	}
	if err := Drill(t.TempDir(), code); !errors.Is(err, ErrNoStore) {
		t.Errorf("no store: %v", err)
	}
	after, _ := os.ReadFile(filepath.Join(o.Dir, ringName))
	if !bytes.Equal(before, after) || kinds != logKinds(t, s) {
		t.Error("the drill changed something")
	}
}

// TestFailedRingChange: when keys.bin cannot be replaced, the old one stays, in memory too.
func TestFailedRingChange(t *testing.T) {
	t.Parallel()
	o, code := create(t)
	s := reopen(t, o)
	broken := true
	s.files.sync = func(f *os.File) error {
		if broken && strings.HasSuffix(f.Name(), ringName+".new") {
			return errors.New("the disk fails")
		}
		return f.Sync()
	}
	if _, err := s.AddOfficer(secondHandle, []byte(secondPass)); err == nil {
		t.Fatal("no error")
	}
	broken = false
	if len(s.Officers()) != 1 {
		t.Errorf("%q", s.Officers())
	}
	if err := s.SetPassphrase("new name", []byte(testPass)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if _, err := Open(o, secondHandle, []byte(secondPass)); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("the officer who was not added: %v", err)
	}
	s, err := Open(o, "New Name", []byte(testPass))
	if err != nil || s.Handle() != "new name" {
		t.Fatal(err)
	}
	closeStore(t, s)
	if err := Drill(o.Dir, code); err != nil {
		t.Error(err)
	}
}
