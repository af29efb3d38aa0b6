package statistics

import (
	"math/rand/v2"
	"testing"
)

// world is a small universe: two dimensions of two values each, both by two outcomes.
type world struct {
	a, b [2][2]int
}

// book writes a world down as a ledger, in a fixed order of cells.
func book(w world, k int) *ledger {
	l := &ledger{k: k}
	total := l.cell()
	out := [2]*cell{l.cell(), l.cell()}
	for _, table := range [][2][2]int{w.a, w.b} {
		var rows [2]*cell
		var inner [2][2]*cell
		for v := range 2 {
			rows[v] = l.cell()
			for o := range 2 {
				inner[v][o] = l.cell()
				inner[v][o].n = table[v][o]
				rows[v].n += table[v][o]
			}
			l.sums = append(l.sums, sum{rows[v], inner[v][:]})
		}
		for o := range 2 {
			out[o].n = table[0][o] + table[1][o]
			l.sums = append(l.sums, sum{out[o], []*cell{inner[0][o], inner[1][o]}})
		}
		l.sums = append(l.sums, sum{total, []*cell{rows[0], rows[1]}})
	}
	total.n = out[0].n + out[1].n
	l.sums = append(l.sums, sum{total, []*cell{out[0], out[1]}})
	return l
}

// agrees tells whether somebody who sees what l shows could be looking at other.
func agrees(l, other *ledger) bool {
	for at, c := range l.cells {
		if c.shown && l.floor(c) != other.floor(other.cells[at]) {
			return false
		}
	}
	return true
}

// TestAttacker: somebody who holds the whole release against every possible world cannot tell of any hidden count, nor
// of the hidden parts of a sum together, that it is more than nothing and less than k.
func TestAttacker(t *testing.T) {
	t.Parallel()
	const k, most = 3, 7
	suppressed := 0
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		var w world
		for v := range 2 {
			for o := range 2 {
				w.a[v][o] = r.IntN(most)
			}
		}
		for o := range 2 {
			column := w.a[0][o] + w.a[1][o]
			w.b[0][o] = r.IntN(column + 1)
			w.b[1][o] = column - w.b[0][o]
		}
		l := book(w, k)
		l.suppress()
		for _, c := range l.cells {
			if c.n >= k && !c.shown {
				suppressed++
			}
		}
		attack(t, l, w, k, most+k)
	}
	if suppressed == 0 {
		t.Error("no world needed complementary suppression, so nothing was shown about it")
	}
}

// attack goes through every world that looks the same and marks what the hidden counts could be.
func attack(t *testing.T, l *ledger, truth world, k, most int) {
	t.Helper()
	hidden := func(l, shown *ledger) (values []int) {
		for at, c := range l.cells {
			if !shown.cells[at].shown {
				values = append(values, c.n)
			}
		}
		for at, s := range l.sums {
			rest := 0
			for p, part := range s.parts {
				if !shown.sums[at].parts[p].shown {
					rest += part.n
				}
			}
			values = append(values, rest)
		}
		return values
	}
	actual := hidden(l, l)
	safe := make([]bool, len(actual))
	left := 0
	for at, n := range actual {
		safe[at] = n == 0 || n >= k
		if !safe[at] {
			left++
		}
	}
	for code := 0; code < most*most*most*most && left > 0; code++ {
		var w world
		w.a[0][0], w.a[0][1], w.a[1][0], w.a[1][1] = code%most, code/most%most, code/most/most%most, code/most/most/most
		for x := 0; x <= w.a[0][0]+w.a[1][0] && left > 0; x++ {
			w.b[0][0], w.b[1][0] = x, w.a[0][0]+w.a[1][0]-x
			for y := 0; y <= w.a[0][1]+w.a[1][1]; y++ {
				w.b[0][1], w.b[1][1] = y, w.a[0][1]+w.a[1][1]-y
				other := book(w, k)
				if !agrees(l, other) {
					continue
				}
				for at, n := range hidden(other, l) {
					if !safe[at] && (n == 0 || n >= k) {
						safe[at] = true
						left--
					}
				}
			}
		}
	}
	if left > 0 {
		t.Errorf("%d hidden count(s) of %+v can be told to be small", left, truth)
	}
}
