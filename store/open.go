package store

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"modernc.org/sqlite"

	"tipscreen/store/seal"
)

// found is what the read-only look at the database gave.
type found struct {
	state      seal.State
	marks      map[seal.ID]seal.DraftMark
	unreadable error // the database cannot be used at all
}

func (f found) digestHolds() bool {
	return f.state.Drafts == seal.DraftsDigest(slices.Collect(maps.Values(f.marks)))
}

// start compares database and witness before anything may write, then opens the store for work (§13).
func (s *Store) start() (*DamageError, error) {
	if err := s.files.tighten(); err != nil {
		return nil, err
	}
	cells, whole, err := s.readWitness()
	if err != nil {
		return nil, err
	}
	f, err := s.inspect()
	if err != nil {
		return nil, err
	}
	problems := compare(f, cells)
	if len(cells) > 0 && !whole {
		problems = append(problems, "the witness was cut")
	}
	if s.ring.Repaired() {
		problems = append(problems, "one of the two copies of keys.bin was damaged")
	}
	damage, err := s.mend(f, cells, problems)
	if err != nil {
		return nil, err
	}
	if err := s.readAgency(damage != nil); err != nil {
		return nil, err
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	return damage, nil
}

// inspect reads the database without writing: an ordinary open after one flipped bit in the write-ahead log silently
// forgets every transaction after it.
func (s *Store) inspect() (found, error) {
	useless := found{marks: map[seal.ID]seal.DraftMark{}}
	db, err := s.openDB("ro")
	if errors.Is(err, os.ErrNotExist) {
		useless.unreadable = errors.New("the database is missing")
		return useless, nil
	}
	var f found
	if err == nil {
		defer db.Close()
		f.state, f.marks, err = readDB(db, s.officer)
	}
	if unusable(err) {
		useless.unreadable = errors.New("the database cannot be read")
		return useless, nil
	}
	return f, err
}

// shortRead is SQLite's IOERR_SHORT_READ.
const shortRead = 522

// unusable tells a broken database from a disk or a permission that fails today.
func unusable(err error) bool {
	var sq *sqlite.Error
	if errors.As(err, &sq) {
		code := sq.Code() & 0xff
		// CORRUPT, NOTADB, no such table; and a file that is shorter than it says
		return code == 11 || code == 26 || code == 1 || sq.Code() == shortRead
	}
	return errors.Is(err, ErrDamaged) || errors.Is(err, seal.ErrDamaged) || errors.Is(err, seal.ErrCannotOpen) || errors.Is(err, sql.ErrNoRows)
}

// readDB reads the state row and marks every open draft.
func readDB(db *sql.DB, o *seal.Officer) (seal.State, map[seal.ID]seal.DraftMark, error) {
	var st seal.State
	var app, version int
	if err := db.QueryRow("PRAGMA application_id").Scan(&app); err != nil {
		return st, nil, err
	}
	if err := db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return st, nil, err
	}
	if app == applicationID && version > userVersion {
		return st, nil, ErrVersion
	}
	if app != applicationID || version != userVersion {
		return st, nil, fmt.Errorf("not a database of this program: %w", ErrDamaged)
	}
	var sealed []byte
	if err := db.QueryRow("SELECT v FROM meta WHERE k = 'state'").Scan(&sealed); err != nil {
		return st, nil, err
	}
	st, err := seal.OpenState(o.DK, o.Device, sealed)
	if err != nil {
		return st, nil, err
	}
	marks, err := readMarks(db)
	return st, marks, err
}

func readMarks(db *sql.DB) (map[seal.ID]seal.DraftMark, error) {
	rows, err := db.Query("SELECT id, rev, body FROM draft")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	marks := map[seal.ID]seal.DraftMark{}
	for rows.Next() {
		var id, body sql.RawBytes
		var rev int64
		if err := rows.Scan(&id, &rev, &body); err != nil {
			return nil, err
		}
		if len(id) != 16 || rev < 1 {
			return nil, fmt.Errorf("a draft's row: %w", ErrDamaged)
		}
		m := seal.MarkDraft(seal.ID(id), uint64(rev), body)
		marks[m.ID] = m
	}
	return marks, rows.Err()
}

