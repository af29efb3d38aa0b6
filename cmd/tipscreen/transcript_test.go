package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden transcripts anew")

var (
	clock    = regexp.MustCompile(`\d\d:\d\d:\d\d`)
	dataLine = regexp.MustCompile(`(?m)^\[session\.code\].*\n`)
)

// scenario reads the replies of a scenario; the plan stands among them.
func scenario(t testing.TB, path string) (s script, plan string) {
	t.Helper()
	s = script{}
	for line := range strings.Lines(readFile(t, path)) {
		id, replies, ok := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case !ok || strings.HasPrefix(line, "#"):
		case id == "plan":
			plan = replies
		default:
			s[id] = strings.Split(replies, " | ")
		}
	}
	return s, plan
}

// TestTranscripts holds whole interviews in plain lines, as the official sees them, against the transcripts that people
// have read: each plan and each turn that an interview can take, in English and in Thai. A change of a word, an order or
// a rule shows here. -update writes them anew. Package form does the same with its screens.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../testdata/scenarios/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, path := range paths {
		for _, official := range []string{"en", "th"} {
			name := strings.TrimSuffix(filepath.Base(path), ".txt") + "-" + official + "-th.txt"
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s, plan := scenario(t, path)
				l := newLaptop(t)
				p := l.play(t, "screen", "--plan", plan, "--ui", official, "--person", "th")
				if code := p.finish(s); code != exitDone {
					t.Fatalf("exit code %d\n%s", code, p.transcript.String())
				}
				got := clock.ReplaceAllString(p.transcript.String(), "00:00:00")
				got = referenceInText.ReplaceAllString(got, "REFERENCE")
				got = dataLine.ReplaceAllString(got, "[session.code]\n")
				golden := filepath.Join("..", "..", "testdata", "transcripts", name)
				if *update {
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
