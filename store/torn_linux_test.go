package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// scene is a store on the faulty file layer with something of everything in it.
type scene struct {
	o                 Options
	f                 *faults
	s                 *Store
	d                 *Draft
	kept, other, gone string // finished records; gone is the one that an operation takes away
	lies              bool   // the disk said that it had written what it had not
}

func newScene(t *testing.T, agency bool) *scene {
	t.Helper()
	o, f := faulty(t)
	c := &scene{o: o, f: f}
	c.open(t)
	c.other = agencyRecord(t, c.s) // of the time before the agency, to be handed over
	if agency {
		if err := c.s.Enrol(newHQ(t, true).sign(t, 1)); err != nil {
			t.Fatal(err)
		}
	}
	c.kept, c.gone = agencyRecord(t, c.s), agencyRecord(t, c.s)
	c.d = draft(t, c.s, 3)
	return c
}

// open opens the scene; every fsync of the program itself is given to the hook too.
func (c *scene) open(t *testing.T) {
	c.o.test.sync = func(w *os.File) error {
		if torn := c.f.torn.Load(); torn != nil {
			(*torn)(true)
		}
		return w.Sync()
	}
	c.s = reopen(t, c.o)
}

// again copies a scene, whose store is open, into a folder of its own.
func (c *scene) again(t *testing.T) *scene {
	t.Helper()
	n := *c
	n.f = new(faults)
	n.o = image(t, c.o)
	faultsByDir.Store(n.o.Dir, n.f)
	n.o.test.vfs = "faults"
	n.open(t)
	var err error
	if n.d, _, err = n.s.OpenDraft(c.d.ID()); err != nil {
		t.Fatal(err)
	}
	return &n
}

// operations are what a process can die of. Each is told which scene.
func operations(agency bool) map[string]func(*scene) error {
	ops := map[string]func(*scene) error{
		"save": func(c *scene) error { return c.d.Save(snapshot(c.d, 4)) },
		"finish": func(c *scene) error {
			return c.d.Finish([]byte("canary stub"), map[string][]byte{Protection: []byte("canary protection")})
		},
		"erase": func(c *scene) error { return c.s.Erase(c.gone) },
	}
	if agency {
		ops["done"] = func(c *scene) error { return c.s.Done(c.gone) }
		ops["hand over"] = func(c *scene) error { return c.s.HandOver(c.other) }
	}
	return ops
}

// look tells what a store holds of the scene. doing is the operation during or after which the process died, acked that
// it had said so. A store that named damage may have less; none may have something false.
func (c *scene) look(t *testing.T, s *Store, doing string, acked, named bool) {
	t.Helper()
	content, there := map[string]bool{}, map[string]bool{} // by id
	for _, id := range []string{c.kept, c.gone, c.other, c.d.ID()} {
		got, err := s.ReadRecord(id, Protection)
		content[id] = err == nil
		// Where the list of held records went back, keys that are not on it go: the record is the agency's alone, early.
		there[id] = err == nil || c.lies && errors.Is(err, ErrSealed)
		if err == nil && string(got) != "canary protection" {
			t.Errorf("a false record: %q", got)
		}
		if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrSealed) && !named {
			t.Errorf("record: %v, and nobody said so", err)
		}
	}
	_, got, err := s.OpenDraft(c.d.ID())
	three, four := bytes.Equal(got, snapshot(c.d, 3)), bytes.Equal(got, snapshot(c.d, 4))
	if err == nil && !three && (!four || doing != "save") {
		t.Errorf("a false draft: %q", got)
	}
	if content[c.gone] && acked && (doing == "erase" || doing == "done") || content[c.other] && acked && doing == "hand over" {
		t.Error("a record can be read after its key was shredded")
	}
	if named {
		return
	}
	switch {
	case doing == "save" && acked && !four, doing == "save" && !three && !four:
		t.Errorf("the draft is %q, and nobody said so", got)
	case doing == "finish" && (acked && !there[c.d.ID()] || three == there[c.d.ID()]):
		t.Errorf("draft %v, record %v, and nobody said so", three, there[c.d.ID()])
	case doing != "save" && doing != "finish" && !three:
		t.Errorf("the draft is %q: %v", got, err)
	case !there[c.kept],
		!there[c.gone] && doing != "erase" && doing != "done",
		!there[c.other] && doing != "hand over":
		t.Errorf("there: %v, and nobody said so", there)
	}
}

