package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"tipscreen/store/seal"
)

// repair makes a damaged store usable again: it restores what the witness has, names what is missing, and says so in
// the log. Nothing that it found is thrown away: see setAside.
func (s *Store) repair(f found, cells []seal.Witness, damage *DamageError) error {
	if err := s.setAside(f.unreadable != nil); err != nil {
		return err
	}
	if f.unreadable != nil {
		if err := s.createDB(); err != nil {
			return err
		}
		if err := s.closeFiles(); err != nil {
			return err
		}
	}
	if err := s.openForWork(f); err != nil {
		return err
	}
	missing := s.catchUp(f, cells)
	if err := s.countRecords(); err != nil {
		return err
	}
	restore, erase := s.plan(cells)
	for id := range erase {
		if err := s.files.shred(id); err != nil {
			return err
		}
	}
	c := change{entries: []seal.Entry{{Kind: seal.DamageFound, Number: missing}}}
	for _, id := range slices.SortedFunc(maps.Keys(restore), compareIDs) {
		w := restore[id]
		s.marks[id] = seal.MarkDraft(id, w.Revision, w.Body)
		c.entries = append(c.entries, seal.Entry{Kind: seal.RestoredDraft, Record: id, Number: w.Revision})
		damage.Restored = append(damage.Restored, id.String())
	}
	for id := range erase {
		delete(s.marks, id)
	}
	s.state.Drafts = seal.DraftsDigest(slices.Collect(maps.Values(s.marks)))
	c.apply = func(tx *sql.Tx) error { return s.applyRepair(tx, restore, erase) }
	if err := s.commit(c); err != nil {
		return err
	}
	s.restored = damage.Restored
	var err error
	damage.Lost, err = s.losses(cells, f.unreadable != nil)
	return err
}

func compareIDs(a, b seal.ID) int { return slices.Compare(a[:], b[:]) }

// setAside copies what a repair will change, for whoever can read more out of it than this program.
func (s *Store) setAside(all bool) error {
	names := map[string]string{dbName + "-wal": ".wal"}
	if all {
		names[dbName] = ".db"
	}
	to := s.files.setAside()
	for from, ext := range names {
		if err := s.copyFile(from, to+ext); err != nil {
			return err
		}
	}
	if !all {
		return nil
	}
	for _, n := range []string{dbName, dbName + "-wal", dbName + "-shm"} {
		if err := s.files.remove(n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) copyFile(from, to string) error {
	r, err := os.Open(s.files.path(from))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(s.files.path(to), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	if err == nil {
		err = s.files.sync(w)
	}
	return errors.Join(err, w.Close())
}

// catchUp moves counter and log past everything that was ever acknowledged, and gives the number of transactions that
// the database does not have. The gap in the log stays.
func (s *Store) catchUp(f found, cells []seal.Witness) (missing uint64) {
	if len(cells) == 0 {
		return 0
	}
	w := cells[0].State
	if w.Counter > s.state.Counter {
		missing = w.Counter - s.state.Counter
		s.state.Counter = w.Counter
	}
	if w.Log.Seq >= s.state.Log.Seq {
		s.state.Log = w.Log
	}
	return missing
}

func (s *Store) countRecords() error {
	return s.db.QueryRow("SELECT count(*) FROM record").Scan(&s.state.Records)
}

// plan says which drafts the witness can restore, and which erasures must be done again.
func (s *Store) plan(cells []seal.Witness) (restore map[seal.ID]seal.Witness, erase map[seal.ID]bool) {
	restore, erase = map[seal.ID]seal.Witness{}, map[seal.ID]bool{}
	if len(cells) == 0 {
		return restore, erase
	}
	for _, r := range cells[0].Others {
		if r.Op == seal.OpErase {
			erase[r.ID] = true
		}
	}
	for _, w := range cells {
		row, known := s.marks[w.ID]
		_, newer := restore[w.ID]
		if w.Op != seal.OpSave || newer || erase[w.ID] || !present(s.files.path(keyName(w.ID))) || s.hasRecord(w.ID) {
			continue
		}
		mark := seal.MarkDraft(w.ID, w.Revision, w.Body)
		if !known || row.Revision < w.Revision || row.Revision == w.Revision && row.Sum != mark.Sum {
			restore[w.ID] = w
		}
	}
	return restore, erase
}

func (s *Store) hasRecord(id seal.ID) bool {
	var one int
	return s.db.QueryRow("SELECT 1 FROM record WHERE id = ?", id[:]).Scan(&one) == nil
}

func (s *Store) applyRepair(tx *sql.Tx, restore map[seal.ID]seal.Witness, erase map[seal.ID]bool) error {
	for id, w := range restore {
		if err := upsertDraft(tx, id, w.Revision, w.Body); err != nil {
			return err
		}
	}
	for id := range erase {
		if err := deleteRows(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// losses names what the last operations wrote and the database does not show, and drafts that cannot be read. After
// the loss of the whole database, every key file of this officer without a row is a record that was.
func (s *Store) losses(cells []seal.Witness, rebuilt bool) ([]Loss, error) {
	var lost []Loss
	named := map[seal.ID]bool{}
	name := func(id seal.ID, l Loss) {
		if !named[id] {
			named[id] = true
			l.ID = id.String()
			lost = append(lost, l)
		}
	}
	if len(cells) > 0 {
		for _, r := range cells[0].Others {
			have := s.marks[r.ID].Revision
			switch {
			case r.Op == seal.OpSave && have < r.Revision && !s.hasRecord(r.ID):
				name(r.ID, Loss{What: "draft", Had: r.Revision, Have: have})
			case r.Op == seal.OpFinish && have == 0 && !s.hasRecord(r.ID):
				name(r.ID, Loss{What: "record"})
			}
		}
	}
	for id, m := range s.marks {
		if err := s.probe(id); errors.Is(err, ErrDamaged) || errors.Is(err, ErrNoKey) {
			name(id, Loss{What: "draft", Had: m.Revision})
		}
	}
	if !rebuilt {
		return lost, nil
	}
	ids, err := s.keyFiles()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, open := s.marks[id]; open {
			continue
		}
		if r, err := s.openRecord(id); err == nil {
			r.Wipe()
			name(id, Loss{What: "record"})
		}
	}
	return lost, nil
}

// probe tries to read a draft. Another officer's draft cannot be tried and counts as whole.
func (s *Store) probe(id seal.ID) error {
	r, err := s.openRecord(id)
	if errors.Is(err, seal.ErrCannotOpen) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Wipe()
	_, _, err = s.readDraft(r)
	return err
}

// keyFiles lists the ids of all record key files.
func (s *Store) keyFiles() ([]seal.ID, error) {
	names, err := os.ReadDir(s.files.path(keysName))
	if err != nil {
		return nil, err
	}
	var ids []seal.ID
	for _, n := range names {
		if id, err := seal.ParseID(n.Name()); err == nil {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// openRecord opens a key file: ErrNoKey if it is gone, seal.ErrCannotOpen if it is another officer's.
func (s *Store) openRecord(id seal.ID) (*seal.Record, error) {
	b, err := os.ReadFile(s.files.path(keyName(id)))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNoKey
	}
	if err != nil {
		return nil, err
	}
	r, err := seal.OpenRecord(b, s.officer.OMK, s.officer.Device, id)
	if errors.Is(err, seal.ErrDamaged) {
		return nil, fmt.Errorf("key file: %w", ErrDamaged)
	}
	return r, err
}
