package store

import (
	"crypto/ed25519"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"

	"tipscreen/store/seal"
)

// The parts of a record, by name.
const (
	Protection    = seal.Protection
	Identity      = seal.Identity
	Investigation = seal.Investigation
	Allegation    = seal.Allegation
)

// MaxStub is the size of the largest stub, MaxAllegation that of the largest allegation.
const (
	MaxStub       = seal.MaxStub
	MaxAllegation = seal.MaxAllegation
)

// State says what can be done with a record.
type State string

const (
	Readable State = "readable"
	Shredded State = "shredded" // its key is gone; Erase removes the row
)

// RecordInfo is what a list of records can show.
type RecordInfo struct {
	ID    string
	State State
	Stub  []byte
}

// Finish seals the parts (by name; a missing one becomes a dummy that looks the same on the disk), checks that they
// open again, and puts them in the place of the draft in one transaction. Earlier snapshots are unreadable
// afterwards. After an error the draft is as it was, and Finish can be called again.
func (d *Draft) Finish(stub []byte, parts map[string][]byte) error {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if err := d.usable(); err != nil {
		return err
	}
	for name := range parts {
		if seal.PartNumber(name) < 0 {
			return fmt.Errorf("finish: %w", ErrPart)
		}
	}
	id := d.record.ID
	if err := d.finish(stub, parts); err != nil {
		return failure("finish record "+short(id), err)
	}
	d.s.release(id)
	if err := d.s.finishWork(); err != nil {
		d.s.failed = true // the record is safe; the next open replaces its key
	}
	return nil
}

func (d *Draft) finish(stub []byte, parts map[string][]byte) error {
	s, id := d.s, d.record.ID
	sealer, err := d.record.Alone(s.officer.Signer())
	if err != nil {
		return err
	}
	sealed, err := sealer.Parts(parts)
	if err != nil {
		return err
	}
	sealedStub, err := seal.SealStub(s.o.Rand, s.officer.OMK, s.officer.Device, id, stub)
	if err != nil {
		return err
	}
	c := change{
		Recent:  seal.Recent{ID: id, Op: seal.OpFinish},
		drop:    true,
		records: 1,
		apply:   func(tx *sql.Tx) error { return insertRecord(tx, id, sealedStub, sealed) },
	}
	if s.marks[id].Revision == 0 {
		c.entries = append(c.entries, seal.Entry{Kind: seal.Begun, Record: id})
	}
	c.entries = append(c.entries, seal.Entry{Kind: seal.Finished, Record: id})
	return s.commit(c)
}

func insertRecord(tx *sql.Tx, id seal.ID, stub []byte, parts [][]byte) error {
	if _, err := tx.Exec("DELETE FROM draft WHERE id = ?", id[:]); err != nil {
		return err
	}
	r, err := tx.Exec("INSERT INTO record(id, work, stub) VALUES(?, 1, ?)", id[:], stub)
	if err != nil {
		return err
	}
	n, err := r.LastInsertId()
	if err != nil {
		return err
	}
	for kind, body := range parts {
		if _, err := tx.Exec("INSERT INTO part(record, kind, body) VALUES(?, ?, ?)", n, kind, body); err != nil {
			return err
		}
	}
	return nil
}

// finishWork empties the log and gives new keys to records that were just finished, so that no remnant of their
// drafts can be read (§6). It can be repeated.
func (s *Store) finishWork() error {
	ids, err := s.workList()
	if err != nil {
		return err
	}
	if len(ids) > 0 { // the record must be in the database itself before its old key goes
		if err := s.truncateLog(); err != nil {
			return err
		}
	}
	var done []seal.ID
	for _, id := range ids {
		r, err := s.openRecord(id)
		switch {
		case errors.Is(err, ErrNoKey):
			done = append(done, id)
			continue
		case errors.Is(err, seal.ErrCannotOpen), errors.Is(err, ErrDamaged):
			continue
		case err != nil:
			return err
		}
		if err := r.Rekey(s.o.Rand); err != nil {
			return err
		}
		err = s.writeKey(r)
		r.Wipe()
		if err != nil {
			return err
		}
		done = append(done, id)
	}
	return s.checkpoint(done...)
}

func (s *Store) workList() ([]seal.ID, error) {
	rows, err := s.db.Query("SELECT id FROM record WHERE work <> 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []seal.ID
	for rows.Next() {
		var id []byte
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		if len(id) == 16 {
			ids = append(ids, seal.ID(id))
		}
	}
	return ids, rows.Err()
}

// Records lists this officer's finished records, the last one first, at most limit of them, beginning after the
// record with the id after ("" for the first page).
func (s *Store) Records(after string, limit int) ([]RecordInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return nil, failure("list the records", err)
	}
	below := int64(math.MaxInt64)
	if after != "" {
		id, err := seal.ParseID(after)
		if err != nil {
			return nil, fmt.Errorf("list the records: %w", ErrNotFound)
		}
		err = s.db.QueryRow("SELECT n FROM record WHERE id = ?", id[:]).Scan(&below)
		if errors.Is(err, sql.ErrNoRows) {
			err = ErrNotFound
		}
		if err != nil {
			return nil, failure("list the records", err)
		}
	}
	out, err := s.page(below, limit)
	return out, failure("list the records", err)
}

