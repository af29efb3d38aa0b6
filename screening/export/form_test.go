package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tipscreen/indicators"
	"tipscreen/screening"
	"tipscreen/screening/export"
)

// echo says of each prompt its id, in two languages of which the second lacks hints.
type echo struct{}

func (echo) Prompt(p screening.Prompt) (export.Labels, error) {
	labels := export.Labels{Label: export.Text{"en": p.ID + " <&>", "ar": "س " + p.ID}, Hint: export.Text{"en": "=hint"}, Options: map[string]export.Text{}}
	for _, option := range p.Options {
		labels.Options[option] = export.Text{"en": option, "ar": "ج " + option}
	}
	return labels, nil
}
func (echo) Step(id string) export.Text { return export.Text{"en": id} }
func (echo) Note() export.Text          { return export.Text{"en": "note"} }

var languages = []export.Language{{Tag: "en", Name: "English"}, {Tag: "ar", Name: "العربية"}}

func form(t testing.TB, data *indicators.Data, plan string) *export.Form {
	t.Helper()
	p, ok := data.Plan(plan)
	if !ok {
		t.Fatal("no plan " + plan)
	}
	f, err := export.NewForm(screening.NewSetup(data, p), languages, echo{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestForm: names are unique and can be read by XForms, groups are closed, expressions name what comes before them, lists
// exist, and no allegation, and nothing that only the person may bring up, is asked.
func TestForm(t *testing.T) {
	t.Parallel()
	data := load(t)
	reference := regexp.MustCompile(`\$\{([^}]*)\}`)
	for _, plan := range data.Plans {
		f := form(t, data, plan.ID)
		known, depth := map[string]bool{}, 0
		for _, row := range f.Rows {
			for _, expression := range []string{row.Relevant, row.Calculation} {
				for _, m := range reference.FindAllStringSubmatch(expression, -1) {
					if !known[m[1]] {
						t.Errorf("%s: %s asks for %s, which does not come before it", plan.ID, row.Name, m[1])
					}
				}
			}
			switch {
			case row.Kind == export.EndGroup:
				depth--
				continue
			case row.Kind == export.BeginGroup:
				depth++
			case row.List != "" && !slices.ContainsFunc(f.Lists, func(l export.List) bool { return l.Name == row.List && len(l.Choices) > 1 }):
				t.Errorf("%s: %s has no list %s", plan.ID, row.Name, row.List)
			}
			if known[row.Name] || !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(row.Name) {
				t.Errorf("%s: the name %q is there twice, or cannot be used", plan.ID, row.Name)
			}
			known[row.Name] = true
			if item, ok := data.Item(row.Name); ok && (item.Sealed() || item.DisclosureOnly()) {
				t.Errorf("%s asks %s", plan.ID, row.Name)
			}
		}
		if depth != 0 {
			t.Errorf("%s: %d groups are not closed", plan.ID, depth)
		}
	}
}

// readXLSX reads a workbook as a spreadsheet would, apart from how it was written.
func readXLSX(t testing.TB, content []byte) map[string]map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string, out any) {
		file, err := archive.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "<f>") || strings.Contains(string(content), "<f ") {
			t.Errorf("%s holds a formula", name)
		}
		if err := xml.Unmarshal(content, out); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	read("xl/workbook.xml", &book)
	read("xl/_rels/workbook.xml.rels", &relations)
	var types struct {
		Parts []struct {
			Name string `xml:"PartName,attr"`
		} `xml:"Override"`
	}
	read("[Content_Types].xml", &types)
	sheets := map[string]map[string]string{}
	for _, sheet := range book.Sheets {
		for _, relation := range relations.All {
			if relation.ID != sheet.ID {
				continue
			}
			if !slices.ContainsFunc(types.Parts, func(p struct {
				Name string `xml:"PartName,attr"`
			}) bool {
				return p.Name == "/xl/"+relation.Target
			}) {
				t.Errorf("nothing says what %s is", relation.Target)
			}
			var content struct {
				Cells []struct {
					At   string `xml:"r,attr"`
					Type string `xml:"t,attr"`
					Text string `xml:"is>t"`
				} `xml:"sheetData>row>c"`
			}
			read("xl/"+relation.Target, &content)
			sheets[sheet.Name] = map[string]string{}
			for _, cell := range content.Cells {
				if cell.Type != "inlineStr" {
					t.Errorf("%s!%s is of the type %s", sheet.Name, cell.At, cell.Type)
				}
				sheets[sheet.Name][cell.At] = unescape(cell.Text)
			}
		}
	}
	return sheets
}

// unescape reads the format's own way to write a character.
func unescape(text string) string {
	return regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`).ReplaceAllStringFunc(text, func(m string) string {
		n, _ := strconv.ParseUint(m[2:6], 16, 32)
		return string(rune(n))
	})
}

func column(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return column(n/26-1) + string(rune('A'+n%26))
}

func compareSheets(t testing.TB, sheets []export.Sheet) {
	t.Helper()
	content, err := export.XLSX(sheets)
	if err != nil {
		t.Fatal(err)
	}
	read := readXLSX(t, content)
	if len(read) != len(sheets) {
		t.Fatalf("%d sheets, want %d", len(read), len(sheets))
	}
	for _, sheet := range sheets {
		cells := 0
		for r, row := range sheet.Rows {
			for c, want := range row {
				at := column(c) + strconv.Itoa(r+1)
				if got := read[sheet.Name][at]; got != want {
					t.Errorf("%s!%s: %.40q, want %.40q", sheet.Name, at, got, want)
				}
				if want != "" {
					cells++
				}
			}
		}
		if cells != len(read[sheet.Name]) {
			t.Errorf("%s has %d cells, want %d", sheet.Name, len(read[sheet.Name]), cells)
		}
	}
}

// TestXLSForm: the file, read back, holds the model cell by cell.
func TestXLSForm(t *testing.T) {
	t.Parallel()
	data := load(t)
	for _, plan := range data.Plans {
		f := form(t, data, plan.ID)
		sheets := f.XLSForm()
		compareSheets(t, sheets)
		survey := sheets[0].Rows
		if len(survey) != len(f.Rows)+1 || !slices.Equal(survey[0], []string{"type", "name", "label::English (en)", "hint::English (en)", "label::العربية (ar)", "hint::العربية (ar)", "relevant", "calculation"}) {
			t.Errorf("%s: %d rows of %d, head %v", plan.ID, len(survey), len(f.Rows), survey[0])
		}
		for i, row := range f.Rows {
			want := []string{string(row.Kind), row.Name, row.Label["en"], row.Hint["en"], row.Label["ar"], "", row.Relevant, row.Calculation}
			if row.List != "" {
				want[0] += " " + row.List
			}
			if !slices.Equal(survey[i+1], want) {
				t.Errorf("%s: the row of %s is %v", plan.ID, row.Name, survey[i+1])
			}
		}
	}
}

// TestXLSXIsHarmless: texts that begin like formulas, of every script and 10,000 characters long, come back whole as texts.
func TestXLSXIsHarmless(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"_x000D_", "a_x0041_b", " blanks ", "two\nlines", "tab\there"}, make([]string, 60)}
	rows[1][59] = "far right"
	for _, text := range hostile {
		rows = append(rows, []string{strings.ReplaceAll(text, "\r", "")})
	}
	compareSheets(t, []export.Sheet{{Name: "a & b", Rows: rows}, {Name: "empty"}})
	if _, err := export.XLSX([]export.Sheet{{Name: "x", Rows: [][]string{{strings.Repeat("x", 32768)}}}}); err == nil {
		t.Error("a cell that Excel would cut was written")
	}
	content, err := export.XLSX([]export.Sheet{{Name: "x", Rows: [][]string{{"a\x00b\x1bc"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := readXLSX(t, content)["x"]["A1"]; got != "a\ufffdb\ufffdc" {
		t.Errorf("control characters came out as %q", got)
	}
}

// TestXForm: it is well-formed, every text of every language is there, and missing ones are a dash.
func TestXForm(t *testing.T) {
	t.Parallel()
	data := load(t)
	for _, plan := range data.Plans {
		f := form(t, data, plan.ID)
		content := f.XForm()
		decoder := xml.NewDecoder(bytes.NewReader(content))
		texts := map[string]int{}
		references := map[string]bool{}
		language := ""
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", plan.ID, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range start.Attr {
				switch {
				case start.Name.Local == "translation" && a.Name.Local == "lang":
					language = a.Value
				case start.Name.Local == "text":
					texts[language]++
					references[a.Value] = true
				case a.Name.Local == "ref" && strings.HasPrefix(a.Value, "jr:itext('"):
					if id := strings.TrimSuffix(strings.TrimPrefix(a.Value, "jr:itext('"), "')"); !references[id] {
						t.Errorf("%s: no words for %s", plan.ID, id)
					}
				}
			}
		}
		if texts["English (en)"] == 0 || texts["English (en)"] != texts["العربية (ar)"] {
			t.Errorf("%s: texts %v", plan.ID, texts)
		}
		if !bytes.Contains(content, []byte("<value>-</value>")) || bytes.Contains(content, []byte("${")) {
			t.Errorf("%s: a missing hint is no dash, or a name was not made a path", plan.ID)
		}
	}
}

// TestLeftOutIsNotOffThePath: an item that waits for another to have been left out comes only where that one was put.
func TestLeftOutIsNotOffThePath(t *testing.T) {
	t.Parallel()
	one := 1
	item := func(id string, on *indicators.Condition) *indicators.Item {
		return &indicators.Item{ID: id, Kind: indicators.YesNo, Who: []string{"ask"}, Sensitivity: &one, AskIf: on}
	}
	wait := func(id string, is ...string) *indicators.Condition {
		return &indicators.Condition{Any: []indicators.Term{{Item: id, Is: is}}}
	}
	plan := &indicators.Plan{ID: "p", Steps: []indicators.Step{{ID: "s", Kind: indicators.Items, Items: []string{"a", "b", "c"}}}}
	data := &indicators.Data{Plans: []*indicators.Plan{plan}, Items: []*indicators.Item{item("a", nil), item("b", wait("a", "yes")), item("c", wait("b", "yes", "not_asked"))}}
	f := form(t, data.Index(), "p")
	for _, row := range f.Rows {
		if want := "((${b}='yes' or (${b}='' and ((${a}='yes')))))"; row.Name == "c" && row.Relevant != want {
			t.Errorf("c comes when %s, want %s", row.Relevant, want)
		}
	}
}
