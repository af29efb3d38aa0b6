package agency

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"tipscreen/store"
	"tipscreen/store/seal"

	"filippo.io/age"
)

// TestGapsAndLateBundles: what is missing is named, told to the laptop, and no longer missing when it comes.
func TestGapsAndLateBundles(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	for i := range 4 {
		st.record(fmt.Sprint(i), "")
		if _, err := st.s.Plan(0); err != nil {
			t.Fatal(err)
		}
	}
	st.send(2, 3)
	st.receive()
	if r := st.report(); !slices.Equal(r.Gaps, [][2]uint64{{2, 3}}) || !slices.Equal(r.BundleGaps, [][2]uint64{{2, 3}}) || len(r.Forks)+r.LogForks > 0 {
		t.Errorf("%+v", r)
	}
	address, _ := st.s.Address()
	report, err := st.s.TakeReceipt(st.box[seal.ReceiptPath(address.Agency, address.Device, 1)])
	if err != nil || !slices.Equal(report.Missing, [][2]uint64{{2, 3}}) || report.Arrived != 2 || report.PutBack {
		t.Errorf("%+v %v", report, err)
	}
	st.send(2)
	st.receive()
	st.send()
	st.receive()
	if r := st.report(); len(r.Gaps)+len(r.BundleGaps)+len(r.Forks)+r.LogForks > 0 || r.Records != 4 {
		t.Errorf("%+v", r)
	}
}

// TestForks: a laptop that was put back to an older copy is reported, whatever it did since, and nothing of either side
// is lost.
func TestForks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sentBefore bool // a bundle had left when the copy was made
		records    bool // interviews after it was put back
	}{"before the first bundle": {false, true}, "after a bundle": {true, true}, "only the log": {true, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newStation(t)
			kept := st.record("kept", "")
			if c.sentBefore {
				st.send()
			}
			extra := ""
			if !c.records {
				extra = st.record("waits", "")
			}
			st.close()
			copied := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(copied, os.DirFS(st.o.Dir)); err != nil {
				t.Fatal(err)
			}
			st.open()
			lost := ""
			if c.records {
				lost = st.record("lost", "")
			} else if err := st.s.ConfirmClock(); err != nil {
				t.Fatal(err)
			}
			st.send()
			st.receive()
			if r := st.report(); len(r.Forks)+r.LogForks > 0 {
				t.Fatalf("already: %+v", r)
			}
			st.close()
			st.o.Dir = copied
			st.open()
			mine := ""
			if c.records {
				mine = st.record("mine", "")
			}
			st.send()
			st.receive()
			r := st.report()
			if r.LogForks != 1 {
				t.Errorf("%+v", r)
			}
			if c.records && (len(r.Forks) != 1 || !slices.Equal(slices.Sorted(slices.Values(r.Forks[0].Records)), slices.Sorted(slices.Values([]string{lost, mine})))) {
				t.Errorf("%+v", r.Forks)
			}
			for _, id := range []string{kept, lost, mine, extra} {
				if id != "" {
					st.text(id, store.Protection)
				}
			}
			if !st.learnsThatItWasPutBack() {
				t.Error("the laptop did not learn it")
			}
		})
	}
}

// learnsThatItWasPutBack takes all receipts.
func (st *station) learnsThatItWasPutBack() (putBack bool) {
	st.t.Helper()
	address, err := st.s.Address()
	if err != nil {
		st.t.Fatal(err)
	}
	for n := uint64(1); st.box[seal.ReceiptPath(address.Agency, address.Device, n)] != nil; n++ {
		report, err := st.s.TakeReceipt(st.box[seal.ReceiptPath(address.Agency, address.Device, n)])
		if err != nil {
			st.t.Fatal(err)
		}
		putBack = putBack || report.PutBack
	}
	return putBack
}

// forge seals a record as a laptop would that has been tampered with, and puts it into a bundle of its own.
func (st *station) forge(change func(*seal.Keyset), signers func(ed25519.PublicKey) []ed25519.PublicKey) string {
	st.t.Helper()
	ring, o, _, err := seal.NewRing(rand.Reader, seal.KDF{Time: 1, MemoryKiB: 8192, Lanes: 1}, "x", []byte("y"))
	if err != nil {
		st.t.Fatal(err)
	}
	_ = ring
	r, err := seal.NewRecord(rand.Reader, o.Device)
	if err != nil {
		st.t.Fatal(err)
	}
	k := *st.a.Keyset()
	k.Recipients = maps.Clone(k.Recipients)
	change(&k)
	sealer, err := r.Agency(o.Signer(), &k)
	if err != nil {
		st.t.Fatal(err)
	}
	parts, err := sealer.Parts(map[string][]byte{store.Protection: []byte(`{"v":1}`)})
	if err != nil {
		st.t.Fatal(err)
	}
	own := o.Signer().Public().(ed25519.PublicKey)
	b := &seal.Bundle{Root: k.Root(), Number: 1, Keyset: 1, Made: st.now, Head: seal.Head{Seq: 5}, First: 1, Signers: signers(own),
		Entries: []seal.BundleEntry{{ID: r.ID, Parts: parts}}}
	content, err := o.SealBundle(b)
	if err != nil {
		st.t.Fatal(err)
	}
	st.box[seal.BundlesOf(k.Root(), o.Device.String())+seal.BundleName(content)] = content
	return r.ID.String()
}

