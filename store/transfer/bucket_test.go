package transfer

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// TestObjectStore runs what every target must do against a real server, with keys that may only put bundles and get
// receipts and releases.
func TestObjectStore(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var n atomic.Int64
	suite(t, func(t *testing.T) shared {
		prefix := "run" + string(rune('a'+n.Add(1)))
		laptop, _ := s.open(prefix, deviceKey, deviceSecret)
		hq, _ := s.open(prefix, rootKey, rootSecret)
		return shared{laptop, hq}
	})
}

// TestWriteOnly: with the keys of a laptop nothing can be listed, read back, overwritten unseen or put elsewhere.
func TestWriteOnly(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	a := hq(t)
	l := newLaptop(t, a)
	address, err := l.s.Address()
	if err != nil {
		t.Fatal(err)
	}
	s.allow("from/"+address.Device+"/*", "receipts/"+address.Device+"/*", "releases/*")
	laptop, line := s.open("p", deviceKey, deviceSecret)
	l.record(2)
	l.push(laptop)
	for _, err := range laptop.List(t.Context(), "tipscreen-1/") {
		if !errors.Is(err, ErrRefused) {
			t.Errorf("list: %v", err)
		}
	}
	content, _, err := l.s.Bundle(1)
	if err != nil {
		t.Fatal(err)
	}
	name := seal.BundlesOf(address.Agency, address.Device) + seal.BundleName(content)
	if _, err := laptop.Get(t.Context(), name, 1<<20); !errors.Is(err, ErrAbsent) {
		t.Errorf("read back: %v", err)
	}
	if _, err := laptop.Put(t.Context(), seal.BundlesOf(address.Agency, strings.Repeat("0", 32))+seal.BundleName(content), content); !errors.Is(err, ErrRefused) {
		t.Errorf("in another laptop's place: %v", err)
	}
	if _, err := laptop.Put(t.Context(), seal.ReceiptPath(address.Agency, address.Device, 1), content); !errors.Is(err, ErrRefused) {
		t.Errorf("a receipt: %v", err)
	}
	if already, err := laptop.Put(t.Context(), name, []byte("something else")); err != nil || !already {
		t.Errorf("over it: %v %v", already, err)
	}
	if n := s.versions(); n != 1 {
		t.Errorf("%d versions", n)
	}
	agencySide, _ := s.open("p", rootKey, rootSecret)
	if got := receive(t, a, agencySide); got.Records != 2 {
		t.Errorf("%+v", got)
	}
	if got := l.pull(laptop); got.Arrived != 2 {
		t.Errorf("%+v", got)
	}
	before := line.requests.Load()
	l.push(laptop)
	l.pull(laptop)
	if n := line.requests.Load() - before; n > 5 {
		t.Errorf("%d requests for nothing new", n)
	}
}

// TestWrongCredentials: refused at once, without hammering the server; nothing counts as sent, and the right keys mend it.
func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	l := newLaptop(t, hq(t))
	l.record(1)
	for name, keys := range map[string][2]string{"unknown key": {"nobody", deviceSecret}, "wrong secret": {deviceKey, "wrong"}, "none": {"", ""}} {
		b, line := s.open("p", keys[0], keys[1])
		_, err := Push(t.Context(), l.s, "target", b, 0, nil)
		if !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), deviceSecret) || line.requests.Load() != 1 {
			t.Errorf("%s: %v after %d requests", name, err, line.requests.Load())
		}
	}
	if got := l.count(); got[store.StillHere] != 1 {
		t.Error(got)
	}
	b, _ := s.open("p", deviceKey, deviceSecret)
	if got := l.push(b); got.Bundles != 1 || got.Planned != 0 {
		t.Errorf("%+v", got)
	}
}

