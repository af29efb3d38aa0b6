package export

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// CSV writes a record as one line for each thing that is known, for spreadsheets: reference, section, key, value, text.
func CSV(r *Record) []byte {
	rows := [][]string{{"reference", "section", "key", "value", "text"}}
	add := func(section, key, value, text string) {
		rows = append(rows, []string{r.Reference, section, key, value, text})
	}
	add("record", "profile", string(r.Profile), "")
	add("record", "relies_on", strings.Join(r.ReliesOn, ";"), "")
	add("record", "finished", r.Finished, "")
	add("record", "penalties_wait", strings.ToUpper(strconv.FormatBool(r.Waits)), "")
	add("record", "hold", strings.Join(r.Hold, ";"), "")
	for _, one := range [][2]string{{"age", r.Age}, {"plan", r.Plan}, {"outcome", r.Outcome}, {"flags", strings.Join(r.Flags, ";")}, {"languages", strings.Join(r.Languages, ";")}} {
		if one[1] != "" {
			add("record", one[0], one[1], "")
		}
	}
	if r.Stopped {
		add("record", "stopped", "TRUE", "")
	}
	if r.Elements != nil {
		add("elements", "act", r.Elements.Act.String(), "")
		add("elements", "means", r.Elements.Means.String(), "")
		add("elements", "purpose", r.Elements.Purpose.String(), "")
	}
	for _, one := range slices.Sorted(maps.Keys(r.Consents)) {
		add("consents", one, r.Consents[one], "")
	}
	for _, one := range r.Answers {
		add("answers", one.Item, one.Value, one.Text)
	}
	for _, one := range r.Statements {
		add("statements", one.Step, one.Kind, one.Text)
	}
	for _, one := range slices.Sorted(maps.Keys(r.Services)) {
		add("services", string(one), string(r.Services[one]), "")
	}
	if r.Identity != nil {
		add("identity", "name", "", r.Identity.Name)
		add("identity", "contact", "", r.Identity.Contact)
	}
	return writeCSV(rows)
}

// writeCSV quotes every cell, ends lines as RFC 4180 wants it, and begins with the mark by which spreadsheets know UTF-8.
func writeCSV(rows [][]string) []byte {
	var out strings.Builder
	out.WriteString("\ufeff")
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteByte('"')
			out.WriteString(strings.ReplaceAll(harmless(cell), `"`, `""`))
			out.WriteByte('"')
		}
		out.WriteString("\r\n")
	}
	return []byte(out.String())
}

// begins are the characters with which a spreadsheet takes a cell for a formula or a command, the wide ones of East Asian
// keyboards among them.
const begins = "=+-@\t\r\n|%＝＋－＠"

// harmless puts an apostrophe before a cell that a spreadsheet could take for a formula, also behind white space and marks
// that do not show. The text itself stays whole.
func harmless(cell string) string {
	bare := strings.TrimLeft(cell, " \u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff'\"")
	for _, text := range []string{cell, bare} {
		if text != "" && strings.ContainsAny(text[:len(string([]rune(text)[:1]))], begins) {
			return "'" + cell
		}
	}
	return cell
}
