package form

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tipscreen/cmd/internal/width"
	"tipscreen/screening"
)

// fits tells whether a picture stays within the window, by the count of the terminal and by that of the library.
func fits(t *testing.T, r *rig, what string) {
	t.Helper()
	lines := r.lines()
	if len(lines) > r.height {
		t.Errorf("%s at %v: %d lines", what, r, len(lines))
	}
	for _, line := range lines {
		if width.Of(line) > r.width || ansi.StringWidth(line) > r.width {
			t.Errorf("%s at %v: too wide: %q", what, r, line)
		}
		if strings.ContainsRune(line, '\u200b') {
			t.Errorf("%s at %v: a mark for breaking lines was sent: %q", what, r, line)
		}
	}
}

// whole scrolls through the body and gives every line that can be seen, once.
func whole(r *rig) []string {
	var all []string
	r.press("pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup")
	f := r.top().show(r.model)
	for l := r.lay(f); ; l = r.lay(r.top().show(r.model)) {
		f = r.top().show(r.model)
		for i := max(l.top, len(all)); i < min(l.top+l.visible, l.total); i++ {
			all = append(all, f.body[i].text)
		}
		if l.end() || len(all) > 500 {
			return all
		}
		r.press("pgdown")
	}
}

func squeeze(lines []string) string {
	return strings.ReplaceAll(width.Clean(strings.Join(lines, "")), " ", "")
}

// TestEveryPrompt shows each prompt of a whole interview in four languages and several windows: nothing is too wide or too
// long, what is kept is never cut off, and everything that is said and can be chosen can be seen.
func TestEveryPrompt(t *testing.T) {
	all := views(t)
	kinds := map[screening.PromptKind]bool{}
	for _, tag := range []string{"en", "lo", "km", "ar"} {
		for _, size := range [][2]int{{80, 24}, {60, 20}, {40, 12}, {120, 40}} {
			r := newRig(t, tag, size[0], size[1])
			r.look.reorder = false // the order is tested in package width; here every word is looked for
			for _, v := range all {
				kinds[v.Prompt.Kind] = true
				r.ask(v)
				fits(t, r, v.Prompt.ID)
				if !strings.HasPrefix(r.lines()[0], "saved 14:03:07") {
					t.Errorf("%s at %v: the header is %q", v.Prompt.ID, r, r.lines()[0])
				}
				body := squeeze(whole(r))
				s := r.top().(*promptScreen)
				for _, texts := range [][]string{s.p.Person, s.p.Reading, s.labels, {s.p.Title}} {
					for _, text := range texts {
						if !strings.Contains(body, squeeze([]string{text})) {
							t.Errorf("%s in %s at %v: %q is not to be seen", v.Prompt.ID, tag, r, text)
						}
					}
				}
			}
		}
	}
	if len(kinds) != 6 {
		t.Errorf("only these kinds of prompts were shown: %v", kinds)
	}
}

func TestNoSignIsSplit(t *testing.T) {
	r := newRig(t, "km", 40, 12)
	r.ask(view(t, byID("consent.opening")))
	s := r.top().(*promptScreen)
	var want, got []string
	for _, text := range s.p.Person {
		want = append(want, width.Units(squeeze([]string{text}))...)
	}
	for _, one := range r.spoken(&s.p, false)[1:] { // the first says that it is a draft
		if one.text == r.say("reading.mark") {
			break
		}
		got = append(got, width.Units(one.text)...)
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestGuideIsNeverCut(t *testing.T) {
	r, all := newRig(t, "en", 60, 24), views(t)
	for rows := leastRows; rows < 30; rows += 2 {
		r.height = rows
		for _, v := range all {
			r.ask(v)
			s := r.top().(*promptScreen)
			body := squeeze(whole(r))
			cut := false
			for _, text := range s.guide() {
				seen := strings.Contains(body, squeeze([]string{text}))
				if cut && seen {
					t.Fatalf("%s with %d rows: a later part of the guide is shown without an earlier one", v.Prompt.ID, rows)
				}
				cut = cut || !seen
			}
			r.press("f1")
			if page := squeeze(whole(r)); !strings.Contains(page, squeeze(s.p.Guide)) && !strings.Contains(page, squeeze(s.p.Guide[:1])) {
				t.Errorf("%s with %d rows: the guide is not on its page", v.Prompt.ID, rows)
			}
		}
	}
}

func TestSmallWindowsAndResizing(t *testing.T) {
	r := newRig(t, "km", 80, 24)
	r.ask(view(t, ofKind(screening.Ask)))
	for columns := 1; columns < 130; columns += 3 {
		for rows := 1; rows < 50; rows += 3 {
			r.width, r.height = columns, rows
			if len(r.lines()) > rows {
				t.Fatalf("%v: %d lines", r, len(r.lines()))
			}
			if columns >= leastColumns && rows >= leastRows {
				fits(t, r, "resized")
			}
		}
	}
	r.width, r.height = 39, 24
	r.want("Make the window larger")
	r.press("1") // still answers: the window is small, the official is not
	r.got()
}

func TestFooterDropsTheLeastImportantWhole(t *testing.T) {
	r := newRig(t, "en", 40, 12)
	r.ask(view(t, ofKind(screening.Ask)))
	footer := strings.Join(r.lines()[10:], "\n")
	for _, hint := range []string{"1-5 choose", "F10 hide", "F7 danger", "F1 guide"} {
		if !strings.Contains(footer, hint) {
			t.Errorf("%q is missing in %q", hint, footer)
		}
	}
	r.press("f1")
	if all := strings.Join(whole(r), "\n"); !strings.Contains(all, "F8 claim") || !strings.Contains(all, "F3 told unasked") {
		t.Errorf("the page of the guide does not list every key: %s", all)
	}
}

func TestNothingIsSaidByColourAlone(t *testing.T) {
	r := newRig(t, "en", 80, 24)
	r.ask(view(t, sensitive))
	if text := r.View(); strings.Contains(text, "\x1b") {
		t.Errorf("without colour there should be no commands: %q", text)
	}
	r.want("> 2 leave it out")
}

func BenchmarkView(b *testing.B) {
	r := newRig(b, "km", 80, 24)
	r.ask(view(b, ofKind(screening.Ask)))
	for b.Loop() {
		_ = r.View()
	}
}
