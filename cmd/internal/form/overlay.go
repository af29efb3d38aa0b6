package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/screening"
)

// guideScreen is the guide to a prompt in full, and every key.
type guideScreen struct {
	scroller
	base *promptScreen
}

func (s *guideScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	do := actionOf(k, false)
	switch {
	case do == doBack, do == doGuide, isGoOn(k):
		m.pop()
	default:
		if cmd, ok := s.base.act(m, do); ok {
			return cmd
		}
		s.move(m, s.show(m), k)
	}
	return nil
}

func (s *guideScreen) show(m *model) frame {
	f := frame{header: m.header(&s.base.p), top: s.top, follow: -1, footer: []hint{
		{"Esc", m.say("keys.back"), -1}, {"PgUp PgDn", m.say("keys.scroll"), 1}, {"F10", m.say("keys.hide"), 0},
	}}
	f.body = append(f.body, m.rows(s.base.p.Title, title)...)
	for _, text := range s.base.p.Guide {
		f.body = append(f.body, m.rows("- "+text, plain)...)
	}
	f.body = append(f.body, row{})
	for _, h := range s.base.hints(m) {
		f.body = append(f.body, m.rows(h.sign+" "+h.word, plain)...)
	}
	return f
}

// stopScreen asks once whether to stop, and why.
type stopScreen struct {
	choice
	scroller
	base *promptScreen
}

func newStop(m *model, base *promptScreen) *stopScreen {
	s := &stopScreen{base: base, choice: choice{mark: -1, labels: []string{m.say("stop.no")}}}
	for _, reason := range screening.StopReasons() {
		s.labels = append(s.labels, m.say("stop.option."+reason))
	}
	return s
}

func (s *stopScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	if actionOf(k, false) == doBack {
		m.pop()
		return nil
	}
	switch chosen := s.pick(m, &s.scroller, s.show(m), k); {
	case chosen == 0:
		m.pop()
	case chosen > 0:
		return s.base.send(m, screening.Reply{Command: screening.ToStop, Value: screening.StopReasons()[chosen-1]})
	}
	return nil
}

func (s *stopScreen) show(m *model) frame {
	f := frame{header: m.header(&s.base.p), follow: -1, footer: m.listHints(&s.choice)}
	f.body = append(f.body, row{})
	f.body = append(f.body, m.rows(m.say("stop.sure"), title)...)
	s.choice.add(m, &f)
	s.choice.follow(&s.scroller, &f)
	return f
}

// listHints are the keys of a list that lies over a prompt.
func (m *model) listHints(c *choice) []hint {
	sign := "↑ ↓ Enter"
	if len(c.labels) < 10 {
		sign = "1-" + string(rune('0'+len(c.labels)))
	}
	return []hint{{sign, m.say("keys.choose"), -1}, {"Esc", m.say("keys.back"), 0}, {"F10", m.say("keys.hide"), 0}}
}

// itemsScreen lists items, of which one is chosen: those that the person may have told unasked, or those that were
// answered and may have to be put right.
type itemsScreen struct {
	choice
	scroller
	base    *promptScreen
	title   string // the message above the list
	ids     []string
	command screening.Command
}

func newTold(m *model, base *promptScreen) *itemsScreen {
	return newItems(m, base, "told.title", base.p.Told, screening.ToTold)
}

func newCorrect(m *model, base *promptScreen) *itemsScreen {
	return newItems(m, base, "correct.title", base.p.Prompt.Recorded, screening.ToGoBack)
}

func newItems(m *model, base *promptScreen, title string, ids []string, command screening.Command) *itemsScreen {
	s := &itemsScreen{base: base, choice: choice{mark: -1}, title: title, ids: ids, command: command}
	for _, id := range ids {
		s.labels = append(s.labels, m.say("item."+id+".title"))
	}
	return s
}

func (s *itemsScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	if do := actionOf(k, false); do == doBack || do == doTold {
		m.pop()
		return nil
	}
	if chosen := s.pick(m, &s.scroller, s.show(m), k); chosen >= 0 {
		return s.base.send(m, screening.Reply{Command: s.command, Target: s.ids[chosen]})
	}
	return nil
}

func (s *itemsScreen) show(m *model) frame {
	f := frame{header: m.header(&s.base.p), follow: -1, footer: m.listHints(&s.choice)}
	f.body = append(f.body, m.rows(m.say(s.title), title)...)
	if len(s.labels) == 0 {
		f.body = append(f.body, m.rows(m.say("told.none"), plain)...)
	}
	s.choice.add(m, &f)
	s.choice.follow(&s.scroller, &f)
	return f
}
