package transfer

import (
	"os"

	"golang.org/x/sys/unix"
)

// dropCache lets the next read come from the disk. The pages were flushed before, so they can go.
func dropCache(f *os.File) {
	// A file system without it, as in memory, has no other copy to read.
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}
