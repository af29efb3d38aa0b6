package hardened

import (
	"errors"

	"golang.org/x/sys/unix"
)

// process makes the process not dumpable, which also keeps debuggers of the same user out, and allows no core file.
func process() error {
	return errors.Join(
		unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0),
		unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}),
	)
}
