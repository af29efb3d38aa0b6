package store

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// hurts is how often each file of the store is hurt in each way; more find rarer places.
var hurts = flag.Int("hurts", 24, "how often each file is hurt in each way")

// patient is a store with everything in it, as a power cut leaves it.
type patient struct {
	whole, older Options
	draft        *Draft
	held, sealed string
	answers      int
}

func newPatient(t *testing.T) patient {
	t.Helper()
	o, _, _ := enrolled(t, true)
	s := reopen(t, o)
	p := patient{held: agencyRecord(t, s), sealed: agencyRecord(t, s), answers: 7}
	if err := s.Done(p.sealed); err != nil {
		t.Fatal(err)
	}
	p.draft = draft(t, s, 3)
	p.older = image(t, o)
	for i := 4; i <= p.answers; i++ {
		save(t, p.draft, i)
	}
	p.whole = image(t, o)
	return p
}

// TestEveryFileHurt flips one bit, cuts, empties, removes and exchanges for an older one each file of an enrolled store.
// Whatever happens: no answer is lost without being named, nothing false is shown, and the error is a known one.
func TestEveryFileHurt(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	names := filesOf(t, p.whole)
	r := rand.New(rand.NewPCG(21, 7))
	for _, name := range names {
		info, err := os.Stat(filepath.Join(p.whole.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		size := int(info.Size())
		harms := map[string]func(Options){
			"removed": func(o Options) { os.Remove(filepath.Join(o.Dir, name)) },
			"older":   func(o Options) { copyInto(t, p.older, o, name) },
		}
		for range *hurts {
			at := r.IntN(max(size, 1) * 8)
			harms[fmt.Sprintf("flipped at %d", at)] = func(o Options) { edit(t, o, name, flip(at)) }
			harms[fmt.Sprintf("cut at %d", at/8)] = func(o Options) { edit(t, o, name, func(b []byte) []byte { return b[:at/8] }) }
		}
		t.Run(strings.ReplaceAll(name, string(filepath.Separator), "-")[:min(len(name), 12)], func(t *testing.T) {
			t.Parallel()
			for what, harm := range harms {
				hurt := image(t, p.whole)
				harm(hurt)
				p.examine(t, what, hurt)
				os.RemoveAll(hurt.Dir)
			}
		})
	}
}

func filesOf(t *testing.T, o Options) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(o.Dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, filepath.FromSlash(path))
		}
		return err
	})
	if err != nil || len(names) < 6 {
		t.Fatal(names, err)
	}
	return names
}

// examine opens a hurt store and looks at everything in it.
func (p patient) examine(t *testing.T, what string, o Options) {
	t.Helper()
	s, err := Open(o, testHandle, []byte(testPass))
	var damage *DamageError
	if s == nil {
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNoStore) && !errors.Is(err, ErrVersion) {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	defer s.Close()
	if err != nil && !errors.As(err, &damage) {
		t.Errorf("%s: %v", what, err)
	}
	report, err := s.Verify()
	if err != nil {
		t.Errorf("%s: verify: %v", what, err)
	}
	noticed := damage != nil || !report.OK()
	p.examineDraft(t, what, s, damage, noticed)
	for id, held := range map[string]bool{p.held: true, p.sealed: false} {
		got, err := s.ReadRecord(id, Protection)
		switch {
		case err == nil && (string(got) != "canary protection" || !held):
			t.Errorf("%s: a false record: %q", what, got)
		case errors.Is(err, ErrSealed): // without its key file a record is what it becomes anyway: the agency's alone
		case err != nil && held && !noticed:
			t.Errorf("%s: the record is gone, and nobody said so: %v", what, err)
		case err != nil && !held && !errors.Is(err, ErrSealed) && !noticed:
			t.Errorf("%s: %v, and nobody said so", what, err)
		}
	}
	if _, err := s.Records("", 9); err != nil && !noticed {
		t.Errorf("%s: list: %v", what, err)
	}
}

func (p patient) examineDraft(t *testing.T, what string, s *Store, damage *DamageError, noticed bool) {
	t.Helper()
	_, got, err := s.OpenDraft(p.draft.ID())
	at := 0
	for i := range p.answers {
		if string(got) == string(snapshot(p.draft, i+1)) {
			at = i + 1
		}
	}
	switch {
	case at == p.answers:
	case err == nil && at == 0:
		t.Errorf("%s: a false draft: %q", what, got)
	case !noticed:
		t.Errorf("%s: %d of %d answers, and nobody said so (%v)", what, at, p.answers, err)
	case damage != nil && at > 0 && !slices.ContainsFunc(damage.Lost, func(l Loss) bool { return l.ID == p.draft.ID() }):
		t.Errorf("%s: the lost answers are not named: %+v", what, damage)
	}
}