// goesOn works with a store after the process died.
func goesOn(t *testing.T, s *Store) {
	t.Helper()
	d := draft(t, s, 2)
	finish(t, d)
	if got, err := s.ReadRecord(d.ID(), Protection); err != nil || string(got) != "canary protection" {
		t.Errorf("a new record: %q %v", got, err)
	}
	closeStore(t, s)
}

func forEachOperation(t *testing.T, do func(t *testing.T, c *scene, name string, op func(*scene) error)) {
	for _, agency := range []bool{false, true} {
		t.Run(map[bool]string{false: "alone", true: "enrolled"}[agency], func(t *testing.T) {
			t.Parallel()
			c := newScene(t, agency)
			for name, op := range operations(agency) {
				t.Run(name, func(t *testing.T) { do(t, c.again(t), name, op) })
			}
		})
	}
}

// TestShortWrites: the database writes half of every page, and then the disk reports an error.
func TestShortWrites(t *testing.T) {
	t.Parallel()
	forEachOperation(t, func(t *testing.T, c *scene, name string, op func(*scene) error) {
		c.f.short.Store(true)
		for range 2 {
			if err := op(c); !errors.Is(err, ErrIO) {
				t.Errorf("half a write: %v", err)
			}
		}
		died := image(t, c.o)
		c.f.short.Store(false)
		if err := op(c); err != nil {
			t.Errorf("whole writes again: %v", err)
		}
		sound(t, c.s)
		c.look(t, c.s, name, true, false)
		goesOn(t, c.s)
		for _, o := range []Options{died, light(c.o.Dir)} {
			s := reopen(t, o)
			sound(t, s)
			c.look(t, s, name, o.Dir != died.Dir, false)
			goesOn(t, s)
		}
	})
}

// TestDiedInAWrite: the process dies in the middle of a write of the database, or before an fsync of the program. Every
// fsync and many writes of each operation are tried: that is no damage, and nothing acknowledged is gone.
func TestDiedInAWrite(t *testing.T) {
	t.Parallel()
	forEachOperation(t, func(t *testing.T, c *scene, name string, op func(*scene) error) {
		var died, writes []Options
		torn := func(program bool) bool {
			if o := image(t, c.o); program {
				died = append(died, o)
			} else {
				writes = append(writes, o)
			}
			return false
		}
		c.f.torn.Store(&torn)
		if err := op(c); err != nil {
			t.Fatal(err)
		}
		c.f.torn.Store(nil)
		for i := 0; i < len(writes); i += max(1, len(writes)/6) {
			died = append(died, writes[i])
		}
		for i := range died {
			s, err := Open(died[i], testHandle, []byte(testPass))
			if err != nil {
				t.Errorf("moment %d: %v", i, err)
				continue
			}
			if r, err := s.Verify(); err != nil || !r.OK() {
				t.Errorf("moment %d: %v %q", i, err, r.Problems)
			}
			c.look(t, s, name, false, false)
			if i%4 == 0 {
				goesOn(t, s)
			} else {
				closeStore(t, s)
			}
			os.RemoveAll(filepath.Dir(died[i].Dir))
		}
	})
}

// TestTornPage: a disk reports success for half a write, the operation is acknowledged, and the power goes. What is
// missing is named.
func TestTornPage(t *testing.T) {
	t.Parallel()
	forEachOperation(t, func(t *testing.T, c *scene, name string, op func(*scene) error) {
		for nth, writes := 1, 1; nth <= writes; nth += max(1, writes/5) {
			one, n := c.again(t), 0
			torn := func(program bool) bool {
				if !program {
					n++
				}
				return !program && n == nth
			}
			one.lies = true
			one.f.torn.Store(&torn)
			acked := op(one) == nil
			writes = max(writes, n)
			died := image(t, one.o)
			one.f.torn.Store(nil)
			one.s.Close()
			s, err := Open(died, testHandle, []byte(testPass))
			if err != nil && !errors.Is(err, ErrDamaged) {
				t.Errorf("write %d: %v", nth, err)
			}
			if s == nil {
				continue
			}
			r, verr := s.Verify()
			one.look(t, s, name, acked, err != nil || verr != nil || !r.OK())
			if err := s.Close(); err != nil {
				t.Errorf("write %d: close: %v", nth, err)
			}
		}
	})
}
