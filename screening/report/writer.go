package report

import (
	"slices"
	"strings"

	"tipscreen/screening"
	"tipscreen/screening/referral"
)

// writer writes one paper in one language and keeps the first error, so that a paper reads as a list.
type writer struct {
	*Facts
	language Language
	blocks   []block
	draft    bool
	err      error
}

func (w *writer) note(words string, draft bool, err error) string {
	w.draft = w.draft || draft
	if w.err == nil {
		w.err = err
	}
	return words
}

func (w *writer) official(id string, data map[string]any) string {
	return w.note(w.language.Official(id, data))
}

func (w *writer) person(id string, data map[string]any) string {
	return w.note(w.language.Person(id, data))
}

// texts makes a line of each line of a message.
func texts(words string) []line {
	var lines []line
	for _, text := range strings.Split(words, "\n") {
		lines = append(lines, line{Text: text})
	}
	return lines
}

func (w *writer) add(b block) { w.blocks = append(w.blocks, b) }

// column writes the paper.
func (w *writer) column(kind Kind) column {
	var title, log string
	switch kind {
	case Hold:
		title = w.official("sheet.hold.title", nil)
		w.hold()
	case Letter:
		title = w.official("sheet.letter.title", nil)
		w.letter()
	case Referral:
		title = w.official("sheet.referral.title", nil)
		w.referral()
	case Help:
		title = w.person("help.title", nil)
		w.help()
	case Discreet:
		title = w.person("discreet.title", nil)
		w.discreet()
	}
	if !kind.ForPerson() {
		log = w.official("sheet.log", nil)
	}
	blocks := w.blocks
	// Every language has the place for the mark, so that the columns stay beside each other.
	mark := block{}
	if w.draft {
		words := w.person("help.draft", nil)
		if !kind.ForPerson() {
			words = w.official("sheet.draft", nil)
		}
		mark.Lines = []line{{Mark: words}}
	}
	direction := "ltr"
	if w.language.RightToLeft {
		direction = "rtl"
	}
	return column{w.language.Tag, direction, title, log, append([]block{mark}, blocks...)}
}

// head is the number, the time and whom to ask.
func (w *writer) head() []line {
	lines := []line{
		{Label: w.official("sheet.number", nil), Text: w.Number, Foreign: true},
		{Label: w.official("sheet.time", nil), Text: w.At.Format("2006-01-02 15:04 -07:00"), Foreign: true},
	}
	if w.Contacts == "" {
		return append(lines, line{Label: w.official("sheet.contact", nil), Text: w.official("sheet.contact.none", nil)})
	}
	return append(lines, line{Label: w.official("sheet.contact", nil), Text: w.Contacts, Foreign: true})
}

func (w *writer) hold() {
	w.add(block{Lines: w.head()})
	lines := texts(w.official("sheet.hold.text", nil))
	lines = append(lines, w.grounds()...)
	w.add(block{Lines: lines})
	w.add(block{Strong: true, Lines: texts(w.official("sheet.hold.request", nil))})
	w.add(block{Lines: []line{{Text: w.official("sheet.no_finding", nil)}, {Label: w.official("sheet.sign", nil)}, {Rule: true}}})
}

// grounds says what of the reasons may stand on a paper that others keep: that somebody said so, and the age.
func (w *writer) grounds() []line {
	var lines []line
	if w.because("claim") {
		lines = append(lines, line{Text: w.official("sheet.hold.claim", nil)})
	}
	if w.because("child") {
		lines = append(lines, line{Text: w.official("sheet.hold.child", nil)})
	}
	return lines
}

func (w *writer) letter() {
	w.add(block{Lines: append([]line{{Text: w.official("sheet.letter.to", nil)}}, w.head()...)})
	if w.Identity != nil {
		_, name := w.Identity.Reply("closing.name")
		w.add(block{Lines: []line{{Label: w.official("closing.name.title", nil), Text: name, Foreign: true}}})
	}
	w.add(block{Strong: true, Lines: append(append(texts(w.official("sheet.hold.text", nil)), w.grounds()...), texts(w.official("sheet.hold.request", nil))...)})
	for _, part := range []string{"means", "acts", "already"} {
		id := "sheet.letter." + part
		w.add(block{Heading: w.official(id+".title", nil), Lines: texts(w.official(id+".text", nil)), List: part != "means"})
	}
	w.law()
	w.add(block{Heading: w.official("law.floor.title", nil), Lines: texts(w.official("law.floor.text", nil))})
	w.add(block{Lines: []line{{Text: w.official("sheet.letter.reason", nil)}, {Text: w.official("sheet.no_finding", nil)},
		{Label: w.official("sheet.sign", nil)}, {Rule: true}}})
}

