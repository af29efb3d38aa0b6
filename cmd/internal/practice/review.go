package practice

import (
	"fmt"
	"strings"
	"time"

	"tipscreen/screening"
	"tipscreen/screening/training"
)

// ReviewSheet is the feedback on one run: for the trainee and the trainer.
func ReviewSheet(say Say, lang string, s *training.Scenario, run *training.Run, marks *training.Marks) *Sheet {
	sheet := newSheet(say, lang, say("training.review.title", map[string]any{"Title": s.Title, "Trainee": run.Trainee}))
	fidelity := say("training.review.fidelity", map[string]any{"N": marks.Fidelity.Percent})
	accuracy := say("training.review.accuracy", map[string]any{"N": marks.Accuracy.Percent})
	sheet.Lead = []string{say("training.review.private", nil)}
	if run.Digest != s.Digest {
		sheet.Lead = append(sheet.Lead, say("training.review.changed", nil))
	}
	sheet.Sections = append(sheet.Sections,
		Section{Heading: say("training.review.expected", map[string]any{"Outcome": say("outcome."+s.Expect.Outcome+".title", nil), "Refer": joined(say, "training.refer.", s.Expect.Refer)}),
			Bars: []Bar{{Label: fidelity, Value: marks.Fidelity.Percent}, {Label: accuracy, Value: marks.Accuracy.Percent}}})
	well := Section{Heading: say("training.review.well", nil)}
	next := Section{Heading: say("training.review.next", nil)}
	for _, p := range append(append([]training.Point{}, marks.Fidelity.Points...), marks.Accuracy.Points...) {
		entry := pointEntry(say, s, p)
		switch {
		case p.Got < p.Of:
			next.Lines = append(next.Lines, entry)
		case p.Of > 1: // what was done as usual is not listed one by one
			well.Lines = append(well.Lines, entry)
		}
	}
	bias := Section{Heading: say("training.review.bias", nil)}
	for _, b := range marks.Bias {
		entry := Entry{Text: say("training.bias."+b.Trap, nil), Small: say("training.trap."+b.Trap, nil)}
		if b.Item != "" {
			entry.Small = itemTitle(say, b.Item) + ", " + say("training.review.event", map[string]any{"Seq": b.Seq})
		}
		bias.Lines = append(bias.Lines, entry)
	}
	for _, section := range []Section{well, next, bias, findingsSection(say, marks)} {
		if len(section.Lines) > 0 {
			sheet.Sections = append(sheet.Sections, section)
		}
	}
	sheet.Sections = append(sheet.Sections,
		Section{Heading: say("training.review.teaching", nil), Lines: append(teaching(s, say), refresh(say, run.Begun)...)})
	return sheet
}

// refresh says when to practise again, and that it may weigh on somebody.
func refresh(say Say, from time.Time) []Entry {
	return []Entry{
		{Text: say("training.review.refresh", map[string]any{"Three": from.AddDate(0, 3, 0).Format(time.DateOnly), "Six": from.AddDate(0, 6, 0).Format(time.DateOnly)})},
		{Text: say("training.review.care", nil)},
	}
}

// pointEntry puts one mark into words, with the event and the source.
func pointEntry(say Say, s *training.Scenario, p training.Point) Entry {
	about, why := p.About, ""
	kind, _, _ := strings.Cut(p.ID, ".")
	switch kind {
	case "gate", "later":
		about = strings.TrimSuffix(title(say, "gate."+p.About+".title", "gate."+p.About+".ask", p.About), ":")
	case "consent":
		about = title(say, "consent."+p.About+".title", p.About)
	case "closing":
		about = title(say, "closing."+p.About+".title", p.About)
	case "sensitive":
		about = itemTitle(say, p.About)
	case "decision", "led":
		about = say("outcome."+p.About+".title", nil)
	case "referral":
		about = say("training.refer."+p.About, nil)
	case "event":
		for _, e := range s.Events {
			if e.ID == p.About {
				about, why = say("training.event."+string(e.Kind), nil), strings.TrimSpace(e.Why)
			}
		}
	}
	small := say("training.review.source", map[string]any{"Source": p.Source})
	if p.Seq > 0 {
		small = say("training.review.event", map[string]any{"Seq": p.Seq}) + ". " + small
	}
	return Entry{Text: say("training.point."+p.ID, map[string]any{"About": about, "Why": why}), Small: fmt.Sprintf("%d/%d. %s", p.Got, p.Of, small)}
}

// findingsSection lists the items that were marked otherwise than told.
func findingsSection(say Say, marks *training.Marks) Section {
	section := Section{Heading: say("training.review.findings", nil)}
	for _, f := range marks.Findings {
		if (f.Marked == screening.Yes.String()) == (f.Right == screening.Yes.String()) {
			continue
		}
		entry := Entry{Text: say("training.review.finding", map[string]any{"Item": itemTitle(say, f.Item), "Marked": say("answer."+f.Marked, nil), "Right": say("answer."+f.Right, nil)})}
		if f.Hidden {
			entry.Small = say("training.review.hidden", nil)
		}
		section.Lines = append(section.Lines, entry)
	}
	if len(section.Lines) == 0 {
		section.Lines = []Entry{{Text: say("training.review.same", nil)}}
	}
	return section
}

// Moment is one line of a run that is played again, with the time since the line before.
type Moment struct {
	Wait time.Duration
	Text string
}

// Replay lists a run as it happened.
func Replay(say Say, s *training.Scenario, run *training.Run) []Moment {
	var moments []Moment
	before := run.Begun
	for at, e := range run.Events {
		for _, f := range run.Fired {
			if f.Seq != at {
				continue
			}
			for _, event := range s.Events {
				if event.ID == f.Event {
					moments = append(moments, Moment{Text: say("training.room", map[string]any{"Text": strings.TrimSpace(event.Scene)})})
				}
			}
		}
		m := Moment{Wait: max(0, e.At.Sub(before)), Text: e.At.Sub(run.Begun).Truncate(time.Second).String() + "  " + momentWords(say, e)}
		moments, before = append(moments, m), e.At
	}
	return moments
}

func momentWords(say Say, e screening.Event) string {
	switch {
	case e.Kind == screening.Stopped && e.Value != "":
		return say("event.stopped", nil) + ": " + say("stop.option."+e.Value, nil)
	case e.Kind != screening.Answered && e.Kind != screening.Noted:
		return say("event."+string(e.Kind), nil)
	}
	prefix, rest, _ := strings.Cut(e.Step, ".")
	check, _, _ := strings.Cut(rest, ".")
	what := title(say, "item."+e.Step+".title", e.Step+".title", "item."+rest+".title", prefix+"."+check+".title", prefix+".title", e.Step)
	if e.Note != "" {
		return what + ": " + e.Note
	}
	var values []string
	for value := range strings.SplitSeq(e.Value, ",") {
		plain := strings.ReplaceAll(value, "_", " ") // a few options have words for the person alone
		values = append(values, title(say, e.Step+".option."+value, prefix+".option."+value, "gate.needs.each.option."+value, "gate.unmet.option."+value,
			"option."+value, "step."+value+".title", "outcome."+value+".title", "answer."+value, plain))
	}
	return what + ": " + strings.Join(values, ", ")
}
