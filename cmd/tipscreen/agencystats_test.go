package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"tipscreen/screening"
	"tipscreen/store/agency"
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

// TestAgencyStatsOfRealRecords counts what went the whole way: played on a laptop, sealed, sent by a stick, received and
// opened. Who did not agree to statistics is not counted, nor what nobody opened.
func TestAgencyStatsOfRealRecords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stick := filepath.Join(dir, "stick")
	h, p := statsAgency(t, dir, stick)
	interview := func(statistics string) {
		talk := script{"consent.statistics": {statistics}, "in_danger_now": {"stop other"}}
		player := p.play(t, "screen", "--plan", "full", "--person", "th")
		if code := player.finish(talk); code != exitDone {
			t.Fatal(code, player.transcript.String())
		}
	}
	for _, statistics := range []string{"2", "2", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1"} {
		interview(statistics)
	}
	p.must("sync", "push", "stick")
	h.must("agency", "receive", h.dir, stick)
	month := receivedMonth(t, h)
	// Before anything is opened there is nothing to count.
	unopened := copyAgency(t, h, dir, "unopened")
	if out, err := unopened.stats("--release", "first", "--months", month, "--format", "csv"); err != nil || strings.Contains(out, ",10,") {
		t.Errorf("what nobody opened was counted: %v\n%s", err, out)
	}
	h.must("agency", "open", h.dir, "--all")
	// One that agreed less, and ten are nine: the two who did not agree do not fill them up.
	fewer := copyAgency(t, h, dir, "fewer")
	fewer.must("agency", "erase", fewer.dir, lastRecord(t, fewer), "--yes")
	if out, err := fewer.stats("--release", "first", "--months", month, "--format", "csv"); err != nil || strings.Contains(out, ",10,") {
		t.Errorf("people who did not agree were counted: %v\n%s", err, out)
	}
	out, err := h.stats("--release", "first", "--months", month, "--format", "csv")
	if err != nil || !strings.Contains(out, ",10,") {
		t.Errorf("%v\n%s", err, out)
	}
	if again, err := h.stats("--release", "first", "--format", "csv"); err != nil || again != out {
		t.Errorf("the release is not shown as it was made: %v\n%s", err, again)
	}
}

// statsAgency makes an agency and a laptop that sends to it by a stick.
func statsAgency(t *testing.T, dir, stick string) (hq, *post) {
	t.Helper()
	h := hq{t, filepath.Join(dir, "hq"), filepath.Join(dir, "pass")}
	if err := os.WriteFile(h.pass, []byte("agency passphrase of the test"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(stick, 0o755); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(h.must("agency", "init", h.dir, "--name", "Example", "--keep-oversight")), "\n")
	pack := filepath.Join(dir, "pack")
	h.must("agency", "enrol-pack", h.dir, "--out", pack)
	p := &post{t: t, laptop: newLaptop(t)}
	p.must("enrol", pack, "--fingerprint", lines[len(lines)-1])
	p.enrolled = true
	p.must("sync", "add", "stick", stick)
	return h, p
}

// stats runs agency stats two months later, when the month of the records is over.
func (h hq) stats(args ...string) (string, error) {
	cmd := exec.Command("tipscreen", append([]string{"agency", "stats", h.dir, "--passphrase-file", h.pass}, args...)...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", testClock+"=1488h")
	out, err := cmd.Output()
	return string(out), err
}

func copyAgency(t *testing.T, h hq, dir, name string) hq {
	t.Helper()
	to := hq{t, filepath.Join(dir, name), h.pass}
	if err := os.CopyFS(to.dir, os.DirFS(h.dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// onShelf is what agency list says.
func onShelf(t *testing.T, h hq) []agency.Listed {
	t.Helper()
	out, err := exec.Command("tipscreen", "agency", "list", h.dir, "--json", "--passphrase-file", h.pass).Output()
	var all []agency.Listed
	if err == nil {
		err = json.Unmarshal(out, &all)
	}
	if err != nil || len(all) == 0 {
		t.Fatal(err, string(out))
	}
	return all
}

func receivedMonth(t *testing.T, h hq) string { return onShelf(t, h)[0].Received[:7] }

func lastRecord(t *testing.T, h hq) string {
	all := onShelf(t, h)
	return all[len(all)-1].ID
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
