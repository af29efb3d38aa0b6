package store

import (
	"errors"
	"fmt"

	"tipscreen/store/seal"
)

// Enrolment says for whom this laptop works.
type Enrolment struct {
	Agency    string   `json:"agency"`
	Version   uint32   `json:"version"`
	NotAfter  string   `json:"not_after"`
	Expired   bool     `json:"expired"`   // warns, never blocks
	Oversight bool     `json:"oversight"` // allegations against officials can be sealed to somebody
	Usable    bool     `json:"usable"`    // false: the keyset is damaged and must be given again
	Data      string   `json:"data,omitempty"`
	Words     []string `json:"words"`
}

// Enrolled reports whether new records go to an agency.
func (s *Store) Enrolled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.enrolled()
}

func (s *Store) enrolled() bool { return s.officer.State.Root != [32]byte{} }

// Enrolment describes the agency; false if the store is alone.
func (s *Store) Enrolment() (Enrolment, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.enrolled() {
		return Enrolment{}, false
	}
	e := Enrolment{Words: seal.RootWords(s.officer.State.Root)}
	if k := s.keyset; k != nil {
		e.Agency, e.Version, e.NotAfter, e.Data = k.Agency, k.Version, k.NotAfter, k.Data
		e.Usable, e.Oversight, e.Expired = true, k.HasOversight(), k.Expired(s.o.Now())
	}
	return e, true
}

// Enrol takes a signed keyset. The first one pins its root: before calling, a person must have compared the root's
// words ([seal.RootWords]) with those that the agency gave on paper. Later ones must be signed by the same root and
// have a higher version. Only records that are begun from now on are sealed to the agency.
func (s *Store) Enrol(signed []byte) error {
	k, err := seal.ParseKeyset(signed)
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	s.mu.Lock()
	first := !s.enrolled()
	if !first {
		err = s.acceptable(k)
	}
	if err == nil {
		err = s.ready()
	}
	if err == nil {
		err = s.writeKeyset(k, first)
	}
	s.mu.Unlock()
	if err != nil {
		return failure("enrol", err)
	}
	err = s.changeRing("enrol", seal.Entry{}, func() error {
		s.officer.State.Root, s.officer.State.KeysetFloor = k.Root(), k.Version
		return s.ring.SetDevice(s.o.Rand, s.officer)
	})
	if err == nil {
		s.mu.Lock()
		s.keyset = k
		s.mu.Unlock()
	}
	return err
}

func (s *Store) acceptable(k *seal.Keyset) error {
	switch {
	case k.Root() != s.officer.State.Root:
		return ErrOtherRoot
	case s.keyset == nil && k.Version >= s.officer.State.KeysetFloor: // the row was lost: the same one may come again
		return nil
	case k.Version <= s.officer.State.KeysetFloor:
		return ErrOldKeyset
	}
	return nil
}

// writeKeyset comes before keys.bin: a row without a pinned root means nothing.
func (s *Store) writeKeyset(k *seal.Keyset, first bool) error {
	put, err := s.putBlob(keysetRow, keysetBucket, k.Signed())
	if err != nil {
		return err
	}
	kind := seal.KeysetReplaced
	if first {
		kind = seal.Enrolled
	}
	return s.commit(change{entries: []seal.Entry{{Kind: kind, Number: uint64(k.Version)}}, apply: put})
}

// readAgency reads what an enrolled store keeps beside the records. A keyset that is missing or was put back is not
// used; Verify names it, and interviews go on.
func (s *Store) readAgency(damaged bool) error {
	err := s.readHeld()
	if err != nil && !errors.Is(reduce(err), ErrDamaged) {
		return err
	}
	if damaged = damaged || err != nil; damaged || s.enrolled() {
		if err := s.forgottenKeys(damaged); err != nil {
			return err
		}
	}
	if !s.enrolled() {
		return nil
	}
	signed, err := s.openBlob(keysetRow)
	if err != nil && !errors.Is(reduce(err), ErrDamaged) {
		return err
	}
	k, err := seal.ParseKeyset(signed)
	if err == nil && k.Root() == s.officer.State.Root && k.Version >= s.officer.State.KeysetFloor {
		s.keyset = k
	}
	return nil
}
