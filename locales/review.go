package locales

import (
	"fmt"
	"strings"
	"time"
)

// review is the content of one review.json.
type review struct {
	file     string
	layer    int
	cut      bool
	defaults Status
	bySide   map[Side]map[string]verdict
	problems Problems
}

// verdict is what review.json says about one message. Who translated and reviewed it is for people to read; nothing here depends on it.
type verdict struct {
	line   int
	source string
	status Status
}

// status says what a text is worth; the hash is that of the English of now. A missing entry is stale: nobody knows what was translated.
func (r *review) status(side Side, id, source string, layer int) Status {
	entry, known := r.bySide[side][id]
	if !known || entry.source != source || r.layer < layer {
		return Stale
	}
	if entry.status != "" {
		return entry.status
	}
	if r.defaults != "" {
		return r.defaults
	}
	return Draft
}

func (r *review) report(line int, mend, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: line, What: fmt.Sprintf(format, args...), Mend: mend})
}

func (r *review) parse(data []byte) {
	r.bySide = map[Side]map[string]verdict{}
	v, problems := read(r.file, data)
	r.problems, r.cut = append(r.problems, problems...), v.cut
	if v.kind != object {
		if len(problems) == 0 {
			r.report(v.line, `write {"official": {…}, "person": {…}}`, "the file is not an object")
		}
		return
	}
	for _, part := range v.members {
		switch {
		case part.value.kind != object:
			r.report(part.line, "write an object", "%q is not an object", part.key)
		case part.key == "defaults":
			r.defaults = r.verdict("defaults", part).status
		case part.key == string(Official), part.key == string(Person):
			entries := make(map[string]verdict, len(part.value.members))
			for _, entry := range part.value.members {
				if entry.value.kind != object {
					r.report(entry.line, `write {"source": "<hash>"}`, "%q is not an object", entry.key)
					continue
				}
				entries[entry.key] = r.verdict(entry.key, entry)
			}
			r.bySide[Side(part.key)] = entries
		default:
			r.report(part.line, "use defaults, official, person", "the unknown field %q", part.key)
		}
	}
}

func (r *review) verdict(id string, entry member) verdict {
	result := verdict{line: entry.line}
	for _, field := range entry.value.members {
		if field.value.kind != text || strings.TrimSpace(field.value.text) == "" {
			r.report(field.line, "write a text, or leave the field out", "%q is empty or no text in %q", field.key, id)
			continue
		}
		if c, bad := forbidden(field.value.text); bad {
			r.report(field.line, "remove it", "%q has the forbidden character %U in %q", field.key, c, id)
		}
		switch field.key {
		case "source":
			result.source = r.hash(id, field)
		case "status":
			result.status = r.grade(id, field)
		case "date":
			if _, err := time.Parse(time.DateOnly, field.value.text); err != nil {
				r.report(field.line, "write YYYY-MM-DD", "%q has a date that is none", id)
			}
		case "translator", "reviewer", "back_translation":
		default:
			r.report(field.line, "use source, status, translator, reviewer, back_translation, date", "%q has the unknown field %q", id, field.key)
		}
	}
	return result
}

func (r *review) hash(id string, field member) string {
	words := field.value.text
	if len(words) != 12 || strings.Trim(words, "0123456789abcdef") != "" || id == "defaults" {
		r.report(field.line, "write the first 12 hexadecimal digits of the SHA-256 of the English text", "%q has a source that is no hash of a message", id)
	}
	return words
}

func (r *review) grade(id string, field member) Status {
	status := Status(field.value.text)
	if status != Draft && status != Reviewed {
		r.report(field.line, "use draft or reviewed", "%q has the unknown status %q", id, field.value.text)
	}
	return status
}
