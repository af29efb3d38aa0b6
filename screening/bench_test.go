package screening

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkAssess assesses full cases: every item of the bank answered, a third with yes, the rest with no, unclear,
// unknown or declined. The budget is 20,000 a second on one core, reasons and would_change included.
func BenchmarkAssess(b *testing.B) {
	a := shipped(b)
	cases := fullCases(a)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			_ = a.Assess(&cases[i%len(cases)])
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
}

func fullCases(a *Assessor) []Case {
	r := rand.New(rand.NewPCG(7, 7))
	cases := make([]Case, 256)
	for i := range cases {
		cases[i] = Case{ID: "b", Age: []Age{Adult, Child}[i%2], Answers: map[string]Answer{}}
		for at := 0; at < a.items; at++ {
			if a.keys[at].yesNo && !a.keys[at].never {
				cases[i].Answers[a.keys[at].id] = Answer{Value: []Value{Yes, Yes, Yes, No, No, No, No, Unclear, Unknown, Declined}[r.IntN(10)]}
			}
		}
	}
	return cases
}
