package store

import (
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tipscreen/store/seal"
)

// The outbox: sealed records leave in bundles (§17). A bundle is planned in one transaction, before a byte of it leaves;
// so after a crash the same bundle is made again, byte for byte, and no sequence number is used twice.

const (
	transferRow, transferBucket = "transfer", 4096
	signersRow, signersBucket   = "signers", 1024
	// bundleBytes is the size after which no further record goes into a bundle: what a bad line can carry.
	bundleBytes = 8 << 20
)

// transferState is what the store remembers of its transfers beside the notes about bundles.
type transferState struct {
	Receipts uint64            `json:"receipts"`          // number of the last receipt that was taken
	PutBack  bool              `json:"put_back"`          // the agency knows a later state of this store
	Aside    map[string]string `json:"aside,omitempty"`   // records that cannot be sent, and why
	Missing  [][2]uint64       `json:"missing,omitempty"` // sequence numbers that the agency still lacks
}

// Sent says where a bundle went, and when by the laptop's clock.
type Sent struct {
	To string    `json:"to"`
	At time.Time `json:"at"`
}

// bundleNote is the laptop's own note about a bundle.
type bundleNote struct {
	First   uint64
	Keyset  uint32
	Made    int64
	Offset  int64
	Since   seal.Head
	Head    seal.Head
	Signers [][]byte
	IDs     [][]byte
	Digests [][]byte
	States  []byte // as seal.Received of each record; 0: no receipt
	Sent    []Sent
}

// Plan puts every sealed record that has not left into bundles, and gives how many records that were. offset is what a
// server's clock was ahead of the laptop's; zero if that is not known. A record that cannot be sent is set aside with
// its reason; it blocks no other and is looked at again the next time.
func (s *Store) Plan(offset time.Duration) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return 0, failure("plan the transfer", err)
	}
	switch {
	case !s.enrolled():
		return 0, fmt.Errorf("plan the transfer: %w", ErrNotAgency)
	case s.keyset == nil:
		return 0, fmt.Errorf("plan the transfer: %w", ErrNoKeyset)
	}
	n, err := s.planAll(offset)
	return n, failure("plan the transfer", err)
}

func (s *Store) planAll(offset time.Duration) (int, error) {
	if err := s.mendNotes(); err != nil {
		return 0, err
	}
	waiting, err := s.unplanned()
	if err != nil {
		return 0, err
	}
	state, err := s.transferState()
	if err != nil {
		return 0, err
	}
	aside := map[string]string{}
	p := planner{s: s, offset: offset}
	if len(waiting) > 0 {
		if p.digests, err = s.partDigests(); err != nil {
			return 0, err
		}
	}
	for _, r := range waiting {
		if err := p.add(r); err != nil {
			if !errors.Is(reduce(err), ErrDamaged) {
				return p.done, err
			}
			aside[r.id.String()] = reduce(err).Error()
		}
	}
	if err := p.flush(); err != nil {
		return p.done, err
	}
	if !maps.Equal(aside, state.Aside) {
		state.Aside = aside
		err = s.writeBlob(transferRow, transferBucket, state)
	}
	return p.done, err
}

func (s *Store) transferState() (transferState, error) {
	var t transferState
	return t, s.readBlob(transferRow, &t)
}

// unplanned lists sealed records that are in no bundle, in the order in which they were finished.
func (s *Store) unplanned() ([]row, error) {
	query := "SELECT n, id FROM record WHERE EXISTS(SELECT 1 FROM part WHERE part.record = record.n AND kind >= 16)"
	if there, err := hasTable(s.db, "departed"); err != nil {
		return nil, err
	} else if there {
		query += " AND n NOT IN (SELECT record FROM departed)"
	}
	rows, err := s.db.Query(query + " ORDER BY n")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []row
	for rows.Next() {
		var r row
		var id []byte
		if err := rows.Scan(&r.n, &id); err != nil {
			return nil, err
		}
		if len(id) == 16 {
			r.id = seal.ID(id)
			out = append(out, r)
		}
	}
	return out, rows.Err()
}

// partDigests gathers from the log what the parts of each record were when they were sealed.
func (s *Store) partDigests() (map[seal.ID][24]byte, error) {
	out := map[seal.ID][24]byte{}
	err := s.walkLog(0, func(at seal.Head, sealed []byte) error {
		e, err := at.Open(s.officer.State.LogKey, s.officer.Device, sealed)
		if err == nil && e.Digest != [24]byte{} {
			out[e.Record] = e.Digest
		}
		return nil // a damaged entry is for Verify to name
	})
	return out, err
}

// planner fills one bundle after the other.
type planner struct {
	s       *Store
	offset  time.Duration
	digests map[seal.ID][24]byte
	note    bundleNote
	size    int
	done    int
}

func (p *planner) add(r row) error {
	first, parts, err := p.s.recordParts(r.n)
	if err != nil {
		return err
	}
	digest := seal.PartsDigest(parts)
	if known, ok := p.digests[r.id]; first != agencyKinds || ok && known != digest {
		return fmt.Errorf("its parts were changed: %w", ErrDamaged)
	}
	size := 0
	for _, one := range parts {
		size += len(one)
	}
	if len(p.note.IDs) > 0 && (len(p.note.IDs) >= seal.BundleRecords || p.size+size > bundleBytes) {
		if err := p.flush(); err != nil {
			return err
		}
	}
	p.note.IDs = append(p.note.IDs, r.id[:])
	p.note.Digests = append(p.note.Digests, digest[:])
	p.size += size
	return nil
}

