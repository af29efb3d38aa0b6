package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/card"
)

// licence names the licence of the program itself; the text stands in its source.
const licence = `tipscreen is licensed under the Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0`

func newLicences(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "licences",
		Short: "Show the licences of the program and of the fonts in it",
		Long: `Shows the licence of the program, the libraries that it is built from, and the notices and the licence of the fonts
that are in it.
`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(e.out, licence)
			if info, ok := debug.ReadBuildInfo(); ok && len(info.Deps) > 0 {
				fmt.Fprint(e.out, "\nIt is built from these libraries, whose licences stand in their sources:\n\n")
				for _, module := range info.Deps {
					fmt.Fprintf(e.out, "  %s %s\n", module.Path, module.Version)
				}
			}
			fmt.Fprintf(e.out, "\n%s", card.FontNotice())
			return nil
		},
	}
}
