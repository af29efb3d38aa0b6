package wording

import "unicode"

// Digit is the value of a decimal digit of any script, or -1. Unicode keeps the ten digits of a script together.
func Digit(r rune) int {
	if !unicode.IsDigit(r) {
		return -1
	}
	zero := r
	for r-zero < 9 && unicode.IsDigit(zero-1) {
		zero--
	}
	return int(r - zero)
}
