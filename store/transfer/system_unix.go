//go:build unix

package transfer

import (
	"errors"
	"syscall"
)

// nonBlocking keeps a pipe that took the place of a file from blocking us.
const nonBlocking = syscall.O_NONBLOCK

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// isGone: the stick was pulled out.
func isGone(err error) bool {
	return errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) || errors.Is(err, syscall.ENODEV) || errors.Is(err, syscall.ESTALE)
}

func folderSyncRefused(error) bool { return false }
