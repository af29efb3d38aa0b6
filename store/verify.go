package store

import (
	"crypto/ed25519"
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
	Before     int // entries of the log and records that an earlier check found whole and this one did not repeat
	KeyFiles   int
	Unused     int // key files without a draft or record: interviews that were never saved
	Problems   []string
}

// OK reports that nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

func (r *Report) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// check is one run of Verify.
type check struct {
	s       *Store
	r       *Report
	seen    map[seal.ID]bool
	digests map[seal.ID][24]byte
	from    verified // what need not be checked again; moves on
	all     bool
}

// verified is how far an earlier check found everything whole. It is kept sealed in the row of that name.
type verified struct {
	Log    seal.Head
	Record int64 // row of the last record
}

const verifiedRow, verifiedBucket = "verified", 256

// Verify checks every row, key file, signature, the chain of the log and the witness. It changes nothing.
func (s *Store) Verify() (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, _, err := s.verify(verified{}, true)
	return r, err
}

// VerifyNew checks drafts, keys and witness, and of log and records what was added since the last time that nothing
// was found wrong; then it remembers how far it came. Verify from time to time checks the rest again.
func (s *Store) VerifyNew() (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var from verified
	if err := s.readBlob(verifiedRow, &from); err != nil && !errors.Is(reduce(err), ErrDamaged) {
		return Report{Problems: []string{}}, failure("verify", err)
	}
	r, to, err := s.verify(from, false)
	if err != nil || !r.OK() || to == from {
		return r, err
	}
	// What was found stands, even if it cannot be remembered on a full disk.
	_ = s.writeBlob(verifiedRow, verifiedBucket, to)
	return r, nil
}

func (s *Store) verify(from verified, all bool) (Report, verified, error) {
	r := Report{Problems: []string{}}
	if err := s.ready(); err != nil {
		return r, from, failure("verify", err)
	}
	c := &check{s: s, r: &r, seen: map[seal.ID]bool{}, digests: map[seal.ID][24]byte{}, from: from, all: all || from == (verified{})}
	r.Before = int(from.Log.Seq)
	checks := []func() error{c.drafts, c.log, c.records, c.witness, c.keys, c.agency}
	if c.all {
		checks = append(checks, c.database)
	}
	for _, check := range checks {
		if err := check(); err != nil {
			if !errors.Is(reduce(err), ErrDamaged) {
				return r, from, failure("verify", err)
			}
			r.problem("%v", reduce(err))
		}
	}
	return r, verified{Log: s.state.Log, Record: c.from.Record}, nil
}

// agency checks what an enrolled laptop needs.
func (c *check) agency() error {
	if c.s.enrolled() && c.s.keyset == nil {
		c.r.problem("the agency's keyset is missing or was put back")
	}
	_, bad, err := c.s.notes()
	for _, number := range bad {
		c.r.problem("the note about bundle %d: %v", number, ErrDamaged)
	}
	return err
}

func (c *check) database() error {
	rows, err := c.s.db.Query("PRAGMA integrity_check(10)")
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
			c.r.problem("database: %s", line)
		}
	}
	return rows.Err()
}

