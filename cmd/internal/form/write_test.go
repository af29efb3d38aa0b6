package form

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

func TestWrite(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, byID("open.story"))
	r.ask(v)
	r.press("p", "1", " ", "h", "enter", "ก็", "left", "x", "esc") // letters are text, Enter is a new line
	if got := r.got(); got.Command != screening.ToGoBack || got.Text != "" {
		t.Errorf("Esc gives %+v", got)
	}
	r.ask(v) // what was written is still there
	r.press("f10")
	r.got()
	r.ask(v)
	r.press("end", "!", "ctrl+s")
	if got := r.got(); got.Command != screening.ToAnswer || got.Text != "p1 h\nxก็!" {
		t.Errorf("got %+v", got)
	}
	r.ask(view(t, ofKind(screening.Ask)))
	r.ask(v) // and was forgotten when it was accepted
	r.press("f2")
	if got := r.got(); got.Command != screening.ToSkip {
		t.Errorf("an empty text gives %+v", got)
	}
}

func TestWriteWhatIsNeeded(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, byID("open.story"))
	v.Prompt.MaySkip = false
	r.ask(v)
	r.press("ctrl+s", "ctrl+k")
	r.nothing()
	r.press(" ", "enter", "f2")
	r.nothing()
	if r.top().(*promptScreen).notice == "" {
		t.Error("nothing says why")
	}
}

func TestEarlierTextIsOffered(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, func(p screening.Prompt) bool { return p.Kind == screening.Write && p.Item != nil })
	v.Prompt.Earlier = "in June"
	r.ask(v)
	r.press(" ", "2", "ctrl+s")
	if got := r.got(); got.Text != "in June 2" {
		t.Errorf("got %+v", got)
	}
	v.Prompt.Earlier = "not_asked"
	r.ask(v)
	r.want("recorded before: not asked")
}

func TestNote(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	v := view(t, ofKind(screening.Ask))
	r.ask(v)
	r.press("f2", "1", "f6") // distress is noticed while writing, too
	if got := r.got(); got.Command != screening.ToDistress {
		t.Errorf("got %+v", got)
	}
	r.ask(v)
	r.press("n", "2", "f2")
	if got := r.got(); got.Command != screening.ToNote || got.Note != "12" {
		t.Errorf("got %+v", got)
	}
	r.ask(v)
	r.press("f2", "f2")
	r.nothing()
	r.press("esc", "1")
	r.got()
}

// TestNoOtherProgram: Ctrl-E opened an editor with the text in a file, and Ctrl-V ran a program for the clipboard, in the
// libraries that this editor replaces.
func TestNoOtherProgram(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.ask(view(t, byID("open.story")))
	r.press("a")
	for _, key := range []string{"ctrl+e", "ctrl+v", "ctrl+o", "ctrl+z", "ctrl+x", "ctrl+t"} {
		if _, cmd := r.Update(keyOf(key)); cmd != nil {
			t.Errorf("%s does something", key)
		}
	}
	r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("e"), Alt: true})
	if got := r.top().(*promptScreen).text.text(); got != "a" {
		t.Errorf("the text is %q", got)
	}
}

func TestEditorMoves(t *testing.T) {
	e := &editor{}
	e.insert("one two three\r\nfour\x1b[2J\tfive")
	if e.text() != "one two three\nfour[2J five" {
		t.Errorf("got %q", e.text())
	}
	for _, step := range []struct{ key, before string }{
		{"home", "one two three\n"}, {"left", "one two three"}, {"left", "one two thre"}, {"right", "one two three"},
		{"home", ""}, {"delete", ""}, {"end", "ne two three"}, {"ctrl+w", "ne two "}, {"backspace", "ne two"}, {"ctrl+u", ""},
	} {
		e.press(keyOf(step.key), true)
		if e.before != step.before {
			t.Errorf("%s: before the cursor is %q, want %q", step.key, e.before, step.before)
		}
	}
	e = &editor{before: strings.Repeat("ក្រុម ", 20) + "\n\nx"}
	for range 20 {
		if !e.vertical(12, -1) && e.before != "" {
			e.place(0)
		}
	}
	for e.vertical(12, 1) {
	}
	if e.after != "" && e.after != "x" {
		t.Errorf("not at the end but before %q", e.after)
	}
}

func TestEditorIsBounded(t *testing.T) {
	e := &editor{}
	e.insert(strings.Repeat("ក", longestText))
	if len(e.text()) > longestText || len(e.text()) < longestText-3 || strings.Contains(e.text(), "\ufffd") {
		t.Errorf("it holds %d bytes", len(e.text()))
	}
	e.insert("x")
	e.insert("yz")
	if len(e.text()) > longestText {
		t.Errorf("it holds %d bytes", len(e.text()))
	}
}

func TestEditorFitsTheWindow(t *testing.T) {
	for _, tag := range []string{"lo", "km", "ar"} {
		r := newRig(t, tag, 40, 12)
		r.ask(view(t, byID("open.story")))
		for _, word := range strings.Fields(strings.Repeat(samples[tag]+" ", 5)) {
			r.press(word, " ", " ")
			fits(t, r, "writing")
			r.want(cursor)
		}
		for range 60 {
			r.press("up", "left")
			fits(t, r, "moving")
		}
	}
}

func TestDialogs(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.words = nil // a dialog brings its own words
	many := session.Question{Title: "Language", Notice: "Again"}
	for i := range 40 {
		many.Options = append(many.Options, session.Choice{Value: string(rune('a' + i)), Label: "Label " + string(rune('a'+i))})
	}
	r.put(newChoose(many))
	fits(t, r, "choose")
	r.press("up", "up", "down", "down", "down", "enter")
	if got := r.value(); got != many.Options[3].Value {
		t.Errorf("got %+v", got)
	}
	r.put(newChoose(many))
	r.press("3")
	if got := r.value(); got != "c" {
		t.Errorf("got %+v", got)
	}
	r.put(&lineScreen{q: session.Question{Title: "Officer"}})
	r.press("b", "é", "enter")
	if got := r.value(); got != "bé" {
		t.Errorf("got %+v", got)
	}
	r.put(&secretScreen{q: session.Question{Title: "Passphrase"}})
	r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("๑ pasted"), Paste: true})
	r.want("********")
	r.press("enter")
	if got := r.value(); string(got.([]byte)) != "๑ pasted" {
		t.Errorf("got %q", got)
	}
	r.put(&pageScreen{tell: &session.Question{Title: "Done", Text: []string{"one\ntwo"}, GoOn: "weiter"}})
	r.want("Enter weiter")
	r.press("enter")
	r.value()
}

func TestCode(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	put := func() {
		r.put(&secretScreen{least: leastCode, short: "too short", digits: true})
	}
	put()
	r.press("1", "2", "3", "enter")
	r.nothing()
	r.want("too short")
	r.press("๑", "2", "x", "4", "enter")
	if got := r.value(); string(got.([]byte)) != "12x4" {
		t.Errorf("got %q", got)
	}
	put()
	r.press("enter")
	if got := r.value(); len(got.([]byte)) != 0 {
		t.Errorf("got %q", got)
	}
}
