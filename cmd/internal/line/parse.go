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
//	1 3 5 or words        several of the options, where several may be chosen
//	note TEXT             a note in your own words beside the item; the prompt stays
//	quote TEXT            the same, word for word; evidence TEXT: for the investigation, with consent to it
//	told ITEM             the person spoke of another item unasked
//	back                  to the prompt before; back ITEM: to an item that was answered
//	stop                  end the asking; stop REASON: with the reason, or stop later: put it off
//	break distress danger claim hide
//	consent               back to what the person agreed to
//	anything else         the text itself, where text is asked
var commands = []screening.Command{
	screening.ToGoBack, screening.ToBreak, screening.ToDistress, screening.ToDanger, screening.ToClaim, screening.ToHide, screening.ToStop, screening.ToConsent,
}

// noteKind tells what a note is that begins with this word.
func noteKind(word screening.Command) (kind string, ok bool) {
	switch word {
	case screening.ToNote:
		return screening.Paraphrase, true
	case "quote":
		return screening.Quotation, true
	case "evidence":
		return screening.ForInvestigation, true
	}
	return "", false
}

func commandList(p *wording.Prompt) string {
	var words []string
	if !p.View.Bare {
		words = append(words, "note|quote|evidence TEXT")
	}
	if len(p.View.Told) > 0 {
		words = append(words, "told ITEM")
	}
	for _, command := range commands {
		words = append(words, string(command))
	}
	words = append(words, "stop "+strings.Join(screening.StopReasons(), "|"))
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
	kind, isNote := noteKind(word)
	isNote = isNote && !p.View.Bare
	switch {
	case text == "":
		return screening.Reply{}, false
	case rest == "" && slices.Contains(commands, word):
		return screening.Reply{Command: word}, true
	case rest == "" && word == screening.ToSkip:
		skippable := p.View.Prompt.MaySkip || slices.Contains(p.View.Prompt.Options, "skip")
		return screening.Reply{Command: screening.ToSkip}, skippable
	case rest != "" && isNote:
		return screening.Reply{Command: screening.ToNote, Note: rest, Value: kind}, true
	case word == screening.ToStop && slices.Contains(screening.StopReasons(), rest):
		return screening.Reply{Command: screening.ToStop, Value: rest}, true
	case word == screening.ToGoBack && rest != "" && !strings.Contains(rest, " ") && p.View.Prompt.Kind != screening.Write:
		return screening.Reply{Command: screening.ToGoBack, Target: rest}, true
	case rest != "" && word == screening.ToTold && slices.Contains(p.View.Told, rest):
		return screening.Reply{Command: screening.ToTold, Target: rest}, true
	case word == screening.ToTold && rest == "" && slices.Contains(p.View.Prompt.Options, "told"):
		return screening.Reply{Command: screening.ToAnswer, Value: "told"}, true // here it is an option and no command
	case word == screening.ToTold && !strings.Contains(rest, " "), rest == "" && isNote:
		return screening.Reply{}, false // a slip of a command, and not what somebody said
	case p.View.Prompt.Kind == screening.Write:
		return screening.Reply{Command: screening.ToAnswer, Text: text}, true
	}
	if p.View.Prompt.Kind == screening.Several {
		value, ok := several(p.View.Prompt.Options, text)
		return screening.Reply{Command: screening.ToAnswer, Value: value}, ok
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
	number := 0
	for i, r := range text {
		digit := wording.Digit(r)
		if number = number*10 + digit; digit < 0 || i > 8 || number == 0 {
			number = -1
			break
		}
	}
	if number >= 1 && number <= len(options) {
		return options[number-1], true
	}
	word := strings.ToLower(text)
	return word, slices.Contains(options, word)
}

// several reads numbers or words, with spaces or commas between them, as options.
func several(options []string, text string) (string, bool) {
	var values []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		value, ok := option(options, word)
		if !ok {
			return "", false
		}
		values = append(values, value)
	}
	return strings.Join(values, ","), len(values) > 0
}
