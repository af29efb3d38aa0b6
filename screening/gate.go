package screening

import (
	"slices"
	"strings"

	"tipscreen/indicators"
)

// check is one check of the gate: its replies, and what follows from them.
type check struct {
	options []string // none: something to be said or read
	// unmet are replies after which no question may follow yet; barred are those of them that no reason gets over.
	unmet, barred []string
	// details come after these replies.
	details map[string][]detail
}

// detail is a prompt that a reply of the gate calls for.
type detail struct {
	id      string
	options []string // none: something is written
	maySkip bool
	tell    bool
	unmet   []string // barred, too: the interview cannot begin like this
}

var (
	yesNo       = []string{"yes", "no"}
	unmetReply  = []string{"again", "override", "later", "stop"}
	barredReply = []string{"again", "later", "stop"}
)

// bound interpreters may control the person, or pass on what was said (PR04 of the protocol's list).
var bound = []string{"relative", "friend", "companion", "employer", "recruiter", "from_group", "tied"}

// needReplies are what became of one need; the event has the time.
var needReplies = []string{"not_needed", "done", "offered", "refused"}

// checks are the checks of the gate, by name. Nothing is asked before they are met, or passed with a written reason.
var checks = map[string]check{
	"briefing": {},
	"room":     {},
	"ready":    {options: []string{"yes", "not_safe", "rest_first"}, unmet: []string{"not_safe", "rest_first"}, barred: []string{"not_safe", "rest_first"}},
	"privacy":  {options: yesNo, unmet: []string{"no"}},
	"alone":    {options: yesNo, unmet: []string{"no"}},
	"needs": {options: []string{"none", "some"}, details: map[string][]detail{"some": {
		{id: "food", options: needReplies}, {id: "toilet", options: needReplies}, {id: "rest", options: needReplies},
		{id: "clothes", options: needReplies}, {id: "medical", options: needReplies},
	}}},
	"raid":   {options: []string{"no", "yes"}, unmet: []string{"yes"}},
	"choice": {options: []string{"fine", "woman", "man", "somebody_else"}, unmet: []string{"woman", "man", "somebody_else"}},
	"interpreter": {options: append([]string{"independent", "not_needed"}, bound...), unmet: bound, barred: append([]string{"not_needed"}, bound...),
		details: map[string][]detail{"independent": {
			{id: "mode", options: []string{"here", "phone"}},
			{id: "language", maySkip: true},
			{id: "gender", options: []string{"woman", "man", "not_said"}},
			{id: "accepted", options: yesNo, unmet: []string{"no"}},
			{id: "briefed", options: yesNo, unmet: []string{"no"}},
		}}},
	"age":       {options: []string{string(Adult), string(Child), string(Unsure)}},
	"age_basis": {options: []string{"document", "says", "looks", "others_say"}},
	"support":   {options: []string{"none", "some"}, details: map[string][]detail{"some": {{id: "what"}}}},
	"setting":   {options: []string{"other", LeftACompound}},
	"custody": {options: []string{"no", "yes"}, details: map[string][]detail{"yes": {
		{id: "rights", tell: true},
		{id: "lawyer", options: []string{"there", "refused", "wanted"}, unmet: []string{"wanted"}},
	}}},
	"basis":   {options: []string{"protection_law", "police_law", "court_order", "life_at_risk", "another"}, details: map[string][]detail{"another": {{id: "which"}}}},
	"earlier": {options: []string{"no", "unknown", "yes"}, details: map[string][]detail{"yes": {{id: "reference", maySkip: true}}}},
}

// police is the profile of a service for which the consent to talk is not the legal basis of the file.
const police = "police"

func (iv *Interview) gate(list []Prompt, step indicators.Step) []Prompt {
	for _, name := range step.Asks {
		if name == "basis" && iv.setup.Profile != police {
			continue
		}
		id := "gate." + name
		c := checks[name]
		prompt := Prompt{ID: id, Kind: Choose, Options: c.options}
		if len(c.options) == 0 {
			prompt = Prompt{ID: id, Kind: Tell, Options: toldOptions}
		}
		list = append(list, prompt)
		for _, d := range iv.detailsOf(name) {
			list = append(list, d.prompt(id))
		}
		if iv.unmet(name) {
			list = iv.unmetPrompts(list, name)
		}
	}
	return list
}

// detailsOf are the details that the reply to a check calls for. At a counter nobody asks for details.
func (iv *Interview) detailsOf(name string) []detail {
	if iv.Counter() {
		return nil
	}
	return checks[name].details[iv.said["gate."+name]]
}

func (d *detail) prompt(check string) Prompt {
	id := check + "." + d.id
	switch {
	case d.tell:
		return Prompt{ID: id, Kind: Tell, Options: toldOptions}
	case len(d.options) == 0:
		return Prompt{ID: id, Kind: Write, OneLine: true, MaySkip: d.maySkip}
	}
	return Prompt{ID: id, Kind: Choose, Options: d.options, MaySkip: d.maySkip}
}

// unmetPrompts say what to do while a check is not met.
func (iv *Interview) unmetPrompts(list []Prompt, name string) []Prompt {
	id := "gate." + name
	options := unmetReply
	if iv.barred(name) {
		options = barredReply
	}
	list = append(list, Prompt{ID: id + ".unmet", Kind: Choose, Options: options})
	if iv.said[id+".unmet"] == "override" {
		list = append(list, Prompt{ID: id + ".reason", Kind: Write, OneLine: true})
	}
	return list
}

