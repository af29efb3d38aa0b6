package transfer

import (
	"errors"
	"io/fs"
	"syscall"
)

const nonBlocking = 0

// Windows' own numbers: disk full, handle disk full, write protected, device gone.
func isFull(err error) bool {
	return errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(39))
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.Errno(19)) }

func isGone(err error) bool {
	return errors.Is(err, syscall.Errno(21)) || errors.Is(err, syscall.Errno(31)) || errors.Is(err, syscall.Errno(433))
}

// folderSyncRefused: Windows has no flush of a folder.
func folderSyncRefused(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.Errno(6))
}
