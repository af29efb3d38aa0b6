package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/card"
	"tipscreen/locales"
)

func newLanguages(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "languages",
		Short: "Say which languages there are, and how far they are reviewed",
		Long: `Lists the languages, for each side how many messages are missing, drafts, reviewed, or stale because the English has
changed since. The other commands check a language, and carry its texts to translators and reviewers and back.
`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return e.listLanguages(asJSON) },
	}
	command.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	command.AddCommand(newLanguagesCheck(e), newLanguagesExport(e), newLanguagesImport(e))
	return command
}

// languageState is one language as languages lists it.
type languageState struct {
	Tag   string             `json:"tag"`
	Name  string             `json:"name"`
	Sides []locales.Coverage `json:"sides"`
	// InterpreterRequired: the words that a person must be able to rely on are drafts.
	InterpreterRequired bool `json:"interpreter_required"`
	Recordings          int  `json:"recordings"`
}

func (e *env) listLanguages(asJSON bool) error {
	catalog := e.catalog()
	var all []languageState
	for _, tag := range catalog.Languages() {
		sides, err := catalog.Coverage(tag)
		if err != nil {
			return err
		}
		state := languageState{Tag: tag, Name: tag, Sides: sides}
		if speaker, err := catalog.Speaker(tag, locales.Person); err == nil {
			state.Name, state.InterpreterRequired = speaker.Name(), safetyMessages(speaker)
		}
		sounds, err := e.recordings(tag)
		if err != nil {
			fmt.Fprintln(e.err, "tipscreen: "+err.Error())
		}
		state.Recordings = len(sounds)
		all = append(all, state)
	}
	if asJSON {
		return json.NewEncoder(e.out).Encode(all)
	}
	for _, one := range all {
		fmt.Fprintf(e.out, "%s  %s\n", one.Tag, one.Name)
		for _, s := range one.Sides {
			if s.Source > 0 {
				fmt.Fprintln(e.out, "  "+e.say("languages.source."+string(s.Side), map[string]any{"All": s.All}))
				continue
			}
			fmt.Fprintln(e.out, "  "+e.say("languages.side."+string(s.Side), map[string]any{
				"All": s.All, "Missing": s.Missing, "Draft": s.Draft, "Reviewed": s.Reviewed, "Stale": s.Stale,
			}))
		}
		if one.InterpreterRequired {
			fmt.Fprintln(e.out, "  "+e.say("languages.interpreter", nil))
		}
	}
	return nil
}

func newLanguagesCheck(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check the words of every language",
		Long: `Checks every language against English: messages missing and left over, variables, plural forms, control characters,
normal form, Burmese in Zawgyi, labels too long for their place, and texts whose English has changed. DIR, a folder with a
folder for each language, is laid over what ships; without it the agency's is.
`,
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			catalog := e.catalog()
			if len(args) == 1 {
				var err error
				if catalog, err = catalogOver(args[0]); err != nil {
					return err
				}
			}
			if problems := catalog.Check(); len(problems) > 0 {
				return problems
			}
			fmt.Fprintln(e.err, e.say("languages.checked", map[string]any{"N": len(catalog.Languages())}))
			return nil
		},
	}
}

// catalogOver lays a folder of languages over what ships.
func catalogOver(dir string) (*locales.Catalog, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, usageError{fmt.Errorf("%s is not a folder", dir)}
	}
	return locales.Open(locales.Embedded(), os.DirFS(dir)), nil
}

func newLanguagesExport(e *env) *cobra.Command {
	var format, out string
	command := &cobra.Command{
		Use:   "export LANGUAGE",
		Short: "Write the texts of a language for translators or reviewers",
		Long: `Writes every text of a language to one new file: po for translation tools, csv for a spreadsheet, html as a review sheet to
print, with the English beside it, room for a back-translation and a place to sign.
`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("say where to: --out FILE")}
			}
			return e.exportLanguage(args[0], format, out)
		},
	}
	command.Flags().StringVar(&format, "format", "html", "po, html or csv")
	command.Flags().StringVar(&out, "out", "", "the new file")
	return command
}

