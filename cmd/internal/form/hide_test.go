package form

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

func TestHideAndOpen(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, ofKind(screening.Ask))
	r.ask(v)
	r.press("f10")
	if got := r.got(); got.Command != screening.ToHide {
		t.Fatalf("got %+v", got)
	}
	blank := func() {
		t.Helper()
		if text := strings.TrimSpace(strings.Join(r.lines(), "\n")); text != "Locked" {
			t.Errorf("this is seen: %s", text)
		}
	}
	blank()
	if r.forgot == 0 {
		t.Error("what the terminal remembers was not cleared")
	}
	lock := session.NewLock([]byte("1234"), func(p []byte) bool { return string(p) == "correct horse" })
	r.put(&lockScreen{lock: lock})
	blank()
	for range 3 {
		r.press("9", "enter")
		r.want("Not right.")
	}
	r.want("Passphrase:")
	r.press("f10", "f1", "correct", " ", "horse")
	r.want("*************")
	if r.shows("correct") {
		t.Error("the passphrase is shown")
	}
	r.press("enter")
	r.got()
	blank() // until the next screen
	r.put(&lockScreen{lock: lock})
	r.press("๑", "2", "٣", "4", "5", "backspace", "enter")
	r.got()
	r.ask(v)
	r.want("1 yes")
}

func TestHideWhileSaving(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	all := views(t)
	r.ask(all[0])
	r.press("1", "f10")
	r.got()
	r.want("Locked")
	r.ask(all[1])
	if got := r.got(); got.Command != screening.ToHide {
		t.Errorf("got %+v", got)
	}
	if r.shows(all[1].Prompt.ID) || !r.shows("Locked") {
		t.Error("the next prompt was shown")
	}
}

func TestAutoLock(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.ask(view(t, ofKind(screening.Ask)))
	r.press("down")
	for range 569 {
		r.tick(time.Second)
	}
	if r.shows("locks in") {
		t.Error("the countdown begins too early")
	}
	r.tick(time.Second)
	r.want("saved 14:03:07 | locks in 30 s")
	r.tick(29 * time.Second)
	r.want("locks in 1 s")
	r.nothing()
	r.press("up")
	if r.shows("locks in") {
		t.Error("a key does not end the countdown")
	}
	r.tick(10 * time.Minute)
	if got := r.got(); got.Command != screening.ToHide {
		t.Errorf("got %+v", got)
	}
	r.want("Locked")
}

func TestSleepAsksForThePassphrase(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.ask(view(t, ofKind(screening.Ask)))
	r.tick(time.Second)
	r.slept += time.Hour
	r.tick(time.Second)
	if got := r.got(); got.Command != screening.ToHide {
		t.Fatalf("got %+v", got)
	}
	lock := session.NewLock([]byte("1234"), func(p []byte) bool { return true })
	r.put(&lockScreen{lock: lock})
	if !lock.WantsPassphrase() {
		t.Error("the code is enough after the machine slept")
	}
	lock.Open([]byte("x"))
	r.slept += time.Hour
	r.tick(time.Second)
	if !lock.WantsPassphrase() {
		t.Error("the code is enough after the machine slept while it was hidden")
	}
}

func TestHiddenPages(t *testing.T) {
	for _, test := range []struct {
		kind session.PageKind
		lock bool
	}{{session.BreakPage, false}, {session.ResultPage, false}, {session.BreakPage, true}} {
		r := newRig(t, "en", 80, 24)
		if test.lock {
			r.send(lockMsg{session.NewLock(nil, func(p []byte) bool { return string(p) == "open" })})
		}
		words, err := r.words.Page(session.Page{Kind: session.BreakPage})
		if err != nil {
			t.Fatal(err)
		}
		r.put(&pageScreen{kind: test.kind, words: words})
		r.press("f10")
		r.want("Locked")
		switch {
		case test.lock:
			r.nothing()
			r.press("open", "enter")
			r.want("Break")
			r.press("enter")
			r.got()
		case test.kind == session.ResultPage:
			if got := r.broken(); !errors.Is(got, session.ErrInterrupted) {
				t.Errorf("the result was passed over: %+v", got)
			}
		default:
			r.got()
			r.ask(view(t, ofKind(screening.Ask)))
			if got := r.got(); got.Command != screening.ToHide {
				t.Errorf("the page came back unhidden: %+v", got)
			}
		}
	}
}

func TestHidingThatCannotBeSaved(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, ofKind(screening.Ask))
	r.ask(v)
	r.press("f10")
	r.got()
	r.put(newNotSaved("full", "notsaved.text"))
	r.want("Not saved")
	if r.shows("saved 14:03:07") || r.shows("1 yes") {
		t.Error("the hidden prompt is seen below the message")
	}
}

func TestMenuUnderALock(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	menu := session.Question{Title: "Menu", Options: []session.Choice{{Value: "a", Label: "A"}}}
	r.put(newChoose(menu))
	r.press("f10")
	r.want("Menu") // nothing could open it again
	r.send(lockMsg{session.NewLock(nil, func(p []byte) bool { return string(p) == "open" })})
	r.tick(defaultAutoLock)
	r.want("Locked")
	r.press("open", "enter")
	r.want("Menu")
	r.press("1")
	if got := r.value(); got != "a" {
		t.Errorf("got %v", got)
	}
}
