package card

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/chromedp"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
)

// TestCardInEveryScript: the question stands on the card in the right script and direction, drawn and shaped with the fonts
// of the program and no other, and the answers can be pointed at.
func TestCardInEveryScript(t *testing.T) {
	for _, size := range [][2]int{{1280, 800}, {390, 720}} {
		b := newBrowser(t, size[0], size[1])
		for _, s := range samples {
			c, d, address := newCard(t, Options{Words: s.speakers(t, "en")})
			b.open(address)
			replied := run(t, c, prompt(t, "papers_kept"))
			b.shows(s.papers)
			right := s.script == "Arabic"
			for expression, want := range map[string]string{
				`document.querySelector(".words").lang`:                                         s.tag,
				`getComputedStyle(document.querySelector(".words p")).direction`:                map[bool]string{true: "rtl", false: "ltr"}[right],
				`document.querySelectorAll(".tile svg path").length > 4`:                        "true",
				`document.querySelectorAll(".tile").length`:                                     "5",
				`document.querySelectorAll("button:enabled").length`:                            "0",
				`document.documentElement.scrollWidth <= innerWidth`:                            "true",
				`document.documentElement.scrollHeight <= innerHeight`:                          "true",
				`parseFloat(getComputedStyle(document.querySelector(".words")).fontSize) >= 22`: "true",
			} {
				if got := b.eval(expression); got != want {
					t.Errorf("%s at %d: %s is %s, want %s", s.tag, size[0], expression, got, want)
				}
			}
			b.fonts(s.tag, ".words p")
			b.fonts(s.tag, ".tile span span")
			b.shaped(s)
			b.picture(fmt.Sprintf("card-%s-%d", s.tag, size[0]))
			d.replies <- screening.Reply{Command: screening.ToAnswer, Value: "yes"}
			<-replied
			_ = c.Close()
			b.nothing()
		}
	}
}

// fonts checks that every letter comes from a font of the program.
func (b *browser) fonts(tag, selector string) {
	b.t.Helper()
	b.until("document.fonts.status === 'loaded'")
	nodes, err := chromedp.Run(b.ctx, chromedp.QueryNodeIDs(selector))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, id := range nodes {
		got, err := chromedp.Call(b.ctx, css.GetPlatformFontsForNode, css.GetPlatformFontsForNodeParams{NodeID: id})
		if err != nil {
			b.t.Fatal(err)
		}
		if len(got.Fonts) == 0 {
			b.t.Errorf("%s: %s has no letters", tag, selector)
		}
		for _, f := range got.Fonts {
			if !f.IsCustomFont {
				b.t.Errorf("%s: %v letters of %s are drawn with %s of this computer", tag, f.GlyphCount, selector, f.FamilyName)
			}
		}
	}
}

// joins are pieces of text that are narrower when they are shaped than their letters one by one.
var joins = map[string]string{"km": "ស្ត្រី", "my": "က္က", "hi": "क्ष", "ar": "سلام", "ur": "سلام"}

// shaped checks that letters join as the script wants it, and that text from right to left begins at the right.
func (b *browser) shaped(s sample) {
	b.t.Helper()
	measure := `(text => { const e = document.querySelector(".words p"), s = document.createElement("span"); s.style.whiteSpace = "pre"; s.textContent = text; e.append(s); const w = s.getBoundingClientRect().width; s.remove(); return w })`
	if text := joins[s.tag]; text != "" {
		if got := b.eval(fmt.Sprintf("%s(%q) < 0.95 * %s([...%q].join(\"\\u200c \"))", measure, text, measure, text)); got != "true" {
			b.t.Errorf("%s: %s is not joined", s.tag, text)
		}
	}
	first := `(() => { const n = document.querySelector(".words p").firstChild, a = document.createRange(), z = document.createRange(); a.setStart(n, 0); a.setEnd(n, 1); z.setStart(n, 3); z.setEnd(n, 4); return a.getBoundingClientRect().left - z.getBoundingClientRect().left })()`
	left, err := strconv.ParseFloat(b.eval(first), 64)
	if err != nil || (left > 0) != (s.script == "Arabic") {
		b.t.Errorf("%s: the first letter stands %v to the right of the fourth (%v)", s.tag, left, err)
	}
}