func (e *env) exportLanguage(tag, format, out string) error {
	entries, err := e.catalog().Entries(tag)
	if err != nil {
		return languageError(err)
	}
	var content bytes.Buffer
	switch format {
	case "po":
		err = locales.WritePO(&content, tag, entries)
	case "csv":
		err = locales.WriteCSV(&content, entries)
	case "html":
		name := tag
		if speaker, err := e.catalog().Speaker(tag, locales.Person); err == nil {
			name = speaker.Name()
		}
		err = locales.WriteSheet(&content, tag, name, entries, card.InlineFonts)
	default:
		return usageError{fmt.Errorf("unknown format %q: use po, html or csv", format)}
	}
	if err != nil {
		return err
	}
	return writeNew(out, content.Bytes())
}

func newLanguagesImport(e *env) *cobra.Command {
	var tag, into string
	var review locales.Review
	command := &cobra.Command{
		Use:   "import FILE",
		Short: "Take texts back from translators or reviewers",
		Long: `Reads a po or csv file that was exported here and puts its texts into the folder of the language. A text is marked as
reviewed only if it is checked in the file (csv: yes in the last column; po: not fuzzy), --reviewer and --date are given, and
its English is still the one that was exported. A text that was changed without that is a draft. Texts whose English has
changed meanwhile are refused, each with its line.
`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if tag == "" {
				return usageError{errors.New("say which language: --language km")}
			}
			if (review.Reviewer != "" || review.Date != "") && !review.Valid() {
				return usageError{errors.New("a review needs --reviewer NAME and --date YYYY-MM-DD")}
			}
			return e.importLanguage(args[0], tag, into, review)
		},
	}
	flags := command.Flags()
	flags.StringVar(&tag, "language", "", "the language of the file, as km")
	flags.StringVar(&into, "into", "", "folder with a folder for each language (default: agency/locales in the store's folder)")
	flags.StringVar(&review.Reviewer, "reviewer", "", "who has checked the texts")
	flags.StringVar(&review.Date, "date", "", "when, as 2026-01-31")
	return command
}

func (e *env) importLanguage(file, tag, into string, review locales.Review) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the texts: %w", err)
	}
	read := locales.ReadPO
	if strings.EqualFold(filepath.Ext(file), ".csv") {
		read = locales.ReadCSV
	}
	entries, err := read(filepath.Base(file), data)
	if err != nil {
		return err
	}
	if into == "" {
		home, err := e.home()
		if err != nil {
			return err
		}
		into = filepath.Join(home, "agency", "locales")
		if err := os.MkdirAll(into, 0o700); err != nil {
			return fmt.Errorf("make the folder of the languages: %w", err)
		}
	}
	catalog, err := catalogOver(into)
	if err != nil {
		return err
	}
	files, done, err := catalog.Apply(tag, filepath.Base(file), entries, review)
	if err != nil {
		return languageError(err)
	}
	if err := writeLanguage(filepath.Join(into, tag), files); err != nil {
		return err
	}
	fmt.Fprintln(e.err, e.say("languages.imported", map[string]any{"Changed": done.Changed, "Reviewed": done.Reviewed, "Empty": done.Empty, "Refused": len(done.Refused)}))
	if len(done.Refused) > 0 {
		return done.Refused
	}
	return nil
}

// writeLanguage writes the files of a language, the one that says what is reviewed last: until then, changed words count as
// stale and never as reviewed.
func writeLanguage(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the language: %w", err)
	}
	for _, name := range []string{"official.json", "person.json", "review.json"} {
		content, ok := files[name]
		if !ok {
			continue
		}
		path := filepath.Join(dir, name)
		if before, err := os.ReadFile(path); err == nil && bytes.Equal(before, content) {
			continue
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if err := replaceFile(path, content); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// replaceFile writes a file beside the old one and puts it in its place.
func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is there any more when it went well
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
