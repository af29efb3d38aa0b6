package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/card"
	"tipscreen/locales"
	"tipscreen/screening/queue"
)

func newQueueBoard(e *env, o *queueOptions) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "board",
		Short: "Show who waits, since when, with what needs, and what comes next",
		Long: `Shows the queue: by need first, then by arrival, families together. It never shows an outcome, a claim or a nationality.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				board := l.q.Board(e.now(), l.own.Prefix)
				if asJSON {
					return e.writeJSON(board)
				}
				_, err := fmt.Fprint(e.out, lines(l.boardLines(board, len(board.Rows))))
				return err
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// boardLines puts the board into lines of at most 60 columns, at most so many people.
func (l *lane) boardLines(b queue.Board, most int) []string {
	text := []string{l.say("queue.totals", map[string]any{"Waiting": b.Waiting, "Private": b.Private, "Here": len(b.Rows)})}
	if b.PerPerson > 0 {
		text = append(text, l.say("queue.finish", map[string]any{"Minutes": int(b.Finish.Minutes()) + 1, "Seconds": int(b.PerPerson.Seconds())}))
	}
	for i, row := range b.Rows {
		if i == most {
			text = append(text, l.say("queue.rest", map[string]any{"N": len(b.Rows) - most}))
			break
		}
		text = append(text, l.boardLine(row))
	}
	for _, prefix := range slices.Sorted(maps.Keys(b.Elsewhere)) {
		numbers := b.Elsewhere[prefix]
		text = append(text, l.say("queue.elsewhere", map[string]any{"Prefix": prefix, "N": len(numbers), "Numbers": firstAndLast(numbers)}))
	}
	return append(text, l.say("queue.strangers", nil))
}

func firstAndLast(numbers []string) string {
	if len(numbers) < 4 {
		return strings.Join(numbers, ", ")
	}
	return numbers[0] + " … " + numbers[len(numbers)-1]
}

// boardLine is one person: number, minutes, needs, next step, place.
func (l *lane) boardLine(row queue.Row) string {
	parts := []string{fmt.Sprintf("%-6s %4d min", row.Number, row.Minutes)}
	for _, need := range row.Needs {
		parts = append(parts, l.say("queue.need."+need, nil))
	}
	if row.Family > 1 {
		parts = append(parts, l.say("queue.family", map[string]any{"N": row.Family}))
	}
	if row.Apart {
		parts = append(parts, l.say("queue.kept_apart", nil))
	}
	parts = append(parts, "→ "+l.say("queue.step."+row.Step, nil))
	if row.Place != "" {
		parts = append(parts, "@ "+row.Place)
	}
	if !row.Slip && row.Step != "screen" {
		parts = append(parts, l.say("queue.no_slip", nil))
	}
	return strings.Join(parts, "  ")
}

func newQueueDay(e *env, o *queueOptions) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "day",
		Short: "Who is still here at the end of a day or shift, and counts for the duty report",
		Long: `Lists who is still here, where and with what needs, for the shift that takes over; every officer of this laptop sees the
same queue. The counts for the duty report are rounded down to tens, and below ten nothing is said.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				counts := l.q.Counts()
				if asJSON {
					return e.writeJSON(counts)
				}
				_, err := fmt.Fprint(e.out, lines(l.dayLines(counts)))
				return err
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write the counts as JSON")
	return command
}

func (l *lane) dayLines(c queue.Counts) []string {
	count := func(n int) string {
		if n == 0 {
			return l.say("queue.day.few", nil)
		}
		return l.say("queue.day.about", map[string]any{"N": n})
	}
	board := l.q.Board(l.now(), l.own.Prefix)
	text := append(l.boardLines(board, len(board.Rows)), "")
	text = append(text, l.say("queue.day.arrived", nil)+": "+count(c.Arrived), l.say("queue.day.screened", nil)+": "+count(c.Screened), l.say("queue.day.left", nil)+": "+count(c.Gone))
	for _, need := range queue.NeedNames() {
		text = append(text, l.say("queue.need."+need, nil)+": "+count(c.Needs[need]))
	}
	return text
}

// rowsOnWall is how many people stand on a screen on the wall, in letters that can be read from two metres.
const rowsOnWall = 5

// openBoard shows the board on a page, if that is wanted.
func (l *lane) openBoard() (func(), error) {
	if !l.page {
		return func() {}, nil
	}
	open := l.browser()
	board, err := card.NewBoard(func(address string) {
		fmt.Fprintf(l.err, "%s\n\n  %s\n\n", l.say("desk.open", nil), address)
		if open != nil {
			open(address)
		}
	})
	if err != nil {
		return nil, err
	}
	l.board = board
	return func() { _ = board.Close() }, nil
}

// showOnPage brings the page up to date: the numbers that come next on this laptop and how long they have waited. What comes
// next for somebody is not on the wall: others could read from it what was said.
func (l *lane) showOnPage() {
	if l.board == nil {
		return
	}
	text, due := []string{l.say("queue.page.title", nil)}, 0
	for _, row := range l.q.Board(l.now(), l.own.Prefix).Rows {
		if !row.Due {
			continue
		}
		if due++; due <= rowsOnWall {
			text = append(text, fmt.Sprintf("%s · %d min", row.Number, row.Minutes))
		}
	}
	if due > rowsOnWall {
		text = append(text, l.say("queue.rest", map[string]any{"N": due - rowsOnWall}))
	}
	lang := l.language(l.catalog().Languages())
	speaker, err := l.catalog().Speaker(lang, locales.Official)
	l.board.Show(lang, err == nil && speaker.RightToLeft(), text)
}
