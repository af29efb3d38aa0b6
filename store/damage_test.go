package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// image copies the folder as it is on the disk while the store is open: what a power cut leaves, if the disk kept
// its promises.
func image(t testing.TB, o Options) Options {
	t.Helper()
	to := light(filepath.Join(t.TempDir(), "image"))
	err := filepath.WalkDir(o.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(o.Dir, path)
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to.Dir, rel), 0o700)
		}
		if rel == lockName || rel == dbName+"-shm" {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to.Dir, rel), b, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func copyInto(t testing.TB, from, to Options, names ...string) {
	t.Helper()
	for _, n := range names {
		b, err := os.ReadFile(filepath.Join(from.Dir, n))
		if errors.Is(err, os.ErrNotExist) {
			os.Remove(filepath.Join(to.Dir, n))
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to.Dir, n), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func edit(t testing.TB, o Options, name string, change func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(o.Dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

func flip(at int) func([]byte) []byte {
	return func(b []byte) []byte {
		b[at/8%len(b)] ^= 1 << (at % 8)
		return b
	}
}

// openDamaged opens a store that must be damaged, and checks that it can be used and is clean the next time.
func openDamaged(t *testing.T, o Options) (*Store, *DamageError) {
	t.Helper()
	s, err := Open(o, testHandle, []byte(testPass))
	var damage *DamageError
	if !errors.As(err, &damage) || !errors.Is(err, ErrDamaged) || s == nil {
		t.Fatalf("open: %v, store %v", err, s != nil)
	}
	d := draft(t, s, 2)
	closeStore(t, s)
	s = reopen(t, o)
	if _, got, err := s.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, snapshot(d, 2)) {
		t.Fatalf("a draft begun after the repair: %q %v", got, err)
	}
	return s, damage
}

// TestWitnessAhead is every moment of a power cut between the witness and the commit.
func TestWitnessAhead(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 1)
	other := draft(t, s, 1)
	before := image(t, o)
	save(t, d, 2)
	after := image(t, o)
	copyInto(t, before, after, dbName, dbName+"-wal")

	s2 := reopen(t, after)
	if got := s2.Restored(); !slices.Equal(got, []string{d.ID()}) {
		t.Errorf("restored %v", got)
	}
	if _, got, err := s2.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, snapshot(d, 2)) {
		t.Errorf("draft: %q %v", got, err)
	}
	sound(t, s2)

	t.Run("first save", func(t *testing.T) {
		before := image(t, o)
		first := draft(t, s, 1)
		after := image(t, o)
		copyInto(t, before, after, dbName, dbName+"-wal")
		s := reopen(t, after)
		if _, got, err := s.OpenDraft(first.ID()); err != nil || !bytes.Equal(got, snapshot(first, 1)) {
			t.Errorf("draft: %q %v", got, err)
		}
		sound(t, s)
	})
	t.Run("finish", func(t *testing.T) {
		before := image(t, o)
		cut := image(t, o)
		finish(t, d)
		copyInto(t, o, cut, witnessName)
		s := reopen(t, cut)
		if _, got, err := s.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, snapshot(d, 2)) {
			t.Errorf("draft: %q %v", got, err)
		}
		_ = before
		sound(t, s)
	})
	t.Run("erase", func(t *testing.T) {
		cut := image(t, o)
		if err := s.Erase(other.ID()); err != nil {
			t.Fatal(err)
		}
		copyInto(t, o, cut, witnessName)
		s := reopen(t, cut)
		if _, _, err := s.OpenDraft(other.ID()); !errors.Is(err, ErrNotFound) {
			t.Errorf("draft: %v", err)
		}
		if present(filepath.Join(cut.Dir, keysName, other.ID())) {
			t.Error("the key file is still there")
		}
		sound(t, s)
	})
}

