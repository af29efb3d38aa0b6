package agency

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"tipscreen/store"
	"tipscreen/store/seal"
)

// TestOpenWithTheRightKey: each part opens with its own key and no other, and that is in the log; an allegation is in
// another store, and opens with the oversight's key only.
func TestOpenWithTheRightKey(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	id := st.record("canary text", "canary at the bridge")
	plain := st.record("another", "")
	st.send()
	if r := st.receive(); r.Records != 2 || len(r.Aside) > 0 {
		t.Fatalf("%+v", r)
	}
	for part, want := range map[string]string{store.Protection: `{"v":1,"text":"canary text"}`, store.Identity: "name canary text", store.Allegation: "canary at the bridge"} {
		if got := st.text(id[:9], part); got != want {
			t.Errorf("%s: %q", part, got)
		}
	}
	for _, part := range []string{store.Investigation, store.Allegation} {
		if _, err := st.a.Reveal(plain, part); !errors.Is(err, store.ErrAbsent) {
			t.Errorf("%s: %v", part, err)
		}
	}
	log, err := st.a.Log()
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, e := range log {
		said += e.What + " " + e.Part + "; "
	}
	if !strings.Contains(said, "opened protection; ") || !strings.Contains(said, "opened identity; ") || strings.Contains(said, store.Allegation) {
		t.Error(said)
	}
}

