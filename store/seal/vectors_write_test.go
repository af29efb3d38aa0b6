package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"testing/cryptotest"
	"time"

	"filippo.io/age"
)

// maker collects vectors. With the same version of Go it makes the same bytes each time.
type maker struct {
	t      *testing.T
	all    []vector
	device ID
}

func makeVectors(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	if err := os.MkdirAll(vectorsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	m := &maker{t: t, device: ID{1, 2, 3}}
	m.rings()
	m.records()
	m.witnesses()
	m.drafts()
	m.parts()
	m.entries()
	m.keysets()
	m.transfers()
	b, err := json.MarshalIndent(m.all, "", " ")
	m.must(err)
	m.must(os.WriteFile(filepath.Join(vectorsDir, "vectors.json"), append(b, '\n'), 0o644))
}

func (m *maker) must(err error) {
	if err != nil {
		m.t.Helper()
		m.t.Fatal(err)
	}
}

// add keeps one vector; plain is what must come out of a good one.
func (m *maker) add(file, what, note string, in map[string]string, b []byte, result string, plain []byte) {
	v := vector{File: file, What: what, Note: note, Inputs: in, Result: result}
	if result == "ok" {
		v.SHA256 = sumOf(plain)
	}
	m.all = append(m.all, v)
	m.must(os.WriteFile(filepath.Join(vectorsDir, file), b, 0o644))
}

// but is in with one input changed.
func but(in map[string]string, name, value string) map[string]string {
	out := maps.Clone(in)
	out[name] = value
	return out
}

func changed(b []byte, at ...int) []byte {
	out := bytes.Clone(b)
	for _, i := range at {
		out[i] ^= 1
	}
	return out
}

// later makes of a magic the one of the next version.
func later(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at+7] = '2'
	return out
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

var otherKey = hexOf(bytes.Repeat([]byte{7}, 32))

func (m *maker) rings() {
	r, _, code, err := NewRing(rand.Reader, light, "Example", []byte("a passphrase that everybody knows"))
	m.must(err)
	b := r.Bytes()
	in := map[string]string{"handle": "Example", "passphrase": "a passphrase that everybody knows"}
	plain, err := openRingVector(inputs{m.t, in}, b)
	m.must(err)
	add := func(file, note string, in map[string]string, b []byte, result string) {
		m.add(file, "keys.bin", note, in, b, result, plain)
	}
	add("keys-good.bin", "one officer", in, b, "ok")
	add("keys-good.bin", "the same handle and passphrase, typed in another way", map[string]string{"handle": " eXample", "passphrase": "a\u00a0passphrase  that everybody knows\n"}, b, "ok")
	add("keys-good.bin", "the printed recovery code", map[string]string{"code": code.String()}, b, "ok")
	add("keys-good.bin", "a wrong passphrase", but(in, "passphrase", "another"), b, "cannot open")
	add("keys-good.bin", "an unknown officer", but(in, "handle", "nobody"), b, "cannot open")
	add("keys-first-copy-hurt.bin", "one bit of the first copy changed", in, changed(b, 100), "ok")
	add("keys-one-copy.bin", "cut after the first copy", in, b[:copySize], "ok")
	add("keys-both-hurt.bin", "one bit of each copy changed", in, changed(b, 100, copySize+5000), "damaged")
	add("keys-cut.bin", "cut within the first copy", in, b[:copySize-1], "damaged")
	edited := func(edit func(c []byte)) []byte { // with a checksum that fits
		c := bytes.Clone(b[:copySize])
		edit(c)
		sum := sha256.Sum256(c[:checksumAt])
		copy(c[checksumAt:], sum[:])
		return append(c, c...)
	}
	add("keys-later.bin", "of a later version", in, edited(func(c []byte) { c[7] = '2' }), "version")
	add("keys-costly.bin", "Argon2id with more memory than a reader may use", in, edited(func(c []byte) { binary.BigEndian.PutUint32(c[60:], 1<<21) }), "damaged")
	add("keys-cheap.bin", "Argon2id with less memory than a reader may accept", in, edited(func(c []byte) { binary.BigEndian.PutUint32(c[60:], 1024) }), "damaged")
	add("keys-state-hurt.bin", "device state changed under a checksum that fits", in, edited(func(c []byte) { c[deviceAt+100] ^= 1 }), "damaged")
}

func (m *maker) records() {
	r, err := NewRecord(rand.Reader, m.device)
	m.must(err)
	omk, err := NewKey(rand.Reader)
	m.must(err)
	b, err := r.File(rand.Reader, omk)
	m.must(err)
	in := map[string]string{"omk": hexOf(omk[:]), "device": m.device.String(), "id": r.ID.String()}
	plain := append(bytes.Clone(r.rk[:]), r.identity...)
	add := func(file, note string, in map[string]string, b []byte, result string) {
		m.add(file, "record key file", note, in, b, result, plain)
	}
	resum := func(b []byte) []byte {
		sum := sha256.Sum256(b[:recordSumAt])
		return append(b[:recordSumAt:recordSumAt], sum[:]...)
	}
	add("record-good.key", "a record that is sealed to itself", in, b, "ok")
	add("record-good.key", "another officer's key", but(in, "omk", otherKey), b, "cannot open")
	add("record-good.key", "in the place of another record", but(in, "id", hexOf(make([]byte, 16))), b, "cannot open")
	add("record-hurt.key", "one bit changed", in, changed(b, 200), "damaged")
	add("record-cut.key", "one byte too short", in, b[:len(b)-1], "damaged")
	add("record-identity-hurt.key", "identity changed under a checksum that fits", in, resum(changed(b, 200)), "damaged")
	add("record-later.key", "of a later version", in, resum(later(b, 0)), "version")
}

func (m *maker) witnesses() {
	dk, err := NewKey(rand.Reader)
	m.must(err)
	w := Witness{State: State{Counter: 3, Records: 1}, Recent: Recent{ID: ID{7}, Revision: 2, Op: OpSave}, Others: []Recent{{ID: ID{7}, Revision: 2, Op: OpSave}},
		Log: [][]byte{bytes.Repeat([]byte{9}, EntrySize)}, Body: []byte("a sealed draft")}
	b, err := w.Seal(rand.Reader, dk, m.device)
	m.must(err)
	plain, err := unbox(dk, b[4:], "witness", m.device[:])
	m.must(err)
	in := map[string]string{"dk": hexOf(dk[:]), "device": m.device.String()}
	add := func(file, note string, in map[string]string, b []byte, result string) {
		m.add(file, "witness cell", note, in, b, result, plain)
	}
	add("witness-good.bin", "a save with one log entry", in, b, "ok")
	add("witness-tail.bin", "with old bytes behind it", in, append(bytes.Clone(b), 1, 2, 3), "ok")
	add("witness-good.bin", "another laptop's key", but(in, "dk", otherKey), b, "cannot open")
	add("witness-hurt.bin", "one bit changed", in, changed(b, 500), "cannot open")
	add("witness-cut.bin", "cut", in, b[:len(b)-1], "cannot open")
	short, err := box(rand.Reader, dk, plain[:witnessHead-1], "witness", m.device[:])
	m.must(err)
	add("witness-short.bin", "sealed, but its plaintext is too short", in, appendLP(nil, short), "damaged")
}

func (m *maker) drafts() {
	r, err := NewRecord(rand.Reader, m.device)
	m.must(err)
	snapshot := []byte("three answers")
	b, err := r.SealDraft(rand.Reader, 3, snapshot)
	m.must(err)
	in := map[string]string{"rk": hexOf(r.rk[:]), "device": m.device.String(), "id": r.ID.String(), "revision": hexOf(u64(3))}
	m.add("draft-good.bin", "draft", "revision 3", in, b, "ok", snapshot)
	m.add("draft-good.bin", "draft", "taken for revision 4", but(in, "revision", hexOf(u64(4))), b, "cannot open", nil)
	m.add("draft-hurt.bin", "draft", "one bit changed", in, changed(b, 5000), "cannot open", nil)
	padded := pad(snapshot, 64)
	padded[63] = 1
	b, err = box(rand.Reader, r.rk, padded, "draft", m.device[:], r.ID[:], u64(3))
	m.must(err)
	m.add("draft-padding.bin", "draft", "sealed with padding that is not zero", in, b, "damaged", nil)
	b, err = r.SealAgencyDraft(rand.Reader, 3, AgencyDraft{Custody: []byte("custody"), Allegation: []byte("allegation"), Snapshot: snapshot})
	m.must(err)
	m.add("draft-enrolled-good.bin", "enrolled draft", "with a custody and an allegation that are not age files", in, b, "ok", snapshot)
	m.add("draft-enrolled-custody.bin", "enrolled draft", "another custody", in, changed(b, 12), "cannot open", nil)
	m.add("draft-enrolled-cut.bin", "enrolled draft", "cut within the custody", in, b[:14], "damaged", nil)
}

func (m *maker) parts() {
	r, err := NewRecord(rand.Reader, m.device)
	m.must(err)
	i, err := r.ageIdentity()
	m.must(err)
	s, err := r.Alone(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, 32)))
	m.must(err)
	content := []byte("what was said")
	parts, err := s.Parts(map[string][]byte{Protection: content})
	m.must(err)
	other, err := age.GenerateHybridIdentity()
	m.must(err)
	in := map[string]string{"identity": i.String(), "recipient": i.Recipient().String(), "id": r.ID.String(), "part": Protection}
	add := func(file, note string, in map[string]string, b []byte, result string) {
		m.add(file, "part", note, in, b, result, content)
	}
	add("part-good.age", "protection", in, parts[0], "ok")
	add("part-dummy.age", "identity was not recorded", but(in, "part", Identity), parts[1], "absent")
	add("part-good.age", "another identity", but(in, "identity", other.String()), parts[0], "cannot open")
	add("part-good.age", "taken for another part", but(in, "part", Identity), parts[0], "damaged")
	add("part-good.age", "of another record", but(in, "id", hexOf(make([]byte, 16))), parts[0], "damaged")
	add("part-good.age", "other recipients than the keyset names", but(in, "recipient", other.Recipient().String()), parts[0], "damaged")
	add("part-hurt.age", "one bit changed", in, changed(parts[0], len(parts[0])-9), "cannot open")
	plain, err := s.compose(0, true, content)
	m.must(err)
	unsigned, _, err := encrypt(changed(plain, partHeader), s.to[0].recipients, nil)
	m.must(err)
	add("part-signature.age", "sealed, but its signature does not hold", in, unsigned, "damaged")
	next, _, err := encrypt(later(plain, 0), s.to[0].recipients, nil)
	m.must(err)
	add("part-later.age", "of a later version", in, next, "version")
}

