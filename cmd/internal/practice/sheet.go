package practice

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"tipscreen/screening/training"
)

//go:embed sheet.gohtml
var sheetPage string

// Sheet is something to read, on lines or on paper. Both forms carry the mark, on every page.
type Sheet struct {
	Mark     string
	Lang     string
	Title    string
	Lead     []string
	Sections []Section
}

// Section is a part of a sheet: lines, bars, a table.
type Section struct {
	Heading string
	Lines   []Entry
	Bars    []Bar
	Head    []string
	Rows    [][]string
	// Break begins a new page on paper.
	Break bool
}

// Entry is a line with smaller words below it.
type Entry struct {
	Text  string
	Small string
}

// Bar is a value of a hundred.
type Bar struct {
	Label string
	Value int
	Words string
}

// newSheet begins a sheet.
func newSheet(say Say, lang, title string) *Sheet {
	return &Sheet{Mark: say("training.mark", nil), Lang: lang, Title: title}
}

// Text writes the sheet as lines. The mark stands first and last.
func (s *Sheet) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", s.Mark, s.Title)
	for _, line := range s.Lead {
		fmt.Fprintln(&b, line)
	}
	for _, section := range s.Sections {
		fmt.Fprintf(&b, "\n%s\n", section.Heading)
		for _, bar := range section.Bars {
			fmt.Fprintf(&b, "  %3d  %s\n", bar.Value, bar.Label)
		}
		for _, entry := range section.Lines {
			fmt.Fprintf(&b, "- %s\n", entry.Text)
			if entry.Small != "" {
				fmt.Fprintf(&b, "    %s\n", entry.Small)
			}
		}
		if len(section.Head) > 0 {
			fmt.Fprintf(&b, "  %s\n", strings.Join(section.Head, " | "))
		}
		for _, row := range section.Rows {
			fmt.Fprintf(&b, "  %s\n", strings.Join(row, " | "))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", s.Mark)
	_, err := io.WriteString(w, b.String())
	return err
}

// HTML writes one page that needs nothing else and prints to A4.
func (s *Sheet) HTML(w io.Writer) error {
	parsed, err := template.New("sheet").Parse(sheetPage)
	if err != nil {
		return fmt.Errorf("read the page of a sheet: %w", err)
	}
	if err := parsed.Execute(w, s); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	return nil
}

// Width is how long the bar is drawn, of 300.
func (b Bar) Width() int { return max(1, 3*min(max(b.Value, 0), 100)) }

// title gives the first sentence that there is; the last of the ids stands for itself.
func title(say Say, ids ...string) string {
	for _, id := range ids {
		if text := say(id, nil); text != id {
			return text
		}
	}
	return ids[len(ids)-1]
}

func itemTitle(say Say, item string) string { return title(say, "item."+item+".title", item) }

// joined puts the words for several values into one line.
func joined(say Say, prefix string, values []string) string {
	var words []string
	for _, value := range values {
		words = append(words, say(prefix+value, nil))
	}
	return strings.Join(words, ", ")
}

// teaching lists the points of a scenario.
func teaching(s *training.Scenario, say Say) (entries []Entry) {
	for _, t := range s.Teaching {
		entries = append(entries, Entry{strings.TrimSpace(t.Point), say("training.review.source", map[string]any{"Source": t.Source})})
	}
	return entries
}

// ordered goes through the keys of a map in their order.
func ordered[V any](m map[string]V) iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(m)))
}
