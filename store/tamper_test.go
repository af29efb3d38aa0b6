package store

import (
	"bytes"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestRowPutBack: an earlier, authentic row in the place of the last one.
func TestRowPutBack(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	a := draft(t, s, 2)
	b := draft(t, s, 1)
	closeStore(t, s)
	old := image(t, o)
	s = reopen(t, o)
	for _, d := range []*Draft{b, a} {
		d, _, err := s.OpenDraft(d.ID())
		if err != nil {
			t.Fatal(err)
		}
		save(t, d, 9)
	}
	closeStore(t, s)
	withSQL(t, o, "ATTACH '"+filepath.Join(old.Dir, dbName)+"' AS old; UPDATE draft SET rev = 2, body = (SELECT body FROM old.draft WHERE old.draft.id = draft.id) WHERE n = 1")
	s, damage := openDamaged(t, o)
	if _, got, err := s.OpenDraft(a.ID()); err != nil || !bytes.Equal(got, snapshot(a, 9)) {
		t.Errorf("draft: %q %v; %+v", got, err, damage)
	}

	withSQLAfterClose(t, s, o, "DELETE FROM draft WHERE n = 2")
	_, damage = openDamaged(t, o)
	if !slices.ContainsFunc(damage.Lost, func(l Loss) bool { return l.ID == b.ID() }) {
		t.Errorf("the removed draft is not named: %+v", damage)
	}
}

func withSQLAfterClose(t *testing.T, s *Store, o Options, q string) {
	t.Helper()
	closeStore(t, s)
	withSQL(t, o, q)
}

func withSQL(t *testing.T, o Options, q string) {
	t.Helper()
	db := rawDB(t, o)
	if _, err := db.Exec(q); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// rawDB opens the database of a closed store as anybody can.
func rawDB(t *testing.T, o Options) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(o.Dir, dbName))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// TestRecordsRemoved: rows taken out of a closed store show in Verify.
func TestRecordsRemoved(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]string{
		"record":   "DELETE FROM part; DELETE FROM record",
		"part":     "DELETE FROM part WHERE kind = 3",
		"stub":     "UPDATE record SET stub = zeroblob(556)",
		"swapped":  "UPDATE part SET kind = 9 WHERE kind = 0; UPDATE part SET kind = 0 WHERE kind = 1; UPDATE part SET kind = 1 WHERE kind = 9",
		"log":      "DELETE FROM log WHERE seq = 2",
		"log tail": "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)",
		"log body": "UPDATE log SET body = zeroblob(104) WHERE seq = 2",
		"settings": "UPDATE meta SET v = zeroblob(100) WHERE k = 'state'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, _ := create(t)
			s := reopen(t, o)
			finish(t, draft(t, s, 1))
			closeStore(t, s)
			withSQL(t, o, q)
			s, err := Open(o, testHandle, []byte(testPass))
			if s == nil {
				t.Fatal(err)
			}
			defer s.Close()
			r, verr := s.Verify()
			if verr != nil {
				t.Fatal(verr)
			}
			if err == nil && r.OK() {
				t.Error("not noticed")
			}
		})
	}
}

func TestRingDamage(t *testing.T) {
	t.Parallel()
	o, code := create(t)
	s := reopen(t, o)
	d := draft(t, s, 1)
	closeStore(t, s)
	r := rand.New(rand.NewPCG(5, 6))
	for range 10 {
		hurt := image(t, o)
		edit(t, hurt, ringName, flip(r.IntN(16384*8)))
		if s, err := Open(hurt, testHandle, []byte("not it")); s != nil || !errors.Is(err, ErrWrongPassphrase) {
			t.Fatalf("wrong passphrase: %v", err)
		}
		s, damage := openDamaged(t, hurt)
		if len(damage.Lost) > 0 {
			t.Errorf("lost: %v", damage.Lost)
		}
		sound(t, s)
	}
	for name, harm := range map[string]func([]byte) []byte{
		"both copies": func(b []byte) []byte { b[40] ^= 1; b[8192+4000] ^= 1; return b },
		"empty":       func(b []byte) []byte { return nil },
		"cut":         func(b []byte) []byte { return b[:8000] },
	} {
		hurt := image(t, o)
		edit(t, hurt, ringName, harm)
		if s, err := Open(hurt, testHandle, []byte(testPass)); s != nil || !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if s, err := OpenWithRecovery(hurt, code); s != nil || !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	hurt := image(t, o)
	os.Remove(filepath.Join(hurt.Dir, ringName))
	if s, err := Open(hurt, testHandle, []byte(testPass)); s != nil || !errors.Is(err, ErrDamaged) {
		t.Errorf("deleted: %v", err)
	}
	if _, err := Create(hurt, testHandle, []byte(testPass)); !errors.Is(err, ErrExists) {
		t.Errorf("create over a damaged store: %v", err)
	}
	_ = d
}

func TestKeyFileDamage(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 1)
	f := draft(t, s, 1)
	finish(t, f)
	closeStore(t, s)
	for name, harm := range map[string]func([]byte) []byte{
		"flipped": flip(1234), "cut": func(b []byte) []byte { return b[:100] }, "empty": func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			hurt := image(t, o)
			edit(t, hurt, filepath.Join(keysName, d.ID()), harm)
			edit(t, hurt, filepath.Join(keysName, f.ID()), harm)
			s := reopen(t, hurt)
			if _, _, err := s.OpenDraft(d.ID()); !errors.Is(err, ErrDamaged) {
				t.Errorf("draft: %v", err)
			}
			if _, err := s.ReadRecord(f.ID(), Protection); !errors.Is(err, ErrDamaged) {
				t.Errorf("record: %v", err)
			}
			if r, err := s.Verify(); err != nil || len(r.Problems) != 2 {
				t.Errorf("verify: %+v %v", r, err)
			}
		})
	}
	t.Run("shredded outside", func(t *testing.T) {
		hurt := image(t, o)
		for _, id := range []string{d.ID(), f.ID()} {
			if err := errors.Join(Shred(hurt.Dir, id), Shred(hurt.Dir, id)); err != nil {
				t.Fatal(err)
			}
		}
		s := reopen(t, hurt)
		if _, _, err := s.OpenDraft(d.ID()); !errors.Is(err, ErrNoKey) {
			t.Errorf("draft: %v", err)
		}
		if records, err := s.Records("", 5); err != nil || len(records) != 1 || records[0].State != Shredded {
			t.Errorf("records: %v %v", records, err)
		}
		for _, id := range []string{d.ID(), f.ID()} {
			if err := s.Erase(id); err != nil {
				t.Error(err)
			}
		}
		sound(t, s)
	})
}

// TestForked: database and witness each whole, one transaction apart, but from different evenings.
func TestForked(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 2)
	a, b := image(t, o), image(t, o)
	closeStore(t, s)
	for i, fork := range []Options{a, b} {
		s := reopen(t, fork)
		d, _, err := s.OpenDraft(d.ID())
		if err != nil {
			t.Fatal(err)
		}
		for range i + 1 {
			save(t, d, 10+i)
		}
		closeStore(t, s)
	}
	copyInto(t, b, a, witnessName)
	s, _ = openDamaged(t, a)
	if _, got, err := s.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, snapshot(d, 11)) {
		t.Errorf("draft: %q %v", got, err)
	}
}
