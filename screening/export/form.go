package export

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// Text is a text by language. A language that is not in it has no words for it.
type Text map[string]string

// Language is one language of a form: its tag, and what it calls itself.
type Language struct{ Tag, Name string }

// Labels are the words of one prompt.
type Labels struct {
	Label, Hint Text
	Options     map[string]Text
}

// Words put prompts into words. Step is the title of a part of the plan, Note what has to be said above the form.
type Words interface {
	Prompt(prompt screening.Prompt) (Labels, error)
	Step(id string) Text
	Note() Text
}

// Form is the model of which XLSForm and XForm are two written forms.
type Form struct {
	ID, Title, Version string
	Languages          []Language // the first one is the default
	Rows               []Row
	Lists              []List
}

// RowKind is the type of a row, in the words of XLSForm.
type RowKind string

// The kinds of rows.
const (
	BeginGroup RowKind = "begin_group"
	EndGroup   RowKind = "end_group"
	Note       RowKind = "note"
	SelectOne  RowKind = "select_one"
	FreeText   RowKind = "text"
	Calculate  RowKind = "calculate"
)

// Row is one row of the survey. Expressions name other rows as ${name}.
type Row struct {
	Kind        RowKind
	Name        string
	List        string // of a select_one
	Label, Hint Text
	Relevant    string
	Calculation string
}

// List is a list of choices.
type List struct {
	Name    string
	Choices []Choice
}

// Choice is one reply.
type Choice struct {
	Name  string
	Label Text
}

// builder makes a form of a plan.
type builder struct {
	setup *screening.Setup
	words Words
	form  *Form
	ids   map[string]bool // the prompts that the form has
	names map[string]bool
	err   error
}

// NewForm makes the form of the plan of a setup. The form asks what an interview asks, in the same order and after the same
// answers, and computes by the published rules which dimensions are positive. What only the person may bring up, and
// allegations, are not in it; neither is what the program asks again and again (a check of the gate that is not met).
func NewForm(setup *screening.Setup, languages []Language, words Words) (*Form, error) {
	b := &builder{setup: setup, words: words, ids: map[string]bool{}, names: map[string]bool{},
		form: &Form{ID: "tipscreen_" + plain(setup.Plan.ID), Title: "tipscreen " + setup.Plan.ID, Version: setup.Data.Version(), Languages: languages}}
	prompts := b.prompts()
	b.add(Row{Kind: Note, Name: "note", Label: words.Note()})
	step := ""
	for _, prompt := range prompts {
		if prompt.Step != step {
			if step != "" {
				b.form.Rows = append(b.form.Rows, Row{Kind: EndGroup})
			}
			step = prompt.Step
			b.add(Row{Kind: BeginGroup, Name: "part_" + plain(step), Label: words.Step(step)})
		}
		b.prompt(prompt)
	}
	if step != "" {
		b.form.Rows = append(b.form.Rows, Row{Kind: EndGroup})
	}
	b.dimensions()
	return b.form, b.err
}

// prompts are those that a form can put, each once, in the order of the plan.
func (b *builder) prompts() []screening.Prompt {
	var list []screening.Prompt
	for _, prompt := range screening.AllPrompts(b.setup) {
		repeated := strings.HasSuffix(prompt.ID, ".unmet") || strings.HasSuffix(prompt.ID, ".reason")
		if repeated || b.ids[prompt.ID] || prompt.Item != nil && (prompt.Item.DisclosureOnly() || prompt.Item.Sealed()) {
			continue
		}
		b.ids[prompt.ID] = true
		list = append(list, prompt)
	}
	// What belongs to one step stands together, whatever the order in which it was listed.
	at := map[string]int{}
	for i, step := range b.setup.Plan.Steps {
		at[step.ID] = i
	}
	slices.SortStableFunc(list, func(x, y screening.Prompt) int { return at[x.Step] - at[y.Step] })
	return list
}

var notPlain = regexp.MustCompile(`[^A-Za-z0-9_]`)

// plain makes a name of an id, as XForms want it.
func plain(id string) string { return notPlain.ReplaceAllString(id, "_") }

func (b *builder) add(row Row) {
	if b.names[row.Name] && b.err == nil {
		b.err = fmt.Errorf("two parts of the form would have the name %q", row.Name)
	}
	b.names[row.Name] = true
	b.form.Rows = append(b.form.Rows, row)
}

