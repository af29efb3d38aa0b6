//go:build unix

package store

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"tipscreen/store/seal"
)

// pin keeps the pages that hold the officer's, the device's and the log's keys out of swap, as far as the system allows:
// some give a user no locked memory at all, and then the promise is what FORMAT.md §2 says. What it returns lets go.
// Go's collector does not move what is on the heap.
func pin(o *seal.Officer) (unpin func(), locked bool) {
	b := unsafe.Slice((*byte)(unsafe.Pointer(o)), unsafe.Sizeof(*o))
	if unix.Mlock(b) != nil {
		return func() {}, false
	}
	return func() { _ = unix.Munlock(b) }, true // the process goes on either way
}
