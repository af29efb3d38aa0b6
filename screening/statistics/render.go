package statistics

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Words gives a sentence of the reader's language by its id.
type Words func(id string, data map[string]any) string

// label names a value of a dimension. Places, groups, languages, plans and indicators stand for themselves.
func label(words Words, d Dimension, value string) string {
	switch {
	case value == NotKnown, value == Other:
		return words("statistics.value."+value, nil)
	case d == Outcome:
		return words("outcome."+value+".title", nil)
	case d == Age:
		return words("gate.age.option."+value, nil)
	case d == Sex:
		return words("statistics.sex."+value, nil)
	}
	return value
}

// notes say how the counts are to be read. They are the same whatever was counted.
func (r *Release) notes(words Words) []string {
	var notes []string
	for _, id := range []string{"consent", "rounded", "hidden", "fixed", "meaning"} {
		notes = append(notes, words("statistics.note."+id, map[string]any{"K": r.K}))
	}
	return notes
}

func (r *Release) title(words Words) string {
	return words("statistics.title", map[string]any{"Name": r.Name, "Periods": strings.Join(r.Periods, ", ")})
}

func (r *Release) total(words Words) string {
	if r.Total == nil {
		return words("statistics.too_few", map[string]any{"K": r.K})
	}
	return words("statistics.total", map[string]any{"N": *r.Total})
}

// shown is a count, or the mark of one that is not shown.
func shown(n *int) string {
	if n == nil {
		return "–"
	}
	return strconv.Itoa(*n)
}

func byOutcome(row Row, outcome string) *int {
	if n, ok := row.ByOutcome[outcome]; ok {
		return &n
	}
	return nil
}

// Text writes the release as plain lines.
func (r *Release) Text(w io.Writer, words Words) error {
	out := &lines{w: w}
	out.say(r.title(words), r.total(words), "")
	out.say(r.notes(words)...)
	for _, table := range r.Tables {
		if r.Total == nil || len(table.Rows) == 0 {
			continue
		}
		out.say("", words("statistics.dimension."+string(table.Dimension), nil))
		for _, row := range table.Rows {
			line := fmt.Sprintf("%8s  %s", shown(row.Count), label(words, table.Dimension, row.Value))
			if from, to, ok := r.Rate(row); ok && table.Dimension != Outcome {
				line += "  (" + words("statistics.rate", map[string]any{"From": from, "To": to}) + ")"
			}
			out.say(line)
			for _, outcome := range outcomes {
				if n := byOutcome(row, outcome); n != nil {
					out.say(fmt.Sprintf("%16d  %s", *n, label(words, Outcome, outcome)))
				}
			}
		}
	}
	return out.err
}

// lines writes lines and keeps the first error.
type lines struct {
	w   io.Writer
	err error
}

func (l *lines) say(texts ...string) {
	for _, text := range texts {
		if l.err == nil {
			_, l.err = fmt.Fprintln(l.w, text)
		}
	}
}

// CSV writes one row for each count that is shown, for other programs: the names are ids, in every language the same.
func (r *Release) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"release", "dimension", "value", "outcome", "count", "at_most"}}
	add := func(d, value, outcome string, n *int) {
		if n != nil {
			rows = append(rows, []string{inert(r.Name), d, inert(value), outcome, strconv.Itoa(*n), strconv.Itoa(*n + r.K - 1)})
		}
	}
	add("total", "", "", r.Total)
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			add(string(table.Dimension), row.Value, "", row.Count)
			for _, outcome := range outcomes {
				add(string(table.Dimension), row.Value, outcome, byOutcome(row, outcome))
			}
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the counts as CSV: %w", err)
	}
	return nil
}

// inert keeps a spreadsheet from taking a text for a formula.
func inert(text string) string {
	if trimmed := strings.TrimLeft(text, " \u00a0\u3000"); trimmed != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠|", []rune(trimmed)[0]) {
		return "'" + text
	}
	return text
}
