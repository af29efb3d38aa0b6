package transfer

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"tipscreen/store"
	"tipscreen/store/agency"
	"tipscreen/store/seal"
)

const passphrase = "a quiet river in the valley"

// hq makes an agency from nothing but the format (§16): with keys that open at once, because their passphrase guards
// nothing.
func hq(t testing.TB) *agency.Agency {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "agency")
	k := &seal.Keyset{Version: 1, Agency: "Example", Created: time.Now().Format(time.DateOnly), NotAfter: "2099-01-01",
		Recipients: map[string][]string{}, Policy: seal.Policy{RetentionDays: 1}}
	for _, role := range seal.Roles() {
		i, err := age.GenerateHybridIdentity()
		if err != nil {
			t.Fatal(err)
		}
		k.Recipients[role] = []string{i.Recipient().String()}
		writeKey(t, dir, role, i.String())
	}
	var root ed25519.PrivateKey
	for _, name := range []string{"receipt", "root"} {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		k.ReceiptKeys = append(k.ReceiptKeys, hex.EncodeToString(public))[:1]
		writeKey(t, dir, name, "TIPSCREEN-"+strings.ToUpper(name)+"-1 "+hex.EncodeToString(private.Seed()))
		root = private
	}
	signed, err := k.Sign(root)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "keyset"), signed)
	return openHQ(t, dir)
}

func openHQ(t testing.TB, dir string) *agency.Agency {
	t.Helper()
	a, err := agency.Open(agency.Options{Dir: dir, Rand: rand.Reader}, []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func writeKey(t testing.TB, dir, name, content string) {
	t.Helper()
	r, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(4)
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err == nil {
		_, err = io.WriteString(w, content+"\n")
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, name+".key"), out.Bytes())
}

// laptop is an enrolled store with a clock that can be set.
type laptop struct {
	t    testing.TB
	dir  string
	now  time.Time
	s    *store.Store
	made int
}

func newLaptop(t testing.TB, a *agency.Agency) *laptop {
	t.Helper()
	l := &laptop{t: t, dir: filepath.Join(t.TempDir(), "store"), now: time.Now()}
	if _, err := store.Create(store.Options{Dir: l.dir}, "kim", []byte(passphrase)); err != nil {
		t.Fatal(err)
	}
	l.open()
	if err := l.s.Enrol(a.Keyset().Signed()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.s.Close() })
	return l
}

func (l *laptop) open() {
	l.t.Helper()
	s, err := store.Open(store.Options{Dir: l.dir, Now: func() time.Time { return l.now }}, "kim", []byte(passphrase))
	if err != nil {
		l.t.Fatal(err)
	}
	l.s = s
}

func (l *laptop) close() {
	l.t.Helper()
	if err := l.s.Close(); err != nil {
		l.t.Fatal(err)
	}
}

// record finishes n interviews and gives their ids.
func (l *laptop) record(n int) []string {
	l.t.Helper()
	var ids []string
	for range n {
		d, err := l.s.NewDraft()
		if err == nil {
			err = d.Save([]byte("draft"))
		}
		if err == nil {
			l.made++
			err = d.Finish([]byte(`{"finished":"2026-11-22"}`), map[string][]byte{
				store.Protection:    fmt.Appendf(nil, `{"v":1,"n":%d,"of":%q}`, l.made, filepath.Base(filepath.Dir(l.dir))),
				store.Investigation: []byte("investigation"),
			})
		}
		if err == nil {
			err = l.s.Done(d.ID())
		}
		if err != nil {
			l.t.Fatal(err)
		}
		ids = append(ids, d.ID())
	}
	return ids
}

func (l *laptop) push(t Target) Pushed {
	l.t.Helper()
	p, err := Push(l.t.Context(), l.s, "target", t, 0, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

func (l *laptop) pull(t Target) Pulled {
	l.t.Helper()
	p, err := Pull(l.t.Context(), l.s, t, func(r *seal.Release) error { return l.s.Enrol(r.Keyset.Signed()) })
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// count says how many records are in which state.
func (l *laptop) count() map[store.Progress]int {
	l.t.Helper()
	all, err := l.s.Transfers()
	if err != nil {
		l.t.Fatal(err)
	}
	out := map[store.Progress]int{}
	for _, one := range all.Records {
		out[one.State]++
	}
	return out
}

func receive(t testing.TB, a *agency.Agency, from Target) agency.Received {
	t.Helper()
	r, err := a.Receive(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func reveal(t testing.TB, a *agency.Agency, want int) {
	t.Helper()
	if n, aside, err := a.RevealAll(); err != nil || n != want || len(aside) > 0 {
		t.Fatalf("opened %d instead of %d: %v %v", n, want, aside, err)
	}
}

// report gives the only laptop's.
func report(t testing.TB, a *agency.Agency) agency.DeviceReport {
	t.Helper()
	all, err := a.Devices()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return all[0]
}

// quiet wants nothing to be reported but that nobody registered the laptop.
func quiet(t testing.TB, a *agency.Agency) agency.DeviceReport {
	t.Helper()
	r := report(t, a)
	if r.Registered = true; !r.OK() {
		t.Errorf("%+v", r)
	}
	return r
}

func stick(t testing.TB) (*folder, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := openFolder(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, dir
}

// filesIn counts what is at a target below a prefix.
func filesIn(t testing.TB, target Target, prefix string) int {
	t.Helper()
	n := 0
	for _, err := range target.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644)); err != nil {
		t.Fatal(err)
	}
}
