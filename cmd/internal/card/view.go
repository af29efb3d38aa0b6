package card

// view is everything that a page shows. The script draws it and knows no words of its own.
type view struct {
	Number uint64 `json:"number"`
	// Kind is empty for a blank page, card for the person, desk for the official.
	Kind string `json:"kind,omitempty"`
	// Lang and Right are the language of all that has no language of its own, and whether it is written from right to left.
	Lang  string `json:"lang,omitempty"`
	Right bool   `json:"right,omitempty"`
	// Head is the line on top; Notice says why something is asked again.
	Head   []string `json:"head,omitempty"`
	Notice string   `json:"notice,omitempty"`
	Title  string   `json:"title,omitempty"`
	// Mark stands above the person's words while they are not reviewed.
	Mark string `json:"mark,omitempty"`
	// Said are the person's words; Same are the same words in the official's language, below Label.
	Said  *said    `json:"said,omitempty"`
	Label string   `json:"label,omitempty"`
	Same  []string `json:"same,omitempty"`
	// Lead is the question to the official; Guide is what helps to ask.
	Lead    string   `json:"lead,omitempty"`
	Guide   []string `json:"guide,omitempty"`
	Blocks  []block  `json:"blocks,omitempty"`
	Options []option `json:"options,omitempty"`
	// Touch: the options of a card are answers and not only pictures to point at.
	Touch bool `json:"touch,omitempty"`
	// Several: any number of the options may be chosen, and Done hands them over.
	Several bool `json:"several,omitempty"`
	// Field is where something is written.
	Field   *field   `json:"field,omitempty"`
	Done    string   `json:"done,omitempty"`
	Earlier string   `json:"earlier,omitempty"`
	Actions []action `json:"actions,omitempty"`
	// Locks is after how many milliseconds without a sign of the official the page hides itself; Countdown are the words
	// around the seconds that are left.
	Locks     int      `json:"locks,omitempty"`
	Countdown []string `json:"countdown,omitempty"`
	// Wait is for how many milliseconds the page takes nothing, so that nobody answers what was not seen yet.
	Wait int `json:"wait,omitempty"`
}

type said struct {
	Lang  string   `json:"lang"`
	Right bool     `json:"right,omitempty"`
	Lines []string `json:"lines"`
	// Sounds are the numbers of the recordings of the words, in their order.
	Sounds []string `json:"sounds,omitempty"`
}

type block struct {
	Heading string   `json:"heading,omitempty"`
	Lines   []string `json:"lines,omitempty"`
}

type option struct {
	Value string `json:"value"`
	// Picture names a pictogram, which needs no reading.
	Picture string `json:"picture,omitempty"`
	Words   string `json:"words,omitempty"`
	// Said is the same for the person, in their language.
	Said   *said `json:"said,omitempty"`
	Marked bool  `json:"marked,omitempty"`
	Chosen bool  `json:"chosen,omitempty"`
}

// The kinds of fields.
const (
	oneLine = "line"
	lines   = "lines"
	hidden  = "secret"
)

type field struct {
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"`
	Text  string `json:"text,omitempty"`
}

// action is something that can be done besides answering.
type action struct {
	Do      string   `json:"do"`
	Keys    []string `json:"keys,omitempty"`
	Sign    string   `json:"sign,omitempty"` // what stands on the key
	Picture string   `json:"picture,omitempty"`
	Words   string   `json:"words,omitempty"`
}

// What a page can do on every screen; the rest are the actions of a view.
const (
	doChoose = "choose"
	doWrite  = "write"
	doTyping = "typing"
	doAlive  = "alive" // somebody is there
	doHide   = "hide"
)