// TestOversightApart: allegations are in a folder of their own, which can be given away with its key, and then opens them
// and nothing else.
func TestOversightApart(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	id := st.record("canary text", "canary at the bridge")
	st.send()
	st.receive()
	over := filepath.Join(st.a.o.Dir, oversightDir)
	count := func(dir, where string) (n int) {
		s, err := openShelf(dir, false)
		if err == nil {
			defer s.close()
			err = s.db.QueryRow("SELECT count(*) FROM part WHERE " + where).Scan(&n)
		}
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if main, other := count(st.a.o.Dir, "kind = 3"), count(over, "kind <> 3"); main != 0 || other != 0 {
		t.Errorf("%d allegations among the records, %d records among the allegations", main, other)
	}
	for role, part := range map[string]string{seal.Oversight: store.Allegation, seal.Identity: store.Identity} {
		if err := os.Rename(st.a.o.path(role+keySuffix), filepath.Join(over, role+keySuffix)); err != nil {
			t.Fatal(err)
		}
		fresh, err := Open(st.a.o, pass)
		if err != nil {
			t.Fatal(err)
		}
		_, err = fresh.Reveal(id, part)
		if want := map[string]error{seal.Oversight: nil, seal.Identity: ErrKey}[role]; !errors.Is(err, want) {
			t.Errorf("%s: %v", role, err)
		}
	}
	// The folder of the oversight, taken away whole, is enough for allegations and for nothing else.
	o := st.a.o
	o.Dir = filepath.Join(t.TempDir(), "outside")
	if err := os.Rename(over, o.Dir); err != nil {
		t.Fatal(err)
	}
	body, err := Open(o, pass)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := body.Reveal(id, store.Allegation); err != nil || string(got.Content) != "canary at the bridge" {
		t.Errorf("%q %v", got.Content, err)
	}
	if _, err := body.Reveal(id, store.Protection); err == nil {
		t.Error("the oversight reads everything")
	}
	if log, err := body.Log(); err != nil || !slices.ContainsFunc(log, func(e LogEntry) bool { return e.What == "opened" && e.Part == store.Allegation && e.Record == id }) {
		t.Errorf("%+v %v", log, err)
	}
}

// TestNothingReadableReceived: the agency's folder holds nothing of what was said in clear, before and after opening.
func TestNothingReadableReceived(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	id := st.record("canary text", "canary at the bridge")
	st.send()
	st.receive()
	st.text(id, store.Protection)
	st.text(id, store.Allegation)
	err := filepath.WalkDir(st.a.o.Dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if info, ierr := e.Info(); ierr != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		if bytes.Contains(b, []byte("canary")) || bytes.Contains(b, []byte("AGE-SECRET")) {
			t.Errorf("%s can be read", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBadBundleBlocksNothing: whatever stands among the bundles, the good ones come in.
func TestBadBundleBlocksNothing(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	st.record("x", "")
	st.send()
	address, _ := st.s.Address()
	content, _, err := st.s.Bundle(1)
	if err != nil {
		t.Fatal(err)
	}
	place := seal.BundlesOf(address.Agency, address.Device)
	hurt := bytes.Clone(content)
	hurt[len(hurt)-1] ^= 1
	st.box[place+seal.BundleName(hurt)] = hurt
	later := append([]byte("TSCRBDL2"), content[8:]...)
	st.box[place+seal.BundleName(later)] = later
	st.box[place+seal.BundleName(nil)] = nil
	st.box[place+"notes.txt"] = []byte("x")
	r := st.receive()
	if r.Records != 1 || r.Other != 1 || len(r.Aside) != 3 {
		t.Errorf("%+v", r)
	}
	if _, err := st.a.Records(); err != nil {
		t.Error(err)
	}
}

// TestOpenedForCounting: what was opened is given once, as the laptop wrote it; what a person took back, what is about
// another record, and what was erased is not.
func TestOpenedForCounting(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	kept, taken, erased := st.record("kept", ""), st.record("taken back", ""), st.record("erased", "")
	compose := func(field string) store.Compose {
		return func(about string) ([]byte, []byte, error) {
			return nil, fmt.Appendf(nil, `{"v":1,%q:%q}`, field, about), nil
		}
	}
	if _, err := st.s.Addendum(kept, compose("addendum_to")); err != nil {
		t.Fatal(err)
	}
	st.send()
	if request, err := st.s.Withdraw(taken, compose("withdrawal_of")); err != nil || request == "" {
		t.Fatal(request, err)
	}
	st.send()
	st.record("never opened", "")
	if n, _, err := st.a.RevealAll(); !errors.Is(err, ErrNothing) || n != 0 {
		t.Error(n, err)
	}
	st.receive()
	if n, aside, err := st.a.RevealAll(); err != nil || n != 5 || len(aside) > 0 {
		t.Fatal(n, aside, err)
	}
	if err := st.a.Erase(erased[:10]); err != nil {
		t.Fatal(err)
	}
	st.send()
	st.receive()
	var got []string
	for one, err := range st.a.Opened() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, one.ID+string(one.Content))
	}
	if !slices.Equal(got, []string{kept + `{"v":1,"text":"kept"}`}) {
		t.Error(got)
	}
	for range st.a.Opened() {
		break
	}
	list, err := st.a.Records()
	if err != nil || len(list) != 6 {
		t.Fatal(list, err)
	}
	for _, one := range list {
		if one.Withdrawn != (one.ID == taken) || one.Erased != (one.ID == erased) || one.Forked || one.Gone {
			t.Errorf("%+v", one)
		}
	}
	if _, err := st.a.Reveal(erased, store.Protection); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("erased: %v", err)
	}
	if _, err := st.a.Reveal(erased, store.Allegation); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("erased: %v", err)
	}
}

// TestAgencyLog: a changed, removed or reordered entry shows.
func TestAgencyLog(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	id := st.record("x", "")
	st.send()
	st.receive()
	st.text(id, store.Protection)
	if log, err := st.a.Log(); err != nil || len(log) != 2 {
		t.Fatal(log, err)
	}
	for _, change := range []string{"UPDATE log SET entry = replace(entry, 'opened', 'looked') WHERE seq = 2", "DELETE FROM log WHERE seq = 1"} {
		s, err := openShelf(st.a.o.Dir, false)
		if err == nil {
			_, err = s.db.Exec(change)
			s.close()
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.a.Log(); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s: %v", change, err)
		}
	}
}

// TestOtherDatabases: a database of another program, or of a later version, is not touched.
func TestOtherDatabases(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	st.record("x", "")
	st.send()
	st.receive()
	for pragma, want := range map[string]error{"user_version = 2": store.ErrVersion, "application_id = 7": store.ErrDamaged} {
		s, err := openShelf(st.a.o.Dir, false)
		if err == nil {
			_, err = s.db.Exec("PRAGMA " + pragma)
			s.close()
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.a.Records(); !errors.Is(err, want) {
			t.Errorf("%s: %v", pragma, err)
		}
		if s, err := openShelf(st.a.o.Dir, false); err == nil {
			s.close()
		}
		db, err := openRaw(filepath.Join(st.a.o.Dir, shelfName))
		if err == nil {
			_, err = db.Exec(fmt.Sprintf("PRAGMA user_version = 1; PRAGMA application_id = %d", shelfID))
			db.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(st.a.o.Dir, shelfName), bytes.Repeat([]byte("x"), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := st.a.Records(); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("no database: %v", err)
	}
}

func openRaw(path string) (*sql.DB, error) { return sql.Open("sqlite", "file:"+filepath.ToSlash(path)) }
