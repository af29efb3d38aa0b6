// Package store is the encrypted shelf on which interviews are kept: begun, resumed, finished, read, erased, verified.
//
// It knows nothing about interviews. A snapshot of a draft and the parts of a record are bytes to it, and SQLite sees
// only what package seal made of them. store/seal/FORMAT.md is the specification and says what is promised and what is
// not; comments cite its sections as §n.
//
// Start with [Create] and [Open], then [Store.NewDraft], [Draft.Save] and [Draft.Finish]. Every change goes through
// [Store.commit], which writes the witness before the database; open.go compares the two, and repair.go mends.
//
// When Save returns nil, the snapshot survives a power cut. When it returns an error, whatever was saved before is
// still there, and the same Save can be tried again. A Store is safe for use by several goroutines.
package store

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"tipscreen/store/seal"
)

// Options says where the store is. Dir is required.
type Options struct {
	Dir  string
	Now  func() time.Time // nil: time.Now
	Rand io.Reader        // nil: crypto/rand

	test hooks
}

// hooks can be set by tests of this package only.
type hooks struct {
	kdf  seal.KDF             // cheaper parameters; zero: the default
	sync func(*os.File) error // nil: (*os.File).Sync
	vfs  string               // SQLite's file layer; empty: the default
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.test.kdf == (seal.KDF{}) {
		o.test.kdf = seal.DefaultKDF()
	}
	if o.test.sync == nil {
		o.test.sync = (*os.File).Sync
	}
	return o
}

// Store is an open store, unlocked for one officer.
type Store struct {
	mu      sync.Mutex
	o       Options
	files   files
	lock    *os.File
	ring    *seal.Ring
	officer *seal.Officer
	unpin   func() // lets go of the officer's page
	db      *sql.DB
	witness *witnessFile

	state  seal.State                 // as of the last commit
	marks  map[seal.ID]seal.DraftMark // open drafts of all officers
	recent []seal.Recent              // newest first
	drafts map[seal.ID]*Draft         // handles that are in use
	read   map[seal.ID]bool           // records whose reading is in the log already
	keyset *seal.Keyset               // nil: alone, or the row is unusable
	held   map[seal.ID]time.Time      // enrolled records that can still be read here, and when they were finished
	clock  clock                      // the latest time seen
	failed bool                       // a write failed: reopen before the next one
	closed bool

	restored []string
	attempts int
}

// Names in the folder (§3).
const (
	ringName    = "keys.bin"
	witnessName = "witness.bin"
	dbName      = "store.db"
	triesName   = "attempts"
	keysName    = "keys"
	lockName    = "lock"
	setupName   = "setup" // present while Create is at work
)

// Exists reports whether dir holds a store, whole or damaged.
func Exists(dir string) bool {
	if present(filepath.Join(dir, setupName)) {
		return false
	}
	return slices.ContainsFunc([]string{ringName, dbName, witnessName}, func(n string) bool {
		return present(filepath.Join(dir, n))
	})
}

