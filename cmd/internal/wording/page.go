package wording

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/screening/referral"
)

// Block is a heading with its lines.
type Block struct {
	Heading string
	Lines   []string
}

// Page is a page in words. Person is read out to the person, with Reading the same in the official's language.
type Page struct {
	Title           string
	Blocks          []Block
	Person, Reading []string
	Draft           bool
	// First is how many blocks stand before what is said to the person. More than none: others are waiting, what matters
	// stands first, and nobody has to read to the end.
	First int
}

// Page puts a page into words.
func (w *Words) Page(page session.Page) (Page, error) {
	var prompt Prompt
	s := &speaker{w: w, p: &prompt}
	out := Page{Title: s.official("page." + string(page.Kind) + ".title")}
	switch page.Kind {
	case session.ResultPage:
		out.Blocks = w.result(s, page)
	case session.EndPage:
		out.Blocks = w.end(s, page)
	case session.DeferredPage:
		out.Blocks = w.deferred(s, page)
	case session.WellbeingPage:
		out.Blocks = []Block{{Lines: paragraphs(s.official("page.wellbeing.text"))}}
		if page.Heavy >= manyHeavy {
			out.Blocks = append(out.Blocks, Block{Lines: []string{w.plural(s, "page.wellbeing.many", page.Heavy)}})
		}
	case session.DangerPage:
		out.Blocks = w.danger(s, page)
	default:
		out.Blocks = []Block{{Lines: paragraphs(s.official("page." + string(page.Kind) + ".text"))}}
	}
	id := "page." + string(page.Kind) + ".say"
	if page.Counter {
		id = "page.counter.say"
	}
	if w.reading.Has(id) {
		s.both(id)
	}
	if page.Counter {
		out.First = slices.IndexFunc(out.Blocks, func(b Block) bool { return b.Heading == s.official("result.next.title") }) + 1
	}
	if w.mark != "" {
		out.Title = w.mark + ": " + out.Title
	}
	out.Person, out.Reading, out.Draft = prompt.Person, prompt.Reading, prompt.Draft
	return out, s.err
}

// manyHeavy is after how many hard interviews in a row somebody should rest (PR51 of the protocol's list).
const manyHeavy = 3

// end tells what became of the record, what stands, and the way back from penalties that the person has met already.
func (w *Words) end(s *speaker, page session.Page) []Block {
	kept := s.official("page.end.not_kept")
	if page.Reference != "" {
		text, err := w.official.Say("page.end.kept", map[string]any{"Reference": page.Reference})
		s.note(err)
		kept = text.Words
	}
	blocks := []Block{{Lines: []string{kept}}}
	if page.Raised != 0 {
		text, err := w.official.Say("page.end.raised", map[string]any{"Outcome": s.official("outcome." + page.Raised.String() + ".title")})
		s.note(err)
		blocks = append(blocks, Block{Lines: []string{text.Words, s.official("next." + page.Raised.String())}})
	}
	if page.Waits {
		blocks = append(blocks, Block{Heading: s.official("result.hold.title"), Lines: []string{s.official("page.end.hold")}})
	}
	if len(page.Penalties) > 0 {
		back := Block{Heading: s.official("remedy.title")}
		for _, one := range page.Penalties {
			back.Lines = append(back.Lines, "- "+s.official("remedy."+one))
		}
		blocks = append(blocks, back)
	}
	return blocks
}

// deferred says when the talk goes on, and that penalties wait until then.
func (w *Words) deferred(s *speaker, page session.Page) []Block {
	kept := s.official("page.deferred.not_kept")
	if page.Kept {
		kept = s.official("page.deferred.kept")
	}
	blocks := []Block{
		{Lines: []string{page.When, kept}},
		{Heading: s.official("result.hold.title"), Lines: []string{s.official("result.hold.text"), "- " + s.official("hold.deferred")}},
		{Heading: s.official("result.next.title"), Lines: []string{"- " + s.official("page.deferred.next"), "- " + s.official("next.everybody")}},
	}
	if page.Contacts != "" {
		blocks = append(blocks, Block{Heading: s.official("page.danger.contacts"), Lines: paragraphs(page.Contacts)})
	}
	return blocks
}

