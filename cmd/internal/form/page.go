package form

import (
	"fmt"
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/width"
	"tipscreen/cmd/internal/wording"
)

// pageScreen is something to be read to its end: a page of the interview, or what a Dialog tells.
type pageScreen struct {
	scroller
	kind  session.PageKind
	words wording.Page
	tell  *session.Question
}

func (s *pageScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	f := s.show(m)
	l := m.lay(f)
	switch {
	case actionOf(k, false) == doHide:
		return m.hide()
	case isGoOn(k) && (l.end() || s.words.First > 0):
		m.answer(reply{})
	case isGoOn(k), k.Type == tea.KeySpace:
		s.move(m, f, tea.KeyMsg{Type: tea.KeyPgDown})
	default:
		s.move(m, f, k)
	}
	return nil
}

// hide is called where the session cannot hide. With a lock the page comes back after it. Without one a page that only
// reminds gives way to the next prompt, which is hidden; the result must not be passed over, so the interview breaks off
// and can be taken up here again.
func (s *pageScreen) hide(m *model) tea.Cmd {
	switch {
	case m.lock != nil, s.tell != nil:
		return nil
	case s.kind == session.ResultPage, s.kind == session.EndPage:
		m.answer(reply{err: fmt.Errorf("%w: hidden at the end", session.ErrInterrupted)})
	default:
		m.hideNext = true
		m.answer(reply{})
	}
	m.blank = true
	return m.forget()
}

func (s *pageScreen) show(m *model) frame {
	goOn := m.say("option.next")
	f := frame{top: s.top, follow: -1}
	if s.tell != nil {
		goOn = s.tell.GoOn
		f.body = m.question(s.tell)
	} else {
		f.body = s.rows(m)
	}
	f.footer = []hint{{"Enter", goOn, -1}}
	if locking := m.locking(); locking != nil {
		f.header = m.oneLine(locking[0])
	} else if s.kind == session.BreakPage || s.kind == session.DistressPage {
		paused := int((m.since() - m.appeared).Seconds())
		f.header = m.oneLine(m.sayWith("pause.timer", map[string]any{"Minutes": strconv.Itoa(paused / 60), "Seconds": fmt.Sprintf("%02d", paused%60)}))
	}
	if m.hides() && s.tell == nil {
		f.footer = append(f.footer, hint{"F10", m.say("keys.hide"), 0})
	}
	if l := m.lay(f); l.over() {
		f.footer = append(f.footer, hint{"PgUp PgDn", m.say("keys.scroll"), 1})
		if !l.end() && s.words.First == 0 {
			f.footer = f.footer[1:]
		}
	}
	return f
}

func (s *pageScreen) rows(m *model) []row {
	rows := append([]row{{}}, m.rows(s.words.Title, title)...)
	for i, block := range s.words.Blocks {
		if i == s.words.First {
			rows = append(rows, s.spoken(m)...)
		}
		rows = append(rows, row{})
		if block.Heading != "" {
			rows = append(rows, m.rows(block.Heading, strong)...)
		}
		rows = append(rows, m.paragraphs(block.Lines, plain)...)
	}
	if s.words.First >= len(s.words.Blocks) {
		rows = append(rows, s.spoken(m)...)
	}
	return rows
}

// spoken is what the page says to the person.
func (s *pageScreen) spoken(m *model) []row {
	if len(s.words.Person) == 0 {
		return nil
	}
	p := wording.Prompt{Person: s.words.Person, Reading: s.words.Reading, Draft: s.words.Draft}
	p.RightToLeft = slices.ContainsFunc(p.Person, width.RightToLeft)
	return m.spoken(&p, true)
}
