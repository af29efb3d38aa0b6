package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"tipscreen/screening"
)

// TestAgencyStats counts real records, made by playing an interview: a release is made once, kept, shown in each form, and
// neither it nor its months can be counted again; a record that cannot be opened makes no release.
func TestAgencyStats(t *testing.T) {
	t.Parallel()
	part := finishedPart(t)
	dir := t.TempDir()
	broken := false
	parts := func(*cobra.Command, string) iter.Seq2[receivedPart, error] {
		return func(yield func(receivedPart, error) bool) {
			if broken {
				yield(receivedPart{}, errors.New("a record cannot be opened"))
				return
			}
			for n := range 34 {
				month := "2026-09"
				if n >= 23 {
					month = "2026-10"
				}
				if !yield(receivedPart{month, part}, nil) {
					return
				}
			}
		}
	}
	call := func(args ...string) (string, error) {
		var out bytes.Buffer
		e := &env{in: bufio.NewReader(strings.NewReader("")), out: &out, err: io.Discard, getenv: func(string) string { return "" },
			now: func() time.Time { return time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC) }, options: globalOptions{home: filepath.Join(dir, "none")}}
		command := newAgencyStats(e, parts)
		command.SetArgs(append([]string{dir}, args...))
		command.SilenceUsage, command.SilenceErrors = true, true
		err := command.Execute()
		return out.String(), err
	}
	broken = true
	if _, err := call("--release", "sept", "--months", "2026-09"); err == nil {
		t.Error("a release was made though a record could not be opened")
	}
	broken = false
	first, err := call("--release", "sept", "--months", "2026-09")
	if err != nil || !strings.Contains(first, "at least 20") || !strings.Contains(first, "Refer now") {
		t.Fatal(first, err)
	}
	if again, err := call("--release", "sept"); err != nil || again != first {
		t.Error("the release is not shown as it was made", err)
	}
	for _, args := range [][]string{
		{"--release", "sept", "--months", "2026-09"}, {"--release", "again", "--months", "2026-09,2026-10"}, {"--release", "now", "--months", "2026-11"},
		{"--release", "../x", "--months", "2026-10"}, {"--release", "odd", "--months", "2026-10", "--format", "pdf"},
	} {
		if _, err := call(args...); exitCode(err) != exitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
	if _, err := call("--release", "oct", "--months", "2026-10"); err != nil {
		t.Error(err)
	}
	for format, wants := range map[string]string{"csv": "sept,outcome,refer_now,,20,29", "html": "<svg", "json": `"k": 10`} {
		if got, err := call("--release", "sept", "--format", format); err != nil || !strings.Contains(got, wants) {
			t.Errorf("%s: %v\n%s", format, err, got)
		}
	}
	if list, err := call(); err != nil || !strings.Contains(list, "oct") || !strings.Contains(list, "2026-09") {
		t.Error(list, err)
	}
}

// finishedPart plays an interview and reads the protection part of its record.
func finishedPart(t *testing.T) *screening.Part {
	t.Helper()
	l := newLaptop(t)
	p := l.play(t, "screen", "--plan", "full", "--person", "th")
	if code := p.finish(compound()); code != exitDone {
		t.Fatal(code, p.transcript.String())
	}
	id := referenceInText.FindString(p.transcript.String())
	out, err := l.command("records", "show", id[strings.LastIndex(id, " ")+1:], "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var parts []*screening.Part
	if err := json.Unmarshal(out, &parts); err != nil {
		t.Fatal(err)
	}
	return parts[0]
}
