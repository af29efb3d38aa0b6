package store

import (
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"

	"tipscreen/store/seal"
)

// walkLog gives each entry after seq with the head that it says it follows.
func (s *Store) walkLog(seq uint64, visit func(seal.Head, []byte) error) error {
	rows, err := s.db.Query("SELECT seq, prev, body FROM log WHERE seq > ? ORDER BY seq", int64(seq))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var prev, body sql.RawBytes
		if err := rows.Scan(&n, &prev, &body); err != nil {
			return err
		}
		if n < 1 || len(prev) != 32 {
			return fmt.Errorf("a row of the log: %w", ErrDamaged)
		}
		if err := visit(seal.Head{Seq: uint64(n) - 1, Hash: [32]byte(prev)}, body); err != nil {
			return err
		}
	}
	return rows.Err()
}

// hasEntry tells whether the log goes through a head.
func (s *Store) hasEntry(h seal.Head) bool {
	if h.Seq == 0 {
		return h == seal.Head{}
	}
	var prev, body []byte
	err := s.db.QueryRow("SELECT prev, body FROM log WHERE seq = ?", int64(h.Seq)).Scan(&prev, &body)
	return err == nil && len(prev) == 32 && seal.Head{Seq: h.Seq - 1, Hash: [32]byte(prev)}.Next(body) == h
}

// errEnough ends a walk.
var errEnough = errors.New("enough")

// LogEntry is one line of the log.
type LogEntry = seal.Entry

// Log lists what was done, oldest first, at most limit entries after the one numbered after.
func (s *Store) Log(after uint64, limit int) ([]LogEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return nil, failure("read the log", err)
	}
	out := []LogEntry{}
	err := s.walkLog(after, func(at seal.Head, sealed []byte) error {
		if len(out) >= limit {
			return errEnough
		}
		e, err := at.Open(s.officer.State.LogKey, s.officer.Device, sealed)
		if err != nil {
			return fmt.Errorf("entry %d does not open: %w", at.Seq+1, ErrDamaged)
		}
		out = append(out, e)
		return nil
	})
	if err == errEnough {
		err = nil
	}
	return out, failure("read the log", err)
}

// Head gives the end of the log, signed by the device, and the device's public key: what is printed on every sheet,
// so that a store that was put back shows.
func (s *Store) Head() (seal.SignedHead, ed25519.PublicKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.officer.SignHead(s.state.Log), s.officer.DeviceSigner().Public().(ed25519.PublicKey)
}

// CloseDay adds to the log that the day was closed, and gives the head after it for the paper register.
func (s *Store) CloseDay() (seal.SignedHead, ed25519.PublicKey, error) {
	s.mu.Lock()
	err := s.ready()
	if err == nil {
		err = s.commit(tell(seal.Entry{Kind: seal.DayClosed}))
	}
	s.mu.Unlock()
	if err != nil {
		return seal.SignedHead{}, nil, failure("close the day", err)
	}
	head, key := s.Head()
	return head, key, nil
}

// CheckDay tells whether the log goes through the entry of that number with that short head. ErrDamaged: it does not.
func (s *Store) CheckDay(seq uint64, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return failure("check the code", err)
	}
	head := seal.Head{}
	err := s.walkLog(0, func(at seal.Head, sealed []byte) error {
		if at != head && at.Seq >= seq {
			return errEnough
		}
		if head = at.Next(sealed); head.Seq == seq {
			return errEnough
		}
		return nil
	})
	if err != nil && err != errEnough {
		return failure("check the code", err)
	}
	if head.Seq != seq || !seal.SameShortHead(code, seal.ShortHead(s.officer.Device, head)) {
		return fmt.Errorf("the log does not go through this code: %w", ErrDamaged)
	}
	return nil
}

// NoteReadableFile says in the log that something of a record was written to a file that anybody can read, before it is
// written. The caller has had it acknowledged.
func (s *Store) NoteReadableFile(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return failure("note the file", err)
	}
	rid, err := s.findEither(id)
	if err == nil {
		err = s.commit(tell(seal.Entry{Kind: seal.FileWritten, Record: rid}))
	}
	return failure("note the file", err)
}
