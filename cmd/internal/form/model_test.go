package form

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

func TestDigitsOfEveryScriptChoose(t *testing.T) {
	v := view(t, ofKind(screening.Ask))
	for _, key := range []string{"2", "๒", "٢", "۲", "२", "၂", "២", "໒", "２", "২"} {
		r := newRig(t, "en", 80, 24)
		r.ask(v)
		r.press(key)
		if got := r.got(); got.Command != screening.ToAnswer || got.Value != "no" || len(got.Shown) == 0 || got.How != "" {
			t.Errorf("%s gives %+v", key, got)
		}
	}
}

func TestKeys(t *testing.T) {
	v := view(t, ofKind(screening.Ask))
	for key, want := range map[string]screening.Command{
		"esc": screening.ToGoBack, "backspace": screening.ToGoBack, "left": screening.ToGoBack, "b": screening.ToGoBack,
		"0": screening.ToSkip, "๐": screening.ToSkip, "s": screening.ToSkip, "ctrl+k": screening.ToSkip,
		"f5": screening.ToBreak, "p": screening.ToBreak, "f6": screening.ToDistress, "d": screening.ToDistress,
		"f7": screening.ToDanger, "x": screening.ToDanger, "f8": screening.ToClaim, "c": screening.ToClaim,
		"f10": screening.ToHide, "h": screening.ToHide, "ctrl+l": screening.ToHide,
	} {
		r := newRig(t, "en", 80, 24)
		r.ask(v)
		r.press(key)
		if got := r.got(); got.Command != want {
			t.Errorf("%s gives %q, want %q", key, got.Command, want)
		}
	}
}

func TestKeysThatMeanNothing(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.ask(view(t, ofKind(screening.Ask)))
	// What is left of a sequence, an answer of the terminal, what was pasted, a digit without an option, other letters.
	r.press("[A", "OP", "]11;rgb:1e1e/1e1e/1e1e", "9", "B", "C", "D", "y", "ก", "enter", " ")
	r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("1"), Alt: true})
	r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("1"), Paste: true})
	r.nothing()
	r.press("11") // two keys in one piece are one answer
	if got := r.got(); got.Value != "yes" {
		t.Errorf("got %+v", got)
	}
}

func TestArrowsAndEnter(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.ask(view(t, ofKind(screening.Ask)))
	r.press("enter")
	r.nothing()
	r.press("down", "down", "down", "up")
	r.want("> 2 no")
	r.press("enter")
	if got := r.got(); got.Value != "no" {
		t.Errorf("got %+v", got)
	}
	r.want("> 2 no") // stays until it is saved
}

func TestSomeArePreset(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.ask(view(t, byID("consent.talk")))
	r.press("enter")
	if got := r.got(); got.Value != "no" {
		t.Errorf("consent: got %+v", got)
	}
	r.ask(view(t, ofKind(screening.Tell)))
	r.press("enter")
	if got := r.got(); got.Value != "next" {
		t.Errorf("go on: got %+v", got)
	}
}

func TestEnterShowsTheRestFirst(t *testing.T) {
	r := newRig(t, "en", 40, 12)
	r.ask(view(t, byID("consent.opening")))
	r.press("enter", "enter")
	r.nothing()
	for range 5 {
		if r.shows("> 1 go on") {
			break
		}
		r.press("enter")
	}
	r.want("> 1 go on")
	r.press("enter")
	r.got()
}

func TestSensitiveGate(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	p, err := r.words.Prompt(view(t, sensitive))
	if err != nil {
		t.Fatal(err)
	}
	r.unseen(newPrompt(p))
	for range 6 {
		r.now += 50 * time.Millisecond
		r.press("1", "enter", "y", "esc")
	}
	r.nothing()
	r.now += 60 * time.Millisecond
	r.press("enter")
	if got := r.got(); got.Value != "skip" {
		t.Errorf("got %+v", got)
	}
	r.unseen(newPrompt(p))
	r.press("f10") // hiding never waits
	if got := r.got(); got.Command != screening.ToHide {
		t.Errorf("got %+v", got)
	}
}

func TestTypeAheadIsDropped(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	all := views(t)
	r.ask(all[0])
	r.press("1", "1", "1") // the second and the third come while the first is being saved
	r.got()
	p, err := r.words.Prompt(all[1])
	if err != nil {
		t.Fatal(err)
	}
	r.unseen(newPrompt(p))
	r.send(keyOf("1")) // before the screen was drawn
	r.nothing()
	r.frames++
	r.send(keyOf("1"))
	r.got()
	r.unseen(newPrompt(p))
	r.now += unseen // nothing was drawn, because it looks the same: then time decides
	r.send(keyOf("1"))
	r.got()
}

