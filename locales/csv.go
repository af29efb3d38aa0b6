package locales

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvHeader is the first line of a table. A reviewer writes yes into the last column.
var csvHeader = []string{"side", "id", "form", "description", "english", "source", "translation", "status", "back_translation", "checked"}

// WriteCSV writes entries as a table for a spreadsheet. No cell is a formula: one that could be begins with an apostrophe,
// which reading takes off again.
func WriteCSV(w io.Writer, entries []Entry) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // by which spreadsheets know UTF-8
		return err
	}
	table := csv.NewWriter(w)
	if err := table.Write(csvHeader); err != nil {
		return err
	}
	for _, e := range entries {
		checked := ""
		if e.Status == Reviewed {
			checked = "yes"
		}
		row := []string{string(e.Side), e.ID, e.Form, e.Description, e.English, e.Source, e.Words, string(e.Status), e.Back, checked}
		for i := range row {
			row[i] = noFormula(row[i])
		}
		if err := table.Write(row); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// formulaSigns begin what a spreadsheet would calculate, and the apostrophe itself, so that it can be taken off again.
const formulaSigns = "=+-@'\t\r"

func noFormula(cell string) string {
	if cell != "" && strings.ContainsRune(formulaSigns, rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// ReadCSV reads a table. The error is a [Problems] with file and line.
func ReadCSV(file string, data []byte) ([]Entry, error) {
	if len(data) > maxFile {
		return nil, Problems{{File: file, What: fmt.Sprintf("the file is larger than %d bytes", maxFile), Mend: "split it"}}
	}
	table := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	table.ReuseRecord = true
	header, err := table.Read()
	if err != nil {
		return nil, Problems{{File: file, Line: 1, What: "the first line cannot be read", Mend: "export the table again"}}
	}
	header = slices.Clone(header)
	column := map[string]int{}
	for i, name := range header {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"side", "id", "form", "source", "translation"} {
		if _, ok := column[name]; !ok {
			return nil, Problems{{File: file, Line: 1, What: fmt.Sprintf("the column %q is missing", name), Mend: "keep the columns of the export"}}
		}
	}
	var entries []Entry
	for {
		row, err := table.Read()
		if err == io.EOF {
			return entries, nil
		}
		line, _ := table.FieldPos(0)
		if err != nil {
			return nil, Problems{{File: file, Line: line, What: "this line is no line of the table", Mend: "keep the columns of the export"}}
		}
		cell := func(name string) string {
			i, ok := column[name]
			if !ok {
				return ""
			}
			return strings.TrimPrefix(row[i], "'")
		}
		entries = append(entries, Entry{
			Line: line, Side: Side(cell("side")), ID: cell("id"), Form: cell("form"), English: cell("english"), Source: cell("source"), Words: cell("translation"),
			Back: cell("back_translation"), Checked: strings.EqualFold(strings.TrimSpace(cell("checked")), "yes"),
		})
	}
}
