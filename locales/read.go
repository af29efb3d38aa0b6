package locales

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	maxFile = 2 << 20
	// Three levels are in use; anything deeper is an accident or an attack, and the reader recurses.
	maxDepth = 8
)

// value is a piece of JSON that remembers its line. encoding/json by itself forgets lines and lets the last of two equal keys win.
type value struct {
	line    int
	kind    kind
	text    string
	members []member
	// cut says that the file could not be read to its end.
	cut bool
}

type member struct {
	key   string
	line  int
	value value
}

type kind byte

const (
	other kind = iota
	object
	text
)

// reader reads one file and collects what is wrong with it.
type reader struct {
	file     string
	data     []byte
	decoder  *json.Decoder
	counted  int
	line     int
	problems Problems
}

var errStop = errors.New("cannot be read on")

// read gives the value in a file, and every problem up to the first that makes the rest unreadable.
func read(file string, data []byte) (value, Problems) {
	r := &reader{file: file, data: data, line: 1, decoder: json.NewDecoder(bytes.NewReader(data))}
	r.decoder.UseNumber()
	if len(data) > maxFile {
		r.report(0, "split or shorten it", "the file is larger than %d bytes", maxFile)
		return value{cut: true}, r.problems
	}
	if !utf8.Valid(data) {
		r.report(invalidLine(data), "save the file as UTF-8", "the file is not UTF-8")
		return value{cut: true}, r.problems
	}
	v, err := r.value(0)
	if err != nil {
		r.stopped(err)
		v.cut = true
		return v, r.problems
	}
	if _, err := r.decoder.Token(); err != io.EOF {
		r.report(r.here(), "keep one object per file", "something follows the end of the object")
	}
	return v, r.problems
}

func (r *reader) report(line int, mend, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: line, What: fmt.Sprintf(format, args...), Mend: mend})
}

func (r *reader) stopped(err error) {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errStop):
	case err == io.EOF && len(r.problems) == 0 && r.decoder.InputOffset() == 0:
		r.report(1, "write at least {}", "the file is empty")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		r.report(1+bytes.Count(r.data, []byte("\n")), "close every quote and bracket", "the file ends in the middle")
	case errors.As(err, &syntax):
		r.report(r.lineAt(int(syntax.Offset)), "mend the syntax; what follows was not read", "%s", syntax.Error())
	default:
		r.report(r.here(), "mend the syntax; what follows was not read", "this is not JSON")
	}
}

// here is the line of the last token. Tokens do not span lines, so their end is as good as their start.
func (r *reader) here() int { return r.lineAt(int(r.decoder.InputOffset())) }

func (r *reader) lineAt(offset int) int {
	offset = min(offset, len(r.data))
	if offset < r.counted {
		return 1 + bytes.Count(r.data[:offset], []byte("\n"))
	}
	r.line += bytes.Count(r.data[r.counted:offset], []byte("\n"))
	r.counted = offset
	return r.line
}

func (r *reader) value(depth int) (value, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return value{}, err
	}
	v := value{line: r.here()}
	switch t := token.(type) {
	case string:
		v.kind, v.text = text, t
	case json.Delim:
		if depth >= maxDepth {
			r.report(v.line, "keep to the layout of the other languages", "nested too deeply")
			return v, errStop
		}
		if t == '{' {
			v.kind = object
			err = r.object(&v, depth)
		} else {
			err = r.array(depth)
		}
	}
	return v, err
}

func (r *reader) object(v *value, depth int) error {
	seen := map[string]int{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return err
		}
		key, ok := token.(string)
		if !ok {
			return errStop
		}
		m := member{key: key, line: r.here()}
		if m.value, err = r.value(depth + 1); err != nil {
			return err
		}
		if first, twice := seen[key]; twice {
			r.report(m.line, "keep one of the two", "%q is already on line %d", key, first)
			continue
		}
		seen[key] = m.line
		v.members = append(v.members, m)
	}
	_, err := r.decoder.Token()
	return err
}

// array is read to its end only to find what is wrong further down: no file of ours has one.
func (r *reader) array(depth int) error {
	for r.decoder.More() {
		if _, err := r.value(depth + 1); err != nil {
			return err
		}
	}
	_, err := r.decoder.Token()
	return err
}

func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		if c == utf8.RuneError && size == 1 {
			return line
		}
		if c == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}
