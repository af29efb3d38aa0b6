package line

import (
	"slices"
	"strings"

	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// One line is one reply:
//
//	1 … 9 or the word     one of the options (digits of any script)
//	HOW and an option     volunteered, observed or reworded, before the answer to an item
//	skip                  leave it out
//	note TEXT             a note beside the item; the prompt stays
//	told ITEM             the person spoke of another item unasked
//	back break distress danger claim hide stop
//	consent               back to what the person agreed to
//	anything else         the text itself, where text is asked
var commands = []screening.Command{
	screening.ToGoBack, screening.ToBreak, screening.ToDistress, screening.ToDanger, screening.ToClaim, screening.ToHide, screening.ToStop, screening.ToConsent,
}

func commandList(p *wording.Prompt) string {
	words := []string{"note TEXT"}
	if len(p.View.Told) > 0 {
		words = append(words, "told ITEM")
	}
	for _, command := range commands {
		words = append(words, string(command))
	}
	if isItem(p) {
		words = append(words, "volunteered|observed|reworded ANSWER")
	}
	return strings.Join(words, ", ")
}

func isItem(p *wording.Prompt) bool {
	return p.View.Prompt.Item != nil && p.View.Prompt.Item.ID == p.View.Prompt.ID
}

// parse reads a reply; false: it is none of the valid ones.
func parse(p *wording.Prompt, line string) (screening.Reply, bool) {
	text := strings.TrimSpace(line)
	first, rest, _ := strings.Cut(text, " ")
	word := screening.Command(strings.ToLower(first))
	rest = strings.TrimSpace(rest)
	switch {
	case text == "":
		return screening.Reply{}, false
	case rest == "" && slices.Contains(commands, word):
		return screening.Reply{Command: word}, true
	case rest == "" && word == screening.ToSkip:
		skippable := p.View.Prompt.MaySkip || slices.Contains(p.View.Prompt.Options, "skip")
		return screening.Reply{Command: screening.ToSkip}, skippable
	case rest != "" && word == screening.ToNote:
		return screening.Reply{Command: screening.ToNote, Note: rest}, true
	case rest != "" && word == screening.ToTold && slices.Contains(p.View.Told, rest):
		return screening.Reply{Command: screening.ToTold, Target: rest}, true
	case word == screening.ToTold && !strings.Contains(rest, " "), rest == "" && word == screening.ToNote:
		return screening.Reply{}, false // a slip of a command, and not what somebody said
	case p.View.Prompt.Kind == screening.Write:
		return screening.Reply{Command: screening.ToAnswer, Text: text}, true
	}
	how := screening.How("")
	if ways := []screening.How{screening.Volunteered, screening.Observed, screening.Reworded}; isItem(p) && slices.Contains(ways, screening.How(word)) {
		how, text = screening.How(word), rest
	}
	value, ok := option(p.View.Prompt.Options, text)
	return screening.Reply{Command: screening.ToAnswer, Value: value, How: how}, ok
}

// option reads a number or a word as one of the options.
func option(options []string, text string) (string, bool) {
	if runes := []rune(text); len(runes) == 1 {
		if n := wording.Digit(runes[0]); n >= 1 && n <= len(options) {
			return options[n-1], true
		}
	}
	word := strings.ToLower(text)
	return word, slices.Contains(options, word)
}
