package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/locales"
	"tipscreen/screening"
	"tipscreen/screening/export"
)

func newExportForm(e *env, kind, short string) *cobra.Command {
	var out string
	command := &cobra.Command{
		Use:   kind + " PLAN",
		Short: short,
		Long: short + `.
All languages that there are stand in it, with what is asked after which answer, and the published rules of the dimensions
as calculations. It holds nothing about anybody, and asks for no passphrase. What another program collects with it is not
protected by this one.
`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" && e.terminal {
				return usageError{errors.New("say where to: --out FILE")}
			}
			content, err := e.formOf(args[0], kind)
			if err != nil {
				return err
			}
			if out != "" {
				return writeNew(out, content)
			}
			_, err = e.out.Write(content)
			return err
		},
	}
	command.Flags().StringVar(&out, "out", "", "the new file")
	return command
}

// formOf writes a plan as a form.
func (e *env) formOf(planID, kind string) ([]byte, error) {
	data, err := e.data()
	if err != nil {
		return nil, err
	}
	plan, ok := data.Plan(planID)
	if !ok {
		return nil, usageError{fmt.Errorf("there is no plan %q; tipscreen indicators list shows them", planID)}
	}
	words, languages, err := e.formWords()
	if err != nil {
		return nil, err
	}
	form, err := export.NewForm(screening.NewSetup(data, plan), languages, words)
	if err != nil {
		return nil, err
	}
	if kind == "xform" {
		return form.XForm(), nil
	}
	return export.XLSX(form.XLSForm())
}

// formWords says prompts in every language that there is.
type formWords struct {
	tags  []string
	words map[string]*wording.Words
	// official: the language has words for the official, too; else those are left empty in it.
	official map[string]bool
}

// formWords opens every language; the official's own comes first.
func (e *env) formWords() (*formWords, []export.Language, error) {
	catalog := e.catalog()
	own := e.language(catalog.Languages())
	tags := catalog.Languages()
	slices.SortStableFunc(tags, func(a, b string) int {
		switch own {
		case a:
			return -1
		case b:
			return 1
		}
		return strings.Compare(a, b)
	})
	f := &formWords{tags: tags, words: map[string]*wording.Words{}, official: map[string]bool{}}
	var languages []export.Language
	for _, tag := range tags {
		official := tag
		if _, err := catalog.Speaker(tag, locales.Official); err != nil {
			official = "en"
		}
		words, err := wording.New(catalog, official, tag)
		if err != nil {
			return nil, nil, languageError(err)
		}
		speaker, err := catalog.Speaker(tag, locales.Person)
		if err != nil {
			return nil, nil, languageError(err)
		}
		f.words[tag], f.official[tag] = words, official == tag
		languages = append(languages, export.Language{Tag: tag, Name: speaker.Name()})
	}
	return f, languages, nil
}

// unbroken takes out the marks for breaking lines, which other programs may show.
func unbroken(lines ...string) string {
	return strings.ReplaceAll(strings.Join(lines, "\n"), "\u200b", "")
}

func (f *formWords) Prompt(prompt screening.Prompt) (export.Labels, error) {
	labels := export.Labels{Label: export.Text{}, Hint: export.Text{}, Options: map[string]export.Text{}}
	for _, tag := range f.tags {
		said, err := f.words[tag].Prompt(session.View{Prompt: prompt})
		if err != nil {
			return labels, err
		}
		asked := len(said.Person) > 0
		switch {
		case asked:
			labels.Label[tag] = unbroken(said.Person...)
		case f.official[tag]:
			labels.Label[tag] = unbroken(append([]string{said.Title}, said.Guide...)...)
		}
		if asked && f.official[tag] && len(said.Guide) > 0 {
			labels.Hint[tag] = unbroken(said.Guide...)
		}
		for _, option := range said.Options {
			if labels.Options[option.Value] == nil {
				labels.Options[option.Value] = export.Text{}
			}
			switch {
			case option.Person != "":
				labels.Options[option.Value][tag] = unbroken(option.Person)
			case f.official[tag]:
				labels.Options[option.Value][tag] = unbroken(option.Official)
			}
		}
	}
	return labels, nil
}

// say gives a message for the official in every language that has it.
func (f *formWords) say(id string) export.Text {
	text := export.Text{}
	for _, tag := range f.tags {
		if !f.official[tag] {
			continue
		}
		if words, err := f.words[tag].Official(id, nil); err == nil {
			text[tag] = unbroken(words)
		}
	}
	return text
}

func (f *formWords) Step(id string) export.Text { return f.say("step." + id + ".title") }

func (f *formWords) Note() export.Text { return f.say("result.status.text") }
