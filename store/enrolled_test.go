package store

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"tipscreen/store/seal"
)

func TestEnrolRules(t *testing.T) {
	t.Parallel()
	o, h, clock := enrolled(t, false)
	s := reopen(t, o)
	if e, ok := s.Enrolment(); !ok || e.Version != 1 || !e.Usable || e.Expired || e.Oversight || e.Agency != "Canary Agency" {
		t.Fatalf("%+v %v", e, ok)
	}
	one := h.sign(t, 1)
	forged := bytes.Clone(h.sign(t, 7))
	copy(forged[8:40], newHQ(t, false).root.Public().(ed25519.PublicKey))
	changed := bytes.Replace(h.sign(t, 7), []byte("Canary Agency"), []byte("Canary agency"), 1)
	for name, c := range map[string]struct {
		signed []byte
		want   error
	}{
		"same": {one, ErrOldKeyset}, "other root": {newHQ(t, false).sign(t, 9), ErrOtherRoot}, "forged root": {forged, ErrKeyset},
		"changed": {changed, ErrKeyset}, "nothing": {nil, ErrKeyset}, "cut": {one[:len(one)-1], ErrKeyset}, "longer": {append(bytes.Clone(one), 0), ErrKeyset},
		"later format": {append([]byte("TSCRSET2"), one[8:]...), ErrVersion},
	} {
		if err := s.Enrol(c.signed); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Enrol(h.sign(t, 3)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	s = reopen(t, o)
	if err := s.Enrol(h.sign(t, 2)); !errors.Is(err, ErrOldKeyset) {
		t.Errorf("older: %v", err)
	}
	*clock = time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC)
	if e, _ := s.Enrolment(); !e.Expired || e.Version != 3 {
		t.Errorf("%+v", e)
	}
	agencyRecord(t, s) // expiry blocks nothing
	sound(t, s)
}

// TestKeysetPutBack: an old keyset in the row is not used; interviews go on, finishing waits, and the right one mends.
func TestKeysetPutBack(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, false)
	old := image(t, o)
	s := reopen(t, o)
	if err := s.Enrol(h.sign(t, 2)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	withSQL(t, o, "ATTACH '"+filepath.Join(old.Dir, dbName)+"' AS old; UPDATE meta SET v = (SELECT v FROM old.meta WHERE k = 'keyset') WHERE k = 'keyset'")
	s = reopen(t, o)
	if e, ok := s.Enrolment(); !ok || e.Usable {
		t.Errorf("%+v", e)
	}
	if r, err := s.Verify(); err != nil || r.OK() {
		t.Errorf("not noticed: %v %v", r, err)
	}
	d := draft(t, s, 2)
	if err := d.Finish(nil, nil); !errors.Is(err, ErrNoKeyset) {
		t.Errorf("finish: %v", err)
	}
	if err := s.Enrol(h.sign(t, 2)); err != nil {
		t.Fatal(err)
	}
	d, _, err := s.OpenDraft(d.ID()) // taken up again, it gets what it lacked
	if err != nil {
		t.Fatal(err)
	}
	if len(d.beside.Custody) == 0 || len(d.beside.Allegation) == 0 {
		t.Error("no custody, or no place of an allegation")
	}
	finish(t, d)
	sound(t, s)
	if got, err := h.open(t, d.ID(), Protection, Protection, handover(t, s, d.ID())[0]); err != nil || got != "canary protection" {
		t.Errorf("%q %v", got, err)
	}
}

// TestFinishForAgency: each part opens with its own recipient's key only; the laptop reads until the sheets are done.
func TestFinishForAgency(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, true)
	s := reopen(t, o)
	id := agencyRecord(t, s)
	parts := handover(t, s, id)
	for n, part := range seal.Compartments() {
		for _, role := range seal.Roles() {
			got, err := h.open(t, id, part, role, parts[n])
			own := role == part || role == seal.Oversight && part == Allegation
			switch {
			case !own && !errors.Is(err, seal.ErrCannotOpen):
				t.Errorf("%s opens with the key for %s: %v", part, role, err)
			case own && (part == Protection || part == Investigation) && got != "canary "+part:
				t.Errorf("%s: %q %v", part, got, err)
			case own && (part == Identity || part == Allegation) && !errors.Is(err, ErrAbsent):
				t.Errorf("%s: %q %v", part, got, err)
			}
		}
	}
	if _, _, err := seal.OpenAgencyPart(h.identities[Protection], Protection, parts[0], seal.ID{}, h.keyset.Recipients[Protection]); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("another record's id: %v", err)
	}
	rid, _ := seal.ParseID(id)
	if _, _, err := seal.OpenAgencyPart(h.identities[Protection], Protection, parts[0], rid, append(h.keyset.Recipients[Protection], "age1somebody")); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("other recipients: %v", err)
	}
	closeStore(t, s)
	s = reopen(t, o)
	if got, err := s.ReadRecord(id, Protection); err != nil || string(got) != "canary protection" {
		t.Errorf("for the sheets: %q %v", got, err)
	}
	if _, err := s.ReadRecord(id, Allegation); !errors.Is(err, ErrSealed) {
		t.Errorf("allegation: %v", err)
	}
	if r, err := s.Records("", 9); err != nil || len(r) != 1 || r[0].State != Held {
		t.Errorf("%v %v", r, err)
	}
	sound(t, s)
	before := image(t, o)
	if err := s.Done(id[:8]); err != nil {
		t.Fatal(err)
	}
	unreadable(t, s, id)
	if err := s.Done(id); err != nil {
		t.Errorf("again: %v", err)
	}
	if r := sound(t, s); r.Records != 1 || r.KeyFiles != 0 {
		t.Errorf("%+v", r)
	}
	if got := logKinds(t, s); got != "created enrolled begun finished read key_shredded" {
		t.Errorf("log: %s", got)
	}
	closeStore(t, s)
	copyInto(t, before, o, filepath.Join(keysName, id)) // the key file of an older copy goes again
	unreadable(t, reopen(t, o), id)
}

