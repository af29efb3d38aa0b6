package locales

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Entry is one text of one language as it goes to translators and reviewers and comes back: a message, or one plural form
// of it.
type Entry struct {
	// Line is where it stood in the file that was read.
	Line int
	Side Side
	ID   string
	// Form is the plural form, mostly "other".
	Form string
	// Description, English and Source are what a translator works from: Source is the hash of the whole English message.
	Description, English, Source string
	Words                        string
	Status                       Status
	// Back is the back-translation into English of somebody who had not seen the English.
	Back string
	// Checked: the reviewer agrees with the text.
	Checked bool
}

// safety are the beginnings of the ids that a person must be able to rely on; they are reviewed first.
var safety = []string{"consent.", "sensitive.ask", "page.break.say", "page.distress.say", "closing.next.ask", "card."}

// Entries lists every text of a language: what it has, what it lacks with empty words, in the order in which to review it.
func (c *Catalog) Entries(tag string) ([]Entry, error) {
	tag, err := c.resolve(tag)
	if err != nil {
		return nil, err
	}
	forms := pluralForms(tag)
	var all []Entry
	for _, side := range []Side{Person, Official} {
		english := c.side(sourceLanguage, side)
		own := c.side(tag, side)
		if own.absent {
			continue
		}
		s, err := c.Speaker(tag, side)
		if err != nil {
			return nil, err
		}
		descriptions, backs := c.descriptions(side), c.backs(tag, side)
		for _, id := range reviewOrder(english) {
			for _, form := range formsOf(english.byID[id], forms) {
				e := Entry{
					Side: side, ID: id, Form: form, Description: descriptions[id], English: englishForm(english.byID[id], form),
					Source: english.byID[id].sourceHash(), Back: backs[id],
				}
				if m := own.byID[id]; m != nil {
					e.Words, e.Status = m.forms[formIndex(form)], s.status(id, m)
				}
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// reviewOrder puts what people must be able to rely on first.
func reviewOrder(m *messages) []string {
	ids := slices.Sorted(maps.Keys(m.byID))
	later := func(id string) int {
		if at := slices.IndexFunc(safety, func(prefix string) bool { return strings.HasPrefix(id, prefix) }); at >= 0 {
			return at
		}
		return len(safety)
	}
	slices.SortStableFunc(ids, func(a, b string) int { return later(a) - later(b) })
	return ids
}

// formsOf are the forms that a message needs in a language with these plural forms.
func formsOf(english *message, needed []string) []string {
	if !english.plural() {
		return []string{forms[otherForm]}
	}
	var all []string
	for i, form := range forms {
		if i == otherForm || slices.Contains(needed, form) {
			all = append(all, form)
		}
	}
	return all
}

func formIndex(form string) int { return slices.Index(forms[:], form) }

// englishForm is what a form is translated from: the same form, or the general one where English has none.
func englishForm(m *message, form string) string {
	if words := m.forms[formIndex(form)]; words != "" {
		return words
	}
	return m.forms[otherForm]
}

// descriptions are what the English file tells translators. The files were read and found good by the Speaker.
func (c *Catalog) descriptions(side Side) map[string]string {
	found := map[string]string{}
	data, _, err := c.load(sourceLanguage + "/" + string(side) + ".json")
	if err != nil {
		return found
	}
	var raw map[string]struct{ Description string }
	_ = json.Unmarshal(data, &raw)
	for id, m := range raw {
		found[id] = m.Description
	}
	return found
}

// reviewDocument is review.json as it is written.
type reviewDocument struct {
	Defaults map[string]string            `json:"defaults,omitempty"`
	Official map[string]map[string]string `json:"official"`
	Person   map[string]map[string]string `json:"person"`
}

func (r *reviewDocument) side(side Side) map[string]map[string]string {
	if side == Official {
		return r.Official
	}
	return r.Person
}

// rawReview reads review.json with all that it says; nothing where there is none.
func (c *Catalog) rawReview(tag string) *reviewDocument {
	r := &reviewDocument{}
	if data, _, err := c.load(tag + "/review.json"); err == nil {
		_ = json.Unmarshal(data, r) // found good by the Speaker
	}
	if r.Official == nil {
		r.Official = map[string]map[string]string{}
	}
	if r.Person == nil {
		r.Person = map[string]map[string]string{}
	}
	return r
}

func (c *Catalog) backs(tag string, side Side) map[string]string {
	found := map[string]string{}
	for id, entry := range c.rawReview(tag).side(side) {
		found[id] = entry["back_translation"]
	}
	return found
}