// TestBlankOnHide: from the moment in which the official hides until nothing is drawn on the card pass less than 100 ms;
// pages that say nothing to the person leave it blank, those that do are shown.
func TestBlankOnHide(t *testing.T) {
	b := newBrowser(t, 1280, 800)
	c, d, address := newCard(t, Options{Words: english(t)})
	b.open(address)
	var took []time.Duration
	for range 7 {
		replied := run(t, c, prompt(t, "papers_kept"))
		b.shows("did somebody else keep")
		b.eval("window.drawn = 0")
		begin := time.Now()
		d.replies <- screening.Reply{Command: screening.ToHide}
		<-replied
		b.until("drawn > 0")
		b.isBlank()
		took = append(took, drawnAfter(t, b, begin))
	}
	if least := fastest(took); least > 100*time.Millisecond {
		t.Errorf("the card was blank after %v", took)
	}
	t.Logf("blank after %v", took)
	for kind, says := range map[session.PageKind]string{session.BreakPage: "Let us take a break", session.DangerPage: "", session.ClaimPage: "", session.DistressPage: "You are here with me now"} {
		if err := c.Show(t.Context(), session.Page{Kind: kind}); err != nil {
			t.Fatal(err)
		}
		if says == "" {
			b.isBlank()
		} else {
			b.shows(says)
		}
	}
	go func() { _ = c.Hide(t.Context(), session.NewLock([]byte("2468"), nil)) }()
	<-d.hidden
	b.isBlank()
	d.opened <- struct{}{}
}

// fastest is used where only a floor can be promised of a machine that others use, too.
func fastest(all []time.Duration) time.Duration {
	least := all[0]
	for _, d := range all {
		least = min(least, d)
	}
	return least
}

