package screening

import (
	"slices"
	"strings"

	"tipscreen/indicators"
)

// wishes are the needs that the person may name at the end; help with them depends on nothing that was answered.
var wishes = []string{"safe_place", "doctor", "lawyer", "call", "papers", "food", "interpreter", "advice"}

// penalties are what may have happened to the person already, each with its own way back.
var penalties = []string{"detained", "fined", "listed", "charged", "convicted"}

// PenaltyNames lists what Penalties can give.
func PenaltyNames() []string { return slices.Clone(penalties) }

// closing lists the closing prompts. Where somebody came near who may control the person, only what must be said is left.
func (iv *Interview) closing(list []Prompt, step indicators.Step) []Prompt {
	for _, question := range step.Asks {
		id := "closing." + question
		// What is not said to the person, nobody can overhear.
		if iv.exposed() && question != "next" && question != "child_protection" || !iv.closes(question) {
			continue
		}
		switch question {
		case "next", "topic":
			list = append(list, Prompt{ID: id, Kind: Tell, Options: toldOptions})
		case "needs":
			list = append(list, Prompt{ID: id, Kind: Several, Options: append(slices.Clone(wishes), none), MaySkip: true})
		case "leaflet":
			list = append(list, Prompt{ID: id, Kind: Choose, Options: []string{"safe", "not_safe"}, MaySkip: true})
		case "readback":
			list = append(list, Prompt{ID: id, Kind: Choose, Options: []string{"right", "not_wanted"}, Recorded: iv.yeses()})
		case "child_protection":
			list = append(list, Prompt{ID: id, Kind: Choose, Options: []string{"told", "not_yet"}})
			if iv.said[id] == "not_yet" {
				list = append(list, Prompt{ID: id + ".reason", Kind: Write, OneLine: true})
			}
		default:
			list = append(list, Prompt{ID: id, Kind: Write, MaySkip: true, OneLine: question == "name" || question == "contact"})
		}
	}
	return list
}

// closes tells whether a closing question is for this person.
func (iv *Interview) closes(question string) bool {
	switch question {
	case "more":
		return iv.Consents("talk")
	case "name":
		return iv.Consents("talk") && iv.MayRecord() && iv.Consents("identity")
	case "contact":
		return iv.Consents("talk") && iv.MayRecord() && iv.Consents("recontact")
	case "readback":
		return iv.Consents("talk") && !iv.ending() && len(iv.yeses()) > 0
	case "child_protection", "best_interests":
		return iv.age().child()
	}
	return true
}

// yeses are the items that were answered with yes, in the order of the plan, to be read back and put right.
func (iv *Interview) yeses() (ids []string) {
	for _, item := range iv.setup.Data.Items {
		answer := iv.answers[item.ID]
		if answer.Value == Yes && item.Askable() && (iv.onPath[item.ID] || answer.offered()) {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// after lists what the official settles alone, when the result was seen. What follows can be raised freely and never
// lowered; not waiting with penalties needs a written reason.
func (iv *Interview) after(list []Prompt, step indicators.Step) []Prompt {
	a := iv.Assess()
	for _, question := range step.Asks {
		id := "after." + question
		switch question {
		case "raise":
			if options := higher(a.Outcome); len(options) > 0 {
				list = append(list, Prompt{ID: id, Kind: Choose, Options: append([]string{"as_it_is"}, options...)})
			}
		case "hold":
			if raised, ok := iv.Raised(); len(a.Hold) == 0 && !(ok && raised >= NotEnoughKnown) {
				continue
			}
			list = append(list, Prompt{ID: id, Kind: Choose, Options: []string{"waits", "does_not_wait"}})
			if iv.said[id] == "does_not_wait" {
				list = append(list, Prompt{ID: id + ".reason", Kind: Write, OneLine: true})
			}
		case "penalties":
			list = append(list, Prompt{ID: id, Kind: Several, Options: append(slices.Clone(penalties), none), MaySkip: true})
		default: // what was heard, seen and only inferred
			if iv.Consents("talk") {
				list = append(list, Prompt{ID: id, Kind: Write, MaySkip: true})
			}
		}
	}
	return list
}

// higher are the outcomes above the given one.
func higher(o Outcome) (names []string) {
	for o++; o <= ReferNow; o++ {
		names = append(names, o.String())
	}
	return names
}

// Raised is the outcome that the official chose above the assessed one.
func (iv *Interview) Raised() (Outcome, bool) {
	var o Outcome
	if o.UnmarshalText([]byte(iv.said["after.raise"])) != nil || o <= iv.Assess().Outcome {
		return 0, false
	}
	return o, true
}

// exposed tells whether the asking stopped because somebody could hear, or came near who may control the person.
func (iv *Interview) exposed() bool { return iv.why == StopCompanion || iv.why == StopPrivacy }

// Waits reports whether penalties wait and the official did not decide otherwise.
func (iv *Interview) Waits() bool {
	raised, ok := iv.Raised()
	return iv.said["after.hold"] != "does_not_wait" && (ok && raised >= NotEnoughKnown || len(iv.Assess().Hold) > 0)
}

// Penalties are those that the person has met already.
func (iv *Interview) Penalties() (met []string) {
	for _, one := range strings.Split(iv.said["after.penalties"], ",") {
		if slices.Contains(penalties, one) {
			met = append(met, one)
		}
	}
	return met
}

// Wishes are what the person said that they need now.
func (iv *Interview) Wishes() (named []string) {
	for _, one := range strings.Split(iv.said["closing.needs"], ",") {
		if slices.Contains(wishes, one) {
			named = append(named, one)
		}
	}
	return named
}

// Apart reports whether somebody in the group may control the person: then the person is led away without drawing eyes.
func (iv *Interview) Apart() bool {
	return iv.said["gate.alone"] == "no" || iv.why == StopCompanion || iv.answers["another_speaks"].Value == Yes
}
