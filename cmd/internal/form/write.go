package form

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/width"
	"tipscreen/screening"
)

// longestText bounds what is written, below what an interview takes.
const longestText = 60 << 10

// cursor is drawn between two signs, so that it is seen without colour and no sign is taken apart.
const cursor = "▌"

// editor is a text and a place in it. It is small on purpose: it knows no clipboard and no other program, both of which
// would carry what is written out of this one.
type editor struct{ before, after string }

func (e *editor) text() string { return e.before + e.after }

// insert puts text at the cursor, without what could be a command to the terminal.
func (e *editor) insert(s string) {
	s = strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(s), "")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\u200b' && width.Clean(string(r)) == "" {
			return -1
		}
		return r
	}, s)
	if room := longestText - len(e.before) - len(e.after); len(s) > room {
		cut := max(room, 0)
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	e.before += s
}

// press takes a key that changes the text or moves within a line; lines says whether Enter begins a new one. It tells
// whether the key meant something.
func (e *editor) press(k tea.KeyMsg, lines bool) bool {
	switch {
	case k.Alt:
		return false
	case k.Type == tea.KeyRunes:
		text := string(k.Runes)
		if !lines {
			text = strings.Join(strings.Fields(text), " ")
		}
		e.insert(text)
	case k.Type == tea.KeySpace:
		e.insert(" ")
	case k.Type == tea.KeyEnter && lines, k.Type == tea.KeyCtrlJ && lines:
		e.insert("\n")
	case k.Type == tea.KeyBackspace, k.Type == tea.KeyCtrlH:
		_, size := utf8.DecodeLastRuneInString(e.before)
		e.before = e.before[:len(e.before)-size]
	case k.Type == tea.KeyDelete:
		e.after = e.after[len(first(e.after)):]
	case k.Type == tea.KeyCtrlU:
		e.before = e.before[:strings.LastIndexByte(e.before, '\n')+1]
	case k.Type == tea.KeyCtrlW:
		e.before = strings.TrimRightFunc(strings.TrimRightFunc(e.before, unicode.IsSpace), func(r rune) bool { return !unicode.IsSpace(r) })
	default:
		return e.step(k)
	}
	return true
}

// step moves the cursor within the text.
func (e *editor) step(k tea.KeyMsg) bool {
	switch k.Type {
	case tea.KeyLeft:
		e.place(len(e.before) - len(last(e.before)))
	case tea.KeyRight:
		e.place(len(e.before) + len(first(e.after)))
	case tea.KeyHome, tea.KeyCtrlA:
		e.place(strings.LastIndexByte(e.before, '\n') + 1)
	case tea.KeyEnd:
		if at := strings.IndexByte(e.after, '\n'); at >= 0 {
			e.place(len(e.before) + at)
		} else {
			e.place(len(e.before) + len(e.after))
		}
	default:
		return false
	}
	return true
}

func (e *editor) place(at int) {
	text := e.text()
	e.before, e.after = text[:at], text[at:]
}

// first and last are the unit after and before the cursor, so that it never stands inside of one.
func first(s string) string {
	if s == "" {
		return ""
	}
	return width.Units(s[:strings.IndexByte(s+"\n", '\n')] + "\n")[0]
}

func last(s string) string {
	if s == "" {
		return ""
	}
	if strings.HasSuffix(s, "\n") {
		return "\n"
	}
	units := width.Units(s[strings.LastIndexByte(s, '\n')+1:])
	return units[len(units)-1]
}

// line is which of the lines the cursor stands on.
func (e *editor) line(spans []width.Span) int {
	at := 0
	for i, span := range spans {
		if span.From <= len(e.before) {
			at = i
		}
	}
	return at
}

// vertical moves the cursor to the same column of another line; false: there is none.
func (e *editor) vertical(columns, by int) bool {
	spans := width.Spans(e.text(), columns)
	now := e.line(spans)
	if now+by < 0 || now+by >= len(spans) {
		return false
	}
	cells := width.Of(e.text()[spans[now].From:len(e.before)])
	target := spans[now+by]
	at := target.From
	for _, unit := range width.Units(e.text()[target.From:target.To]) {
		if cells -= width.Of(unit); cells < 0 {
			break
		}
		at += len(unit)
	}
	if at == target.To && now+by+1 < len(spans) && spans[now+by+1].From == at { // that place belongs to the next line
		at -= len(last(e.text()[target.From:target.To]))
	}
	e.place(at)
	return true
}

// lines are the lines of the text with the cursor, and which of them has it.
func (e *editor) lines(m *model) ([]row, int) {
	columns := m.columns() - 1 // one cell for the cursor
	text := e.text()
	spans := width.Spans(text, columns)
	at := e.line(spans)
	var rows []row
	for i, span := range spans {
		line := width.Clean(text[span.From:span.To])
		if i == at {
			// In a line from right to left the cursor shows its place only roughly.
			left, right := width.Clean(text[span.From:len(e.before)]), width.Clean(text[len(e.before):max(span.To, len(e.before))])
			line = trimTo(left, right, columns)
		}
		line = strings.TrimRight(line, " ")
		rows = append(rows, row{text: m.order(line, width.RightToLeft(text[span.From:span.To]))})
	}
	return rows, at
}

