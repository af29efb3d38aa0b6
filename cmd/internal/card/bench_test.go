package card

import (
	"slices"
	"testing"
	"time"

	"tipscreen/screening"
)

// BenchmarkAnswerToCard measures from the official's answer until the next question is drawn on the card (budget: p50 50 ms).
// The card and the benchmark read the same clock.
func BenchmarkAnswerToCard(b *testing.B) {
	w := newBrowser(b, 1280, 800)
	c, d, address := newCard(b, Options{Words: samples[0].speakers(b, "en")})
	w.open(address)
	var took []time.Duration
	ids := []string{"papers_kept", "could_not_leave_place"}
	replied := run(b, c, prompt(b, ids[0]))
	w.shows(samples[0].papers)
	for i := 1; b.Loop(); i++ {
		w.eval("window.drawn = 0")
		begin := time.Now()
		d.replies <- screening.Reply{Command: screening.ToAnswer, Value: "yes"}
		<-replied
		replied = run(b, c, prompt(b, ids[i%2]))
		w.until("drawn > 0")
		took = append(took, drawnAfter(b, w, begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e6, "card-p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "card-p99-ms")
}