// compare lists what is wrong. Being one transaction behind the witness is what a power cut leaves, and not wrong.
func compare(f found, cells []seal.Witness) []string {
	switch {
	case len(cells) == 0 && f.unreadable != nil:
		return []string{f.unreadable.Error(), "the witness cannot be read"}
	case f.unreadable != nil:
		return []string{f.unreadable.Error()}
	case len(cells) == 0:
		return []string{"the witness cannot be read"}
	}
	var problems []string
	w, d := cells[0].State, f.state
	switch {
	case w.Counter > d.Counter+1:
		problems = append(problems, fmt.Sprintf("the last %d changes are missing from the database", w.Counter-d.Counter))
	case w.Counter < d.Counter:
		problems = append(problems, "the witness is older than the database")
	case w.Counter == d.Counter+1 && f.digestHolds() && !follows(f, cells[0]), disagrees(d, cells):
		problems = append(problems, "witness and database disagree")
	}
	if !f.digestHolds() {
		problems = append(problems, "an open draft was changed, removed or put back")
	}
	return problems
}

// disagrees reports whether a cell is about the last transaction of the database, and says something else.
func disagrees(d seal.State, cells []seal.Witness) bool {
	return slices.ContainsFunc(cells, func(w seal.Witness) bool { return w.Counter == d.Counter && w.State != d })
}

// follows reports whether the transaction in w can be done on what was found. A finish need not: see resume.
func follows(f found, w seal.Witness) bool {
	head, marks, records := f.state.Log, maps.Clone(f.marks), f.state.Records
	for _, e := range w.Log {
		head = head.Next(e)
	}
	switch w.Op {
	case seal.OpSave:
		marks[w.ID] = seal.MarkDraft(w.ID, w.Revision, w.Body)
	case seal.OpErase:
		delete(marks, w.ID)
		if w.Records < records {
			records--
		}
	case seal.OpFinish:
		return head == w.State.Log
	}
	return head == w.State.Log && records == w.Records && seal.DraftsDigest(slices.Collect(maps.Values(marks))) == w.Drafts
}

// mend opens the store for writing and brings database and witness together again.
func (s *Store) mend(f found, cells []seal.Witness, problems []string) (*DamageError, error) {
	if len(cells) > 0 {
		s.recent = cells[0].Others
	}
	if len(problems) == 0 {
		return nil, s.resume(f, cells[0])
	}
	damage := &DamageError{Problems: problems}
	return damage, s.repair(f, cells, damage)
}

// openForWork opens database and witness read-write.
func (s *Store) openForWork(f found) error {
	var err error
	if s.db, err = s.openDB("rw"); err != nil {
		return err
	}
	info, err := os.Lstat(s.files.path(witnessName))
	if err == nil && info.Size() == wholeSize(info.Size()) {
		err = s.openWitness()
	} else if err == nil || errors.Is(err, os.ErrNotExist) {
		err = s.newWitness(witnessCell)
	}
	if err != nil {
		return err
	}
	s.state, s.marks = f.state, f.marks
	return nil
}

// resume continues an undamaged store, and does the last transaction again if only the witness has it.
func (s *Store) resume(f found, w seal.Witness) error {
	if err := s.openForWork(f); err != nil {
		return err
	}
	if w.Counter == f.state.Counter {
		return nil
	}
	switch w.Op {
	case seal.OpSave:
		if !present(s.files.path(keyName(w.ID))) {
			return s.leave() // shredded from outside, so there is nothing to read
		}
	case seal.OpErase:
		if err := s.files.shred(w.ID); err != nil {
			return err
		}
	case seal.OpFinish:
		return s.leave() // not acknowledged, or cut off: either way its draft is here
	case seal.OpOther:
		return s.resumeOther(w)
	}
	return s.replay(w, nil)
}

