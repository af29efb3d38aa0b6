// Package referral says what to offer a person next, and where it can be found: the kinds of help ([Service]), the next
// steps by outcome and flag ([Steps]), a directory of services with source and date ([Load], [Directory.Find]), notes on
// national law ([Law]), and what became of each offer ([Offers]).
//
// Start with [Steps]. Everything is a pure function: the day on which something is stale comes in as an argument. Words
// live in locales, under service.ID and service.ID.text.
//
// Two promises. An entry without a source and without the day on which it was checked is refused, and one older than
// [StaleAfter] says so wherever it is shown. And nothing here depends on what a person agreed to or answered beyond what
// the flags say: help is offered to everybody, and a step never waits for another.
package referral