// unmet tells whether a check of the gate was answered so that no question may follow yet.
func (iv *Interview) unmet(name string) bool {
	value := iv.said["gate."+name]
	if name == "interpreter" && value == "not_needed" {
		return iv.setup.InterpreterRequired
	}
	return slices.Contains(checks[name].unmet, value) || iv.detailUnmet(name)
}

func (iv *Interview) detailUnmet(name string) bool {
	return slices.ContainsFunc(iv.detailsOf(name), func(d detail) bool {
		return slices.Contains(d.unmet, iv.said["gate."+name+"."+d.id])
	})
}

// barred tells whether no reason gets over what is not met.
func (iv *Interview) barred(name string) bool {
	return slices.Contains(checks[name].barred, iv.said["gate."+name]) || iv.detailUnmet(name)
}

// sayGate keeps a reply of the gate, with what it brings about.
func (iv *Interview) sayGate(e Event) {
	name, follow, _ := strings.Cut(strings.TrimPrefix(e.Step, "gate."), ".")
	switch {
	case follow == "" && e.How != Earlier:
		iv.forgetDetails(name)
	case follow == "unmet" && e.Value == "again":
		iv.forgetCheck(name)
	case follow == "unmet" && e.Value == "later":
		iv.defer_(e.Step)
	case follow == "unmet" && e.Value == "stop":
		iv.stopFor(map[string]string{"alone": StopCompanion, "interpreter": StopCompanion, "privacy": StopPrivacy}[name])
	}
	iv.findPath()
}

// forgetCheck lets a check be made once more.
func (iv *Interview) forgetCheck(name string) {
	delete(iv.said, "gate."+name)
	iv.forgetDetails(name)
}

func (iv *Interview) forgetDetails(name string) {
	for id := range iv.said {
		if strings.HasPrefix(id, "gate."+name+".") {
			delete(iv.said, id)
			delete(iv.texts, id)
		}
	}
}

// later is the prompt that asks when a deferred interview goes on.
const later = "later.when"

// defer_ puts the interview off: nothing more is asked now, and penalties wait.
func (iv *Interview) defer_(at string) { iv.deferring, iv.cursor = at, "" }

// Deferred reports whether the interview waits for another time, and what was written about when.
func (iv *Interview) Deferred() (when string, ok bool) {
	if iv.deferring == "" || iv.said[later] == "" {
		return "", false
	}
	return iv.texts[later], true
}

// takeUpDeferred makes all checks anew that may have changed, or that put the interview off.
func (iv *Interview) takeUpDeferred() {
	iv.deferring = ""
	delete(iv.said, later)
	for name := range checks {
		if iv.said["gate."+name+".unmet"] == "later" {
			iv.forgetCheck(name)
		}
	}
}

// Counter reports whether the interview is one at a counter, where no detail is asked and nothing is noted.
func (iv *Interview) Counter() bool { return iv.setup.Plan.Setting == "counter" }

// ShiftChecks are the checks that are made once for a shift.
func ShiftChecks(plan *indicators.Plan) (names []string) {
	for _, step := range plan.Steps {
		names = append(names, step.Shift...)
	}
	return names
}

// ShiftEvents gives the checks of this interview that hold for a whole shift, to open the next one with: those that are met.
// What was got over with a reason, or ended the interview, concerned one person alone.
func (iv *Interview) ShiftEvents() (kept []Event) {
	carry := func(id string) {
		if reply := iv.said[id]; reply != "" {
			kept = append(kept, Event{V: EventVersion, Kind: Answered, Step: id, Value: reply, Note: iv.texts[id], How: Earlier})
		}
	}
	for _, name := range ShiftChecks(iv.setup.Plan) {
		if iv.unmet(name) {
			continue
		}
		carry("gate." + name)
		for _, d := range iv.detailsOf(name) {
			carry("gate." + name + "." + d.id)
		}
	}
	return kept
}

// EarlierEvents gives the answers of an earlier interview with the same person, to open the next one with: nobody is
// asked twice. What was left out or declined may be asked again. reference is the id of the earlier record.
func EarlierEvents(data *indicators.Data, events []Event, reference string) []Event {
	kept := carried(events, func(step string) bool {
		_, ok := data.Item(step)
		return ok
	})
	kept = slices.DeleteFunc(kept, func(e Event) bool {
		item, _ := data.Item(e.Step)
		unseen := item.Observable() && e.Value != Yes.String() // nobody is asked twice by looking once more
		return e.Value == NotAsked.String() || e.Value == Declined.String() || unseen
	})
	return append([]Event{
		{V: EventVersion, Kind: Answered, Step: "gate.earlier", Value: "yes", How: Earlier},
		{V: EventVersion, Kind: Answered, Step: "gate.earlier.reference", Value: Given.String(), Note: reference, How: Earlier},
	}, kept...)
}

// carried gives the last answer to each prompt that is wanted, in the order in which they were first given.
func carried(events []Event, wanted func(step string) bool) (kept []Event) {
	for _, e := range events {
		if e.Kind != Answered || !wanted(e.Step) {
			continue
		}
		e = Event{V: EventVersion, Kind: Answered, Step: e.Step, Value: e.Value, Note: e.Note, How: Earlier}
		if at := slices.IndexFunc(kept, func(k Event) bool { return k.Step == e.Step }); at >= 0 {
			kept[at] = e
		} else {
			kept = append(kept, e)
		}
	}
	return kept
}
