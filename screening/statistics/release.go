package statistics

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"tipscreen/screening"
)

// ReleaseVersion is the version of the written form of a release.
const ReleaseVersion = 1

// Release is what is published, and nothing else. It is kept as it is: it is never counted anew.
type Release struct {
	V    int    `json:"v"`
	Name string `json:"name"`
	// Periods are the months in which the counted records were received.
	Periods []string `json:"periods"`
	K       int      `json:"k"`
	// Total is absent when it is not shown; so is every other count.
	Total  *int    `json:"total,omitempty"`
	Tables []Table `json:"tables"`
}

// Table holds the counts of one dimension.
type Table struct {
	Dimension Dimension `json:"dimension"`
	Rows      []Row     `json:"rows"`
}

// Row is one value of a dimension, with the count by outcome where the table has that.
type Row struct {
	Value string `json:"value"`
	Count *int   `json:"count,omitempty"`
	// ByOutcome holds the outcomes that are shown.
	ByOutcome map[string]int `json:"by_outcome,omitempty"`
}

// Next checks that a release of these months may be made: they are whole months, they are over, and none of them is in an
// earlier release, because the difference of two releases of one month could show somebody.
func Next(earlier []*Release, periods []string, now time.Time) error {
	if len(periods) == 0 {
		return fmt.Errorf("a release needs at least one month")
	}
	for at, month := range periods {
		begin, err := time.Parse("2006-01", month)
		if err != nil {
			return fmt.Errorf("a month is written as 2026-11")
		}
		if slices.Contains(periods[:at], month) {
			return fmt.Errorf("the month %s is named twice", month)
		}
		if now.UTC().Before(begin.AddDate(0, 1, 0)) {
			return fmt.Errorf("the month %s is not over: a release counts whole months", month)
		}
		for _, one := range earlier {
			if slices.Contains(one.Periods, month) {
				return fmt.Errorf("the month %s is in the release %s, which stays as it is", month, one.Name)
			}
		}
	}
	return nil
}

// counter gathers the counts before anything is hidden.
type counter struct {
	ledger
	total  *cell
	one    map[Dimension]map[string]*cell
	two    map[Dimension]map[string]map[string]*cell // by value, then by outcome
	policy *Policy
	months []string
}

// Build counts the cases that were received in the periods. The caller has asked Next. An error of the sequence ends it: a
// release is whole, or it is not made.
func Build(name string, periods []string, policy *Policy, cases iter.Seq2[Case, error]) (*Release, error) {
	return build(name, periods, policy, cases, K)
}

func build(name string, periods []string, policy *Policy, cases iter.Seq2[Case, error], k int) (*Release, error) {
	if err := policy.Check(); err != nil {
		return nil, err
	}
	t := newCounter(policy, slices.Sorted(slices.Values(periods)), k)
	for c, err := range cases {
		if err != nil {
			return nil, fmt.Errorf("count the records: %w", err)
		}
		if slices.Contains(t.months, c.Received) {
			t.count(&c)
		}
	}
	t.addUp()
	t.suppress()
	return t.release(name), nil
}

func newCounter(policy *Policy, months []string, k int) *counter {
	t := &counter{ledger: ledger{k: k}, one: map[Dimension]map[string]*cell{}, two: map[Dimension]map[string]map[string]*cell{}, policy: policy, months: months}
	t.total = t.cell()
	for _, d := range single {
		for _, value := range policy.listed(d, months) {
			t.at(d, value)
		}
	}
	return t
}

// at finds the count of a value, with the counts by outcome beside it.
func (t *counter) at(d Dimension, value string) *cell {
	if t.one[d] == nil {
		t.one[d], t.two[d] = map[string]*cell{}, map[string]map[string]*cell{}
	}
	c, ok := t.one[d][value]
	if !ok {
		c = t.cell()
		t.one[d][value] = c
		if d != Outcome && slices.Contains(single, d) {
			t.two[d][value] = map[string]*cell{}
			for _, outcome := range outcomes {
				t.two[d][value][outcome] = t.cell()
			}
		}
	}
	return c
}

func (t *counter) count(c *Case) {
	t.total.n++
	outcome := c.Outcome.String()
	for _, d := range single {
		value := t.policy.value(c, d, t.months)
		t.at(d, value).n++
		if d != Outcome {
			t.two[d][value][outcome].n++
		}
	}
	for d, values := range map[Dimension][]string{Indicator: c.Indicators, ServiceGap: c.ServiceGaps} {
		for at, value := range values {
			if !slices.Contains(values[:at], value) {
				t.at(d, value).n++
			}
		}
	}
}

