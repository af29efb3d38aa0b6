package screening

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// restAfter is how long somebody is asked before a break is offered (PR32 of the protocol's list).
const restAfter = 20 * time.Minute

// hardInARow is how many hard questions may follow each other before something easy or a break (PR26).
const hardInARow = 2

var restOptions = []string{"go_on", "break"}

// pace is how long, and how hard, somebody has been asked without a rest.
type pace struct {
	since    time.Time // the last rest, or the beginning of the talk
	now      time.Time // the time of the last event
	hard     int       // hard questions in a row
	offers   int       // breaks offered and answered
	distress int       // how often distress was marked
	signs    int       // how often signs were noted
}

// take moves the clock on. It reads the events alone, so that an interview that is replayed has the same breaks.
func (p *pace) take(iv *Interview, e Event) {
	p.now = e.At
	switch {
	case e.Kind == Paused, e.Kind == Continued, e.Kind == Distress, e.Kind == Answered && e.Step == "consent.talk", e.Kind == Answered && e.Step == "consent.both":
		p.since, p.hard = e.At, 0
	case e.Kind == Answered && strings.HasPrefix(e.Step, "rest."):
		p.since, p.hard = e.At, 0
		p.offers++
	case e.Kind == Answered && e.How != Volunteered && e.How != Earlier:
		item, ok := iv.setup.Data.Item(e.Step)
		switch {
		case !ok || item.Observable():
		case item.Sensitive():
			p.hard++
		default:
			p.hard = 0
		}
	}
}

// rested gives the prompt, or before it the offer of a break where one is due.
func (iv *Interview) rested(next Prompt) Prompt {
	sensitive := strings.HasPrefix(next.ID, "sensitive.")
	asks := next.Item != nil && (sensitive || next.ID == next.Item.ID && next.Kind == Ask)
	long := !iv.pace.since.IsZero() && iv.pace.now.Sub(iv.pace.since) >= restAfter
	if !asks || iv.Counter() || !long && !(sensitive && iv.pace.hard >= hardInARow) {
		return next
	}
	return Prompt{
		ID: "rest." + strconv.Itoa(iv.pace.offers+1), Kind: Choose, Options: restOptions,
		Step: next.Step, Section: next.Section, Sections: next.Sections,
	}
}

// The signs of distress (PR30), and those after which nobody goes on asking (PR31): the person is not present any more,
// needs medical care, or wants to stop.
var (
	distressSigns = []string{"tears", "shaking", "blank", "breathless", "restless", "silent", "angry", "pain", "asks_to_stop"}
	stopSigns     = []string{"blank", "breathless", "pain", "asks_to_stop"}
)

// StopSigns are the signs of distress after which nobody goes on asking.
func StopSigns() []string { return slices.Clone(stopSigns) }

// distressed counts. The second time the asking stops.
func (iv *Interview) distressed() {
	iv.pace.distress++
	if iv.pace.distress > 1 {
		iv.stopFor(StopDistress)
	}
}

// signs asks, after the pause, which signs of distress there were.
func (iv *Interview) signs() (Prompt, bool) {
	if iv.pace.signs >= iv.pace.distress {
		return Prompt{}, false
	}
	steps := iv.setup.Plan.Steps
	return Prompt{
		ID: "distress." + strconv.Itoa(iv.pace.signs+1), Kind: Several, Options: append(slices.Clone(distressSigns), none), MaySkip: true,
		Step: steps[0].ID, Section: 1, Sections: len(steps),
	}, true
}

// saySigns stops the asking after a sign that needs care at once.
func (iv *Interview) saySigns(e Event) {
	iv.pace.signs++
	for _, sign := range strings.Split(e.Value, ",") {
		if slices.Contains(stopSigns, sign) {
			iv.stopFor(StopDistress)
		}
	}
}

// Heavy reports whether the person was asked, or told, something of the hardest kind. After that the official is asked to
// look after themselves too; what they feel is nobody's record.
func (iv *Interview) Heavy() bool {
	for id, answer := range iv.answers {
		if item, ok := iv.setup.Data.Item(id); ok && *item.Sensitivity == 3 && answer.Value != NotAsked && answer.How != Earlier {
			return true
		}
	}
	return false
}