func (m *maker) entries() {
	key, err := NewKey(rand.Reader)
	m.must(err)
	_, head, err := Head{}.Append(rand.Reader, key, m.device, Entry{Kind: Created, Time: time.Unix(1_700_000_000, 0)})
	m.must(err)
	b, _, err := head.Append(rand.Reader, key, m.device, Entry{Kind: Finished, Time: time.Unix(1_700_000_060, 0), Record: ID{7}, Digest: [24]byte{8}})
	m.must(err)
	plain, err := unbox(key, b, "log entry", m.device[:], u64(2), head.Hash[:])
	m.must(err)
	in := map[string]string{"log key": hexOf(key[:]), "device": m.device.String(), "sequence": hexOf(u64(2)), "previous": hexOf(head.Hash[:])}
	m.add("log-good.bin", "log entry", "finished", in, b, "ok", plain)
	m.add("log-good.bin", "log entry", "in another place", but(in, "sequence", hexOf(u64(3))), b, "cannot open", nil)
	m.add("log-good.bin", "log entry", "after another head", but(in, "previous", otherKey), b, "cannot open", nil)
	m.add("log-hurt.bin", "log entry", "one bit changed", in, changed(b, 50), "cannot open", nil)
	plain[0] = 2
	b, err = box(rand.Reader, key, plain, "log entry", m.device[:], u64(2), head.Hash[:])
	m.must(err)
	m.add("log-later.bin", "log entry", "of a later version", in, b, "version", nil)
}

