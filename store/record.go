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
	Held     State = "held"     // sealed to the agency; readable here until Done, 24 hours at most
	Sealed   State = "sealed"   // sealed to the agency; nobody can read it here
)

// RecordInfo is what a list of records can show.
type RecordInfo struct {
	ID    string
	State State
	Stub  []byte
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
	rows, err := s.db.Query(`SELECT id, stub, EXISTS(SELECT 1 FROM part WHERE part.record = record.n AND kind = 16)
		FROM record WHERE n < ? ORDER BY n DESC`, below)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for len(out) < limit && rows.Next() {
		var rid, sealed []byte
		var agency bool
		if err := rows.Scan(&rid, &sealed, &agency); err != nil {
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
		out = append(out, RecordInfo{ID: id.String(), State: s.stateOf(id, agency), Stub: stub})
	}
	return out, rows.Err()
}

func (s *Store) stateOf(id seal.ID, agency bool) State {
	switch here := present(s.files.path(keyName(id))); {
	case agency && here:
		return Held
	case agency:
		return Sealed
	case here:
		return Readable
	}
	return Shredded
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
	var kind int
	var sealed []byte
	number := seal.PartNumber(part)
	err := s.db.QueryRow("SELECT kind, body FROM part WHERE record = ? AND kind IN (?, ?)", n, number, number+agencyKinds).Scan(&kind, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("part %s is missing: %w", part, ErrDamaged)
	}
	if err != nil {
		return nil, err
	}
	agency := kind >= agencyKinds
	if agency {
		if err := s.shredDue(); err != nil {
			return nil, err
		}
	}
	r, err := s.openRecord(id)
	if errors.Is(err, ErrNoKey) && agency || agency && part == Allegation {
		return nil, ErrSealed
	}
	if err != nil {
		return nil, err
	}
	defer r.Wipe()
	content, err := openWith(r, agency, part, sealed, s.officer.Signer().Public().(ed25519.PublicKey))
	if errors.Is(err, seal.ErrCannotOpen) {
		return nil, fmt.Errorf("part %s does not open: %w", part, ErrDamaged)
	}
	return content, err
}

func openWith(r *seal.Record, agency bool, part string, sealed []byte, officer ed25519.PublicKey) ([]byte, error) {
	if agency {
		return r.OpenHeld(part, sealed, officer)
	}
	return r.OpenPart(part, sealed, officer)
}
