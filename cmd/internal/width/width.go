// Package width says how many cells of a terminal a text takes, and where a line may be broken, for every script.
//
// Start with Wrap. Terminals count cells by code point (wcwidth), not by what a reader sees as one sign, and they differ:
// where counts differ the larger one is taken, so that a line may end early but never runs over the edge.
package width

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	east "golang.org/x/text/width"
)

// zwsp marks in Thai, Khmer, Lao and Burmese texts where a line may be broken. It is never sent to a terminal.
const zwsp = '\u200b'

// Of is how many cells a text takes.
func Of(s string) int {
	if ascii(s) {
		return len(s)
	}
	cells := 0
	for len(s) > 0 {
		var sign string
		sign, s, _, _ = uniseg.FirstGraphemeClusterInString(s, -1)
		cells += sizeOf(sign)
	}
	return cells
}

// ascii tells texts in which every byte is one cell.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func sizeOf(sign string) int {
	cells := 0
	for _, r := range sign {
		cells += runeSize(r)
	}
	return max(cells, uniseg.StringWidth(sign))
}

func runeSize(r rune) int {
	switch {
	case r >= ' ' && r <= '~', r == '\t', r == 0xad: // a soft hyphen is a format character, but terminals draw it
		return 1
	case unicode.IsControl(r), unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), r >= 0x1160 && r <= 0x11ff:
		return 0
	}
	switch east.LookupRune(r).Kind() {
	case east.EastAsianWide, east.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Clean leaves out what must not reach a terminal: control characters, which could be commands to it, marks that change
// the order of what is seen, and the marks for breaking lines. A tab becomes a space.
func Clean(s string) string {
	if ascii(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == zwsp, r == unicode.ReplacementChar,
			r >= 0x200e && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2061 && r <= 0x206f, r == 0x061c, r == 0xfeff:
			return -1
		}
		return r
	}, s)
}

// Cut is as much of the beginning of a text as fits; what was cut off is shown by three dots.
func Cut(s string, columns int) string {
	s = Clean(s)
	if Of(s) <= columns {
		return s
	}
	kept, cells := 0, 0
	for _, unit := range Units(s) {
		size := Of(unit)
		if cells+size > columns-1 {
			break
		}
		kept, cells = kept+len(unit), cells+size
	}
	if columns < 1 {
		return ""
	}
	return strings.TrimRight(s[:kept], " ") + "…"
}

// Units are the pieces of a text between which it may be cut, as a last resort: grapheme clusters, and what Unicode
// takes for several but a reader for one sign.
func Units(s string) []string {
	var units []string
	open := false
	for len(s) > 0 {
		var sign string
		sign, s, _, _ = uniseg.FirstGraphemeClusterInString(s, -1)
		if open {
			units[len(units)-1] += sign
		} else {
			units = append(units, sign)
		}
		open = wantsNext(sign)
	}
	return units
}

// wantsNext tells signs that belong to the one after them: stacked consonants of Khmer, Burmese and the scripts of India,
// and vowels that Thai and Lao write before their consonant.
func wantsNext(sign string) bool {
	last := []rune(sign)[len([]rune(sign))-1]
	switch last {
	case 0x094d, 0x09cd, 0x0a4d, 0x0acd, 0x0b4d, 0x0c4d, 0x0ccd, 0x0d4d, 0x0dca, 0x1039, 0x17d2, 0x1a60, 0x200d:
		return true
	}
	return last >= 0x0e40 && last <= 0x0e44 || last >= 0x0ec0 && last <= 0x0ec4
}