func TestHow(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, ofKind(screening.Ask))
	r.ask(v)
	r.want("asked as: as written")
	r.press("f4", "f4")
	r.want("asked as: told unasked")
	r.press("f2", "x", "ctrl+s")
	r.got()
	r.ask(v) // the note does not undo it
	r.press("1")
	if got := r.got(); got.How != screening.Volunteered {
		t.Errorf("got %+v", got)
	}
	r.ask(view(t, ofKind(screening.Observe)))
	r.want("asked as: seen")
	r.press("1")
	if got := r.got(); got.How != "" {
		t.Errorf("it was kept for the next prompt: %+v", got)
	}
	r.ask(view(t, byID("consent.talk")))
	r.press("f4", "1")
	if got := r.got(); got.How != "" {
		t.Errorf("a consent has no such thing: %+v", got)
	}
}

func TestTold(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, ofKind(screening.Ask))
	r.ask(v)
	r.press("f3", "enter")
	r.nothing()
	for range 30 {
		r.press("down")
	}
	r.want("> ")
	r.press("enter")
	if got := r.got(); got.Command != screening.ToTold || got.Target != v.Told[29] {
		t.Errorf("got %+v, want %s", got, v.Told[29])
	}
	v.Told = nil
	r.ask(v)
	r.press("f3")
	r.want("Nothing is left to mark.")
	r.press("esc", "1")
	r.got()
}

func TestStopAsksOnce(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, ofKind(screening.Ask))
	for _, keys := range [][]string{{"f9", "esc"}, {"f9", "1"}, {"q", "enter", "esc"}} {
		r.ask(v)
		r.press(keys...)
		r.nothing()
	}
	r.ask(v)
	r.press("f9", "2")
	if got := r.got(); got.Command != screening.ToStop {
		t.Errorf("got %+v", got)
	}
}

func TestEarlier(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, ofKind(screening.Ask))
	for earlier, want := range map[string]string{"no": "recorded before: no", "not_asked": "recorded before: not asked"} {
		v.Prompt.Earlier = earlier
		r.ask(v)
		r.want(want)
	}
	v.Rejected = true
	r.ask(v)
	r.want("Nothing was recorded.")
}

func TestPageIsReadToItsEnd(t *testing.T) {
	r := newRig(t, "en", 60, 20)
	assessment := screening.Assessment{Outcome: screening.NotEnoughKnown, Elements: screening.ElementStates{Act: 1, Means: 1, Purpose: 1}}
	for _, v := range views(t) {
		if v.Prompt.Item != nil && len(assessment.Gaps) < 8 {
			assessment.Gaps = append(assessment.Gaps, screening.Gap{Item: v.Prompt.Item.ID, Answer: screening.Unknown})
		}
	}
	words, err := r.words.Page(session.Page{Kind: session.ResultPage, Assessment: &assessment, Talked: true})
	if err != nil {
		t.Fatal(err)
	}
	r.put(&pageScreen{kind: session.ResultPage, words: words})
	fits(t, r, "result")
	r.press("enter")
	r.nothing()
	r.press("down", "pgup", " ", "pgdown", "pgdown", "pgdown", "pgdown")
	fits(t, r, "result")
	r.want("go on")
	r.press("enter")
	r.got()
}

func TestInterrupt(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	all := views(t)
	r.ask(all[0])
	r.press("ctrl+c")
	if got := r.broken(); !errors.Is(got, session.ErrInterrupted) {
		t.Errorf("got %+v", got)
	}
	r.ask(all[0])
	r.press("1", "ctrl+c") // while it is being saved: the next call learns of it
	r.got()
	r.ask(all[1])
	if got := r.broken(); !errors.Is(got, session.ErrInterrupted) {
		t.Errorf("got %+v", got)
	}
}

func TestNotSavedKeepsTheAnswer(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 20}, {40, 12}} {
		r := newRig(t, "km", size[0], size[1])
		r.ask(view(t, ofKind(screening.Ask)))
		r.press("3")
		r.got()
		r.unseen(newNotSaved("full", "notsaved.text"))
		r.press("2") // meant for the next prompt, which did not come
		r.nothing()
		for _, cause := range []string{"full", "permission", "other"} {
			r.put(newNotSaved(cause, "notsaved.text"))
			fits(t, r, cause)
			r.want("Not saved", "1 try again", "2 leave")
			if size[1] > 12 {
				r.want("> 3 unclear")
			}
			r.press("down", "up")
		}
		r.press("enter")
		if got := r.value(); got != true {
			t.Errorf("got %+v", got)
		}
	}
}

func TestMistakesOfTheProgramTellNothing(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.put(&chooseScreen{choice: choice{mark: 0, labels: []string{"a", "b"}}, q: session.Question{Options: []session.Choice{{}}}})
	r.press("2")
	if !r.quits || r.failure == nil || !strings.Contains(r.failure.Error(), "index out of range") || !strings.Contains(r.failure.Error(), "form.") {
		t.Errorf("got %v", r.failure)
	}
	if text := strings.TrimSpace(r.View()); text != "" {
		t.Errorf("this stays on the screen: %q", text)
	}
}

func TestEveryBindingHasItsLetter(t *testing.T) {
	for _, b := range bindings() {
		if b.letter != 0 && !slices.Contains([]rune(keyRunes), b.letter) {
			t.Errorf("the letter %q of %s is not among the letters that count", b.letter, b.do)
		}
	}
}