func (b *builder) prompt(prompt screening.Prompt) {
	labels, err := b.words.Prompt(prompt)
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("put %s into words: %w", prompt.ID, err)
	}
	row := Row{Kind: FreeText, Name: plain(prompt.ID), Label: labels.Label, Hint: labels.Hint, Relevant: b.relevant(prompt)}
	switch {
	case prompt.Kind == screening.Tell:
		row.Kind = Note
	case len(prompt.Options) > 0:
		row.Kind, row.List = SelectOne, b.list(prompt, labels)
	}
	b.add(row)
}

// list gives the list of choices of a prompt; prompts with the same replies share one.
func (b *builder) list(prompt screening.Prompt, labels Labels) string {
	list := List{Name: listName(prompt)}
	for _, option := range prompt.Options {
		list.Choices = append(list.Choices, Choice{option, labels.Options[option]})
	}
	for _, known := range b.form.Lists {
		if known.Name == list.Name {
			if !slices.EqualFunc(known.Choices, list.Choices, func(x, y Choice) bool { return x.Name == y.Name && maps.Equal(x.Label, y.Label) }) {
				list.Name = plain(prompt.ID)
				break
			}
			return known.Name
		}
	}
	b.form.Lists = append(b.form.Lists, list)
	return list.Name
}

func listName(prompt screening.Prompt) string {
	prefix, _, dotted := strings.Cut(prompt.ID, ".")
	switch {
	case prompt.Kind == screening.Ask:
		return "answer"
	case prompt.Kind == screening.Observe:
		return "seen"
	case dotted && (prefix == "sensitive" || prefix == "consent"):
		return prefix
	}
	return plain(prompt.ID)
}

// is tests a reply at a prompt that the form may not have; then it holds.
func (b *builder) is(prompt, value string) string {
	if !b.ids[prompt] {
		return ""
	}
	return fmt.Sprintf("${%s}='%s'", plain(prompt), value)
}

// and joins conditions, of which some may be empty.
func and(conditions ...string) string {
	conditions = slices.DeleteFunc(conditions, func(one string) bool { return one == "" })
	return strings.Join(conditions, " and ")
}

// relevant is when a prompt comes.
func (b *builder) relevant(prompt screening.Prompt) string {
	prefix, rest, _ := strings.Cut(prompt.ID, ".")
	talk := b.is("consent.talk", "yes")
	switch {
	case prompt.Item != nil:
		item := prompt.Item
		conditions := []string{talk, b.path(item)}
		if item.MinAge > 0 {
			conditions = append(conditions, b.is("gate.age", string(screening.Adult)))
		}
		if item.Sensitive() && item.Askable() {
			conditions = append(conditions, b.is("gate.privacy", "yes"))
			if prefix != "sensitive" {
				conditions = append(conditions, b.is("sensitive."+item.ID, "ask"))
			}
		}
		return and(conditions...)
	case prefix == "consent" && rest != "opening" && rest != "talk":
		if rest == "record" {
			return talk
		}
		return and(talk, b.is("consent.record", "yes"))
	case prefix == "open":
		return talk
	case prompt.ID == "closing.name":
		return and(talk, b.is("consent.record", "yes"), b.is("consent.identity", "yes"))
	case prompt.ID == "closing.contact":
		return and(talk, b.is("consent.record", "yes"), b.is("consent.recontact", "yes"))
	case prefix == "closing" && prompt.Kind != screening.Tell:
		return talk
	}
	return ""
}

// path is when an item is on the path of the plan, without regard to how sensitive it is.
func (b *builder) path(item *indicators.Item) string {
	var terms []string
	for _, term := range item.AskIf.Terms() {
		other, known := b.setup.Data.Item(term.Item)
		var values []string
		for _, value := range term.Is {
			switch {
			case value != screening.NotAsked.String():
				values = append(values, fmt.Sprintf("${%s}='%s'", plain(term.Item), value))
			case known && b.path(other) != "": // left out while it was on the path
				values = append(values, fmt.Sprintf("(${%s}='' and %s)", plain(term.Item), b.path(other)))
			default:
				values = append(values, fmt.Sprintf("${%s}=''", plain(term.Item)))
			}
		}
		terms = append(terms, "("+strings.Join(values, " or ")+")")
	}
	if len(terms) == 0 {
		return ""
	}
	if len(item.AskIf.All) > 0 {
		return strings.Join(terms, " and ")
	}
	return "(" + strings.Join(terms, " or ") + ")"
}
