package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"slices"
	"testing"
	"time"
)

// testBundle is signed by a device; with the officer who has it.
func testBundle(t testing.TB) ([]byte, *Officer) {
	t.Helper()
	_, o, _ := ring(t)
	signer := o.Signer().Public().(ed25519.PublicKey)
	b := &Bundle{Root: [32]byte{9}, Number: 2, Keyset: 1, Made: time.Unix(1e9, 0), Offset: -20 * time.Minute, Since: Head{Seq: 3, Hash: [32]byte{3}},
		Hashes: [][32]byte{{4}}, Head: Head{Seq: 5, Hash: [32]byte{5}}, Signers: []ed25519.PublicKey{signer}, First: 7,
		Entries: []BundleEntry{{ID: ID{1}, Parts: [][]byte{[]byte("one"), nil, []byte("three"), []byte("four")}}, {ID: ID{2}, Gone: true}}}
	content, err := o.SealBundle(b)
	if err != nil {
		t.Fatal(err)
	}
	return content, o
}

func TestBundleRoundTrip(t *testing.T) {
	t.Parallel()
	content, o := testBundle(t)
	b, err := ParseBundle(content)
	if err != nil {
		t.Fatal(err)
	}
	if b.Device != o.Device || b.Number != 2 || b.First != 7 || b.Offset != -20*time.Minute || !b.Made.Equal(time.Unix(1e9, 0)) || len(b.Signers) != 1 ||
		b.Entries[0].Digest() != PartsDigest([][]byte{[]byte("one"), nil, []byte("three"), []byte("four")}) || !b.Entries[1].Gone || b.Entries[1].Digest() != [24]byte{} {
		t.Errorf("%+v", b)
	}
	h, err := ParseBundleHeader(b.Signed)
	if err != nil || h.Entries[0].Digest() != b.Entries[0].Digest() || h.Head != b.Head || !slices.Equal(h.Hashes, b.Hashes) {
		t.Errorf("%+v %v", h, err)
	}
	if !IsBundleName(BundleName(content)) || IsBundleName("x.tsb") || IsBundleName(BundleName(content)[:67]) {
		t.Error("names")
	}
	for at := range content { // every byte counts
		hurt := bytes.Clone(content)
		hurt[at] ^= 1
		if _, err := ParseBundle(hurt); err == nil {
			t.Errorf("byte %d changed, and it was taken", at)
		}
	}
	for at := range content {
		if _, err := ParseBundle(content[:at]); err == nil {
			t.Errorf("cut at %d, and it was taken", at)
		}
	}
	if _, err := ParseBundle(append(bytes.Clone(content), 0)); err == nil {
		t.Error("longer, and it was taken")
	}
}

func FuzzParseBundle(f *testing.F) {
	content, o := testBundle(f)
	b, err := ParseBundle(content)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content, b.header(), []byte("onethreefour"))
	f.Fuzz(func(t *testing.T, content, header, parts []byte) {
		if b, err := ParseBundle(content); err == nil && !bytes.Equal(b.Signed, content[:len(b.Signed)]) {
			t.Fatal("another bundle came out")
		}
		if len(header) < 80 {
			return
		}
		signer := o.DeviceSigner() // past the signature
		header = bytes.Clone(header)
		copy(header[48:80], signer.Public().(ed25519.PublicKey))
		signed := appendLP([]byte(bundleMagic), header)
		signed = append(signed, ed25519.Sign(signer, lp("bundle", header))...)
		b, err := ParseBundleHeader(signed)
		if err != nil {
			return
		}
		if !bytes.Equal(b.header(), header) {
			t.Fatal("a header has two forms")
		}
		if b, err := ParseBundle(append(signed, parts...)); err == nil {
			size := 0
			for _, e := range b.Entries {
				for _, p := range e.Parts {
					size += len(p)
				}
			}
			if size != len(parts) {
				t.Fatal("something is left over")
			}
		}
	})
}

