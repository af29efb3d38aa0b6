package statistics

import "math"

// cell is one count of a release.
type cell struct {
	n     int // what was counted
	shown bool
	// never: it is not part of any table, however large.
	never bool
	// lo and hi bound the count for somebody who has the whole release and can calculate.
	lo, hi int
}

// sum says that a total is made of its parts, which everybody knows.
type sum struct {
	total *cell
	parts []*cell
}

// ledger is all counts of a release with all that is known to add up.
type ledger struct {
	k     int
	cells []*cell
	sums  []sum
}

func (l *ledger) cell() *cell {
	c := &cell{}
	l.cells = append(l.cells, c)
	return c
}

// floor is the count as it is shown.
func (l *ledger) floor(c *cell) int { return c.n / l.k * l.k }

// suppress decides what is shown: first nothing below k, then, as long as a reader could tell that something hidden is more
// than nothing and less than k, one shown count fewer.
func (l *ledger) suppress() {
	for _, c := range l.cells {
		c.shown = c.n >= l.k && !c.never
	}
	for {
		l.bound()
		at := l.disclosed()
		if at < 0 {
			return
		}
		l.hideAt(at)
	}
}

// bound works out, from what is shown and what adds up, the least and the most that each count can be.
func (l *ledger) bound() {
	const unlimited = math.MaxInt32
	for _, c := range l.cells {
		c.lo, c.hi = 0, unlimited
		if c.shown {
			c.lo, c.hi = l.floor(c), l.floor(c)+l.k-1
		}
	}
	for changed := true; changed; {
		changed = false
		for _, s := range l.sums {
			lo, hi := 0, 0
			for _, part := range s.parts {
				lo, hi = lo+part.lo, min(hi+part.hi, unlimited)
			}
			changed = tighten(s.total, lo, hi) || changed
			for _, part := range s.parts {
				low := 0
				if hi < unlimited {
					low = s.total.lo - (hi - part.hi)
				}
				changed = tighten(part, low, s.total.hi-(lo-part.lo)) || changed
			}
		}
	}
}

func tighten(c *cell, lo, hi int) bool {
	if lo <= c.lo && hi >= c.hi {
		return false
	}
	c.lo, c.hi = max(c.lo, lo), min(c.hi, hi)
	return true
}

// disclosed finds a sum in which a hidden part, or the hidden parts together, can be told to be small but not nothing; -1:
// there is none.
func (l *ledger) disclosed() int {
	for at, s := range l.sums {
		lo, hi, any := s.total.lo, s.total.hi, false
		for _, part := range s.parts {
			if part.shown {
				lo, hi = lo-part.hi, hi-part.lo
				continue
			}
			any = true
			if l.small(part.lo, part.hi) {
				return at
			}
		}
		if any && l.small(lo, hi) || !s.total.shown && l.small(s.total.lo, s.total.hi) {
			return at
		}
	}
	return -1
}

func (l *ledger) small(lo, hi int) bool { return lo >= 1 && hi < l.k }

// hideAt leaves out the smallest shown part of a sum; where none is left, its total; and where that is hidden too, the
// smallest shown count anywhere, so that it ends.
func (l *ledger) hideAt(at int) {
	s := l.sums[at]
	for _, candidates := range [][]*cell{s.parts, {s.total}, l.cells} {
		var least *cell
		for _, c := range candidates {
			if c.shown && (least == nil || c.n < least.n) {
				least = c
			}
		}
		if least != nil {
			least.shown = false
			return
		}
	}
}
