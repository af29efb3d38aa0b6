package form

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/width"
)

// choice is a list of which one line may be marked. It is part of the screens that have options.
type choice struct {
	labels []string
	mark   int // -1: none
	// ticks holds what was ticked, where several may be chosen; nil: one is chosen.
	ticks []bool
}

// stretch is the first and the last row of an option in the body.
type stretch struct{ from, to int }

// box stands before a line that may be ticked, so that it is seen without colour.
var box = map[bool]string{false: "[ ]", true: "[x]"}

// sign stands before the marked line.
const sign = ">"

// add puts the options below the body of a frame.
func (c *choice) add(m *model, f *frame) {
	for i, label := range c.labels {
		lead, k := "  ", plain
		if i == c.mark {
			lead, k = sign+" ", marked
		}
		if i < 9 {
			lead += strconv.Itoa(i+1) + " "
		} else {
			lead += "  "
		}
		if c.ticks != nil {
			lead += box[c.ticks[i]] + " "
		}
		from := len(f.body)
		for _, line := range width.Wrap(label, m.columns()-len(lead)) {
			f.body = append(f.body, row{lead + m.order(line, width.RightToLeft(label)), k})
			lead = strings.Repeat(" ", len(lead))
		}
		f.options = append(f.options, stretch{from, len(f.body) - 1})
	}
}

// scroller moves through the body of a frame.
type scroller struct {
	top    int
	follow bool // the marked row, or the cursor, is to be seen
}

// move scrolls, where there is more than fits.
func (s *scroller) move(m *model, f frame, k tea.KeyMsg) {
	l := m.lay(f)
	if by := scrollBy(k, l.visible); by != 0 && l.over() {
		s.top, s.follow = max(0, min(l.top+by, l.total-l.visible)), false
	}
}

// pick takes a key for a list below other text: digits choose at once, arrows move the mark or, where the next line is
// not seen yet, the text; Enter takes the marked line. It returns the chosen line, or -1.
func (c *choice) pick(m *model, s *scroller, f frame, k tea.KeyMsg) int {
	if n := digit(k); n >= 1 && n <= len(c.labels) {
		c.mark, s.follow = n-1, true
		return c.mark
	}
	if isGoOn(k) {
		return c.accept(m, s, f)
	}
	step := 0
	switch k.Type {
	case tea.KeyUp, tea.KeyShiftTab:
		step = -1
	case tea.KeyDown, tea.KeyTab:
		step = 1
	default:
		s.move(m, f, k)
		return -1
	}
	next := c.next(m.lay(f), f.options, step)
	if next < 0 || next >= len(c.labels) || !m.lay(f).near(f.options[next]) {
		s.move(m, f, k)
		return -1
	}
	c.mark, s.top, s.follow = next, m.lay(f).top, true
	return -1
}

// tick takes a key for a list of which several lines may be chosen: digits and the space bar tick, Enter hands over. It
// tells whether it is handed over. The last line says that it is none of them, and stands alone.
func (c *choice) tick(m *model, s *scroller, f frame, k tea.KeyMsg) bool {
	if isGoOn(k) {
		return slices.Contains(c.ticks, true)
	}
	at := c.mark
	if k.Type != tea.KeySpace && !(k.Type == tea.KeyRunes && typed(k) == ' ') {
		if n := digit(k); n < 1 || n > len(c.labels) {
			c.pick(m, s, f, k)
			return false
		} else {
			at = n - 1
		}
	}
	if at < 0 {
		return false
	}
	c.mark, c.ticks[at] = at, !c.ticks[at]
	last := len(c.ticks) - 1
	if at == last && c.ticks[at] {
		clear(c.ticks[:last])
	} else if c.ticks[at] {
		c.ticks[last] = false
	}
	return false
}

// accept takes the marked line, when it is seen. Until then it shows more of what stands above it, which is to be read.
func (c *choice) accept(m *model, s *scroller, f frame) int {
	l := m.lay(f)
	if c.mark >= 0 && c.mark < len(f.options) && f.options[c.mark].from >= l.top+l.visible {
		s.move(m, f, tea.KeyMsg{Type: tea.KeyPgDown})
		return -1
	}
	return c.mark
}

// next is the line that an arrow leads to: from nowhere, to the first or the last that is seen.
func (c *choice) next(l layout, options []stretch, step int) int {
	if c.mark >= 0 {
		return c.mark + step
	}
	at := -1
	for i, o := range options {
		if seen := o.from >= l.top && o.to < l.top+l.visible; seen && (at < 0 || step < 0) {
			at = i
		}
	}
	return at
}

// near tells options that are seen, or begin or end just outside of what is seen.
func (l layout) near(o stretch) bool { return o.from <= l.top+l.visible && o.to >= l.top-1 }

// follow lets the frame show the marked option.
func (c *choice) follow(s *scroller, f *frame) {
	f.top = s.top
	if s.follow && c.mark >= 0 && c.mark < len(f.options) {
		f.follow = f.options[c.mark].to
	}
}
