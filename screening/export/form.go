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
	SelectMany RowKind = "select_multiple"
	FreeText   RowKind = "text"
	Calculate  RowKind = "calculate"
)

// Row is one row of the survey. Expressions name other rows as ${name}.
type Row struct {
	Kind        RowKind
	Name        string
	List        string // of a select
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
	// warned are the prompts so far that say the rights.
	warned []string
	err    error
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
	var rights screening.Prompt
	for _, prompt := range screening.AllPrompts(b.setup) {
		if b.ids[prompt.ID] || !inForms(prompt) {
			continue
		}
		if strings.HasPrefix(prompt.ID, "rights.") {
			rights = prompt
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
	return b.rights(list, rights)
}

// inForms leaves out what a form cannot do as this program does: ask again while a check is not met, let the person choose
// the topic, watch the clock, read back, and what the official settles when the result was seen.
func inForms(prompt screening.Prompt) bool {
	if prompt.Item != nil && (prompt.Item.DisclosureOnly() || prompt.Item.Sealed()) {
		return false
	}
	prefix, _, dotted := strings.Cut(prompt.ID, ".")
	again := strings.HasSuffix(prompt.ID, ".unmet") || strings.HasSuffix(prompt.ID, ".reason") || prompt.ID == "closing.readback"
	return !again && !(dotted && slices.Contains([]string{"topic", "rest", "distress", "later", "after"}, prefix))
}

// rights puts the rights before every item of which a yes could be used against the person; only the first of them comes.
func (b *builder) rights(list []screening.Prompt, rights screening.Prompt) []screening.Prompt {
	var out []screening.Prompt
	for _, prompt := range list {
		if item := prompt.Item; item != nil && admits(item) && rights.ID != "" && !b.ids["rights."+item.ID] {
			rights.ID, rights.Step, rights.Section = "rights."+item.ID, prompt.Step, prompt.Section
			b.ids[rights.ID] = true
			out = append(out, rights)
		}
		out = append(out, prompt)
	}
	return out
}

// admits tells items of which a yes could be used against the person.
func admits(item *indicators.Item) bool {
	return item.Admits && item.Askable() && !item.DisclosureOnly()
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
	case prompt.Kind == screening.Several:
		row.Kind, row.List = SelectMany, b.list(prompt, labels)
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
	case dotted && slices.Contains([]string{"sensitive", "consent", "rights"}, prefix) && prompt.Kind == screening.Choose:
		return prefix
	}
	return plain(prompt.ID)
}