func (w *Words) danger(s *speaker, page session.Page) []Block {
	contacts := Block{Heading: s.official("page.danger.contacts"), Lines: paragraphs(page.Contacts)}
	if page.Contacts == "" {
		contacts.Lines = []string{s.official("page.danger.none")}
	}
	return []Block{{Lines: paragraphs(s.official("page.danger.text"))}, contacts}
}

// maxListed is how many gaps and further answers a result names; a longer list is cut with its number.
const maxListed = 8

// result explains an assessment: what to do next first, then why, then what is not known.
func (w *Words) result(s *speaker, page session.Page) []Block {
	a := page.Assessment
	blocks := []Block{{Heading: s.official("outcome." + a.Outcome.String() + ".title"), Lines: []string{
		s.official("outcome." + a.Outcome.String() + ".text"), s.official("result.threshold"),
	}}}
	if len(a.Hold) > 0 {
		hold := Block{Heading: s.official("result.hold.title"), Lines: []string{s.official("result.hold.text")}}
		for _, reason := range a.Hold {
			hold.Lines = append(hold.Lines, "- "+s.official("hold."+reason))
		}
		blocks = append(blocks, hold)
	}
	steps := Block{Heading: s.official("result.next.title")}
	for _, flag := range a.Flags {
		if flag != "hold" {
			steps.Lines = append(steps.Lines, "- "+s.official("flag."+flag))
		}
	}
	if page.Apart {
		steps.Lines = append(steps.Lines, "- "+s.official("next.apart"))
	}
	if page.Counter {
		steps.Lines = append(steps.Lines, "- "+s.official("next.counter."+a.Outcome.String()))
	} else {
		steps.Lines = append(steps.Lines, "- "+s.official("next."+a.Outcome.String()))
	}
	steps.Lines = append(steps.Lines, "- "+s.official("next.everybody"))
	blocks = append(blocks, steps)
	if !page.Counter {
		blocks = append(blocks, w.offersOf(s, page))
	}
	if page.Contacts != "" {
		blocks = append(blocks, Block{Heading: s.official("page.danger.contacts"), Lines: paragraphs(page.Contacts)})
	}
	if !page.Talked { // nothing was asked, so there is nothing to explain
		return blocks
	}
	blocks = append(blocks, w.why(s, a), w.reasons(s, a))
	if gaps := w.gaps(s, a); len(gaps.Lines) > 0 {
		blocks = append(blocks, gaps)
	}
	if change := w.changes(s, a); len(change.Lines) > 0 {
		blocks = append(blocks, change)
	}
	if ignored := w.ignored(s, a); len(ignored.Lines) > 0 {
		blocks = append(blocks, ignored)
	}
	return append(blocks, w.sources(s, a))
}

// offersOf lists the kinds of help to offer next, the most pressing first. Who gives them stands in the directory and on the
// referral sheet.
func (w *Words) offersOf(s *speaker, page session.Page) Block {
	block := Block{Heading: s.official("result.offers.title")}
	offers, err := w.Offers(referral.Steps(page.Assessment, page.Wishes...), nil, &referral.Directory{}, referral.Place{}, time.Time{})
	s.note(err)
	for _, offer := range offers {
		title := offer.Title
		if len(offer.Marks) > 0 {
			title += " (" + strings.Join(offer.Marks, ", ") + ")"
		}
		block.Lines = append(block.Lines, "- "+title+": "+offer.Text)
	}
	return block
}

