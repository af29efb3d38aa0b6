package width

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// RightToLeft tells whether a text begins in a script that is written from right to left.
func RightToLeft(s string) bool {
	for _, r := range s {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// Visual puts a line into the order in which it is seen, for terminals that draw every sign to the right of the one
// before. rightToLeft is the direction of the paragraph that the line comes from. Letters are not joined: that needs a
// terminal that does it.
func Visual(line string, rightToLeft bool) string {
	if !strings.ContainsFunc(line, isRightToLeft) {
		return line
	}
	direction := bidi.LeftToRight
	if rightToLeft {
		direction = bidi.RightToLeft
	}
	var p bidi.Paragraph
	if _, err := p.SetString(line, bidi.DefaultDirection(direction)); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	return strings.Join(arrange(runs(order, line), rightToLeft), "")
}

func isRightToLeft(r rune) bool {
	properties, _ := bidi.LookupRune(r)
	return properties.Class() == bidi.R || properties.Class() == bidi.AL
}

// piece is a stretch in one direction.
type piece struct {
	text     string
	backward bool
}

func runs(order bidi.Ordering, line string) []piece {
	var list []piece
	for i := range order.NumRuns() {
		run := order.Run(i)
		list = append(list, piece{run.String(), run.Direction() == bidi.RightToLeft})
	}
	return list
}

// arrange orders the pieces. In a line from right to left the last comes first. In a line from left to right each stretch
// of pieces from right to left, with the numbers between them, is turned round.
func arrange(list []piece, rightToLeft bool) []string {
	var out []string
	for i := 0; i < len(list); {
		end := i + 1
		switch {
		case rightToLeft:
			end = len(list)
		case list[i].backward:
			for end+1 < len(list) && number(list[end].text) && list[end+1].backward {
				end += 2
			}
		}
		group := list[i:end]
		for k := range group {
			one := group[k]
			if rightToLeft || list[i].backward {
				one = group[len(group)-1-k]
			}
			if one.backward {
				one.text = turn(one.text)
			}
			out = append(out, one.text)
		}
		i = end
	}
	return out
}

// number tells pieces that stand between words from right to left without ending them.
func number(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) })
}

// turn reverses the signs of a piece, each kept whole, and mirrors its brackets.
func turn(s string) string {
	units := Units(s)
	var b strings.Builder
	for i := len(units) - 1; i >= 0; i-- {
		b.WriteString(mirror(units[i]))
	}
	return b.String()
}

func mirror(sign string) string {
	const pairs = "()[]{}<>«»‹›"
	at := strings.Index(pairs, sign)
	if at < 0 || sign == "" {
		return sign
	}
	list := []rune(pairs)
	for i, r := range list {
		if string(r) == sign {
			return string(list[i^1])
		}
	}
	return sign
}
