package width

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Span is a line: where it begins and ends in the text.
type Span struct{ From, To int }

// Wrap breaks a text into lines that fit, cleaned and without spaces at their ends. It breaks where Unicode or a U+200B
// in the text allows it, and between units where nothing does. A text without content is one empty line.
func Wrap(s string, columns int) []string {
	spans := Spans(s, columns)
	lines := make([]string, 0, len(spans))
	for _, span := range spans {
		lines = append(lines, strings.TrimRight(Clean(s[span.From:span.To]), " "))
	}
	return lines
}

// Hang is Wrap for a line that is set in, or begins with a dash: what follows stands under its first word.
func Hang(s string, columns int) []string {
	lead := s[:len(s)-len(strings.TrimLeft(s, " "))]
	if strings.HasPrefix(s[len(lead):], "- ") {
		lead = s[:len(lead)+2]
	}
	if len(lead) > columns/2 {
		return Wrap(strings.TrimLeft(s, " "), columns)
	}
	lines := Wrap(s[len(lead):], columns-len(lead))
	for i := range lines {
		lines[i] = lead + lines[i]
		lead = strings.Repeat(" ", len(lead))
	}
	return lines
}

// Spans are the lines into which a text is broken. Together they hold all of it but the ends of lines.
func Spans(s string, columns int) []Span {
	w := &wrapper{text: s, columns: max(columns, 1)}
	state, word, at := -1, 0, 0
	for rest := s; len(rest) > 0; {
		var sign string
		var boundaries int
		sign, rest, boundaries, state = uniseg.StepString(rest, state)
		at += len(sign)
		if line := boundaries & uniseg.MaskLine; line == uniseg.LineDontBreak && len(rest) > 0 {
			continue
		}
		w.word(word, at)
		word = at
		if strings.HasSuffix(sign, "\n") {
			w.end(at-len(sign), at)
		}
	}
	return append(w.spans, Span{w.from, len(s)})
}

// wrapper fills lines with words.
type wrapper struct {
	text    string
	columns int
	spans   []Span
	from    int // where the line begins
	cells   int // how much of it is taken
}

// end closes the line, and lets the next one begin after the sign that ended it.
func (w *wrapper) end(to, next int) {
	w.spans = append(w.spans, Span{w.from, to})
	w.from, w.cells = next, 0
}

// word puts a piece that should not be broken on the line, or on the next.
func (w *wrapper) word(from, to int) {
	word := strings.TrimRight(w.text[from:to], "\r\n")
	size, trimmed := Of(word), Of(strings.TrimRight(word, " "))
	if w.cells > 0 && w.cells+trimmed > w.columns {
		w.end(from, from)
	}
	if trimmed > w.columns {
		w.split(from, word)
		return
	}
	w.cells += size
}

// split breaks a piece that is longer than a line.
func (w *wrapper) split(from int, word string) {
	at := from
	for _, unit := range Units(word) {
		size := Of(unit)
		if w.cells > 0 && w.cells+size > w.columns && strings.TrimRight(unit, " ") != "" {
			w.end(at, at)
		}
		w.cells += size
		at += len(unit)
	}
}