// page goes down from row below and skips what other officers recorded.
func (s *Store) page(below int64, limit int) ([]RecordInfo, error) {
	out := []RecordInfo{}
	rows, err := s.db.Query("SELECT id, stub FROM record WHERE n < ? ORDER BY n DESC", below)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for len(out) < limit && rows.Next() {
		var rid, sealed []byte
		if err := rows.Scan(&rid, &sealed); err != nil {
			return nil, err
		}
		if len(rid) != 16 {
			continue
		}
		id := seal.ID(rid)
		stub, err := seal.OpenStub(s.officer.OMK, s.officer.Device, id, sealed)
		if err != nil {
			continue
		}
		state := Readable
		if !present(s.files.path(keyName(id))) {
			state = Shredded
		}
		out = append(out, RecordInfo{ID: id.String(), State: state, Stub: stub})
	}
	return out, rows.Err()
}

// findRecord looks a prefix up among this officer's finished records.
func (s *Store) findRecord(prefix string) (id seal.ID, n int64, err error) {
	low, high, ok := prefixRange(prefix)
	if !ok {
		return id, 0, ErrNotFound
	}
	rows, err := s.db.Query("SELECT n, id, stub FROM record WHERE id BETWEEN ? AND ?", low[:], high[:])
	if err != nil {
		return id, 0, err
	}
	defer rows.Close()
	hits := 0
	for rows.Next() && hits < 2 {
		var row int64
		var rid, stub []byte
		if err := rows.Scan(&row, &rid, &stub); err != nil {
			return id, 0, err
		}
		if len(rid) != 16 {
			continue
		}
		if _, err := seal.OpenStub(s.officer.OMK, s.officer.Device, seal.ID(rid), stub); err == nil {
			id, n = seal.ID(rid), row
			hits++
		}
	}
	if err := rows.Err(); err != nil {
		return id, 0, err
	}
	switch hits {
	case 0:
		return id, 0, ErrNotFound
	case 1:
		return id, n, nil
	}
	return id, 0, ErrAmbiguous
}

// prefixRange gives the first and last id that start with some hex digits.
func prefixRange(prefix string) (low, high seal.ID, ok bool) {
	prefix = strings.ToLower(prefix)
	if prefix == "" || len(prefix) > 32 {
		return low, high, false
	}
	fill := func(with string) (id seal.ID, ok bool) {
		b, err := hex.DecodeString(prefix + strings.Repeat(with, 32-len(prefix)))
		if err != nil {
			return id, false
		}
		return seal.ID(b), true
	}
	if low, ok = fill("0"); !ok {
		return low, high, false
	}
	high, ok = fill("f")
	return low, high, ok
}

// ReadRecord opens one part of a finished record and checks its signature. ErrAbsent means that the part was not
// recorded. The first reading of a record by an open store goes into the log; if that cannot be written, nothing is
// shown.
func (s *Store) ReadRecord(id, part string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return nil, failure("read the record", err)
	}
	if seal.PartNumber(part) < 0 {
		return nil, fmt.Errorf("read the record: %w", ErrPart)
	}
	rid, n, err := s.findRecord(id)
	if err != nil {
		return nil, failure("read the record", err)
	}
	content, err := s.openPart(rid, n, part)
	if err != nil {
		return nil, failure("read record "+short(rid), err)
	}
	if s.read[rid] {
		return content, nil
	}
	if err := s.commit(change{entries: []seal.Entry{{Kind: seal.Read, Record: rid}}}); err != nil {
		clear(content)
		return nil, failure("read record "+short(rid), err)
	}
	s.read[rid] = true
	return content, nil
}

func (s *Store) openPart(id seal.ID, n int64, part string) ([]byte, error) {
	r, err := s.openRecord(id)
	if err != nil {
		return nil, err
	}
	defer r.Wipe()
	var sealed []byte
	err = s.db.QueryRow("SELECT body FROM part WHERE record = ? AND kind = ?", n, seal.PartNumber(part)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("part %s is missing: %w", part, ErrDamaged)
	}
	if err != nil {
		return nil, err
	}
	content, err := r.OpenPart(part, sealed, s.officer.Signer().Public().(ed25519.PublicKey))
	if errors.Is(err, seal.ErrCannotOpen) {
		return nil, fmt.Errorf("part %s does not open: %w", part, ErrDamaged)
	}
	return content, err
}
