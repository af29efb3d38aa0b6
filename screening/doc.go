// Package screening is the domain: an interview as a fold over events, and its assessment with published rules. It is
// pure: values in, values out; no clock, no files, no randomness.
//
// Start with Assessor.Assess for the rules, and with Replay for the interview. An Event is something that happened;
// Replay(setup, events) is the Interview, which knows what comes next (Next) and what a reply means (Decide). The words of
// the field used here: an item is a fact that is asked or seen; an indicator is a published sign that an item is evidence
// of; a dimension is a group of indicators; act, means and purpose are the elements of trafficking in the UN Protocol; an
// outcome says what to do next and is never a verdict on a person.
package screening
