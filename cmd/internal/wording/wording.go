// Package wording puts prompts and pages into words, for every Surface alike: what the person hears in their language,
// the same in the official's language, and what only the official reads.
//
// Start with New, then Words.Prompt and Words.Page. Every sentence comes from locales; a sentence that is missing in a
// language is an error that names it, never a sentence of another language.
package wording

import (
	"fmt"
	"slices"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// Words speaks in two languages at once.
type Words struct {
	official *locales.Speaker // what only the official reads
	person   *locales.Speaker // what the person hears
	reading  *locales.Speaker // the person's sentences in the official's language
	mark     string           // stands on every prompt and page; empty: none
}

// Marked gives the same words with a mark on every prompt and page, as for a mock interview.
func (w *Words) Marked(mark string) *Words {
	marked := *w
	marked.mark = mark
	return &marked
}

// New opens the two languages, which may be the same.
func New(catalog *locales.Catalog, official, person string) (*Words, error) {
	w := &Words{}
	var err error
	if w.official, err = catalog.Speaker(official, locales.Official); err != nil {
		return nil, err
	}
	if w.reading, err = catalog.Speaker(official, locales.Person); err != nil {
		return nil, err
	}
	if w.person, err = catalog.Speaker(person, locales.Person); err != nil {
		return nil, err
	}
	return w, nil
}

// Option is one reply that can be chosen.
type Option struct {
	Value    string
	Official string
	Person   string // empty where the person is not asked
}

// Prompt is a prompt in words.
type Prompt struct {
	session.View
	Part string // "Part 3 of 9: The journey"
	// State says what of the interview is on the disk.
	State string
	// Title names the item or the check in a few words.
	Title string
	// Person is what is said to the person; Reading is the same in the official's language. Both are empty where the
	// official alone is asked.
	Person, Reading []string
	// Guide is for the official alone: what counts, what does not, why it does not count against the person.
	Guide   []string
	Options []Option
	// Draft: some of the person's words were not reviewed.
	Draft bool
	Shown []screening.Shown
	// RightToLeft is the reading direction of the person's words.
	RightToLeft bool
}

// Chosen puts a recorded reply into words, of one option or of several; nothing where it is none of them.
func (p *Prompt) Chosen(reply string) string {
	var said []string
	for _, option := range p.Options {
		if slices.Contains(strings.Split(reply, ","), option.Value) {
			said = append(said, option.Official)
		}
	}
	return strings.Join(said, ", ")
}

// Official says one sentence that only the official reads.
func (w *Words) Official(id string, data map[string]any) (string, error) {
	text, err := w.official.Say(id, data)
	return text.Words, err
}

// PersonTag is the language of the person.
func (w *Words) PersonTag() string { return w.person.Tag() }

// speaker collects sentences and the first error, so that a page reads as a list.
type speaker struct {
	w   *Words
	err error
	p   *Prompt
}

func (s *speaker) official(id string) string {
	text, err := s.w.official.Say(id, nil)
	s.note(err)
	return text.Words
}

// both adds a sentence that the person hears, in both languages, and keeps what was shown.
func (s *speaker) both(id string) {
	person, err := s.w.person.Say(id, nil)
	s.note(err)
	reading, err := s.w.reading.Say(id, nil)
	s.note(err)
	s.p.Person = append(s.p.Person, paragraphs(person.Words)...)
	s.p.Reading = append(s.p.Reading, paragraphs(reading.Words)...)
	s.p.Draft = s.p.Draft || unreviewed(person.Status)
	s.p.Shown = append(s.p.Shown, screening.Shown{Lang: person.Lang, Hash: person.Hash, Status: string(person.Status)})
	if reading.Lang != person.Lang {
		s.p.Shown = append(s.p.Shown, screening.Shown{Lang: reading.Lang, Hash: reading.Hash, Status: string(reading.Status)})
	}
}

func (s *speaker) guide(ids ...string) {
	for _, id := range ids {
		s.p.Guide = append(s.p.Guide, s.official(id))
	}
}

// labelled adds a sentence behind the words that say what it is for.
func (s *speaker) labelled(label, id string) {
	text, err := s.w.official.Say(label, map[string]any{"Text": s.official(id)})
	s.note(err)
	s.p.Guide = append(s.p.Guide, text.Words)
}

func (s *speaker) note(err error) {
	if s.err == nil {
		s.err = err
	}
}

func unreviewed(status locales.Status) bool {
	return status != locales.Source && status != locales.Reviewed
}

func paragraphs(words string) []string { return strings.Split(words, "\n") }

// Prompt puts a prompt into words.
func (w *Words) Prompt(v session.View) (Prompt, error) {
	p := Prompt{View: v, RightToLeft: w.person.RightToLeft()}
	s := &speaker{w: w, p: &p}
	prefix, rest, _ := strings.Cut(v.Prompt.ID, ".")
	item := v.Prompt.Item
	switch {
	case item != nil && prefix == "sensitive":
		p.Title = s.official("item." + item.ID + ".title")
		s.both("item." + item.ID + ".preview")
		s.both("sensitive.ask")
		s.guide("sensitive.guide")
	case item != nil:
		w.item(s, item)
	case prefix == "gate":
		w.gate(s, rest)
	case prefix == "open", prefix == "topic", prefix == "rights", prefix == "rest", prefix == "distress", prefix == "later":
		w.told(s, prefix)
	case prefix == "consent", prefix == "closing", prefix == "after":
		w.told(s, v.Prompt.ID)
		for _, item := range v.Prompt.Recorded {
			p.Guide = append(p.Guide, "- "+s.official("item."+item+".title"))
		}
	default:
		return p, fmt.Errorf("no words for the prompt %q", v.Prompt.ID)
	}
	w.options(s, prefix)
	part, err := w.official.Say("part", map[string]any{
		"N": v.Prompt.Section, "M": v.Prompt.Sections, "Title": s.official("step." + v.Prompt.Step + ".title"),
	})
	s.note(err)
	p.Part = part.Words
	state, err := w.state(v)
	s.note(err)
	p.State = state
	if w.mark != "" {
		p.State = w.mark + " | " + state
	}
	return p, s.err
}

// state says when the last answer was saved, or that nothing is kept, or not yet.
func (w *Words) state(v session.View) (string, error) {
	switch {
	case !v.Saved.IsZero():
		return w.Official("save.kept", map[string]any{"Time": v.Saved.Format("15:04:05")})
	case v.Decided && !v.Kept:
		return w.Official("save.memory", nil)
	}
	return w.Official("save.not_yet", nil)
}

func (w *Words) item(s *speaker, item *indicators.Item) {
	id := "item." + item.ID
	s.p.Title = s.official(id + ".title")
	if item.Askable() {
		s.both(id + ".open")
		s.both(id + ".ask")
	} else {
		s.guide(id + ".look")
	}
	if item.Kind == indicators.YesNo {
		s.labelled("guide.counts", id+".counts")
		s.labelled("guide.not_counts", id+".not_counts")
	}
	if item.Misread {
		s.labelled("guide.against", id+".against")
	}
	if item.Admits {
		s.guide("admits.guide")
	}
}

// told puts what ID.ask says to the person, or asks the official, into words, with the guide to it.
func (w *Words) told(s *speaker, id string) {
	s.p.Title = s.official(id + ".title")
	if w.reading.Has(id + ".ask") {
		s.both(id + ".ask")
	} else {
		s.guide(id + ".ask")
	}
	if w.official.Has(id + ".guide") {
		s.guide(id + ".guide")
	}
}

func (w *Words) gate(s *speaker, check string) {
	name, follow, _ := strings.Cut(check, ".")
	s.p.Title = s.official("gate." + name + ".title")
	switch follow {
	case "":
		w.check(s, "gate."+name)
	case "unmet":
		s.guide("gate." + name + ".unmet")
	case "reason":
		s.guide("gate.reason.ask")
	default:
		w.check(s, "gate."+check)
	}
}

// check puts a check of the gate, or a detail of one, into words: the question for the official, and what is said to the
// person, if anything.
func (w *Words) check(s *speaker, id string) {
	s.guide(id + ".ask")
	if w.reading.Has(id + ".say") {
		s.both(id + ".say")
	}
}

// options puts the replies into words: those of the person in both languages, those of the official in theirs.
func (w *Words) options(s *speaker, prefix string) {
	prompt := s.p.View.Prompt
	for _, value := range prompt.Options {
		option := Option{Value: value}
		id := optionID(prompt, prefix, value)
		if w.official.Has(id) {
			option.Official = s.official(id)
		} else {
			text, err := w.reading.Say(id, nil)
			s.note(err)
			option.Official = text.Words
		}
		if asksPerson(prompt, prefix) && w.reading.Has(id) {
			text, err := w.person.Say(id, nil)
			s.note(err)
			option.Person = text.Words
		}
		s.p.Options = append(s.p.Options, option)
	}
}

// asksPerson tells prompts whose replies are the person's own.
func asksPerson(prompt screening.Prompt, prefix string) bool {
	switch prefix {
	case "consent", "topic", "rights", "rest", "closing":
		return prompt.Kind == screening.Choose || prompt.Kind == screening.Several
	case "sensitive", "gate", "after", "distress":
		return false
	}
	return prompt.Kind == screening.Ask || prompt.Kind == screening.Choose
}

// optionID is the message of one reply.
func optionID(prompt screening.Prompt, prefix, value string) string {
	switch {
	case prompt.Kind == screening.Tell:
		return "option.next"
	case prompt.Kind == screening.Several && value == "none":
		return "option.none"
	case prefix == "sensitive", prefix == "topic", prefix == "rights", prefix == "rest", prefix == "distress":
		return prefix + ".option." + value
	case prefix == "gate" && strings.HasSuffix(prompt.ID, ".unmet"):
		return "gate.unmet.option." + value
	case strings.HasPrefix(prompt.ID, "gate.needs."):
		return "gate.needs.each.option." + value
	case prompt.ID == "after.raise" && value != "as_it_is":
		return "outcome." + value + ".title"
	case prompt.ID == "consent.points", prefix == "gate", prefix == "closing", prefix == "after":
		return prompt.ID + ".option." + value
	case prefix == "consent":
		return "consent.option." + value
	case prompt.Kind == screening.Observe:
		return "seen." + value
	case prompt.Item != nil && prompt.Item.Kind == indicators.Choice && value != "unknown" && value != "declined":
		return "item." + prompt.ID + ".option." + value
	}
	return "answer." + value
}
