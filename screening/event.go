package screening

import (
	"fmt"
	"time"
)

// EventVersion is the version of the written form of events.
const EventVersion = 1

// Event is something that happened in an interview. Events are never changed: a correction is a new event.
type Event struct {
	V    int       `json:"v"`
	Seq  int       `json:"seq"`
	At   time.Time `json:"at"`
	Kind EventKind `json:"kind"`
	// Step is the id of the prompt that the event belongs to.
	Step  string  `json:"step,omitempty"`
	Value string  `json:"value,omitempty"`
	Note  string  `json:"note,omitempty"`
	How   How     `json:"how,omitempty"`
	Shown []Shown `json:"shown,omitempty"`
}

// Shown is a text that was on the screen: its language, the hash of its words, and how far it was reviewed.
type Shown struct {
	Lang   string `json:"lang"`
	Hash   string `json:"hash"`
	Status string `json:"status"`
}

// EventKind says what happened. An unknown kind is an error: nothing is skipped in silence.
type EventKind string

// The kinds of events.
const (
	Answered  EventKind = "answered"
	Noted     EventKind = "noted"
	Returned  EventKind = "returned" // went back to an earlier prompt
	Paused    EventKind = "paused"
	Distress  EventKind = "distress"
	Danger    EventKind = "danger"
	Claimed   EventKind = "claimed"
	Hidden    EventKind = "hidden"
	Stopped   EventKind = "stopped"
	Finished  EventKind = "finished"
	Continued EventKind = "continued" // a stored interview was taken up again
	Explained EventKind = "explained" // the official has seen the result
)

// Why an interview stopped: the value of a Stopped event. Nothing at all: no reason was given.
const (
	StopPerson    = "person"    // the person wants to stop
	StopUnwell    = "unwell"    // the person is not well
	StopCompanion = "companion" // somebody came who may control the person
	StopPrivacy   = "privacy"   // others can see or hear
	StopDisclosed = "disclosed" // a child told something that belongs to a specialist
	StopDistress  = "distress"  // distress for the second time, or a sign that needs care at once
	StopOther     = "other"
	StopLater     = "later" // not the end: it goes on at another time
)

// StopReasons are the reasons that can be chosen, in the order of the digits 1, 2, …
func StopReasons() []string {
	return []string{StopPerson, StopUnwell, StopCompanion, StopPrivacy, StopDisclosed, StopOther, StopLater}
}

// What a note is: the official's own words, the words as they were said, or something that the person gives to an
// investigation.
const (
	Paraphrase       = ""
	Quotation        = "quote"
	ForInvestigation = "investigation"
)

// check refuses what Replay cannot know how to read.
func (e *Event) check(seq int) error {
	if e.V != EventVersion {
		return fmt.Errorf("event %d has version %d, this program reads %d: use a newer program", seq, e.V, EventVersion)
	}
	if e.Seq != seq {
		return fmt.Errorf("event %d carries the number %d", seq, e.Seq)
	}
	switch e.Kind {
	case Answered, Noted, Returned:
		if e.Step == "" {
			return fmt.Errorf("event %d names no prompt", seq)
		}
	case Paused, Distress, Danger, Claimed, Hidden, Stopped, Finished, Continued, Explained:
	default:
		return fmt.Errorf("event %d has the unknown kind %q: use a newer program", seq, e.Kind)
	}
	return nil
}
