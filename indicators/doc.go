// Package indicators holds what is asked and what it is evidence of, as data: frameworks of published indicators, one
// bank of items that evidence them, plans that order an interview, and the table that says what sets a flag.
//
// Start with Load, which reads the embedded data (Embedded) with an agency's folder laid over it, strictly: every
// problem of every file is reported at once, as Problems, each with file and line and how to mend it. What Load
// returns is never changed afterwards.
//
// The package knows no framework by name. A framework says of itself which dimensions it has, when a dimension is
// positive, and which elements (act, means, purpose) a dimension or an indicator is evidence of; package screening
// assesses by that alone. Words live in locales, under ids made from the ids here (item.ID.ask and so on).
package indicators
