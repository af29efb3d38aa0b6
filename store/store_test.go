package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tipscreen/store/seal"
)

const (
	testHandle = "Officer Canary-Handle"
	testPass   = "canary passphrase of the test"
)

// light makes Argon2id cheap. The hook is not reachable from outside this package.
func light(dir string) Options {
	o := Options{Dir: dir}
	o.test.kdf = seal.KDF{Time: 1, MemoryKiB: 8 * 1024, Lanes: 1}
	return o
}

// create makes a store in a new folder and gives its options and recovery code.
func create(t testing.TB) (Options, string) {
	t.Helper()
	o := light(filepath.Join(t.TempDir(), "store"))
	code, err := Create(o, testHandle, []byte(testPass))
	if err != nil {
		t.Fatal(err)
	}
	return o, code
}

func reopen(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(o, testHandle, []byte(testPass))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func closeStore(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// draft saves n snapshots of a new draft.
func draft(t testing.TB, s *Store, n int) *Draft {
	t.Helper()
	d, err := s.NewDraft()
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		save(t, d, i+1)
	}
	return d
}

func save(t testing.TB, d *Draft, i int) {
	t.Helper()
	if err := d.Save(snapshot(d, i)); err != nil {
		t.Fatal(err)
	}
}

func snapshot(d *Draft, i int) []byte {
	return fmt.Appendf(nil, "canary answer %d of %s", i, d.ID())
}

func finish(t testing.TB, d *Draft) {
	t.Helper()
	err := d.Finish([]byte("canary stub"), map[string][]byte{Protection: []byte("canary protection"), Investigation: []byte("canary investigation")})
	if err != nil {
		t.Fatal(err)
	}
}

// sound fails the test if Verify finds anything.
func sound(t testing.TB, s *Store) Report {
	t.Helper()
	r, err := s.Verify()
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Fatalf("verify: %q", r.Problems)
	}
	return r
}

func TestLifeOfARecord(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 3)
	id := d.ID()
	closeStore(t, s)

	s = reopen(t, o)
	infos, err := s.Drafts()
	if err != nil || len(infos) != 1 || infos[0] != (DraftInfo{ID: id, Revision: 3}) {
		t.Fatalf("drafts: %v %v", infos, err)
	}
	d, got, err := s.OpenDraft(id[:6])
	if err != nil || !bytes.Equal(got, snapshot(d, 3)) {
		t.Fatalf("resume: %q %v", got, err)
	}
	save(t, d, 4)
	keyBefore, _ := os.ReadFile(filepath.Join(o.Dir, keysName, id))
	finish(t, d)
	keyAfter, _ := os.ReadFile(filepath.Join(o.Dir, keysName, id))
	if bytes.Equal(keyBefore, keyAfter) {
		t.Error("the record key was not replaced")
	}
	if err := d.Save(nil); !errors.Is(err, ErrStale) {
		t.Errorf("save after finish: %v", err)
	}
	records, err := s.Records("", 10)
	if err != nil || len(records) != 1 || records[0].ID != id || records[0].State != Readable || string(records[0].Stub) != "canary stub" {
		t.Fatalf("records: %v %v", records, err)
	}
	for part, want := range map[string]string{Protection: "canary protection", Investigation: "canary investigation"} {
		if got, err := s.ReadRecord(id[:8], part); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", part, got, err)
		}
	}
	for _, part := range []string{Identity, Allegation} {
		if _, err := s.ReadRecord(id, part); !errors.Is(err, ErrAbsent) {
			t.Errorf("%s: %v", part, err)
		}
	}
	if r := sound(t, s); r.Records != 1 || r.Drafts != 0 || r.KeyFiles != 1 {
		t.Errorf("report: %+v", r)
	}
	if err := s.Erase(id[:8]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ReadRecord(id, Protection); !errors.Is(err, ErrNotFound) {
		t.Errorf("read after erase: %v", err)
	}
	if r := sound(t, s); r.Records != 0 || r.KeyFiles != 0 {
		t.Errorf("report: %+v", r)
	}
	if got, want := logKinds(t, s), "created begun finished read erased"; got != want {
		t.Errorf("log: %q, want %q", got, want)
	}
	closeStore(t, s)
	sound(t, reopen(t, o))
}

