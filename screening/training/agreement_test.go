package training

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// pairs makes the cases of a table of two people with yes and no: both yes, yes and no, no and yes, both no.
func pairs(a, b, c, d int) (all []Pair) {
	for cell, n := range []int{a, b, c, d} {
		for range n {
			all = append(all, Pair{cell / 2, cell % 2})
		}
	}
	return all
}

func near(got, want float64) bool { return math.Abs(got-want) < 0.00005 }

// TestAgreementOfTwo holds the figures against worked tables. The first is the well-known case in which kappa is below
// nothing although 94 of 100 judgements agree.
func TestAgreementOfTwo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		table                  [4]int
		raw, cohen, ac1, scott float64
	}{
		{[4]int{118, 5, 2, 0}, .9440, -.0234, .9408, -.0288},
		{[4]int{45, 15, 25, 15}, .6000, .1304, .2661, .1209},
		{[4]int{40, 9, 6, 45}, .8500, .6995, .7007, math.NaN()},
	} {
		a, err := AgreeTwo(pairs(tt.table[0], tt.table[1], tt.table[2], tt.table[3]), 2)
		if err != nil {
			t.Fatal(err)
		}
		if !near(a.Raw.Value, tt.raw) || !near(a.Cohen.Value, tt.cohen) || !near(a.AC1.Value, tt.ac1) || !math.IsNaN(tt.scott) && !near(a.Fleiss.Value, tt.scott) {
			t.Errorf("%v: raw %.4f kappa %.4f AC1 %.4f Scott %.4f", tt.table, a.Raw.Value, a.Cohen.Value, a.AC1.Value, a.Fleiss.Value)
		}
		for _, f := range []*Figure{&a.Raw, a.Cohen, a.AC1, a.Fleiss} {
			if !(f.Low < f.Value && f.Value < f.High) {
				t.Errorf("%v: the interval %v does not hold the value", tt.table, *f)
			}
		}
	}
	a, _ := AgreeTwo(pairs(118, 5, 2, 0), 2)
	if !near(*a.Prevalence, 118.0/125) || !near(*a.Bias, 3.0/125) {
		t.Errorf("prevalence %v bias %v", *a.Prevalence, *a.Bias)
	}
}

// TestAgreementOfMany is the textbook table of Fleiss (1971): ten cases, fourteen people, five categories.
func TestAgreementOfMany(t *testing.T) {
	t.Parallel()
	table := []Counts{{0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1}, {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}}
	a, err := AgreeMany(table)
	if err != nil || !near(a.Fleiss.Value, .2099) || !near(a.AC1.Value, .2256) || a.Cases != 10 || a.Raters != 14 {
		t.Errorf("%+v %v", a, err)
	}
	// Two people are a special case of many.
	two, _ := AgreeTwo(pairs(45, 15, 25, 15), 2)
	var counts []Counts
	for _, p := range pairs(45, 15, 25, 15) {
		c := Counts{0, 0}
		c[p[0]]++
		c[p[1]]++
		counts = append(counts, c)
	}
	many, err := AgreeMany(counts)
	if err != nil || !near(many.Fleiss.Value, two.Fleiss.Value) || !near(many.AC1.Value, two.AC1.Value) || !near(many.AC1.Low, two.AC1.Low) || !near(many.Raw.Value, two.Raw.Value) {
		t.Errorf("%+v differs from %+v: %v", many, two, err)
	}
}

func TestTooFewCases(t *testing.T) {
	t.Parallel()
	if _, err := AgreeTwo(pairs(2, 1, 1, 0), 2); !errors.Is(err, ErrTooFew) {
		t.Error(err)
	}
	alone := []Counts{{1, 0}, {1, 0}, {0, 1}, {2, 0}, {1, 1}, {0, 2}, {2, 0}}
	if _, err := AgreeMany(alone); !errors.Is(err, ErrTooFew) {
		t.Errorf("cases that one person judged were counted: %v", err)
	}
}

// TestEverybodyAgrees: kappa is not defined, AC1 is 1, and five cases do not make it certain.
func TestEverybodyAgrees(t *testing.T) {
	t.Parallel()
	a, err := AgreeTwo(pairs(5, 0, 0, 0), 2)
	if err != nil || a.Cohen != nil || a.Fleiss != nil || !near(a.AC1.Value, 1) || a.AC1.Low > 0.6 || a.Raw.Low > 0.6 {
		t.Errorf("%+v %v", a, err)
	}
}

// TestIntervalsHoldTheTruth: of samples from a population whose AC1 is known, about 95 in 100 intervals hold it.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	whole, _ := AgreeTwo(pairs(4500, 1500, 2500, 1500), 2)
	population := pairs(45, 15, 25, 15)
	r := rand.New(rand.NewPCG(1, 1))
	held := [3]int{}
	const samples = 1000
	for range samples {
		var sample []Pair
		for range 80 {
			sample = append(sample, population[r.IntN(len(population))])
		}
		a, err := AgreeTwo(sample, 2)
		if err != nil {
			t.Fatal(err)
		}
		for at, f := range [][2]*Figure{{&a.Raw, &whole.Raw}, {a.Cohen, whole.Cohen}, {a.AC1, whole.AC1}} {
			if f[0].Low <= f[1].Value && f[1].Value <= f[0].High {
				held[at]++
			}
		}
	}
	for _, n := range held {
		if n < 925 || n > 980 {
			t.Errorf("%v of %d intervals hold the truth", held, samples)
		}
	}
}
