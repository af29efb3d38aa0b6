package form

import (
	"strings"
	"testing"

	"tipscreen/cmd/internal/session"
)

// TestSceneOfAMockInterview: at every prompt of a mock interview what is seen and heard can be seen whole, in every window,
// and the mark stands first on every prompt and page. A real interview has neither.
func TestSceneOfAMockInterview(t *testing.T) {
	t.Parallel()
	scene := []string{"You see: The employer sits beside her and holds her arm, and answers before she can.", "The person says: No, no. All is well. Madam is good, and I do not need a phone."}
	for _, size := range [][2]int{{80, 24}, {40, 12}} {
		r := newRig(t, "en", size[0], size[1])
		for _, v := range views(t) {
			r.ask(v)
			if body := squeeze(whole(r)); strings.Contains(body, squeeze(scene[:1])) || strings.Contains(strings.Join(r.lines(), ""), "TRAINING") {
				t.Errorf("%s: a scene or a mark in a real interview", v.Prompt.ID)
			}
		}
		m := newRig(t, "en", size[0], size[1])
		m.words = m.words.Marked("TRAINING")
		for _, v := range views(t) {
			v.Scene = scene
			p, err := m.words.Prompt(v)
			if err != nil {
				t.Fatal(err)
			}
			m.put(newPrompt(p))
			fits(t, m, v.Prompt.ID)
			if !strings.HasPrefix(m.lines()[0], "TRAINING | ") {
				t.Errorf("%s: the header is %q", v.Prompt.ID, m.lines()[0])
			}
			if body := squeeze(whole(m)); !strings.Contains(body, squeeze(scene[:1])) || !strings.Contains(body, squeeze(scene[1:])) {
				t.Errorf("%s at %v: the scene is not to be seen", v.Prompt.ID, m)
			}
		}
		for _, kind := range []session.PageKind{session.BreakPage, session.DistressPage, session.DangerPage, session.ClaimPage, session.EndPage} {
			page, err := m.words.Page(session.Page{Kind: kind, Reference: "x"})
			if err != nil || !strings.HasPrefix(page.Title, "TRAINING: ") {
				t.Errorf("%s: %q %v", kind, page.Title, err)
			}
		}
	}
}
