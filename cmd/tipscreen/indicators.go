package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
)

func newIndicators(e *env) *cobra.Command {
	return group("indicators", "List, show and check the frameworks, items and plans", newIndicatorsList(e), newIndicatorsShow(e), newIndicatorsCheck(e))
}

// overview is what the list shows.
type overview struct {
	Frameworks []frameworkOverview `json:"frameworks"`
	Plans      []planOverview      `json:"plans"`
	Items      []string            `json:"items"`
	Data       string              `json:"data"`
}

type frameworkOverview struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Year       int    `json:"year"`
	Indicators int    `json:"indicators"`
	Verified   bool   `json:"verified_against_source"`
	Status     string `json:"status"`
}

type planOverview struct {
	ID      string `json:"id"`
	Setting string `json:"setting"`
	Items   int    `json:"items"`
}

func newIndicatorsList(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: "List frameworks, plans and items",
		Long:  "Lists the frameworks with what is known about them, the plans and the items.\n",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			data, err := e.data()
			if err != nil {
				return err
			}
			all := overviewOf(data)
			if asJSON {
				return e.writeJSON(all)
			}
			for _, f := range all.Frameworks {
				verified := "not compared with the original"
				if f.Verified {
					verified = "compared with the original"
				}
				fmt.Fprintf(e.out, "framework %-10s %3d indicators, %d, %s\n  %s\n  %s\n", f.ID, f.Indicators, f.Year, verified, f.Title, f.Status)
			}
			for _, p := range all.Plans {
				fmt.Fprintf(e.out, "plan %-12s %3d items, %s\n", p.ID, p.Items, p.Setting)
			}
			fmt.Fprintf(e.out, "%d items; data %s\n", len(all.Items), all.Data)
			return nil
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func overviewOf(data *indicators.Data) overview {
	all := overview{Data: data.Version()}
	for _, f := range data.Frameworks {
		all.Frameworks = append(all.Frameworks, frameworkOverview{f.ID, f.Title, f.Year, len(f.Indicators), *f.Verified, f.Status})
	}
	for _, p := range data.Plans {
		n := 0
		for _, step := range p.Steps {
			n += len(data.Sequence(step))
		}
		all.Plans = append(all.Plans, planOverview{p.ID, p.Setting, n})
	}
	for _, item := range data.Items {
		all.Items = append(all.Items, item.ID)
	}
	sort.Strings(all.Items)
	return all
}

func newIndicatorsShow(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "show ID",
		Short: "Show a framework, an indicator (framework/id), an item or a plan",
		Long:  "Shows a framework, an indicator as framework/id, an item with its words, or a plan.\n",
		Args:  exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			data, err := e.data()
			if err != nil {
				return err
			}
			return e.showData(data, args[0], asJSON)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func (e *env) showData(data *indicators.Data, id string, asJSON bool) error {
	var value any
	if f, ok := data.Framework(id); ok {
		value = f
	} else if _, one, ok := data.Indicator(id); ok {
		value = one
	} else if item, ok := data.Item(id); ok {
		value = item
		if !asJSON {
			e.showWords(item)
		}
	} else if plan, ok := data.Plan(id); ok {
		value = plan
	} else {
		return usageError{fmt.Errorf("there is no framework, indicator, item or plan %q; tipscreen indicators list shows them", id)}
	}
	return e.writeJSON(value)
}

// showWords prints what is said and read about an item, in the official's language.
func (e *env) showWords(item *indicators.Item) {
	catalog := e.catalog()
	tag := e.language(catalog.Languages())
	for _, side := range []locales.Side{locales.Official, locales.Person} {
		speaker, err := catalog.Speaker(tag, side)
		if err != nil {
			continue
		}
		for _, part := range []string{"title", "preview", "open", "ask", "look", "counts", "not_counts", "against"} {
			if text, err := speaker.Say("item."+item.ID+"."+part, nil); err == nil {
				fmt.Fprintf(e.out, "%-11s %s\n", part+":", text.Words)
			}
		}
	}
}

func newIndicatorsCheck(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check the data, with a folder laid over it",
		Long: `Checks the embedded data with a folder laid over it (frameworks, items, plans, flags.yaml; and words in locales beside
it), by default the agency's. Every problem is told with file and line.
`,
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			sources := append([]fs.FS{indicators.Embedded()}, e.overlay("indicators")...)
			if len(args) == 1 {
				if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
					return usageError{fmt.Errorf("%q is no folder", args[0])}
				}
				sources = []fs.FS{indicators.Embedded(), os.DirFS(args[0])}
			}
			data, err := indicators.Load(sources...)
			if err != nil {
				return err
			}
			catalog := e.catalog()
			if len(args) == 1 {
				catalog = locales.Open(locales.Embedded(), os.DirFS(filepath.Join(args[0], "..", "locales")))
			}
			if problems := catalog.Check(catalog.Languages()...); len(problems) > 0 {
				return problems
			}
			if err := wording.Check(catalog, data); err != nil {
				return err
			}
			fmt.Fprintf(e.out, "%d frameworks, %d items and %d plans are well formed; data %s\n", len(data.Frameworks), len(data.Items), len(data.Plans), data.Version())
			return nil
		},
	}
}
