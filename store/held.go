package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"time"

	"tipscreen/store/seal"
)

// holdFor is how long a finished record can be read on an enrolled laptop, if nobody says earlier that its sheets are
// printed.
const holdFor = 24 * time.Hour

func (s *Store) readHeld() error {
	all := map[string]int64{}
	if err := s.readBlob(heldRow, &all); err != nil {
		return err
	}
	for name, at := range all {
		id, err := seal.ParseID(name)
		if err != nil {
			return fmt.Errorf("the list of held records: %w", ErrDamaged)
		}
		s.held[id] = time.Unix(at, 0)
	}
	return nil
}

// fewKeys is how many key files are looked at when a store is opened: those of an enrolled laptop are few, but a store
// that was alone for years may have very many.
const fewKeys = 1000

// forgottenKeys finds key files of records for the agency that are not on the list, because the list was damaged or a
// file was put back: they are due at once.
func (s *Store) forgottenKeys(all bool) error {
	if !all {
		f, err := os.Open(s.files.path(keysName))
		if err != nil {
			return err
		}
		names, _ := f.Readdirnames(fewKeys + 1) // an error shows again below
		if f.Close(); len(names) > fewKeys {
			return nil
		}
	}
	ids, err := s.keyFiles()
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, open := s.marks[id]
		if _, known := s.held[id]; !known && !open && s.isAgency(id) {
			s.held[id] = time.Unix(0, 0)
		}
	}
	return nil
}

func (s *Store) putHeld(held map[seal.ID]time.Time) (func(*sql.Tx) error, error) {
	all := make(map[string]int64, len(held))
	for id, at := range held {
		all[id.String()] = at.Unix()
	}
	return s.putJSON(heldRow, heldBucket, all)
}

// shredDue takes the keys of records that were held long enough, of all officers: it needs none of their keys. A clock
// that stands before the moment of finishing cannot be trusted with a wait, so it counts as long enough.
func (s *Store) shredDue() error {
	now := s.o.Now()
	var due []seal.ID
	for id, at := range s.held {
		if now.Sub(at) >= holdFor || now.Before(at.Add(-time.Minute)) {
			due = append(due, id)
		}
	}
	return s.shredHeld(due)
}

func (s *Store) shredHeld(ids []seal.ID) error {
	if len(ids) == 0 {
		return nil
	}
	held := maps.Clone(s.held)
	c := change{between: func() error {
		for _, id := range ids {
			if err := s.files.shred(id); err != nil {
				return err
			}
		}
		return nil
	}}
	for _, id := range ids {
		delete(held, id)
		c.entries = append(c.entries, seal.Entry{Kind: seal.KeyShredded, Record: id})
	}
	put, err := s.putHeld(held)
	if err != nil {
		return err
	}
	c.apply = put
	if err := s.commit(c); err != nil {
		return err
	}
	s.held = held
	return nil
}

// shredAgain completes a shredding that was cut off, and gives what takes the records off the list. A list that cannot
// be read is mended elsewhere.
func (s *Store) shredAgain(ids []seal.ID) (func(*sql.Tx) error, error) {
	for _, id := range ids {
		if err := s.files.shred(id); err != nil {
			return nil, err
		}
	}
	defer func() { s.held = map[seal.ID]time.Time{} }() // start reads it again from what is written here
	err := s.readHeld()
	if errors.Is(reduce(err), ErrDamaged) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		delete(s.held, id)
	}
	return s.putHeld(s.held)
}

// Done says that the sheets of a record are printed: from now on nobody can read it here. It can be repeated.
func (s *Store) Done(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return failure("seal the record", err)
	}
	rid, _, err := s.findRecord(id)
	if err != nil {
		return failure("seal the record", err)
	}
	if _, held := s.held[rid]; !held {
		if s.isAgency(rid) {
			return failure("seal the record", s.files.shred(rid)) // an earlier attempt may have been cut off
		}
		return fmt.Errorf("seal record %s: %w", short(rid), ErrNotAgency)
	}
	return failure("seal record "+short(rid), s.shredHeld([]seal.ID{rid}))
}

// isAgency tells whether a finished record is sealed to an agency.
func (s *Store) isAgency(id seal.ID) bool {
	var one int
	return s.db.QueryRow("SELECT 1 FROM part JOIN record ON part.record = record.n WHERE record.id = ? AND kind = ?", id[:], agencyKinds).Scan(&one) == nil
}
