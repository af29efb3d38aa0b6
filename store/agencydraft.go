package store

import (
	"errors"
	"fmt"
	"os"

	"tipscreen/store/seal"
)

// begin makes what an enrolled draft carries beside its snapshot: its key for the custodian, and the place of an
// allegation, filled with a dummy. A draft that is taken up again gets its key sealed to the custodian of now; the
// place of an allegation stays as it is.
func (d *Draft) begin() error {
	s := d.s
	if !s.enrolled() {
		return nil
	}
	d.agency = true
	if s.keyset == nil { // an interview does not wait for a keyset; finishing does
		return nil
	}
	var err error
	if d.beside.Custody, err = d.record.Custody(s.officer.Signer(), s.keyset); err != nil {
		return err
	}
	if len(d.beside.Allegation) == 0 {
		d.beside.Allegation, err = d.sealAllegation(false, nil)
	}
	return err
}

func (d *Draft) sealAllegation(present bool, text []byte) ([]byte, error) {
	sealer, err := d.record.Agency(d.s.officer.Signer(), d.s.keyset)
	if err != nil {
		return nil, err
	}
	return sealer.Part(seal.Allegation, present, text)
}

func (d *Draft) sealSnapshot(revision uint64, snapshot []byte) ([]byte, error) {
	if !d.agency {
		return d.record.SealDraft(d.s.o.Rand, revision, snapshot)
	}
	content := d.beside
	content.Snapshot = snapshot
	return d.record.SealAgencyDraft(d.s.o.Rand, revision, content)
}

// CanAllege tells whether an allegation could be sealed to somebody; if not, it must not be asked for.
func (d *Draft) CanAllege() bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.agency && d.s.keyset != nil && d.s.keyset.HasOversight()
}

// Allege seals an allegation to the oversight, at once; it can never be read here again, and nothing tells whether
// there is one. It replaces what was keyed in for this interview before. ErrNoOversight: nobody could receive it, so
// it must not be asked for. Before the first Save there is no row, and it becomes durable with that.
func (d *Draft) Allege(text []byte) error {
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := d.usable(); err != nil {
		return err
	}
	if !d.agency || s.keyset == nil || !s.keyset.HasOversight() {
		return ErrNoOversight
	}
	if err := s.ready(); err != nil {
		return failure("keep an allegation", err)
	}
	sealed, err := d.sealAllegation(true, text)
	if err != nil {
		return failure("keep an allegation", err)
	}
	before := d.beside.Allegation
	if s.marks[d.record.ID].Revision == 0 {
		d.beside.Allegation = sealed
		return nil
	}
	content, _, err := s.readDraft(d.record)
	if err != nil {
		return failure("keep an allegation", err)
	}
	d.beside.Allegation = sealed
	if err := d.save(content.Snapshot); err != nil {
		d.beside.Allegation = before
		return failure("keep an allegation", err)
	}
	return nil
}

// ExportUnfinished gives the enrolled drafts of all officers for the agency's custodian, and how many there are. They
// stay sealed, so it takes no passphrase: it is for when nobody has one any more.
func ExportUnfinished(o Options) ([]byte, int, error) {
	o = o.withDefaults()
	const what = "export the drafts"
	f := files{dir: o.Dir, sync: o.test.sync, rand: o.Rand}
	if !Exists(o.Dir) {
		return nil, 0, fmt.Errorf("%s: %w", what, ErrNoStore)
	}
	lock, err := takeLock(f.path(lockName))
	if err != nil {
		return nil, 0, failure(what, err)
	}
	defer dropLock(lock)
	b, err := os.ReadFile(f.path(ringName))
	if err != nil {
		return nil, 0, failure(what, err)
	}
	ring, err := seal.ParseRing(b)
	if err != nil {
		return nil, 0, failure(what, err)
	}
	drafts, err := readUnfinished(&Store{o: o, files: f})
	if err != nil {
		return nil, 0, failure(what, err)
	}
	return seal.PackUnfinished(ring.Device(), drafts), len(drafts), nil
}

func readUnfinished(s *Store) ([]seal.Unfinished, error) {
	db, err := s.openDB("ro")
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the database is missing: %w", ErrDamaged)
	}
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query("SELECT id, rev, body FROM draft ORDER BY n")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []seal.Unfinished
	for rows.Next() {
		var id []byte
		var d seal.Unfinished
		if err := rows.Scan(&id, &d.Revision, &d.Body); err != nil {
			return nil, err
		}
		if len(id) == 16 && seal.IsAgencyDraft(d.Body) {
			d.ID = seal.ID(id)
			out = append(out, d)
		}
	}
	return out, rows.Err()
}
