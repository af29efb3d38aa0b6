//go:build !windows

package store

import (
	"errors"
	"os"
	"syscall"
)

// takeLock keeps a second process out for as long as the file is open. The system drops it when the process dies.
func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, ErrInUse
	}
	return nil, err
}

// dropLock unlocks before it closes: a child that is being started at this moment has a copy of the open file, and
// would hold the lock a little longer.
func dropLock(f *os.File) {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	f.Close()
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// syncDir makes names durable: without it a new or renamed file can be gone after a power cut.
func syncDir(path string, sync func(*os.File) error) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(sync(d), d.Close())
}

// canReplaceOpen reports that a file can be renamed over while it is open, so that its old bytes can be overwritten.
const canReplaceOpen = true
