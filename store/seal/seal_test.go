package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"
)

var light = KDF{Time: 1, MemoryKiB: 8 * 1024, Lanes: 1}

func ring(t testing.TB) (*Ring, *Officer, Code) {
	t.Helper()
	r, o, code, err := NewRing(rand.Reader, light, "Ana", []byte("one two three"))
	if err != nil {
		t.Fatal(err)
	}
	return r, o, code
}

func record(t testing.TB) (*Record, Key, ID) {
	t.Helper()
	device, err := NewID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRecord(rand.Reader, device)
	if err != nil {
		t.Fatal(err)
	}
	k, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return r, k, device
}

func TestRingKeepsEverything(t *testing.T) {
	t.Parallel()
	r, o, code := ring(t)
	b := r.Bytes()
	if len(b) != RingSize {
		t.Fatalf("%d bytes", len(b))
	}
	r, err := ParseRing(b)
	if err != nil || r.Repaired() {
		t.Fatal(err, r.Repaired())
	}
	got, err := r.Unlock("aNA", []byte("one\ttwo\u200bthree "))
	if err != nil || *got != *o {
		t.Errorf("unlock: %v", err)
	}
	again, err := r.Recover(code)
	if err != nil || !again.Recovered() {
		t.Fatalf("recover: %v", err)
	}
	again.recovered = false
	if *again != *o {
		t.Error("the code opens something else")
	}
	for _, c := range [][2]string{{"ana", "one two"}, {"anna", "one two three"}, {"", ""}, {"ana", ""}} {
		if _, err := r.Unlock(c[0], []byte(c[1])); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("%q: %v", c, err)
		}
	}
}

// TestSlotsLookAlike: nothing in the file tells how many slots are in use.
func TestSlotsLookAlike(t *testing.T) {
	t.Parallel()
	r, o, _ := ring(t)
	for i := range byte(slotCount) {
		if allZero(r.slot(i)[:32]) || allZero(r.slot(i)[slotSize-32:]) {
			t.Errorf("slot %d is visibly unused", i)
		}
	}
	if o.slot == o.partner || o.State.used != 1<<o.slot|1<<o.partner {
		t.Errorf("slots %d and %d, used %b", o.slot, o.partner, o.State.used)
	}
}

func TestRingRefusesParameters(t *testing.T) {
	t.Parallel()
	for _, k := range []KDF{{}, {17, 65536, 1}, {3, 1<<20 + 1, 1}, {3, 65536, 9}, {3, 4096, 1}, {0, 65536, 1}, {3, 65536, 0}} {
		if _, _, _, err := NewRing(rand.Reader, k, "a", []byte("b")); !errors.Is(err, ErrDamaged) {
			t.Errorf("%+v: %v", k, err)
		}
		r, _, _ := ring(t)
		r.raw[56+3], r.raw[60], r.raw[64] = byte(k.Time), 0xff, k.Lanes
		if _, err := ParseRing(r.Bytes()); err == nil {
			t.Errorf("%+v was read", k)
		}
	}
	if DefaultKDF() != (KDF{3, 65536, 1}) {
		t.Error("the default changed")
	}
}

func TestRingVersion(t *testing.T) {
	t.Parallel()
	r, _, _ := ring(t)
	r.raw[7] = '2'
	if _, err := ParseRing(r.Bytes()); !errors.Is(err, ErrVersion) {
		t.Error(err)
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	for range 200 {
		c, err := NewCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s := c.String()
		if len(s) != 34 {
			t.Fatalf("%q", s)
		}
		spoken := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(s)
		for _, typed := range []string{s, strings.ToLower(s), spoken, strings.ReplaceAll(s, "-", "")} {
			if got, err := ParseCode(typed); err != nil || got != c {
				t.Errorf("%q: %v", typed, err)
			}
		}
		wrong := []byte(s)
		wrong[7] = codeAlphabet[(strings.IndexByte(codeAlphabet, s[7])+1)%32]
		if _, err := ParseCode(string(wrong)); !errors.Is(err, ErrCode) {
			t.Logf("a typo went through; the chance is 1 in 4096") // the slot then does not open
		}
		for _, bad := range []string{s[:33], s + "0", strings.Replace(s, s[:1], "U", 1), "", "ü"} {
			if _, err := ParseCode(bad); !errors.Is(err, ErrCode) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	}
}

func TestNormalizePassphrase(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" a  b ":                     "a b",
		"a\u200bb":                   "a b",
		"a \u200b\t\u00a0\u3000 b\n": "a b",
		"e\u0301":                    "\u00e9",
		"\u1e00":                     "\u1e00",
		"ភាសា\u200bខ្មែរ":            "ភាសា ខ្មែរ",
		"\u200b \n":                  "",
		"":                           "",
		"\xff\xfe":                   "\ufffd\ufffd",
		"A b":                        "A b",
		"a\u200b\u0301":              "a \u0301",
	} {
		if got := string(NormalizePassphrase([]byte(in))); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if got := string(NormalizePassphrase([]byte(want))); got != want {
			t.Errorf("%q does not stay as it is: %q", want, got)
		}
	}
}

func TestGeneratePassphrase(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 500 {
		p, err := GeneratePassphrase(rand.Reader)
		if err != nil || seen[p] || len(p) != 24 || string(NormalizePassphrase([]byte(p))) != p {
			t.Fatalf("%q %v", p, err)
		}
		seen[p] = true
	}
}

func TestRecordFile(t *testing.T) {
	t.Parallel()
	r, omk, device := record(t)
	b, err := r.File(rand.Reader, omk)
	if err != nil || len(b) != RecordFileSize || RecordFileSize != 424 {
		t.Fatal(len(b), err)
	}
	got, err := OpenRecord(b, omk, device, r.ID)
	if err != nil || *got != *r {
		t.Fatal(err)
	}
	if _, err := OpenRecord(b, Key{1}, device, r.ID); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("another officer: %v", err)
	}
	if _, err := OpenRecord(b, omk, device, ID{1}); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("another name: %v", err)
	}
	for i := range b {
		c := bytes.Clone(b)
		c[i] ^= 4
		if _, err := OpenRecord(c, omk, device, r.ID); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}

