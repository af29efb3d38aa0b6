package queue

import (
	"cmp"
	"slices"
	"time"
)

// Row is one line of the board. It holds everything that the board may show.
type Row struct {
	Number string        `json:"number"`
	Waited time.Duration `json:"-"`
	// Minutes is how long the number has waited.
	Minutes int      `json:"minutes"`
	Needs   []string `json:"needs"`
	Family  int      `json:"family,omitempty"` // how many belong together; 0: alone
	Apart   bool     `json:"apart,omitempty"`  // kept apart from somebody
	Place   string   `json:"place,omitempty"`
	Step    string   `json:"step"` // screen, or one of NextSteps
	Slip    bool     `json:"slip"`
	Holder  string   `json:"holder"` // the laptop that looks after the number; empty: on the way to another one
	// Due: the short look or the private talk of this number is the business of this laptop.
	Due bool `json:"due"`
}

// Board is what can be seen of a queue.
type Board struct {
	Rows                             []Row `json:"rows"`
	Waiting, Screened, Private, Gone int
	// PerPerson is the usual time between two short looks; 0: too few to tell. Finish is when all who wait have had theirs.
	PerPerson, Finish time.Duration
	// Elsewhere lists the numbers that other laptops look after, by their prefix.
	Elsewhere map[string][]string `json:"elsewhere,omitempty"`
}

// ahead is by how much a need comes before the order of arrival. It is time and not an absolute rank, so that nobody
// starves at the end: who has waited that much longer comes first all the same. Only what is urgent always goes first.
var ahead = map[string]time.Duration{"urgent": 1000 * time.Hour, "child": 4 * time.Hour, "medical": 4 * time.Hour}

// key is the moment from which somebody waits, as far as the order goes.
func (p *Person) key() time.Time {
	at := p.Arrived
	for _, need := range p.Needs {
		if k := p.Arrived.Add(-ahead[need]); k.Before(at) {
			at = k
		}
	}
	return at.Add(time.Duration(p.Later) * putOff)
}

// putOff is by how much somebody who was put off goes behind the others.
const putOff = 30 * time.Minute

// settled is 1 for those for whom nothing is due here any more; they stand behind the others.
func (p *Person) settled() int {
	if p.Step == "" || p.Step == "private" {
		return 0
	}
	return 1
}

// sorted gives those who are here in the order in which they come: what is due first, by need, then by arrival; a family comes together, with
// the need of the one who needs most.
func (q *Queue) sorted() []*Person {
	var here []*Person
	family := map[string]time.Time{}
	for _, number := range q.order {
		p := q.people[number]
		if p.Left != "" {
			continue
		}
		here = append(here, p)
		if p.Family != "" {
			if k, ok := family[p.Family]; !ok || p.key().Before(k) {
				family[p.Family] = p.key()
			}
		}
	}
	at := func(p *Person) time.Time {
		if p.Family != "" {
			return family[p.Family]
		}
		return p.key()
	}
	together := func(p *Person) string {
		if p.Family != "" {
			return p.Family
		}
		return p.Number
	}
	slices.SortStableFunc(here, func(a, b *Person) int {
		return cmp.Or(cmp.Compare(a.settled(), b.settled()), at(a).Compare(at(b)), cmp.Compare(together(a), together(b)), a.Arrived.Compare(b.Arrived), cmp.Compare(a.Number, b.Number))
	})
	return here
}

// Board shows the queue as this laptop sees it.
func (q *Queue) Board(now time.Time, prefix string) Board {
	b := Board{Rows: []Row{}, Elsewhere: map[string][]string{}}
	size := map[string]int{}
	for _, p := range q.people {
		if p.Family != "" && p.Left == "" {
			size[p.Family]++
		}
		if p.Left != "" {
			b.Gone++
		}
	}
	for _, p := range q.sorted() {
		row := Row{Number: p.Number, Waited: now.Sub(p.Arrived), Needs: append([]string{}, p.Needs...), Family: size[p.Family], Apart: len(p.Apart) > 0,
			Place: p.Place, Step: p.Step, Slip: p.Slip, Holder: p.Holder}
		row.Due = p.settled() == 0 && p.Holder == prefix
		row.Minutes = max(0, int(row.Waited/time.Minute))
		switch p.Step {
		case "":
			row.Step = "screen"
			b.Waiting++
		case "private":
			b.Private++
			b.Screened++
		default:
			b.Screened++
		}
		if holder := p.Holder + p.To; holder != prefix {
			b.Elsewhere[holder] = append(b.Elsewhere[holder], p.Number)
		}
		b.Rows = append(b.Rows, row)
	}
	b.PerPerson = q.pace()
	b.Finish = time.Duration(b.Waiting) * b.PerPerson
	return b
}

// Next is who comes next for the short look on this laptop; false: nobody waits.
func (q *Queue) Next(prefix string) (string, bool) {
	return q.first(prefix, func(p *Person) bool { return p.Step == "" })
}

// NextPrivate is who comes next for the private talk on this laptop.
func (q *Queue) NextPrivate(prefix string) (string, bool) {
	return q.first(prefix, func(p *Person) bool { return p.Step == "private" })
}

func (q *Queue) first(prefix string, wanted func(*Person) bool) (string, bool) {
	for _, p := range q.sorted() {
		if p.Holder == prefix && wanted(p) {
			return p.Number, true
		}
	}
	return "", false
}

// enough is how many short looks it takes to tell how long one lasts; longPause is no part of the work.
const (
	enough    = 3
	longPause = 20 * time.Minute
)

// pace is the usual time between two short looks: the median of the last ones, without pauses.
func (q *Queue) pace() time.Duration {
	var at []time.Time
	for _, p := range q.people {
		if !p.Screened.IsZero() {
			at = append(at, p.Screened)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	var gaps []time.Duration
	for i := 1; i < len(at); i++ {
		if gap := at[i].Sub(at[i-1]); gap < longPause {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) > 20 {
		gaps = gaps[len(gaps)-20:]
	}
	if len(gaps) < enough {
		return 0
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// smallest is the least count that a report of the day shows; below it, anybody could be found again.
const smallest = 10

// Counts are what a report of the day may say: numbers of people, rounded down, nothing below ten.
type Counts struct {
	Arrived  int            `json:"arrived"`
	Screened int            `json:"screened"`
	Gone     int            `json:"left"`
	Needs    map[string]int `json:"needs"`
}

// Counts counts the day. A count below ten is given as 0 and means fewer than ten; others are rounded down to tens, so
// that the difference of two reports shows nobody.
func (q *Queue) Counts() Counts {
	c := Counts{Needs: map[string]int{}}
	counted := map[string]bool{} // people, and not how often it was noted
	for _, e := range q.events {
		if who := e.Value + " " + e.Number; e.Kind == Needs && !counted[who] {
			counted[who] = true
			c.Needs[e.Value]++
		}
	}
	for _, p := range q.people {
		c.Arrived++
		if p.Step != "" {
			c.Screened++
		}
		if p.Left != "" {
			c.Gone++
		}
	}
	c.Arrived, c.Screened, c.Gone = rounded(c.Arrived), rounded(c.Screened), rounded(c.Gone)
	for need, n := range c.Needs {
		c.Needs[need] = rounded(n)
	}
	return c
}

func rounded(n int) int { return n / smallest * smallest }
