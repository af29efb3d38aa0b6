package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"filippo.io/age"

	"tipscreen/store/seal"
)

var writeOld = flag.Bool("write-old-store", false, "make testdata/store/v1-alone anew; only before the format is released")

const (
	oldDraft  = "3 answers of an old interview"
	oldHandle = "example"
	oldPass   = "a passphrase that everybody knows"
)

// TestOldStore opens a store that was written when version 1 was made. It must open for ever.
func TestOldStore(t *testing.T) {
	kept := filepath.Join("..", "testdata", "store", "v1-alone")
	if *writeOld {
		writeOldStore(t, kept)
	}
	o := image(t, light(kept))
	s, err := Open(o, oldHandle, []byte(oldPass))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sound(t, s)
	drafts, err := s.Drafts()
	if err != nil || len(drafts) != 1 || drafts[0].Revision != 3 {
		t.Fatalf("%v %v", drafts, err)
	}
	if _, got, err := s.OpenDraft(drafts[0].ID); err != nil || string(got) != oldDraft {
		t.Errorf("%q %v", got, err)
	}
	records, err := s.Records("", 9)
	if err != nil || len(records) != 1 || string(records[0].Stub) != "old stub" {
		t.Fatalf("%v %v", records, err)
	}
	for _, part := range []string{Protection, Identity, Investigation, Allegation} {
		if got, err := s.ReadRecord(records[0].ID, part); err != nil || string(got) != "old "+part {
			t.Errorf("%q %v", got, err)
		}
	}
	if got, err := s.State("language"); err != nil || !bytes.Equal(got, []byte("km")) {
		t.Errorf("%q %v", got, err)
	}
}

// TestOldEnrolledStore opens a store of two officers that works for an agency, and with the agency's keys what it made.
func TestOldEnrolledStore(t *testing.T) {
	kept := filepath.Join("..", "testdata", "store", "v1-enrolled")
	keys := kept + ".keys.json"
	if *writeOld {
		writeOldEnrolled(t, kept, keys)
	}
	o := image(t, light(kept))
	file, n, err := ExportUnfinished(o)
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	s, err := Open(o, oldHandle, []byte(oldPass))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sound(t, s)
	if e, ok := s.Enrolment(); !ok || !e.Usable || e.Version != 2 || !slices.Equal(s.Officers(), []string{"another", oldHandle}) {
		t.Fatalf("%+v %v %q", e, ok, s.Officers())
	}
	drafts, err := s.Drafts()
	if err != nil || len(drafts) != 1 {
		t.Fatalf("%v %v", drafts, err)
	}
	if _, got, err := s.OpenDraft(drafts[0].ID); err != nil || string(got) != oldDraft {
		t.Errorf("%q %v", got, err)
	}
	h := oldAgency(t, s, keys)
	records, err := s.Records("", 9)
	if err != nil || len(records) != 1 || records[0].State != Sealed {
		t.Fatalf("%v %v", records, err)
	}
	id := records[0].ID
	for n, part := range seal.Compartments() {
		role := map[string]string{Allegation: seal.Oversight}[part]
		if role == "" {
			role = part
		}
		if got, err := h.open(t, id, part, role, handover(t, s, id)[n]); err != nil || got != "old "+part {
			t.Errorf("%s: %q %v", part, got, err)
		}
	}
	openAsCustodian(t, h, file)
}

// oldAgency reads the agency's keys that are kept in clear beside the old store.
func oldAgency(t *testing.T, s *Store, keys string) *hq {
	t.Helper()
	h := &hq{identities: map[string]*age.HybridIdentity{}, keyset: *s.keyset}
	b, err := os.ReadFile(keys)
	written := map[string]string{}
	if err == nil {
		err = json.Unmarshal(b, &written)
	}
	for role, text := range written {
		i, perr := age.ParseHybridIdentity(text)
		h.identities[role], err = i, errors.Join(err, perr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func openAsCustodian(t *testing.T, h *hq, file []byte) {
	t.Helper()
	_, packed, err := seal.ReadUnfinished(file)
	if err != nil {
		t.Fatal(err)
	}
	custody, err := seal.Custodial(packed[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := seal.OpenCustody(h.identities[seal.Recovery], custody)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.OpenAgencyDraft(packed[0].Revision, packed[0].Body); err != nil || string(got.Snapshot) != oldDraft {
		t.Errorf("%q %v", got.Snapshot, err)
	}
}

// newOld makes the store that is to become an old one, in the place of the one before.
func newOld(t *testing.T, dir string) *Store {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	o := light(dir)
	if _, err := Create(o, oldHandle, []byte(oldPass)); err != nil {
		t.Fatal(err)
	}
	s, err := Open(o, oldHandle, []byte(oldPass))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeOldEnrolled(t *testing.T, dir, keys string) {
	s := newOld(t, dir)
	h := newHQ(t, true)
	_, err := s.AddOfficer("another", []byte(oldPass))
	if err = errors.Join(err, s.Enrol(h.sign(t, 1)), s.Enrol(h.sign(t, 2))); err != nil {
		t.Fatal(err)
	}
	d := draft(t, s, 1)
	parts := map[string][]byte{}
	for _, name := range []string{Protection, Identity, Investigation} {
		parts[name] = []byte("old " + name)
	}
	err = errors.Join(d.Allege([]byte("old "+Allegation)), d.Finish([]byte("old stub"), parts), s.Done(d.ID()), draft(t, s, 1).Save([]byte(oldDraft)))
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	written := map[string]string{}
	for role, i := range h.identities {
		written[role] = i.String()
	}
	b, err := json.MarshalIndent(written, "", " ")
	if err = errors.Join(err, os.WriteFile(keys, append(b, '\n'), 0o600), os.Remove(filepath.Join(dir, lockName))); err != nil {
		t.Fatal(err)
	}
}

func writeOldStore(t *testing.T, dir string) {
	s := newOld(t, dir)
	parts := map[string][]byte{}
	for _, name := range []string{Protection, Identity, Investigation, Allegation} {
		parts[name] = []byte("old " + name)
	}
	if err := draft(t, s, 2).Finish([]byte("old stub"), parts); err != nil {
		t.Fatal(err)
	}
	if err := draft(t, s, 2).Save([]byte(oldDraft)); err != nil {
		t.Fatal(err)
	}
	if err := s.SetState("language", []byte("km")); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if err := os.Remove(filepath.Join(dir, lockName)); err != nil {
		t.Fatal(err)
	}
}
