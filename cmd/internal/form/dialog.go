package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/session"
)

// question is the upper part of every dialog.
func (m *model) question(q *session.Question) []row {
	rows := append([]row{{}}, m.rows(q.Title, title)...)
	if q.Notice != "" {
		rows = append(rows, m.rows("! "+q.Notice, strong)...)
	}
	for _, text := range q.Text {
		rows = append(rows, m.paragraphs(strings.Split(text, "\n"), plain)...)
	}
	return rows
}

// chooseScreen asks for one of the options.
type chooseScreen struct {
	choice
	scroller
	q session.Question
}

func newChoose(q session.Question) *chooseScreen {
	s := &chooseScreen{q: q, choice: choice{mark: 0}}
	for _, option := range q.Options {
		s.labels = append(s.labels, option.Label)
	}
	return s
}

func (s *chooseScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	if chosen := s.pick(m, &s.scroller, s.show(m), k); chosen >= 0 {
		m.answer(reply{value: s.q.Options[chosen].Value})
	}
	return nil
}

func (s *chooseScreen) show(m *model) frame {
	f := frame{body: m.question(&s.q), follow: -1}
	f.body = append(f.body, row{})
	s.choice.add(m, &f)
	s.choice.follow(&s.scroller, &f)
	sign := "1"
	if n := min(len(s.labels), 9); n > 1 {
		sign += "-" + string(rune('0'+n))
	}
	f.footer = []hint{{sign, m.say("keys.choose"), -1}, {"↑ ↓ Enter", "", 0}}
	return f
}

// lineScreen asks for one line.
type lineScreen struct {
	q    session.Question
	text editor
}

func (s *lineScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	if isGoOn(k) {
		m.answer(reply{value: strings.TrimSpace(s.text.text())})
		return nil
	}
	s.text.press(k, false)
	return nil
}

func (s *lineScreen) show(m *model) frame {
	f := frame{body: m.question(&s.q), footer: []hint{{"Enter", m.say("keys.done"), 0}}}
	f.body = append(f.body, row{})
	rows, at := s.text.lines(m)
	f.follow = len(f.body) + at
	f.body = append(f.body, rows...)
	return f
}

// secretScreen asks for a line that is not shown.
type secretScreen struct {
	q      session.Question
	label  string
	short  string // said when it has fewer signs than least, but some
	least  int
	digits bool // it is the short code of a session
	typed  secret
}

func (s *secretScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	if !isGoOn(k) {
		s.typed.press(k, s.digits)
		return nil
	}
	if n := s.typed.signs; n > 0 && n < s.least {
		s.typed.wipe()
		s.q.Notice = s.short
		return nil
	}
	m.answer(reply{value: s.typed.take()})
	return nil
}

func (s *secretScreen) show(m *model) frame {
	f := frame{body: m.question(&s.q), footer: []hint{{"Enter", m.say("keys.done"), 0}}}
	f.body = append(f.body, row{})
	line := strings.TrimSpace(s.label + " " + s.typed.mask(m.columns()/2))
	rows := m.rows(line, plain)
	rows[len(rows)-1].text += cursor
	f.follow = len(f.body) + len(rows) - 1
	f.body = append(f.body, rows...)
	return f
}
