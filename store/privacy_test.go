package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	search := func() {
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
			for _, canary := range []string{"canary", "officer", "AGE-SECRET", "protection", "investigation", "en-us", code, strings.ReplaceAll(code, "-", "")} {
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
