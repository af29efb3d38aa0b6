package seal

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Code is the secret of the recovery slot, printed once and kept on paper (§5).
type Code [16]byte

// ErrCode means that a recovery code was mistyped; it says nothing about whether another code would open the store.
var ErrCode = errors.New("the recovery code is mistyped")

const (
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeChars    = 28 // 128 bits and a check of 12
)

// NewCode draws a random code.
func NewCode(rand io.Reader) (Code, error) {
	var c Code
	if _, err := io.ReadFull(rand, c[:]); err != nil {
		return c, fmt.Errorf("random bytes: %w", err)
	}
	return c, nil
}

// String gives the code as it is printed: seven groups of four characters.
func (c Code) String() string {
	sum := hash("recovery check", c[:])
	bits := append(append([]byte(nil), c[:]...), sum[0], sum[1])
	var out strings.Builder
	for i := range codeChars {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(codeAlphabet[fiveBits(bits, i*5)])
	}
	return out.String()
}

// fiveBits reads five bits of b from bit position at.
func fiveBits(b []byte, at int) byte {
	var v byte
	for i := at; i < at+5; i++ {
		v = v<<1 | b[i/8]>>(7-i%8)&1
	}
	return v
}

// ParseCode reads a code as people type it: any case, with or without spaces and dashes, O for 0, I and L for 1.
func ParseCode(s string) (Code, error) {
	var c Code
	var bits [18]byte
	n := 0
	for _, r := range strings.ToUpper(s) {
		switch r {
		case ' ', '-', '\t', '\n', '\r', '\u2010', '\u2011', '\u2013', '\u2014', '\u00a0':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		v := strings.IndexRune(codeAlphabet, r)
		if v < 0 || n == codeChars {
			return c, ErrCode
		}
		for i := range 5 {
			at := n*5 + i
			bits[at/8] |= byte(v) >> (4 - i) & 1 << (7 - at%8)
		}
		n++
	}
	copy(c[:], bits[:])
	sum := hash("recovery check", c[:])
	if n != codeChars || bits[16] != sum[0] || bits[17] != sum[1]&0xf0 {
		return Code{}, ErrCode
	}
	return c, nil
}
