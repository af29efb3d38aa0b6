package queue

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tipscreen/screening"
)

// Person is what the queue knows of somebody: a number and what has to be done, and nothing else.
type Person struct {
	Number   string
	Arrived  time.Time
	Language string
	Needs    []string // in the order of NeedNames
	Family   string   // the first number of the family; empty: alone
	Apart    []string // numbers from which this one is kept apart
	Place    string
	Step     string // empty: the short look is still to come; otherwise one of NextSteps
	Screened time.Time
	Slip     bool
	Left     string // where to; empty: still here
	Holder   string // the prefix of the laptop that looks after the number
	To       string // the prefix of the laptop to which it is on its way, while Holder is empty
	Later    int    // how often it was put off
	Answers  []screening.Event
}

// Queue is the state that the events lead to.
type Queue struct {
	events []Event
	seen   map[string]bool // laptop/seq
	owners map[string]string
	people map[string]*Person
	order  []string // numbers in the order in which they became known
}

// New is an empty queue.
func New() *Queue {
	return &Queue{seen: map[string]bool{}, owners: map[string]string{}, people: map[string]*Person{}}
}

// Open folds events into a queue.
func Open(events []Event) (*Queue, error) {
	q := New()
	_, err := q.Merge(events)
	return q, err
}

// Allows tells why an event cannot be; nil: Apply will take it.
func (q *Queue) Allows(e Event) error { return q.admit(&e) }

// Apply adds an event that happened here.
func (q *Queue) Apply(e Event) error {
	if err := q.admit(&e); err != nil {
		return err
	}
	q.add(e)
	q.fold(e)
	return nil
}

// admit refuses what cannot be: an unknown number, a number twice, two laptops with one prefix.
func (q *Queue) admit(e *Event) error {
	if err := e.check(); err != nil {
		return err
	}
	known := q.people[e.Number] != nil
	switch {
	case e.Kind == Arrived && known:
		return fmt.Errorf("the number %s was given out already", e.Number)
	case e.Kind != Arrived && !known:
		return fmt.Errorf("there is no number %s", e.Number)
	}
	if e.Kind == Arrived {
		prefix, _, _ := strings.Cut(e.Number, "-")
		if owner, taken := q.owners[prefix]; taken && owner != e.Laptop {
			return fmt.Errorf("two laptops give out numbers with the prefix %s: change one of them", prefix)
		}
	}
	if (e.Kind == Together || e.Kind == Apart) && (q.people[e.Value] == nil || e.Value == e.Number) {
		return fmt.Errorf("there is no other number %s", e.Value)
	}
	return nil
}

func (q *Queue) add(e Event) {
	q.seen[id(&e)] = true
	q.events = append(q.events, e)
}

func id(e *Event) string { return e.Laptop + "/" + strconv.Itoa(e.Seq) }

// Merge adds what is not known yet, whatever its order, and tells how many events were new. Either all of it is taken or,
// with an error, nothing.
func (q *Queue) Merge(events []Event) (added int, err error) {
	var fresh []Event
	for _, e := range events {
		if err := e.check(); err != nil {
			return 0, err
		}
		if !q.seen[id(&e)] {
			fresh = append(fresh, e)
		}
	}
	merged := New()
	all := slices.Concat(q.events, fresh)
	slices.SortStableFunc(all, before)
	for _, e := range all {
		if merged.seen[id(&e)] {
			continue
		}
		if err := merged.admit(&e); err != nil {
			return 0, err
		}
		merged.add(e)
		merged.fold(e)
	}
	added = len(merged.events) - len(q.events)
	*q = *merged
	return added, nil
}

// before orders events the same on every laptop: arrivals first, whatever the clocks of the laptops say, then by time, then
// by name.
func before(a, b Event) int {
	return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), a.At.Compare(b.At), cmp.Compare(a.Laptop, b.Laptop), cmp.Compare(a.Seq, b.Seq))
}

func rank(k Kind) int {
	if k == Arrived {
		return 0
	}
	return 1
}

func (q *Queue) fold(e Event) {
	if e.Kind == Arrived {
		prefix, _, _ := strings.Cut(e.Number, "-")
		q.owners[prefix] = e.Laptop
		q.people[e.Number] = &Person{Number: e.Number, Arrived: e.At, Language: e.Value, Holder: prefix}
		q.order = append(q.order, e.Number)
		return
	}
	p := q.people[e.Number]
	switch e.Kind {
	case Needs:
		p.need(e.Value)
	case Met:
		p.Needs = slices.DeleteFunc(p.Needs, func(n string) bool { return n == e.Value })
	case Together:
		q.join(p, q.people[e.Value])
	case Apart:
		q.part(p, q.people[e.Value])
	case Placed:
		p.Place = e.Value
	case Screened:
		p.screened(e)
	case Slip:
		p.Slip = true
	case Left:
		p.Left, p.Answers = e.Value, nil // what was carried for the next talk is not needed any more
	case Later:
		p.Later++
	case Given:
		p.Holder, p.To = "", e.Value // until that laptop takes it
	case Taken:
		p.Holder, p.To = e.Value, ""
	}
}

