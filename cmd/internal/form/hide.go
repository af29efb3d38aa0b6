package form

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// hide takes everything off the screen at once.
func (m *model) hide() tea.Cmd {
	m.onHide()
	if s, ok := m.stack[0].(hider); ok {
		if cmd := s.hide(m); cmd != nil {
			return cmd
		}
	}
	if m.lock == nil {
		return nil
	}
	if m.suspended {
		m.lock.Suspend()
	}
	m.suspended = false
	m.push(&lockScreen{lock: m.lock, wants: m.lock.WantsPassphrase(), over: true})
	return m.forget()
}

// hides tells whether the present screen can be hidden.
func (m *model) hides() bool {
	if m.current == nil {
		return false
	}
	if _, locked := m.top().(*lockScreen); locked {
		return false
	}
	_, itself := m.stack[0].(hider)
	return itself || m.lock != nil
}

// forget clears what the terminal keeps above the screen.
func (m *model) forget() tea.Cmd {
	return func() tea.Msg {
		m.terminal.forget()
		return nil
	}
}

// tick looks whether nobody is there any more, or the machine slept.
func (m *model) tick() tea.Cmd {
	now, wall := m.since(), m.wall().Round(0)
	jump := wall.Sub(m.lastWall) - (now - m.lastTick)
	m.lastTick, m.lastWall = now, wall
	if s, ok := m.top().(*lockScreen); ok && jump > slept {
		s.suspend()
		return nil
	}
	m.suspended = m.suspended || jump > slept // where nothing can be hidden now, the next lock learns of it
	idle := m.autoLock > 0 && now-m.lastKey >= m.autoLock
	if m.hides() && (idle || jump > slept) {
		return m.hide()
	}
	return nil
}

// left is how many seconds remain before the screen locks, when that is soon.
func (m *model) left() (int, bool) {
	remaining := m.autoLock - (m.since() - m.lastKey)
	if m.autoLock <= 0 || remaining > countdown || !m.hides() {
		return 0, false
	}
	return max(0, int((remaining+time.Second-1)/time.Second)), true
}

// opened takes what became of an attempt to open the lock.
func (m *model) opened(msg openedMsg) tea.Cmd {
	m.lastKey = m.since()
	s := msg.screen
	s.opening, s.wrong, s.wants = false, !msg.ok, msg.wants
	if m.top() != screen(s) || !msg.ok {
		return nil
	}
	if s.over {
		m.pop()
		return nil
	}
	m.answer(reply{})
	m.blank = true // until the session puts the next screen
	return nil
}
