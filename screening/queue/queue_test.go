package queue

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var dawn = time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)

// laptop writes events with its own name.
type laptop struct {
	t      *testing.T
	q      *Queue
	name   string
	prefix string
	at     time.Time
}

func newLaptop(t *testing.T, prefix string) *laptop {
	return &laptop{t: t, q: New(), name: fmt.Sprintf("%016x", int(prefix[0])), prefix: prefix, at: dawn}
}

func (l *laptop) event(kind Kind, number, value string) Event {
	return Event{V: Version, Laptop: l.name, Seq: l.q.NextSeq(l.name), At: l.at, Kind: kind, Number: number, Value: value}
}

func (l *laptop) do(kind Kind, number, value string) {
	l.t.Helper()
	l.at = l.at.Add(time.Second)
	if err := l.q.Apply(l.event(kind, number, value)); err != nil {
		l.t.Fatal(err)
	}
}

func (l *laptop) arrive() string {
	number := l.q.NextNumber(l.prefix)
	l.do(Arrived, number, "th")
	return number
}

func (l *laptop) numbers() (list []string) {
	for _, row := range l.q.Board(l.at, l.prefix).Rows {
		list = append(list, row.Number)
	}
	return list
}

// TestOrder: who needs help first comes first, then who came first; a family comes together with the one who needs most.
func TestOrder(t *testing.T) {
	t.Parallel()
	l := newLaptop(t, "A")
	for range 6 {
		l.arrive()
	}
	l.do(Needs, "A-004", "medical")
	l.do(Needs, "A-006", "urgent")
	l.do(Together, "A-002", "A-004")
	if got, want := l.numbers(), []string{"A-006", "A-002", "A-004", "A-001", "A-003", "A-005"}; !slices.Equal(got, want) {
		t.Errorf("the order is %v, want %v", got, want)
	}
	l.do(Met, "A-004", "medical")
	if got, want := l.numbers(), []string{"A-006", "A-001", "A-002", "A-004", "A-003", "A-005"}; !slices.Equal(got, want) {
		t.Errorf("once the need is met the order is %v, want %v", got, want)
	}
}

// TestNobodyStarves: whoever has waited four hours longer comes before somebody with a need who has just come.
func TestNobodyStarves(t *testing.T) {
	t.Parallel()
	l := newLaptop(t, "A")
	l.arrive()
	l.at = l.at.Add(5 * time.Hour)
	child := l.arrive()
	l.do(Needs, child, "child")
	if got := l.numbers(); got[0] != "A-001" {
		t.Errorf("after five hours the order is %v", got)
	}
	l.do(Needs, child, "urgent")
	if got := l.numbers(); got[0] != child {
		t.Errorf("what is urgent waits: %v", got)
	}
}

