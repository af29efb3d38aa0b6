package main

import "testing"

// TestPrintable: what another laptop sent cannot move the cursor, change colours or turn text round.
func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain\nlines":            "plain\nlines",
		"ภาษาไทย \u2068ا\u2069":   "ภาษาไทย \u2068ا\u2069",
		"\x1b[2Jgone\r\x07":       "\ufffd[2Jgone\ufffd\ufffd",
		"\u009b31mred \u202eback": "\ufffd31mred \ufffdback",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}