func drawnAfter(t testing.TB, b *browser, begin time.Time) time.Duration {
	t.Helper()
	at, err := strconv.ParseFloat(b.eval("window.drawn"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.UnixMicro(int64(at * 1000)).Sub(begin)
}

// handed is a card that the person answers alone, after they have read what the pictures mean.
func handed(t *testing.T, b *browser) (*Card, *desktop) {
	t.Helper()
	c, d, address := newCard(t, Options{Words: english(t), HandOver: Alone})
	b.open(address)
	d.choices <- "alone"
	replied := run(t, c, prompt(t, "papers_kept"))
	if lock := <-d.hidden; !lock.Open([]byte("2468")) || lock.Open([]byte("1357")) {
		t.Error("another code than that of the session opens the screen")
	}
	b.shows("You can answer by yourself now")
	b.picture("alone-intro")
	time.Sleep((settle + 50) * time.Millisecond)
	b.keys("1")
	b.shows("did somebody else keep")
	b.picture("alone-question")
	if n := b.eval(`document.querySelectorAll(".tile").length`); n != "3" {
		t.Errorf("%s pictures, want 3", n)
	}
	time.Sleep((settle + 50) * time.Millisecond)
	b.keys("1")
	want(t, "yes", got(t, b, replied), screening.ToAnswer, "yes", screening.Alone)
	return c, d
}

func want(t *testing.T, what string, got screening.Reply, command screening.Command, value string, how screening.How) {
	t.Helper()
	if got.Command != command || got.Value != value || got.How != how || len(got.Shown) == 0 {
		t.Errorf("%s: %+v", what, got)
	}
}

// TestAlone: the person answers with two or three keys or touches; each answer is handed over before the next question comes.
func TestAlone(t *testing.T) {
	b := newBrowser(t, 1024, 768)
	c, d := handed(t, b)
	for _, step := range []struct {
		id, keys, click string
		command         screening.Command
		value           string
		how             screening.How
	}{
		{"papers_kept", "\x1b2", "", screening.ToAnswer, "no", screening.Alone}, // there is no way back from the first
		{"could_not_leave_place", "", ".tile:nth-child(2)", screening.ToAnswer, "no", screening.Alone},
		{"papers_kept", "3", "", screening.ToAnswer, "declined", screening.Alone},
		{"papers_kept", "٢", "", screening.ToAnswer, "no", screening.Alone},
		{"sensitive.hurt_there", "2", "", screening.ToAnswer, "skip", ""},
		{"could_not_leave_place", "\x1b", "", screening.ToGoBack, "", ""},
		{"papers_kept", "0", "", screening.ToBreak, "", ""},
	} {
		before := c.server.number()
		replied := run(t, c, prompt(t, step.id))
		for c.server.number() == before {
			time.Sleep(time.Millisecond)
		}
		time.Sleep((settle + 50) * time.Millisecond)
		for _, key := range step.keys {
			b.keys(string(key))
		}
		if step.click != "" {
			b.run(chromedp.Click(step.click))
		}
		want(t, step.id, got(t, b, replied), step.command, step.value, step.how)
	}
	if len(d.asked) > 0 || len(d.pages) > 0 {
		t.Error("the official was shown something meanwhile")
	}
}

// TestAloneToTheEnd: the person can take a break and stop; what they cannot answer alone waits for the official.
func TestAloneToTheEnd(t *testing.T) {
	b := newBrowser(t, 1024, 768)
	c, d := handed(t, b)
	shown := make(chan error, 1)
	go func() { shown <- c.Show(t.Context(), session.Page{Kind: session.BreakPage}) }()
	b.shows("Let us take a break")
	b.picture("alone-break")
	time.Sleep((settle + 50) * time.Millisecond)
	b.keys("2")
	if err := got(t, b, shown); err != nil {
		t.Fatal(err)
	}
	want(t, "stop", got(t, b, run(t, c, prompt(t, "papers_kept"))), screening.ToStop, "", "")
	replied := run(t, c, prompt(t, "closing.more"))
	b.shows("give this back")
	b.picture("alone-give-back")
	b.keys("1")
	select {
	case v := <-d.asked:
		t.Fatalf("the official is asked %s while the person has the card", v.Prompt.ID)
	case <-time.After(300 * time.Millisecond):
	}
	d.opened <- struct{}{}
	d.replies <- screening.Reply{Command: screening.ToSkip}
	if r := got(t, b, replied); r.Command != screening.ToSkip || len(d.pages) != 0 {
		t.Errorf("%+v, %d pages", r, len(d.pages))
	}
}

// TestSpokenQuestion: where there are recordings of all that is said, the card offers to play them, and only it can fetch them.
func TestSpokenQuestion(t *testing.T) {
	b := newBrowser(t, 800, 600)
	words := english(t)
	p, err := words.Prompt(prompt(t, "papers_kept"))
	if err != nil {
		t.Fatal(err)
	}
	sounds := Recordings{}
	for _, shown := range p.Shown {
		sounds[shown.Hash] = silence
	}
	c, d, address := newCard(t, Options{Words: words, Sounds: sounds})
	b.open(address)
	replied := run(t, c, prompt(t, "papers_kept"))
	b.shows("did somebody else keep")
	b.picture("card-sound")
	b.run(chromedp.Click(".actions button"))
	b.until(fmt.Sprintf(`performance.getEntriesByType("resource").filter(e => e.name.includes("/sound/") && e.responseStatus === 200).length === %d`, len(sounds)))
	if status, _ := get(t, "GET", address+"sound/"+p.Shown[0].Hash, "", nil); status != 404 {
		t.Errorf("somebody else can fetch it: %d", status)
	}
	d.replies <- screening.Reply{Command: screening.ToAnswer, Value: "no"}
	<-replied
	replied = run(t, c, prompt(t, "could_not_leave_place"))
	b.shows("leave")
	b.until(`document.querySelector(".actions") === null`)
	d.replies <- screening.Reply{Command: screening.ToAnswer, Value: "no"}
	<-replied
}

// silence is a sound file of a tenth of a second, in which nothing is heard.
var silence = append([]byte("RIFF\x44\x03\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x20\x03\x00\x00"), bytes.Repeat([]byte{0x80}, 800)...)

// TestSealedQuestions: who answers alone is asked about officials at the end, once; every answer is sealed before the next
// question comes, none of them reaches the official, and without an outside body nothing is asked.
func TestSealedQuestions(t *testing.T) {
	b := newBrowser(t, 1024, 768)
	sealed := make(chan string, 10)
	c, d, address := newCard(t, Options{Words: english(t), HandOver: Alone, Sealed: Sealed{
		Items: func() []string { return []string{"officials_helped_on_way", "held_after_rescue"} },
		Seal:  func(answers []byte) error { sealed <- string(answers); return nil },
	}})
	b.open(address)
	d.choices <- "alone"
	touch := func(key string) {
		time.Sleep((settle + 50) * time.Millisecond)
		b.keys(key)
	}
	replied := run(t, c, prompt(t, "papers_kept"))
	b.shows("by yourself")
	touch("1")
	b.shows("did somebody else keep")
	touch("1")
	got(t, b, replied)
	for range 2 {
		replied = run(t, c, prompt(t, "closing.more"))
		if len(sealed) == 0 {
			b.shows("Only an outside body can read it")
			b.shows("did officials help")
			b.picture("alone-sealed")
			touch("1")
			if text := got(t, b, sealed); text != "answered alone\nofficials_helped_on_way yes\n" {
				t.Errorf("sealed %q", text)
			}
			b.shows("demand money")
			touch("3")
			if text := got(t, b, sealed); text != "answered alone\nofficials_helped_on_way yes\nheld_after_rescue declined\n" {
				t.Errorf("sealed %q", text)
			}
			sealed <- "done"
			b.shows("give this back")
			d.opened <- struct{}{}
		}
		d.replies <- screening.Reply{Command: screening.ToSkip}
		if r := got(t, b, replied); r.Command != screening.ToSkip {
			t.Errorf("%+v", r)
		}
	}
}

// TestOnlyTheOfficialHandsOver: without leave nobody is asked whether to hand over, and touching the card does nothing.
func TestOnlyTheOfficialHandsOver(t *testing.T) {
	b := newBrowser(t, 800, 600)
	c, d, address := newCard(t, Options{Words: english(t)})
	b.open(address)
	replied := run(t, c, prompt(t, "papers_kept"))
	b.shows("did somebody else keep")
	time.Sleep((settle + 50) * time.Millisecond)
	b.keys("1")
	b.eval(`document.querySelectorAll(".tile").forEach(e => e.click())`)
	select {
	case r := <-replied:
		t.Fatalf("the card answered: %+v", r)
	case <-time.After(300 * time.Millisecond):
	}
	d.replies <- screening.Reply{Command: screening.ToAnswer, Value: "no"}
	if r := <-replied; r.Value != "no" {
		t.Errorf("%+v", r)
	}
}

// TestClosedCard: when the window is closed the official is told a new address at the next prompt, and the card goes on there.
func TestClosedCard(t *testing.T) {
	b := newBrowser(t, 800, 600)
	c, d, address := newCard(t, Options{Words: english(t)})
	b.open(address)
	replied := run(t, c, prompt(t, "papers_kept"))
	b.shows("did somebody else keep")
	b.open("about:blank")
	time.Sleep(grace + time.Second)
	d.replies <- screening.Reply{Command: screening.ToAnswer, Value: "no"}
	<-replied
	replied = run(t, c, prompt(t, "papers_kept"))
	q := <-d.told
	if q.ID != "card.lost" || q.Text[0] == address {
		t.Fatalf("told %s %s", q.ID, q.Text[0])
	}
	b.open(q.Text[0])
	b.shows("did somebody else keep")
	d.replies <- screening.Reply{Command: screening.ToAnswer, Value: "no"}
	<-replied
}

// TestRecordings: a spoken sentence is offered only when it is what was listed, and belongs to the words that are shown.
func TestRecordings(t *testing.T) {
	t.Parallel()
	good := fstest.MapFS{
		"SHA256SUMS":       {Data: []byte("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  0123456789ab.ogg\n" + strings.Repeat("0", 64) + " *changed.ogg\n")},
		"0123456789ab.ogg": {Data: []byte("hello")}, "changed.ogg": {Data: []byte("hello")}, "unlisted.ogg": {Data: []byte("hello")},
	}
	got, err := ReadRecordings(good)
	if len(got) != 1 || string(got["0123456789ab"]) != "hello" || err == nil || !strings.Contains(err.Error(), "changed.ogg") {
		t.Errorf("%v, %v", got, err)
	}
	if none, err := ReadRecordings(fstest.MapFS{}); none != nil || err != nil {
		t.Errorf("%v, %v", none, err)
	}
	shown := []screening.Shown{{Lang: "km", Hash: "0123456789ab"}, {Lang: "en", Hash: "x"}}
	if all := got.of(shown, "km"); len(all) != 1 {
		t.Errorf("%v", all)
	}
	if all := got.of(append(shown, screening.Shown{Lang: "km", Hash: "y"}), "km"); all != nil {
		t.Errorf("half of the words would be played: %v", all)
	}
}
