package card

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

// newDesk opens a page for the official and gives a way to learn its addresses.
func newDesk(t testing.TB, o DeskOptions) (*Desk, chan string) {
	t.Helper()
	addresses := make(chan string, 10)
	o.Tell = func(address string) { addresses <- address }
	o.Passphrase = func(p []byte) bool { return string(p) == "a quiet river" }
	d, err := NewDesk(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d, addresses
}

// got waits for a reply.
func got[T any](t testing.TB, b *browser, replied <-chan T) T {
	t.Helper()
	select {
	case r := <-replied:
		return r
	case <-time.After(10 * time.Second):
		t.Fatalf("no reply; the page shows %s", b.eval("document.body.innerText"))
	}
	panic("unreachable")
}

// TestDeskInEveryScript: an official reads the whole page in a script that terminals garble, in the right direction and
// with the fonts of the program, and answers by keyboard alone.
func TestDeskInEveryScript(t *testing.T) {
	for _, size := range [][2]int{{1280, 900}, {400, 800}} {
		b := newBrowser(t, size[0], size[1])
		for _, s := range samples {
			d, addresses := newDesk(t, DeskOptions{Words: s.speakers(t, s.tag)})
			b.open(<-addresses)
			v := prompt(t, "papers_kept")
			v.Claim, v.Told = true, []string{"had_targets"}
			replied := run(t, d, v)
			b.shows(s.papers)
			for expression, want := range map[string]string{
				`document.documentElement.lang`:                            s.tag,
				`getComputedStyle(document.querySelector("h1")).direction`: map[bool]string{true: "rtl", false: "ltr"}[s.script == "Arabic"],
				`document.querySelectorAll(".options button").length`:      "5",
				`document.documentElement.scrollWidth <= innerWidth`:       "true",
			} {
				if got := b.eval(expression); got != want {
					t.Errorf("%s: %s is %s, want %s", s.tag, expression, got, want)
				}
			}
			for _, selector := range []string{"h1", ".said p", ".options .words span", ".guide p", ".actions span", ".head span"} {
				b.fonts(s.tag, selector)
			}
			b.picture(fmt.Sprintf("desk-%s-%d", s.tag, size[0]))
			b.keys("2")
			if r := got(t, b, replied); r.Value != "no" || r.Command != screening.ToAnswer || len(r.Shown) == 0 {
				t.Errorf("%s: %+v", s.tag, r)
			}
			_ = d.Close()
			b.nothing()
		}
	}
}

// TestDeskKeys: each key of the form does the same on the page.
func TestDeskKeys(t *testing.T) {
	b := newBrowser(t, 1024, 768)
	d, addresses := newDesk(t, DeskOptions{Words: english(t)})
	b.open(<-addresses)
	for _, step := range []struct {
		id   string
		keys []string
		want screening.Reply
	}{
		{"papers_kept", []string{"1"}, screening.Reply{Command: screening.ToAnswer, Value: "yes"}},
		{"papers_kept", []string{"٥"}, screening.Reply{Command: screening.ToAnswer, Value: "declined"}},
		{"papers_kept", []string{kbDown, kbDown, kbDown, "\r"}, screening.Reply{Command: screening.ToAnswer, Value: "unclear"}},
		{"papers_kept", []string{kbF4, kbF4, "1"}, screening.Reply{Command: screening.ToAnswer, Value: "yes", How: screening.Volunteered}},
		{"papers_kept", []string{"0"}, screening.Reply{Command: screening.ToSkip}},
		{"papers_kept", []string{"\x1b"}, screening.Reply{Command: screening.ToGoBack}},
		{"papers_kept", []string{kbF2, "N", "o", "1", "ctrl+s"}, screening.Reply{Command: screening.ToNote, Note: "No1"}},
		{"papers_kept", []string{kbF3, "1"}, screening.Reply{Command: screening.ToTold, Target: "had_targets"}},
		{"papers_kept", []string{kbF5}, screening.Reply{Command: screening.ToBreak}},
		{"papers_kept", []string{kbF6}, screening.Reply{Command: screening.ToDistress}},
		{"papers_kept", []string{kbF7}, screening.Reply{Command: screening.ToDanger}},
		{"papers_kept", []string{kbF8}, screening.Reply{Command: screening.ToClaim}},
		{"papers_kept", []string{kbF9, "1", kbF9, "2"}, screening.Reply{Command: screening.ToStop, Value: screening.StopPerson}},
		{"papers_kept", []string{kbF12}, screening.Reply{Command: screening.ToConsent}},
		{"papers_kept", []string{kbF10}, screening.Reply{Command: screening.ToHide}},
		{"looks_ill", []string{"3"}, screening.Reply{Command: screening.ToAnswer, Value: "unclear"}},
		{"consent.opening", []string{"\r"}, screening.Reply{Command: screening.ToAnswer, Value: "next"}},
		{"consent.record", []string{"\r"}, screening.Reply{Command: screening.ToAnswer, Value: "no"}},
		{"closing.name", []string{"K", "i", "m", "\r"}, screening.Reply{Command: screening.ToAnswer, Text: "Kim"}},
		{"closing.more", []string{"ctrl+s"}, screening.Reply{Command: screening.ToSkip}},
		{"open.story", []string{"s", "b", "\r", "ctrl+s"}, screening.Reply{Command: screening.ToAnswer, Text: "sb"}},
	} {
		v := prompt(t, step.id)
		v.Told = []string{"had_targets"}
		replied := run(t, d, v)
		for _, key := range step.keys {
			before := d.server.number()
			b.settled(d.server)
			b.press(key)
			if key != step.keys[len(step.keys)-1] && len(key) > 1 {
				for i := 0; d.server.number() == before && i < 60; i++ { // arrows change nothing here
					time.Sleep(time.Millisecond)
				}
			}
		}
		r := got(t, b, replied)
		r.Shown = nil
		if fmt.Sprintf("%+v", r) != fmt.Sprintf("%+v", step.want) {
			t.Errorf("%s, %q: %+v, want %+v", step.id, step.keys, r, step.want)
		}
	}
}

// TestSeveral: any number of the options, joined by commas in their order.
func TestSeveral(t *testing.T) {
	b := newBrowser(t, 1024, 768)
	d, addresses := newDesk(t, DeskOptions{Words: english(t)})
	b.open(<-addresses)
	v := prompt(t, "left_how")
	v.Prompt.Kind, v.Prompt.Earlier = "several", v.Prompt.Options[1]
	replied := run(t, d, v)
	b.until(`document.querySelectorAll('[aria-pressed="true"]').length === 1`)
	b.settled(d.server)
	for _, key := range []string{"3", "1", "2", "\r"} {
		b.press(key)
	}
	if r := got(t, b, replied); r.Value != v.Prompt.Options[0]+","+v.Prompt.Options[2] {
		t.Errorf("%+v", r)
	}
}

// TestDeskHides: hiding blanks the page at once, only code or passphrase bring it back, and what was being written is
// still there; a page that was closed comes back hidden.
func TestDeskHides(t *testing.T) {
	b := newBrowser(t, 1024, 768)
	d, addresses := newDesk(t, DeskOptions{Words: english(t)})
	b.open(<-addresses)
	code := make(chan []byte, 1)
	go func() {
		typed, _ := d.Code(t.Context())
		code <- typed
	}()
	b.shows("Short code for this interview")
	b.picture("desk-code")
	b.settled(d.server)
	for _, key := range []string{"1", "2", "\r"} {
		b.press(key)
	}
	b.shows("Too short")
	b.settled(d.server)
	for _, key := range []string{"2", "4", "6", "8", "\r"} {
		b.press(key)
	}
	lock := session.NewLock(got(t, b, code), func(p []byte) bool { return string(p) == "a quiet river" })
	replied := run(t, d, prompt(t, "open.story"))
	b.shows("Begin where you like")
	for _, key := range []string{"C", "A", "N", "A", "R", "Y"} {
		b.press(key)
	}
	b.eval("window.drawn = 0")
	b.press(kbF10)
	b.isBlank()
	if r := got(t, b, replied); r.Command != screening.ToHide {
		t.Fatalf("%+v", r)
	}
	opened := make(chan error, 1)
	go func() { opened <- d.Hide(t.Context(), lock) }()
	b.shows("Locked")
	b.picture("desk-locked")
	if text := b.eval("document.body.innerText"); len(text) > 60 {
		t.Errorf("the hidden page says %q", text)
	}
	unlock := func(keys string) {
		b.settled(d.server)
		for _, key := range keys {
			b.press(string(key))
		}
	}
	unlock("1111\r")
	b.shows("Not right")
	unlock("2468\r")
	if err := got(t, b, opened); err != nil {
		t.Fatal(err)
	}
	replied = run(t, d, prompt(t, "open.story"))
	b.until(`document.querySelector("textarea")?.value === "CANARY"`)
	b.open("about:blank")
	if r := got(t, b, replied); r.Command != screening.ToHide {
		t.Errorf("after the page was closed: %+v", r)
	}
	go func() { opened <- d.Hide(t.Context(), lock) }()
	b.open(<-addresses)
	b.shows("Locked")
	unlock("2468\r")
	if err := got(t, b, opened); err != nil {
		t.Fatal(err)
	}
}

// TestPagesHide: a page of the interview hides by itself, and comes back.
func TestPagesHide(t *testing.T) {
	b := newBrowser(t, 1024, 768)
	d, addresses := newDesk(t, DeskOptions{Words: english(t)})
	b.open(<-addresses)
	shown := make(chan error, 1)
	go func() { shown <- d.Show(t.Context(), session.Page{Kind: session.DangerPage, Contacts: "CANARY 1300"}) }()
	b.shows("CANARY 1300")
	b.press(kbF10)
	b.shows("Locked")
	b.settled(d.server)
	b.press(kbF10) // which does nothing more
	for _, key := range "a quiet river\r" {
		b.press(string(key))
	}
	b.shows("CANARY 1300")
	b.settled(d.server)
	b.press("\r")
	if err := got(t, b, shown); err != nil {
		t.Fatal(err)
	}
}

// TestResultIsRead: a long page begins at its top, and Enter goes on only from its end; until then it shows more.
func TestResultIsRead(t *testing.T) {
	b := newBrowser(t, 500, 600)
	d, addresses := newDesk(t, DeskOptions{Words: english(t)})
	b.open(<-addresses)
	iv, err := screening.Replay(setup(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	result, shown := iv.Assess(), make(chan error, 1)
	go func() {
		shown <- d.Show(t.Context(), session.Page{Kind: session.ResultPage, Assessment: &result, Talked: true})
	}()
	b.shows("Result, for the official")
	b.settled(d.server)
	if at := b.eval("scrollY"); at != "0" {
		t.Errorf("the page begins at %s", at)
	}
	pressed := 0
	for ; len(shown) == 0 && pressed < 30; pressed++ {
		b.press("\r")
		time.Sleep(50 * time.Millisecond)
	}
	if pressed < 3 {
		t.Errorf("passed over after %d times Enter", pressed)
	}
	if err := got(t, b, shown); err != nil {
		t.Fatal(err)
	}
}

// TestDeskLocksByItself: without a sign of the official the page hides, and so it does when the machine slept; then only
// the passphrase opens it.
func TestDeskLocksByItself(t *testing.T) {
	t.Parallel()
	hid := make(chan struct{}, 10)
	d, _ := newDesk(t, DeskOptions{Words: english(t), AutoLock: 50 * time.Millisecond, OnHide: func() { hid <- struct{}{} }})
	r, err := d.Ask(t.Context(), prompt(t, "papers_kept"))
	if err != nil || r.Command != screening.ToHide {
		t.Errorf("%+v, %v", r, err)
	}
	<-hid
	wall := time.Now()
	late, _ := newDesk(t, DeskOptions{Words: english(t), Now: func() time.Time { wall = wall.Add(time.Hour); return wall }})
	if r, err = late.Ask(t.Context(), prompt(t, "papers_kept")); err != nil || r.Command != screening.ToHide {
		t.Errorf("%+v, %v", r, err)
	}
	lock := session.NewLock([]byte("2468"), nil)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := late.Hide(ctx, lock); !errors.Is(err, session.ErrInterrupted) || !lock.WantsPassphrase() {
		t.Errorf("%v, wants the passphrase: %v", err, lock.WantsPassphrase())
	}
}