func (m *maker) keysets() {
	root := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32))
	k := Keyset{Version: 4, Agency: "Example Agency", Created: "2026-11-01", NotAfter: "2027-11-01", Recipients: map[string][]string{},
		ReceiptKeys: []string{otherKey}, Policy: Policy{RetentionDays: 30}}
	for _, role := range Roles() {
		i, err := age.GenerateHybridIdentity()
		m.must(err)
		k.Recipients[role] = []string{i.Recipient().String()}
	}
	b, err := k.Sign(root)
	m.must(err)
	body, _, _ := cutLP(b[40:])
	none := map[string]string{}
	sign := func(body []byte) []byte {
		public := root.Public().(ed25519.PublicKey)
		out := appendLP(append([]byte(keysetMagic), public...), body)
		return append(out, ed25519.Sign(root, lp("keyset", public, body))...)
	}
	m.add("keyset-good.bin", "keyset", "all five roles", none, b, "ok", body)
	m.add("keyset-hurt.bin", "keyset", "one bit of the body changed", none, changed(b, 60), "damaged", nil)
	m.add("keyset-cut.bin", "keyset", "cut", none, b[:len(b)-1], "damaged", nil)
	m.add("keyset-more.bin", "keyset", "something follows", none, append(bytes.Clone(b), 0), "damaged", nil)
	m.add("keyset-later.bin", "keyset", "of a later version", none, later(b, 0), "version", nil)
	unknown := append([]byte(`{"unknown":1,`), body[1:]...)
	m.add("keyset-unknown.bin", "keyset", "signed, with an unknown field", none, sign(unknown), "damaged", nil)
	m.add("keyset-second.bin", "keyset", "signed, with a second value", none, sign(append(bytes.Clone(body), "{}"...)), "damaged", nil)
	k.Recipients[Protection] = k.Recipients[Oversight]
	body, err = json.Marshal(&k)
	m.must(err)
	m.add("keyset-oversight.bin", "keyset", "signed, but the oversight is also the recipient for protection", none, sign(body), "damaged", nil)
}
