package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/screening/queue"
)

func newQueueArrive(e *env, o *queueOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "arrive [COUNT] [family] [urgent] [child] [medical] [LANGUAGE]",
		Short: "Give numbers to people who arrive",
		Long: `Gives the next COUNT numbers (1 without it) and prints them. With the word family they belong together; urgent, child and
medical hold for each of them, so give those numbers apart. A language is a tag, as th.
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				numbers, err := l.arrive(strings.Join(args, " "))
				fmt.Fprint(e.out, lines(numbers))
				return err
			})
		},
	}
}

func lines(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return strings.Join(list, "\n") + "\n"
}

// mostAtOnce bounds a slip of the finger.
const mostAtOnce = 200

// arrival is what is said about people who arrive.
type arrival struct {
	count    int
	family   bool
	needs    []string
	language string
}

func (l *lane) readArrival(text string) (a arrival, err error) {
	a.count = 1
	for i, word := range strings.Fields(text) {
		n, notNumber := strconv.Atoi(word)
		switch {
		case i == 0 && notNumber == nil && n >= 1 && n <= mostAtOnce:
			a.count = n
		case word == "family":
			a.family = true
		case slices.Contains(queue.NeedNames(), word):
			a.needs = append(a.needs, word)
		case slices.Contains(l.catalog().Languages(), word):
			a.language = word
		default:
			return a, usageError{fmt.Errorf("the word %d is none of: a count up to %d, family, %s, a language; nobody got a number", i+1, mostAtOnce, strings.Join(queue.NeedNames(), ", "))}
		}
	}
	return a, nil
}

// arrive gives numbers. Each is durable before the next one is made, so that a number that was spoken is never given twice.
func (l *lane) arrive(text string) (numbers []string, err error) {
	a, err := l.readArrival(text)
	if err != nil {
		return nil, err
	}
	for range a.count {
		number := l.q.NextNumber(l.own.Prefix)
		if err := l.do(queue.Arrived, number, a.language); err != nil {
			return numbers, err
		}
		numbers = append(numbers, number)
		for _, need := range a.needs {
			if err := l.do(queue.Needs, number, need); err != nil {
				return numbers, err
			}
		}
		if a.family && len(numbers) > 1 {
			if err := l.do(queue.Together, number, numbers[0]); err != nil {
				return numbers, err
			}
		}
	}
	return numbers, nil
}
