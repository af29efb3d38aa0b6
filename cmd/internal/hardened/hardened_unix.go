//go:build unix && !linux

package hardened

import "golang.org/x/sys/unix"

// process allows no core file.
func process() error { return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
