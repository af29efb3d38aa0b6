package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tipscreen/store/seal"
)

// Draft is an interview in progress. Only the newest handle of a draft works.
type Draft struct {
	s      *Store
	record *seal.Record
	agency bool             // begun while an agency was enrolled; it stays so
	beside seal.AgencyDraft // what stands beside the snapshot then
	extra  []seal.Entry     // for the log, when it is finished
}

// DraftInfo is what a list of drafts can show.
type DraftInfo struct {
	ID       string
	Revision uint64 // number of saves
}

// NewDraft makes the key of a new record durable. There is no row and no entry in the log until the first Save, so
// an interview that stays unrecorded leaves nothing; Close shreds the key.
func (s *Store) NewDraft() (*Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	s.checkpointIfLarge()
	r, err := seal.NewRecord(s.o.Rand, s.officer.Device)
	if err != nil {
		return nil, fmt.Errorf("begin a draft: %w", err)
	}
	if err := s.writeKey(r); err != nil {
		return nil, failure("begin a draft", err)
	}
	d := &Draft{s: s, record: r}
	if err := d.begin(); err != nil {
		return nil, failure("begin a draft", errors.Join(err, s.files.shred(r.ID)))
	}
	s.drafts[r.ID] = d
	return d, nil
}

func (s *Store) writeKey(r *seal.Record) error {
	b, err := r.File(s.o.Rand, s.officer.OMK)
	if err != nil {
		return err
	}
	return s.files.replace(keyName(r.ID), b)
}

// Drafts lists this officer's drafts, oldest first. Drafts whose key was shredded or damaged are left out; Verify
// names them.
func (s *Store) Drafts() ([]DraftInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return nil, failure("list the drafts", err)
	}
	ids, err := s.draftOrder()
	if err != nil {
		return nil, failure("list the drafts", err)
	}
	out := []DraftInfo{}
	for _, id := range ids {
		r, err := s.openRecord(id)
		if err != nil {
			continue
		}
		r.Wipe()
		out = append(out, DraftInfo{ID: id.String(), Revision: s.marks[id].Revision})
	}
	return out, nil
}

func (s *Store) draftOrder() ([]seal.ID, error) {
	return s.ids("SELECT id FROM draft ORDER BY n")
}

// ids reads the record ids that a query gives. A row whose id is none is left to Verify, which names it.
func (s *Store) ids(query string) ([]seal.ID, error) {
	rows, err := s.db.Query(query)
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

// OpenDraft resumes a draft. id may be any prefix that names one draft only. It returns the last snapshot.
func (s *Store) OpenDraft(id string) (*Draft, []byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return nil, nil, failure("open the draft", err)
	}
	s.checkpointIfLarge()
	rid, err := s.findDraft(id)
	if err != nil {
		return nil, nil, fmt.Errorf("open the draft: %w", err)
	}
	r, err := s.openRecord(rid)
	if errors.Is(err, seal.ErrCannotOpen) {
		return nil, nil, fmt.Errorf("open the draft: %w", ErrNotFound)
	}
	if err != nil {
		return nil, nil, failure("open draft "+short(rid), err)
	}
	content, agency, err := s.readDraft(r)
	if err != nil {
		r.Wipe()
		return nil, nil, failure("open draft "+short(rid), err)
	}
	d := &Draft{s: s, record: r, agency: agency, beside: content}
	d.beside.Snapshot = nil
	if agency {
		if err := d.begin(); err != nil {
			r.Wipe()
			return nil, nil, failure("open draft "+short(rid), err)
		}
	}
	s.drafts[rid] = d
	return d, content.Snapshot, nil
}

// short is an id as messages show it.
func short(id seal.ID) string { return id.String()[:8] }

