package card

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// Keyed is a Surface around the official's on which the answers of a filled-in sheet are keyed in at once, by the numbers of
// its cards. The gate, the consent and the closing are asked as always. What stands on no card stays not asked.
type Keyed struct {
	Surface
	official
	plan  string
	cards []Numbered
	// answers are what was keyed in, by item; nil: nothing was keyed in yet.
	answers map[string]screening.Reply
	// next is the number of the card that a row of digits goes on with.
	next int
}

// NewKeyed prepares the keying in of a sheet of this plan and language.
func NewKeyed(surface Surface, words *wording.Words, setup *screening.Setup) (*Keyed, error) {
	cards, err := Numbers(words, setup)
	if err != nil {
		return nil, err
	}
	return &Keyed{Surface: surface, official: official{words}, plan: setup.Plan.ID, cards: cards, next: 1}, nil
}

// Ask answers the items from the sheet, each once; everything else, and what is looked at again, is asked of the official.
func (k *Keyed) Ask(ctx context.Context, v session.View) (screening.Reply, error) {
	item := v.Prompt.Item
	if item == nil || v.Prompt.Earlier != "" || v.Rejected {
		return k.Surface.Ask(ctx, v)
	}
	if k.answers == nil {
		if err := k.key(ctx); err != nil {
			return screening.Reply{}, err
		}
	}
	p, err := k.words.Prompt(v)
	if err != nil {
		return screening.Reply{}, err
	}
	reply, keyed := k.answers[item.ID]
	switch {
	case v.Prompt.ID != item.ID && keyed: // the person had the choice on paper
		return screening.Reply{Command: screening.ToAnswer, Value: "ask", Shown: p.Shown}, nil
	case !keyed:
		return screening.Reply{Command: screening.ToSkip, Shown: p.Shown}, nil
	}
	reply.Shown = p.Shown
	return reply, nil
}

// key asks for the code of the sheet, then for its answers, line by line, until an empty line.
func (k *Keyed) key(ctx context.Context) error {
	notice := ""
	for code := SheetCode(k.plan, k.cards); ; notice = k.say("paper.code.wrong") {
		typed, err := k.Text(ctx, session.Question{ID: "paper.code", Title: k.say("paper.code.ask"), Notice: notice})
		if err != nil {
			return err
		}
		if strings.EqualFold(strings.TrimSpace(typed), code) {
			break
		}
	}
	answers := map[string]screening.Reply{}
	q := session.Question{ID: "paper.answers", Title: k.say("paper.answers.title"), Text: strings.Split(k.say("paper.answers.text"), "\n")}
	for {
		line, err := k.Text(ctx, q)
		if err != nil {
			return err
		}
		if strings.TrimSpace(line) == "" {
			k.answers = answers
			return nil
		}
		taken, ok := k.line(line)
		q.Notice = ""
		if !ok {
			q.Notice = k.say("paper.answers.wrong")
			continue
		}
		q.Text = nil
		for _, one := range taken {
			answers[one.id] = one.reply
			q.Text = append(q.Text, one.words)
		}
		q.Text = append(q.Text, k.with("paper.answers.next", map[string]any{"N": k.next, "All": len(k.cards)}))
	}
}

// taken is one answer that was read from a line.
type taken struct {
	id, words string
	reply     screening.Reply
}

// line reads what was keyed in, all of it or nothing:
//
//	12 yes       the answer to card 12: its word, its number, or the text that stands there
//	1221-5       a row: the answers to the cards from here on, by their numbers; - or 0 for a card that was left out
//	7: 1221-5    the same from card 7 on
func (k *Keyed) line(text string) ([]taken, bool) {
	from, row, colon := strings.Cut(text, ":")
	number, answer, two := strings.Cut(strings.TrimSpace(text), " ")
	start, isStart := k.number(from)
	switch {
	case colon && isStart:
		return k.row(start, strings.TrimSpace(row))
	case two:
		at, ok := k.number(number)
		if !ok {
			return nil, false
		}
		one, ok := k.one(at, strings.TrimSpace(answer))
		if ok {
			k.next = at + 1
		}
		return []taken{one}, ok
	}
	return k.row(k.next, strings.TrimSpace(text))
}

// number reads the number of a card, in the digits of any script.
func (k *Keyed) number(text string) (int, bool) {
	n := 0
	for _, r := range strings.TrimSpace(text) {
		digit := wording.Digit(r)
		if digit < 0 || n > len(k.cards) {
			return 0, false
		}
		n = n*10 + digit
	}
	return n, n >= 1 && n <= len(k.cards)
}

func (k *Keyed) row(at int, digits string) ([]taken, bool) {
	var all []taken
	for _, r := range digits {
		left := r == '-' || wording.Digit(r) == 0
		if at > len(k.cards) {
			return nil, false
		}
		if !left {
			one, ok := k.one(at, string(r))
			if !ok {
				return nil, false
			}
			all = append(all, one)
		}
		at++
	}
	k.next = at
	return all, digits != ""
}

// one reads the answer to a card.
func (k *Keyed) one(at int, answer string) (taken, bool) {
	card := &k.cards[at-1]
	prompt := card.View.Prompt
	t := taken{id: prompt.ID, reply: screening.Reply{Command: screening.ToAnswer, How: screening.OnPaper}}
	if prompt.Kind == screening.Observe {
		t.reply.How = screening.Observed
	}
	if prompt.Kind == screening.Write {
		t.reply.Text = answer
		t.words = fmt.Sprintf("%d %s: %s", at, card.Title, answer)
		return t, answer != ""
	}
	var values, words []string
	parts := []string{answer}
	if several(&card.Prompt) {
		parts = strings.Split(answer, ",")
	}
	for _, part := range parts {
		i := slices.Index(prompt.Options, strings.ToLower(strings.TrimSpace(part)))
		if n, ok := digits(part); ok {
			i = n - 1
		}
		if i < 0 || i >= len(prompt.Options) {
			return t, false
		}
		values, words = append(values, prompt.Options[i]), append(words, card.Options[i].Official)
	}
	slices.SortFunc(values, func(a, b string) int { return slices.Index(prompt.Options, a) - slices.Index(prompt.Options, b) })
	t.reply.Value = strings.Join(slices.Compact(values), ",")
	t.words = fmt.Sprintf("%d %s: %s", at, card.Title, strings.Join(words, ", "))
	return t, true
}

// digits reads the number of an option, in the digits of any script.
func digits(text string) (int, bool) {
	n := 0
	for _, r := range strings.TrimSpace(text) {
		digit := wording.Digit(r)
		if digit < 0 || n > 99 {
			return 0, false
		}
		n = n*10 + digit
	}
	return n, strings.TrimSpace(text) != ""
}
