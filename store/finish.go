package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"

	"tipscreen/store/seal"
)

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

// finished are the sealed bytes that take the place of a draft.
type finished struct {
	first int // the kind of the first part: 0, or agencyKinds
	parts [][]byte
	stub  []byte
}

// agencyKinds is what tells the parts of a record that is sealed to an agency from those of one sealed to itself (§11).
const agencyKinds = 16

func (d *Draft) finish(stub []byte, parts map[string][]byte) error {
	f, err := d.sealParts(parts)
	if err != nil {
		return err
	}
	s, id := d.s, d.record.ID
	if f.stub, err = seal.SealStub(s.o.Rand, s.officer.OMK, s.officer.Device, id, stub); err != nil {
		return err
	}
	now := s.o.Now()
	put := func(*sql.Tx) error { return nil }
	held := maps.Clone(s.held)
	if d.agency {
		held[id] = now
		if put, err = s.putAgency(held); err != nil {
			return err
		}
	}
	c := change{
		Recent:  seal.Recent{ID: id, Op: seal.OpFinish},
		drop:    true,
		records: 1,
		apply:   func(tx *sql.Tx) error { return errors.Join(insertRecord(tx, id, f), put(tx)) },
	}
	if s.marks[id].Revision == 0 {
		c.entries = append(c.entries, seal.Entry{Kind: seal.Begun, Record: id})
	}
	c.entries = append(c.entries, seal.Entry{Kind: seal.Finished, Record: id, Time: now, Digest: seal.PartsDigest(f.parts)})
	c.entries = append(c.entries, d.extra...)
	if err := s.commit(c); err != nil {
		return err
	}
	s.held = held
	return nil
}

// sealParts seals all parts. Those for an agency leave their file keys in the key file, for the sheets: the file is
// written before the record, under the same record key, so that neither a crash nor an error loses anything.
func (d *Draft) sealParts(parts map[string][]byte) (finished, error) {
	s := d.s
	if !d.agency {
		sealer, err := d.record.Alone(s.officer.Signer())
		if err != nil {
			return finished{}, err
		}
		defer sealer.Wipe()
		sealed, err := sealer.Parts(parts)
		return finished{parts: sealed}, err
	}
	if s.keyset == nil {
		return finished{}, ErrNoKeyset
	}
	if _, given := parts[Allegation]; given { // it is sealed at entry, by Allege
		return finished{}, ErrPart
	}
	sealer, err := d.record.Agency(s.officer.Signer(), s.keyset)
	if err != nil {
		return finished{}, err
	}
	defer sealer.Wipe()
	sealed, err := sealer.Parts(parts)
	if err != nil {
		return finished{}, err
	}
	if len(d.beside.Allegation) > 0 {
		sealed[seal.PartNumber(Allegation)] = d.beside.Allegation
	}
	d.record.Hold(sealer)
	return finished{first: agencyKinds, parts: sealed}, s.writeKey(d.record)
}

func insertRecord(tx *sql.Tx, id seal.ID, f finished) error {
	if _, err := tx.Exec("DELETE FROM draft WHERE id = ?", id[:]); err != nil {
		return err
	}
	r, err := tx.Exec("INSERT INTO record(id, work, stub) VALUES(?, 1, ?)", id[:], f.stub)
	if err != nil {
		return err
	}
	n, err := r.LastInsertId()
	if err != nil {
		return err
	}
	for kind, body := range f.parts {
		if _, err := tx.Exec("INSERT INTO part(record, kind, body) VALUES(?, ?, ?)", n, f.first+kind, body); err != nil {
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
	return s.ids("SELECT id FROM record WHERE work <> 0")
}
