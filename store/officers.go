package store

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"tipscreen/store/seal"
)

// Officers lists the handles of this device. They are sealed on the disk.
func (s *Store) Officers() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.officer.Handles()
}

// Handle is the handle of the officer who opened the store; empty after a recovery of an old store.
func (s *Store) Handle() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.officer.Handle()
}

// AddOfficer gives somebody else a passphrase, and returns that officer's recovery code, which is kept nowhere. The
// new officer cannot read what the others recorded, nor they what the new one will.
func (s *Store) AddOfficer(handle string, passphrase []byte) (recoveryCode string, err error) {
	var code seal.Code
	err = s.changeRing("add an officer", seal.Entry{Kind: seal.OfficerAdded}, func() (err error) {
		code, err = s.ring.AddOfficer(s.o.Rand, s.officer, handle, passphrase)
		return err
	})
	if err != nil {
		return "", err
	}
	return code.String(), nil
}

// RemoveOfficer takes another officer's passphrase and code away. Drafts and records that only that officer could
// read stay on the disk, and nobody can read them here any more.
func (s *Store) RemoveOfficer(handle string) error {
	s.mu.Lock()
	left := len(s.officer.Handles()) - 1
	s.mu.Unlock()
	return s.changeRing("remove an officer", seal.Entry{Kind: seal.OfficerRemoved, Number: uint64(max(left, 0))}, func() error {
		return s.ring.RemoveOfficer(s.o.Rand, s.officer, handle)
	})
}

// SetPassphrase replaces the passphrase of the officer who opened the store; the handle may be a new one as well.
// Copies of the folder that were made before still open with the old passphrase.
func (s *Store) SetPassphrase(handle string, passphrase []byte) error {
	return s.changeRing("set the passphrase", seal.Entry{Kind: seal.PassphraseChanged}, func() error {
		if err := s.ring.SetPassphrase(s.o.Rand, s.officer, handle, passphrase); err != nil {
			return err
		}
		return s.ring.SetDevice(s.o.Rand, s.officer)
	})
}

// NewRecoveryCode replaces the recovery code, for instance after it was used.
func (s *Store) NewRecoveryCode() (string, error) {
	var code seal.Code
	err := s.changeRing("replace the recovery code", seal.Entry{Kind: seal.CodeReplaced}, func() (err error) {
		code, err = s.ring.NewCode(s.o.Rand, s.officer)
		return err
	})
	if err != nil {
		return "", err
	}
	return code.String(), nil
}

// changeRing replaces keys.bin. If that fails, what is in memory is again what is on the disk: half a change must not
// ride along with the next one.
func (s *Store) changeRing(what string, e seal.Entry, change func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	defer debug.FreeOSMemory() // Argon2's
	ring, officer := *s.ring, *s.officer
	err := change()
	if err == nil && e.Kind != 0 {
		err = s.commit(tell(e))
	}
	if err == nil {
		err = s.files.replace(ringName, s.ring.Bytes())
	}
	if err != nil {
		*s.ring, *s.officer = ring, officer
	}
	if errors.Is(err, seal.ErrEmpty) {
		err = ErrEmptyPassphrase
	}
	return failure(what, err)
}

// tell is a change that only adds to the log.
func tell(entries ...seal.Entry) change { return change{entries: entries} }

// nameOfficer writes the handle into the device state of a store that was made before handles were kept there. It can
// fail on a full or read-only disk; then the next opening does it.
func (s *Store) nameOfficer(handle string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.officer.Handle() != "" || s.failed {
		return
	}
	ring, officer := *s.ring, *s.officer
	err := s.officer.SetHandle(handle)
	if err == nil {
		err = s.ring.SetDevice(s.o.Rand, s.officer)
	}
	if err == nil {
		err = s.files.replace(ringName, s.ring.Bytes())
	}
	if err != nil {
		*s.ring, *s.officer = ring, officer
	}
}

// Drill tells whether a recovery code would open the store in dir: nil if so, ErrCode if it is mistyped,
// ErrWrongPassphrase if it belongs elsewhere or was replaced. It changes nothing, and works while the store is open.
func Drill(dir, code string) error {
	c, err := seal.ParseCode(code)
	if err != nil {
		return err
	}
	f := files{dir: dir}
	if !Exists(dir) {
		return fmt.Errorf("try the recovery code: %w", ErrNoStore)
	}
	b, err := os.ReadFile(f.path(ringName))
	if err != nil {
		return failure("try the recovery code", err)
	}
	ring, err := seal.ParseRing(b)
	if err != nil {
		return failure("try the recovery code", err)
	}
	defer debug.FreeOSMemory()
	officer, err := ring.Recover(c)
	if errors.Is(err, seal.ErrCannotOpen) {
		return fmt.Errorf("try the recovery code: %w", ErrWrongPassphrase)
	}
	if err != nil {
		return failure("try the recovery code", err)
	}
	officer.Wipe()
	return nil
}