// unreadable tries everything that somebody with the laptop and the passphrase can.
func unreadable(t testing.TB, s *Store, id string) {
	t.Helper()
	for _, part := range seal.Compartments() {
		if _, err := s.ReadRecord(id, part); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", part, err)
		}
	}
	if _, _, err := s.OpenDraft(id); !errors.Is(err, ErrNotFound) {
		t.Errorf("as a draft: %v", err)
	}
	if r, err := s.Records("", 9); err != nil || len(r) != 1 || r[0].State != Sealed || string(r[0].Stub) != "canary stub" {
		t.Errorf("%v %v", r, err)
	}
	if present(s.files.path(keyName(s.only(t)))) {
		t.Error("the key file is still there")
	}
}

func (s *Store) only(t testing.TB) (id seal.ID) {
	t.Helper()
	var b []byte
	if err := s.db.QueryRow("SELECT id FROM record").Scan(&b); err != nil {
		t.Fatal(err)
	}
	return seal.ID(b)
}

// TestOldKeysOpenNothing: with an image of the disk from before the shredding but without its key file, and with the key
// file of the draft, nothing that is on the disk now opens.
func TestOldKeysOpenNothing(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, true)
	s := reopen(t, o)
	d := draft(t, s, 2)
	early := image(t, o)
	finish(t, d)
	if err := s.Done(d.ID()); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	copyInto(t, early, o, filepath.Join(keysName, d.ID()))
	s = reopen(t, o)
	if _, err := s.ReadRecord(d.ID(), Protection); err == nil {
		t.Error("the draft's key file opens the finished record")
	}
	for _, name := range []string{dbName, dbName + "-wal", witnessName} {
		b, err := os.ReadFile(filepath.Join(o.Dir, name))
		if err == nil && bytes.Contains(b, []byte("TSCRDRE1")) {
			t.Errorf("%s still holds the sealed draft", name)
		}
	}
}

func TestHeldADayAtMost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		move   time.Duration
		closed bool
		gone   bool
	}{
		"soon": {23 * time.Hour, true, false}, "a day": {24 * time.Hour, true, true}, "while open": {25 * time.Hour, false, true},
		"clock back": {-time.Hour, true, true}, "a little back": {-30 * time.Second, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, _, clock := enrolled(t, false)
			s := reopen(t, o)
			id := agencyRecord(t, s)
			if c.closed {
				closeStore(t, s)
			}
			*clock = clock.Add(c.move)
			if c.closed {
				s = reopen(t, o)
			}
			if got, err := s.ReadRecord(id, Protection); (err != nil) != c.gone {
				t.Errorf("%q %v", got, err)
			}
			if c.gone {
				unreadable(t, s, id)
			}
			sound(t, s)
		})
	}
}

