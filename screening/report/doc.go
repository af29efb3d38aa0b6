// Package report makes the papers that come out of a screening: the hold slip, the referral sheet, the paper for the
// person in a plain and a discreet form, and the letter that asks not to penalise. Each is one HTML page that needs
// nothing else, prints to A4, in one or two languages.
//
// Start with [Make]. What it promises: no paper holds an allegation, because it is made of the protection and identity
// parts of a record alone; a name stands on a page of its own and only where the person agreed to keep one; the answers
// stand on the referral sheet alone and only where the person agreed to pass them on; and every paper bears the head of
// the log of the laptop that made it.
//
// The words come in through [Language], so that the package knows no file. A sentence that is missing in a language is an
// error and never a sentence of another one; what is data (the name of a service, the title of an act) is marked in the
// page as the language that it is in.
package report
