// Package seal turns keys and values into the bytes that the store keeps, and back.
//
// It does no file or database work. FORMAT.md in this folder is the specification: formats, threats, and what is not
// promised; comments cite its sections as §n. Start with [Ring] (keys.bin: who may open the store), then [Record] (the
// key of one record), [Record.SealDraft] (an interview in progress), [Parts] (a finished record), [Witness] and [Log].
//
// Glossary: OMK is an officer's key, DK the key that all officers of a device share, RK the key of one record.
package seal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// Key is a symmetric key of 256 bits.
type Key [32]byte

// ID names a record or a device. IDs are random, so they say nothing about when or in which order they were made.
type ID [16]byte

// String gives the id as 32 lower-case hex digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// IsZero reports whether id is unset.
func (id ID) IsZero() bool { return id == ID{} }

// ParseID reads what [ID.String] wrote.
func ParseID(s string) (ID, error) {
	var id ID
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(id) || hex.EncodeToString(b) != s {
		return id, errors.New("not a record id")
	}
	copy(id[:], b)
	return id, nil
}

// NewID draws a random id.
func NewID(rand io.Reader) (ID, error) {
	var id ID
	_, err := io.ReadFull(rand, id[:])
	return id, err
}

// NewKey draws a random key.
func NewKey(rand io.Reader) (Key, error) {
	var k Key
	_, err := io.ReadFull(rand, k[:])
	return k, err
}

// Errors that callers branch on. None carries content, a handle or a passphrase.
var (
	// ErrCannotOpen means that a sealed value does not open under this key: a wrong passphrase, another officer's
	// record, or changed bytes.
	ErrCannotOpen = errors.New("cannot open: wrong key or changed bytes")
	// ErrDamaged means that bytes are not what this package wrote, whatever the key.
	ErrDamaged = errors.New("damaged")
	// ErrVersion means that the bytes come from a later version of the program.
	ErrVersion = errors.New("written by a later version of this program")
	// ErrTooLarge means that a value does not fit the format.
	ErrTooLarge = errors.New("too large")
)

// overhead is what sealing adds: nonce and tag.
const overhead = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

const prefix = "tipscreen/1 "

// lp is LP(prefix‖name, fields…) of §4: unambiguous, because every field carries its length.
func lp(name string, fields ...[]byte) []byte {
	out := appendLP(nil, []byte(prefix+name))
	for _, f := range fields {
		out = appendLP(out, f)
	}
	return out
}

func appendLP(dst, b []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(b)))
	return append(dst, b...)
}

func hash(name string, fields ...[]byte) [32]byte { return sha256.Sum256(lp(name, fields...)) }

func u64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// box is seal() of §4.
func box(rand io.Reader, k Key, plain []byte, name string, fields ...[]byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		return nil, err
	}
	out := make([]byte, chacha20poly1305.NonceSizeX, len(plain)+overhead)
	if _, err := io.ReadFull(rand, out); err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	return aead.Seal(out, out, plain, lp(name, fields...)), nil
}

// unbox opens what box made, or returns ErrCannotOpen.
func unbox(k Key, sealed []byte, name string, fields ...[]byte) ([]byte, error) {
	if len(sealed) < overhead {
		return nil, ErrCannotOpen
	}
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		return nil, err
	}
	nonce, body := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	plain, err := aead.Open(nil, nonce, body, lp(name, fields...))
	if err != nil {
		return nil, ErrCannotOpen
	}
	return plain, nil
}

// pad rounds up to a multiple of n (§4).
func pad(p []byte, n int) []byte {
	size := (4 + len(p) + n - 1) / n * n
	out := make([]byte, 4, size)
	binary.BigEndian.PutUint32(out, uint32(len(p)))
	out = append(out, p...)
	return out[:size]
}

// unpad undoes pad, and refuses padding that is not zero.
func unpad(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("padding: %w", ErrDamaged)
	}
	n := int64(binary.BigEndian.Uint32(b))
	if n > int64(len(b)-4) || !allZero(b[4+n:]) {
		return nil, fmt.Errorf("padding: %w", ErrDamaged)
	}
	return b[4 : 4+n : 4+n], nil
}

func allZero(b []byte) bool {
	var or byte
	for _, c := range b {
		or |= c
	}
	return or == 0
}

// checkMagic tells another version from damage (§14): only the last character differs.
func checkMagic(b []byte, magic string) error {
	if len(b) < len(magic) || string(b[:len(magic)-1]) != magic[:len(magic)-1] {
		return ErrDamaged
	}
	if b[len(magic)-1] != magic[len(magic)-1] {
		return ErrVersion
	}
	return nil
}
