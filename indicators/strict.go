package indicators

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxFile is far above any honest file, and far below what would slow the program down.
const maxFile = 1 << 20

// Problem is one thing that is wrong in one file.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"`
	What string `json:"what"`
	Mend string `json:"mend"`
}

func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s; %s", p.File, p.Line, p.What, p.Mend)
}

// Problems is the error that Load returns: everything that is wrong, in the order of files and lines.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	sort.SliceStable(ps, func(i, j int) bool {
		if ps[i].File != ps[j].File {
			return ps[i].File < ps[j].File
		}
		return ps[i].Line < ps[j].Line
	})
	return ps
}

// document is one parsed file, kept so that later checks can name lines.
type document struct {
	file     string
	root     *yaml.Node
	owners   map[string]*yaml.Node // the first mapping with each id
	problems *Problems
}

func (d *document) report(line int, mend, what string, args ...any) {
	*d.problems = append(*d.problems, Problem{File: d.file, Line: line, What: fmt.Sprintf(what, args...), Mend: mend})
}

// line finds where a value stands below the mapping whose id is given; without such a place, the line of the mapping.
func (d *document) line(id, value string) int {
	owner := d.owners[id]
	if owner == nil {
		return 1
	}
	if found := findScalar(owner, value); found != nil {
		return found.Line
	}
	return owner.Line
}

// own remembers the mappings that have an id, so that a line is found without searching the whole file.
func (d *document) own(node *yaml.Node) {
	if node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if id := node.Content[i+1].Value; node.Content[i].Value == "id" && d.owners[id] == nil {
				d.owners[id] = node
			}
		}
	}
	for _, child := range node.Content {
		d.own(child)
	}
}

func findScalar(node *yaml.Node, value string) *yaml.Node {
	if node.Kind == yaml.ScalarNode && node.Value == value {
		return node
	}
	for _, child := range node.Content {
		if found := findScalar(child, value); found != nil {
			return found
		}
	}
	return nil
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// decode reads one YAML document strictly into out and reports everything that yaml.v3 would let pass in silence.
func decode(file string, content []byte, out any, problems *Problems) *document {
	doc := &document{file: file, problems: problems}
	if len(content) > maxFile {
		doc.report(1, "split it", "the file has %d bytes, more than %d", len(content), maxFile)
		return doc
	}
	before := len(*problems)
	doc.checkCharacters(content)
	if len(*problems) > before {
		return doc
	}
	var root yaml.Node
	nodes := yaml.NewDecoder(bytes.NewReader(content))
	if err := nodes.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			doc.report(1, "write the data, or remove the file", "the file is empty")
		} else {
			doc.reportYAML(err)
		}
		return doc
	}
	doc.root, doc.owners = &root, map[string]*yaml.Node{}
	doc.own(&root)
	var second yaml.Node
	if err := nodes.Decode(&second); !errors.Is(err, io.EOF) {
		doc.report(max(second.Line, 1), "keep one document in one file", "a second document follows")
	}
	doc.checkNode(&root)
	if len(*problems) > before {
		return doc
	}
	fields := yaml.NewDecoder(bytes.NewReader(content))
	fields.KnownFields(true)
	if err := fields.Decode(out); err != nil {
		doc.reportYAML(err)
	}
	return doc
}

func (d *document) reportYAML(err error) {
	var typed *yaml.TypeError
	messages := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	if errors.As(err, &typed) {
		messages = typed.Errors
	}
	for _, message := range messages {
		line, what := 1, message
		if m := yamlLine.FindStringSubmatch(message); m != nil {
			line, _ = strconv.Atoi(m[1])
			what = m[2]
		}
		d.report(line, "see the package documentation for the names and the form of the fields", "%s", what)
	}
}

// checkCharacters refuses what an editor does not show: control characters and marks that turn the reading direction.
func (d *document) checkCharacters(content []byte) {
	line := 1
	for at := 0; at < len(content); {
		r, size := utf8.DecodeRune(content[at:])
		switch {
		case r == '\n':
			line++
		case r == utf8.RuneError && size == 1:
			d.report(line, "save the file as UTF-8", "byte %#x is not UTF-8", content[at])
		case hidden(r):
			d.report(line, "remove it", "the hidden character U+%04X", r)
		}
		at += size
	}
}

// hidden tells control characters, the marks that override or isolate the reading direction, and the byte order mark.
func hidden(r rune) bool {
	return r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c || r == 0xfeff
}

// checkNode refuses aliases, empty values and duplicate keys anywhere in the document.
func (d *document) checkNode(node *yaml.Node) {
	switch {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		d.report(node.Line, "write the value out", "anchors and aliases are not allowed")
		return
	case node.Style&yaml.TaggedStyle != 0:
		d.report(node.Line, "write the value without it", "the tag %s is not allowed", node.Tag)
		return
	case node.Kind == yaml.ScalarNode && strings.ContainsFunc(node.Value, hidden):
		d.report(node.Line, "remove it", "the hidden character U+%04X", firstHidden(node.Value))
	case node.Kind == yaml.ScalarNode && (node.Tag == "!!null" || node.Value == ""):
		d.report(node.Line, "write a value, or remove the field", "an empty value")
	case node.Kind == yaml.SequenceNode && len(node.Content) == 0, node.Kind == yaml.MappingNode && len(node.Content) == 0:
		d.report(node.Line, "write a value, or remove the field", "an empty list or mapping")
	case node.Kind == yaml.MappingNode:
		seen := map[string]bool{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key := node.Content[i]
			if key.Tag == "!!merge" {
				d.report(key.Line, "write the fields out", "merging is not allowed")
			}
			if seen[key.Value] {
				d.report(key.Line, "keep one of the two", "the field %q appears twice", key.Value)
			}
			seen[key.Value] = true
		}
	}
	for _, child := range node.Content {
		d.checkNode(child)
	}
}

func firstHidden(text string) rune {
	r, _ := utf8.DecodeRuneInString(text[strings.IndexFunc(text, hidden):])
	return r
}
