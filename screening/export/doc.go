// Package export writes records and interview forms for other systems.
//
// Of a record, start with [Gather]: it takes the parts of a record and a [Profile], which says for whom the export is,
// refuses what the person did not agree to, leaves out what the profile must not get, and names the layers of consent that
// it relied on. The [Record] that it gives is written by [Record.JSON] (schema/record.schema.json), by [CSV] for
// spreadsheets, or by [HTCDS] in the Human Trafficking Case Data Standard 2.0.
//
// Of a plan, start with [NewForm]: one model of the interview, which [Form.XLSForm] writes as the three sheets of an
// XLSForm, [XLSX] as a file, and [Form.XForm] as the XML that ODK and its relatives run. A form in another program is not
// this program: it keeps nothing encrypted while it is filled in and does not lead the talk; what it shares is the words,
// the order, what is asked after what, and the published rules of the dimensions.
//
// Everything is pure: bytes come back, and nobody's file is touched. No error holds an answer.
package export
