package locales

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/width"
)

// zawgyi tells whether Burmese looks as if it was typed in Zawgyi, an old encoding that uses the same numbers for other
// signs: what a Zawgyi font shows well is rubbish in every other. It goes by what Unicode never writes: a vowel or medial
// before its consonant, signs for stacked letters that Burmese does not have, a virama with nothing under it.
func zawgyi(words string) bool {
	previous := rune(0)
	runes := []rune(words)
	for i, r := range runes {
		next := rune(0)
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch {
		case r >= 0x1060 && r <= 0x1097:
			return true
		case r == 0x1039 && (next < 0x1000 || next > 0x1021):
			return true
		case (r == 0x1031 || r >= 0x103B && r <= 0x103E) && !carries(previous):
			return true
		}
		previous = r
	}
	return false
}

// carries tells what a vowel or medial sign may stand after: consonants, other medials and a few independent vowels.
func carries(r rune) bool {
	return r >= 0x1000 && r <= 0x1021 || r >= 0x1023 && r <= 0x102A || r >= 0x103B && r <= 0x103F || r == 0x104E || r >= 0x1050 && r <= 0x1051
}

func isBurmese(tag string) bool {
	base, _ := language.Make(tag).Base()
	return base.String() == "my"
}

// Where length matters: what stands on one line of a narrow terminal, on a key or below a pictogram.
const (
	longestLabel = 40
	longestTitle = 80
)

// longest is how many cells a message may take; 0: as many as it needs.
func longest(id string) int {
	for _, prefix := range []string{"keys.", "answer.", "seen.", "save.", "how.", "consent.option.", "hide.code", "hide.passphrase", "card.go_on", "card.leave_out", "card.back", "card.pause", "card.stop"} {
		if strings.HasPrefix(id, prefix) {
			return longestLabel
		}
	}
	if strings.HasSuffix(id, ".title") {
		return longestTitle
	}
	return 0
}

// cells is how many cells a text takes on a terminal.
func cells(words string) int {
	n := 0
	for _, r := range words {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
