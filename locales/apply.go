package locales

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Review says who has checked the texts that come back, and when.
type Review struct{ Reviewer, Date string }

// Valid tells whether texts can be called reviewed by it.
func (r Review) Valid() bool {
	_, err := time.Parse(time.DateOnly, r.Date)
	return strings.TrimSpace(r.Reviewer) != "" && err == nil
}

// Applied is what became of the entries that came back.
type Applied struct {
	// Changed texts are other than before; Reviewed were checked by the reviewer; Empty are not translated.
	Changed, Reviewed, Empty int
	// Refused were not taken: nothing of the English that they belong to is there, or it is another one now.
	Refused Problems
}

// Apply puts texts that came back into a language and gives the files of its folder, to be written by the caller. A text is
// reviewed only when it was checked, the review names reviewer and date, and the English is still the one that was
// translated; a text that was changed without that is a draft. The error is a [Problems] with everything that the texts
// would bring in that a check refuses; nothing is then to be written.
func (c *Catalog) Apply(tag, file string, entries []Entry, review Review) (files map[string][]byte, done Applied, err error) {
	tag, err = c.resolve(tag)
	if err != nil {
		return nil, done, err
	}
	if tag == sourceLanguage {
		return nil, done, fmt.Errorf("%s is the language that all others are translated from; change its files by hand", tag)
	}
	a := &applying{catalog: c, tag: tag, file: file, review: review, document: c.rawReview(tag), words: map[Side]map[string]*message{}, touched: map[string][]*Entry{}}
	for _, side := range []Side{Official, Person} {
		if own := c.side(tag, side); !own.absent {
			if _, err := c.Speaker(tag, side); err != nil {
				return nil, done, err
			}
			a.words[side] = map[string]*message{}
			for id, m := range own.byID {
				copied := *m
				a.words[side][id] = &copied
			}
		}
	}
	for i := range entries {
		a.take(&entries[i])
	}
	a.verdicts()
	files = a.files()
	return files, a.done, c.worse(tag, files)
}

// applying puts entries into the words of one language.
type applying struct {
	catalog  *Catalog
	tag      string
	file     string
	review   Review
	words    map[Side]map[string]*message
	document *reviewDocument
	// touched are the entries that were taken, by side and id.
	touched map[string][]*Entry
	changed []string
	done    Applied
}

func (a *applying) refuse(e *Entry, mend, format string, args ...any) {
	a.done.Refused = append(a.done.Refused, Problem{File: a.file, Line: e.Line, What: fmt.Sprintf(format, args...), Mend: mend})
}

// take puts one entry in, or says why not.
func (a *applying) take(e *Entry) {
	words, ok := a.words[e.Side]
	if !ok {
		a.refuse(e, "add the file first", "%s has no words for the side %q", a.tag, e.Side)
		return
	}
	english := a.catalog.side(sourceLanguage, e.Side).byID[e.ID]
	form := formIndex(e.Form)
	switch {
	case english == nil:
		a.refuse(e, "remove the line", "%q is not among the English messages", e.ID)
	case form < 0:
		a.refuse(e, "use "+strings.Join(forms[:], ", "), "%q has the unknown form %q", e.ID, e.Form)
	case e.Source != english.sourceHash() || e.English != "" && e.English != englishForm(english, e.Form):
		a.refuse(e, "export again and compare with the English of now", "%q was translated from another English", e.ID)
	case strings.TrimSpace(e.Words) == "":
		a.done.Empty++
	default:
		a.put(words, e, form)
	}
}

func (a *applying) put(words map[string]*message, e *Entry, form int) {
	e.Words = norm.NFC.String(strings.ReplaceAll(e.Words, "\r\n", "\n"))
	m := words[e.ID]
	if m == nil {
		m = &message{}
		words[e.ID] = m
	}
	key := string(e.Side) + "/" + e.ID
	if m.forms[form] != e.Words {
		m.forms[form] = e.Words
		a.done.Changed++
		a.changed = append(a.changed, key)
	}
	a.touched[key] = append(a.touched[key], e)
}

// verdicts writes down what each message that was touched is worth now.
func (a *applying) verdicts() {
	for key, entries := range a.touched {
		side, id := entries[0].Side, entries[0].ID
		all := a.document.side(side)
		entry := all[id]
		changed := slices.Contains(a.changed, key)
		checked := a.review.Valid() && !slices.ContainsFunc(entries, func(e *Entry) bool { return !e.Checked }) && a.whole(side, id, entries)
		if entry == nil {
			entry = map[string]string{}
			all[id] = entry
		}
		if back := entries[0].Back; back != "" {
			entry["back_translation"] = back
		}
		switch {
		case checked:
			a.done.Reviewed++
			entry["status"], entry["reviewer"], entry["date"] = string(Reviewed), a.review.Reviewer, a.review.Date
			entry["source"] = entries[0].Source
		case changed:
			delete(entry, "reviewer")
			delete(entry, "date")
			entry["status"], entry["source"] = string(Draft), entries[0].Source
		}
	}
}

// whole tells whether all forms of a message came back: a message is reviewed as one.
func (a *applying) whole(side Side, id string, entries []*Entry) bool {
	needed := formsOf(a.catalog.side(sourceLanguage, side).byID[id], pluralForms(a.tag))
	for _, form := range needed {
		if !slices.ContainsFunc(entries, func(e *Entry) bool { return e.Form == form }) {
			return false
		}
	}
	return true
}

// files gives the content of the folder.
func (a *applying) files() map[string][]byte {
	files := map[string][]byte{"review.json": a.document.marshal()}
	for side, words := range a.words {
		all := make(map[string]any, len(words))
		for id, m := range words {
			all[id] = m.forms[otherForm]
			if m.plural() {
				some := map[string]string{}
				for i, text := range m.forms {
					if text != "" {
						some[forms[i]] = text
					}
				}
				all[id] = some
			}
		}
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", " ")
		_ = encoder.Encode(all) // maps of strings always marshal
		files[string(side)+".json"] = out.Bytes()
	}
	return files
}

// marshal writes one message on a line, so that a change of one is a change of one line.
func (r *reviewDocument) marshal() []byte {
	line := func(v any) string {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(v)
		return strings.TrimSpace(out.String())
	}
	var out strings.Builder
	out.WriteString("{\n")
	if len(r.Defaults) > 0 {
		fmt.Fprintf(&out, " \"defaults\": %s,\n", line(r.Defaults))
	}
	for i, side := range []Side{Official, Person} {
		fmt.Fprintf(&out, " %q: {", string(side))
		for j, id := range slices.Sorted(maps.Keys(r.side(side))) {
			if j > 0 {
				out.WriteString(",")
			}
			fmt.Fprintf(&out, "\n  %s: %s", line(id), line(r.side(side)[id]))
		}
		out.WriteString("\n }")
		if i == 0 {
			out.WriteString(",")
		}
		out.WriteString("\n")
	}
	out.WriteString("}\n")
	return []byte(out.String())
}

// worse checks the language with other files and gives what was not wrong before.
func (c *Catalog) worse(tag string, files map[string][]byte) error {
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for name, content := range files {
		store(w, tag+"/"+name, content)
	}
	if err := w.Close(); err != nil {
		return err
	}
	r, err := zip.NewReader(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()))
	if err != nil {
		return err
	}
	before := map[string]bool{}
	for _, p := range c.Check(tag) {
		before[p.What] = true
	}
	after := Open(append(slices.Clone(c.layers), fs.FS(r))...).Check(tag)
	after = slices.DeleteFunc(after, func(p Problem) bool { return before[p.What] })
	if len(after) > 0 {
		return after
	}
	return nil
}
