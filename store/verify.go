package store

import (
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tipscreen/store/seal"
)

// Report is what Verify found. It has ids and counts, and no content.
type Report struct {
	Drafts     int // open drafts of all officers
	Records    int // finished records of all officers
	Unchecked  int // drafts and records of other officers: their content cannot be checked
	LogEntries int
	KeyFiles   int
	Unused     int // key files without a draft or record: interviews that were never saved
	Problems   []string
}

// OK reports that nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

func (r *Report) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// Verify checks every row, key file, signature, the chain of the log and the witness. It changes nothing.
func (s *Store) Verify() (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Report{Problems: []string{}}
	if err := s.ready(); err != nil {
		return r, failure("verify", err)
	}
	seen := map[seal.ID]bool{}
	for _, check := range []func(*Report, map[seal.ID]bool) error{
		s.verifyDB, s.verifyDrafts, s.verifyRecords, s.verifyLog, s.verifyWitness, s.verifyKeys,
	} {
		if err := check(&r, seen); err != nil {
			if !errors.Is(reduce(err), ErrDamaged) {
				return r, failure("verify", err)
			}
			r.problem("%v", reduce(err))
		}
	}
	return r, nil
}

func (s *Store) verifyDB(r *Report, _ map[seal.ID]bool) error {
	rows, err := s.db.Query("PRAGMA integrity_check(10)")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			r.problem("database: %s", line)
		}
	}
	return rows.Err()
}

func (s *Store) verifyDrafts(r *Report, seen map[seal.ID]bool) error {
	marks, err := readMarks(s.db)
	if err != nil {
		return err
	}
	r.Drafts = len(marks)
	if !maps.Equal(marks, s.marks) || s.state.Drafts != seal.DraftsDigest(slices.Collect(maps.Values(marks))) {
		r.problem("an open draft was changed, removed or put back")
	}
	for _, id := range slices.SortedFunc(maps.Keys(marks), compareIDs) {
		seen[id] = true
		rec, err := s.openRecord(id)
		if errors.Is(err, seal.ErrCannotOpen) {
			r.Unchecked++
			continue
		}
		if err == nil {
			_, err = s.readDraft(rec)
			rec.Wipe()
		}
		if err != nil {
			r.problem("draft %s: %v", id, reduce(err))
		}
	}
	return nil
}

// row is one finished record as Verify walks over them.
type row struct {
	n    int64
	id   seal.ID
	stub []byte
}

func (s *Store) verifyRecords(r *Report, seen map[seal.ID]bool) error {
	for after := int64(0); ; {
		batch, err := s.recordBatch(after)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		for _, b := range batch {
			after = b.n
			r.Records++
			seen[b.id] = true
			s.verifyRecord(r, b)
		}
	}
	if uint64(r.Records) != s.state.Records {
		r.problem("there are %d records instead of %d", r.Records, s.state.Records)
	}
	return nil
}

// recordBatch reads some rows at a time: the one connection is needed for the parts in between.
func (s *Store) recordBatch(after int64) ([]row, error) {
	rows, err := s.db.Query("SELECT n, id, stub FROM record WHERE n > ? ORDER BY n LIMIT 200", after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []row
	for rows.Next() {
		var b row
		var id []byte
		if err := rows.Scan(&b.n, &id, &b.stub); err != nil {
			return nil, err
		}
		if len(id) != 16 {
			return nil, fmt.Errorf("a record's row: %w", ErrDamaged)
		}
		b.id = seal.ID(id)
		out = append(out, b)
	}
	return out, rows.Err()
}

func (s *Store) verifyRecord(r *Report, b row) {
	rec, err := s.openRecord(b.id)
	if errors.Is(err, seal.ErrCannotOpen) {
		r.Unchecked++
		return
	}
	if err != nil {
		r.problem("record %s: %v", b.id, reduce(err))
		return
	}
	defer rec.Wipe()
	if _, err := seal.OpenStub(s.officer.OMK, s.officer.Device, b.id, b.stub); err != nil {
		r.problem("record %s: its stub does not open: %v", b.id, ErrDamaged)
	}
	signer := s.officer.Signer().Public().(ed25519.PublicKey)
	for kind, name := range seal.Compartments() {
		var sealed []byte
		err := s.db.QueryRow("SELECT body FROM part WHERE record = ? AND kind = ?", b.n, kind).Scan(&sealed)
		if err == nil {
			var content []byte
			content, err = rec.OpenPart(name, sealed, signer)
			clear(content)
		}
		if err != nil && !errors.Is(err, ErrAbsent) {
			r.problem("record %s, part %s: %v", b.id, name, ErrDamaged)
		}
	}
}

func (s *Store) verifyWitness(r *Report, _ map[seal.ID]bool) error {
	cells, whole, err := s.readWitness()
	if err != nil {
		return err
	}
	if len(cells) == 0 || !whole {
		r.problem("the witness cannot be read")
	} else if cells[0].State != s.state {
		r.problem("witness and database disagree")
	}
	return nil
}

func (s *Store) verifyKeys(r *Report, seen map[seal.ID]bool) error {
	ids, err := s.keyFiles()
	if err != nil {
		return err
	}
	r.KeyFiles = len(ids)
	for _, id := range ids {
		if seen[id] {
			continue
		}
		r.Unused++
		rec, err := s.openRecord(id)
		if err == nil {
			rec.Wipe()
		} else if !errors.Is(err, seal.ErrCannotOpen) {
			r.problem("unused key file %s: %v", id, reduce(err))
		}
	}
	return nil
}

func (s *Store) verifyLog(r *Report, _ map[seal.ID]bool) error {
	head := seal.Head{}
	err := s.walkLog(0, func(at seal.Head, sealed []byte) error {
		r.LogEntries++
		e, err := at.Open(s.officer.State.LogKey, s.officer.Device, sealed)
		switch {
		case at.Seq != head.Seq:
			r.problem("log entries %d to %d are missing", head.Seq+1, at.Seq)
		case at != head:
			r.problem("log entry %d does not follow the one before", at.Seq+1)
		}
		if err != nil {
			r.problem("log entry %d does not open: %v", at.Seq+1, ErrDamaged)
		} else if at != head && e.Kind != seal.DamageFound {
			r.problem("log entry %d hides a gap", at.Seq+1)
		}
		head = at.Next(sealed)
		return nil
	})
	if err == nil && head != s.state.Log {
		r.problem("the log does not end where it should")
	}
	return err
}

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
