package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// action is what a key does at a prompt, whatever the layout of the keyboard.
type action string

const (
	doGuide    action = "guide"
	doNote     action = "note"
	doTold     action = "told"
	doHow      action = "how"
	doBreak    action = "break"
	doDistress action = "distress"
	doDanger   action = "danger"
	doClaim    action = "claim"
	doStop     action = "stop"
	doHide     action = "hide"
	doConsent  action = "consent"
	doBack     action = "back"
	doSkip     action = "skip"
)

// binding is the keys of one action. The letter needs a Latin layout, so it is never the only key.
type binding struct {
	do     action
	key    tea.KeyType
	ctrl   tea.KeyType // for terminals that keep the function key to themselves; 0: none
	letter rune
	sign   string // what stands on the key
	word   string // the message that says what it does
	drop   int    // the higher, the sooner its hint gives way in a small window
}

// bindings are in the order of the keyboard, which is the order of the hints.
func bindings() []binding {
	return []binding{
		{doGuide, tea.KeyF1, tea.KeyCtrlG, '?', "F1", "keys.more", 1},
		{doNote, tea.KeyF2, 0, 'n', "F2", "keys.note", 8},
		{doTold, tea.KeyF3, 0, 't', "F3", "keys.told", 10},
		{doHow, tea.KeyF4, 0, 0, "F4", "keys.how", 9},
		{doBreak, tea.KeyF5, 0, 'p', "F5", "keys.break", 5},
		{doDistress, tea.KeyF6, 0, 'd', "F6", "keys.distress", 4},
		{doDanger, tea.KeyF7, 0, 'x', "F7", "keys.danger", 2},
		{doClaim, tea.KeyF8, 0, 'c', "F8", "keys.claim", 7},
		{doStop, tea.KeyF9, 0, 'q', "F9", "keys.stop", 3},
		{doConsent, tea.KeyF12, 0, 'w', "F12", "keys.consent", 11},
		{doHide, tea.KeyF10, tea.KeyCtrlL, 'h', "F10", "keys.hide", 0},
	}
}

// action finds what a key does; writing says that letters are text.
func actionOf(k tea.KeyMsg, writing bool) action {
	if k.Alt || k.Paste {
		return ""
	}
	r := typed(k)
	for _, b := range bindings() {
		if k.Type == b.key || b.ctrl != 0 && k.Type == b.ctrl || !writing && r != 0 && r == b.letter {
			return b.do
		}
	}
	switch {
	case k.Type == tea.KeyEsc:
		return doBack
	case k.Type == tea.KeyCtrlK:
		return doSkip
	case writing:
		return ""
	case k.Type == tea.KeyBackspace, k.Type == tea.KeyCtrlH, k.Type == tea.KeyLeft, r == 'b':
		return doBack
	case r == 's', wording.Digit(r) == 0:
		return doSkip
	}
	return ""
}

// keyRunes are all letters that mean something where nothing is written.
const keyRunes = "ntpdxcqhbsw?"

// typed is the one sign that was typed, or 0. What arrives in one piece was typed faster than anybody reads, so only its
// first sign counts; and what holds a sign that is no key is no typing but the rest of a sequence that the terminal sent.
func typed(k tea.KeyMsg) rune {
	if k.Type != tea.KeyRunes || k.Alt || k.Paste || len(k.Runes) == 0 {
		return 0
	}
	for _, r := range k.Runes {
		if wording.Digit(r) < 0 && !strings.ContainsRune(keyRunes, r) {
			return 0
		}
	}
	return k.Runes[0]
}

// digit is the digit of any script that was typed, or -1.
func digit(k tea.KeyMsg) int { return wording.Digit(typed(k)) }

// command is what the session gets told for the actions that need nothing more.
func (a action) command() (screening.Command, bool) {
	switch a {
	case doBreak:
		return screening.ToBreak, true
	case doDistress:
		return screening.ToDistress, true
	case doDanger:
		return screening.ToDanger, true
	case doClaim:
		return screening.ToClaim, true
	case doConsent:
		return screening.ToConsent, true
	}
	return "", false
}

// isHide tells the keys that hide on every screen, also where something is written.
func isHide(k tea.KeyMsg) bool { return actionOf(k, true) == doHide }

// isGoOn tells the keys that accept what is marked.
func isGoOn(k tea.KeyMsg) bool { return k.Type == tea.KeyEnter || k.Type == tea.KeyCtrlJ }

// scrollBy is how far a key scrolls, in lines; page is how many are visible.
func scrollBy(k tea.KeyMsg, page int) int {
	page = max(page-1, 1)
	switch k.Type {
	case tea.KeyPgUp, tea.KeyCtrlB:
		return -page
	case tea.KeyPgDown, tea.KeyCtrlF:
		return page
	case tea.KeyHome:
		return -1 << 20
	case tea.KeyEnd:
		return 1 << 20
	case tea.KeyUp:
		return -1
	case tea.KeyDown:
		return 1
	}
	return 0
}