// addUp writes down what everybody knows: which counts are the sum of which.
func (t *counter) addUp() {
	for _, d := range single {
		s := sum{total: t.total}
		for _, value := range slices.Sorted(maps.Keys(t.one[d])) {
			s.parts = append(s.parts, t.one[d][value])
		}
		t.sums = append(t.sums, s)
		if d == Outcome {
			continue
		}
		for _, value := range slices.Sorted(maps.Keys(t.two[d])) {
			across := sum{total: t.one[d][value]}
			for _, outcome := range outcomes {
				across.parts = append(across.parts, t.two[d][value][outcome])
			}
			t.sums = append(t.sums, across)
		}
		for _, outcome := range outcomes {
			down := sum{total: t.one[Outcome][outcome]}
			for _, value := range slices.Sorted(maps.Keys(t.two[d])) {
				down.parts = append(down.parts, t.two[d][value][outcome])
			}
			t.sums = append(t.sums, down)
		}
	}
	for _, d := range multiple {
		for _, value := range slices.Sorted(maps.Keys(t.one[d])) {
			without := t.cell() // those for whom the value does not hold
			without.n, without.never = t.total.n-t.one[d][value].n, true
			t.sums = append(t.sums, sum{total: t.total, parts: []*cell{t.one[d][value], without}})
		}
	}
}

func (t *counter) release(name string) *Release {
	r := &Release{V: ReleaseVersion, Name: name, Periods: t.months, K: t.k, Total: t.show(t.total), Tables: []Table{}}
	for _, d := range append(slices.Clone(single), multiple...) {
		listed := t.policy.listed(d, t.months)
		values := listed
		for _, value := range slices.Sorted(maps.Keys(t.one[d])) {
			if !slices.Contains(values, value) && t.one[d][value].shown {
				values = append(values[:len(values):len(values)], value)
			}
		}
		table := Table{Dimension: d, Rows: []Row{}}
		for _, value := range values {
			row := Row{Value: value, Count: t.show(t.one[d][value])}
			for _, outcome := range outcomes {
				if c := t.two[d][value][outcome]; c != nil && c.shown {
					if row.ByOutcome == nil {
						row.ByOutcome = map[string]int{}
					}
					row.ByOutcome[outcome] = t.floor(c)
				}
			}
			table.Rows = append(table.Rows, row)
		}
		r.Tables = append(r.Tables, table)
	}
	return r
}

func (t *counter) show(c *cell) *int {
	if c == nil || !c.shown {
		return nil
	}
	n := t.floor(c)
	return &n
}

// Rate bounds how many in a hundred of a row had the outcome "no signs so far", from what is shown; false: not enough is
// shown. Rates that differ much from site to site call for a look at how the site works, not at the people.
func (r *Release) Rate(row Row) (from, to int, ok bool) {
	part, shown := row.ByOutcome[screening.NoSignsSoFar.String()]
	if !shown || row.Count == nil {
		return 0, 0, false
	}
	all := *row.Count
	return 100 * part / (all + r.K - 1), min(100, (100*(part+r.K-1)+all-1)/all), true
}

// ReadRelease reads a release that was written as JSON.
func ReadRelease(content []byte) (*Release, error) {
	var r Release
	if err := json.Unmarshal(content, &r); err != nil {
		return nil, fmt.Errorf("the release cannot be read")
	}
	if r.V != ReleaseVersion || r.K < K || r.Name == "" || len(r.Periods) == 0 {
		return nil, fmt.Errorf("the release has version %d, this program reads %d, or it is incomplete", r.V, ReleaseVersion)
	}
	for n := range r.counts() {
		if n < r.K || n%r.K != 0 {
			return nil, fmt.Errorf("the release holds a count that no release can hold")
		}
	}
	return &r, nil
}

// counts lists every count of the release.
func (r *Release) counts() iter.Seq[int] {
	return func(yield func(int) bool) {
		if r.Total != nil && !yield(*r.Total) {
			return
		}
		for _, table := range r.Tables {
			for _, row := range table.Rows {
				if row.Count != nil && !yield(*row.Count) {
					return
				}
				for _, n := range row.ByOutcome {
					if !yield(n) {
						return
					}
				}
			}
		}
	}
}