// TestChangedOnTheWay: the server refuses what is not what was signed for; once is mended by trying again, always is said.
func TestChangedOnTheWay(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	a := hq(t)
	l := newLaptop(t, a)
	l.record(1)
	b, line := s.open("p", deviceKey, deviceSecret)
	always := true
	line.before = func(n int64, r *http.Request) error {
		if r.Method == http.MethodPut && (always || n == 1) {
			content, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			content[len(content)/2] ^= 1
			r.Body = io.NopCloser(bytes.NewReader(content))
		}
		return nil
	}
	if _, err := Push(t.Context(), l.s, "target", b, 0, nil); !errors.Is(err, ErrChanged) || line.requests.Load() != attempts {
		t.Errorf("%v after %d requests", err, line.requests.Load())
	}
	if n := s.versions(); n != 0 || l.count()[store.StillHere] != 1 {
		t.Errorf("%d objects, %v", n, l.count())
	}
	always = false
	line.requests.Store(0)
	var told []Progress
	if _, err := Push(t.Context(), l.s, "target", b, 0, func(p Progress) { told = append(told, p) }); err != nil {
		t.Fatal(err)
	}
	if last := told[len(told)-1]; len(told) < 3 || last.Done != 1 || last.Part != 0 || told[len(told)-2].Part != 1 || told[len(told)-2].Bytes != last.Bytes {
		t.Errorf("%+v", told)
	}
	if n := line.requests.Load(); n != 2 {
		t.Errorf("%d requests", n)
	}
	agencySide, _ := s.open("p", rootKey, rootSecret)
	if got := receive(t, a, agencySide); got.Records != 1 || len(got.Aside) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestClockWrong: a laptop that is twenty minutes off learns the server's time and sends, and the agency learns of it.
func TestClockWrong(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for name, off := range map[string]time.Duration{"ahead": 20 * time.Minute, "behind": -20 * time.Minute, "years": -10 * 365 * 24 * time.Hour} {
		a := hq(t)
		l := newLaptop(t, a)
		l.record(1)
		b, line := s.open(name, deviceKey, deviceSecret)
		b.signer.now = func() time.Time { return time.Now().Add(off) }
		l.push(b)
		if n := line.requests.Load(); n != 2 || (b.offset()+off).Abs() > 5*time.Second {
			t.Errorf("%s: %d requests, offset %v", name, n, b.offset())
		}
		l.record(1)
		if _, err := Push(t.Context(), l.s, "target", b, b.offset(), nil); err != nil || line.requests.Load() != 3 {
			t.Errorf("%s: it does not stay learnt: %v, %d requests", name, err, line.requests.Load())
		}
		agencySide, _ := s.open(name, rootKey, rootSecret)
		receive(t, a, agencySide)
		if r := report(t, a); !slices.Contains(r.Clock, "server_differs 2") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestServerKilled: in the middle of a push of several bundles, and while it cannot be written. Nothing comes twice.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	a := hq(t)
	l := newLaptop(t, a)
	for range 4 {
		l.record(1)
		if _, err := l.s.Plan(0); err != nil {
			t.Fatal(err)
		}
	}
	b, line := s.open("p", deviceKey, deviceSecret)
	line.before = func(n int64, r *http.Request) error {
		if n == 3 {
			s.stop()
		}
		return nil
	}
	if _, err := Push(t.Context(), l.s, "target", b, 0, nil); !errors.Is(err, ErrOffline) {
		t.Error(err)
	}
	if got := l.count(); got[store.WasSent] != 2 || got[store.StillHere] != 2 {
		t.Error(got)
	}
	s.start("--readonly")
	line.before = nil
	if _, err := Push(t.Context(), l.s, "target", b, 0, nil); !errors.Is(err, ErrRefused) {
		t.Errorf("read-only: %v", err)
	}
	if got := l.count(); got[store.WasSent] != 2 {
		t.Error(got)
	}
	s.stop()
	s.start()
	if got := l.push(b); got.Bundles != 2 || got.Records != 2 {
		t.Errorf("%+v", got)
	}
	agencySide, _ := s.open("p", rootKey, rootSecret)
	if got := receive(t, a, agencySide); got.Bundles != 4 || got.Records != 4 || s.versions() != 4+got.Receipts {
		t.Errorf("%+v, %d versions", got, s.versions())
	}
	quiet(t, a)
}

// TestBadLine: connections that break, before and after the server has it, are tried again, and then given up.
func TestBadLine(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	a := hq(t)
	l := newLaptop(t, a)
	l.record(1)
	b, line := s.open("p", deviceKey, deviceSecret)
	broken := errors.New("connection reset")
	line.before = func(n int64, r *http.Request) error {
		switch n {
		case 1, 2:
			return broken
		case 3: // the server gets it, and the answer is lost
			answer, err := line.next.RoundTrip(r)
			if err != nil {
				return err
			}
			answer.Body.Close()
			return broken
		}
		return nil
	}
	if got := l.push(b); got.Bundles != 1 || got.Already != 1 || s.versions() != 1 {
		t.Errorf("%+v %d", got, s.versions())
	}
	line.before = func(int64, *http.Request) error { return broken }
	line.requests.Store(0)
	if _, err := Pull(t.Context(), l.s, b, nil); !errors.Is(err, ErrOffline) || line.requests.Load() != 2*attempts {
		t.Errorf("%v after %d requests", err, line.requests.Load())
	}
}

// TestTLS: a server that cannot show who it is gets nothing, unless the authority that was named vouches for it.
func TestTLS(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	write(t, filepath.Join(dir, "cert"), authority)
	write(t, filepath.Join(dir, "key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	s := newServer(t, "--cert", filepath.Join(dir, "cert"), "--key", filepath.Join(dir, "key"))
	at := Settings{Address: "s3://" + boxName + "/p?endpoint=https://" + s.host(), Access: rootKey, Secret: rootSecret}
	b, err := openBucket(at)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(t.Context(), "x", []byte("y")); !errors.Is(err, ErrCertificate) {
		t.Errorf("unknown authority: %v", err)
	}
	at.Authority = string(authority)
	if b, err = openBucket(at); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(t.Context(), "x", []byte("y")); !errors.Is(err, ErrNotThere) { // it got through: there is no bucket
		t.Errorf("known authority: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]error{
		"s3://box?endpoint=https://example.org":                      nil,
		"s3://box/a/b?endpoint=https://example.org:9000&region=eu-1": nil,
		"s3://box": nil,
		"s3://box?endpoint=http://127.0.0.1:9000":                        nil,
		"s3://box?endpoint=http://[::1]:9000":                            nil,
		"s3://box?endpoint=http://localhost:9000":                        ErrPlainHTTP,
		"s3://box?endpoint=http://127.0.0.1.example.org":                 ErrPlainHTTP,
		"s3://box?endpoint=http://10.0.0.1":                              ErrPlainHTTP,
		"s3://box?endpoint=ftp://example.org":                            ErrAddress,
		"s3://box?endpoint=https://user:secret@example.org":              ErrAddress,
		"s3://box?endpoint=https://example.org/path":                     ErrAddress,
		"s3://box?endpoint=https://example.org&endpoint=http://10.0.0.1": ErrAddress,
		"s3://box?secret=x":                                              ErrAddress,
		"s3://key:secret@box/x":                                          ErrAddress,
		"s3://Box":                                                       ErrAddress,
		"s3://box/../x":                                                  ErrAddress,
		"s3://box/a//b":                                                  ErrAddress,
		"s3://box/a%2fb c":                                               ErrAddress,
		"s3:///x":                                                        ErrAddress,
		"s3://box?region=a/b":                                            ErrAddress,
		"https://box":                                                    ErrAddress,
		"%":                                                              ErrAddress,
	} {
		if _, err := readPlace(address); !errors.Is(err, want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func FuzzReadPlace(f *testing.F) {
	f.Add("s3://box/a/b?endpoint=https://example.org:9000&region=eu-1")
	f.Add("s3://box?endpoint=http://127.0.0.1")
	f.Fuzz(func(t *testing.T, address string) {
		p, err := readPlace(address)
		if err == nil && p.endpoint.Scheme != "https" && !(p.endpoint.Scheme == "http" && net.ParseIP(p.endpoint.Hostname()).IsLoopback()) {
			t.Fatalf("%s leads to %s", address, p.endpoint)
		}
	})
}
