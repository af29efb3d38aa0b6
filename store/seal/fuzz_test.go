package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"testing"
)

// Every reader of bytes from outside: none may panic, and what is accepted must be what was written.

func FuzzParseRing(f *testing.F) {
	r, _, _ := ring(f)
	f.Add(r.Bytes())
	f.Add(r.Bytes()[:copySize])
	f.Add([]byte(ringMagic))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) >= copySize { // let the fuzzer past the checksum
			sum := sha256.Sum256(b[:checksumAt])
			copy(b[checksumAt:], sum[:])
		}
		r, err := ParseRing(b)
		if err != nil {
			return
		}
		again, err := ParseRing(r.Bytes())
		if err != nil || again.raw != r.raw {
			t.Fatal(err)
		}
	})
}

func FuzzOpenRecord(f *testing.F) {
	r, omk, device := record(f)
	b, err := r.File(rand.Reader, omk)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, c []byte) {
		got, err := OpenRecord(c, omk, device, r.ID)
		if err == nil && *got != *r {
			t.Fatal("another record came out")
		}
	})
}

func FuzzOpenWitness(f *testing.F) {
	w := Witness{Recent: Recent{ID: ID{7}, Revision: 8, Op: OpSave}, Log: [][]byte{make([]byte, EntrySize)}, Body: []byte("body")}
	cell, err := w.Seal(rand.Reader, Key{}, ID{})
	if err != nil {
		f.Fatal(err)
	}
	plain, err := unbox(Key{}, cell[4:], "witness", make([]byte, 16))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(cell, plain)
	f.Fuzz(func(t *testing.T, cell, plain []byte) {
		OpenWitness(Key{}, ID{}, cell)
		sealed, err := box(rand.Reader, Key{}, plain, "witness", make([]byte, 16)) // past the seal
		if err != nil {
			t.Fatal(err)
		}
		OpenWitness(Key{}, ID{}, appendLP(nil, sealed))
	})
}

func FuzzOpenPart(f *testing.F) {
	r, _, _ := record(f)
	public, private, _ := ed25519.GenerateKey(rand.Reader)
	s, err := r.Alone(private)
	if err != nil {
		f.Fatal(err)
	}
	parts, err := s.Parts(map[string][]byte{Protection: []byte("content")})
	if err != nil {
		f.Fatal(err)
	}
	plain, err := s.compose(0, true, []byte("content"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(parts[0], plain)
	f.Fuzz(func(t *testing.T, sealed, plain []byte) {
		if got, err := r.OpenPart(Protection, sealed, public); err == nil && string(got) != "content" {
			t.Fatalf("another content came out: %q", got)
		}
		if len(plain) > ed25519.SignatureSize { // past the signature
			body := plain[:len(plain)-ed25519.SignatureSize]
			plain = append(bytes.Clone(body), ed25519.Sign(private, lp("part", body))...)
		}
		parsePart(plain, r.ID, 0, &s.to[0].digest, public)
	})
}

func FuzzOpenEntry(f *testing.F) {
	sealed, _, err := Head{}.Append(rand.Reader, Key{}, ID{}, Entry{Kind: Read})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, make([]byte, entryPlain))
	f.Fuzz(func(t *testing.T, sealed, plain []byte) {
		Head{}.Open(Key{}, ID{}, sealed)
		device := ID{}
		hash := [32]byte{}
		b, err := box(rand.Reader, Key{}, plain, "log entry", device[:], u64(1), hash[:])
		if err != nil {
			t.Fatal(err)
		}
		Head{}.Open(Key{}, ID{}, b)
	})
}

func FuzzUnpad(f *testing.F) {
	f.Add(pad([]byte("x"), 16))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := unpad(b)
		if err == nil && len(b) > 0 && !bytes.Equal(pad(p, len(b)), b) {
			t.Fatal("padding is not unique")
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add(Code{1, 2, 3}.String())
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err != nil {
			return
		}
		if again, err := ParseCode(c.String()); err != nil || again != c {
			t.Fatal(err)
		}
	})
}

func FuzzNormalizePassphrase(f *testing.F) {
	f.Add([]byte(" a\u200bb e\u0301 "))
	f.Fuzz(func(t *testing.T, p []byte) {
		once := NormalizePassphrase(p)
		if twice := NormalizePassphrase(once); !bytes.Equal(once, twice) {
			t.Fatalf("%q becomes %q becomes %q", p, once, twice)
		}
	})
}
