package store

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestKeysAreLocked looks at how much memory the system says is locked. It is not parallel: other stores lock theirs.
func TestKeysAreLocked(t *testing.T) {
	o, _ := create(t)
	before := lockedKiB(t)
	s := reopen(t, o)
	_, can := pin(s.officer)
	if got := lockedKiB(t); can != (got > before) {
		t.Errorf("%d KiB locked after %d, and the system allows it: %v", got, before, can)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil || !can && limit.Cur >= 64<<10 {
		t.Errorf("a limit of %d bytes, but nothing was locked: %v", limit.Cur, err)
	}
	closeStore(t, s)
	if got := lockedKiB(t); got != before {
		t.Errorf("%d KiB are still locked, before %d", got, before)
	}
}

func lockedKiB(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "VmLck:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
