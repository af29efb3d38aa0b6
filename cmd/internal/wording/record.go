package wording

import (
	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

// Record puts a part of a finished record into lines: the result first, then what happened, in order.
func (w *Words) Record(part *screening.Part) ([]string, error) {
	var prompt Prompt
	s := &speaker{w: w, p: &prompt}
	lines := []string{"== " + s.official("part."+part.Compartment)}
	if part.Assessment != nil {
		page, err := w.Page(session.Page{Kind: session.ResultPage, Assessment: part.Assessment})
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

// event tells one event in a few words. Prompts that are not items keep their ids: they name the step of the protocol.
func (w *Words) event(s *speaker, e screening.Event) string {
	if e.Kind != screening.Answered && e.Kind != screening.Noted {
		return s.official("event." + string(e.Kind))
	}
	title := e.Step
	if id := "item." + e.Step + ".title"; w.official.Has(id) {
		title = s.official(id)
	}
	if e.Kind == screening.Noted {
		return title + ": " + s.official("event.noted")
	}
	value := e.Value
	if id := "answer." + e.Value; w.official.Has(id) {
		value = s.official(id)
	}
	if e.How != "" && e.How != screening.Asked {
		value += " (" + s.official("how."+string(e.How)) + ")"
	}
	return title + ": " + value
}
