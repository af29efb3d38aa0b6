package indicators

import (
	"fmt"
	"slices"
)

// Document is one YAML file that was read strictly, kept so that later checks can name lines. Other data of the program,
// such as scenarios, is read by the same rules.
type Document struct {
	doc      *document
	problems Problems
}

// ReadDocument reads content into out: unknown and duplicate fields, a second document, empty values, aliases, hidden
// characters and oversized files are problems. out is what could be read.
func ReadDocument(file string, content []byte, out any) *Document {
	d := &Document{}
	d.doc = decode(file, content, out, &d.problems)
	return d
}

// Report adds a problem at the line where value stands in the mapping with the id, with what mends it. An unknown id
// gives the first line.
func (d *Document) Report(id, value, mend, what string, args ...any) {
	line := 1
	if d.doc.owners != nil {
		line = d.doc.line(id, value)
	}
	d.problems = append(d.problems, Problem{File: d.doc.file, Line: line, What: fmt.Sprintf(what, args...), Mend: mend})
}

// Problems are all problems so far, in the order of their lines.
func (d *Document) Problems() Problems { return slices.Clone(d.problems).sorted() }
