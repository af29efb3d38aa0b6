package card

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/screening"
)

func plan(t testing.TB, id string) (*indicators.Data, *screening.Setup) {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	p, ok := data.Plan(id)
	if !ok {
		t.Fatalf("no plan %s", id)
	}
	return data, screening.NewSetup(data, p)
}

// TestPaper: the cards of each plan are one file that fetches nothing, in every script, with every question, a box for each
// answer and a blind card.
func TestPaper(t *testing.T) {
	b := newBrowser(t, 900, 1200)
	for _, s := range samples {
		for _, id := range []string{"checkpoint", "full"} {
			data, setup := plan(t, id)
			words := s.speakers(t, "en")
			content, err := Paper(words, data, setup, "123456")
			if err != nil {
				t.Fatal(err)
			}
			cards, _ := Numbers(words, setup)
			text := string(content)
			for _, bad := range []string{"http:", "https:", "<script", "ZgotmplZ", "CANARY"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s %s: the file holds %s", s.tag, id, bad)
				}
			}
			for _, c := range cards {
				if !strings.Contains(text, fmt.Sprintf(`class="number">%d<`, c.Number)) {
					t.Errorf("%s %s: card %d (%s) is missing", s.tag, id, c.Number, c.View.Prompt.ID)
				}
			}
			for _, want := range []string{"123456", SheetCode(id, cards), `lang="` + s.tag + `"`} {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s: %q is missing", s.tag, id, want)
				}
			}
			if id == "full" {
				continue
			}
			file := filepath.Join(t.TempDir(), "cards.html")
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			b.open("file://" + file)
			b.fonts(s.tag, ".said p")
			b.fonts(s.tag, ".answer span")
			b.picture("paper-" + s.tag)
		}
	}
}

// TestSheetCode: the code changes with the plan, with the items and with the words, and with nothing else.
func TestSheetCode(t *testing.T) {
	t.Parallel()
	code := func(id string, change func([]Numbered)) string {
		_, s := plan(t, "checkpoint")
		cards, err := Numbers(english(t), s)
		if err != nil {
			t.Fatal(err)
		}
		change(cards)
		return SheetCode(id, cards)
	}
	same := code("checkpoint", func([]Numbered) {})
	if again := code("checkpoint", func([]Numbered) {}); again != same || len(same) != 6 {
		t.Errorf("%s and %s", same, again)
	}
	for what, other := range map[string]string{
		"plan":  code("other", func([]Numbered) {}),
		"order": code("checkpoint", func(c []Numbered) { c[0], c[1] = c[1], c[0] }),
		"words": code("checkpoint", func(c []Numbered) { c[7].Person = []string{"x"} }),
	} {
		if other == same {
			t.Errorf("another %s has the same code", what)
		}
	}
}

// TestKeyedLines: what can be typed for a sheet, and that a line is taken as a whole or not at all.
func TestKeyedLines(t *testing.T) {
	t.Parallel()
	_, setup := plan(t, "full")
	k, err := NewKeyed(nil, english(t), setup)
	if err != nil {
		t.Fatal(err)
	}
	number := map[string]int{}
	for _, c := range k.cards {
		number[c.View.Prompt.ID] = c.Number
	}
	papers, choice, text := number["papers_kept"], number["left_how"], number["left_when"]
	for _, test := range []struct {
		line string
		want string // ITEM=VALUE, or nothing where it is refused
	}{
		{fmt.Sprintf("%d yes", papers), "papers_kept=yes"},
		{fmt.Sprintf(" %d   5 ", papers), "papers_kept=declined"},
		{fmt.Sprintf("%d NO", papers), "papers_kept=no"},
		{"1 ٢", "in_danger_now=no"},
		{fmt.Sprintf("%d 2", choice), "left_how=" + k.cards[choice-1].View.Prompt.Options[1]},
		{fmt.Sprintf("%d in May", text), "left_when=in May"},
		{"1: 12-3", "in_danger_now=yes wants_doctor=no job_online=unclear"},
		{"1: 1204", "in_danger_now=yes wants_doctor=no job_online=unknown"},
		{"1: 16", ""}, {"1: ", ""}, {"0 yes", ""}, {"9999 yes", ""}, {fmt.Sprintf("%d maybe", papers), ""}, {"yes", ""}, {"x 1", ""}, {"1 yes no", ""}, {": 1", ""},
		{strings.Repeat("1", 500), ""}, {"99999999999999999999 yes", ""},
	} {
		got, ok := k.line(test.line)
		var all []string
		for _, one := range got {
			all = append(all, one.id+"="+one.reply.Value+one.reply.Text)
		}
		if text := strings.Join(all, " "); ok != (test.want != "") || ok && text != test.want {
			t.Errorf("%q: %v %s, want %s", test.line, ok, text, test.want)
		}
	}
	k.next = 1
	for _, line := range []string{"1", "21"} {
		if _, ok := k.line(line); !ok {
			t.Errorf("%q is refused", line)
		}
	}
	if k.next != 4 {
		t.Errorf("goes on with card %d", k.next)
	}
}

func FuzzKeyedLine(f *testing.F) {
	f.Add("12 yes")
	f.Add("7: 1221-5")
	f.Add("٣ ١")
	f.Fuzz(func(t *testing.T, line string) {
		_, setup := plan(t, "checkpoint")
		k, err := NewKeyed(nil, english(t), setup)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := k.line(line)
		for _, one := range got {
			if ok && (one.id == "" || one.reply.Command != screening.ToAnswer) {
				t.Errorf("%q was read as %+v", line, one)
			}
		}
	})
}

// TestKeyedAsksTheRest: gate and consent are asked as always, a wrong code is refused, items come from the sheet, and what
// stands on no card is left out.
func TestKeyedAsksTheRest(t *testing.T) {
	t.Parallel()
	_, setup := plan(t, "checkpoint")
	d := newDesktop()
	k, err := NewKeyed(&typing{desktop: d, lines: []string{"000000", SheetCode("checkpoint", mustNumbers(t, setup)), "1: 1----1", ""}}, english(t), setup)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range screening.AllPrompts(setup) {
		if p.Item != nil {
			r, err := k.Ask(t.Context(), session.View{Prompt: p})
			if err != nil {
				t.Fatal(err)
			}
			want := screening.ToSkip
			if p.ID == "marks_on_body" || p.ID == "paid_for_job" {
				want = screening.ToAnswer
			}
			if r.Command != want || want == screening.ToAnswer && r.How != map[string]screening.How{"marks_on_body": screening.Observed, "paid_for_job": screening.OnPaper}[p.ID] {
				t.Errorf("%s: %+v", p.ID, r)
			}
			continue
		}
		d.replies <- screening.Reply{Command: screening.ToBreak}
		if r, err := k.Ask(t.Context(), session.View{Prompt: p}); err != nil || r.Command != screening.ToBreak {
			t.Errorf("%s was not asked: %+v, %v", p.ID, r, err)
		}
	}
}

func mustNumbers(t testing.TB, setup *screening.Setup) []Numbered {
	t.Helper()
	cards, err := Numbers(english(t), setup)
	if err != nil {
		t.Fatal(err)
	}
	return cards
}

// typing is an official who types lines.
type typing struct {
	*desktop
	lines []string
}

func (d *typing) Text(context.Context, session.Question) (string, error) {
	line := d.lines[0]
	d.lines = d.lines[1:]
	return line, nil
}