// flush makes the plan of one bundle durable. From then on its records count as having left.
func (p *planner) flush() error {
	if len(p.note.IDs) == 0 {
		return nil
	}
	s, note := p.s, p.note
	last, number, err := s.lastNote()
	if err != nil {
		return err
	}
	number++
	note.First, note.Since = last.First+uint64(len(last.IDs)), last.Head
	if note.First == 0 {
		note.First = 1
	}
	note.Keyset, note.Made, note.Offset = s.keyset.Version, s.o.Now().Unix(), int64(p.offset/time.Second)
	note.States = make([]byte, len(note.IDs))
	if note.Signers, err = s.signers(); err != nil && !errors.Is(reduce(err), ErrDamaged) {
		return err
	}
	ids := make([]seal.ID, len(note.IDs))
	for i, id := range note.IDs {
		ids[i] = seal.ID(id)
	}
	c := tell(seal.Entry{Kind: seal.BundleMade, Number: number})
	c.late = func(head seal.Head) (func(*sql.Tx) error, error) { // with this entry, so that no copy from before goes through it
		note.Head = head
		put, err := s.putNote(number, note)
		return func(tx *sql.Tx) error { return errors.Join(put(tx), markDeparted(tx, ids, Left)) }, err
	}
	if err := s.commit(c); err != nil {
		return err
	}
	p.done += len(ids)
	p.note, p.size = bundleNote{}, 0
	return nil
}

// signers lists the officers of this laptop whose records go to the agency, so that the device can vouch for them.
func (s *Store) signers() ([][]byte, error) {
	var all [][]byte
	if err := s.readBlob(signersRow, &all); err != nil {
		return nil, err
	}
	return withSigner(all, s.officer.Signer().Public().(ed25519.PublicKey)), nil
}

func withSigner(all [][]byte, one ed25519.PublicKey) [][]byte {
	if slices.ContainsFunc(all, func(k []byte) bool { return one.Equal(ed25519.PublicKey(k)) }) {
		return all
	}
	return append(all, one)
}

// putAgency gives what a record for the agency writes beside itself: until when it can be read here, and who signed.
func (s *Store) putAgency(held map[seal.ID]time.Time) (func(*sql.Tx) error, error) {
	putHeld, err := s.putHeld(held)
	if err != nil {
		return nil, err
	}
	all, err := s.signers()
	if errors.Is(reduce(err), ErrDamaged) { // the bundle vouches for who can still be told; nothing waits for this
		all, err = [][]byte{s.officer.Signer().Public().(ed25519.PublicKey)}, nil
	}
	if err != nil {
		return nil, err
	}
	putSigners, err := s.putJSON(signersRow, signersBucket, all)
	if err != nil {
		return nil, err
	}
	return func(tx *sql.Tx) error { return errors.Join(putHeld(tx), putSigners(tx)) }, nil
}

func (s *Store) putNote(number uint64, n bundleNote) (func(*sql.Tx) error, error) {
	plain, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	sealed, err := seal.SealPlan(s.o.Rand, s.officer.DK, s.officer.Device, number, plain)
	if err != nil {
		return nil, err
	}
	return func(tx *sql.Tx) error {
		if _, err := tx.Exec("CREATE TABLE IF NOT EXISTS bundle(number INTEGER PRIMARY KEY, note BLOB NOT NULL)"); err != nil {
			return err
		}
		return oneRow(tx.Exec("INSERT INTO bundle(number, note) VALUES(?, ?) ON CONFLICT(number) DO UPDATE SET note = excluded.note", int64(number), sealed))
	}, nil
}

// numbers lists the bundles.
func (s *Store) numbers() ([]uint64, error) {
	if there, err := hasTable(s.db, "bundle"); err != nil || !there {
		return nil, err
	}
	rows, err := s.db.Query("SELECT number FROM bundle ORDER BY number")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []uint64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, uint64(n))
	}
	return out, rows.Err()
}

func (s *Store) note(number uint64) (bundleNote, error) {
	var n bundleNote
	var sealed []byte
	err := s.db.QueryRow("SELECT note FROM bundle WHERE number = ?", int64(number)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return n, ErrNotFound
	}
	if err != nil {
		return n, err
	}
	plain, err := seal.OpenPlan(s.officer.DK, s.officer.Device, number, sealed)
	if err == nil {
		err = json.Unmarshal(plain, &n)
	}
	if err != nil || len(n.Digests) != len(n.IDs) || len(n.States) != len(n.IDs) {
		return n, fmt.Errorf("the note about bundle %d: %w", number, ErrDamaged)
	}
	return n, nil
}

// lastNote gives the newest note and its number; zeros if there is none.
func (s *Store) lastNote() (bundleNote, uint64, error) {
	all, err := s.numbers()
	if err != nil || len(all) == 0 {
		return bundleNote{}, 0, err
	}
	number := all[len(all)-1]
	n, err := s.note(number)
	return n, number, err
}
