package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"time"

	"filippo.io/age"
)

// openTransferVector gives the header of a bundle, the body of a receipt, or the files of a release, each as LP(path,
// content).
func openTransferVector(in inputs, what string, b []byte) ([]byte, error) {
	switch what {
	case "bundle":
		bundle, err := ParseBundle(b)
		if err != nil {
			return nil, err
		}
		return bundle.header(), nil
	case "receipt":
		signed, err := hex.DecodeString(in.m["keyset"])
		if err != nil {
			in.t.Fatal(err)
		}
		k, err := ParseKeyset(signed)
		if err != nil {
			in.t.Fatal(err)
		}
		if _, err := ParseReceipt(b, k); err != nil {
			return nil, err
		}
		body, _, _ := cutLP(b[40:])
		return body, nil
	}
	r, err := ParseRelease(b, [32]byte(in.bytes("root", 32)))
	if err != nil {
		return nil, err
	}
	var plain []byte
	for _, f := range r.Files {
		plain = appendLP(appendLP(plain, []byte(f.Path)), f.Content)
	}
	return plain, nil
}

func (m *maker) transfers() {
	_, o, _, err := NewRing(rand.Reader, light, "Example", []byte("a passphrase that everybody knows"))
	m.must(err)
	root := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32))
	receipts := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32))
	k := &Keyset{Version: 1, Agency: "Example", Created: "2026-01-01", NotAfter: "2027-01-01", Recipients: map[string][]string{},
		ReceiptKeys: []string{hexOf(receipts.Public().(ed25519.PublicKey))}, Data: hexOf(bytes.Repeat([]byte{3}, 32))}
	for _, role := range Roles() {
		i, err := age.GenerateHybridIdentity()
		m.must(err)
		k.Recipients[role] = []string{i.Recipient().String()}
	}
	signed, err := k.Sign(root)
	m.must(err)
	k, err = ParseKeyset(signed)
	m.must(err)
	m.bundles(o, k)
	m.receipts(o, k, receipts)

	in := map[string]string{"root": hexOf(root.Public().(ed25519.PublicKey))}
	b, err := Release{Keyset: k, Files: []File{{"directory/places.txt", []byte("a place")}}}.Pack()
	m.must(err)
	m.transfer("release-good.bin", "release", "one file; its digest is for the caller to check", in, b, "ok")
	m.transfer("release-good.bin", "release", "another agency's", but(in, "root", otherKey), b, "damaged")
	m.transfer("release-hurt.bin", "release", "the keyset changed", in, changed(b, 100), "damaged")
	m.transfer("release-cut.bin", "release", "cut", in, b[:len(b)-1], "damaged")
	m.transfer("release-path.bin", "release", "a path that leads out", in, bytes.Replace(b, []byte("directory/places.txt"), []byte("directory/../../.txt"), 1), "damaged")
	m.transfer("release-later.bin", "release", "a later version", in, later(b, 0), "version")
}

func (m *maker) transfer(file, what, note string, in map[string]string, b []byte, result string) {
	var plain []byte
	if result == "ok" {
		var err error
		plain, err = openTransferVector(inputs{m.t, in}, what, b)
		m.must(err)
	}
	m.add(file, what, note, in, b, result, plain)
}

func (m *maker) bundles(o *Officer, k *Keyset) {
	b, err := o.SealBundle(&Bundle{Root: k.Root(), Number: 2, Keyset: 1, Made: time.Unix(1e9, 0), Offset: -20 * time.Minute,
		Since: Head{3, [32]byte{3}}, Hashes: [][32]byte{{4}}, Head: Head{5, [32]byte{5}}, Signers: []ed25519.PublicKey{o.Signer().Public().(ed25519.PublicKey)}, First: 7,
		Entries: []BundleEntry{{ID: ID{1}, Parts: [][]byte{[]byte("one"), []byte("two"), []byte("three"), []byte("four")}}, {ID: ID{2}, Gone: true}}})
	m.must(err)
	none := map[string]string{}
	m.transfer("bundle-good.tsb", "bundle", "a record and an empty place; the parts are no age files here", none, b, "ok")
	m.transfer("bundle-header-hurt.tsb", "bundle", "the number changed", none, changed(b, 12+80+7), "damaged")
	m.transfer("bundle-part-hurt.tsb", "bundle", "one bit of a part changed", none, changed(b, len(b)-1), "damaged")
	m.transfer("bundle-cut.tsb", "bundle", "cut", none, b[:len(b)-1], "damaged")
	m.transfer("bundle-more.tsb", "bundle", "something follows", none, append(bytes.Clone(b), 0), "damaged")
	m.transfer("bundle-later.tsb", "bundle", "a later version", none, later(b, 0), "version")
}

func (m *maker) receipts(o *Officer, k *Keyset, key ed25519.PrivateKey) {
	r := &Receipt{Root: k.Root(), Device: o.Device, Key: o.DeviceSigner().Public().(ed25519.PublicKey), Number: 3, Time: time.Unix(1e9, 0), Head: Head{5, [32]byte{5}},
		Entries: []ReceiptEntry{{Seq: 7, ID: ID{1}, Digest: [24]byte{7}, State: Opened}}, Missing: [][2]uint64{{1, 6}}}
	b, err := r.Sign(key)
	m.must(err)
	in := map[string]string{"keyset": hexOf(k.Signed())}
	m.transfer("receipt-good.bin", "receipt", "one record opened, six missing", in, b, "ok")
	m.transfer("receipt-hurt.bin", "receipt", "the state changed", in, changed(b, 44+160+48), "damaged")
	m.transfer("receipt-cut.bin", "receipt", "cut", in, b[:len(b)-1], "damaged")
	m.transfer("receipt-later.bin", "receipt", "a later version", in, later(b, 0), "version")
	foreign, err := r.Sign(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)))
	m.must(err)
	m.transfer("receipt-foreign.bin", "receipt", "signed by a key that is not in the keyset", in, foreign, "damaged")
}
