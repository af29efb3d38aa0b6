package form

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/width"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// promptScreen is one prompt of the interview.
type promptScreen struct {
	p wording.Prompt
	choice
	scroller
	// text is where something is written; nil where one of the options is chosen.
	text   *editor
	notice string
}

func newPrompt(p wording.Prompt) *promptScreen {
	s := &promptScreen{p: p, choice: choice{mark: -1}}
	for i, option := range p.Options {
		label := option.Official
		if option.Person != "" && option.Person != option.Official {
			label += " / " + option.Person
		}
		s.labels = append(s.labels, label)
		// Where there is only one thing to do, Enter does it.
		if option.Value == p.Prompt.Default || p.Prompt.Kind == screening.Tell && len(p.Options) == 1 {
			s.mark = i
		}
	}
	if p.Prompt.Kind == screening.Several {
		s.ticks = make([]bool, len(p.Options))
		for i, option := range p.Options {
			s.ticks[i] = slices.Contains(strings.Split(p.Prompt.Earlier, ","), option.Value)
		}
	}
	return s
}

// begin takes up what was written here before the screen was left.
func (s *promptScreen) begin(m *model) {
	id := s.p.Prompt.ID
	if m.sent != "" && !s.p.Rejected {
		delete(m.texts, m.sent)
	}
	m.sent = ""
	if m.how.prompt != id {
		m.how.prompt, m.how.value = id, ""
	}
	if s.p.Prompt.Kind != screening.Write {
		return
	}
	if m.texts[id] == nil {
		m.texts[id] = &editor{}
		if s.earlierText() {
			m.texts[id].insert(s.p.Prompt.Earlier)
		}
	}
	s.text = m.texts[id]
	s.scroller.follow = s.text.text() != "" // before anything is written the question matters more than the cursor
}

// sensitive tells the choice before a sensitive question.
func (s *promptScreen) sensitive() bool { return strings.HasPrefix(s.p.Prompt.ID, "sensitive.") }

// item tells prompts whose answer can have come about in several ways.
func (s *promptScreen) item() bool {
	return s.p.Prompt.Item != nil && s.p.Prompt.ID == s.p.Prompt.Item.ID
}

// maySkip tells prompts that can be left out.
func (s *promptScreen) maySkip() bool { return s.p.Prompt.MaySkip || s.sensitive() }

// send replies with a command that needs nothing more.
func (s *promptScreen) send(m *model, r screening.Reply) tea.Cmd {
	r.Shown = s.p.Shown
	m.answer(reply{value: r})
	return nil
}

func (s *promptScreen) hide(m *model) tea.Cmd {
	s.send(m, screening.Reply{Command: screening.ToHide})
	m.blank = true
	return m.forget()
}

func (s *promptScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	s.notice = ""
	if s.text != nil && (isDone(k) || s.p.Prompt.OneLine && isGoOn(k)) {
		return s.done(m)
	}
	do := actionOf(k, s.text != nil)
	if cmd, ok := s.act(m, do); ok {
		return cmd
	}
	switch {
	case do == doBack:
		return s.send(m, screening.Reply{Command: screening.ToGoBack})
	case len(s.p.Prompt.Recorded) > 0 && do == doHow:
		m.push(newCorrect(m, s))
	case do == doSkip && s.maySkip():
		m.sent = s.p.Prompt.ID
		return s.send(m, screening.Reply{Command: screening.ToSkip})
	case do == doGuide:
		m.push(&guideScreen{base: s})
	case do == doNote && !s.p.Bare:
		m.push(newNote(m, s))
	case do == doHow:
		s.nextHow(m)
	case s.text != nil:
		s.write(m, k)
	case s.ticks != nil:
		if s.tick(m, &s.scroller, s.show(m), k) {
			return s.send(m, screening.Reply{Command: screening.ToAnswer, Value: s.ticked()})
		}
	default:
		if chosen := s.pick(m, &s.scroller, s.show(m), k); chosen >= 0 {
			return s.send(m, screening.Reply{Command: screening.ToAnswer, Value: s.p.Options[chosen].Value, How: s.howValue(m)})
		}
	}
	return nil
}

// ticked are the values of what was ticked, joined by commas.
func (s *promptScreen) ticked() string {
	var values []string
	for i, option := range s.p.Options {
		if s.ticks[i] {
			values = append(values, option.Value)
		}
	}
	return strings.Join(values, ",")
}

