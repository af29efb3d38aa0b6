package form

import (
	tea "github.com/charmbracelet/bubbletea"
)

// leastAnswer is how many rows the answer needs to stay on the screen: header, two lines, position, keys.
const leastAnswer = 5

// notSaved leaves the answer on the screen, and says below it why it is not on the disk.
type notSaved struct {
	choice
	scroller
	cause string // message of what can be done about it
	what  string // message of what did not reach the disk
	under screen // the screen with the answer
}

func newNotSaved(cause, what string) *notSaved {
	return &notSaved{cause: cause, what: what, choice: choice{mark: -1}}
}

// lieOver takes the screen that was there, or what lay below it when saving did not work the time before.
func (s *notSaved) lieOver(m *model) {
	if len(m.stack) > 0 {
		s.under = m.stack[0]
	}
	if before, ok := s.under.(*notSaved); ok {
		s.under = before.under
	}
	if _, locked := s.under.(*lockScreen); locked {
		s.under = nil
	}
	s.labels = []string{m.say("notsaved.again"), m.say("notsaved.stop")}
}

func (s *notSaved) press(m *model, k tea.KeyMsg) tea.Cmd {
	f := s.show(m)
	switch {
	case len(f.options) > 0: // no room below the answer
	case k.Type == tea.KeyUp:
		s.mark = max(s.mark-1, 0)
		return nil
	case k.Type == tea.KeyDown, k.Type == tea.KeyTab:
		s.mark = min(s.mark+1, len(s.labels)-1)
		return nil
	}
	if chosen := s.pick(m, &s.scroller, f, k); chosen >= 0 {
		m.answer(reply{value: chosen == 0})
	}
	return nil
}

// show puts the message below the answer. In a window without room for both, the message is more important.
func (s *notSaved) show(m *model) frame {
	message := frame{body: m.rows("! "+m.say("notsaved.title"), title), follow: -1}
	message.body = append(message.body, m.rows(m.say(s.what), plain)...)
	message.body = append(message.body, m.rows(m.say("notsaved."+s.cause), plain)...)
	s.choice.add(m, &message)
	message.footer = []hint{{"1-2", m.say("keys.choose"), -1}, {"PgUp PgDn", m.say("keys.scroll"), 0}}
	if s.under == nil || m.blank || len(message.body) > m.height-leastAnswer {
		s.choice.follow(&s.scroller, &message)
		return message
	}
	f := s.under.show(m)
	f.tail, f.footer, f.options = message.body, message.footer, nil
	if s.top > 0 {
		f.top, f.follow = s.top, -1
	}
	return f
}
