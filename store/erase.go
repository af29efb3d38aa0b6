package store

import (
	"database/sql"
	"errors"
	"fmt"

	"tipscreen/store/seal"
)

// Erase makes a record or a draft unreadable, removes it and empties the write-ahead log. It can be repeated after
// an error. id may be a prefix that names one of them only.
func (s *Store) Erase(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return failure("erase", err)
	}
	rid, _, err := s.findRecord(id)
	draft, derr := s.findDraft(id)
	switch {
	case errors.Is(err, ErrAmbiguous) || errors.Is(derr, ErrAmbiguous) || err == nil && derr == nil:
		return fmt.Errorf("erase: %w", ErrAmbiguous)
	case errors.Is(err, ErrNotFound):
		if derr != nil {
			return fmt.Errorf("erase: %w", derr)
		}
		if s.foreign(draft) {
			return fmt.Errorf("erase: %w", ErrNotFound)
		}
		rid = draft
	case err != nil:
		return failure("erase", err)
	}
	return failure("erase record "+short(rid), s.erase(rid, seal.Erased))
}

// erase shreds first: if the rest fails or the power goes, the next open completes it (§13).
func (s *Store) erase(id seal.ID, kind seal.Kind) error {
	_, saved := s.marks[id]
	finished := s.hasRecord(id)
	if !saved && !finished { // never saved: nothing but a key file
		if err := s.files.shred(id); err != nil {
			return err
		}
		s.release(id)
		return nil
	}
	c := change{
		Recent:  seal.Recent{ID: id, Op: seal.OpErase},
		drop:    saved,
		entries: []seal.Entry{{Kind: kind, Record: id}},
		between: func() error { return s.files.shred(id) },
		apply:   func(tx *sql.Tx) error { return deleteRows(tx, id) },
	}
	if finished {
		c.records = -1
	}
	if err := s.commit(c); err != nil {
		if serr := s.files.shred(id); serr != nil { // whatever else fails, the key goes
			return serr
		}
		return err
	}
	s.release(id)
	if err := s.checkpoint(); err != nil {
		s.failed = true
		return err
	}
	return nil
}
