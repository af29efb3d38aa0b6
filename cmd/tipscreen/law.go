package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/screening/referral"
)

func newLaw(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "law [COUNTRY]",
		Short: "Show what is noted about national law on not punishing people for what they were made to do",
		Long: `Shows the notes on national law, each with its gap, its source and its date, and the international principles beneath
which nothing goes. A note is a reminder to read the section, no advice. Only what was confirmed in a source ships.
`,
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			directory, err := e.directory()
			if err != nil {
				return err
			}
			laws := directory.Laws
			if len(args) == 1 {
				laws = directory.LawsOf(strings.ToUpper(args[0]))
			}
			if asJSON {
				if laws == nil {
					laws = []*referral.Law{}
				}
				return e.writeJSON(laws)
			}
			if len(laws) == 0 {
				fmt.Fprintln(e.out, e.say("law.none", nil))
			}
			for _, one := range laws {
				e.showLaw(one)
			}
			fmt.Fprintf(e.out, "\n%s\n%s\n", e.say("law.floor.title", nil), e.say("law.floor.text", nil))
			return nil
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func (e *env) showLaw(one *referral.Law) {
	fmt.Fprintf(e.out, "%s: %s", one.Country, one.Title(e.language(e.catalog().Languages())))
	if one.Section != "" {
		fmt.Fprintf(e.out, ", %s", e.say("law.section", map[string]any{"Section": one.Section}))
	}
	fmt.Fprintf(e.out, "\n  %s\n", e.say("law.covers."+string(one.Covers), nil))
	for _, gap := range one.Gaps {
		fmt.Fprintf(e.out, "  %s\n", e.say("law.gap."+string(gap), nil))
	}
	fmt.Fprintf(e.out, "  %s\n", e.say("law.forced_offences."+string(one.ForcedOffences), nil))
	if one.Route != "" {
		fmt.Fprintf(e.out, "  %s\n", e.say("law.route", map[string]any{"Section": one.Route}))
	}
	fmt.Fprintf(e.out, "  %s %s\n", e.say("law.source", map[string]any{"Source": one.Source, "Date": string(one.AsOf)}), e.say("law."+one.Confidence, nil))
}
