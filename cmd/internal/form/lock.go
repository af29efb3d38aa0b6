package form

import (
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
)

// neutral is all that is seen of a hidden screen.
func neutral(m *model) frame {
	return frame{body: m.rows(m.say("hide.title"), plain), follow: -1}
}

// lockScreen is the hidden screen. Only its title is seen until a key is pressed.
type lockScreen struct {
	lock           *session.Lock
	over           bool // it lies over another screen, to which it gives way
	wants          bool // the passphrase, not the code
	touched, wrong bool
	opening        bool
	typed          secret
}

// suspend makes the passphrase necessary, because the machine slept.
func (s *lockScreen) suspend() {
	if s.opening { // the lock is in use; whoever opens it now was there when the machine woke
		return
	}
	s.lock.Suspend()
	s.wants = true
}

func (s *lockScreen) press(m *model, k tea.KeyMsg) tea.Cmd {
	if s.opening {
		return nil
	}
	s.touched = true
	if !isGoOn(k) {
		s.wrong = false
		s.typed.press(k, !s.wants)
		return nil
	}
	if s.typed.empty() {
		return nil
	}
	s.opening = true
	typed := s.typed.take()
	return func() tea.Msg { // checking a passphrase takes its time
		ok := s.lock.Open(typed)
		return openedMsg{screen: s, ok: ok, wants: s.lock.WantsPassphrase()}
	}
}

func (s *lockScreen) show(m *model) frame {
	f := neutral(m)
	if !s.touched {
		return f
	}
	label := "hide.code"
	if s.wants {
		label = "hide.passphrase"
	}
	f.body = append(f.body, row{})
	if s.wrong {
		f.body = append(f.body, m.rows("! "+m.say("hide.wrong"), strong)...)
	}
	f.body = append(f.body, m.rows(m.say(label)+" "+s.typed.mask(m.columns()/2), plain)...)
	return f
}

// secret is what is typed without being shown. It lives in one piece of memory, which is wiped when it was handed over.
type secret struct {
	bytes []byte
	signs int
}

// longestSecret bounds what is typed, so that the bytes never move and leave a copy behind.
const longestSecret = 1024

// press takes a key. With digits, those of every script count as the same, so that a code can be typed on any layout.
func (s *secret) press(k tea.KeyMsg, digits bool) {
	switch {
	case k.Type == tea.KeyBackspace, k.Type == tea.KeyCtrlH:
		if len(s.bytes) == 0 {
			return
		}
		_, size := utf8.DecodeLastRune(s.bytes)
		clear(s.bytes[len(s.bytes)-size:])
		s.bytes, s.signs = s.bytes[:len(s.bytes)-size], s.signs-1
	case k.Type == tea.KeyCtrlU, k.Type == tea.KeyEsc:
		s.wipe()
	case k.Alt:
	case k.Type == tea.KeySpace:
		s.add(' ')
	case k.Type == tea.KeyRunes:
		for i, r := range k.Runes {
			if value := wording.Digit(r); digits && value >= 0 {
				r = '0' + rune(value)
			}
			s.add(r)
			k.Runes[i] = 0
		}
	}
}

func (s *secret) add(r rune) {
	if s.bytes == nil {
		s.bytes = make([]byte, 0, longestSecret)
	}
	if r < ' ' || len(s.bytes)+utf8.RuneLen(r) > longestSecret {
		return
	}
	s.bytes, s.signs = utf8.AppendRune(s.bytes, r), s.signs+1
}

func (s *secret) empty() bool { return len(s.bytes) == 0 }

// take hands the secret over; the caller wipes it.
func (s *secret) take() []byte {
	bytes := s.bytes
	s.bytes, s.signs = nil, 0
	return bytes
}

func (s *secret) wipe() {
	clear(s.bytes)
	s.bytes, s.signs = s.bytes[:0], 0
}

// mask shows that something was typed.
func (s *secret) mask(columns int) string {
	mask := make([]rune, min(s.signs, max(columns, 1)))
	for i := range mask {
		mask[i] = '*'
	}
	return string(mask)
}