// TestHeldByAnother: any officer's start takes the key of another's record.
func TestHeldByAnother(t *testing.T) {
	t.Parallel()
	o, _, clock := enrolled(t, false)
	s, _ := second(t, o)
	id := agencyRecord(t, s)
	closeStore(t, s)
	*clock = clock.Add(25 * time.Hour)
	s = reopen(t, o)
	if present(s.files.path(keysName, id)) {
		t.Error("the key file is still there")
	}
	if r := sound(t, s); r.Records != 1 || r.Unchecked != 1 {
		t.Errorf("%+v", r)
	}
}

// TestListOfHeldLost: without the list, no key file of a finished record is forgotten.
func TestListOfHeldLost(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, false)
	s := reopen(t, o)
	id := agencyRecord(t, s)
	open := draft(t, s, 1)
	closeStore(t, s)
	withSQL(t, o, "UPDATE meta SET v = zeroblob(100) WHERE k = 'held'")
	s = reopen(t, o)
	if present(s.files.path(keysName, id)) || !present(s.files.path(keysName, open.ID())) {
		t.Error("the wrong key file went")
	}
}

// TestChangedPart: a sealed part that nobody here can open cannot be exchanged either.
func TestChangedPart(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, false)
	s := reopen(t, o)
	a, b := agencyRecord(t, s), agencyRecord(t, s)
	if err := errors.Join(s.Done(a), s.Done(b)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	withSQL(t, o, "UPDATE part SET body = (SELECT body FROM part WHERE record = 2 AND kind = 16) WHERE record = 1 AND kind = 16")
	s = reopen(t, o)
	if r, err := s.Verify(); err != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], a) {
		t.Errorf("%+v %v", r, err)
	}
}

// TestBegunAlone: what was begun before stays as it was, readable here.
func TestBegunAlone(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	done, open := draft(t, s, 1), draft(t, s, 1)
	finish(t, done)
	if err := s.Enrol(newHQ(t, true).sign(t, 5)); err != nil {
		t.Fatal(err)
	}
	if err := open.Allege([]byte("x")); !errors.Is(err, ErrNoOversight) {
		t.Errorf("allege: %v", err)
	}
	save(t, open, 2)
	finish(t, open)
	closeStore(t, s)
	s = reopen(t, o)
	for _, d := range []*Draft{done, open} {
		if got, err := s.ReadRecord(d.ID(), Protection); err != nil || string(got) != "canary protection" {
			t.Errorf("%q %v", got, err)
		}
		if err := s.Done(d.ID()); !errors.Is(err, ErrNotAgency) {
			t.Errorf("done: %v", err)
		}
	}
	sound(t, s)
}

// TestCustodianReplaced: a draft that is taken up under a newer keyset goes to its custodian.
func TestCustodianReplaced(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, true)
	s := reopen(t, o)
	d := draft(t, s, 1)
	if err := d.Allege([]byte("canary")); err != nil {
		t.Fatal(err)
	}
	next, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	h.keyset.Recipients[seal.Recovery] = []string{next.Recipient().String()}
	if err := s.Enrol(h.sign(t, 2)); err != nil {
		t.Fatal(err)
	}
	if d, _, err = s.OpenDraft(d.ID()); err != nil {
		t.Fatal(err)
	}
	save(t, d, 2)
	if r, _, err := seal.OpenCustody(next, d.beside.Custody); err != nil || r.ID != d.record.ID {
		t.Error(err)
	}
	if _, _, err := seal.OpenCustody(h.identities[seal.Recovery], d.beside.Custody); !errors.Is(err, seal.ErrCannotOpen) {
		t.Errorf("the old custodian: %v", err)
	}
	finish(t, d)
	if got, err := h.open(t, d.ID(), Allegation, seal.Oversight, handover(t, s, d.ID())[3]); err != nil || got != "canary" {
		t.Errorf("%q %v", got, err)
	}
}
