package wording

import (
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

// Record puts a part of a finished record into lines: the result first, then what happened, in order.
func (w *Words) Record(part *screening.Part) ([]string, error) {
	var prompt Prompt
	s := &speaker{w: w, p: &prompt}
	lines := []string{"== " + s.official("part."+part.Compartment)}
	if part.Assessment != nil {
		page, err := w.Page(session.Page{Kind: session.ResultPage, Assessment: part.Assessment, Talked: true})
		if err != nil {
			return nil, err
		}
		for _, block := range page.Blocks {
			lines = append(lines, "", block.Heading)
			for _, line := range block.Lines {
				lines = append(lines, "  "+line)
			}
		}
	}
	lines = append(lines, "", s.official("record.events"))
	for _, e := range part.Events {
		lines = append(lines, "  "+e.At.Format("2006-01-02 15:04:05")+"  "+w.event(s, e))
		if e.Note != "" {
			lines = append(lines, "      "+e.Note)
		}
	}
	return lines, s.err
}

// event tells one event in a few words.
func (w *Words) event(s *speaker, e screening.Event) string {
	if e.Kind != screening.Answered && e.Kind != screening.Noted {
		return s.official("event." + string(e.Kind))
	}
	title := w.first(s, e.Step, "item."+e.Step+".title", e.Step+".title", "item."+strings.TrimPrefix(e.Step, "sensitive.")+".title", "gate."+gateCheck(e.Step)+".title", openTitle(e.Step))
	if e.Kind == screening.Noted {
		return title + ": " + s.official("event.noted")
	}
	prefix, _, _ := strings.Cut(e.Step, ".")
	value := w.first(s, e.Value, e.Step+".option."+e.Value, prefix+".option."+e.Value, "gate.unmet.option."+e.Value, "option."+e.Value, "answer."+e.Value)
	if e.How != "" && e.How != screening.Asked {
		value += " (" + s.official("how."+string(e.How)) + ")"
	}
	return title + ": " + value
}

// first gives the words of the first message that there is, or else the word itself: an option of an item is said by the
// person, and the record keeps its id.
func (w *Words) first(s *speaker, word string, ids ...string) string {
	for _, id := range ids {
		if w.official.Has(id) {
			return s.official(id)
		}
	}
	for _, id := range ids {
		if w.reading.Has("item." + id) {
			text, err := w.reading.Say("item."+id, nil)
			s.note(err)
			return text.Words
		}
	}
	return word
}

// gateCheck is the check that a prompt of the gate belongs to.
func gateCheck(step string) string {
	check, _, _ := strings.Cut(strings.TrimPrefix(step, "gate."), ".")
	return check
}

// openTitle is the title of the open invitation, whatever its step is called.
func openTitle(step string) string {
	if strings.HasPrefix(step, "open.") {
		return "open.title"
	}
	return ""
}
