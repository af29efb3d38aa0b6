package store

import (
	"os"
	"strconv"
	"strings"
)

// maxAttempts keeps a broken file from being believed.
const maxAttempts = 1 << 20

// countAttempt adds one failed unlock to a plain number. It is advisory: whoever can try a passphrase can also change
// the file, so nothing is locked because of it, and a failure to write it changes nothing.
func (f files) countAttempt() {
	_ = os.WriteFile(f.path(triesName), []byte(strconv.Itoa(min(f.attempts()+1, maxAttempts))+"\n"), 0o600)
}

func (f files) attempts() int {
	b, err := os.ReadFile(f.path(triesName))
	n, perr := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || perr != nil || n < 0 || n > maxAttempts {
		return 0
	}
	return n
}

// takeAttempts reads the number and begins anew.
func (f files) takeAttempts() int {
	n := f.attempts()
	if present(f.path(triesName)) {
		_ = os.Remove(f.path(triesName))
	}
	return n
}

// FailedUnlocks is how often somebody tried to open the store since it was last opened.
func (s *Store) FailedUnlocks() int { return s.attempts }
