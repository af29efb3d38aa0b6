package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening/referral"
)

// directory is the service directory and the notes on law, with the agency's laid over them.
func (e *env) directory() (*referral.Directory, error) {
	return referral.Load(append([]fs.FS{referral.Embedded()}, e.overlay("directory")...)...)
}

func newDirectory(e *env) *cobra.Command {
	return group("directory", "List and check the services of a country, and say where this laptop works", newDirectoryList(e), newDirectoryCheck(e), newDirectoryPlace(e))
}

// listedService is an entry with what the day makes of it.
type listedService struct {
	*referral.Entry
	Stale bool `json:"stale"`
}

func newDirectoryList(e *env) *cobra.Command {
	var country string
	var asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: "List services with their source and the day on which they were checked",
		Long: `Lists the services of the directory: what ships, with the agency's own laid over it (HOME/agency/directory). What was
checked more than 180 days ago is marked. Ask the duty officer of your place for contacts that work today.
`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			directory, err := e.directory()
			if err != nil {
				return err
			}
			list := []listedService{}
			for _, one := range directory.Entries {
				if country == "" || strings.EqualFold(one.Country, country) {
					list = append(list, listedService{one, one.Stale(e.now())})
				}
			}
			if asJSON {
				return e.writeJSON(list)
			}
			for _, one := range list {
				e.showService(one)
			}
			return nil
		},
	}
	command.Flags().StringVar(&country, "country", "", "only this country, as TH")
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func (e *env) showService(one listedService) {
	checked := "sheet.checked"
	if one.Stale {
		checked = "sheet.stale"
	}
	fmt.Fprintf(e.out, "%s  %s  %s\n    %s  %s\n", one.Country, one.ID, one.Name, one.Contact, e.say(checked, map[string]any{"Date": string(one.CheckedOn)}))
	var offers []string
	for _, service := range one.Offers {
		offers = append(offers, string(service))
	}
	fmt.Fprintf(e.out, "    %s; %s", strings.Join(offers, ", "), strings.Join(one.For, ", "))
	for _, known := range []string{one.District, strings.Join(one.Nationals, " "), strings.Join(one.Languages, " "), one.Hours} {
		if known != "" {
			fmt.Fprintf(e.out, "; %s", known)
		}
	}
	fmt.Fprintf(e.out, "\n    %s\n", one.Source)
	if one.Note != "" {
		fmt.Fprintf(e.out, "    %s\n", one.Note)
	}
}

func newDirectoryCheck(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check the directory, with a folder laid over it",
		Long: `Checks the services (*.yaml) and notes on law (law/*.yaml) that ship, with a folder laid over them, by default the
agency's. An entry without a source and without the day on which it was checked is refused. Every problem is told with file
and line.
`,
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			sources := append([]fs.FS{referral.Embedded()}, e.overlay("directory")...)
			if len(args) == 1 {
				if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
					return usageError{fmt.Errorf("%q is no folder", args[0])}
				}
				sources = []fs.FS{referral.Embedded(), os.DirFS(args[0])}
			}
			directory, err := referral.Load(sources...)
			if err != nil {
				return err
			}
			stale := 0
			for _, one := range directory.Entries {
				if one.Stale(e.now()) {
					stale++
				}
			}
			fmt.Fprintf(e.out, "%d services (%d checked more than 180 days ago) and %d notes on law are well formed\n", len(directory.Entries), stale, len(directory.Laws))
			return nil
		},
	}
}

func newDirectoryPlace(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "place COUNTRY [DISTRICT]",
		Short: "Say in which country and district this laptop works",
		Long: `Keeps the country, as TH, and the district in the sealed settings: papers then name the services and the law of that
place. The flags --country and --district of a command go before it.
`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("name the country, as TH")}
			}
			return atMost(2)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			where, err := placeOf(args)
			if err != nil {
				return err
			}
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				kept.settings.Country, kept.settings.District = where.Country, where.District
				if err := kept.saveSettings(); err != nil {
					return err
				}
				place := where.Country
				if where.District != "" {
					place = where.District + ", " + place
				}
				fmt.Fprintln(e.err, e.say("place.saved", map[string]any{"Place": place}))
				return nil
			})
		},
	}
}

// placeOf reads a country, a district and a nationality, of which the later ones may be missing.
func placeOf(words []string) (referral.Place, error) {
	words = append(words, "", "", "")
	place := referral.Place{Country: strings.ToUpper(words[0]), District: words[1], Nationality: strings.ToUpper(words[2])}
	for _, code := range []string{place.Country, place.Nationality} {
		if code != "" && !referral.IsCountry(code) {
			return place, usageError{fmt.Errorf("%q is not the code of a country, as TH", code)}
		}
	}
	return place, nil
}
