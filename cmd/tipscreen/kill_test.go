package main

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/screening"
)

// kills is how often each kill test kills the program; more find rarer moments.
var kills = flag.Int("kills", 12, "how often a kill test kills the program")

// said is a reply that was typed.
type said struct{ id, value string }

// playUntilKilled answers until a random prompt, kills the program at a random moment after the reply to it was sent, and
// gives the replies that were acknowledged: those after which the next prompt was shown.
func playUntilKilled(t *testing.T, l laptop, r *rand.Rand) (acknowledged []said, inFlight said) {
	t.Helper()
	p := l.play(t, "screen", "--person", "en")
	s := compound()
	last := 26 + r.IntN(45)
	for n := 0; ; n++ {
		id, ok := p.next()
		if !ok {
			t.Fatalf("the program ended by itself:\n%s", p.transcript.String())
		}
		if inFlight.id != "" {
			acknowledged = append(acknowledged, inFlight)
		}
		inFlight = said{id, s.answer(id)}
		p.reply(inFlight.value)
		if n == last {
			break
		}
	}
	time.Sleep(time.Duration(r.IntN(4000)) * time.Microsecond)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
	return acknowledged, inFlight
}

// TestKilledAtAnyMoment: after kill -9, every acknowledged answer is there and the next question is the right one.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	r := rand.New(rand.NewPCG(11, 4))
	for range *kills {
		acknowledged, inFlight := playUntilKilled(t, l, r)
		searchCanaries(t, l, "after a kill")
		p := l.play(t, "resume")
		if id, _ := p.next(); id != "session.code" {
			t.Fatalf("resume begins with %q:\n%s", id, p.transcript.String())
		}
		p.reply("2468")
		next, _ := p.next()
		p.reply("stop")
		if code := p.finish(script{}); code != exitDone {
			t.Fatalf("exit code %d\n%s", code, p.transcript.String())
		}
		id := referenceInText.FindString(p.transcript.String())
		events := l.record(t, id)[0].Events
		for _, one := range acknowledged {
			if one.id == "session.code" {
				continue
			}
			if !slices.ContainsFunc(events, func(e screening.Event) bool { return e.Kind == screening.Answered && e.Step == one.id }) {
				t.Errorf("killed at %s: the acknowledged answer to %s is lost", inFlight.id, one.id)
			}
		}
		kept := slices.ContainsFunc(events, func(e screening.Event) bool { return e.Kind == screening.Answered && e.Step == inFlight.id })
		if !kept && next != inFlight.id || kept && next == inFlight.id {
			t.Errorf("killed at %s (kept: %v): resume asks %s", inFlight.id, kept, next)
		}
		if out, code := l.run(t, "verify"); code != exitDone {
			t.Errorf("verify after a kill: %d %s", code, out)
		}
	}
}

// TestNothingReadableOnDisk plants words in every place that an official can type into, and searches the bytes of the
// store's folder and of the temporary folder, during and after the interview.
func TestNothingReadableOnDisk(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.play(t, "screen", "--person", "en")
	s := compound()
	s["wants_doctor"] = []string{"note NOTECANARY back pain", "2"}
	s["small_comfort"] = []string{"ANSWERCANARY tea"}
	s["closing.name"] = []string{"NAMECANARY Dao"}
	s["closing.contact"] = []string{"NAMECANARY by phone"}
	for n := 0; ; n++ {
		id, ok := p.next()
		if !ok {
			break
		}
		if n%15 == 0 {
			searchCanaries(t, l, "before "+id)
		}
		p.reply(s.answer(id))
	}
	if code := p.end(); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	searchCanaries(t, l, "after the interview")
	parts := l.record(t, referenceInText.FindString(p.transcript.String()))
	for _, part := range parts {
		for _, e := range part.Events {
			if strings.Contains(e.Note, "NAMECANARY") && part.Compartment != screening.Identity {
				t.Errorf("a name stands in the part %s", part.Compartment)
			}
		}
	}
	searchCanaries(t, l, "after reading")
}

// TestDamagedLog cuts, flips and deletes the write-ahead log of a killed interview: it is noticed, restored from the
// witness, named, and the exit code is 4.
func TestDamagedLog(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func([]byte) []byte{
		"cut":     func(wal []byte) []byte { return wal[:len(wal)/2] },
		"flipped": func(wal []byte) []byte { wal[len(wal)/3] ^= 4; return wal },
		"deleted": func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			acknowledged, _ := playUntilKilled(t, l, rand.New(rand.NewPCG(3, 3)))
			path := filepath.Join(l.home, "store.db-wal")
			wal, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if wal = damage(wal); wal == nil {
				err = os.Remove(path)
			} else {
				err = os.WriteFile(path, wal, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			p := l.play(t, "resume")
			code := p.finish(stopNow())
			if text := p.transcript.String(); code != exitDamaged || strings.Count(text, "damaged or tampered") != 1 || !strings.Contains(text, "1 brought back") {
				t.Errorf("exit code %d\n%s", code, text)
			}
			events := l.record(t, referenceInText.FindString(p.transcript.String()))[0].Events
			for _, one := range acknowledged[1:] {
				if !slices.ContainsFunc(events, func(e screening.Event) bool { return e.Step == one.id }) {
					t.Errorf("the acknowledged answer to %s is lost", one.id)
				}
			}
		})
	}
}