// TestRefused: what cannot be changes nothing.
func TestRefused(t *testing.T) {
	t.Parallel()
	l := newLaptop(t, "A")
	l.arrive()
	before := len(l.q.Events())
	other := newLaptop(t, "B")
	for name, e := range map[string]Event{
		"the number again":        l.event(Arrived, "A-001", ""),
		"no such number":          l.event(Slip, "A-009", ""),
		"a family of oneself":     l.event(Together, "A-001", "A-001"),
		"an unknown need":         l.event(Needs, "A-001", "visa"),
		"an unknown step":         l.event(Screened, "A-001", "refer_now"),
		"an unknown kind":         l.event("verdict", "A-001", ""),
		"a prefix of another":     {V: Version, Laptop: other.name, Seq: 1, At: dawn, Kind: Arrived, Number: "A-002"},
		"a number that is a name": l.event(Arrived, "somebody", ""),
		"a newer version":         {V: 2, Laptop: l.name, Seq: 9, At: dawn, Kind: Slip, Number: "A-001"},
	} {
		if err := l.q.Apply(e); err == nil || len(l.q.Events()) != before {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := l.q.Merge([]Event{e}); err == nil && e.Kind != "" || len(l.q.Events()) != before {
			t.Errorf("%s is merged: %v", name, err)
		}
	}
}

// TestMerge: whatever order the events of several laptops come in, and however often, every laptop has the same queue.
func TestMerge(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		laptops := []*laptop{newLaptop(t, "A"), newLaptop(t, "B"), newLaptop(t, "C")}
		for range 60 {
			l := laptops[r.IntN(3)]
			l.at = l.at.Add(time.Duration(r.IntN(3)) * time.Second)
			numbers := l.numbers()
			if len(numbers) < 2 || r.IntN(3) == 0 {
				l.arrive()
				continue
			}
			number, other := numbers[r.IntN(len(numbers))], numbers[r.IntN(len(numbers))]
			switch r.IntN(6) {
			case 0:
				l.do(Needs, number, NeedNames()[r.IntN(3)])
			case 1:
				if number != other {
					l.do(Together, number, other)
				}
			case 2:
				l.do(Screened, number, NextSteps()[r.IntN(3)])
			case 3:
				l.do(Taken, number, l.prefix)
			case 4:
				l.do(Left, number, "clinic")
			default: // a stick goes from one laptop to another
				from := laptops[r.IntN(3)]
				if _, err := l.q.Merge(from.q.Events()); err != nil {
					t.Fatal(err)
				}
				l.at = maxTime(l.at, from.at)
			}
		}
		var first map[string]*Person
		for _, l := range laptops {
			all := New()
			var events []Event
			for _, other := range laptops {
				events = append(events, other.q.Events()...)
			}
			r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			if _, err := all.Merge(events); err != nil {
				t.Fatal(err)
			}
			if added, err := all.Merge(events); added != 0 || err != nil {
				t.Fatalf("merged again: %d events, %v", added, err)
			}
			if first == nil {
				first = all.people
			} else if !reflect.DeepEqual(first, all.people) {
				t.Fatalf("seed %d: two laptops differ", seed)
			}
			for number := range l.q.people {
				if all.people[number] == nil {
					t.Fatalf("seed %d: the number %s is lost", seed, number)
				}
			}
		}
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// TestClocksDiffer: a laptop whose clock is behind may look after numbers of another one; the files still join, and what was
// done last counts last.
func TestClocksDiffer(t *testing.T) {
	t.Parallel()
	a, b := newLaptop(t, "A"), newLaptop(t, "B")
	a.at = dawn.Add(2 * time.Hour)
	number := a.arrive()
	a.do(Given, number, "B")
	if _, err := b.q.Merge(a.q.Events()); err != nil {
		t.Fatal(err)
	}
	for _, e := range []Event{b.event(Taken, number, "B"), b.event(Screened, number, "wait")} {
		e.Seq, e.At = b.q.NextSeq(b.name), b.q.After(dawn)
		if err := b.q.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.q.Merge(b.q.Events()); err != nil {
		t.Fatalf("the file of a laptop whose clock is behind is refused: %v", err)
	}
	for _, q := range []*Queue{a.q, b.q} {
		if p, _ := q.Person(number); p.Holder != "B" || p.Step != "wait" {
			t.Errorf("held by %q, next %q", p.Holder, p.Step)
		}
	}
}

// TestDeadLaptop: the board of another laptop says which numbers the dead one held, and they can be taken over.
func TestDeadLaptop(t *testing.T) {
	t.Parallel()
	a, b := newLaptop(t, "A"), newLaptop(t, "B")
	a.arrive()
	a.arrive()
	b.arrive()
	if _, err := b.q.Merge(a.q.Events()); err != nil {
		t.Fatal(err)
	}
	if got := b.q.Board(b.at, "B").Elsewhere["A"]; !slices.Equal(got, []string{"A-001", "A-002"}) {
		t.Errorf("held by A: %v", got)
	}
	b.at = b.at.Add(time.Minute)
	b.do(Taken, "A-002", "B")
	if next, ok := b.q.Next("B"); !ok || next != "B-001" && next != "A-002" {
		t.Errorf("next is %s", next)
	}
	if got := b.q.Board(b.at, "B").Elsewhere["A"]; !slices.Equal(got, []string{"A-001"}) {
		t.Errorf("held by A after one was taken over: %v", got)
	}
}

// TestApart: two who are kept apart are never at one place without it being said.
func TestApart(t *testing.T) {
	t.Parallel()
	l := newLaptop(t, "A")
	one, two := l.arrive(), l.arrive()
	l.do(Apart, one, two)
	l.do(Placed, one, "private 1")
	if there := l.q.Feared(two, "private 1"); !slices.Equal(there, []string{one}) {
		t.Errorf("at the place: %v", there)
	}
	if there := l.q.Feared(two, "wait"); len(there) != 0 {
		t.Errorf("at another place: %v", there)
	}
}

// TestBoardSaysNothing: what the board shows holds no answer, no language, no claim and nothing of a result.
func TestBoardSaysNothing(t *testing.T) {
	t.Parallel()
	allowed := []string{"Number", "Waited", "Minutes", "Needs", "Family", "Apart", "Place", "Step", "Slip", "Holder", "Due"}
	row := reflect.TypeFor[Row]()
	for i := range row.NumField() {
		if !slices.Contains(allowed, row.Field(i).Name) {
			t.Errorf("the board shows %s", row.Field(i).Name)
		}
	}
}

// TestCounts: a report of the day shows no count below ten, and no difference of two reports shows one person.
func TestCounts(t *testing.T) {
	t.Parallel()
	l := newLaptop(t, "A")
	for n := 1; n <= 120; n++ {
		number := l.arrive()
		if n%7 == 0 {
			l.do(Needs, number, "medical")
		}
		c := l.q.Counts()
		for _, count := range []int{c.Arrived, c.Screened, c.Gone, c.Needs["medical"]} {
			if count%smallest != 0 {
				t.Fatalf("after %d arrivals a count is %d", n, count)
			}
		}
	}
}

// TestPace: the time to finish comes from the last short looks, without pauses.
func TestPace(t *testing.T) {
	t.Parallel()
	l := newLaptop(t, "A")
	for range 10 {
		l.arrive()
	}
	for n := 1; n <= 6; n++ {
		l.at = l.at.Add(2 * time.Minute)
		if n == 4 {
			l.at = l.at.Add(time.Hour)
		}
		l.do(Screened, fmt.Sprintf("A-%03d", n), "wait")
	}
	if b := l.q.Board(l.at, "A"); b.PerPerson < 2*time.Minute || b.PerPerson > 2*time.Minute+2*time.Second || b.Finish != 4*b.PerPerson {
		t.Errorf("per person %v, finish in %v", b.PerPerson, b.Finish)
	}
}

func crowd(b *testing.B, prefix string, n int) *Queue {
	q := New()
	for i := range n {
		e := Event{V: Version, Laptop: strings.Repeat(strings.ToLower(prefix), 16), Seq: i + 1, At: dawn.Add(time.Duration(i) * time.Second), Kind: Arrived, Number: fmt.Sprintf("%s-%03d", prefix, i+1)}
		if err := q.Apply(e); err != nil {
			b.Fatal(err)
		}
	}
	return q
}

// BenchmarkBoard is one refresh with a thousand waiting (budget: 20 ms).
func BenchmarkBoard(b *testing.B) {
	q := crowd(b, "A", 1000)
	for b.Loop() {
		q.Board(dawn.Add(time.Hour), "A")
	}
}

// BenchmarkMerge joins what five hundred people brought about on another laptop (budget: 1 s).
func BenchmarkMerge(b *testing.B) {
	events := crowd(b, "B", 500).Events()
	for b.Loop() {
		if added, err := crowd(b, "A", 500).Merge(events); added != 500 || err != nil {
			b.Fatal(added, err)
		}
	}
}

// FuzzMerge: whatever a stick brings, nothing panics and a refused file changes nothing.
func FuzzMerge(f *testing.F) {
	f.Add("A-001", "arrived", "th", 1)
	f.Add("B-001", "together", "A-001", 2)
	f.Fuzz(func(t *testing.T, number, kind, value string, seq int) {
		q := New()
		l := &laptop{t: t, q: q, name: "0000000000000041", prefix: "A", at: dawn}
		l.arrive()
		e := Event{V: Version, Laptop: "0000000000000042", Seq: seq, At: dawn, Kind: Kind(kind), Number: number, Value: value}
		if _, err := q.Merge([]Event{e}); err != nil && len(q.Events()) != 1 {
			t.Error("a refused event changed the queue")
		}
	})
}
