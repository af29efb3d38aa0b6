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
	if e.Kind == screening.Stopped && e.Value != "" {
		return s.official("event.stopped") + ": " + s.official("stop.option."+e.Value)
	}
	if e.Kind != screening.Answered && e.Kind != screening.Noted {
		return s.official("event." + string(e.Kind))
	}
	prefix, rest, _ := strings.Cut(e.Step, ".")
	check, _, _ := strings.Cut(rest, ".")
	title := w.first(s, e.Step, "item."+e.Step+".title", e.Step+".title", "item."+rest+".title", "gate."+check+".title", prefix+".title")
	if e.Kind == screening.Noted {
		return title + ": " + w.first(s, "", "event.noted."+e.Value, "event.noted")
	}
	var values []string
	for _, value := range strings.Split(e.Value, ",") {
		values = append(values, w.first(s, value, e.Step+".option."+value, prefix+".option."+value, "gate.needs.each.option."+value, "gate.unmet.option."+value, "option."+value, "outcome."+value+".title", "answer."+value))
	}
	value := strings.Join(values, ", ")
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
		for _, spoken := range []string{id, "item." + id} {
			if w.reading.Has(spoken) {
				text, err := w.reading.Say(spoken, nil)
				s.note(err)
				return text.Words
			}
		}
	}
	return word
}
