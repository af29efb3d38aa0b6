package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/card"
	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/screening/queue"
)

func newQueue(e *env) *cobra.Command {
	o := &queueOptions{}
	var slips string
	var readable, page bool
	command := &cobra.Command{
		Use:   "queue",
		Short: "Look after many people who wait: numbers, order, short looks, hand-over to other laptops",
		Long: `Gives numbers to people as they arrive, shows who comes next, leads through the short look at the counter one by one, and
through the private talk without asking twice. Nobody has a name here. Without a command: a menu.
The first time say which letters the numbers of this laptop begin with: --prefix A. No two laptops may use the same.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withQueue(cmd.Context(), o, func(l *lane) error {
				l.slips, l.page = slips, page
				err := l.allowSlips(func(d session.Dialog) error {
					if readable {
						return nil
					}
					return e.acknowledge(cmd.Context(), d)
				})
				if err != nil {
					return err
				}
				return l.run(cmd.Context())
			})
		},
	}
	command.Flags().StringVar(&slips, "slips", "", "write the hold slip of each person who was looked at to this folder")
	command.Flags().BoolVar(&readable, "readable", false, "acknowledge that the slips can be read by anybody who has them")
	command.Flags().BoolVar(&page, "board", false, "show the board on a page of this laptop, for a screen on the wall")
	e.beside.flags(command)
	flags := command.PersistentFlags()
	flags.StringVar(&o.prefix, "prefix", "", "letters with which the numbers of this laptop begin, as A")
	flags.StringVar(&o.person, "person", "", "language of the group, as th")
	command.AddCommand(newQueueArrive(e, o), newQueueMark(e, o), newQueueBoard(e, o), newQueueDay(e, o), newQueueGive(e, o), newQueueTake(e, o), newQueueReclaim(e, o), newQueueSlip(e, o))
	return command
}

type queueOptions struct {
	prefix, person string
}

// lane is the queue of this laptop, open.
type lane struct {
	*env
	kept   *opened
	q      *queue.Queue
	own    queueOwn
	person string
	slips  string      // the folder for hold slips; empty: none are written
	page   bool        // the board is shown on a page, too
	board  *card.Board // nil: it is not
	// pieces counts the pieces on the disk; last is the one that grows.
	pieces int
	last   []queue.Event
	size   int
}

// queueOwn is what a laptop keeps about itself: a random name for its events, and the prefix of its numbers.
type queueOwn struct {
	Laptop string `json:"laptop"`
	Prefix string `json:"prefix"`
}

const queueKey = "queue"

// withQueue unlocks the store and opens its queue.
func (e *env) withQueue(ctx context.Context, o *queueOptions, work func(*lane) error) error {
	return e.withStore(ctx, func(kept *opened, _ session.Dialog) error {
		l := &lane{env: e, kept: kept, person: o.person}
		if err := l.open(o.prefix); err != nil {
			return err
		}
		return work(l)
	})
}

// open reads the queue and settles whose numbers this laptop gives out.
func (l *lane) open(prefix string) error {
	content, err := l.kept.State(queueKey)
	if err == nil && content != nil {
		err = json.Unmarshal(content, &l.own)
	}
	if err != nil {
		return fmt.Errorf("read the queue: %w", err)
	}
	if err := l.settle(prefix); err != nil {
		return err
	}
	pieces, err := l.kept.QueuePieces()
	if err != nil {
		return err
	}
	var events []queue.Event
	for _, piece := range pieces {
		if l.last, err = readEvents(piece); err != nil {
			return err
		}
		l.size, l.pieces = len(piece), l.pieces+1
		events = append(events, l.last...)
	}
	l.q, err = queue.Open(events)
	return err
}

// settle names this laptop the first time. The prefix stays: numbers on paper begin with it.
func (l *lane) settle(prefix string) error {
	switch {
	case l.own.Prefix != "" && (prefix == "" || prefix == l.own.Prefix):
		return nil
	case l.own.Prefix != "":
		return usageError{fmt.Errorf("the numbers of this laptop begin with %s; that stays so", l.own.Prefix)}
	case prefix == "":
		return usageError{fmt.Errorf("say once with which letters the numbers of this laptop begin, as --prefix A; no two laptops may use the same")}
	case !queue.ValidPrefix(prefix):
		return usageError{fmt.Errorf("the prefix is one to three capital letters, as A")}
	}
	name := make([]byte, 8)
	if _, err := io.ReadFull(l.rand, name); err != nil {
		return err
	}
	l.own = queueOwn{Laptop: hex.EncodeToString(name), Prefix: prefix}
	content, err := json.Marshal(l.own)
	if err != nil {
		return err
	}
	return l.kept.SetState(queueKey, content)
}

func readEvents(piece []byte) (events []queue.Event, err error) {
	decoder := json.NewDecoder(bytes.NewReader(piece))
	for decoder.More() {
		var e queue.Event
		if err := decoder.Decode(&e); err != nil {
			return nil, fmt.Errorf("the queue cannot be read")
		}
		events = append(events, e)
	}
	return events, nil
}

// longestPiece is when a new piece begins, so that a change never rewrites much.
const longestPiece = 8 << 10

// do makes something happen to a number, durably, or not at all.
func (l *lane) do(kind queue.Kind, number, value string, answers ...screening.Event) error {
	e := queue.Event{V: queue.Version, Laptop: l.own.Laptop, Seq: l.q.NextSeq(l.own.Laptop), At: l.eventTime(kind), Kind: kind, Number: number, Value: value, Answers: answers}
	if err := l.q.Allows(e); err != nil {
		return usageError{err}
	}
	if err := l.keep(e); err != nil {
		return err
	}
	if err := l.q.Apply(e); err != nil {
		return err
	}
	if kind == queue.Left || kind == queue.Screened && value == "onward" {
		return l.forget(number)
	}
	return nil
}

// forget drops for good what the short look recorded of a number, here and on the disk.
func (l *lane) forget(number string) error {
	if !l.q.Forget(number) {
		return nil
	}
	pieces, err := l.kept.QueuePieces()
	if err != nil {
		return err
	}
	for n, piece := range pieces {
		events, err := readEvents(piece)
		if err != nil {
			return err
		}
		changed := false
		for i := range events {
			if events[i].Number == number && len(events[i].Answers) > 0 {
				events[i].Answers, changed = nil, true
			}
		}
		if !changed {
			continue
		}
		if n == l.pieces-1 {
			l.last = events
		}
		if err := l.kept.SaveQueuePiece(n, encode(events)); err != nil {
			return err
		}
	}
	return nil
}

// eventTime is when something happens: an arrival by the clock alone, because the waiting counts from it.
func (l *lane) eventTime(kind queue.Kind) time.Time {
	if kind == queue.Arrived {
		return l.now().UTC()
	}
	return l.q.After(l.now().UTC())
}

// keep makes events durable, in order: after a power cut none is there without those before it.
func (l *lane) keep(events ...queue.Event) error {
	for _, e := range events {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if l.pieces == 0 || l.size+len(line) > longestPiece {
			if err := l.writePiece(); err != nil {
				return err
			}
			l.pieces, l.last, l.size = l.pieces+1, nil, 0
		}
		l.last, l.size = append(l.last, e), l.size+len(line)+1
	}
	return l.writePiece()
}

func (l *lane) writePiece() error {
	if l.pieces == 0 {
		return nil
	}
	return l.kept.SaveQueuePiece(l.pieces-1, encode(l.last))
}

// encode writes events as lines. They are texts, numbers and times, which always can be written.
func encode(events []queue.Event) []byte {
	var piece bytes.Buffer
	encoder := json.NewEncoder(&piece)
	for i := range events {
		_ = encoder.Encode(&events[i])
	}
	return piece.Bytes()
}