// act does what can be done at the prompt and on every screen that lies over it.
func (s *promptScreen) act(m *model, do action) (tea.Cmd, bool) {
	if command, ok := do.command(); ok {
		return s.send(m, screening.Reply{Command: command}), true
	}
	switch do {
	case doHide:
		return s.hide(m), true
	case doStop:
		m.push(newStop(m, s))
		return nil, true
	case doTold:
		m.push(newTold(m, s))
		return nil, true
	}
	return nil, false
}

// hows are the ways in which an answer comes about, the usual one first.
func (s *promptScreen) hows() []screening.How {
	if s.p.Prompt.Kind == screening.Observe {
		return []screening.How{screening.Observed, screening.Volunteered}
	}
	return []screening.How{screening.Asked, screening.Reworded, screening.Volunteered, screening.Observed}
}

// nextHow goes to the next way, for the answer that follows.
func (s *promptScreen) nextHow(m *model) {
	if !s.item() {
		return
	}
	hows := s.hows()
	at := max(0, slices.Index(hows, m.how.value))
	m.how.value = hows[(at+1)%len(hows)]
}

// howValue is what the reply says; nothing where it is the usual way.
func (s *promptScreen) howValue(m *model) screening.How {
	if !s.item() || m.how.value == s.hows()[0] {
		return ""
	}
	return m.how.value
}

// leads tells prompts whose first line for the official is the question itself.
func (s *promptScreen) leads() bool {
	return len(s.p.Guide) > 0 && (len(s.p.Person) == 0 || strings.HasPrefix(s.p.Prompt.ID, "gate."))
}

// guide is what may stand below the options, or on a page of its own.
func (s *promptScreen) guide() []string {
	if s.leads() {
		return s.p.Guide[1:]
	}
	return s.p.Guide
}

func (s *promptScreen) show(m *model) frame {
	f := frame{header: m.header(&s.p), footer: s.hints(m)}
	room := m.room(f, m.footer(f.footer))
	guide := m.paragraphs(s.guide(), plain)
	for _, roomy := range []bool{true, false} {
		s.essential(m, &f, roomy)
		gap := 0
		if roomy && len(guide) > 0 {
			gap = 1
		}
		if len(f.body)+gap+len(guide) <= room {
			f.body = append(append(f.body, make([]row, gap)...), guide...)
			return f
		}
	}
	s.someGuide(m, &f, room)
	return f
}

// someGuide adds what fits of the guide, never a part of a paragraph, and says how to see the rest. Where not even what
// is needed fits, everything scrolls.
func (s *promptScreen) someGuide(m *model, f *frame, room int) {
	left := room - len(f.body)
	rest := m.rows("F1 "+m.say("keys.more")+" …", plain)
	if left < len(rest) {
		return
	}
	for _, text := range s.guide() {
		rows := m.rows(text, plain)
		if len(rows) > left-len(rest) {
			break
		}
		f.body, left = append(f.body, rows...), left-len(rows)
	}
	f.body = append(f.body, rest...)
}

// essential is what the official needs to go on. Roomy, it has empty lines between its parts.
func (s *promptScreen) essential(m *model, f *frame, roomy bool) {
	f.body, f.options, f.follow = nil, nil, -1
	gap := func() {
		if roomy {
			f.body = append(f.body, row{})
		}
	}
	gap()
	if s.p.Rejected && s.notice == "" {
		f.body = append(f.body, m.rows("! "+m.say("reply.invalid"), strong)...)
	}
	f.body = append(f.body, m.rows(s.p.Title, title)...)
	if s.leads() {
		f.body = append(f.body, m.rows(s.p.Guide[0], plain)...)
	}
	f.body = append(f.body, m.spoken(&s.p, roomy)...)
	if len(s.p.Scene) > 0 {
		gap()
		f.body = append(f.body, m.paragraphs(s.p.Scene, strong)...)
	}
	gap()
	if s.text != nil {
		s.addText(m, f)
	}
	s.choice.add(m, f)
	if earlier := s.earlier(m); earlier != "" {
		f.body = append(f.body, m.rows(earlier, plain)...)
	}
	if s.text == nil {
		s.choice.follow(&s.scroller, f)
	}
}