// findDraft looks a prefix up among this officer's drafts.
func (s *Store) findDraft(prefix string) (seal.ID, error) {
	prefix = strings.ToLower(prefix)
	var hits []seal.ID
	for id := range s.marks {
		if prefix != "" && strings.HasPrefix(id.String(), prefix) {
			hits = append(hits, id)
		}
	}
	if len(hits) > 1 { // another officer's drafts do not make a prefix ambiguous
		hits = slices.DeleteFunc(hits, func(id seal.ID) bool {
			return s.foreign(id)
		})
	}
	switch len(hits) {
	case 0:
		return seal.ID{}, ErrNotFound
	case 1:
		return hits[0], nil
	}
	return seal.ID{}, ErrAmbiguous
}

// foreign reports whether a record is another officer's.
func (s *Store) foreign(id seal.ID) bool {
	r, err := s.openRecord(id)
	if err == nil {
		r.Wipe()
	}
	return errors.Is(err, seal.ErrCannotOpen)
}

// readDraft reads and checks the row of a draft, and tells in which of the two forms it is.
func (s *Store) readDraft(r *seal.Record) (content seal.AgencyDraft, agency bool, err error) {
	var rev int64
	var body []byte
	err = s.db.QueryRow("SELECT rev, body FROM draft WHERE id = ?", r.ID[:]).Scan(&rev, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return content, false, ErrNotFound
	}
	if err != nil {
		return content, false, err
	}
	if seal.MarkDraft(r.ID, uint64(rev), body) != s.marks[r.ID] {
		return content, false, fmt.Errorf("the draft changed: %w", ErrDamaged)
	}
	if agency = seal.IsAgencyDraft(body); agency {
		content, err = r.OpenAgencyDraft(uint64(rev), body)
	} else {
		content.Snapshot, err = r.OpenDraft(uint64(rev), body)
	}
	if errors.Is(err, seal.ErrCannotOpen) {
		err = fmt.Errorf("the draft does not open: %w", ErrDamaged)
	}
	return content, agency, err
}

// ID gives the whole id of the record.
func (d *Draft) ID() string { return d.record.ID.String() }

// usable checks, with the lock held, that this handle may still write.
func (d *Draft) usable() error {
	if d.s.closed {
		return ErrClosed
	}
	if d.s.drafts[d.record.ID] != d {
		return ErrStale
	}
	return nil
}

// Save replaces the snapshot. When it returns nil, the snapshot is on the disk, twice: in the witness and in the
// database. When it returns an error, the one before is untouched, and Save can be called again.
func (d *Draft) Save(snapshot []byte) error {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if err := d.usable(); err != nil {
		return err
	}
	return failure("save draft "+short(d.record.ID), d.save(snapshot))
}

func (d *Draft) save(snapshot []byte) error {
	s, id := d.s, d.record.ID
	if s.failed {
		if err := s.reopen(); err != nil { // the revision may have moved: see commit
			return err
		}
	}
	old, saved := s.marks[id]
	rev := old.Revision + 1
	body, err := d.sealSnapshot(rev, snapshot)
	if err != nil {
		return err
	}
	c := change{
		Recent: seal.Recent{ID: id, Revision: rev, Op: seal.OpSave},
		body:   body,
		mark:   seal.MarkDraft(id, rev, body),
	}
	if saved {
		c.apply = func(tx *sql.Tx) error {
			return oneRow(tx.Exec("UPDATE draft SET rev = ?, body = ? WHERE id = ? AND rev = ?", int64(rev), body, id[:], int64(old.Revision)))
		}
	} else {
		c.entries = []seal.Entry{{Kind: seal.Begun, Record: id}}
		c.apply = func(tx *sql.Tx) error {
			return oneRow(tx.Exec("INSERT INTO draft(id, rev, body) VALUES(?, ?, ?)", id[:], int64(rev), body))
		}
	}
	return s.commit(c)
}

// Discard makes the draft unreadable and removes it. It can be repeated after an error.
func (d *Draft) Discard() error {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if err := d.usable(); err != nil {
		return err
	}
	id := d.record.ID
	if err := d.s.erase(id, seal.Discarded); err != nil {
		return failure("discard draft "+short(id), err)
	}
	return nil
}

// release ends a handle.
func (s *Store) release(id seal.ID) {
	if d := s.drafts[id]; d != nil {
		delete(s.drafts, id)
		d.record.Wipe()
	}
}
