package locales

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WritePO writes entries as a gettext file for a translation tool. What is not reviewed is fuzzy; the context is
// side/id#form, the extracted comment the description and the hash of the English.
func WritePO(w io.Writer, tag string, entries []Entry) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "msgid \"\"\nmsgstr \"\"\n%s\n%s\n%s\n", quotePO("Language: "+tag+"\n"), quotePO("MIME-Version: 1.0\n"), quotePO("Content-Type: text/plain; charset=UTF-8\n"))
	for _, e := range entries {
		fmt.Fprintln(out)
		for line := range strings.Lines(e.Description) {
			fmt.Fprintf(out, "#. %s\n", strings.TrimRight(line, "\n"))
		}
		fmt.Fprintf(out, "#. source %s\n", e.Source)
		if e.Words != "" && e.Status != Reviewed {
			fmt.Fprintln(out, "#, fuzzy")
		}
		fmt.Fprintf(out, "msgctxt %s\nmsgid %s\nmsgstr %s\n", quotePO(string(e.Side)+"/"+e.ID+"#"+e.Form), quotePO(e.English), quotePO(e.Words))
	}
	return out.Flush()
}

var poEscapes = strings.NewReplacer("\\", "\\\\", "\"", "\\\"", "\n", "\\n", "\t", "\\t", "\r", "\\r")

func quotePO(text string) string { return `"` + poEscapes.Replace(text) + `"` }

// ReadPO reads a gettext file. A text that is not fuzzy is taken as checked by the reviewer who is named with it. The error
// is a [Problems] with file and line.
func ReadPO(file string, data []byte) ([]Entry, error) {
	if len(data) > maxFile {
		return nil, Problems{{File: file, What: fmt.Sprintf("the file is larger than %d bytes", maxFile), Mend: "split it"}}
	}
	p := &poReader{file: file}
	scanner := bufio.NewScanner(bytes.NewReader(data))
	scanner.Buffer(nil, maxFile)
	for scanner.Scan() {
		p.line++
		p.take(strings.TrimSpace(strings.TrimPrefix(scanner.Text(), "\ufeff")))
	}
	p.end()
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	return p.entries, nil
}

// poReader collects one entry after the other.
type poReader struct {
	file     string
	line     int
	begun    int // the line of the context of the present entry
	fuzzy    bool
	source   string
	fields   map[string]string
	field    string // the one that a line of quotes alone goes on with
	entries  []Entry
	problems Problems
}

func (p *poReader) report(mend, format string, args ...any) {
	p.problems = append(p.problems, Problem{File: p.file, Line: p.line, What: fmt.Sprintf(format, args...), Mend: mend})
}

func (p *poReader) take(line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case line == "", strings.HasPrefix(line, "#~"):
		p.end()
	case strings.HasPrefix(line, "#"):
		if p.fields["msgstr"] != "" || p.field == "msgstr" {
			p.end()
		}
		if strings.HasPrefix(line, "#,") && strings.Contains(line, "fuzzy") {
			p.fuzzy = true
		}
		if source, ok := strings.CutPrefix(line, "#. source "); ok {
			p.source = strings.TrimSpace(source)
		}
	case word == "msgctxt", word == "msgid", word == "msgstr":
		if p.fields == nil || word == "msgctxt" && p.field == "msgstr" {
			if p.fields != nil {
				p.end()
			}
			p.fields, p.begun = map[string]string{}, p.line
		}
		p.field = word
		p.text(rest)
	case strings.HasPrefix(line, `"`) && p.field != "":
		p.text(line)
	default:
		p.report("export the file again", "this is no line of a gettext file that was exported here")
	}
}

func (p *poReader) text(quoted string) {
	text, err := strconv.Unquote(strings.TrimSpace(quoted))
	if err != nil {
		p.report("put the text in quotes, with \\ before a quote in it", "the text is not quoted as it should be")
		return
	}
	p.fields[p.field] += text
}

// end takes the entry that is complete.
func (p *poReader) end() {
	fields, fuzzy, source := p.fields, p.fuzzy, p.source
	p.fields, p.field, p.fuzzy, p.source = nil, "", false, ""
	context := fields["msgctxt"]
	if context == "" { // the header, or nothing
		return
	}
	side, rest, _ := strings.Cut(context, "/")
	id, form, _ := strings.Cut(rest, "#")
	p.entries = append(p.entries, Entry{
		Line: p.begun, Side: Side(side), ID: id, Form: form, English: fields["msgid"], Source: source, Words: fields["msgstr"], Checked: !fuzzy && fields["msgstr"] != "",
	})
}
