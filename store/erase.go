package store

import (
	"database/sql"
	"errors"
	"maps"

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
	rid, err := s.findEither(id)
	if err != nil {
		return failure("erase", err)
	}
	return failure("erase record "+short(rid), s.erase(rid, seal.Erased))
}

// findEither looks a prefix up among this officer's finished records and drafts.
func (s *Store) findEither(prefix string) (seal.ID, error) {
	rid, _, err := s.findRecord(prefix)
	draft, derr := s.findDraft(prefix)
	switch {
	case errors.Is(err, ErrAmbiguous) || errors.Is(derr, ErrAmbiguous) || err == nil && derr == nil:
		return rid, ErrAmbiguous
	case err == nil || !errors.Is(err, ErrNotFound):
		return rid, err
	case derr != nil:
		return rid, derr
	case s.foreign(draft):
		return rid, ErrNotFound
	}
	return draft, nil
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
	held := maps.Clone(s.held)
	if _, here := held[id]; here {
		delete(held, id)
		put, err := s.putHeld(held)
		if err != nil {
			return err
		}
		c.apply = func(tx *sql.Tx) error { return errors.Join(deleteRows(tx, id), put(tx)) }
	}
	if err := s.commit(c); err != nil {
		if serr := s.files.shred(id); serr != nil { // whatever else fails, the key goes
			return serr
		}
		return err
	}
	s.held = held
	s.release(id)
	if err := s.checkpoint(); err != nil {
		s.failed = true
		return err
	}
	return nil
}
