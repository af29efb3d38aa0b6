package session

import (
	"errors"
	"io/fs"
	"syscall"
)

// ErrFull and ErrNoPermission are for Recorders to say why they cannot keep an interview.
var (
	ErrFull         = errors.New("no space left")
	ErrNoPermission = errors.New("no permission to write")
)

// NotSaved names the message that tells what did not reach the disk: an answer, or the removal of a record.
func NotSaved(err error) string {
	if errors.Is(err, ErrNotForgotten) {
		return "notsaved.forget"
	}
	return "notsaved.text"
}

// Cause sorts the error of a disk by what the official can do about it: full, permission or other.
func Cause(err error) string {
	switch {
	case errors.Is(err, ErrFull), errors.Is(err, syscall.ENOSPC):
		return "full"
	case errors.Is(err, ErrNoPermission), errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "permission"
	}
	return "other"
}
