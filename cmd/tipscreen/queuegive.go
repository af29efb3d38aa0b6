package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/screening/queue"
	"tipscreen/store/seal"
)

// errStick says that a file with numbers was not opened.
var errStick = errors.New("the file was not opened: the passphrase is wrong, or the file is damaged or of another kind")

// stick is what one laptop hands to another.
type stick struct {
	V       int           `json:"v"`
	Root    string        `json:"root"` // the agency of both; empty: both work alone
	From    string        `json:"from"`
	Numbers []string      `json:"numbers"`
	Events  []queue.Event `json:"events"`
}

func newQueueGive(e *env, o *queueOptions) *cobra.Command {
	var all bool
	var to string
	command := &cobra.Command{
		Use:   "give FILE [--to PREFIX NUMBER ...]",
		Short: "Hand numbers to another laptop by an encrypted file, or copy the whole queue",
		Long: `Writes a new encrypted file, for a stick, with the numbers that the laptop --to shall look after from now on; with --copy
the whole queue without what was answered, so that the other laptop knows of every number if this one dies. It prints the passphrase: say it to the
other officer, do not put it beside the file.
`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				if all == (len(args) > 1) || all != (to == "") {
					return usageError{errors.New("name the numbers and --to with the letters of the other laptop, or use --copy; nothing was written")}
				}
				return l.give(args[0], strings.ToUpper(to), args[1:])
			})
		},
	}
	command.Flags().StringVar(&to, "to", "", "letters of the laptop that shall look after the numbers")
	command.Flags().BoolVar(&all, "copy", false, "copy the whole queue and keep looking after it")
	return command
}

// give writes the file first and notes the hand-over after: a number is never given away by a file that is not there.
func (l *lane) give(path, to string, numbers []string) error {
	events := l.q.Closed(l.q.Numbers(), nil)
	if to == l.own.Prefix || to != "" && !queue.ValidPrefix(to) {
		return usageError{errors.New("--to names another laptop by its letters, as B; nothing was written")}
	}
	var given []queue.Event
	if len(numbers) > 0 {
		for i, number := range numbers {
			numbers[i] = strings.ToUpper(number)
			e := queue.Event{V: queue.Version, Laptop: l.own.Laptop, Seq: l.q.NextSeq(l.own.Laptop) + i, At: l.eventTime(queue.Given), Kind: queue.Given, Number: numbers[i], Value: to}
			if p, known := l.q.Person(numbers[i]); !known || p.Holder != l.own.Prefix {
				return usageError{fmt.Errorf("this laptop does not look after the number %s; nothing was written", numbers[i])}
			}
			given = append(given, e)
		}
		events = append(l.related(numbers), given...)
	}
	content, err := json.Marshal(stick{V: queue.Version, Root: hex.EncodeToString(l.kept.AgencyRoot()), From: l.own.Prefix, Numbers: numbers, Events: events})
	if err != nil {
		return err
	}
	passphrase, err := seal.GeneratePassphrase(l.rand)
	if err != nil {
		return err
	}
	sealed, err := seal.SealStick([]byte(passphrase), content)
	if err != nil {
		return err
	}
	if err := writeNew(path, sealed); err != nil {
		return err
	}
	fmt.Fprintln(l.out, passphrase) // before the numbers are given away: a file that nobody can open gives nothing away
	if err := l.keep(given...); err != nil {
		return err
	}
	for _, e := range given {
		if err := l.q.Apply(e); err != nil {
			return err
		}
		if err := l.forget(e.Number); err != nil {
			return err
		}
	}
	fmt.Fprintln(l.err, l.say("queue.gave", map[string]any{"N": len(numbers)}))
	return nil
}

// related are the events of these numbers, and of all who belong to them or are kept apart from them: without those the
// events would name numbers that the other laptop has never heard of.
func (l *lane) related(numbers []string) []queue.Event {
	wanted := append([]string{}, numbers...)
	for _, e := range l.q.Events() {
		if e.Kind == queue.Together || e.Kind == queue.Apart {
			for _, n := range numbers {
				if e.Number == n || e.Value == n {
					wanted = append(wanted, e.Number, e.Value)
				}
			}
		}
	}
	return l.q.Closed(wanted, numbers)
}

func newQueueTake(e *env, o *queueOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "take FILE",
		Short: "Take numbers from another laptop's file",
		Long: `Opens a file that another laptop of the same agency wrote, joins it with the queue here, and looks after the numbers that it
hands over. Taking the same file twice changes nothing.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				dialog, end, err := e.asking()
				if err != nil {
					return err
				}
				passphrase, err := dialog.Secret(cmd.Context(), e.question("queue.take"))
				end()
				if err != nil {
					return broken(err)
				}
				return l.take(args[0], passphrase)
			})
		},
	}
}

// largestStick bounds a file before it is read.
const largestStick = 16 << 20

func (l *lane) take(path string, passphrase []byte) error {
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > largestStick) {
		return errStick
	}
	sealed, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("open the file with numbers: %w", err)
	}
	content, err := seal.OpenStick(passphrase, sealed)
	if err != nil {
		return errStick
	}
	var s stick
	if err := json.Unmarshal(content, &s); err != nil || s.V != queue.Version {
		return errStick
	}
	if s.Root != hex.EncodeToString(l.kept.AgencyRoot()) {
		return errors.New("the file comes from a laptop of another agency, or from one that works alone; nothing was taken")
	}
	added, err := l.merge(s.Events)
	if err != nil {
		return err
	}
	taken := 0
	for _, number := range s.Numbers {
		if p, known := l.q.Person(number); known && p.Holder == "" && p.To == l.own.Prefix {
			if err := l.do(queue.Taken, number, l.own.Prefix); err != nil {
				return err
			}
			taken++
		}
	}
	fmt.Fprintln(l.err, l.say("queue.took", map[string]any{"N": taken, "Events": added}))
	return nil
}

// merge joins events of another laptop: first it is tried, then made durable, then done.
func (l *lane) merge(events []queue.Event) (int, error) {
	before := len(l.q.Events())
	joined, err := queue.Open(l.q.Events())
	if err != nil {
		return 0, err
	}
	added, err := joined.Merge(events)
	if err != nil {
		return 0, fmt.Errorf("nothing was taken: %w", err)
	}
	fresh := l.q.Unknown(events)
	if err := l.keep(fresh...); err != nil {
		return 0, err
	}
	if len(fresh) != added || len(joined.Events()) != before+added {
		return 0, errors.New("internal error: the queue does not add up")
	}
	l.q = joined
	return added, nil
}

func newQueueReclaim(e *env, o *queueOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "reclaim PREFIX [NUMBER ...]",
		Short: "Look after the numbers of a laptop that died",
		Long: `Looks after the numbers that this queue knows another laptop to hold, from its last file; with numbers only after those.
What the dead laptop recorded after that file is only on it.
`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				numbers := l.q.Board(e.now(), l.own.Prefix).Elsewhere[strings.ToUpper(args[0])]
				for i := 1; i < len(args); i++ {
					if args[i] = strings.ToUpper(args[i]); !slices.Contains(numbers, args[i]) {
						return usageError{fmt.Errorf("laptop %s does not look after the number %s, and it is not on its way there; nothing was taken", strings.ToUpper(args[0]), args[i])}
					}
				}
				if len(args) > 1 {
					numbers = args[1:]
				}
				for _, number := range numbers {
					if err := l.do(queue.Taken, number, l.own.Prefix); err != nil {
						return err
					}
				}
				fmt.Fprint(e.out, lines(numbers))
				return nil
			})
		},
	}
}
