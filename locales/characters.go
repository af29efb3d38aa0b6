package locales

import "unicode"

// forbidden finds the first character that a text must not hold: what cannot be seen, and what changes the order of what is seen, so that a reviewer
// would sign something else than the person reads. Joiners, zero-width spaces and variation selectors stay: Khmer, Burmese, Thai and Persian need them.
func forbidden(s string) (rune, bool) {
	for _, c := range s {
		switch {
		case c == '\n' || c >= ' ' && c < 0x7f:
		case c == 0xfffd, c == 0xfeff, c == 0x061c, c == 0x2028, c == 0x2029:
			return c, true
		case c >= 0x200e && c <= 0x200f, c >= 0x202a && c <= 0x202e, c >= 0x2061 && c <= 0x206f, c >= 0xfff9 && c <= 0xfffb, c >= 0xe0000 && c <= 0xe007f:
			return c, true
		case unicode.IsControl(c), unicode.Is(unicode.Co, c):
			return c, true
		}
	}
	return 0, false
}