// resumeOther continues what is about no draft. Keys that were being shredded may be half gone, so they go now; a
// hand-over, a bundle or a receipt was not acknowledged, what it wrote is not in the witness, and its log entry without
// that would be false.
func (s *Store) resumeOther(w seal.Witness) error {
	head := s.state.Log
	var shredded []seal.ID
	for _, sealed := range w.Log {
		e, err := head.Open(s.officer.State.LogKey, s.officer.Device, sealed)
		if err != nil {
			return err
		}
		switch head = head.Next(sealed); e.Kind {
		case seal.HandedOver, seal.BundleMade, seal.ReceiptTaken:
			return s.leave()
		case seal.KeyShredded:
			shredded = append(shredded, e.Record)
		}
	}
	if len(shredded) == 0 {
		return s.replay(w, nil)
	}
	put, err := s.shredAgain(shredded)
	if err != nil {
		return err
	}
	return s.replay(w, put)
}

// leave gives up the transaction that only the witness has, by writing an empty one in its place.
func (s *Store) leave() error {
	err := s.commit(change{})
	if errors.Is(err, ErrFull) {
		return nil // the next commit does it
	}
	return err
}

// replay does again what the witness holds. apply is what else belongs to it.
func (s *Store) replay(w seal.Witness, apply func(*sql.Tx) error) error {
	marks := maps.Clone(s.marks)
	switch w.Op {
	case seal.OpSave:
		marks[w.ID] = seal.MarkDraft(w.ID, w.Revision, w.Body)
		apply = func(tx *sql.Tx) error { return upsertDraft(tx, w.ID, w.Revision, w.Body) }
		s.restored = append(s.restored, w.ID.String())
	case seal.OpErase:
		delete(marks, w.ID)
		apply = func(tx *sql.Tx) error { return deleteRows(tx, w.ID) }
	}
	if err := s.transact(s.state.Log, w.State, w.Log, apply); err != nil {
		return err
	}
	s.state, s.marks = w.State, marks
	return nil
}

func upsertDraft(tx *sql.Tx, id seal.ID, revision uint64, body []byte) error {
	return oneRow(tx.Exec(`INSERT INTO draft(id, rev, body) VALUES(?, ?, ?)
		ON CONFLICT(id) DO UPDATE SET rev = excluded.rev, body = excluded.body`, id[:], int64(revision), body))
}

// deleteRows removes everything about a record. Its row number may come again, so nothing may stay under it.
func deleteRows(tx *sql.Tx, id seal.ID) error {
	queries := []string{
		"DELETE FROM draft WHERE id = ?",
		"DELETE FROM part WHERE record IN (SELECT n FROM record WHERE id = ?)",
		"DELETE FROM record WHERE id = ?",
	}
	departures, err := hasTable(tx, "departed")
	if err != nil {
		return err
	}
	if departures {
		queries = append([]string{"DELETE FROM departed WHERE record IN (SELECT n FROM record WHERE id = ?)"}, queries...)
	}
	for _, q := range queries {
		if _, err := tx.Exec(q, id[:]); err != nil {
			return err
		}
	}
	return nil
}

// settle does what may wait until nobody needs an answer: old keys of finished records, half-written files, the log.
func (s *Store) settle() error {
	for _, n := range []string{ringName + ".new", witnessName + ".new"} {
		if err := os.Remove(s.files.path(n)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if s.ring.Repaired() {
		if err := s.files.replace(ringName, s.ring.Bytes()); err != nil {
			return err
		}
	}
	if s.officer.Recovered() {
		if err := s.commit(change{entries: []seal.Entry{{Kind: seal.RecoveryUsed}}}); err != nil {
			return err
		}
	}
	err := s.finishWork()
	if err == nil {
		err = s.shredDue()
	}
	if err == nil {
		err = s.lookAtClock()
	}
	if errors.Is(reduce(err), ErrFull) {
		s.failed = true // reading still works on a full disk
		return nil
	}
	return err
}