// trimTo draws the cursor between two parts of a line, leaving out spaces that stand over its end.
func trimTo(left, right string, columns int) string {
	right = strings.TrimRight(right, " ")
	for right == "" && width.Of(left) > columns && strings.HasSuffix(left, " ") {
		left = left[:len(left)-1]
	}
	return left + cursor + right
}

// isDone tells the keys that hand a text over.
func isDone(k tea.KeyMsg) bool { return !k.Alt && (k.Type == tea.KeyCtrlS || k.Type == tea.KeyF2) }

// typing takes a key for a text of several lines; what does not change it scrolls.
func (m *model) typing(e *editor, s *scroller, f frame, k tea.KeyMsg) {
	moved := e.press(k, true)
	switch k.Type {
	case tea.KeyUp:
		moved = e.vertical(m.columns()-1, -1)
	case tea.KeyDown:
		moved = e.vertical(m.columns()-1, 1)
	}
	if moved {
		s.top, s.follow = m.lay(f).top, true
		return
	}
	s.move(m, f, k)
}

func (s *promptScreen) write(m *model, k tea.KeyMsg) { m.typing(s.text, &s.scroller, s.show(m), k) }

// done hands the text over; without one it leaves the prompt out, where that is allowed.
func (s *promptScreen) done(m *model) tea.Cmd {
	text := strings.TrimSpace(s.text.text())
	if text == "" && !s.maySkip() {
		s.notice = m.say("write.empty")
		return nil
	}
	m.sent = s.p.Prompt.ID
	if text == "" {
		return s.send(m, screening.Reply{Command: screening.ToSkip})
	}
	return s.send(m, screening.Reply{Command: screening.ToAnswer, Text: text, How: s.howValue(m)})
}

// addText puts the text with its cursor into the frame.
func (s *promptScreen) addText(m *model, f *frame) {
	if s.notice != "" {
		f.body = append(f.body, m.rows("! "+s.notice, strong)...)
	}
	f.body = append(f.body, m.rows(m.say("write.text"), strong)...)
	rows, at := s.text.lines(m)
	f.top = s.top
	if s.scroller.follow {
		f.follow = len(f.body) + at
	}
	f.body = append(f.body, rows...)
}

// note is a note beside a prompt.
type note struct {
	scroller
	base   *promptScreen
	text   *editor
	kind   string // what the note is: screening.Paraphrase, Quotation or ForInvestigation
	notice string
}

// kinds are what a note can be, with the messages that say so. F4 goes from one to the next.
var noteKinds = []struct{ kind, word string }{
	{screening.Paraphrase, "write.kind.paraphrase"}, {screening.Quotation, "write.kind.quote"}, {screening.ForInvestigation, "write.kind.investigation"},
}

func (s *note) kindAt() int {
	for i, k := range noteKinds {
		if k.kind == s.kind {
			return i
		}
	}
	return 0
}

// notePrefix keeps notes apart from the texts of prompts.
const notePrefix = "note "

func newNote(m *model, base *promptScreen) *note {
	id := notePrefix + base.p.Prompt.ID
	if m.texts[id] == nil {
		m.texts[id] = &editor{}
	}
	return &note{base: base, text: m.texts[id], scroller: scroller{follow: true}}
}

func (s *note) press(m *model, k tea.KeyMsg) tea.Cmd {
	s.notice = ""
	do := actionOf(k, true)
	switch {
	case isDone(k) && strings.TrimSpace(s.text.text()) == "":
		s.notice = m.say("write.empty")
	case isDone(k):
		m.sent = notePrefix + s.base.p.Prompt.ID
		return s.base.send(m, screening.Reply{Command: screening.ToNote, Note: strings.TrimSpace(s.text.text()), Value: s.kind})
	case do == doBack:
		m.pop()
	case do == doHow:
		s.kind = noteKinds[(s.kindAt()+1)%len(noteKinds)].kind
	default:
		if cmd, ok := s.base.act(m, do); ok {
			return cmd
		}
		m.typing(s.text, &s.scroller, s.show(m), k)
	}
	return nil
}

func (s *note) show(m *model) frame {
	f := frame{header: m.header(&s.base.p), top: s.top, follow: -1, footer: []hint{
		{"Ctrl-S", m.say("keys.done"), -1}, {"Esc", m.say("keys.cancel"), 0}, {"F4", m.say("keys.kind"), 1}, {"F10", m.say("keys.hide"), 0},
	}}
	f.body = append(f.body, m.rows(s.base.p.Title, plain)...)
	f.body = append(f.body, m.rows(m.say("write.note")+" ("+m.say(noteKinds[s.kindAt()].word)+")", title)...)
	if s.notice != "" {
		f.body = append(f.body, m.rows("! "+s.notice, strong)...)
	}
	rows, at := s.text.lines(m)
	if s.scroller.follow {
		f.follow = len(f.body) + at
	}
	f.body = append(f.body, rows...)
	return f
}
