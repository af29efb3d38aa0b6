package store

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Tests that need a process of their own run this binary again: what to do, and in which store.
const (
	childWork = "STORE_TEST_CHILD"
	childDir  = "STORE_TEST_DIR"
)

func TestMain(m *testing.M) {
	switch work := os.Getenv(childWork); work {
	case "":
		os.Exit(m.Run())
	case "crash":
		crashChild(os.Getenv(childDir))
	default:
		diskChild(work, os.Getenv(childDir))
	}
}

func child(work, dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childWork+"="+work, childDir+"="+dir)
	return cmd
}

// crashChild works as fast as it can and says what was acknowledged.
func crashChild(dir string) {
	s, err := Open(light(dir), testHandle, []byte(testPass))
	if err != nil {
		fmt.Println("error", err)
		return
	}
	r := rand.New(rand.NewPCG(uint64(os.Getpid()), 1))
	fail := func(err error) {
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	for {
		d, err := s.NewDraft()
		fail(err)
		for i := range 1 + r.IntN(6) {
			fail(d.Save(snapshot(d, i+1)))
			fmt.Println("saved", d.ID(), i+1)
		}
		switch r.IntN(4) {
		case 0:
			fmt.Println("finishing", d.ID())
			fail(d.Finish([]byte("stub"), map[string][]byte{Protection: []byte("protection of " + d.ID())}))
			fmt.Println("finished", d.ID())
			if s.Enrolled() && r.IntN(2) == 0 {
				fmt.Println("sealing", d.ID())
				fail(s.Done(d.ID()))
				fmt.Println("sealed", d.ID())
			}
		case 1:
			fmt.Println("discarding", d.ID())
			fail(d.Discard())
			fmt.Println("discarded", d.ID())
		}
	}
}

// TestKilled kills the program at random moments. What it had acknowledged is there, and nothing counts as damage.
func TestKilled(t *testing.T) {
	t.Parallel()
	o, _ := create(t)
	killed(t, o)
}

// TestKilledEnrolled does the same where records are sealed to an agency and their keys shredded.
func TestKilledEnrolled(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, true)
	killed(t, light(o.Dir))
}

// kills is how often each of the two kills the program; more find rarer moments.
var kills = flag.Int("kills", 100, "how often a kill test kills the program")

// killed starts from a copy of the store every twenty rounds: what piles up in one makes each round slower.
func killed(t *testing.T, base Options) {
	rounds := *kills
	if testing.Short() {
		rounds = 3
	}
	for ; rounds > 0; rounds -= 20 {
		killedOften(t, image(t, base), min(rounds, 20))
	}
}

func killedOften(t *testing.T, o Options, rounds int) {
	last := map[string]string{} // id → last line about it
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 2))
	for round := range rounds {
		fresh := map[string]string{}
		for _, line := range runAndKill(t, o.Dir, time.Duration(5+r.IntN(70))*time.Millisecond) {
			word, rest, _ := strings.Cut(line, " ")
			if word == "error" {
				t.Fatal(line)
			}
			id, _, _ := strings.Cut(rest, " ")
			last[id], fresh[id] = line, line
		}
		s := reopen(t, o)
		if round == rounds-1 {
			fresh = last
			sound(t, s)
		} else if report, err := s.VerifyNew(); err != nil || !report.OK() {
			t.Errorf("verify: %v %q", err, report.Problems)
		}
		for id, line := range fresh {
			checkAcknowledged(t, s, id, line)
		}
		closeStore(t, s)
	}
	if len(last) == 0 {
		t.Error("the child did nothing")
	}
}

// runAndKill gives the lines that the child wrote before it was killed, after the first one.
func runAndKill(t *testing.T, dir string, after time.Duration) []string {
	t.Helper()
	cmd := child("crash", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for sc := bufio.NewScanner(out); sc.Scan(); {
		if lines == nil {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		lines = append(lines, sc.Text())
	}
	cmd.Wait()
	return lines
}

func checkAcknowledged(t *testing.T, s *Store, id, line string) {
	t.Helper()
	f := strings.Fields(line)
	draft, got, derr := s.OpenDraft(id)
	content, rerr := s.ReadRecord(id, Protection)
	isDraft, isRecord := derr == nil, rerr == nil && string(content) == "protection of "+id
	ok := false
	switch f[0] {
	case "saved":
		n, _ := strconv.Atoi(f[2])
		ok = isDraft && (bytes.Equal(got, snapshot(draft, n)) || bytes.Equal(got, snapshot(draft, n+1)))
	case "finishing":
		ok = isDraft != isRecord
	case "finished":
		ok = isRecord && !isDraft
	case "sealing":
		ok = !isDraft && (isRecord || errors.Is(rerr, ErrSealed))
	case "sealed":
		ok = !isDraft && errors.Is(rerr, ErrSealed)
	case "discarding":
		ok = !isRecord // it may be gone or not yet
	case "discarded":
		ok = !isDraft && !isRecord
	}
	if !ok {
		t.Errorf("%q, but draft %v, record %v", line, derr, rerr)
	}
}
