package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestNothingReadable looks for everything that was typed, in every file, while the store is open and afterwards.
func TestNothingReadable(t *testing.T) {
	t.Parallel()
	o, code := create(t)
	s := reopen(t, o)
	d := draft(t, s, 3)
	finish(t, draft(t, s, 2))
	if err := errors.Join(s.SetState("canary key", []byte("canary value")), s.Tally("canary_kind")); err != nil {
		t.Fatal(err)
	}
	search := func() { t.Helper(); searchFolder(t, o, code, strings.ReplaceAll(code, "-", "")) }
	search()
	save(t, d, 4)
	closeStore(t, s)
	search()
}

// TestRecordFilesEqual: what is in a record does not show in sizes, unless it is long.
func TestRecordFilesEqual(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	for _, parts := range []map[string][]byte{nil, {Protection: []byte("a"), Identity: []byte("b"), Investigation: []byte("c"), Allegation: bytes.Repeat([]byte("d"), MaxAllegation)}} {
		if err := draft(t, s, 1).Finish([]byte("stub"), parts); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, s)
	db := rawDB(t, o)
	for kind := range 4 {
		var sizes int
		if err := db.QueryRow("SELECT count(DISTINCT length(body)) FROM part WHERE kind = ?", kind).Scan(&sizes); err != nil || sizes != 1 {
			t.Errorf("part %d: %d sizes, %v", kind, sizes, err)
		}
	}
}

// searchFolder looks for everything that tests type, in every file.
func searchFolder(t *testing.T, o Options, codes ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(o.Dir, func(path string, e os.DirEntry, err error) error {
		info, ierr := e.Info()
		if err != nil || ierr != nil {
			return errors.Join(err, ierr)
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s: mode %o", e.Name(), mode)
		}
		if e.IsDir() {
			return nil
		}
		b, err := os.ReadFile(path)
		files++
		low := bytes.ToLower(b)
		for _, canary := range append([]string{"canary", "officer", "AGE-SECRET", "protection", "investigation", "en-us"}, codes...) {
			if bytes.Contains(low, bytes.ToLower([]byte(canary))) {
				t.Errorf("%s holds %q", e.Name(), canary)
			}
		}
		return err
	})
	if err != nil || files < 6 {
		t.Fatalf("%d files, %v", files, err)
	}
}

// TestNothingReadableEnrolled does the same with an agency, two officers, an allegation and a held record.
func TestNothingReadableEnrolled(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, true)
	s, code := second(t, o)
	d := draft(t, s, 2)
	if err := d.Allege([]byte("canary at the bridge")); err != nil {
		t.Fatal(err)
	}
	id := agencyRecord(t, s)
	searchFolder(t, o, code)
	if _, err := s.Addendum(id, composeTest); err != nil {
		t.Fatal(err)
	}
	finish(t, d)
	searchFolder(t, o, code)
	closeStore(t, s)
	searchFolder(t, o, code)
	file, _, err := ExportUnfinished(o)
	if err != nil || bytes.Contains(bytes.ToLower(file), []byte("canary")) {
		t.Errorf("the export can be read: %v", err)
	}
}

// TestErasedWhileHeld: a record that is erased before its sheets are done leaves no key, no row and no later entry.
func TestErasedWhileHeld(t *testing.T) {
	t.Parallel()
	o, _, clock := enrolled(t, false)
	s := reopen(t, o)
	id := agencyRecord(t, s)
	if err := s.Erase(id); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	*clock = clock.Add(30 * time.Hour)
	s = reopen(t, o)
	if log := logKinds(t, s); !strings.HasSuffix(log, "finished erased") {
		t.Errorf("log: %s", log)
	}
	if r := sound(t, s); r.Records != 0 || r.KeyFiles != 0 {
		t.Errorf("%+v", r)
	}
}

// TestDestroy takes every key, also while the store is open and when it is done twice.
func TestDestroy(t *testing.T) {
	t.Parallel()
	o, code := create(t)
	s := reopen(t, o)
	finish(t, draft(t, s, 1))
	d := draft(t, s, 1)
	if lost, err := Destroy(o.Dir, true); err != nil || lost != (Destroyed{Keys: 2, Drafts: 1}) {
		t.Errorf("%+v %v", lost, err)
	}
	save(t, d, 2) // looking changed nothing
	for range 2 {
		if _, err := Destroy(o.Dir, false); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	for _, name := range []string{ringName, filepath.Join(keysName, d.ID())} {
		if present(filepath.Join(o.Dir, name)) {
			t.Errorf("%s is still there", name)
		}
	}
	if _, err := Open(o, testHandle, []byte(testPass)); !errors.Is(err, ErrDamaged) {
		t.Errorf("open: %v", err)
	}
	if _, err := OpenWithRecovery(o, code); !errors.Is(err, ErrDamaged) {
		t.Errorf("recover: %v", err)
	}
	if _, err := Destroy(t.TempDir(), false); !errors.Is(err, ErrNoStore) {
		t.Errorf("no store: %v", err)
	}
}