// law shows the notes on the law of the place, each with its gap, source and date.
func (w *writer) law() {
	b := block{Heading: w.official("law.title", nil)}
	laws := w.Directory.LawsOf(w.Place.Country)
	if len(laws) == 0 {
		b.Lines = []line{{Text: w.official("law.none", nil)}}
	}
	for _, one := range laws {
		b.Lines = append(b.Lines, w.lawLines(one)...)
	}
	w.add(b)
}

func (w *writer) lawLines(one *referral.Law) []line {
	title := line{Text: one.Title(w.language.Tag), Foreign: true}
	if one.Acts[w.language.Tag] == "" {
		title.Lang = "en"
	}
	if one.Section != "" {
		title.Mark = w.official("law.section", map[string]any{"Section": one.Section})
	}
	say := []string{w.official("law.covers."+string(one.Covers), nil)}
	for _, gap := range one.Gaps {
		say = append(say, w.official("law.gap."+string(gap), nil))
	}
	say = append(say, w.official("law.forced_offences."+string(one.ForcedOffences), nil))
	if one.Route != "" {
		say = append(say, w.official("law.route", map[string]any{"Section": one.Route}))
	}
	source := w.official("law.source", map[string]any{"Source": one.Source, "Date": string(one.AsOf)})
	return []line{title, {Text: strings.Join(say, " ")}, {Mark: source + " " + w.official("law."+one.Confidence, nil)}}
}

// help is the paper for the person. It is the same whatever was answered.
func (w *writer) help() {
	w.add(block{Heading: w.person("help.rights.title", nil), Lines: texts(w.person("help.rights.text", nil)), List: true})
	ask := block{Heading: w.person("help.ask.title", nil), List: true}
	for _, service := range referral.Services() {
		if service != referral.Safety && service != referral.ReferralBody {
			ask.Lines = append(ask.Lines, line{Text: w.person("service."+string(service), nil)})
		}
	}
	w.add(ask)
	w.add(block{Heading: w.person("help.next.title", nil), Lines: texts(w.person("help.next.text", nil))})
	contacts := block{Heading: w.person("help.contacts.title", nil)}
	if w.Contacts != "" {
		contacts.Lines = append(contacts.Lines, line{Label: w.person("help.unit", nil), Text: w.Contacts, Foreign: true})
	}
	for _, e := range w.everyContact() {
		contacts.Lines = append(contacts.Lines, line{Text: e.NameIn(w.language.Tag) + ": " + e.Contact, Foreign: true, Mark: w.checked(e, w.person, "help")})
	}
	if len(contacts.Lines) == 0 {
		contacts.Lines = []line{{Text: w.person("help.contacts.none", nil)}}
	}
	w.add(contacts)
	w.add(block{Lines: []line{{Label: w.person("help.number", nil), Text: w.Number, Foreign: true}, {Text: w.person("help.safe", nil)}}})
}

// discreet is the paper for the person where somebody else may find it: only names that were written for that purpose,
// and neither the unit nor a right.
func (w *writer) discreet() {
	w.add(block{Lines: texts(w.person("discreet.text", nil))})
	contacts := block{}
	for _, e := range w.everyContact() {
		if e.Discreet != "" {
			contacts.Lines = append(contacts.Lines, line{Text: e.Discreet + ": " + e.Contact, Foreign: true, Mark: w.checked(e, w.person, "help")})
		}
	}
	if len(contacts.Lines) == 0 {
		contacts.Lines = []line{{Text: w.person("discreet.none", nil)}}
	}
	w.add(contacts)
}

// everyContact lists each entry for the place once, in the order of the services.
func (w *writer) everyContact() []*referral.Entry {
	var all []*referral.Entry
	for _, service := range referral.Services() {
		for _, e := range w.Directory.Find(w.Place, service) {
			if !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	return all
}

// checked says when a contact was checked, and that it is stale.
func (w *writer) checked(e *referral.Entry, say func(string, map[string]any) string, prefix string) string {
	id := prefix + ".checked"
	if e.Stale(w.Now) {
		id = prefix + ".stale"
	}
	mark := say(id, map[string]any{"Date": string(e.CheckedOn)})
	for _, known := range []string{e.Hours, strings.Join(e.Languages, " ")} {
		if known != "" {
			mark = known + "; " + mark
		}
	}
	return mark
}

// none is an assessment of nothing, for what is offered to everybody.
var none = screening.Assessment{Outcome: screening.NoSignsSoFar}
