package session

import (
	"context"
	"strings"
	"testing"
	"time"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// official answers every prompt with the first option and remembers the pages.
type official struct {
	pages   []Page
	replies map[string][]screening.Reply
	asked   []string
}

func (o *official) Ask(_ context.Context, v View) (screening.Reply, error) {
	id := v.Prompt.ID
	o.asked = append(o.asked, id)
	if replies := o.replies[id]; len(replies) > 0 {
		o.replies[id] = replies[1:]
		return replies[0], nil
	}
	reply := screening.Reply{Command: screening.ToAnswer, Text: "words"}
	if len(v.Prompt.Options) > 0 {
		reply.Value = v.Prompt.Options[0]
	}
	return reply, nil
}

func (o *official) Show(_ context.Context, p Page) error { o.pages = append(o.pages, p); return nil }

func (o *official) Code(context.Context) ([]byte, error)          { return []byte("2468"), nil }
func (o *official) Hide(context.Context, *Lock) error             { return nil }
func (o *official) NotSaved(context.Context, error) (bool, error) { return false, nil }

func (o *official) saw(kind PageKind) (Page, bool) {
	for _, p := range o.pages {
		if p.Kind == kind {
			return p, true
		}
	}
	return Page{}, false
}

// memory is a Recorder that remembers what it was given.
type memory struct {
	last     []screening.Event
	finished int
}

func (m *memory) Keep(iv *screening.Interview) error          { m.last = iv.Events(); return nil }
func (m *memory) Finish(*screening.Interview) (string, error) { m.finished++; return "ref", nil }
func (m *memory) Forget() error                               { m.last = nil; return nil }
func (m *memory) Declined() error                             { return nil }

func run(t *testing.T, o *official) (*Session, *memory) {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := data.Plan("full")
	iv, err := screening.Replay(screening.NewSetup(data, plan), nil)
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{}
	s := &Session{Surface: o, Recorder: m, Interview: iv, Now: func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }}
	if err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s, m
}

// TestWellbeingIsKeptNowhere: after a hard talk there is a page for the official, with the number of such talks since the
// program started; no event and no record says so.
func TestWellbeingIsKeptNowhere(t *testing.T) {
	t.Parallel()
	o := &official{}
	s, m := run(t, o)
	page, ok := o.saw(WellbeingPage)
	if !ok || page.Heavy != 1 || *s.Heavy != 1 {
		t.Fatalf("no page for the official: %+v", o.pages)
	}
	parts, err := s.Interview.Parts()
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range parts {
		if strings.Contains(string(part), "wellbeing") || strings.Contains(string(part), "heavy") {
			t.Errorf("the part %s tells of the official", name)
		}
	}
	if m.last[len(m.last)-1].Kind != screening.Finished {
		t.Errorf("something follows the end: %+v", m.last[len(m.last)-1])
	}
}

// TestPutOff: an interview that was put off stays a draft; nothing is finished, and the official is told until when.
func TestPutOff(t *testing.T) {
	t.Parallel()
	o := &official{replies: map[string][]screening.Reply{"wants_doctor": {{Command: screening.ToStop, Value: screening.StopLater}}}}
	_, m := run(t, o)
	page, ok := o.saw(DeferredPage)
	if !ok || page.When != "words" || !page.Kept || m.finished != 0 {
		t.Errorf("put off: %+v, finished %d times", page, m.finished)
	}
}

// TestPauseAndSigns: distress opens the pause at once; the signs are noted after it.
func TestPauseAndSigns(t *testing.T) {
	t.Parallel()
	o := &official{replies: map[string][]screening.Reply{"wants_doctor": {{Command: screening.ToDistress}}}}
	run(t, o)
	if _, ok := o.saw(DistressPage); !ok {
		t.Error("no pause after distress")
	}
	for i, id := range o.asked {
		if id == "distress.1" && o.asked[i-1] != "wants_doctor" {
			t.Errorf("the signs are asked after %s", o.asked[i-1])
		}
	}
}
