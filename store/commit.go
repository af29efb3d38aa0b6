package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tipscreen/store/seal"
)

// change is one transaction.
type change struct {
	seal.Recent                // what it does, and to which record
	body        []byte         // sealed draft, for a save
	entries     []seal.Entry   // for the log
	mark        seal.DraftMark // the draft after a save; a zero id: none
	drop        bool           // the draft goes away
	records     int            // how many finished records more or fewer
	between     func() error   // done after the witness is durable and before the database changes
	apply       func(*sql.Tx) error
	// late gives apply once the head after this transaction is known.
	late func(seal.Head) (func(*sql.Tx) error, error)
}

// commit is the only way in which the database changes: witness first, durable, then one transaction (§8, §12).
// After an error the database holds what it held before, or the change as a whole; the next commit reopens the files
// and finds out, because nothing that was in flight when an fsync failed can be trusted.
func (s *Store) commit(c change) error {
	if s.failed {
		if err := s.reopen(); err != nil {
			return err
		}
	}
	next, marks, entries, err := s.after(c)
	if err != nil {
		return err
	}
	if c.late != nil {
		if c.apply, err = c.late(next.Log); err != nil {
			return err
		}
	}
	recent := seal.Touch(s.recent, c.Recent)
	w := seal.Witness{State: next, Recent: c.Recent, Others: recent, Log: entries, Body: c.body}
	if err := s.write(w, c); err != nil {
		s.failed = true
		return reduce(err)
	}
	s.state, s.marks, s.recent = next, marks, recent
	return nil
}

// after computes what the state will be.
func (s *Store) after(c change) (seal.State, map[seal.ID]seal.DraftMark, [][]byte, error) {
	next := s.state
	next.Counter++
	next.Records += uint64(c.records)
	var entries [][]byte
	for _, e := range c.entries {
		if e.Time.IsZero() {
			e.Time = s.o.Now()
		}
		sealed, head, err := next.Log.Append(s.o.Rand, s.officer.State.LogKey, s.officer.Device, e)
		if err != nil {
			return next, nil, nil, err
		}
		next.Log = head
		entries = append(entries, sealed)
	}
	marks := s.marks
	if c.drop || !c.mark.ID.IsZero() {
		marks = maps.Clone(s.marks)
		if c.drop {
			delete(marks, c.ID)
		} else {
			marks[c.mark.ID] = c.mark
		}
		next.Drafts = seal.DraftsDigest(slices.Collect(maps.Values(marks)))
	}
	return next, marks, entries, nil
}

func (s *Store) write(w seal.Witness, c change) error {
	if err := s.writeWitness(w); err != nil {
		return err
	}
	if c.between != nil {
		if err := c.between(); err != nil {
			return err
		}
	}
	return s.transact(s.state.Log, w.State, w.Log, c.apply)
}

// transact writes log entries that follow head, and the new state, together with whatever apply does.
func (s *Store) transact(head seal.Head, next seal.State, entries [][]byte, apply func(*sql.Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if apply != nil {
		if err := apply(tx); err != nil {
			return err
		}
	}
	for _, e := range entries {
		// A row after the head belongs to no log: a torn page can leave one, and then the same entry comes again.
		if _, err := tx.Exec("INSERT OR REPLACE INTO log(seq, prev, body) VALUES(?, ?, ?)", head.Seq+1, head.Hash[:], e); err != nil {
			return err
		}
		head = head.Next(e)
	}
	if head != next.Log {
		return fmt.Errorf("log: %w", ErrDamaged)
	}
	if err := s.putState(tx, next, updateMeta); err != nil {
		return err
	}
	return tx.Commit()
}

// reopen starts anew after a failed write: fresh handles, so that no failed page is taken for a written one; and a
// checkpoint, which writes and syncs again whatever the write-ahead log holds.
func (s *Store) reopen() error {
	_ = s.closeFiles() // the handles are gone either way, and what failed was reported when it happened
	var err error
	if s.db, err = s.openDB("rw"); err != nil {
		return reduce(err)
	}
	if err := s.openWitness(); err != nil {
		return reduce(err)
	}
	st, marks, err := readDB(s.db, s.officer)
	if err != nil {
		return reduce(err)
	}
	if st.Counter < s.state.Counter || st.Counter > s.state.Counter+1 {
		return fmt.Errorf("the database went back: %w", ErrDamaged)
	}
	s.state, s.marks = st, marks
	if err := s.checkpoint(); err != nil {
		return reduce(err)
	}
	s.failed = false
	s.held = map[seal.ID]time.Time{} // the change that failed may be there as a whole
	if err := s.readHeld(); err != nil && !errors.Is(reduce(err), ErrDamaged) {
		s.failed = true
		return reduce(err)
	}
	return nil
}

// ready makes the store usable for reading again after a failed write. On a full disk that is enough: the checkpoint
// can wait for the next write.
func (s *Store) ready() error {
	if s.closed {
		return ErrClosed
	}
	if !s.failed {
		return nil
	}
	err := s.reopen()
	if errors.Is(err, ErrFull) && s.db != nil && s.witness != nil {
		return nil
	}
	return err
}
