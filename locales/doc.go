// Package locales holds the words of the program: one folder per language, in it the words that the official reads (official.json), those that the
// person hears or reads (person.json), and what is known about them (review.json).
//
// Start at [Open], ask the [Catalog] for a [Speaker] of one language and side, and let it [Speaker.Say] a message. Three promises:
//
//   - Missing is never silently English. A message that a language lacks, a plural form that it lacks and a variable without a value are errors.
//   - Every [Text] says what it is worth: the source, reviewed, a draft, or stale because the English changed after it was translated.
//   - Adding a language is adding a folder (and go generate, so that the program carries it). [Catalog.Check] says what is missing in it, all at once, with file and line.
//
// English is the source: its messages are objects {"description": …, "other": …}, with "one" beside "other" where a number decides. Other languages have
// plain texts, or objects of the plural forms that they need. The files are go-i18n message files. A text may hold plain variables, {{.name}}, and nothing
// else of Go's templates; {{.PluralCount}} is the number given to [Speaker.Plural].
//
// review.json names for each message the hash of the English that it was translated from (see [Catalog.Sources]):
//
//	{"defaults": {"status": "draft", "translator": "…", "date": "2025-01-31"}, "official": {"<id>": {"source": "<hash>"}}, "person": {}}
package locales

// Side says who reads or hears a text.
type Side string

// The two sides; each is a file of its own, so that a language may have words for the person only.
const (
	Official Side = "official"
	Person   Side = "person"
)

// Status says what a text is worth.
type Status string

// Source is English as written. A text without an entry in review.json, or with the hash of another English, is Stale, whatever its entry says.
const (
	Source   Status = "source"
	Draft    Status = "draft"
	Reviewed Status = "reviewed"
	Stale    Status = "stale"
)

// Text is what to show, with what the record keeps of it.
type Text struct {
	// Words are ready to show.
	Words string
	// Lang is the folder that they come from.
	Lang string
	// Hash is that of the words before the variables were filled in, so that it says nothing about anybody: 12 hexadecimal digits of SHA-256.
	Hash string
	// Status says whether the words may be relied on.
	Status Status
}

const sourceLanguage = "en"