func logKinds(t *testing.T, s *Store) string {
	t.Helper()
	entries, err := s.Log(0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range entries {
		kinds = append(kinds, e.Kind.String())
	}
	return strings.Join(kinds, " ")
}

func TestWrongPassphrase(t *testing.T) {
	t.Parallel()
	o, code := create(t)
	for name, c := range map[string][2]string{
		"passphrase": {testHandle, "wrong"}, "officer": {"nobody", testPass}, "both": {"nobody", "wrong"},
		"empty": {testHandle, ""}, "code as passphrase": {"", code}, "case": {testHandle, strings.ToUpper(testPass)},
	} {
		s, err := Open(o, c[0], []byte(c[1]))
		if s != nil || !errors.Is(err, ErrWrongPassphrase) || err.Error() != "open the store: unknown officer or wrong passphrase" {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := Open(o, " officer  CANARY-handle ", []byte("\tcanary\u200bpassphrase  of the\u00a0test\n"))
	if err != nil {
		t.Fatalf("the same passphrase, typed otherwise: %v", err)
	}
	closeStore(t, s)
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	o, code := create(t)
	s := reopen(t, o)
	d := draft(t, s, 2)
	closeStore(t, s)
	for _, typo := range []string{"", "ABCD", strings.Replace(code, code[:1], map[bool]string{true: "1", false: "0"}[code[0] == '0'], 1)} {
		if _, err := OpenWithRecovery(o, typo); !errors.Is(err, ErrCode) {
			t.Errorf("%q: %v", typo, err)
		}
	}
	if _, err := OpenWithRecovery(o, seal.Code{1}.String()); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("another code: %v", err)
	}
	s, err := OpenWithRecovery(o, strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassphrase("new handle", []byte("  ")); !errors.Is(err, ErrEmptyPassphrase) {
		t.Errorf("empty: %v", err)
	}
	if err := s.SetPassphrase("new handle", []byte("new passphrase")); err != nil {
		t.Fatal(err)
	}
	again, err := s.NewRecoveryCode()
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if _, err := Open(o, testHandle, []byte(testPass)); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("the old passphrase: %v", err)
	}
	if _, err := OpenWithRecovery(o, code); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("the old code: %v", err)
	}
	if s, err = OpenWithRecovery(o, again); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if s, err = Open(o, "New Handle", []byte("new passphrase")); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, got, err := s.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, snapshot(d, 2)) {
		t.Errorf("draft: %q %v", got, err)
	}
	sound(t, s)
}

func TestInUseAndMissing(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	if _, err := Open(o, testHandle, []byte(testPass)); !errors.Is(err, ErrInUse) {
		t.Errorf("second open: %v", err)
	}
	if err := Shred(o.Dir, strings.Repeat("0", 32)); !errors.Is(err, ErrInUse) {
		t.Errorf("shred: %v", err)
	}
	if _, err := Create(o, testHandle, []byte(testPass)); !errors.Is(err, ErrExists) {
		t.Errorf("create again: %v", err)
	}
	if _, err := Open(light(t.TempDir()), testHandle, []byte(testPass)); !errors.Is(err, ErrNoStore) {
		t.Errorf("no store: %v", err)
	}
	if _, err := Create(light(t.TempDir()), testHandle, []byte(" \u200b")); !errors.Is(err, ErrEmptyPassphrase) {
		t.Errorf("empty passphrase: %v", err)
	}
	d := draft(t, s, 1)
	unsaved, err := s.NewDraft()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Save(make([]byte, seal.MaxDraft+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("large: %v", err)
	}
	if err := d.Finish(make([]byte, MaxStub+1), nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("large stub: %v", err)
	}
	if err := d.Finish(nil, map[string][]byte{"gossip": nil}); !errors.Is(err, ErrPart) {
		t.Errorf("unknown part: %v", err)
	}
	if err := d.Finish(nil, map[string][]byte{Allegation: make([]byte, MaxAllegation+1)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("large allegation: %v", err)
	}
	save(t, d, 2)
	closeStore(t, s)
	for what, err := range map[string]error{"save": d.Save(nil), "finish": d.Finish(nil, nil), "discard": d.Discard(), "set": s.SetState("a", nil)} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s after close: %v", what, err)
		}
	}
	if present(o.Dir+"/"+keyName(seal.ID{})) || present(filepath.Join(o.Dir, keysName, unsaved.ID())) {
		t.Error("the key of a draft that was never saved is still there")
	}
}

// TestLargeDraft outgrows the cells of the witness.
func TestLargeDraft(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	d := draft(t, s, 1)
	large := bytes.Repeat([]byte("canary "), 100_000)
	before := image(t, o)
	if err := d.Save(large); err != nil {
		t.Fatal(err)
	}
	after := image(t, o)
	copyInto(t, before, after, dbName, dbName+"-wal")
	s = reopen(t, after)
	if _, got, err := s.OpenDraft(d.ID()); err != nil || !bytes.Equal(got, large) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	sound(t, s)
}

func TestSettingsAndTally(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	for range 3 {
		if err := s.Tally("canary_opt_out"); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.SetState("canary key", []byte("canary value")), s.SetState("b", []byte{1}), s.SetState("b", nil)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	s = reopen(t, o)
	if got, err := s.State("canary key"); err != nil || string(got) != "canary value" {
		t.Errorf("%q %v", got, err)
	}
	if got, err := s.State("b"); err != nil || got != nil {
		t.Errorf("%q %v", got, err)
	}
	if got, err := s.Tallies(); err != nil || got["canary_opt_out"] != 3 {
		t.Errorf("%v %v", got, err)
	}
	if entries, err := s.Log(0, 9); err != nil || len(entries) != 1 {
		t.Errorf("a count is in the log: %v %v", entries, err)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	s := reopen(t, o)
	var want, got []string
	for range 7 {
		d := draft(t, s, 0)
		finish(t, d)
		want = append([]string{d.ID()}, want...)
	}
	for after := ""; ; {
		page, err := s.Records(after, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.ID)
		}
		after = page[len(page)-1].ID
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %v, want %v", got, want)
	}
	sound(t, s)
}
