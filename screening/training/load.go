package training

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"tipscreen/indicators"
)

//go:generate go run pack.go scenarios.zip scenarios .

//go:embed scenarios.zip
var packed []byte

// Embedded are the scenarios that ship with the program, with their translations in a folder lines.
func Embedded() fs.FS {
	scenarios, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		panic("training: the embedded scenarios are broken") // a fault of the build, which every test finds
	}
	return scenarios
}

// Load reads every .yaml file of the sources; a scenario with an id that is there already replaces the earlier one. The
// error is an indicators.Problems value with everything that is wrong, each with file and line.
func Load(data *indicators.Data, sources ...fs.FS) ([]*Scenario, error) {
	var scenarios []*Scenario
	var problems indicators.Problems
	for _, source := range sources {
		entries, err := fs.ReadDir(source, ".")
		if err != nil {
			return nil, indicators.Problems{{File: ".", Line: 1, What: "the folder of scenarios cannot be read", Mend: "name a folder that you may read"}}
		}
		for _, entry := range entries {
			if entry.IsDir() || !strings.HasSuffix(entry.Name(), ".yaml") {
				continue
			}
			content, err := fs.ReadFile(source, entry.Name())
			if err != nil {
				problems = append(problems, indicators.Problem{File: entry.Name(), Line: 1, What: "the file cannot be read", Mend: "make it readable"})
				continue
			}
			s, found := Read(data, entry.Name(), content)
			problems = append(problems, found...)
			if at := slices.IndexFunc(scenarios, func(other *Scenario) bool { return other.ID == s.ID }); at >= 0 {
				scenarios[at] = s
			} else {
				scenarios = append(scenarios, s)
			}
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return scenarios, nil
}

// Read reads one scenario and checks it by itself. What only playing it shows is found by Rehearsal.
func Read(data *indicators.Data, file string, content []byte) (*Scenario, indicators.Problems) {
	s := &Scenario{File: file}
	sum := sha256.Sum256(content)
	s.Digest = hex.EncodeToString(sum[:8])
	doc := indicators.ReadDocument(file, content, s)
	if len(doc.Problems()) == 0 {
		(&checker{s: s, data: data, doc: doc}).check()
	}
	return s, doc.Problems()
}

// ErrUnknown says that there is no scenario with the id.
var ErrUnknown = errors.New("there is no scenario with this id")

// Find gives the scenario with the id.
func Find(scenarios []*Scenario, id string) (*Scenario, error) {
	for _, s := range scenarios {
		if s.ID == id {
			return s, nil
		}
	}
	return nil, ErrUnknown
}

// checker looks at one scenario.
type checker struct {
	s    *Scenario
	data *indicators.Data
	doc  *indicators.Document
	// asked are the items of the plan, steps its steps, topics those of them among which the person chooses.
	asked, steps map[string]bool
	topics       []string
	// options are the replies to each prompt of the plan.
	options map[string][]string
}

func (c *checker) report(value, mend, what string, args ...any) {
	c.doc.Report(c.s.ID, value, mend, what, args...)
}

func (c *checker) check() {
	s := c.s
	if want := strings.TrimSuffix(path.Base(s.File), ".yaml"); s.ID != want || s.ID == "" {
		c.report(s.ID, "use the name of the file without .yaml", "the id is %q, and the file is called %q", s.ID, want)
	}
	for name, text := range map[string]string{"title": s.Title, "briefing": s.Briefing, "otherwise": s.Otherwise, "person.name": s.Person.Name, "person.country": s.Person.Country, "person.card": s.Person.Card, "story.said": s.Story.Said} {
		if strings.TrimSpace(text) == "" {
			c.report("", "write it", "%s is missing", name)
		}
	}
	if s.Level < 1 || s.Level > 3 {
		c.report("level", "use 1, 2 or 3", "the level is not known")
	}
	if s.Person.Age < 5 || s.Person.Age > 90 {
		c.report("age", "use the age in years", "the age of the person is not likely")
	}
	c.words("warning", s.Warning, Warnings(), true)
	c.words("trap", s.Traps, Circumstances(), false)
	if c.plan() {
		c.gate()
		c.wanted()
	}
	c.facts()
	c.events()
	c.expect()
	c.blame()
}

// words checks a list of known words.
func (c *checker) words(what string, words, known []string, needed bool) {
	if needed && len(words) == 0 {
		c.report("", "use "+strings.Join(known, ", "), "%s is missing", what)
	}
	for at, word := range words {
		if !slices.Contains(known, word) {
			c.report(word, "use "+strings.Join(known, ", "), "the %s %q is not known", what, word)
		}
		if slices.Contains(words[:at], word) {
			c.report(word, "keep one of the two", "the %s %q appears twice", what, word)
		}
	}
}

// answers that a fact about an item may have.
func answers(item *indicators.Item) []string {
	switch item.Kind {
	case indicators.YesNo:
		return []string{"yes", "no", "unclear", "unknown", "declined"}
	case indicators.Choice:
		return append(slices.Clone(item.Options), "unknown", "declined")
	}
	return nil
}

func (c *checker) facts() {
	seen := map[string]bool{}
	for i := range c.s.Facts {
		f := &c.s.Facts[i]
		item, ok := c.data.Item(f.Item)
		switch {
		case !ok:
			c.report(f.Item, "use an item of indicators list", "the item %q is not known", f.Item)
			continue
		case seen[f.Item]:
			c.report(f.Item, "keep one of the two", "the item %q has two facts", f.Item)
		case item.Sealed():
			c.report(f.Item, "leave it out: nobody asks it", "the item %q is an allegation, which is never part of an interview", f.Item)
		case item.DisclosureOnly():
			c.report(f.Item, "put it under story.tells or under an event", "the item %q is never asked, so nobody would learn this", f.Item)
		case !c.asked[f.Item] && !c.told(f.Item):
			c.report(f.Item, "use another item, or put it under story.tells", "the plan %s does not ask %q, so nobody would learn this", c.s.Plan, f.Item)
		}
		if item.MinAge > 0 && c.s.child() && item.Askable() && !c.told(f.Item) {
			c.report(f.Item, "use another item, or let it be told", "%q is not asked of somebody so young", f.Item)
		}
		seen[f.Item] = true
		c.fact(f, item)
	}
	for _, id := range c.s.Story.Tells {
		c.tells(id)
	}
}

func (c *checker) fact(f *Fact, item *indicators.Item) {
	if known := answers(item); known != nil && !slices.Contains(known, f.Answer) || f.Answer == "" {
		c.report(f.Item, "give an answer of the item", "the fact about %q has no answer", f.Item)
	}
	if item.Observable() && (f.Seen == "" || f.Said != "" || f.Hidden != nil) || !item.Observable() && (f.Said == "" || f.Seen != "") {
		c.report(f.Item, "give seen for what is only seen or read, and said for everything else", "the fact about %q does not say what is seen or said", f.Item)
	}
	c.words("condition", f.Needs, Conditions(), false)
	for _, need := range f.Needs {
		if c.fulfilled(need) {
			c.report(f.Item, "give the check "+need+" a first look that is not in order, or a need that is to be seen to", "the condition %q is always fulfilled", need)
		}
	}
	if (f.Hidden == nil) != (len(f.Needs) == 0) {
		c.report(f.Item, "give both needs and hidden, or neither", "the fact about %q says only half of when it is told", f.Item)
	}
	if f.Hidden != nil && (f.Hidden.Said == "" || f.Hidden.Answer == f.Answer || answers(item) != nil && !slices.Contains(answers(item), f.Hidden.Answer)) {
		c.report(f.Item, "give another answer of the item and what is said", "what is said otherwise about %q is not complete", f.Item)
	}
	if f.Preview != "" && f.Preview != "ask" && f.Preview != "skip" {
		c.report(f.Preview, "use ask or skip", "the choice before a question is not known")
	}
	if f.Trap != "" && !slices.Contains(c.s.Traps, f.Trap) {
		c.report(f.Trap, "add it to traps", "the trap %q of a fact is not among the traps", f.Trap)
	}
}

// told tells whether an item is brought up unasked.
func (c *checker) told(id string) bool {
	return slices.Contains(c.s.Story.Tells, id) || slices.ContainsFunc(c.s.Events, func(e Event) bool { return slices.Contains(e.Tells, id) })
}

// tells checks an item that is told unasked.
func (c *checker) tells(id string) {
	item, ok := c.data.Item(id)
	switch {
	case !ok || item.Kind != indicators.YesNo || item.Sealed():
		c.report(id, "use an item that is answered with yes or no", "%q cannot be told", id)
	case !item.DisclosureOnly() && !c.asked[id]:
		c.report(id, "use an item of the plan", "the plan does not have %q", id)
	case !item.DisclosureOnly() && (c.s.fact(id) == nil || c.s.fact(id).Answer != "yes"):
		c.report(id, "give it a fact with the answer yes", "%q is told, but is no fact", id)
	}
}

func (c *checker) expect() {
	c.words("outcome", []string{c.s.Expect.Outcome}, Outcomes(), true)
	c.words("referral", c.s.Expect.Refer, Referrals(), true)
	var flags []string
	for _, flag := range c.data.Flags {
		flags = append(flags, flag.ID)
	}
	c.words("flag", c.s.Expect.Flags, flags, false)
	if len(c.s.Teaching) == 0 {
		c.report("", "say what is to be learned, with a source", "teaching is missing")
	}
	for _, t := range c.s.Teaching {
		if t.Point == "" || t.Source == "" {
			c.report(t.Point, "give point and source", "a teaching point is not complete")
		}
	}
}