func TestDraftIsBound(t *testing.T) {
	t.Parallel()
	r, _, _ := record(t)
	small, err := r.SealDraft(rand.Reader, 3, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	larger, err := r.SealDraft(rand.Reader, 3, make([]byte, 8000))
	if err != nil || len(small) != len(larger) || len(small) != 8192+40 {
		t.Errorf("sizes %d and %d, %v", len(small), len(larger), err)
	}
	if got, err := r.OpenDraft(3, small); err != nil || string(got) != "x" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := r.OpenDraft(2, small); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("another revision: %v", err)
	}
	old := r.rk
	if err := r.Rekey(rand.Reader); err != nil || r.rk == old {
		t.Fatal(err)
	}
	if _, err := r.OpenDraft(3, small); !errors.Is(err, ErrCannotOpen) {
		t.Errorf("after finishing: %v", err)
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	r, _, _ := record(t)
	public, private, _ := ed25519.GenerateKey(rand.Reader)
	s, err := r.Alone(private)
	if err != nil {
		t.Fatal(err)
	}
	full, err := s.Parts(map[string][]byte{Protection: []byte("p"), Identity: {}, Investigation: bytes.Repeat([]byte("i"), 9000), Allegation: []byte("a")})
	if err != nil {
		t.Fatal(err)
	}
	empty, err := s.Parts(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n, name := range Compartments() {
		if n != 2 && len(full[n]) != len(empty[n]) {
			t.Errorf("%s: %d and %d bytes", name, len(full[n]), len(empty[n]))
		}
		if _, err := r.OpenPart(name, empty[n], public); !errors.Is(err, ErrAbsent) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := r.OpenPart(name, full[n], public); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := r.OpenPart(name, full[(n+1)%4], public); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s in another's place: %v", name, err)
		}
		if _, err := r.OpenPart(name, full[n], make(ed25519.PublicKey, 32)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s, another officer: %v", name, err)
		}
		other, _, _ := record(t)
		if _, err := other.OpenPart(name, full[n], public); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("%s, another record: %v", name, err)
		}
	}
}

func TestLogChain(t *testing.T) {
	t.Parallel()
	key, device, when := Key{1}, ID{2}, time.Unix(1_800_000_000, 0).UTC()
	var h Head
	var heads []Head
	var all [][]byte
	for i := range 5 {
		sealed, next, err := h.Append(rand.Reader, key, device, Entry{Kind: Kind(i + 1), Time: when, Record: ID{byte(i)}, Number: 7})
		if err != nil || len(sealed) != EntrySize || EntrySize != 104 {
			t.Fatal(len(sealed), err)
		}
		heads, all, h = append(heads, h), append(all, sealed), next
	}
	for i, sealed := range all {
		e, err := heads[i].Open(key, device, sealed)
		want := Entry{Seq: uint64(i + 1), Kind: Kind(i + 1), Time: when, Record: ID{byte(i)}, Number: 7}
		if err != nil || e != want {
			t.Errorf("%+v %v", e, err)
		}
		if _, err := heads[(i+1)%5].Open(key, device, sealed); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("entry %d elsewhere: %v", i, err)
		}
	}
	_, o, _ := ring(t)
	signed := o.SignHead(h)
	public := o.DeviceSigner().Public().(ed25519.PublicKey)
	if !signed.Verify(public) {
		t.Error("signature")
	}
	signed.Head.Seq++
	if signed.Verify(public) {
		t.Error("another head has the same signature")
	}
}

func TestStateAndWitness(t *testing.T) {
	t.Parallel()
	st := State{Counter: 9, Log: Head{Seq: 3, Hash: [32]byte{4}}, Drafts: [32]byte{5}, Records: 6}
	sealed, err := st.Seal(rand.Reader, Key{1}, ID{2})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenState(Key{1}, ID{2}, sealed); err != nil || got != st {
		t.Errorf("%+v %v", got, err)
	}
	w := Witness{State: st, Recent: Recent{ID: ID{7}, Revision: 8, Op: OpSave}, Log: [][]byte{make([]byte, EntrySize)}, Body: []byte("body")}
	for i := range 70 {
		w.Others = Touch(w.Others, Recent{ID: ID{byte(i + 1)}, Revision: uint64(i), Op: OpFinish})
	}
	w.Others = Touch(w.Others, w.Recent)
	cell, err := w.Seal(rand.Reader, Key{1}, ID{2})
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenWitness(Key{1}, ID{2}, append(cell, "left over"...))
	if err != nil || got.State != st || got.Recent != w.Recent || len(got.Others) != 64 || got.Others[0] != w.Recent || got.Others[1] != w.Others[1] ||
		string(got.Body) != "body" || len(got.Log) != 1 {
		t.Errorf("%+v %v", got, err)
	}
	a, b := MarkDraft(ID{1}, 1, nil), MarkDraft(ID{2}, 1, nil)
	if DraftsDigest([]DraftMark{a, b}) != DraftsDigest([]DraftMark{b, a}) || DraftsDigest([]DraftMark{a}) == DraftsDigest([]DraftMark{a, b}) {
		t.Error("digest")
	}
}
