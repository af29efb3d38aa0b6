package card

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
)

// face is one of the fonts that are in the program, with the letters that a browser shall take from it.
type face struct{ file, family, ranges string }

// marks are spaces, joiners and the circle below a lone sign, which belong to the letters around them.
const marks = "U+00A0,U+200B-200D,U+25CC"

const hanRanges = "U+2E80-303F,U+3400-9FFF,U+F900-FAFF,U+FE30-FE4F,U+FF00-FFEF"

// faces are all fonts. Chinese has two, because the same characters are written differently; Urdu has one of its own.
var faces = []face{
	{"latin", "tipscreen", "U+0020-052F,U+1E00-1EFF,U+2000-206F,U+20A0-20BF,U+2100-215F,U+2190-21FF,U+2212"},
	{"thai", "tipscreen", "U+0E00-0E7F," + marks},
	{"lao", "tipscreen", "U+0E80-0EFF," + marks},
	{"khmer", "tipscreen", "U+1780-17FF,U+19E0-19FF," + marks},
	{"myanmar", "tipscreen", "U+1000-109F,U+A9E0-A9FF,U+AA60-AA7F," + marks},
	{"devanagari", "tipscreen", "U+0900-097F,U+A8E0-A8FF," + marks},
	{"bengali", "tipscreen", "U+0964-0965,U+0980-09FF," + marks},
	{"ethiopic", "tipscreen", "U+1200-139F,U+2D80-2DDF," + marks},
	{"arabic", "tipscreen", "U+0600-06FF,U+0750-077F,U+FD3E-FD3F,U+FDFC," + marks},
	{"urdu", "tipscreen urdu", "U+0600-06FF,U+0750-077F," + marks},
	{"hans", "tipscreen hans", hanRanges},
	{"hant", "tipscreen hant", hanRanges},
}

// fontFaces are the rules that let a page use the fonts from a folder.
func fontFaces(folder string) string {
	var css strings.Builder
	for _, f := range faces {
		rule(&css, f, folder+f.file+".woff2")
	}
	return css.String()
}

func rule(css *strings.Builder, f face, url string) {
	fmt.Fprintf(css, "@font-face{font-family:%q;src:url(%q) format(\"woff2\");unicode-range:%s}\n", f.family, url, f.ranges)
}

// InlineFonts are the same rules with the fonts in them, for a file that has to be whole by itself: those of the scripts
// of the text, and of the Chinese ones that of the language.
func InlineFonts(text string, tags ...string) string {
	var css strings.Builder
	for _, f := range faces {
		if !needed(f, text, tags) {
			continue
		}
		content, err := fonts.ReadFile("fonts/" + f.file + ".woff2")
		if err != nil { // every face is embedded, as a test shows
			continue
		}
		rule(&css, f, "data:font/woff2;base64,"+base64.StdEncoding.EncodeToString(content))
	}
	return css.String()
}

// needed tells whether a text has letters of a font that its languages use.
func needed(f face, text string, tags []string) bool {
	if f.file == "latin" {
		return true
	}
	script := map[string]*unicode.RangeTable{
		"thai": unicode.Thai, "lao": unicode.Lao, "khmer": unicode.Khmer, "myanmar": unicode.Myanmar, "devanagari": unicode.Devanagari,
		"bengali": unicode.Bengali, "ethiopic": unicode.Ethiopic, "arabic": unicode.Arabic, "urdu": unicode.Arabic, "hans": unicode.Han, "hant": unicode.Han,
	}[f.file]
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(script, r) }) {
		return false
	}
	traditional, urdu, other := false, false, false
	for _, tag := range tags {
		switch {
		case tag == "ur":
			urdu = true
		case strings.HasPrefix(tag, "zh-Hant"), tag == "zh-TW", tag == "zh-HK":
			traditional = true
		default:
			other = true
		}
	}
	switch f.file {
	case "urdu":
		return urdu
	case "hant":
		return traditional
	case "arabic", "hans":
		return other
	}
	return true
}

// FontNotice are the copyright notices and the licence of the fonts.
func FontNotice() string {
	notice, err := fonts.ReadFile("fonts/OFL.txt")
	if err != nil { // embedded, as a test shows
		return ""
	}
	return string(notice)
}
