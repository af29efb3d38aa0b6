package seal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
)

var writeVectors = flag.Bool("write-vectors", false, "make testdata/vectors anew; only before the format is released")

var vectorsDir = filepath.Join("..", "..", "testdata", "vectors")

// vector is one line of vectors.json: a file, what it takes to open it, and what must come out.
type vector struct {
	File   string            `json:"file"`
	What   string            `json:"what"` // chooses the reader
	Note   string            `json:"note"`
	Inputs map[string]string `json:"inputs"` // bytes in hex; handle, passphrase, code, identity and numbers as text
	Result string            `json:"result"` // ok, damaged, cannot open, version, absent
	SHA256 string            `json:"sha256,omitempty"`
}

// TestVectors opens every vector. Another program that reads the format can be tried on the same files.
func TestVectors(t *testing.T) {
	if *writeVectors {
		makeVectors(t)
	}
	b, err := os.ReadFile(filepath.Join(vectorsDir, "vectors.json"))
	var all []vector
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	unlisted := map[string]bool{"vectors.json": true, "README.md": true}
	for _, v := range all {
		unlisted[v.File] = true
		b, err := os.ReadFile(filepath.Join(vectorsDir, v.File))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := openVector(t, v, b)
		if got := resultOf(err); got != v.Result {
			t.Errorf("%s (%s): %s instead of %s: %v", v.File, v.Note, got, v.Result, err)
		} else if got := sumOf(plain); err == nil && got != v.SHA256 {
			t.Errorf("%s (%s): another plaintext", v.File, v.Note)
		}
	}
	files, err := os.ReadDir(vectorsDir)
	if err != nil || len(all) < 30 {
		t.Fatal(len(all), err)
	}
	for _, f := range files {
		if !unlisted[f.Name()] {
			t.Errorf("%s is not in vectors.json", f.Name())
		}
	}
}

func sumOf(b []byte) string { sum := sha256.Sum256(b); return hex.EncodeToString(sum[:]) }

func resultOf(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, ErrVersion):
		return "version"
	case errors.Is(err, ErrAbsent):
		return "absent"
	case errors.Is(err, ErrCannotOpen):
		return "cannot open"
	case errors.Is(err, ErrDamaged), errors.Is(err, ErrKeyset), errors.Is(err, ErrSignature):
		return "damaged"
	}
	return "unknown"
}

// inputs reads the inputs of a vector.
type inputs struct {
	t testing.TB
	m map[string]string
}

func (in inputs) bytes(name string, n int) []byte {
	b, err := hex.DecodeString(in.m[name])
	if err != nil || len(b) != n {
		in.t.Fatalf("input %s: %v", name, err)
	}
	return b
}

func (in inputs) key(name string) Key    { return Key(in.bytes(name, 32)) }
func (in inputs) id(name string) ID      { return ID(in.bytes(name, 16)) }
func (in inputs) u64(name string) uint64 { return binary.BigEndian.Uint64(in.bytes(name, 8)) }

// openVector gives what the README of the vectors calls the plaintext.
func openVector(t testing.TB, v vector, b []byte) ([]byte, error) {
	in := inputs{t, v.Inputs}
	switch v.What {
	case "keys.bin":
		return openRingVector(in, b)
	case "record key file":
		r, err := OpenRecord(b, in.key("omk"), in.id("device"), in.id("id"))
		if err != nil {
			return nil, err
		}
		return append(r.rk[:], r.identity...), nil
	case "witness cell":
		if _, err := OpenWitness(in.key("dk"), in.id("device"), b); err != nil {
			return nil, err
		}
		sealed, _, _ := cutLP(b)
		return unbox(in.key("dk"), sealed, "witness", in.bytes("device", 16))
	case "draft":
		r := &Record{ID: in.id("id"), device: in.id("device"), rk: in.key("rk")}
		return r.OpenDraft(in.u64("revision"), b)
	case "enrolled draft":
		r := &Record{ID: in.id("id"), device: in.id("device"), rk: in.key("rk")}
		d, err := r.OpenAgencyDraft(in.u64("revision"), b)
		return d.Snapshot, err
	case "part":
		i, err := age.ParseHybridIdentity(v.Inputs["identity"])
		if err != nil {
			t.Fatal(err)
		}
		content, _, err := OpenAgencyPart(i, v.Inputs["part"], b, in.id("id"), []string{v.Inputs["recipient"]})
		return content, err
	case "log entry":
		head := Head{Seq: in.u64("sequence") - 1, Hash: in.key("previous")}
		if _, err := head.Open(in.key("log key"), in.id("device"), b); err != nil {
			return nil, err
		}
		return unbox(in.key("log key"), b, "log entry", in.bytes("device", 16), in.bytes("sequence", 8), head.Hash[:])
	case "keyset":
		if _, err := ParseKeyset(b); err != nil {
			return nil, err
		}
		body, _, _ := cutLP(b[40:])
		return body, nil
	case "bundle", "receipt", "release":
		return openTransferVector(in, v.What, b)
	}
	t.Fatalf("%s: an unknown kind of file: %s", v.File, v.What)
	return nil, nil
}

func openRingVector(in inputs, b []byte) ([]byte, error) {
	r, err := ParseRing(b)
	if err != nil {
		return nil, err
	}
	var o *Officer
	if typed, given := in.m["code"]; given {
		code, cerr := ParseCode(typed)
		if cerr != nil {
			in.t.Fatal(cerr)
		}
		o, err = r.Recover(code)
	} else {
		o, err = r.Unlock(in.m["handle"], []byte(in.m["passphrase"]))
	}
	if err != nil {
		return nil, err
	}
	var plain []byte
	for _, k := range [][32]byte{o.OMK, o.DK, o.seed, o.State.seed, o.State.LogKey} {
		plain = append(plain, k[:]...)
	}
	return plain, nil
}
