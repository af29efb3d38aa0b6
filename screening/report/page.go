package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
)

//go:embed page.html
var pageHTML string

// page is a paper in all its languages.
type page struct {
	Kind         Kind
	Number, Head string
	Columns      []column
}

// column is the paper in one language. All columns of a page have the same blocks, so that they can stand side by side.
type column struct {
	Tag, Direction, Title, Log string
	Blocks                     []block
}

// block is a heading with its lines.
type block struct {
	Heading string
	Lines   []line
	// List: each line is one of several things. NewPage: the block begins a page of its own.
	List, NewPage, Strong bool
}

// line is one line. Label and Mark come from the words of the language; Text may be in any language and direction where
// Foreign is set: a name, a contact, what somebody wrote.
type line struct {
	Label, Text, Mark string
	Foreign           bool
	// Lang is the language of a foreign text where it is known.
	Lang string
	// Under: it belongs to the line before. Rule: an empty line to write on.
	Under, Rule bool
}

// rows puts the blocks of all columns beside each other.
func (p *page) rows() [][]cell {
	var rows [][]cell
	for at := range p.Columns[0].Blocks {
		var row []cell
		for _, c := range p.Columns {
			row = append(row, cell{c.Tag, c.Direction, c.Blocks[at]})
		}
		rows = append(rows, row)
	}
	return rows
}

// cell is one block in one language.
type cell struct {
	Tag, Direction string
	block
}

// html writes the page. html/template escapes whatever a name or a note may hold.
func (p *page) html() ([]byte, error) {
	for _, c := range p.Columns[1:] {
		if len(c.Blocks) != len(p.Columns[0].Blocks) {
			return nil, fmt.Errorf("the languages of the paper do not have the same parts")
		}
	}
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return nil, fmt.Errorf("read the layout: %w", err)
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{"Page": p, "Rows": p.rows(), "First": p.Columns[0], "Two": len(p.Columns) > 1})
	return out.Bytes(), err
}
