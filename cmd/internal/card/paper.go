package card

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/screening"
)

//go:embed web/paper.html
var paper embed.FS

// Numbered is one item of a plan on a paper card.
type Numbered struct {
	Number int
	wording.Prompt
	// Before is said before a sensitive question.
	Before []string
}

// Numbers gives every item of a plan that can be answered on paper its number, in the order of the plan: the same on every
// print and when it is keyed in.
func Numbers(words *wording.Words, setup *screening.Setup) ([]Numbered, error) {
	var all []Numbered
	var before []string
	for _, prompt := range screening.AllPrompts(setup) {
		item := prompt.Item
		if item == nil || item.DisclosureOnly() {
			continue
		}
		p, err := words.Prompt(session.View{Prompt: prompt})
		if err != nil {
			return nil, err
		}
		if prompt.ID != item.ID { // what is said before a sensitive item
			before = p.Person
			continue
		}
		all = append(all, Numbered{Number: len(all) + 1, Prompt: p, Before: before})
		before = nil
	}
	return all, nil
}

// SheetCode is printed on a sheet and asked for when it is keyed in: it changes with the plan, the items, their order and the
// words, so that no answer is taken for another question.
func SheetCode(plan string, cards []Numbered) string {
	all := sha256.New()
	fmt.Fprintf(all, "%d %s\n", len(plan), plan)
	for _, c := range cards {
		fmt.Fprintf(all, "%s %q %q\n", c.View.Prompt.ID, c.View.Prompt.Options, c.Person)
	}
	return hex.EncodeToString(all.Sum(nil))[:6]
}

// Blind is a question of the card about officials, which only an outside body reads.
type Blind struct {
	Letter string
	Lines  []string
}

// sheet is what the template shows.
type sheet struct {
	Fonts           template.CSS
	Official        langDir
	Person          langDir
	Title, Code     string
	Mark            string
	Rights, How     []string
	Instructions    []string
	Asked           []Numbered
	Seen            []Numbered
	SeenTitle       string
	Allege          []string
	AllegeNumber    string
	AllegeTitle     string
	Questions       []Blind
	Answers         []option
	NumberOfTheCard string
}

type langDir struct{ Lang, Dir string }

func tagged(tag string, right bool) langDir {
	if right {
		return langDir{tag, "rtl"}
	}
	return langDir{tag, "ltr"}
}

// Paper writes the numbered cards of a plan as one file that needs nothing else, with a blind card about officials. The
// number of the blind card is given by chance, so that it says nothing about who has it. Everybody gets one.
func Paper(words *wording.Words, data *indicators.Data, setup *screening.Setup, number string) ([]byte, error) {
	cards, err := Numbers(words, setup)
	if err != nil {
		return nil, err
	}
	say := &sayer{words: words}
	s := &sheet{
		Official: tagged(words.OfficialTag(), words.OfficialRightToLeft()), Person: tagged(words.PersonTag(), words.PersonRightToLeft()),
		Title: say.official("card.paper.title", nil), SeenTitle: say.official("paper.seen", nil), AllegeTitle: say.official("paper.blind", nil),
		Code:         say.official("paper.code", map[string]any{"Plan": setup.Plan.ID, "Code": SheetCode(setup.Plan.ID, cards)}),
		Instructions: strings.Split(say.official("paper.how", nil), "\n"), AllegeNumber: say.official("allege.number.title", nil), NumberOfTheCard: number,
		How: say.person("paper.mark"), Allege: say.person("paper.allege"), Rights: say.person("consent.opening.ask"),
	}
	for _, c := range cards {
		if len(c.Person) == 0 {
			s.Seen = append(s.Seen, c)
			continue
		}
		s.Asked = append(s.Asked, c)
		if c.Draft {
			s.Mark = say.official("draft.mark", nil)
		}
	}
	for _, item := range data.Items {
		if item.Sealed() {
			s.Questions = append(s.Questions, Blind{string(rune('A' + len(s.Questions))), say.person("item." + item.ID + ".ask")})
		}
	}
	for _, value := range []string{"yes", "no", "declined"} {
		s.Answers = append(s.Answers, option{Value: value, Words: strings.Join(say.person("answer."+value), " ")})
	}
	if say.err != nil {
		return nil, say.err
	}
	return s.write()
}

// write fills the template, and puts in the fonts of the letters that are on the paper.
func (s *sheet) write() ([]byte, error) {
	page, err := template.New("paper.html").Funcs(template.FuncMap{"picture": picture}).ParseFS(paper, "web/paper.html")
	if err != nil {
		return nil, fmt.Errorf("the template of the cards: %w", err)
	}
	var plain, whole bytes.Buffer
	if err := page.Execute(&plain, s); err != nil {
		return nil, fmt.Errorf("fill in the cards: %w", err)
	}
	s.Fonts = template.CSS(InlineFonts(plain.String(), s.Official.Lang, s.Person.Lang)) // made of our own files alone
	if err := page.Execute(&whole, s); err != nil {
		return nil, fmt.Errorf("fill in the cards: %w", err)
	}
	return whole.Bytes(), nil
}

// picture is the pictogram of a reply as a path, in a square of 24; empty where there is none.
func picture(value string) string {
	return map[string]string{
		"yes": "M4 13l5 6L20 5", "no": "M5 5l14 14M19 5L5 19", "skip": "M3 18v-3a7 7 0 0 1 14 0v2M12 14l5 5 5-5",
		"unclear": "M3 9c3-4 6 4 9 0s6 4 9 0M3 16c3-4 6 4 9 0s6 4 9 0", "unknown": "M8 8a4 4 0 1 1 6 3.5c-1.5 1-2 1.5-2 3M12 19.5v.1",
	}[pictureOf(value)]
}

// sayer collects sentences and the first that is missing.
type sayer struct {
	words *wording.Words
	err   error
}

func (s *sayer) official(id string, data map[string]any) string {
	text, err := s.words.Official(id, data)
	if err != nil && s.err == nil {
		s.err = err
	}
	return text
}

func (s *sayer) person(id string) []string {
	text, err := s.words.Person(id)
	if err != nil && s.err == nil {
		s.err = err
	}
	return strings.Split(text.Words, "\n")
}