func (c *check) drafts() error {
	s := c.s
	marks, err := readMarks(s.db)
	if err != nil {
		return err
	}
	c.r.Drafts = len(marks)
	if !maps.Equal(marks, s.marks) || s.state.Drafts != seal.DraftsDigest(slices.Collect(maps.Values(marks))) {
		c.r.problem("an open draft was changed, removed or put back")
	}
	for _, id := range slices.SortedFunc(maps.Keys(marks), compareIDs) {
		c.seen[id] = true
		rec, err := s.openRecord(id)
		if errors.Is(err, seal.ErrCannotOpen) {
			c.r.Unchecked++
			continue
		}
		if err == nil {
			_, _, err = s.readDraft(rec)
			rec.Wipe()
		}
		if err != nil {
			c.r.problem("draft %s: %v", id, reduce(err))
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

func (c *check) records() error {
	for {
		batch, err := c.s.recordBatch(c.from.Record)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		for _, b := range batch {
			c.from.Record = b.n
			c.seen[b.id] = true
			c.record(b)
		}
	}
	if err := c.s.db.QueryRow("SELECT count(*) FROM record").Scan(&c.r.Records); err != nil {
		return err
	}
	if uint64(c.r.Records) != c.s.state.Records {
		c.r.problem("there are %d records instead of %d", c.r.Records, c.s.state.Records)
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

// record checks one finished record: that it has its parts, that they are the ones of which the log has the digest,
// and, where the key is here, that they open and are signed.
func (c *check) record(b row) {
	s, r := c.s, c.r
	first, parts, err := s.recordParts(b.n)
	if err != nil {
		r.problem("record %s: %v", b.id, reduce(err))
		return
	}
	if d, known := c.digests[b.id]; known && d != seal.PartsDigest(parts) {
		r.problem("record %s: its parts were changed: %v", b.id, ErrDamaged)
	}
	rec, err := s.openRecord(b.id)
	if errors.Is(err, seal.ErrCannotOpen) || errors.Is(err, ErrNoKey) && first == agencyKinds {
		r.Unchecked++
		return
	}
	if err != nil {
		r.problem("record %s: %v", b.id, reduce(err))
		return
	}
	defer rec.Wipe()
	if _, held := s.held[b.id]; first == agencyKinds && !held {
		r.problem("record %s: its key was put back: %v", b.id, ErrDamaged)
	}
	if _, err := seal.OpenStub(s.officer.OMK, s.officer.Device, b.id, b.stub); err != nil {
		r.problem("record %s: its stub does not open: %v", b.id, ErrDamaged)
	}
	if first == agencyKinds && !rec.Holds() {
		return // finished a moment before the power went: its key is still that of the draft
	}
	signer := s.officer.Signer().Public().(ed25519.PublicKey)
	for kind, name := range seal.Compartments() {
		if first == agencyKinds && name == Allegation {
			continue
		}
		content, err := openWith(rec, first == agencyKinds, name, parts[kind], signer)
		clear(content)
		if err != nil && !errors.Is(err, ErrAbsent) {
			r.problem("record %s, part %s: %v", b.id, name, ErrDamaged)
		}
	}
}

// recordParts reads the four parts of a record, all of one form.
func (s *Store) recordParts(n int64) (first int, parts [][]byte, err error) {
	rows, err := s.db.Query("SELECT kind, body FROM part WHERE record = ? ORDER BY kind", n)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind int
		var body []byte
		if err := rows.Scan(&kind, &body); err != nil {
			return 0, nil, err
		}
		if len(parts) == 0 && kind == agencyKinds {
			first = kind
		}
		if kind != first+len(parts) {
			return 0, nil, fmt.Errorf("a part is missing: %w", ErrDamaged)
		}
		parts = append(parts, body)
	}
	if rows.Err() == nil && len(parts) != 4 {
		return 0, nil, fmt.Errorf("a part is missing: %w", ErrDamaged)
	}
	return first, parts, rows.Err()
}

func (c *check) witness() error {
	s, r := c.s, c.r
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

func (c *check) keys() error {
	s, r := c.s, c.r
	ids, err := s.keyFiles()
	if err != nil {
		return err
	}
	r.KeyFiles = len(ids)
	for _, id := range ids {
		if !c.all || c.seen[id] {
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

func (c *check) log() error {
	s, r := c.s, c.r
	head := c.from.Log
	if !s.hasEntry(head) {
		r.problem("the log was changed before the place up to which it was verified")
	}
	err := s.walkLog(head.Seq, func(at seal.Head, sealed []byte) error {
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
		if e.Digest != [24]byte{} {
			c.digests[e.Record] = e.Digest
		}
		head = at.Next(sealed)
		return nil
	})
	if err == nil && head != s.state.Log {
		r.problem("the log does not end where it should")
	}
	return err
}
