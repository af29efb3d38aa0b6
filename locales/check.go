package locales

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Check holds languages against English, all of them if none is named, and reports all that is wrong: files that cannot be read, messages missing and left
// over, other variables than the English has, plural forms that the language needs or never uses, texts not in NFC, Burmese in Zawgyi, labels that are
// too long for their place, and texts that are stale. A language
// may do without one of the two sides; then [Catalog.Speaker] refuses it for that side.
func (c *Catalog) Check(tags ...string) Problems {
	problems := slices.Clone(c.problems)
	if len(tags) == 0 {
		tags = c.languages
		if len(tags) == 0 {
			return append(problems, Problem{File: ".", What: "there is no language", Mend: "add a folder " + sourceLanguage})
		}
	}
	for _, tag := range tags {
		known, err := c.resolve(tag)
		if err != nil {
			problems = append(problems, Problem{File: tag, What: err.Error(), Mend: "add the folder"})
			continue
		}
		checker := &checker{catalog: c, tag: known}
		checker.check()
		problems = append(problems, checker.problems...)
	}
	return problems.sorted()
}

type checker struct {
	catalog  *Catalog
	tag      string
	forms    []string
	problems Problems
}

func (k *checker) report(file string, line int, mend, format string, args ...any) {
	k.problems = append(k.problems, Problem{File: file, Line: line, What: fmt.Sprintf(format, args...), Mend: mend})
}

func (k *checker) check() {
	k.files()
	k.forms = pluralForms(k.tag)
	missing := 0
	for _, side := range []Side{Official, Person} {
		own, english := k.catalog.side(k.tag, side), k.catalog.side(sourceLanguage, side)
		if own.absent {
			if missing++; k.tag == sourceLanguage || missing == 2 {
				k.problems = append(k.problems, own.problems...)
			}
			continue
		}
		k.problems = append(k.problems, own.problems...)
		k.problems = append(k.problems, english.problems...)
		if k.tag == sourceLanguage {
			k.source(own)
			continue
		}
		k.against(side, own, english)
	}
}

// files looks for a misspelt file name, which would otherwise go unread.
func (k *checker) files() {
	for layer, source := range k.catalog.layers {
		entries, err := fs.ReadDir(source, k.tag)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			k.report(layerName(layer)+k.tag, 0, "check its permissions", "the folder cannot be listed")
		}
		for _, entry := range entries {
			switch name := entry.Name(); {
			case name == "official.json", name == "person.json", name == "review.json", !strings.HasSuffix(name, ".json"):
			default:
				k.report(layerName(layer)+k.tag+"/"+name, 0, "name it official.json, person.json or review.json", "nothing reads this file")
			}
		}
	}
}

func (k *checker) source(english *messages) {
	for id, m := range english.byID {
		if !m.described {
			k.report(english.file, m.line, `add "description"`, "%q does not tell translators what it is for", id)
		}
		k.text(english, id, m)
		k.plural(english, id, m, m.plural())
		k.variables(english, id, m, m)
	}
}

// against compares only what was read to the end: one missing bracket must not be drowned by hundreds of messages that seem to be missing.
func (k *checker) against(side Side, own, english *messages) {
	review := k.catalog.review(k.tag)
	k.problems = append(k.problems, review.problems...)
	if own.cut || english.cut || english.absent || review.cut {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(english.byID)) {
		if own.byID[id] == nil {
			k.report(own.file, 0, "translate it", "%q is missing; the English is on %s:%d", id, english.file, english.byID[id].line)
		}
	}
	for id, m := range own.byID {
		k.text(own, id, m)
		source := english.byID[id]
		if source == nil {
			k.report(own.file, m.line, "remove it, or mend its id", "%q is not among the English messages", id)
			continue
		}
		k.plural(own, id, m, source.plural())
		k.variables(own, id, m, source)
		k.review(review, side, id, source.sourceHash(), own)
	}
	for id, entry := range review.bySide[side] {
		if own.byID[id] == nil {
			k.report(review.file, entry.line, "remove the entry, or mend its id", "%s.%q is reviewed but has no text", side, id)
		}
	}
}

