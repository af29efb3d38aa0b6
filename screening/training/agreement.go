package training

import (
	"errors"
	"math"
)

// MinCases is the number of cases below which no figure of agreement is given: it would say more than is known.
const MinCases = 5

// ErrTooFew says that there are fewer than MinCases cases that at least two people judged.
var ErrTooFew = errors.New("fewer than five cases: no figure of agreement is given")

// Figure is one figure of agreement with its 95 % interval. It is absent (nil) where it is not defined, as kappa is when
// everybody always gave the same judgement.
type Figure struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Agreement is how far judgements of the same cases agree. The figures belong together: with a rare or a very common
// judgement kappa falls although people agree, and AC1 does not (Gwet 2008; Zec 2017), so none of them is shown alone.
type Agreement struct {
	Cases  int `json:"cases"`
	Raters int `json:"raters"`
	// Raw is the share of pairs of judgements that agree; its interval is Wilson's. The intervals of the others come from
	// leaving out one case at a time (jackknife).
	Raw Figure `json:"raw"`
	// Cohen is given for two people, Fleiss for any number; Scott is Fleiss' kappa for two.
	Cohen  *Figure `json:"cohen,omitempty"`
	Fleiss *Figure `json:"fleiss,omitempty"`
	AC1    *Figure `json:"ac1,omitempty"`
	// Prevalence (how uneven yes and no are) and Bias (how differently two people use yes) explain a low kappa. They are
	// given for two people and two categories.
	Prevalence *float64 `json:"prevalence,omitempty"`
	Bias       *float64 `json:"bias,omitempty"`
}

// Pair is one case judged by two people, as indexes of categories.
type Pair [2]int

// AgreeTwo compares two people over cases with the given number of categories.
func AgreeTwo(pairs []Pair, categories int) (Agreement, error) {
	if len(pairs) < MinCases {
		return Agreement{}, ErrTooFew
	}
	table := make([][]float64, categories)
	for i := range table {
		table[i] = make([]float64, categories)
	}
	for _, p := range pairs {
		table[p[0]][p[1]]++
	}
	n := float64(len(pairs))
	a := Agreement{Cases: len(pairs), Raters: 2}
	raw, _ := twoRaters(table, n, rawChance)
	a.Raw = wilson(raw, n)
	a.Cohen = jackknifeTable(table, n, cohenChance)
	a.Fleiss = jackknifeTable(table, n, scottChance)
	a.AC1 = jackknifeTable(table, n, gwetChance)
	if categories == 2 {
		prevalence, bias := math.Abs(table[0][0]-table[1][1])/n, math.Abs(table[0][1]-table[1][0])/n
		a.Prevalence, a.Bias = &prevalence, &bias
	}
	return a, nil
}

// chance is the agreement to be expected by chance, from the shares of the categories with each of two people.
type chance func(first, second []float64) float64

func rawChance(_, _ []float64) float64 { return 0 }

// cohenChance: each person keeps to their own shares (Cohen 1960).
func cohenChance(first, second []float64) (pe float64) {
	for k := range first {
		pe += first[k] * second[k]
	}
	return pe
}

// scottChance: both share the same shares (Scott 1955).
func scottChance(first, second []float64) (pe float64) {
	for k := range first {
		mean := (first[k] + second[k]) / 2
		pe += mean * mean
	}
	return pe
}

// gwetChance: chance plays a part only where the category is in doubt (Gwet 2008).
func gwetChance(first, second []float64) (pe float64) {
	for k := range first {
		mean := (first[k] + second[k]) / 2
		pe += mean * (1 - mean)
	}
	return pe / float64(len(first)-1)
}

// twoRaters works one figure out; false: it is not defined.
func twoRaters(table [][]float64, n float64, by chance) (float64, bool) {
	first, second := make([]float64, len(table)), make([]float64, len(table))
	po := 0.0
	for i := range table {
		for j, count := range table[i] {
			first[i] += count / n
			second[j] += count / n
		}
		po += table[i][i] / n
	}
	pe := by(first, second)
	if 1-pe < 1e-12 {
		return 0, false
	}
	return (po - pe) / (1 - pe), true
}

