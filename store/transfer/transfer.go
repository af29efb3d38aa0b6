// Package transfer carries sealed records from a laptop to its agency, and receipts, keysets and data back: through a
// folder or stick, or an S3-compatible object store.
//
// Start with [Add] and [Settings.Open], which give a [Target], and then [Push] and [Pull]. What travels is sealed and
// signed by package store/seal (§17 to §20 of FORMAT.md); a target is trusted with nothing. Everything that is read
// from one has a largest size, and is believed only after its signature held.
//
// This package, and the page for the person, are the only ones that may use the network.
package transfer

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"tipscreen/store/seal"
)

// Errors that callers branch on. None holds a path, a credential or what a server said.
var (
	ErrAbsent   = errors.New("there is no such file at the target")
	ErrNotThere = fmt.Errorf("it is not there: %w", seal.ErrTargetLost)
	// ErrOtherStick means that the folder is not the one that was added: another stick is plugged in, or none.
	ErrOtherStick = errors.New("this is not the stick or folder that was added")
	ErrFull       = errors.New("the target is full")
	ErrReadOnly   = errors.New("the target cannot be written")
	// ErrRefused means that the credentials are wrong, or not allowed to do this.
	ErrRefused = fmt.Errorf("it refuses these credentials: %w", seal.ErrTargetLost)
	// ErrChanged means that what was read back, or arrived at the server, is not what was written.
	ErrChanged = errors.New("the target did not keep what was written")
	ErrHostile = errors.New("at the target, something else stands in the place of a file")
	ErrOffline = fmt.Errorf("it does not answer: %w", seal.ErrTargetLost)
	ErrTooBig  = errors.New("a file at the target is larger than it can be")
	// ErrPlainHTTP refuses to send anything over the network without TLS.
	ErrPlainHTTP = errors.New("only https is used, except to this machine itself")
	ErrAddress   = errors.New("this is neither a folder nor s3://bucket/prefix?endpoint=https://…")
	ErrInside    = errors.New("the store and the target must not lie in each other")
	ErrName      = errors.New("the name of a target is one short word")
	ErrNoTarget  = errors.New("there is no such target")
	ErrTaken     = errors.New("there is a target of this name already")
)

// Target is a place that laptops and agencies share. Names are those of §20. The methods stop when ctx is done.
type Target interface {
	// Put writes a file that is never changed again. already: it was there. When it returns nil, the whole file is
	// durable at the target.
	Put(ctx context.Context, name string, content []byte) (already bool, err error)
	// Get reads a file of at most limit bytes, or gives ErrAbsent.
	Get(ctx context.Context, name string, limit int64) ([]byte, error)
	// List gives the names of all files below prefix, which ends with a slash. Laptops need no right to it.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
	Close() error
}