func (k *checker) review(review *review, side Side, id, source string, own *messages) {
	if review.status(side, id, source, own.layer) != Stale {
		return
	}
	entry, known := review.bySide[side][id]
	switch mend := fmt.Sprintf("compare it with the English, then write the source %q", source); {
	case review.layer < 0:
		k.report(own.file, own.byID[id].line, "add review.json with the source "+source, "%q is stale: nothing says which English it was translated from", id)
	case review.layer < own.layer:
		k.report(own.file, own.byID[id].line, "lay a review.json beside it", "%q is stale: its file was laid over the reviewed one", id)
	case !known || entry.source == "":
		k.report(review.file, entry.line, mend, "%s.%q is stale: no entry says which English it was translated from", side, id)
	default:
		k.report(review.file, entry.line, mend, "%s.%q is stale: the English has changed", side, id)
	}
}

func (k *checker) text(own *messages, id string, m *message) {
	for i, words := range m.forms {
		if isBurmese(k.tag) && zawgyi(words) {
			k.report(own.file, m.line, "convert it to Unicode", "%q looks as if it was typed in Zawgyi in the form %q", id, forms[i])
		}
		if most, have := longest(id), cells(words); most > 0 && have > most {
			k.report(own.file, m.line, "shorten it", "%q takes %d cells in the form %q, there is room for %d", id, have, forms[i], most)
		}
		if !norm.NFC.IsNormalString(words) {
			k.report(own.file, m.line, "normalise it", "%q is not in Unicode's normal form C in the form %q", id, forms[i])
		}
	}
}

// plural wants exactly the forms that the language has, and "other", which Say uses.
func (k *checker) plural(own *messages, id string, m *message, plural bool) {
	for i, words := range m.forms[:otherForm] {
		needed := plural && slices.Contains(k.forms, forms[i])
		switch {
		case words == "" && needed:
			k.report(own.file, m.line, "add it", "%q lacks the plural form %q", id, forms[i])
		case words != "" && !needed:
			k.report(own.file, m.line, "remove it", "%q has the plural form %q, which is never used here", id, forms[i])
		}
	}
}

// variables wants in every form the variables of the English. Only the number may be left out of a form, "one person", but not of all.
func (k *checker) variables(own *messages, id string, m, english *message) {
	want, number := wanted(english)
	for i, words := range m.forms {
		if words == "" {
			continue
		}
		have, err := variables(words)
		if err != nil {
			k.report(own.file, m.line, "write the braces as the English does", "%q in the form %q: %v", id, forms[i], err)
			continue
		}
		counts := slices.Contains(have, pluralCount)
		have = slices.DeleteFunc(have, func(name string) bool { return name == pluralCount })
		if !slices.Equal(have, want) {
			k.report(own.file, m.line, "use the same in every form and language", "%q in the form %q has the variables %v, expected %v", id, forms[i], have, want)
		}
		if counts && !number || number && !counts && i == otherForm {
			k.report(own.file, m.line, "show the number where the English does", "%q in the form %q and the English differ in {{.%s}}", id, forms[i], pluralCount)
		}
	}
}

// wanted gives the variables of a message but for the number, and whether it shows the number.
func wanted(english *message) ([]string, bool) {
	var all []string
	for _, words := range english.forms {
		// What does not parse is reported where English itself is checked.
		names, _ := variables(words)
		all = append(all, names...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	number := slices.Contains(all, pluralCount)
	return slices.DeleteFunc(all, func(name string) bool { return name == pluralCount }), number
}

// pluralForms asks go-i18n, which will choose among them, for the forms that whole numbers take in a language.
func pluralForms(tag string) []string {
	s := &Speaker{tag: tag, language: language.Make(tag)}
	s.prepare()
	var found []string
	ask := func(n int) {
		config := &i18n.LocalizeConfig{DefaultMessage: everyForm(), PluralCount: n}
		if form, err := s.localizer.Localize(config); err == nil && !slices.Contains(found, form) {
			found = append(found, form)
		}
	}
	for n := range 201 {
		ask(n)
	}
	for n := 1000; n <= 10_000_000; n *= 10 {
		ask(n)
	}
	return found
}
