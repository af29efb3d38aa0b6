package locales

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"golang.org/x/text/language"
)

//go:embed sheet.html
var sheetHTML string

// WriteSheet writes entries as a sheet to print: English and translation side by side, room for a back-translation, and a
// place to sign. The style brings the fonts, made by a function of the text.
func WriteSheet(w io.Writer, tag, name string, entries []Entry, fonts func(text string, tags ...string) string) error {
	page, err := template.New("sheet").Parse(sheetHTML)
	if err != nil {
		return fmt.Errorf("the template of the sheet: %w", err)
	}
	text := name
	for _, e := range entries {
		text += e.Words
	}
	direction := "ltr"
	if (&Speaker{language: language.Make(tag)}).RightToLeft() {
		direction = "rtl"
	}
	return page.Execute(w, map[string]any{
		"Tag": tag, "Name": name, "Dir": direction, "Entries": entries,
		"Fonts": template.CSS(fonts(text, tag)), // of the fonts that are in the program
	})
}
