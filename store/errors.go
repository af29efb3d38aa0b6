package store

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"modernc.org/sqlite"

	"tipscreen/store/seal"
)

// Errors that callers branch on. No message of this package holds an answer, a handle, a passphrase or a path.
var (
	ErrWrongPassphrase = errors.New("unknown officer or wrong passphrase")
	ErrEmptyPassphrase = errors.New("the passphrase is empty")
	ErrInUse           = errors.New("the store is open in another process")
	ErrNoStore         = errors.New("there is no store in this folder")
	ErrExists          = errors.New("there is a store in this folder already")
	ErrNoOfficer       = seal.ErrNoOfficer
	ErrHandleTaken     = seal.ErrHandleTaken
	ErrOwnSlot         = seal.ErrOwnSlot
	ErrTooManyOfficers = seal.ErrFullRing
	ErrClosed          = errors.New("the store is closed")

	// ErrDamaged means that bytes were changed, lost or put back.
	ErrDamaged = errors.New("damaged or tampered with")
	// ErrVersion means that a later version of the program wrote the store.
	ErrVersion = seal.ErrVersion
	// ErrCode means that a recovery code was mistyped.
	ErrCode = seal.ErrCode

	// The next four can be mended by the user, after which the same call can be made again.
	ErrFull       = errors.New("the disk is full")
	ErrReadOnly   = errors.New("the disk or the folder is read-only")
	ErrPermission = errors.New("no permission to write in the folder")
	ErrIO         = errors.New("the disk reports an error")

	ErrNotFound  = errors.New("no such record")
	ErrAmbiguous = errors.New("more than one record starts like this")
	ErrStale     = errors.New("this draft was opened again, finished or discarded")
	ErrNoKey     = errors.New("its key was shredded, so it cannot be read here")
	ErrAbsent    = seal.ErrAbsent
	ErrTooLarge  = seal.ErrTooLarge
	// ErrKeyset means that a keyset cannot be what it says it is.
	ErrKeyset      = seal.ErrKeyset
	ErrOtherRoot   = errors.New("the keyset is another agency's")
	ErrOldKeyset   = errors.New("the keyset is not newer than the one in use")
	ErrNoKeyset    = errors.New("the agency's keyset is missing or was put back; give it again")
	ErrNotAgency   = errors.New("no agency is enrolled")
	ErrNoOversight = errors.New("there is nobody to whom an allegation could be sealed")
	// ErrClock means that the clock jumped, so that nothing may be removed because of its age.
	ErrClock = errors.New("the clock of this laptop jumped")
	// ErrSealed means that a record was handed over in sealed form: nobody can read it here.
	ErrSealed = errors.New("the record is sealed to the agency and cannot be read here any more")

	ErrPart = errors.New("no such part; the parts are " + strings.Join(seal.Compartments(), ", "))
)

// Loss is one record of which something is missing.
type Loss struct {
	ID string
	// What is "draft" (answers after revision Have are missing; 0: the whole interview) or "record".
	What      string
	Had, Have uint64
}

// DamageError says what was found wrong when a store was opened. The store was returned with it and can be used.
type DamageError struct {
	Problems []string // one line each, without content
	Restored []string // ids of drafts that were brought back whole
	Lost     []Loss
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("the store was %v: %s; drafts restored: %d, records with losses: %d",
		ErrDamaged, strings.Join(e.Problems, ", "), len(e.Restored), len(e.Lost))
}

// Is makes errors.Is(err, ErrDamaged) hold.
func (e *DamageError) Is(target error) bool { return target == ErrDamaged }

// failure wraps err with what was being done, and reduces errors of the system and of SQLite to the errors above:
// their own texts hold paths.
func failure(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, reduce(err))
}

func reduce(err error) error {
	var known *reduced
	var sq *sqlite.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &sq):
		return &reduced{kind: sqliteKind(sq.Code()), detail: fmt.Sprintf("sqlite %d", sq.Code())}
	case errors.Is(err, ErrDamaged), errors.Is(err, seal.ErrDamaged):
		return &reduced{kind: ErrDamaged, detail: plain(err)}
	case isFull(err):
		return &reduced{kind: ErrFull}
	case isReadOnly(err):
		return &reduced{kind: ErrReadOnly}
	case errors.Is(err, fs.ErrPermission):
		return &reduced{kind: ErrPermission}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return &reduced{kind: ErrIO, detail: path.Op + ": " + path.Err.Error()}
	}
	return err
}

// plain gives the text of an error that has no path in it.
func plain(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// reduced is one of the errors above with a detail for whoever is asked to help.
type reduced struct {
	kind   error
	detail string
}

func (r *reduced) Error() string {
	if r.detail == "" || r.detail == r.kind.Error() {
		return r.kind.Error()
	}
	return r.kind.Error() + " (" + r.detail + ")"
}

func (r *reduced) Unwrap() error { return r.kind }

// sqliteKind maps the primary result code.
func sqliteKind(code int) error {
	if code == shortRead {
		return ErrDamaged
	}
	switch code & 0xff {
	case 13: // FULL
		return ErrFull
	case 8, 14: // READONLY, CANTOPEN
		return ErrReadOnly
	case 3, 23: // PERM, AUTH
		return ErrPermission
	case 5, 6, 15: // BUSY, LOCKED, PROTOCOL
		return ErrInUse
	case 11, 26: // CORRUPT, NOTADB
		return ErrDamaged
	}
	return ErrIO
}