func present(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Create makes a new store with one officer and a recovery slot. It returns the recovery code, which is to be printed
// or written down now: it is kept nowhere. The store is not open afterwards.
func Create(o Options, handle string, passphrase []byte) (recoveryCode string, err error) {
	o = o.withDefaults()
	f := files{dir: o.Dir, sync: o.test.sync, rand: o.Rand}
	if Exists(o.Dir) {
		return "", fmt.Errorf("create the store: %w", ErrExists)
	}
	if len(seal.NormalizePassphrase(passphrase)) == 0 {
		return "", fmt.Errorf("create the store: %w", ErrEmptyPassphrase)
	}
	if err := f.makeFolders(); err != nil {
		return "", failure("create the store", err)
	}
	lock, err := takeLock(f.path(lockName))
	if err != nil {
		return "", failure("create the store", err)
	}
	defer dropLock(lock)
	if err := f.clearSetup(); err != nil {
		return "", failure("create the store", err)
	}
	ring, officer, code, err := seal.NewRing(o.Rand, o.test.kdf, handle, passphrase)
	if err != nil {
		return "", fmt.Errorf("create the store: %w", err)
	}
	defer officer.Wipe()
	s := newStore(o, f, ring, officer)
	if err := s.createFiles(); err != nil {
		return "", failure("create the store", err)
	}
	return code.String(), nil
}

func newStore(o Options, f files, ring *seal.Ring, officer *seal.Officer) *Store {
	return &Store{
		o: o, files: f, ring: ring, officer: officer,
		state:  seal.State{Drafts: seal.DraftsDigest(nil)},
		marks:  map[seal.ID]seal.DraftMark{},
		drafts: map[seal.ID]*Draft{},
		read:   map[seal.ID]bool{},
		held:   map[seal.ID]time.Time{},
	}
}

// createFiles writes everything; the store exists when the setup mark is gone.
func (s *Store) createFiles() (err error) {
	defer func() { err = errors.Join(err, s.closeFiles()) }()
	if err := s.createDB(); err != nil {
		return err
	}
	if err := s.newWitness(witnessCell); err != nil {
		return err
	}
	if err := s.commit(change{entries: []seal.Entry{{Kind: seal.Created}}}); err != nil {
		return err
	}
	if err := s.checkpoint(); err != nil {
		return err
	}
	if err := s.files.replace(ringName, s.ring.Bytes()); err != nil {
		return err
	}
	return s.files.remove(setupName)
}

// Open unlocks a store. The error is one of:
//   - ErrWrongPassphrase: no such officer or another passphrase;
//   - ErrInUse: another process has it open;
//   - a [*DamageError], for which errors.Is(err, ErrDamaged) holds, **together with a store that can be used**: what
//     could be restored is restored, the error names the rest, and the next Open is clean;
//   - ErrDamaged without a store: nothing can be opened;
//   - ErrNoStore, ErrReadOnly, ErrPermission, ErrFull, ErrIO, ErrVersion.
func Open(o Options, handle string, passphrase []byte) (*Store, error) {
	s, err := open(o, func(r *seal.Ring) (*seal.Officer, error) { return r.Unlock(handle, passphrase) })
	if s != nil {
		s.nameOfficer(handle)
	}
	return s, err
}

// OpenWithRecovery unlocks a store with the printed code. ErrCode means that it was mistyped, ErrWrongPassphrase that
// it is the code of another store, or was replaced. SetPassphrase should follow.
func OpenWithRecovery(o Options, code string) (*Store, error) {
	c, err := seal.ParseCode(code)
	if err != nil {
		return nil, err
	}
	return open(o, func(r *seal.Ring) (*seal.Officer, error) { return r.Recover(c) })
}

func open(o Options, unlock func(*seal.Ring) (*seal.Officer, error)) (*Store, error) {
	o = o.withDefaults()
	f := files{dir: o.Dir, sync: o.test.sync, rand: o.Rand}
	if !Exists(o.Dir) {
		return nil, fmt.Errorf("open the store: %w", ErrNoStore)
	}
	lock, err := takeLock(f.path(lockName))
	if err != nil {
		return nil, failure("open the store", err)
	}
	s, err := unlockAndCheck(o, f, unlock)
	if errors.Is(err, ErrWrongPassphrase) {
		f.countAttempt()
	}
	if s == nil {
		dropLock(lock)
		return nil, failure("open the store", err)
	}
	s.lock = lock
	s.attempts = f.takeAttempts()
	return s, err
}

func unlockAndCheck(o Options, f files, unlock func(*seal.Ring) (*seal.Officer, error)) (*Store, error) {
	b, err := os.ReadFile(f.path(ringName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("keys.bin is missing: %w", ErrDamaged)
	}
	if err != nil {
		return nil, err
	}
	ring, err := seal.ParseRing(b)
	if err != nil {
		return nil, err
	}
	officer, err := unlock(ring)
	if errors.Is(err, seal.ErrCannotOpen) {
		return nil, ErrWrongPassphrase
	}
	if err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // Argon2 used 64 MiB, which nothing will need again
	s := newStore(o, f, ring, officer)
	s.unpin, _ = pin(officer)
	damage, err := s.start()
	if err != nil {
		s.closeFiles()
		officer.Wipe()
		s.unpin()
		return nil, err
	}
	if damage != nil {
		return s, damage
	}
	return s, nil
}

// Restored lists the drafts that were brought back from the witness when the store was opened. After a power cut this
// is ordinary, and the last answer of that interview is there.
func (s *Store) Restored() []string { return slices.Clone(s.restored) }

// Close shreds the keys of drafts that were never saved, empties the write-ahead log and clears the keys. A failure
// to tidy up is reported, but everything saved is safe and the store is closed.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var err error
	for id, d := range s.drafts {
		if _, saved := s.marks[id]; !saved {
			err = errors.Join(err, s.files.shred(id))
		}
		d.record.Wipe()
	}
	if !s.failed {
		err = errors.Join(err, s.truncateLog())
	}
	err = errors.Join(err, s.closeFiles())
	s.officer.Wipe()
	s.unpin()
	if s.lock != nil {
		dropLock(s.lock)
	}
	return failure("close the store", err)
}

func (s *Store) closeFiles() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
		s.db = nil
	}
	if s.witness != nil {
		err = errors.Join(err, s.witness.f.Close())
		s.witness = nil
	}
	return err
}
