package seal

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// ErrEmpty means that nothing is left of a passphrase after normalisation.
var ErrEmpty = errors.New("the passphrase is empty")

// KDF holds the Argon2id parameters of one store (§5).
type KDF struct {
	Time      uint32 // passes
	MemoryKiB uint32
	Lanes     uint8
}

// DefaultKDF is what every new store uses: about 0.2 s on a laptop of 2020.
func DefaultKDF() KDF { return KDF{Time: 3, MemoryKiB: 64 * 1024, Lanes: 1} }

// check refuses what a hostile or broken file could ask for.
func (k KDF) check() error {
	if k.Time < 1 || k.MemoryKiB < 8*1024 || k.Lanes < 1 {
		return fmt.Errorf("key derivation parameters below the floor: %w", ErrDamaged)
	}
	if k.Time > 16 || k.MemoryKiB > 1024*1024 || k.Lanes > 8 {
		return fmt.Errorf("key derivation parameters above the cap: %w", ErrDamaged)
	}
	return nil
}

func (k KDF) derive(secret []byte, salt [32]byte) Key {
	b := argon2.IDKey(secret, salt[:], k.Time, k.MemoryKiB, k.Lanes, 32)
	defer clear(b)
	return Key(b)
}

// NormalizePassphrase makes the same passphrase of what different keyboards type: NFC, runs of white space and U+200B
// become one space, trimmed. Khmer and Lao keyboards type U+200B between words.
func NormalizePassphrase(p []byte) []byte {
	out := make([]byte, 0, len(p))
	gap := false
	for _, r := range string(norm.NFC.Bytes(p)) {
		if unicode.IsSpace(r) || r == '\u200b' {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		out = append(out, string(r)...)
	}
	return norm.NFC.Bytes(out)
}

// normalizeHandle is NormalizePassphrase in lower case.
func normalizeHandle(h string) []byte {
	return norm.NFC.Bytes([]byte(strings.ToLower(string(NormalizePassphrase([]byte(h))))))
}

const (
	consonants = "bdfghjklmnprstvz"
	vowels     = "aeiou"
)

// GeneratePassphrase makes five words such as "tavo-ribel" would be made of: each of two open syllables, which can be
// said and typed in any language with Latin letters. Sixteen consonants, five vowels: 12.6 bits a word, 63 bits in all.
func GeneratePassphrase(rand io.Reader) (string, error) {
	// Words that are rude in one of the larger languages; leaving them out costs less than 0.1 bit.
	rude := []string{"puta", "puto", "kaka", "pipi", "pupu", "kike", "nazi", "homo", "dago", "dego", "kuso", "bobo", "zizi", "nene", "puke"}
	words := make([]string, 0, 5)
	for len(words) < 5 {
		var w []byte
		for range 2 {
			c, err := uniform(rand, len(consonants))
			if err != nil {
				return "", err
			}
			v, err := uniform(rand, len(vowels))
			if err != nil {
				return "", err
			}
			w = append(w, consonants[c], vowels[v])
		}
		if !slices.Contains(rude, string(w)) {
			words = append(words, string(w))
		}
	}
	return strings.Join(words, " "), nil
}

// uniform draws from 0 to n-1 without a bias; n is at most 256.
func uniform(rand io.Reader, n int) (int, error) {
	var b [1]byte
	for {
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			return 0, fmt.Errorf("random bytes: %w", err)
		}
		if int(b[0]) < 256/n*n {
			return int(b[0]) % n, nil
		}
	}
}
