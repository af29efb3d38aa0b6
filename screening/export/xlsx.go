package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

// maxCell is the longest text that a cell may hold in Excel, in characters.
const maxCell = 32767

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// XLSX writes sheets as an Office Open XML workbook. Every cell is a text and never a formula, whatever it begins with.
func XLSX(sheets []Sheet) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	types, workbook, relations := "", "", ""
	for i, sheet := range sheets {
		var name bytes.Buffer
		_ = xml.EscapeText(&name, []byte(sheet.Name))
		types += fmt.Sprintf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, i+1)
		workbook += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name.String(), i+1, i+1)
		relations += fmt.Sprintf(`<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
	}
	files := [][2]string{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` + types + `</Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + workbook + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + relations + `</Relationships>`},
	}
	for i, sheet := range sheets {
		content, err := worksheet(sheet)
		if err != nil {
			return nil, err
		}
		files = append(files, [2]string{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), content})
	}
	for _, file := range files {
		f, err := w.CreateHeader(&zip.FileHeader{Name: file[0], Method: zip.Deflate})
		if err == nil {
			_, err = io.WriteString(f, file[1])
		}
		if err != nil {
			return nil, fmt.Errorf("write the workbook: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write the workbook: %w", err)
	}
	return out.Bytes(), nil
}

func worksheet(sheet Sheet) (string, error) {
	var out bytes.Buffer
	out.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for r, row := range sheet.Rows {
		fmt.Fprintf(&out, `<row r="%d">`, r+1)
		for c, cell := range row {
			if cell == "" {
				continue
			}
			if utf8.RuneCountInString(cell) > maxCell {
				return "", fmt.Errorf("a cell of the sheet %s is longer than %d characters", sheet.Name, maxCell)
			}
			fmt.Fprintf(&out, `<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">`, columnName(c), r+1)
			_ = xml.EscapeText(&out, []byte(escapes.ReplaceAllString(cell, "_x005F$0")))
			out.WriteString(`</t></is></c>`)
		}
		out.WriteString(`</row>`)
	}
	out.WriteString(`</sheetData></worksheet>`)
	return out.String(), nil
}

// escapes are texts that look like the format's own way to write a character; they are written so that they stay texts.
var escapes = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// columnName is A, B, … Z, AA, ….
func columnName(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