// screened keeps the step that asks for more: a second look, or a slip of the keys, never sends somebody away who was to be
// heard in private. Only the private talk itself ends that.
func (p *Person) screened(e Event) {
	if slices.Index(NextSteps(), e.Value) > slices.Index(NextSteps(), p.Step) && p.Step != "" && e.Value != onward {
		return
	}
	p.Step, p.Screened, p.Answers = e.Value, e.At, e.Answers
}

// onward is the step after the private talk.
const onward = "onward"

// Forget drops what a short look recorded of this number, once nobody needs it any more, and tells whether there was anything.
func (q *Queue) Forget(number string) bool {
	found := false
	for i := range q.events {
		if e := &q.events[i]; e.Number == number && len(e.Answers) > 0 {
			e.Answers, found = nil, true
		}
	}
	if p := q.people[number]; p != nil {
		p.Answers = nil
	}
	return found
}

func (p *Person) need(name string) {
	if !slices.Contains(p.Needs, name) {
		p.Needs = append(p.Needs, name)
		slices.SortFunc(p.Needs, func(a, b string) int {
			return cmp.Compare(slices.Index(NeedNames(), a), slices.Index(NeedNames(), b))
		})
	}
}

// join puts two numbers, with all who already belong to either, into one family.
func (q *Queue) join(p, other *Person) {
	head := other.Family
	if head == "" {
		head, other.Family = other.Number, other.Number
	}
	was := p.Family
	for _, one := range q.people {
		if was != "" && one.Family == was {
			one.Family = head
		}
	}
	p.Family = head
}

// part keeps two numbers apart, seen from both.
func (q *Queue) part(p, other *Person) {
	if !slices.Contains(p.Apart, other.Number) {
		p.Apart = append(p.Apart, other.Number)
	}
	if !slices.Contains(other.Apart, p.Number) {
		other.Apart = append(other.Apart, p.Number)
	}
}

// Person gives what is known of a number.
func (q *Queue) Person(number string) (Person, bool) {
	p, ok := q.people[number]
	if !ok {
		return Person{}, false
	}
	return *p, true
}

// Events are all events. The slice must not be changed.
func (q *Queue) Events() []Event { return q.events }

// Closed gives the events of these numbers, without those that name somebody else, and without what was answered but for
// those whose answers go along.
func (q *Queue) Closed(numbers, answers []string) (events []Event) {
	for _, e := range q.events {
		if !slices.Contains(answers, e.Number) {
			e.Answers = nil
		}
		if !slices.Contains(numbers, e.Number) || (e.Kind == Together || e.Kind == Apart) && !slices.Contains(numbers, e.Value) {
			continue
		}
		events = append(events, e)
	}
	return events
}

// Unknown gives the events that the queue does not have yet, each once.
func (q *Queue) Unknown(events []Event) (fresh []Event) {
	seen := map[string]bool{}
	for _, e := range events {
		if name := id(&e); !q.seen[name] && !seen[name] {
			seen[name] = true
			fresh = append(fresh, e)
		}
	}
	return fresh
}

// NextNumber is the first free number of a laptop.
func (q *Queue) NextNumber(prefix string) string {
	last := 0
	for _, number := range q.order {
		if mine, digits, _ := strings.Cut(number, "-"); mine == prefix {
			if n, err := strconv.Atoi(digits); err == nil {
				last = max(last, n)
			}
		}
	}
	return fmt.Sprintf("%s-%03d", prefix, last+1)
}

// After is the time of the next event: now, or just after the last one that is known, so that what is done later also comes
// later when the clocks of two laptops differ or a clock is set back.
func (q *Queue) After(now time.Time) time.Time {
	for i := range q.events {
		if at := q.events[i].At; q.events[i].Kind != Arrived && !at.Before(now) {
			now = at.Add(time.Millisecond)
		}
	}
	return now
}

// NextSeq is the number of the next event of a laptop.
func (q *Queue) NextSeq(laptop string) int {
	last := 0
	for i := range q.events {
		if q.events[i].Laptop == laptop {
			last = max(last, q.events[i].Seq)
		}
	}
	return last + 1
}

// Numbers are all numbers that are known.
func (q *Queue) Numbers() []string { return slices.Clone(q.order) }

// Feared lists who is at the place from whom this number is to be kept apart.
func (q *Queue) Feared(number, place string) (there []string) {
	p := q.people[number]
	for _, other := range p.Apart {
		if o := q.people[other]; o != nil && o.Left == "" && o.Place == place && place != "" {
			there = append(there, other)
		}
	}
	return there
}