// TestShrunkLog cuts, flips and deletes the write-ahead log: SQLite alone says "ok" and serves old answers.
func TestShrunkLog(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	a, b := draft(t, s, 6), draft(t, s, 4)
	whole := image(t, o)
	info, err := os.Stat(filepath.Join(whole.Dir, dbName+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	cases := map[string]func(Options){
		"deleted": func(o Options) { os.Remove(filepath.Join(o.Dir, dbName+"-wal")) },
		"empty":   func(o Options) { edit(t, o, dbName+"-wal", func([]byte) []byte { return nil }) },
	}
	for i := range 12 {
		at := r.IntN(int(info.Size()) * 8)
		cases[fmt.Sprintf("flipped %d", i)] = func(o Options) { edit(t, o, dbName+"-wal", flip(at)) }
		cases[fmt.Sprintf("cut %d", i)] = func(o Options) {
			edit(t, o, dbName+"-wal", func(b []byte) []byte { return b[:at/8] })
		}
	}
	for name, harm := range cases {
		t.Run(name, func(t *testing.T) {
			hurt := light(image(t, whole).Dir)
			harm(hurt)
			s, err := Open(hurt, testHandle, []byte(testPass))
			if s == nil {
				t.Fatal(err)
			}
			defer s.Close()
			var damage *DamageError
			if err != nil && !errors.As(err, &damage) {
				t.Fatal(err)
			}
			for _, d := range []*Draft{a, b} {
				last := map[*Draft]int{a: 6, b: 4}[d]
				_, got, err := s.OpenDraft(d.ID())
				if err == nil && bytes.Equal(got, snapshot(d, last)) {
					continue
				}
				if damage == nil || !slices.ContainsFunc(damage.Lost, func(l Loss) bool { return l.ID == d.ID() && l.Had == uint64(last) }) {
					t.Errorf("%s went back to %q (%v) unnamed: %v %+v", d.ID(), got, err, damage, damage)
				}
			}
			if _, got, _ := s.OpenDraft(b.ID()); !bytes.Equal(got, snapshot(b, 4)) {
				t.Errorf("the last draft was not restored: %q", got)
			}
			sane(t, s, damage != nil)
		})
	}
}

// sane is sound, but allows the gap that a repair leaves in the log.
func sane(t *testing.T, s *Store, gap bool) {
	t.Helper()
	save(t, draft(t, s, 1), 2)
	r, err := s.Verify()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		if !gap || !bytes.HasPrefix([]byte(p), []byte("log entries ")) {
			t.Errorf("verify after the repair: %s", p)
		}
	}
}

func TestDatabaseDamage(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	finished := draft(t, s, 2)
	finish(t, finished)
	d := draft(t, s, 3)
	closeStore(t, s)
	garbage := bytes.Repeat([]byte("garbage "), 4096)
	for name, harm := range map[string]func([]byte) []byte{
		"header":    func(b []byte) []byte { return append(garbage[:100:100], b[100:]...) },
		"garbage":   func(b []byte) []byte { return garbage },
		"empty":     func(b []byte) []byte { return nil },
		"half":      func(b []byte) []byte { return b[:len(b)/2] },
		"half page": func(b []byte) []byte { return b[:1000] },
	} {
		t.Run(name, func(t *testing.T) {
			hurt := image(t, o)
			edit(t, hurt, dbName, harm)
			s, damage := openDamaged(t, hurt)
			if _, got, err := s.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, snapshot(d, 3)) {
				t.Errorf("draft: %q %v", got, err)
			}
			if !slices.Contains(damage.Restored, d.ID()) {
				t.Errorf("not restored: %+v", damage)
			}
			if !slices.ContainsFunc(damage.Lost, func(l Loss) bool { return l.ID == finished.ID() && l.What == "record" }) {
				t.Errorf("the lost record is not named: %+v", damage)
			}
			if !present(filepath.Join(hurt.Dir, "damaged-1.db")) {
				t.Error("the damaged database was not kept")
			}
		})
	}
	t.Run("deleted", func(t *testing.T) {
		hurt := image(t, o)
		os.Remove(filepath.Join(hurt.Dir, dbName))
		openDamaged(t, hurt)
	})
	t.Run("flips", func(t *testing.T) { flipDatabase(t, o, finished, d) })
}

// flipDatabase: whatever bit is flipped, no wrong content is ever served and nothing panics.
func flipDatabase(t *testing.T, o Options, finished, d *Draft) {
	info, err := os.Stat(filepath.Join(o.Dir, dbName))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		hurt := image(t, o)
		at := r.IntN(int(info.Size()) * 8)
		edit(t, hurt, dbName, flip(at))
		s, err := Open(hurt, testHandle, []byte(testPass))
		if s == nil {
			if err == nil {
				t.Fatalf("bit %d: no store and no error", at)
			}
			continue
		}
		report, verr := s.Verify()
		_, got, derr := s.OpenDraft(d.ID())
		if derr == nil && !bytes.Equal(got, snapshot(d, 3)) {
			t.Errorf("bit %d: wrong draft %q", at, got)
		}
		content, rerr := s.ReadRecord(finished.ID(), Protection)
		if rerr == nil && string(content) != "canary protection" {
			t.Errorf("bit %d: wrong record %q", at, content)
		}
		if (derr != nil || rerr != nil) && err == nil && verr == nil && report.OK() {
			t.Errorf("bit %d: lost without a word: %v %v", at, derr, rerr)
		}
		s.Close()
	}
}

func TestWitnessDamage(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 3)
	closeStore(t, s)
	for name, harm := range map[string]func(Options){
		"deleted": func(o Options) { os.Remove(filepath.Join(o.Dir, witnessName)) },
		"empty":   func(o Options) { edit(t, o, witnessName, func([]byte) []byte { return nil }) },
		"cut":     func(o Options) { edit(t, o, witnessName, func(b []byte) []byte { return b[:len(b)/3] }) },
		"odd":     func(o Options) { edit(t, o, witnessName, func(b []byte) []byte { return b[:5] }) },
		"newest flipped": func(o Options) {
			edit(t, o, witnessName, func(b []byte) []byte { b[100] ^= 1; b[witnessCell+100] ^= 1; return b })
		},
	} {
		t.Run(name, func(t *testing.T) {
			hurt := image(t, o)
			harm(hurt)
			s, damage := openDamaged(t, hurt)
			if _, got, err := s.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, snapshot(d, 3)) {
				t.Errorf("draft: %q %v", got, err)
			}
			if len(damage.Lost) != 0 {
				t.Errorf("lost: %+v", damage.Lost)
			}
			sound(t, s)
		})
	}
	t.Run("rolled back", func(t *testing.T) {
		old := image(t, o)
		now := image(t, o)
		s := reopen(t, now)
		draft(t, s, 4)
		closeStore(t, s)
		copyInto(t, old, now, witnessName)
		openDamaged(t, now)
	})
}
