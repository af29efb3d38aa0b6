package report

import (
	"slices"
	"strings"

	"tipscreen/screening"
	"tipscreen/screening/referral"
)

// referral is the sheet for the body that protects.
func (w *writer) referral() {
	a := w.assessment()
	if a == nil {
		a = &none
	}
	w.add(block{Lines: append(w.head(), line{Label: w.official("gate.age.title", nil), Text: w.age()},
		line{Label: w.official("sheet.referral.languages", nil), Text: strings.Join([]string{w.Record.Person, w.Record.Official}, ", "), Foreign: true})})
	w.add(block{Lines: append(texts(w.official("sheet.referral.text", nil)), texts(w.official("sheet.referral.once", nil))...)})
	w.outcome(a)
	w.wishes()
	w.steps(a)
	w.answers(a)
	agreed := block{Heading: w.official("sheet.referral.agreed", nil), List: true}
	for _, layer := range screening.ConsentLayers() {
		if w.Record.Consented(layer.ID) {
			agreed.Lines = append(agreed.Lines, line{Text: w.official("consent."+layer.ID+".title", nil)})
		}
	}
	w.add(agreed)
	w.add(block{Lines: []line{{Mark: w.official("result.status.text", nil)}, {Text: w.official("result.threshold", nil)},
		{Label: w.official("sheet.sign", nil)}, {Rule: true}}})
	w.identity()
}

func (w *writer) age() string {
	switch age, _ := w.Record.Reply("gate.age"); screening.Age(age) {
	case screening.Adult, screening.Child:
		return w.official("gate.age.option."+age, nil)
	}
	return w.official("gate.age.option.unsure", nil)
}

// outcome says what the assessment asks for, and whether penalties wait.
func (w *writer) outcome(a *screening.Assessment) {
	id := "outcome." + a.Outcome.String()
	b := block{Strong: true, Heading: w.official(id+".title", nil), Lines: texts(w.official(id+".text", nil))}
	if w.held() {
		b.Lines = append(b.Lines, line{Text: w.official("result.hold.title", nil)})
		for _, reason := range a.Hold {
			b.Lines = append(b.Lines, line{Text: "– " + w.official("hold."+reason, nil)})
		}
	}
	if w.Record.Stopped {
		b.Lines = append(b.Lines, line{Text: w.official("sheet.referral.stopped", nil)})
	}
	w.add(b)
}

// wishes lists what the person said that they need now.
func (w *writer) wishes() {
	b := block{List: true}
	for _, wish := range w.Record.Chosen("closing.needs") {
		b.Lines = append(b.Lines, line{Text: w.person("closing.needs.option."+wish, nil)})
	}
	if len(b.Lines) > 0 {
		b.Heading = w.official("closing.needs.title", nil)
	}
	w.add(b)
}

// steps lists what is to be offered, what became of it, and who can be asked.
func (w *writer) steps(a *screening.Assessment) {
	b := block{Heading: w.official("result.next.title", nil), List: true}
	for _, step := range referral.Steps(a, w.Record.Chosen("closing.needs")...) {
		one := line{Text: w.person("service."+string(step.Service), nil) + ". " + w.official("service."+string(step.Service)+".text", nil)}
		var marks []string
		if step.Now {
			marks = append(marks, w.official("service.now", nil))
		}
		if state := w.Offers[step.Service]; state != "" {
			marks = append(marks, w.official("offer."+string(state), nil))
		}
		one.Mark = strings.Join(marks, "; ")
		b.Lines = append(b.Lines, one)
		for _, e := range w.Directory.Find(w.Place, step.Service) {
			b.Lines = append(b.Lines, line{Under: true, Text: e.NameIn(w.language.Tag) + ": " + e.Contact, Foreign: true, Mark: w.checked(e, w.official, "sheet")})
		}
	}
	w.add(b)
}

// answers lists what was answered yes and what somebody wrote, from the protection part alone, so that nobody has to tell
// it again. What left the path counts for nothing and is left out.
func (w *writer) answers(a *screening.Assessment) {
	given := w.Record.Answers()
	ids := make([]string, 0, len(given))
	for _, e := range w.Record.Events { // in the order in which it was told
		answer, known := given[e.Step]
		ignored := slices.ContainsFunc(a.Ignored, func(one screening.Ignored) bool { return one.Key == e.Step })
		if known && !ignored && (answer.Value == screening.Yes || answer.Value == screening.Given) && !slices.Contains(ids, e.Step) {
			ids = append(ids, e.Step)
		}
	}
	b := block{Heading: w.official("sheet.referral.yes", nil), List: true}
	for _, id := range ids {
		b.Lines = append(b.Lines, line{Text: w.item(id)})
		if text := given[id].Text; text != "" {
			b.Lines = append(b.Lines, w.written(id, text))
		}
	}
	if len(ids) == 0 {
		b.Lines = []line{{Text: w.official("result.reasons.none", nil)}}
	}
	w.add(b)
	told := block{Heading: w.official("open.title", nil)}
	for _, e := range w.Record.Events {
		switch {
		case e.Note == "":
		case e.Kind == screening.Answered && (strings.HasPrefix(e.Step, "open.") || e.Step == "closing.more"):
			told.Lines = append(told.Lines, line{Text: e.Note, Foreign: true})
		case e.Kind == screening.Noted:
			told.Lines = append(told.Lines, line{Label: w.official("event.noted", nil), Text: e.Note, Foreign: true})
		}
	}
	if len(told.Lines) == 0 {
		told.Heading = ""
	}
	w.add(told)
}

// item is the title of an item. One that has no words any more, because an agency changed its data since, keeps its id.
func (w *writer) item(id string) string {
	words, draft, err := w.language.Official("item."+id+".title", nil)
	if err != nil {
		return id
	}
	return w.note(words, draft, nil)
}

// written is what was written at an item: an option in the words of the language, or what somebody wrote.
func (w *writer) written(id, text string) line {
	words, draft, err := w.language.Person("item."+id+".option."+text, nil)
	if err != nil {
		return line{Under: true, Text: text, Foreign: true}
	}
	return line{Under: true, Text: w.note(words, draft, nil)}
}

// identity is a page of its own, because the person agreed to a name that is kept apart from the answers.
func (w *writer) identity() {
	if w.Identity == nil {
		return
	}
	b := block{NewPage: true, Heading: w.official("part.identity", nil), Lines: []line{
		{Text: w.official("sheet.identity.text", nil)},
		{Label: w.official("sheet.number", nil), Text: w.Number, Foreign: true},
	}}
	for _, step := range []string{"closing.name", "closing.contact"} {
		if _, text := w.Identity.Reply(step); text != "" && (step == "closing.name" || w.Record.Consented("recontact")) {
			b.Lines = append(b.Lines, line{Label: w.official(step+".title", nil), Text: text, Foreign: true})
		}
	}
	w.add(b)
}