// sources says how far the frameworks can be relied on, and where each indicator that counted was published.
func (w *Words) sources(s *speaker, a *screening.Assessment) Block {
	block := Block{Heading: s.official("result.status.title"), Lines: []string{s.official("result.status.text")}}
	seen := map[string]bool{}
	for _, reason := range a.Reasons {
		line := "- " + reason.Framework + ": " + reason.Source
		if !seen[line] {
			seen[line] = true
			block.Lines = append(block.Lines, line)
		}
	}
	return block
}

// why names the rules and the state of the three elements.
func (w *Words) why(s *speaker, a *screening.Assessment) Block {
	block := Block{Heading: s.official("result.why.title")}
	for _, rule := range a.Because {
		block.Lines = append(block.Lines, "- "+s.official("rule."+rule))
	}
	if len(a.Because) == 0 {
		block.Lines = append(block.Lines, "- "+s.official("rule.nothing"))
	}
	for _, element := range []struct {
		name  string
		state screening.State
	}{{"act", a.Elements.Act}, {"means", a.Elements.Means}, {"purpose", a.Elements.Purpose}} {
		state := "state." + element.state.String()
		if slices.Contains(a.NotAskedAbout, element.name) {
			state = "state.not_asked_about"
		}
		block.Lines = append(block.Lines, s.official("element."+element.name)+": "+s.official(state))
	}
	return block
}

// reasons lists each answer that supports something, once, with the indicators that it is evidence of.
func (w *Words) reasons(s *speaker, a *screening.Assessment) Block {
	block := Block{Heading: s.official("result.reasons.title")}
	last := ""
	for _, reason := range a.Reasons {
		if reason.Item != last {
			block.Lines = append(block.Lines, "- "+s.official("item."+reason.Item+".title")+": "+s.official("answer."+reason.Answer.String()))
			last = reason.Item
		}
		line := fmt.Sprintf("    %s %s: %s", reason.Framework, reason.Indicator, s.official("strength."+reason.Strength.String()))
		for _, element := range reason.Elements {
			line += ", " + s.official("element."+element)
		}
		block.Lines = append(block.Lines, line)
	}
	if len(block.Lines) == 0 {
		block.Lines = []string{s.official("result.reasons.none")}
	}
	return block
}

func (w *Words) gaps(s *speaker, a *screening.Assessment) Block {
	block := Block{Heading: s.official("result.gaps.title")}
	for i, gap := range a.Gaps {
		if i == maxListed {
			block.Lines = append(block.Lines, w.more(s, len(a.Gaps)-maxListed))
			break
		}
		block.Lines = append(block.Lines, "- "+s.official("item."+gap.Item+".title")+": "+s.official("answer."+gap.Answer.String()))
	}
	return block
}

// changes lists the further answers that would raise the outcome. Nobody is to be pressed for them, and the page says so.
func (w *Words) changes(s *speaker, a *screening.Assessment) Block {
	block := Block{Heading: s.official("result.change.title")}
	listed := 0
	for _, change := range a.WouldChange {
		if change.Outcome <= a.Outcome {
			continue
		}
		if listed++; listed <= maxListed {
			block.Lines = append(block.Lines, "- "+s.official("item."+change.Item+".title")+" → "+s.official("outcome."+change.Outcome.String()+".title"))
		}
	}
	if listed > maxListed {
		block.Lines = append(block.Lines, w.more(s, listed-maxListed))
	}
	if listed > 0 {
		block.Lines = append(block.Lines, s.official("result.change.text"))
	}
	return block
}

func (w *Words) ignored(s *speaker, a *screening.Assessment) Block {
	block := Block{Heading: s.official("result.ignored.title")}
	for _, one := range a.Ignored {
		block.Lines = append(block.Lines, "- "+s.official("item."+one.Key+".title"))
	}
	return block
}

func (w *Words) more(s *speaker, n int) string { return "  " + w.plural(s, "result.more", n) }

func (w *Words) plural(s *speaker, id string, n int) string {
	text, err := w.official.Plural(id, n, nil)
	s.note(err)
	return text.Words
}
