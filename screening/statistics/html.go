package statistics

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
)

//go:embed release.gohtml
var page string

// pageData is what the page shows, in words.
type pageData struct {
	Lang, Title, Total string
	Notes, Outcomes    []string
	RateTitle          string
	CountTitle         string
	Tables             []pageTable
}

type pageTable struct {
	Title string
	// Split: the table has columns for the outcomes.
	Split  bool
	Rows   []pageRow
	Height int
}

type pageRow struct {
	Label, Count, Rate string
	Outcomes           []string
	// The bar, in units of a drawing that is 600 wide.
	Y, TextY, Width int
}

const (
	barHeight = 22
	barSpace  = 380
)

// HTML writes one page that needs nothing else: it opens without a network, and prints.
func (r *Release) HTML(w io.Writer, lang string, words Words) error {
	parsed, err := template.New("release").Parse(page)
	if err != nil {
		return fmt.Errorf("read the page of statistics: %w", err)
	}
	data := pageData{Lang: lang, Title: r.title(words), Total: r.total(words), Notes: r.notes(words), RateTitle: words("statistics.rate.title", nil), CountTitle: words("statistics.count", nil)}
	for _, outcome := range outcomes {
		data.Outcomes = append(data.Outcomes, label(words, Outcome, outcome))
	}
	for _, table := range r.Tables {
		if r.Total != nil && len(table.Rows) > 0 {
			data.Tables = append(data.Tables, r.pageTable(table, words))
		}
	}
	if err := parsed.Execute(w, data); err != nil {
		return fmt.Errorf("write the page of statistics: %w", err)
	}
	return nil
}

func (r *Release) pageTable(table Table, words Words) pageTable {
	most := 1
	for _, row := range table.Rows {
		if row.Count != nil {
			most = max(most, *row.Count)
		}
	}
	p := pageTable{Title: words("statistics.dimension."+string(table.Dimension), nil), Height: barHeight * len(table.Rows),
		Split: table.Dimension != Outcome && table.Dimension != Indicator && table.Dimension != ServiceGap}
	for at, row := range table.Rows {
		one := pageRow{Label: label(words, table.Dimension, row.Value), Count: shown(row.Count), Y: at*barHeight + 3, TextY: at*barHeight + 15}
		if row.Count != nil {
			one.Width = max(1, *row.Count*barSpace/most)
		}
		for _, outcome := range outcomes {
			one.Outcomes = append(one.Outcomes, shown(byOutcome(row, outcome)))
		}
		if from, to, ok := r.Rate(row); ok {
			one.Rate = strconv.Itoa(from) + "–" + strconv.Itoa(to)
		}
		p.Rows = append(p.Rows, one)
	}
	return p
}
