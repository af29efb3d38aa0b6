package session

import "crypto/subtle"

// triesBeforePassphrase is how often the short code may be wrong before only the passphrase opens the screen.
const triesBeforePassphrase = 3

// Lock opens a hidden screen: with the short code of the session, and after three errors only with the passphrase.
type Lock struct {
	code       []byte
	passphrase func([]byte) bool
	errors     int
}

// NewLock makes the lock of one session. Without a code only the passphrase opens it.
func NewLock(code []byte, passphrase func([]byte) bool) *Lock {
	return &Lock{code: code, passphrase: passphrase}
}

// WantsPassphrase tells which of the two is asked for now.
func (l *Lock) WantsPassphrase() bool { return len(l.code) == 0 || l.errors >= triesBeforePassphrase }

// Suspend makes the passphrase necessary, as after the machine slept.
func (l *Lock) Suspend() { l.errors = triesBeforePassphrase }

// Open tries what was typed. It is compared in constant time and wiped.
func (l *Lock) Open(typed []byte) bool {
	defer clear(typed)
	if l.WantsPassphrase() {
		ok := l.passphrase != nil && l.passphrase(typed)
		if ok {
			l.errors = 0
		}
		return ok
	}
	if subtle.ConstantTimeCompare(typed, l.code) == 1 {
		l.errors = 0
		return true
	}
	l.errors++
	return false
}
