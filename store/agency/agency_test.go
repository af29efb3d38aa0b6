package agency

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"tipscreen/store"
	"tipscreen/store/seal"
)

var pass = []byte("a passphrase of the agency")

func light(t testing.TB) Options {
	return Options{Dir: filepath.Join(t.TempDir(), "agency"), Rand: rand.Reader, work: 4}
}

func terms() Terms {
	return Terms{Agency: "Example Referral Mechanism", NotAfter: time.Now().AddDate(1, 0, 0), Policy: seal.Policy{RetentionDays: 30}}
}

func TestInitAndRenew(t *testing.T) {
	t.Parallel()
	o := light(t)
	a, err := Init(o, pass, terms())
	if err != nil {
		t.Fatal(err)
	}
	first := a.Keyset()
	if first.Version != 1 || first.HasOversight() || len(seal.RootWords(first.Root())) != 8 {
		t.Errorf("%+v", first)
	}
	if _, err := Init(o, pass, terms()); !errors.Is(err, ErrExists) {
		t.Errorf("again: %v", err)
	}
	if a, err = Open(o, pass); err != nil {
		t.Fatal(err)
	}
	outside, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	next := terms()
	next.Oversight = []string{outside.Recipient().String()}
	if err := a.Renew(next); err != nil {
		t.Fatal(err)
	}
	if a, err = Open(o, []byte("wrong")); err != nil {
		t.Fatal(err)
	}
	k := a.Keyset()
	if k.Version != 2 || !k.HasOversight() || k.Root() != first.Root() || !slices.Equal(k.Recipients[seal.Protection], first.Recipients[seal.Protection]) {
		t.Errorf("%+v", k)
	}
	if err := a.Renew(next); !errors.Is(err, store.ErrWrongPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	next.Oversight = k.Recipients[seal.Protection]
	a, _ = Open(o, pass)
	if err := a.Renew(next); !errors.Is(err, seal.ErrKeyset) {
		t.Errorf("the oversight reads everything else: %v", err)
	}
}

// TestKeysAreSealed: nothing in the folder can be read without the passphrase, and nobody else may open it.
func TestKeysAreSealed(t *testing.T) {
	t.Parallel()
	o := light(t)
	tt := terms()
	tt.KeepOversight = true
	if _, err := Init(o, pass, tt); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(o.Dir)
	if err != nil || len(names) != 10 {
		t.Fatalf("%v %v", names, err)
	}
	for _, n := range names {
		if n.IsDir() { // keysets and releases, which are public
			continue
		}
		b, err := os.ReadFile(filepath.Join(o.Dir, n.Name()))
		info, ierr := n.Info()
		if err != nil || ierr != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v %v", n.Name(), err, ierr, info.Mode())
		}
		if bytes.Contains(b, []byte("AGE-SECRET")) || bytes.Contains(b, []byte("TIPSCREEN-")) {
			t.Errorf("%s can be read", n.Name())
		}
	}
	a, err := Open(o, pass)
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range seal.Roles() {
		i, err := a.Identity(role)
		if err != nil || i.Recipient().String() != a.Keyset().Recipients[role][0] {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// laptopWithDrafts makes a laptop with one draft from before the enrolment and two from after, and gives these.
func laptopWithDrafts(t *testing.T, a *Agency) (store.Options, map[string]string) {
	t.Helper()
	laptop := store.Options{Dir: filepath.Join(t.TempDir(), "store")}
	if _, err := store.Create(laptop, "kim", pass); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(laptop, "kim", pass)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := s.NewDraft()
	if err == nil {
		err = errors.Join(alone.Save([]byte("begun before")), s.Enrol(a.Keyset().Signed()), alone.Save([]byte("and after")))
	}
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, text := range []string{"first canary", "second canary"} {
		d, err := s.NewDraft()
		if err == nil {
			err = errors.Join(d.Save([]byte("x")), d.Save([]byte(text)))
		}
		if err != nil {
			t.Fatal(err)
		}
		want[d.ID()] = text
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return laptop, want
}

// TestCustodian opens the drafts of a laptop whose passphrase is forgotten; one damaged draft blocks no other.
func TestCustodian(t *testing.T) {
	t.Parallel()
	a, err := Init(light(t), pass, terms())
	if err != nil {
		t.Fatal(err)
	}
	laptop, want := laptopWithDrafts(t, a)
	file, n, err := store.ExportUnfinished(laptop)
	if err != nil || n != 2 || bytes.Contains(file, []byte("canary")) {
		t.Fatalf("%d drafts, %v", n, err)
	}
	drafts, err := a.OpenUnfinished(file)
	if err != nil || len(drafts) != 2 {
		t.Fatalf("%v %v", drafts, err)
	}
	for _, d := range drafts {
		if d.Problem != nil || string(d.Snapshot) != want[d.ID] || d.Revision != 2 || len(d.Officer) != 32 {
			t.Errorf("%+v", d)
		}
	}
	file[len(file)-9] ^= 1
	drafts, err = a.OpenUnfinished(file)
	if err != nil || drafts[0].Problem != nil || drafts[1].Problem == nil || drafts[1].Snapshot != nil {
		t.Errorf("%+v %v", drafts, err)
	}
	for _, cut := range []int{0, 7, 23, 30, len(file) - 1} {
		if _, err := a.OpenUnfinished(file[:cut]); err == nil {
			t.Errorf("cut at %d: no error", cut)
		}
	}
	other, err := Init(light(t), pass, terms())
	if err != nil {
		t.Fatal(err)
	}
	if drafts, err := other.OpenUnfinished(file); err != nil || drafts[0].Problem == nil {
		t.Errorf("another agency: %+v %v", drafts, err)
	}
}

func TestNoAgency(t *testing.T) {
	t.Parallel()
	if _, err := Open(light(t), pass); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if _, err := Init(light(t), []byte(" "), terms()); !errors.Is(err, store.ErrEmptyPassphrase) {
		t.Error(err)
	}
	bad := terms()
	bad.Agency = "name\u202e"
	if _, err := Init(light(t), pass, bad); !errors.Is(err, seal.ErrKeyset) || strings.Contains(err.Error(), "name\u202e") {
		t.Error(err)
	}
}
