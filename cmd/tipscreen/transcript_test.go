package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "write the golden transcripts anew")

var (
	clock    = regexp.MustCompile(`\d\d:\d\d:\d\d`)
	dataLine = regexp.MustCompile(`(?m)^\[session\.code\].*\n`)
)

// TestTranscripts holds whole interviews, as the official sees them, against the transcripts that people have read: each
// plan, in English and in Thai. A change of a word, an order or a rule shows here. -update writes them anew.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, plan := range []string{"full", "checkpoint"} {
		for _, languages := range [][2]string{{"en", "th"}, {"th", "th"}} {
			name := plan + "-" + languages[0] + "-" + languages[1] + ".txt"
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l := newLaptop(t)
				p := l.play(t, "screen", "--plan", plan, "--ui", languages[0], "--person", languages[1])
				if code := p.finish(compound()); code != exitDone {
					t.Fatalf("exit code %d\n%s", code, p.transcript.String())
				}
				got := clock.ReplaceAllString(p.transcript.String(), "00:00:00")
				got = referenceInText.ReplaceAllString(got, "REFERENCE")
				got = dataLine.ReplaceAllString(got, "[session.code]\n")
				golden := filepath.Join("..", "..", "testdata", "transcripts", name)
				if *update {
					if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				if want := readFile(t, golden); got != want {
					t.Errorf("the interview differs from %s at %s; read the difference, then run with -update", golden, firstDifference(got, want))
				}
			})
		}
	}
}

// firstDifference shows where two texts part.
func firstDifference(got, want string) string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	from := max(0, at-80)
	return "…" + got[from:min(len(got), at+80)] + "… (want …" + want[from:min(len(want), at+80)] + "…)"
}