func testReceipt() *Receipt {
	return &Receipt{Root: [32]byte{9}, Device: ID{1}, Key: bytes.Repeat([]byte{2}, 32), Number: 3, Time: time.Unix(1e9, 0), Head: Head{Seq: 4, Hash: [32]byte{5}},
		Entries: []ReceiptEntry{{Seq: 1, ID: ID{6}, Digest: [24]byte{7}, State: Opened}}, Missing: [][2]uint64{{2, 3}}}
}

func FuzzParseReceipt(f *testing.F) {
	k, root, _ := testKeyset(f)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	public := key.Public().(ed25519.PublicKey)
	k.ReceiptKeys = []string{ID(public[:16]).String() + ID(public[16:]).String()}
	signedSet, err := k.Sign(root)
	if err != nil {
		f.Fatal(err)
	}
	if k, err = ParseKeyset(signedSet); err != nil {
		f.Fatal(err)
	}
	r := testReceipt()
	r.Root = k.Root()
	signed, err := r.Sign(key)
	if err != nil {
		f.Fatal(err)
	}
	if got, err := ParseReceipt(signed, k); err != nil || got.Entries[0] != r.Entries[0] || got.Missing[0] != r.Missing[0] || got.Head != r.Head {
		f.Fatal(got, err)
	}
	body := signed[8+32+4 : len(signed)-64]
	f.Add(signed, body)
	f.Fuzz(func(t *testing.T, content, body []byte) {
		if r, err := ParseReceipt(content, k); err == nil && r.Number == 0 {
			t.Fatal("accepted")
		}
		b := append([]byte(receiptMagic), public...) // past the signature
		b = appendLP(b, body)
		b = append(b, ed25519.Sign(key, lp("receipt", public, body))...)
		r, err := ParseReceipt(b, k)
		if err != nil {
			return
		}
		again, err := r.Sign(key)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatal("a receipt has two forms", err)
		}
	})
}

func FuzzParseRelease(f *testing.F) {
	k, root, _ := testKeyset(f)
	k.Data = ID{1}.String() + ID{2}.String()
	signed, err := k.Sign(root)
	if err != nil {
		f.Fatal(err)
	}
	if k, err = ParseKeyset(signed); err != nil {
		f.Fatal(err)
	}
	content, err := Release{Keyset: k, Files: []File{{"indicators/plans/full.yaml", []byte("id: full")}, {"locales/en/official.json", nil}}}.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content, "locales/th/person.json")
	for _, path := range []string{"../x", "indicators/../../x", "/etc/passwd", "indicators/.ssh", "indicators//x", "other/x", "indicators", "indicators/x\x00", `indicators\x`, "indicators/a/b/c/d/e/f/g", "locales/x."} {
		f.Add(content, path)
	}
	f.Fuzz(func(t *testing.T, content []byte, path string) {
		if r, err := ParseRelease(content, k.Root()); err == nil {
			if again, err := r.Pack(); err != nil || !bytes.Equal(again, content) {
				t.Fatal("a release has two forms", err)
			}
		}
		packed, err := Release{Keyset: k, Files: []File{{path, []byte("x")}}}.Pack()
		if err != nil {
			return
		}
		for _, bad := range []string{"/../", "/.", "//", "\\", ":", "\x00", " "} {
			if bytes.Contains([]byte(path), []byte(bad)) {
				t.Fatalf("the path %q", path)
			}
		}
		if r, err := ParseRelease(packed, k.Root()); err != nil || r.Files[0].Path != path {
			t.Fatal(err)
		}
	})
}

// FuzzRecipients counts the recipients of anything.
func FuzzRecipients(f *testing.F) {
	r, _, _ := record(f)
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	s, err := r.Alone(signer)
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := s.Part(Protection, true, []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	if n, err := Recipients(sealed); n != 1 || err != nil {
		f.Fatal(n, err)
	}
	f.Add(sealed)
	f.Add([]byte("age-encryption.org/v1\n-> X25519 abc\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := Recipients(b); err == nil && n == 0 {
			t.Fatal("an age file to nobody")
		}
	})
}
