package card

import (
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"tipscreen/locales"
)

// coverage reads which characters each font has.
func coverage(t *testing.T) map[string]map[rune]bool {
	t.Helper()
	content, err := os.ReadFile("fonts/coverage.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[rune]bool{}
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		all[fields[0]] = map[rune]bool{}
		for _, stretch := range fields[1:] {
			from, to, ok := strings.Cut(stretch, "-")
			if !ok {
				to = from
			}
			first, err1 := strconv.ParseInt(from, 16, 32)
			last, err2 := strconv.ParseInt(to, 16, 32)
			if err1 != nil || err2 != nil {
				t.Fatalf("%q is no stretch of characters", stretch)
			}
			for r := first; r <= last; r++ {
				all[fields[0]][rune(r)] = true
			}
		}
	}
	return all
}

// TestFontsHaveEveryLetter: every character of every language that ships can be drawn with a font of the program; of what
// only officials read, all but the Han characters, for which an official's computer has fonts.
func TestFontsHaveEveryLetter(t *testing.T) {
	t.Parallel()
	have := coverage(t)
	for _, f := range faces {
		content, err := fonts.ReadFile("fonts/" + f.file + ".woff2")
		if err != nil || string(content[:4]) != "wOF2" || have[f.file] == nil {
			t.Errorf("%s: no font, or nothing is known about it: %v", f.file, err)
		}
	}
	catalog := locales.Open(locales.Embedded())
	for _, tag := range catalog.Languages() {
		missing := map[rune]bool{}
		for _, side := range []string{"person", "official"} {
			content, err := fs.ReadFile(locales.Embedded(), tag+"/"+side+".json")
			if err != nil {
				continue // a language may have words for the person alone
			}
			for _, r := range string(content) {
				if side == "official" && unicode.Is(unicode.Han, r) {
					continue
				}
				if r > ' ' && !drawn(have, tag, r) {
					missing[r] = true
				}
			}
		}
		for r := range missing {
			t.Errorf("%s: no font has %q (%U); run fonts/make.py", tag, r, r)
		}
	}
}

// drawn tells whether a font that the language uses has a character, in the way in which the style sheet chooses it.
func drawn(have map[string]map[rune]bool, tag string, r rune) bool {
	for _, f := range faces {
		if have[f.file][r] && needed(f, string(r)+sampleOf(f.file), []string{tag}) {
			return true
		}
	}
	return false
}

// sampleOf makes a text need a font, so that only the language decides about it.
func sampleOf(file string) string {
	return map[string]string{"hans": "中", "hant": "中", "devanagari": "क", "bengali": "ক", "arabic": "ب", "urdu": "ب"}[file]
}

// TestNotices: the notices of all fonts and the whole licence are in the program.
func TestNotices(t *testing.T) {
	t.Parallel()
	notice := FontNotice()
	for _, want := range []string{"Google", "Adobe", "SIL OPEN FONT LICENSE Version 1.1", "PERMISSION & CONDITIONS", "DISCLAIMER"} {
		if !strings.Contains(notice, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.ContainsFunc(notice, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		t.Error("control characters in the notice")
	}
}