// spoken is what is said to the person: their words alone on their lines, then the same for the official.
func (m *model) spoken(p *wording.Prompt, roomy bool) []row {
	if len(p.Person) == 0 {
		return nil
	}
	var gap []row
	if roomy {
		gap = []row{{}}
	}
	rows := slices.Clone(gap)
	if p.Draft {
		rows = append(rows, m.rows(m.say("draft.mark"), plain)...)
	}
	for _, text := range p.Person {
		for _, line := range width.Wrap(text, m.columns()) {
			rows = append(rows, row{m.order(line, p.RightToLeft), plain})
		}
	}
	if slices.Equal(p.Person, p.Reading) || len(p.Reading) == 0 {
		return rows
	}
	rows = append(append(rows, gap...), m.rows(m.say("reading.mark"), strong)...)
	return append(rows, m.paragraphs(p.Reading, plain)...)
}

// earlierText tells where the earlier reply is a text that can be written on.
func (s *promptScreen) earlierText() bool {
	switch s.p.Prompt.Earlier {
	case "", "skipped", "skip":
		return false
	}
	_, err := screening.ParseValue(s.p.Prompt.Earlier)
	return s.p.Prompt.Kind == screening.Write && err != nil && s.p.Prompt.Earlier != screening.Given.String()
}

// earlier says what was recorded before, when the official came back.
func (s *promptScreen) earlier(m *model) string {
	was := s.p.Prompt.Earlier
	if was == "" || s.earlierText() {
		return ""
	}
	label := s.p.Chosen(was)
	switch {
	case label != "":
	case was == "skipped" || was == "skip":
		label = m.say("answer.not_asked")
	default:
		label = m.say("answer." + was)
	}
	return m.sayWith("reply.earlier", map[string]any{"Reply": label})
}

// header says first what is kept, which is never cut off, then where the interview is.
func (m *model) header(p *wording.Prompt) string {
	parts := append([]string{p.State}, m.locking()...)
	if p.Claim {
		parts = append(parts, m.say("claim.mark"))
	}
	return m.oneLine(strings.Join(append(parts, p.Part), " | "))
}

// locking says how long it takes until the screen locks, when that is soon.
func (m *model) locking() []string {
	seconds, soon := m.left()
	if !soon {
		return nil
	}
	return []string{m.sayWith("hide.countdown", map[string]any{"Seconds": strconv.Itoa(seconds)})}
}

// hints are the keys of the screen.
func (s *promptScreen) hints(m *model) []hint {
	var hints []hint
	if s.text != nil {
		done := "Ctrl-S"
		if s.p.Prompt.OneLine {
			done = "Enter"
		}
		hints = append(hints, hint{done, m.say("keys.done"), -1}, hint{"Esc", m.say("keys.cancel"), 6})
	} else {
		choose := hint{"1-" + strconv.Itoa(min(len(s.labels), 9)), m.say("keys.choose"), -1}
		if s.ticks != nil {
			choose.word = m.say("keys.mark")
			hints = append(hints, hint{"Enter", m.say("keys.done"), -1})
		} else if len(s.labels) == 1 {
			choose = hint{"Enter", s.labels[0], -1}
		}
		hints = append(hints, choose, hint{"Esc", m.say("keys.back"), 6})
	}
	if s.maySkip() && s.text == nil {
		hints = append(hints, hint{"0", m.say("keys.skip"), 6})
	} else if s.maySkip() {
		hints = append(hints, hint{"Ctrl-K", m.say("keys.skip"), 6})
	}
	return append(hints, s.commands(m)...)
}

// commands are the hints of the function keys.
func (s *promptScreen) commands(m *model) []hint {
	var hints []hint
	for _, b := range bindings() {
		word := m.say(b.word)
		switch {
		case b.do == doHow && len(s.p.Prompt.Recorded) > 0:
			word = m.say("keys.correct")
		case b.do == doHow && !s.item(), b.do == doNote && (s.text != nil || s.p.Bare), b.do == doTold && len(s.p.Told) == 0:
			continue
		case b.do == doHow:
			how := m.how.value
			if how == "" {
				how = s.hows()[0]
			}
			word += ": " + m.say("how."+string(how))
		}
		hints = append(hints, hint{b.sign, word, b.drop})
	}
	return hints
}
