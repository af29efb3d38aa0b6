package locales

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// forms are the plural forms of CLDR, in the order in which a source hash joins them.
var forms = [...]string{"zero", "one", "two", "few", "many", "other"}

const otherForm = len(forms) - 1

// message is one message of one language.
type message struct {
	line      int
	described bool
	forms     [len(forms)]string
}

// plural says whether a number decides between the forms.
func (m *message) plural() bool {
	for _, words := range m.forms[:otherForm] {
		if words != "" {
			return true
		}
	}
	return false
}

// sourceHash is the hash of what a translator works from. The description is left out: explaining better makes no translation stale.
func (m *message) sourceHash() string {
	if !m.plural() {
		return hash(m.forms[otherForm])
	}
	var joined strings.Builder
	for i, words := range m.forms {
		if words != "" {
			joined.WriteString(forms[i] + "\x00" + words + "\x00")
		}
	}
	return hash(joined.String())
}

func hash(words string) string {
	sum := sha256.Sum256([]byte(words))
	return hex.EncodeToString(sum[:6])
}

// messages is the content of one message file.
type messages struct {
	file     string
	layer    int
	absent   bool
	cut      bool
	byID     map[string]*message
	problems Problems
}

func (m *messages) report(line int, mend, format string, args ...any) {
	m.problems = append(m.problems, Problem{File: m.file, Line: line, What: fmt.Sprintf(format, args...), Mend: mend})
}

func (m *messages) parse(data []byte) {
	v, problems := read(m.file, data)
	m.problems, m.cut = append(m.problems, problems...), v.cut
	if v.kind != object {
		if len(problems) == 0 {
			m.report(v.line, `write {"id": "words", …}`, "the file is not an object of messages")
		}
		return
	}
	m.byID = make(map[string]*message, len(v.members))
	for _, member := range v.members {
		m.id(member)
		words := &message{line: member.line}
		switch member.value.kind {
		case text:
			m.words(words, member.key, otherForm, member.value)
		case object:
			m.fields(words, member)
		default:
			m.report(member.line, `write a text, or an object of plural forms`, "%q is neither a text nor an object", member.key)
		}
		m.byID[member.key] = words
	}
}

// id refuses what go-i18n would read as something else, and what could not be typed in a review.
func (m *messages) id(member member) {
	for _, c := range member.key {
		if c <= ' ' || c > '~' {
			m.report(member.line, "use letters, digits, dots, dashes and underscores", "the id %q has characters that an id must not have", member.key)
			return
		}
	}
	switch strings.ToLower(member.key) {
	case "":
		m.report(member.line, "name the message", "an id is empty")
	case "id", "description", "hash", "leftdelim", "rightdelim", "translation", "zero", "one", "two", "few", "many", "other":
		m.report(member.line, "choose another id", "the id %q means something else in a message file", member.key)
	}
}

func (m *messages) fields(words *message, of member) {
	before := len(m.problems)
	for _, field := range of.value.members {
		form := slices.Index(forms[:], field.key)
		switch {
		case form >= 0:
			m.words(words, of.key, form, field.value)
		case field.key != "description":
			m.report(field.line, "use description, "+strings.Join(forms[:], ", "), "%q has the unknown field %q", of.key, field.key)
		case field.value.kind != text || strings.TrimSpace(field.value.text) == "":
			m.report(field.line, "tell the translator what the text is for", "%q has an empty description", of.key)
		default:
			words.described = true
		}
	}
	if words.forms[otherForm] == "" && len(m.problems) == before {
		m.report(of.line, `add "other"`, "%q has no words", of.key)
	}
}

func (m *messages) words(into *message, id string, form int, v value) {
	switch {
	case v.kind != text:
		m.report(v.line, "write a text", "%q is not a text in the form %q", id, forms[form])
	case strings.TrimSpace(v.text) == "":
		m.report(v.line, "write the words, or leave the message out", "%q is empty", id)
	default:
		if c, bad := forbidden(v.text); bad {
			m.report(v.line, "remove it", "%q has the forbidden character %U", id, c)
		}
		into.forms[form] = v.text
	}
}
