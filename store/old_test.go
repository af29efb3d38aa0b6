package store

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
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

func writeOldStore(t *testing.T, dir string) {
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
