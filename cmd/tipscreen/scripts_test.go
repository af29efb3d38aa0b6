//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// garbled are languages whose scripts a terminal garbles, and one that it does not, with the names of the scripts.
var garbled = map[string]string{"km": "Khmer", "my": "Myanmar", "hi": "Devanagari", "am": "Ethiopic", "ar": "Arabic", "zh-Hans": "Han"}

// short stops after the first questions: every kind of screen has come by then.
func short() script {
	return script{"gate.interpreter": {"1"}, "pregnant": {"stop person"}, "wants_doctor": {"1"}}
}

// TestWholeSessionsInEveryScript leads an interview from its first to its last screen on the official's page, by the keyboard
// alone, with the person's words in each of these languages.
func TestWholeSessionsInEveryScript(t *testing.T) {
	t.Parallel()
	for tag := range garbled {
		t.Run(tag, func(t *testing.T) {
			l := newLaptop(t)
			if code := interview(t, l.startPage(t, "screen", "--page", "--person", tag, "--ui", "en"), tag, short()); code != exitDone {
				t.Errorf("exit code %d", code)
			}
			if out, _ := l.run(t, "records", "list"); !referenceInText.MatchString(out) {
				t.Errorf("no record: %s", out)
			}
		})
	}
}

// TestWholeSessionsOnTheCard: the same with the card, while the official uses plain lines. Whatever is asked stands on the
// card in the person's script, in its direction; at the end nothing does.
func TestWholeSessionsOnTheCard(t *testing.T) {
	t.Parallel()
	for tag, name := range garbled {
		t.Run(tag, func(t *testing.T) {
			l := newLaptop(t)
			p := l.play(t, "screen", "--card", "--person", tag, "--ui", "en")
			page, s, asked := &pageHands{t: t, ctx: newBrowser(t)}, short(), 0
			for {
				id, ok := p.next()
				if !ok {
					break
				}
				if page.address == "" {
					page.address = cardAddress.FindString(p.transcript.String() + p.errors.String())
					if err := chromedp.Do(page.ctx, chromedp.Navigate(page.address)); err != nil {
						t.Fatal(err)
					}
				}
				if strings.HasPrefix(id, "consent.") && id != "consent.share.body" || id == "in_danger_now" || id == "closing.next" {
					asked++
					page.until(`document.querySelector(".words") !== null && /\p{Script=` + name + `}/u.test(document.querySelector(".words").innerText)`)
					if got, want := page.eval(`getComputedStyle(document.querySelector(".words p")).direction`), map[bool]string{true: "rtl", false: "ltr"}[tag == "ar"]; got != want {
						t.Errorf("%s: the words run %s", id, got)
					}
				}
				p.reply(s.answer(id))
			}
			if code := p.end(); code != exitDone || asked < 8 {
				t.Fatalf("exit code %d, %d questions on the card\n%s", code, asked, p.transcript.String())
			}
			page.until(`document.querySelector("main").childNodes.length === 0`)
		})
	}
}
