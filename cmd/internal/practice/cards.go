package practice

import (
	"strconv"
	"strings"
	"time"

	"tipscreen/screening/training"
)

// CardsSheet is three role cards for two people and an observer.
func CardsSheet(say Say, lang string, s *training.Scenario, lines training.Lines) *Sheet {
	sheet := newSheet(say, lang, s.Title)
	sheet.Lead = []string{say("training.begin.warning", map[string]any{"Subjects": joined(say, "training.warning.", s.Warning)})}
	sheet.Sections = append(sheet.Sections,
		Section{Heading: say("training.cards.officer", nil), Lines: []Entry{{Text: strings.TrimSpace(s.Briefing)}}},
		personCard(say, s, lines))
	sheet.Sections = append(sheet.Sections, personAsked(say, s, lines), eventsSection(say, s, lines))
	observer := Section{Heading: say("training.cards.observer", nil), Break: true, Lines: []Entry{{Text: say("training.cards.look", nil), Small: say("training.cards.watch", nil)}}}
	for _, e := range s.Events {
		observer.Lines = append(observer.Lines, Entry{Text: say("training.event."+string(e.Kind), nil), Small: strings.TrimSpace(e.Why)})
	}
	sheet.Sections = append(sheet.Sections, observer)
	return sheet
}

func personCard(say Say, s *training.Scenario, lines training.Lines) Section {
	p := s.Person
	section := Section{Heading: say("training.cards.person", nil), Break: true, Lines: []Entry{
		{Text: p.Name + ", " + strconv.Itoa(p.Age) + ", " + p.Country, Small: strings.TrimSpace(p.Card)},
		{Text: say("training.cards.how", nil)},
		{Text: say("training.cards.story", nil), Small: lines["story"]},
		{Text: say("training.cards.otherwise", nil), Small: lines["otherwise"]},
	}}
	for layer := range ordered(s.Consents) {
		section.Lines = append(section.Lines, Entry{Text: title(say, "consent."+layer+".title", layer), Small: lines["consent."+layer]})
	}
	if len(s.Topics) > 0 {
		section.Lines = append(section.Lines, Entry{Text: say("training.cards.topics", nil), Small: joinedTitles(say, s.Topics)})
	}
	for _, one := range []struct{ id, line string }{{"rights.title", "rights"}, {"closing.leaflet.title", "leaflet"}} {
		if said := lines[one.line]; said != "" {
			section.Lines = append(section.Lines, Entry{Text: say(one.id, nil), Small: said})
		}
	}
	for question := range ordered(s.Closing) {
		section.Lines = append(section.Lines, Entry{Text: title(say, "closing."+question+".title", question), Small: lines["closing."+question]})
	}
	return section
}

// personAsked lists what the person says to a question.
func personAsked(say Say, s *training.Scenario, lines training.Lines) Section {
	section := Section{Heading: say("training.cards.asked", nil)}
	for _, f := range s.Facts {
		entry := Entry{Text: itemTitle(say, f.Item) + ": " + lines["fact."+f.Item] + f.Seen}
		if f.Hidden != nil {
			entry.Small = say("training.cards.only_if", map[string]any{"Conditions": joined(say, "training.condition.", f.Needs), "Hidden": lines["hidden."+f.Item]})
		}
		if f.Preview == "skip" {
			entry.Small = say("training.cards.skip", nil)
		}
		section.Lines = append(section.Lines, entry)
	}
	return section
}

// eventsSection lists what happens, and how the room looks at the beginning.
func eventsSection(say Say, s *training.Scenario, lines training.Lines) Section {
	section := Section{Heading: say("training.cards.events", nil)}
	for check := range ordered(s.Gate) {
		for _, look := range s.Gate[check] {
			section.Lines = append(section.Lines, Entry{Text: strings.TrimSpace(look.Scene), Small: strings.TrimSuffix(title(say, "gate."+check+".title", "gate."+check+".ask", check), ":")})
		}
	}
	for _, e := range s.Events {
		text := strings.TrimSpace(e.Scene)
		if said := lines["event."+e.ID]; said != "" {
			text += " “" + said + "”"
		}
		section.Lines = append(section.Lines, Entry{Text: text, Small: say("training.cards.at", map[string]any{"Step": title(say, "step."+e.At[0]+".title", "item."+e.At[0]+".title", e.At[0])})})
	}
	return section
}

// DebriefSheet is for the talk in the room after an exercise.
func DebriefSheet(say Say, lang string, s *training.Scenario, now time.Time) *Sheet {
	sheet := newSheet(say, lang, say("training.debrief.title", map[string]any{"Title": s.Title}))
	sheet.Lead = []string{say("training.debrief.first", nil)}
	questions := Section{Heading: say("training.debrief.questions", nil)}
	for _, id := range []string{"q1", "q2", "q3"} {
		questions.Lines = append(questions.Lines, Entry{Text: say("training.debrief."+id, nil)})
	}
	sheet.Sections = append(sheet.Sections, questions,
		Section{Heading: say("training.review.teaching", nil), Lines: teaching(s, say)},
		Section{Heading: say("training.review.expected", map[string]any{"Outcome": say("outcome."+s.Expect.Outcome+".title", nil), "Refer": joined(say, "training.refer.", s.Expect.Refer)})})
	traps := Section{Heading: say("training.debrief.traps", nil)}
	for _, trap := range s.Traps {
		traps.Lines = append(traps.Lines, Entry{Text: say("training.trap."+trap, nil), Small: say("training.bias."+trap, nil)})
	}
	facts := Section{Heading: say("training.debrief.facts", nil)}
	for _, f := range s.Facts {
		facts.Rows = append(facts.Rows, []string{itemTitle(say, f.Item), title(say, "answer."+f.Answer, f.Answer)})
	}
	events := Section{Heading: say("training.debrief.events", nil)}
	for _, e := range s.Events {
		events.Lines = append(events.Lines, Entry{Text: strings.TrimSpace(e.Scene), Small: strings.TrimSpace(e.Why)})
	}
	for _, section := range []Section{traps, events, facts} {
		if len(section.Lines)+len(section.Rows) > 0 {
			sheet.Sections = append(sheet.Sections, section)
		}
	}
	sheet.Sections = append(sheet.Sections, Section{Heading: say("training.review.next", nil), Lines: refresh(say, now)})
	return sheet
}

// joinedTitles are the titles of steps, in order.
func joinedTitles(say Say, steps []string) string {
	var titles []string
	for _, step := range steps {
		titles = append(titles, title(say, "step."+step+".title", step))
	}
	return strings.Join(titles, ", ")
}
