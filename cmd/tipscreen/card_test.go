//go:build unix

package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tipscreen/cmd/internal/card"
	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// TestPaperGivesTheSameRecord: what is keyed in from a sheet gives the record that the same answers, asked one by one, give;
// only how they came about is another.
func TestPaperGivesTheSameRecord(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := data.Plan("checkpoint")
	words, err := wording.New(locales.Open(locales.Embedded()), "en", "th")
	if err != nil {
		t.Fatal(err)
	}
	cards, err := card.Numbers(words, screening.NewSetup(data, plan))
	if err != nil {
		t.Fatal(err)
	}
	asked, sheet := script{}, "1: "
	for i, c := range cards {
		value := i%3 + 1
		asked[c.View.Prompt.ID] = []string{fmt.Sprint(value)}
		sheet += fmt.Sprint(value)
	}
	l := newLaptop(t)
	_, one := finishedRecord(t, l, asked, "screen", "--person", "th", "--ui", "en", "--plan", "checkpoint")
	onPaper := script{"paper.code": {"", "abcdef", card.SheetCode("checkpoint", cards)}, "paper.answers": {"nonsense", sheet, "", ""}}
	p, other := finishedRecord(t, l, onPaper, "screen", "--person", "th", "--ui", "en", "--plan", "checkpoint", "--from-paper")
	for _, prompt := range p.prompts {
		if asked[prompt] != nil {
			t.Errorf("%s was asked although it stands on the sheet", prompt)
		}
	}
	a, b := l.record(t, one), l.record(t, other)
	for i := range b {
		for j := range b[i].Events {
			if b[i].Events[j].How == screening.OnPaper {
				b[i].Events[j].How = screening.Asked
			}
		}
	}
	compareRecords(t, b, a)
}

var cardAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+/[0-9a-f]+/`)

// TestHandOver: in a whole interview the person answers a part alone in a browser; the terminal is locked meanwhile, takes
// the code alone, and the answers are in the record as given alone.
func TestHandOver(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	p := l.play(t, "screen", "--card", "--hand-over", "--person", "en", "--ui", "en", "--plan", "checkpoint")
	page := &pageHands{t: t, ctx: newBrowser(t)}
	s := script{}
	for id := ""; ; {
		var ok bool
		if id, ok = p.nextOrChoice(); !ok {
			t.Fatalf("the program ended:\n%s", p.transcript.String())
		}
		if page.address == "" {
			page.address = cardAddress.FindString(p.transcript.String())
			if err := chromedp.Do(page.ctx, chromedp.Navigate(page.address)); err != nil {
				t.Fatal(err)
			}
		}
		if id == "card.handover" {
			p.reply("alone")
			break
		}
		p.reply(s.answer(id))
	}
	page.see("You can answer by yourself now")
	touch := func(key string) {
		time.Sleep(600 * time.Millisecond) // a touch that comes before the question could be read does not count
		page.press(key)
	}
	touch("1")
	for i, want := range []string{"borrow money", "tickets", "different from what you were told", "papers now", "phone now"} {
		page.see(want)
		if i == 1 { // the terminal takes nothing but the code
			p.reply("1111")
		}
		touch(fmt.Sprint(i%3 + 1))
	}
	page.see("give this back")
	p.reply("2468")
	if code := p.finish(s); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, p.transcript.String())
	}
	page.until(`document.querySelector("main").childNodes.length === 0`)
	id := referenceInText.FindString(p.transcript.String()[strings.Index(p.transcript.String(), "The record is finished"):])
	var alone []string
	for _, e := range l.record(t, id)[0].Events {
		if e.How == screening.Alone {
			alone = append(alone, e.Value)
		}
	}
	if got := strings.Join(alone, " "); got != "yes no declined yes no" {
		t.Errorf("answered alone: %s\n%s", got, p.transcript.String())
	}
	if !strings.Contains(p.transcript.String(), "Not right.") {
		t.Error("another code than that of the session was not refused")
	}
}

// nextOrChoice is next, and sees also the choice who answers.
func (p *player) nextOrChoice() (string, bool) {
	id := ""
	for {
		line, err := p.out.ReadString('\n')
		p.transcript.WriteString(line)
		if err != nil {
			return "", false
		}
		if m := promptLine.FindStringSubmatch(line); m != nil {
			id = m[1]
		}
		if waits.MatchString(line) || id == "card.handover" && strings.HasPrefix(line, "  2 ") {
			return id, true
		}
	}
}

// TestHidingTheFormBlanksTheCard: on a prompt, and on a page at which the session itself cannot hide.
func TestHidingTheFormBlanksTheCard(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	f := &formHands{terminal: startTerminal(t, l.command("screen", "--card", "--person", "en", "--ui", "en", "--plan", "checkpoint"), 100, 40)}
	text, _ := f.waitFor(0, "Open this address")
	page := &pageHands{t: t, ctx: newBrowser(t)}
	if err := chromedp.Do(page.ctx, chromedp.Navigate(cardAddress.FindString(plain(text)))); err != nil {
		t.Fatal(err)
	}
	f.press("Enter")
	f.see("Short code for this")
	for _, key := range []string{"2", "4", "6", "8", "Enter"} {
		f.press(key)
	}
	for _, check := range []string{"Once for each group", "Is everybody away", "Who interprets?", "Does the person come", "How old is the person"} {
		f.see(check)
		f.press("1")
	}
	f.see("May I ask you a few")
	page.see("May I ask you a few")
	const blank = `document.querySelector("main").childNodes.length === 0`
	hide := func() {
		t.Helper()
		f.keys("\x1b[21~")
		page.until(blank)
		f.see("Locked")
		for _, key := range []string{"2", "4", "6", "8", "Enter"} {
			f.press(key)
		}
	}
	hide()
	page.see("May I ask you a few")
	f.press("F5")
	page.see("Let us take a break")
	hide()
	f.see("Everything up to here")
	page.until(blank)
	f.press("Enter")
	page.see("May I ask you a few")
	f.keys("\x03")
	if code := f.exit(); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	page.until(blank)
}
