package form

import (
	"os"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"tipscreen/cmd/internal/width"
)

// Windows smaller than this show only how large they should be. Lines longer than textColumns are hard to read.
const (
	leastColumns = 40
	leastRows    = 12
	textColumns  = 100
)

// look is how things are drawn: fixed when the form is made.
type look struct {
	header, title, strong, marked lipgloss.Style
	reorder                       bool
}

func newLook(o Options, profile termenv.Profile) look {
	r := lipgloss.NewRenderer(o.Out)
	r.SetHasDarkBackground(true)
	r.SetColorProfile(profile)
	l := look{
		header: r.NewStyle().Foreground(lipgloss.ANSIColor(6)), title: r.NewStyle().Bold(true),
		strong: r.NewStyle().Bold(true), marked: r.NewStyle().Bold(true),
	}
	switch o.Bidi {
	case BidiForm:
		l.reorder = true
	case BidiAuto:
		l.reorder = os.Getenv("VTE_VERSION") == "" && os.Getenv("KONSOLE_VERSION") == ""
	}
	return l
}

// kind says how a row is drawn. Everything that it says is also said by the words or by a sign.
type kind byte

const (
	plain kind = iota
	title
	strong
	marked
)

// row is one line that fits the window.
type row struct {
	text string
	kind kind
}

// frame is what a screen wants to show. The header and the footer stay, the body scrolls, the tail stays below it.
type frame struct {
	header string
	body   []row
	tail   []row
	footer []hint
	top    int // the first row of the body that is shown
	follow int // a row of the body that has to be seen; -1: none
	// options are the rows of the body that can be marked.
	options []stretch
}

// hint says what a key does.
type hint struct {
	sign, word string
	drop       int
}

// layout is how a frame fits the window.
type layout struct {
	top, visible, total int
	footer              []string
}

// over tells whether not all of the body can be seen; end, whether its last row can.
func (l layout) over() bool { return l.total > l.visible }
func (l layout) end() bool  { return l.top+l.visible >= l.total }

// columns is how wide text may be.
func (m *model) columns() int { return min(m.width, textColumns) }

// room is how many rows there are for the body between all that stays.
func (m *model) room(f frame, footer []string) int {
	rows := m.height - len(f.tail) - len(footer)
	if f.header != "" {
		rows--
	}
	return rows
}

// lay finds out what of a frame is seen. Where the body does not fit, one row is taken to say so.
func (m *model) lay(f frame) layout {
	l := layout{total: len(f.body), footer: m.footer(f.footer)}
	l.visible = m.room(f, l.footer)
	if l.total > l.visible {
		l.visible = max(l.visible-1, 1)
	}
	l.top = f.top
	if f.follow >= 0 && f.follow < l.top {
		l.top = f.follow
	}
	if f.follow >= l.top+l.visible {
		l.top = f.follow - l.visible + 1
	}
	l.top = max(0, min(l.top, l.total-l.visible))
	return l
}

// draw makes the text of a frame, never more lines than the window has.
func (m *model) draw(f frame) string {
	l := m.lay(f)
	var lines []string
	if f.header != "" {
		lines = append(lines, m.look.header.Render(f.header))
	}
	for i := l.top; i < min(l.top+l.visible, l.total); i++ {
		lines = append(lines, m.look.render(f.body[i]))
	}
	if l.over() {
		lines = append(lines, m.position(l))
	}
	below := len(f.tail) + len(l.footer)
	for len(lines)+below < m.height {
		lines = append(lines, "")
	}
	for _, r := range f.tail {
		lines = append(lines, m.look.render(r))
	}
	lines = append(lines, l.footer...)
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

func (k look) render(r row) string {
	switch r.kind {
	case title:
		return k.title.Render(r.text)
	case strong:
		return k.strong.Render(r.text)
	case marked:
		return k.marked.Render(r.text)
	}
	return r.text
}

// position says which part of the body is seen.
func (m *model) position(l layout) string {
	text := m.sayWith("page.position", map[string]any{"First": l.top + 1, "Last": min(l.top+l.visible, l.total), "All": l.total})
	if !l.end() {
		text += "  " + m.say("page.more")
	}
	return width.Cut("-- "+text, m.width)
}

// footerRows is how many lines of hints a window of this height can spare.
func (m *model) footerRows() int {
	if m.height < 18 {
		return 2
	}
	return 3
}

// footer puts the hints into lines. What does not fit is left out whole, the least important first: the page with the
// guide lists every key.
func (m *model) footer(hints []hint) []string {
	for {
		lines := m.pack(hints)
		if len(lines) <= m.footerRows() || len(hints) < 2 {
			return lines[:min(len(lines), m.footerRows())]
		}
		worst := 0
		for i, h := range hints {
			if h.drop >= hints[worst].drop {
				worst = i
			}
		}
		kept := append([]hint(nil), hints[:worst]...)
		hints = append(kept, hints[worst+1:]...)
	}
}

func (m *model) pack(hints []hint) []string {
	var lines []string
	line := ""
	for _, h := range hints {
		text := m.oneLine(strings.TrimSpace(h.sign + " " + h.word))
		if line != "" && width.Of(line)+2+width.Of(text) > m.width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += "  "
		}
		line += text
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// oneLine is a text for a place that has one line.
func (m *model) oneLine(s string) string { return m.order(width.Cut(s, m.width), width.RightToLeft(s)) }

// order puts a line into the order in which it is seen, where the terminal does not.
func (m *model) order(line string, rightToLeft bool) string {
	if !m.look.reorder {
		return line
	}
	return width.Visual(line, rightToLeft)
}

// rows breaks a text into rows.
func (m *model) rows(text string, k kind) []row {
	var rows []row
	for _, line := range width.Hang(text, m.columns()) {
		rows = append(rows, row{m.order(line, width.RightToLeft(text)), k})
	}
	return rows
}

func (m *model) paragraphs(texts []string, k kind) []row {
	var rows []row
	for _, text := range texts {
		rows = append(rows, m.rows(text, k)...)
	}
	return rows
}
