package queue

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"tipscreen/screening"
)

// Version is the version of the written form of events.
const Version = 1

// Event is something that happened to a number. Events are never changed. Two laptops that write about the same number
// agree once they have the same events, in whatever order those came.
type Event struct {
	V int `json:"v"`
	// Laptop and Seq together name the event for ever: Laptop is drawn at random once, Seq counts from 1.
	Laptop string    `json:"laptop"`
	Seq    int       `json:"seq"`
	At     time.Time `json:"at"`
	Kind   Kind      `json:"kind"`
	Number string    `json:"number"`
	Value  string    `json:"value,omitempty"`
	// Answers are what the short look at the counter recorded, so that nobody is asked twice. They are there only with the
	// person's consent to a record.
	Answers []screening.Event `json:"answers,omitempty"`
}

// Kind says what happened.
type Kind string

// The kinds of events.
const (
	Arrived  Kind = "arrived"  // Value: the language, if known
	Needs    Kind = "needs"    // Value: one of NeedNames
	Met      Kind = "met"      // a need was seen to
	Together Kind = "together" // Value: the number of the family that this one belongs to
	Apart    Kind = "apart"    // Value: a number from which this one is kept apart
	Placed   Kind = "placed"   // Value: a place
	Screened Kind = "screened" // Value: one of NextSteps
	Slip     Kind = "slip"     // the hold slip was handed out
	Left     Kind = "left"     // Value: with whom or where to
	Later    Kind = "later"    // put off: the others go first for a while
	Given    Kind = "given"    // Value: the prefix of the laptop that shall look after the number
	Taken    Kind = "taken"    // Value: the prefix of the laptop that looks after the number from now on
)

// NeedNames are the needs that come before the order of arrival, the most urgent first.
func NeedNames() []string { return []string{"urgent", "child", "medical"} }

// NextSteps are what follows the short look at the counter, and the last one what follows the private talk. They are steps
// by place and say nothing of an outcome.
func NextSteps() []string { return []string{"private", "wait", "help", "onward"} }

var (
	numberForm = regexp.MustCompile(`^[A-Z]{1,3}-[0-9]{3,5}$`)
	laptopForm = regexp.MustCompile(`^[0-9a-f]{16}$`)
	prefixForm = regexp.MustCompile(`^[A-Z]{1,3}$`)
)

// longest bounds what one value may hold.
const longest = 200

// ValidPrefix reports whether a laptop may give numbers with this prefix: one to three capital letters.
func ValidPrefix(prefix string) bool { return prefixForm.MatchString(prefix) }

// check refuses what no laptop of ours writes. It never repeats a value.
func (e *Event) check() error {
	switch {
	case e.V != Version:
		return fmt.Errorf("an event of the queue has version %d, this program reads %d: use a newer program", e.V, Version)
	case !laptopForm.MatchString(e.Laptop), e.Seq < 1, !numberForm.MatchString(e.Number), len(e.Value) > longest, e.At.IsZero():
		return fmt.Errorf("event %d of the queue is malformed", e.Seq)
	case (e.Kind == Together || e.Kind == Apart) && !numberForm.MatchString(e.Value),
		e.Kind == Screened && !slices.Contains(NextSteps(), e.Value),
		(e.Kind == Needs || e.Kind == Met) && !slices.Contains(NeedNames(), e.Value),
		(e.Kind == Taken || e.Kind == Given) && !prefixForm.MatchString(e.Value),
		(e.Kind == Placed || e.Kind == Left) && e.Value == "":
		return fmt.Errorf("event %d of the queue does not fit its kind", e.Seq)
	}
	switch e.Kind {
	case Arrived, Needs, Met, Together, Apart, Placed, Screened, Slip, Left, Later, Given, Taken:
		return nil
	}
	return fmt.Errorf("event %d of the queue has an unknown kind: use a newer program", e.Seq)
}
