//go:build unix

package transfer

import (
	"syscall"
	"testing"
)

// hostilePipe puts a pipe in the place of a file: opening it would wait for ever.
func hostilePipe(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
}