func only(own ed25519.PublicKey) []ed25519.PublicKey { return []ed25519.PublicKey{own} }

// TestForeignRecipients: one more recipient than a keyset names shows at once; another one in its place, when it is opened.
func TestForeignRecipients(t *testing.T) {
	t.Parallel()
	spy, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	st := newStation(t)
	more := st.forge(func(k *seal.Keyset) {
		k.Recipients[seal.Identity] = append(slices.Clone(k.Recipients[seal.Identity]), spy.Recipient().String())
	}, only)
	st.receive()
	if r := st.report(); !slices.Equal(r.Foreign, []string{more}) {
		t.Errorf("%+v", r)
	}
	st = newStation(t)
	other := st.forge(func(k *seal.Keyset) { k.Recipients[seal.Protection] = []string{spy.Recipient().String()} }, only)
	st.receive()
	if n, aside, err := st.a.RevealAll(); err != nil || n != 0 || len(aside) != 1 || aside[0].Name != other {
		t.Errorf("%d %v %v", n, aside, err)
	}
	if r := st.receive(); r.Receipts != 0 { // arrived was told before; opened never is
		t.Errorf("%+v", r)
	}
	// Named for one role and used for another.
	st = newStation(t)
	swapped := st.forge(func(k *seal.Keyset) { k.Recipients[seal.Investigation] = k.Recipients[seal.Protection] }, only)
	st.receive()
	if _, err := st.a.Reveal(swapped, store.Investigation); !errors.Is(err, seal.ErrCannotOpen) {
		t.Error(err)
	}
}

// TestOfficersAreVouchedFor: a part that is signed by somebody whom the laptop does not name is shown as such.
func TestOfficersAreVouchedFor(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	id := st.forge(func(*seal.Keyset) {}, func(ed25519.PublicKey) []ed25519.PublicKey { return nil })
	st.receive()
	if got, err := st.a.Reveal(id, store.Protection); err != nil || got.Vouched {
		t.Errorf("%+v %v", got, err)
	}
	if r := st.report(); len(r.Other) != 1 || !strings.Contains(r.Other[0], "officer_not_vouched") || r.OK() {
		t.Errorf("%+v", r)
	}
}

// TestImpostor: another key for a known laptop, or for a registered one, is not taken.
func TestImpostor(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	st.record("x", "")
	head, key := st.s.Head()
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.a.Register(head.Device.String(), other.Public().(ed25519.PublicKey)); err != nil {
		t.Fatal(err)
	}
	st.send()
	if r := st.receive(); r.Records != 0 || len(r.Aside) != 1 || !strings.Contains(r.Aside[0].Reason, "another key") {
		t.Errorf("%+v", r)
	}
	if err := st.a.Register(head.Device.String(), key); err != nil {
		t.Fatal(err)
	}
	if r := st.receive(); r.Records != 1 || len(r.Aside) != 0 {
		t.Errorf("%+v", r)
	}
	if r := st.report(); !r.OK() {
		t.Errorf("%+v", r)
	}
	for _, bad := range []string{"", "xy", strings.Repeat("g", 32)} {
		if err := st.a.Register(bad, key); err == nil {
			t.Errorf("registered %q", bad)
		}
	}
}

// TestClocks: a laptop whose clock is ahead, or went back, is named with the bundle.
func TestClocks(t *testing.T) {
	t.Parallel()
	st := newStation(t)
	for _, move := range []time.Duration{0, 3 * time.Hour, -4 * time.Hour} {
		st.now = st.now.Add(move)
		st.record("x", "")
		if _, err := st.s.Plan(0); err != nil {
			t.Fatal(err)
		}
	}
	st.send()
	st.receive()
	if r := st.report(); !slices.Equal(r.Clock, []string{"ahead 2", "back 3"}) {
		t.Errorf("%+v", r)
	}
}
