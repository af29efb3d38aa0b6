package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tipscreen/screening"
	"tipscreen/store"
	"tipscreen/store/agency"
)

// objectStore starts a real S3 server with an empty bucket, and gives the address of that.
func objectStore(t *testing.T) string {
	t.Helper()
	program := os.Getenv("VERSITYGW")
	if program == "" {
		program = "versitygw"
	}
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("no versitygw here: neither on the path nor named by VERSITYGW")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	listener.Close()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "intake"), 0o700); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(program, "--quiet", "--port", host, "posix", dir)
	server.Env = append(os.Environ(), "ROOT_ACCESS_KEY=access", "ROOT_SECRET_KEY=secretsecret")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	for range 200 {
		if c, err := net.Dial("tcp", host); err == nil {
			c.Close()
			return "s3://intake/box?endpoint=http://" + host
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("the server does not start")
	return ""
}

// post is a laptop at a border post, with everything that was answered there.
type post struct {
	laptop
	t        *testing.T
	answered []map[string]string // of each interview: what was replied to which item
}

// words are the answers behind the digits.
var words = map[string]string{"1": "yes", "2": "no", "3": "unclear", "4": "unknown", "5": "declined"}

// interview plays one at the counter, with random answers; killed in the middle, it is taken up again.
func (p *post) interview(r *rand.Rand, kill bool) {
	p.t.Helper()
	replies := map[string]string{}
	end := r.IntN(14) + 6
	player := p.play(p.t, "screen", "--plan", "checkpoint", "--person", "en")
	for n := 0; ; n++ {
		id, ok := player.next()
		if !ok {
			break
		}
		if kill && n == end {
			_ = player.cmd.Process.Kill()
			_ = player.cmd.Wait()
			player = p.play(p.t, "resume")
			kill = false
			continue
		}
		reply := script{}.answer(id)
		if isItem[id] {
			reply = fmt.Sprint(1 + r.IntN(5))
			replies[id] = words[reply]
		}
		player.reply(reply)
	}
	if code := player.end(); code != exitDone {
		p.t.Fatalf("exit code %d\n%s", code, player.transcript.String())
	}
	p.answered = append(p.answered, replies)
}

// isItem names what a checkpoint interview asks.
var isItem = map[string]bool{"marks_on_body": true, "looks_ill": true, "another_speaks": true, "nothing_with_them": true, "looks_younger": true,
	"paid_for_job": true, "travel_arranged": true, "job_not_as_told": true, "work_not_as_promised": true, "papers_held_now": true, "phone_held_now": true}

// must runs a command that has to succeed.
func (p *post) must(args ...string) string {
	p.t.Helper()
	out, code := p.run(p.t, args...)
	if code != exitDone {
		p.t.Fatalf("%v: exit code %d\n%s", args, code, out)
	}
	return out
}

// pushAndKill starts a push and kills it at a random moment, a few times, and then lets one finish.
func (p *post) pushAndKill(r *rand.Rand, target string) {
	p.t.Helper()
	for range 3 {
		cmd := p.command("sync", "push", target)
		if err := cmd.Start(); err != nil {
			p.t.Fatal(err)
		}
		time.Sleep(time.Duration(150+r.IntN(400)) * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	p.must("sync", "push", target)
}

func (p *post) states() map[store.Progress]int {
	p.t.Helper()
	cmd := p.command("sync", "status", "--json")
	out, err := cmd.Output()
	var all store.Transfers
	if err == nil {
		err = json.Unmarshal(out, &all)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	count := map[store.Progress]int{}
	for _, one := range all.Records {
		count[one.State]++
	}
	return count
}

// hq is the agency of the test, with its folder and passphrase.
type hq struct {
	t         *testing.T
	dir, pass string
}

func (h hq) must(args ...string) string {
	h.t.Helper()
	cmd := exec.Command("tipscreen", append(args, "--passphrase-file", h.pass)...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// post makes a laptop that works for the agency and can send to two places.
func (h hq) post(stick, bucket, keys string) *post {
	h.t.Helper()
	p := &post{t: h.t, laptop: newLaptop(h.t)}
	words := strings.TrimSpace(readFile(h.t, filepath.Join(filepath.Dir(h.dir), "words")))
	out := p.must("enrol", filepath.Join(filepath.Dir(h.dir), "pack"), "--fingerprint", words)
	p.enrolled = true
	fields := strings.Fields(out[strings.Index(out, "device "):])
	h.must("agency", "register", h.dir, fields[1], fields[2])
	p.must("sync", "add", "stick", stick)
	p.must("sync", "add", "bucket", bucket, "--credentials-file", keys)
	return p
}

// TestTwoLaptops plays two posts and their agency to the end: ten interviews at each, killed here and there, as are the
// pushes; one sends by a stick and hears by the object store, the other the other way round. What the agency opens is what
// was answered, nothing is removed before it said so, and a laptop that is put back to an older copy is found out.
func TestTwoLaptops(t *testing.T) {
	t.Parallel()
	bucket := objectStore(t)
	dir := t.TempDir()
	stick, keys := filepath.Join(dir, "stick"), filepath.Join(dir, "keys")
	h := hq{t, filepath.Join(dir, "hq"), filepath.Join(dir, "pass")}
	for name, content := range map[string]string{h.pass: "agency passphrase of the test", keys: "access\nsecretsecret\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(stick, 0o755); err != nil {
		t.Fatal(err)
	}
	out := h.must("agency", "init", h.dir, "--name", "Example", "--keep-oversight", "--retention-days", "1")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err := os.WriteFile(filepath.Join(dir, "words"), []byte(lines[len(lines)-1]), 0o600); err != nil {
		t.Fatal(err)
	}
	h.must("agency", "enrol-pack", h.dir, "--out", filepath.Join(dir, "pack"))
	one, two := h.post(stick, bucket, keys), h.post(stick, bucket, keys)
	r := rand.New(rand.NewPCG(5, 8))
	for n := range 10 {
		one.interview(r, n%4 == 1)
		two.interview(r, n%4 == 3)
		if n == 5 {
			one.pushAndKill(r, "stick")
			two.pushAndKill(r, "bucket")
		}
	}
	older := filepath.Join(dir, "older")
	if err := os.CopyFS(older, os.DirFS(two.home)); err != nil {
		t.Fatal(err)
	}
	one.pushAndKill(r, "stick")
	two.pushAndKill(r, "bucket")
	if a, b := one.states(), two.states(); a[store.WasSent] != 10 || b[store.WasSent] != 10 {
		t.Fatal(a, b)
	}
	h.exchange(stick, bucket, keys)
	one.must("sync", "pull", "bucket")
	two.must("sync", "pull", "stick")
	if a, b := one.states(), two.states(); a[store.HasArrived] != 10 || b[store.HasArrived] != 10 {
		t.Fatal(a, b)
	}
	one.clock, two.clock = "30h", "30h"
	one.removed(0)
	h.must("agency", "open", h.dir, "--all")
	h.exchange(stick, bucket, keys)
	one.must("sync", "pull", "bucket")
	two.must("sync", "pull", "stick")
	one.removed(10)
	two.removed(10)
	h.compare(one, two)
	two.putBack(h, older, stick, bucket, keys)
}

// exchange is one round of the agency at both places.
func (h hq) exchange(stick, bucket, keys string) {
	h.t.Helper()
	h.must("agency", "receive", h.dir, stick)
	h.must("agency", "receive", h.dir, bucket, "--credentials-file", keys)
	h.must("agency", "receive", h.dir, stick) // what came by the one is told by the other
	if out := h.must("agency", "list", h.dir, "--devices"); strings.Contains(out, "Laptop") {
		h.t.Errorf("something is odd: %s", out)
	}
}

// removed lets the retention run, which may remove so many records.
func (p *post) removed(want int) {
	p.t.Helper()
	p.must("records", "retention", "--clock-is-right")
	if out := p.must("records", "retention", "--yes"); !strings.Contains(out, fmt.Sprintf("%d record(s) removed", want)) {
		p.t.Errorf("not %d removed: %s", want, out)
	}
}

// compare holds what the agency can count against what was answered, interview by interview.
func (h hq) compare(posts ...*post) {
	h.t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, p := range posts {
		for _, replies := range p.answered {
			want[fmt.Sprint(replies)]++
		}
	}
	a, err := agency.Open(agency.Options{Dir: h.dir}, []byte("agency passphrase of the test"))
	if err != nil {
		h.t.Fatal(err)
	}
	for one, err := range a.Opened() {
		if err != nil {
			h.t.Fatal(err)
		}
		part, err := screening.ReadPart(one.Content)
		if err != nil {
			h.t.Fatal(err)
		}
		replies := map[string]string{}
		for _, e := range part.Events {
			if e.Kind == screening.Answered && isItem[e.Step] {
				replies[e.Step] = string(e.Value)
			}
		}
		got[fmt.Sprint(replies)]++
	}
	if fmt.Sprint(want) != fmt.Sprint(got) || len(got) < 15 {
		h.t.Errorf("answered:\n%v\ncounted:\n%v", want, got)
	}
}

// putBack puts the laptop back to an older copy, of before its last push, and goes on with it.
func (p *post) putBack(h hq, older, stick, bucket, keys string) {
	p.t.Helper()
	p.home, p.clock = older, ""
	p.interview(rand.New(rand.NewPCG(1, 1)), false)
	p.must("sync", "push", "bucket")
	out := h.must("agency", "receive", h.dir, bucket, "--credentials-file", keys)
	if !strings.Contains(out, "put the laptop back to an older copy") {
		p.t.Errorf("the agency does not say it: %s", out)
	}
	if out := p.must("sync", "pull"); !strings.Contains(out, "knows a later state of this laptop") {
		p.t.Errorf("the laptop does not say it: %s", out)
	}
	if out := p.must("sync", "status"); !strings.Contains(out, "knows a later state of this laptop") {
		p.t.Errorf("the status does not say it: %s", out)
	}
}
