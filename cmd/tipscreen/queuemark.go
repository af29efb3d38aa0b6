package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/screening/queue"
)

func newQueueMark(e *env, o *queueOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "mark NUMBER WORD [VALUE]",
		Short: "Note a need, a place, a family, a slip or where somebody went",
		Long: `Notes something about a number:
  mark A-012 need medical     or urgent, child; met medical when it was seen to
  mark A-012 place private 1  where the person is now
  mark A-012 with A-011       they belong together
  mark A-012 apart A-003      they are kept apart, without a reason
  mark A-012 slip             the hold slip was handed out
  mark A-012 left shelter     where the person went
`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				warning, err := l.mark(strings.Join(args, " "))
				if warning != "" {
					fmt.Fprintln(e.err, warning)
				}
				return err
			})
		},
	}
}

// markKinds are the words that can be noted about a number.
var markKinds = map[string]queue.Kind{
	"need": queue.Needs, "met": queue.Met, "place": queue.Placed, "with": queue.Together, "apart": queue.Apart, "slip": queue.Slip, "left": queue.Left,
}

// mark notes what one line says. The warning tells that somebody from whom the person is kept apart is at the place.
func (l *lane) mark(text string) (warning string, err error) {
	words := strings.Fields(text)
	if len(words) < 2 {
		return "", usageError{fmt.Errorf("say the number, a word and what; nothing was noted")}
	}
	number, kind, value := strings.ToUpper(words[0]), markKinds[words[1]], strings.Join(words[2:], " ")
	switch {
	case kind == "":
		return "", usageError{fmt.Errorf("the second word is none of need, met, place, with, apart, slip, left; nothing was noted")}
	case kind == queue.Slip && value != "", kind != queue.Slip && value == "":
		return "", usageError{fmt.Errorf("after %s comes %s; nothing was noted", words[1], map[bool]string{true: "nothing", false: "something"}[kind == queue.Slip])}
	case slices.Contains([]queue.Kind{queue.Together, queue.Apart}, kind):
		value = strings.ToUpper(value)
	}
	if err := l.do(kind, number, value); err != nil {
		return "", err
	}
	if kind == queue.Placed || kind == queue.Apart {
		p, _ := l.q.Person(number)
		if there := l.q.Feared(number, p.Place); len(there) > 0 {
			warning = l.say("queue.apart", map[string]any{"Number": number, "Others": strings.Join(there, ", ")})
		}
	}
	return warning, nil
}
