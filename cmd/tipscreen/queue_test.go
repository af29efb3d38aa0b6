package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/screening/queue"
)

// people is how many arrive in the test of a mass release: those of a real day.
var people = flag.Int("people", 501, "how many people arrive in the test of a mass release")

// desk of the test: one laptop with its queue open in line mode.
type counter struct {
	laptop
	t      *testing.T
	p      *player
	prefix string
	keys   int // replies typed
	done   int // people who had the short look
}

func newCounter(t *testing.T, prefix string) *counter {
	c := &counter{laptop: newLaptop(t), t: t, prefix: prefix}
	c.p = c.play(t, "queue", "--prefix", prefix, "--person", "en")
	c.to("session.code")
	c.reply("2468")
	return c
}

func (c *counter) reply(text string) {
	c.keys++
	c.p.reply(text)
}

// to reads up to a prompt, which has to be the next one.
func (c *counter) to(want string) {
	c.t.Helper()
	id, ok := c.p.next()
	if !ok || id != want {
		tail := c.p.transcript.String()
		c.t.Fatalf("%s comes, want %s:\n%s", id, want, tail[max(0, len(tail)-1500):])
	}
}

func (c *counter) arrive(text string) {
	c.t.Helper()
	c.to("queue")
	c.reply("arrive")
	c.to("queue.arrive")
	c.reply(text)
}

func (c *counter) mark(text string) {
	c.t.Helper()
	c.to("queue")
	c.reply("mark")
	c.to("queue.mark")
	c.reply(text)
}

// look leads the next people through the short look, at most so many; refuses tells who does not want to talk.
func (c *counter) look(n int, r *rand.Rand) {
	c.t.Helper()
	c.to("queue")
	c.reply("screen")
	for done := 0; ; {
		id, ok := c.p.next()
		switch {
		case !ok:
			c.t.Fatalf("the program ended:\n%s", c.p.transcript.String())
		case id == "queue": // nobody waits any more
			c.p.pushBack(id)
			return
		case id == "queue.after":
			done++
			c.done++
			if done == n {
				c.reply("menu")
				return
			}
			c.reply("slip")
		case id == "consent.both" && r.IntN(20) == 0, id == "consent.talk":
			c.reply("2")
		case id == "gate.age" && r.IntN(25) == 0:
			c.reply("2")
		case strings.HasPrefix(id, "gate."), strings.HasPrefix(id, "consent."):
			c.reply("1")
		case r.IntN(12) == 0:
			c.reply("1")
		default:
			c.reply("2")
		}
	}
}

// kill pulls the plug, and opens the queue again unless the laptop is dead for good.
func (c *counter) kill(forGood bool) {
	c.t.Helper()
	_ = c.p.cmd.Process.Kill()
	_ = c.p.cmd.Wait()
	if forGood {
		return
	}
	c.p = c.play(c.t, "queue", "--person", "en")
	c.to("session.code")
	c.reply("2468")
}

func (c *counter) end() {
	c.t.Helper()
	c.to("queue")
	c.reply("end")
	if code := c.p.end(); code != exitDone {
		c.t.Fatalf("exit code %d", code)
	}
}

func (c *counter) board() (b queue.Board) {
	c.t.Helper()
	out, err := c.command("queue", "board", "--json").Output()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := json.Unmarshal(out, &b); err != nil {
		c.t.Fatal(err)
	}
	return b
}

// hand carries a file from one laptop to another.
func (c *counter) hand(to *counter, numbers ...string) {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "numbers")
	args := append([]string{"queue", "give", file}, numbers...)
	if len(numbers) == 0 {
		args = append(args, "--copy")
	} else {
		args = append(args, "--to", to.prefix)
	}
	passphrase, err := c.command(args...).Output()
	if err != nil {
		c.t.Fatalf("give: %v", err)
	}
	for range 2 { // the same file twice changes nothing
		cmd := to.command("queue", "take", file, "--prefix", "")
		cmd.Stdin = strings.NewReader(string(passphrase))
		if out, err := cmd.CombinedOutput(); err != nil {
			c.t.Fatalf("take: %v\n%s", err, out)
		}
	}
}

