package locales

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

// Speaker is the voice of one language for one side. It may be used by several goroutines at once.
type Speaker struct {
	catalog  *Catalog
	tag      string
	side     Side
	language language.Tag
	words    *messages
	english  *messages
	review   *review

	// The bundle behind the localizer knows this one language and holds no message, so that go-i18n has nothing to fall back to and nothing is made at
	// start for the hundreds of messages that will not be shown.
	localizer *i18n.Localizer
	rules     language.Tag
	parser    *template.TextParser
}

// prepare makes the localizer. A language without plural rules in CLDR (Rohingya, Shan, Sgaw Karen) gets those of CLDR's root, "other" for every number;
// go-i18n does not have the root, so Thai, whose rules are the same, lends them.
func (s *Speaker) prepare() {
	s.rules = s.language
	bundle := i18n.NewBundle(s.rules)
	if bundle.AddMessages(s.rules) != nil {
		s.rules = language.Thai
		bundle = i18n.NewBundle(s.rules)
	}
	s.localizer = i18n.NewLocalizer(bundle, s.rules.String())
	s.parser = &template.TextParser{Option: "missingkey=error"}
}

// Say gives the words of a message in this language, and in no other. The error names the message and the language, and a variable that has no value, but
// never a value. A message with plural forms is said in its "other".
func (s *Speaker) Say(id string, data map[string]any) (Text, error) {
	return s.localize(id, nil, data)
}

// Plural is Say in the form that the language has for the number n, which {{.PluralCount}} shows. A language without that form is an error.
func (s *Speaker) Plural(id string, n int, data map[string]any) (Text, error) {
	with := make(map[string]any, len(data)+1)
	maps.Copy(with, data)
	with[pluralCount] = n
	return s.localize(id, &n, with)
}

func (s *Speaker) localize(id string, n *int, data map[string]any) (Text, error) {
	m := s.words.byID[id]
	if m == nil {
		return Text{}, s.errorf(id, "there is none")
	}
	if data == nil {
		data = map[string]any{}
	}
	config := &i18n.LocalizeConfig{DefaultMessage: m.asI18n(id), TemplateData: data, TemplateParser: s.parser}
	form := otherForm
	if n != nil {
		config.PluralCount = *n
		form = slices.Index(forms[:], s.form(*n))
	}
	words := m.forms[form]
	if words == "" {
		return Text{}, s.errorf(id, "the plural form %q is missing", forms[form])
	}
	names, err := variables(words)
	if err != nil {
		return Text{}, s.errorf(id, "%w", err)
	}
	for _, name := range names {
		if data[name] == nil {
			return Text{}, s.errorf(id, "no value for {{.%s}}", name)
		}
	}
	said, tag, err := s.localizer.LocalizeWithTag(config)
	wanted, _ := s.rules.Base()
	switch got, _ := tag.Base(); {
	case errors.As(err, new(*i18n.MessageNotFoundErr)), err == nil && got != wanted:
		return Text{}, s.errorf(id, "there is none")
	case err != nil, strings.Contains(said, "<no value>"):
		// The error of a template may quote a value, which may be an answer.
		return Text{}, s.errorf(id, "the values for %s cannot be filled in", strings.Join(names, ", "))
	}
	return Text{Words: said, Lang: s.tag, Hash: hash(words), Status: s.status(id, m)}, nil
}

// form asks go-i18n which plural form the language has for a number, so that the form checked and hashed is the form shown.
func (s *Speaker) form(n int) string {
	config := &i18n.LocalizeConfig{DefaultMessage: everyForm(), PluralCount: n}
	name, _, _ := s.localizer.LocalizeWithTag(config)
	return name
}

// everyForm is a message whose every form says its own name.
func everyForm() *i18n.Message {
	return &i18n.Message{ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"}
}

func (m *message) asI18n(id string) *i18n.Message {
	f := m.forms
	return &i18n.Message{ID: id, Zero: f[0], One: f[1], Two: f[2], Few: f[3], Many: f[4], Other: f[5]}
}

func (s *Speaker) errorf(id, format string, args ...any) error {
	return fmt.Errorf("message %q in %s for the %s: %w", id, s.tag, s.side, fmt.Errorf(format, args...))
}

func (s *Speaker) status(id string, m *message) Status {
	if s.english == nil {
		return Source
	}
	source := s.english.byID[id]
	if source == nil {
		return Stale
	}
	return s.review.status(s.side, id, source.sourceHash(), s.words.layer)
}

// Has says whether the language has the message.
func (s *Speaker) Has(id string) bool { return s.words.byID[id] != nil }

// Tag is the folder of the language.
func (s *Speaker) Tag() string { return s.tag }

// Draft says whether any of these messages is less than reviewed; one that is missing is.
func (s *Speaker) Draft(ids ...string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		m := s.words.byID[id]
		if m == nil {
			return true
		}
		status := s.status(id, m)
		return status != Source && status != Reviewed
	})
}

// Name is what the language calls itself: its message language.name, usually one for the official; a language without that is called by its tag.
func (s *Speaker) Name() string {
	for _, words := range []*messages{s.words, s.catalog.side(s.tag, Official)} {
		if m := words.byID["language.name"]; m != nil && m.forms[otherForm] != "" {
			return m.forms[otherForm]
		}
	}
	return s.tag
}

// RightToLeft says which way the language is written, by its script.
func (s *Speaker) RightToLeft() bool {
	script, _ := s.language.Script()
	switch script.String() {
	case "Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi":
		return true
	}
	return false
}