// jackknifeTable gives a figure with the interval from leaving out one case at a time. Cases of the same cell are alike.
func jackknifeTable(table [][]float64, n float64, by chance) *Figure {
	value, ok := twoRaters(table, n, by)
	if !ok {
		return nil
	}
	var left, weights []float64
	for i := range table {
		for j := range table[i] {
			if table[i][j] == 0 {
				continue
			}
			weight := table[i][j]
			table[i][j]--
			without, defined := twoRaters(table, n-1, by)
			table[i][j]++
			if !defined {
				without = value
			}
			left, weights = append(left, without), append(weights, weight)
		}
	}
	return interval(value, left, weights, n)
}

// Counts is one case: how many people chose each category.
type Counts []int

func (c Counts) raters() (n int) {
	for _, count := range c {
		n += count
	}
	return n
}

// AgreeMany compares any number of people. Cases that fewer than two judged say nothing about agreement and are left out.
func AgreeMany(cases []Counts) (Agreement, error) {
	var kept []Counts
	most := 0
	for _, c := range cases {
		if n := c.raters(); n >= 2 {
			kept = append(kept, c)
			most = max(most, n)
		}
	}
	if len(kept) < MinCases {
		return Agreement{}, ErrTooFew
	}
	n := float64(len(kept))
	s := newShares(kept)
	a := Agreement{Cases: len(kept), Raters: most, Raw: wilson(s.po/n, n)}
	a.Fleiss = s.jackknife(kept, fleissPe)
	a.AC1 = s.jackknife(kept, gwetPe)
	return a, nil
}

// shares are the sums over cases from which the figures for many people are made.
type shares struct {
	po, n float64
	pi    []float64 // by category
}

func newShares(cases []Counts) *shares {
	s := &shares{pi: make([]float64, len(cases[0]))}
	for _, c := range cases {
		s.add(c, 1)
	}
	return s
}

func (s *shares) add(c Counts, sign float64) {
	n := float64(c.raters())
	s.n += sign
	for k, count := range c {
		s.po += sign * float64(count*(count-1)) / (n * (n - 1))
		s.pi[k] += sign * float64(count) / n
	}
}

func (s *shares) figure(pe func(pi []float64, n float64) float64) (float64, bool) {
	by := pe(s.pi, s.n)
	if 1-by < 1e-12 {
		return 0, false
	}
	return (s.po/s.n - by) / (1 - by), true
}

func fleissPe(pi []float64, n float64) (pe float64) {
	for _, share := range pi {
		pe += share / n * share / n
	}
	return pe
}

func gwetPe(pi []float64, n float64) (pe float64) {
	for _, share := range pi {
		pe += share / n * (1 - share/n)
	}
	return pe / float64(len(pi)-1)
}

func (s *shares) jackknife(cases []Counts, pe func(pi []float64, n float64) float64) *Figure {
	value, ok := s.figure(pe)
	if !ok {
		return nil
	}
	var left, weights []float64
	for _, c := range cases {
		s.add(c, -1)
		without, defined := s.figure(pe)
		s.add(c, 1)
		if !defined {
			without = value
		}
		left, weights = append(left, without), append(weights, 1)
	}
	return interval(value, left, weights, s.n)
}

// z is the width of a 95 % interval in standard errors.
const z = 1.959964

// interval is the value with its 95 % interval, from the values without each case.
func interval(value float64, left, weights []float64, n float64) *Figure {
	mean := 0.0
	for i, v := range left {
		mean += v * weights[i] / n
	}
	variance := 0.0
	for i, v := range left {
		variance += weights[i] * (v - mean) * (v - mean)
	}
	half := z * math.Sqrt(variance*(n-1)/n)
	if half < 1e-9 && value > 1-1e-9 {
		// Everybody agrees, and leaving a case out shows nothing. What Wilson gives for the raw agreement of so few cases bounds it.
		return &Figure{value, wilson(1, n).Low, value}
	}
	return &Figure{value, math.Max(-1, value-half), math.Min(1, value+half)}
}

// wilson is a share with Wilson's interval (1927), which holds for few cases and for shares near 0 and 1.
func wilson(p, n float64) Figure {
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return Figure{p, math.Max(0, middle-half), math.Min(1, middle+half)}
}