// TestMassRelease is a day at a border: hundreds arrive at three laptops, some late, with families, children and sick
// people among them; laptops are killed in the middle, and one dies for good. No number is lost and none is there twice,
// who needs help comes first, and everybody gets a slip.
func TestMassRelease(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	counters := []*counter{newCounter(t, "A"), newCounter(t, "B"), newCounter(t, "C")}
	each := *people / 3
	start := time.Now()
	for at, c := range counters {
		c.arrive(fmt.Sprint(each / 2))
		c.arrive("3 family")
		c.arrive("1 child")
		c.arrive("1 medical")
		c.mark(fmt.Sprintf("%c-001 apart %c-002", 'A'+at, 'A'+at))
		c.look(each/4, r)
		c.kill(false)
		c.arrive(fmt.Sprint(each - each/2 - 5)) // latecomers
		c.end()
	}
	a, b, c := counters[0], counters[1], counters[2]
	a.hand(b) // b knows of every number of a
	c.hand(b, "C-001", "C-002", "C-003")
	elsewhere := b.board().Elsewhere["A"]
	if len(elsewhere) != each {
		t.Fatalf("b knows that a looks after %d numbers, want %d", len(elsewhere), each)
	}
	// a dies for good: b looks after its numbers.
	if out, code := b.run(t, "queue", "reclaim", "A"); code != exitDone || strings.Count(out, "A-") != each {
		t.Fatalf("reclaim: %d\n%s", code, out)
	}
	checkOrder(t, b.board())
	for _, one := range []*counter{b, c} {
		one.p = one.play(t, "queue", "--person", "en")
		one.to("session.code")
		one.reply("2468")
		one.look(1000, r)
		for _, row := range one.slipless() {
			one.mark(row + " slip")
		}
		one.end()
	}
	c.hand(b)
	final := b.board()
	var numbers []string
	for _, row := range final.Rows {
		numbers = append(numbers, row.Number)
		if row.Step == "screen" || !row.Slip {
			t.Errorf("%s: next step %s, slip %v", row.Number, row.Step, row.Slip)
		}
	}
	slices.Sort(numbers)
	if len(slices.Compact(numbers)) != 3*each || len(final.Rows) != 3*each {
		t.Errorf("%d numbers at the end, want %d", len(final.Rows), 3*each)
	}
	looked, keys := 0, 0
	for _, one := range counters {
		looked, keys = looked+one.done, keys+one.keys
	}
	t.Logf("%d people, %d short looks, %.1f keys for each with all menus, %v for each", 3*each, looked, float64(keys)/float64(looked), time.Since(start).Round(time.Millisecond)/time.Duration(looked))
}

// slipless are the numbers that had the short look and no slip.
func (c *counter) slipless() (numbers []string) {
	c.t.Helper()
	c.to("queue")
	c.reply("end")
	_ = c.p.end()
	for _, row := range c.board().Rows {
		if row.Step != "screen" && !row.Slip {
			numbers = append(numbers, row.Number)
		}
	}
	c.p = c.play(c.t, "queue", "--person", "en")
	c.to("session.code")
	c.reply("2468")
	return numbers
}

// checkOrder: nobody with a need stands behind somebody without one, families stand together.
func checkOrder(t *testing.T, b queue.Board) {
	t.Helper()
	plain, seen := false, map[int]bool{}
	for i, row := range b.Rows {
		if row.Step != "screen" && row.Step != "private" {
			break // nothing is due any more from here on
		}
		if row.Family == 0 {
			if len(row.Needs) > 0 && plain {
				t.Errorf("%s with %v stands behind somebody without a need", row.Number, row.Needs)
			}
			plain = plain || len(row.Needs) == 0
		}
		if row.Family > 0 && !seen[i] {
			for k := i; k < i+row.Family; k++ {
				seen[k] = true
				if k < len(b.Rows) && b.Rows[k].Step != row.Step {
					break // somebody of the family has had the look already
				}
				if k >= len(b.Rows) || b.Rows[k].Family != row.Family {
					t.Errorf("the family of %s is not together", row.Number)
				}
			}
		}
	}
}

// TestStickRefused: a wrong passphrase, a changed file and a file of another kind take nothing.
func TestStickRefused(t *testing.T) {
	t.Parallel()
	a, b := newLaptop(t), newLaptop(t)
	if _, code := a.run(t, "queue", "arrive", "2", "--prefix", "A"); code != exitDone {
		t.Fatal("nobody got a number")
	}
	file := filepath.Join(t.TempDir(), "numbers")
	passphrase, err := a.command("queue", "give", file, "--to", "B", "A-001").Output()
	if err != nil {
		t.Fatal(err)
	}
	content := []byte(readFile(t, file))
	changed := slices.Clone(content)
	changed[len(changed)-5] ^= 1
	for name, attempt := range map[string]struct {
		content    []byte
		passphrase string
	}{
		"wrong passphrase": {content, "something else entirely\n"}, "changed": {changed, string(passphrase)}, "another kind": {[]byte("hello"), string(passphrase)},
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, attempt.content, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := b.command("queue", "take", path, "--prefix", "B")
		cmd.Stdin = strings.NewReader(attempt.passphrase)
		out, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(string(out), "was not opened") {
			t.Errorf("%s: %d %s", name, cmd.ProcessState.ExitCode(), out)
		}
	}
	if out, _ := b.run(t, "queue", "board", "--json", "--prefix", "B"); strings.Contains(out, "A-001") {
		t.Error("a refused file was taken")
	}
	if strings.Contains(string(content), "A-001") || strings.Contains(string(content), "arrived") {
		t.Error("the file can be read without the passphrase")
	}
}
