// Package queue keeps the order of people who wait to be screened: when a compound is emptied, hundreds arrive at once.
// It is pure: events in, a board out. Nobody has a name here, only a number with the prefix of the laptop that gave it.
//
// Start with Queue: Apply adds an event, Board says who waits and who comes next, Merge joins what another laptop wrote.
// A board shows number, waiting time, needs and the next step by place; never an outcome, a claim or a nationality.
package queue
