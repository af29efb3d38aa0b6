package store

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tipscreen/store/seal"
)

// Unsent lists the bundles that have not gone to a target, oldest first. A bundle of which the agency opened every
// record need not go anywhere.
func (s *Store) Unsent(target string) ([]uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const what = "look at the outbox"
	if err := s.ready(); err != nil {
		return nil, failure(what, err)
	}
	all, err := s.numbers()
	if err != nil {
		return nil, failure(what, err)
	}
	var out []uint64
	for _, number := range all {
		n, err := s.note(number)
		if err != nil {
			return nil, failure(what, err)
		}
		sent := slices.ContainsFunc(n.Sent, func(one Sent) bool { return one.To == target })
		if !sent && slices.ContainsFunc(n.States, func(b byte) bool { return seal.Received(b) != seal.Opened }) {
			out = append(out, number)
		}
	}
	return out, nil
}

// Bundle makes a bundle as it was planned, and tells how many records are in it. A record that was erased or damaged
// since then leaves an empty place.
func (s *Store) Bundle(number uint64) (content []byte, records int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what := fmt.Sprintf("make bundle %d", number)
	if err := s.ready(); err != nil {
		return nil, 0, failure(what, err)
	}
	if s.keyset == nil {
		return nil, 0, fmt.Errorf("%s: %w", what, ErrNoKeyset)
	}
	n, err := s.note(number)
	if err != nil {
		return nil, 0, failure(what, err)
	}
	b := &seal.Bundle{Root: s.officer.State.Root, Number: number, Keyset: n.Keyset, Made: time.Unix(n.Made, 0), Offset: time.Duration(n.Offset) * time.Second,
		Since: n.Since, Head: n.Head, First: n.First}
	for _, one := range n.Signers {
		b.Signers = append(b.Signers, ed25519.PublicKey(one))
	}
	if b.Hashes, err = s.headsBetween(n.Since, n.Head); err != nil {
		return nil, 0, failure(what, err)
	}
	for i, id := range n.IDs {
		e, err := s.entry(seal.ID(id), [24]byte(n.Digests[i]))
		if err != nil {
			return nil, 0, failure(what, err)
		}
		if !e.Gone {
			records++
		}
		b.Entries = append(b.Entries, e)
	}
	content, err = s.officer.SealBundle(b)
	return content, records, failure(what, err)
}

func (s *Store) entry(id seal.ID, digest [24]byte) (seal.BundleEntry, error) {
	gone := seal.BundleEntry{ID: id, Gone: true}
	var n int64
	if err := s.db.QueryRow("SELECT n FROM record WHERE id = ?", id[:]).Scan(&n); err != nil {
		return gone, nil // erased since; a disk that fails shows at the next row
	}
	_, parts, err := s.recordParts(n)
	if errors.Is(err, ErrDamaged) || err == nil && seal.PartsDigest(parts) != digest {
		return gone, nil
	}
	return seal.BundleEntry{ID: id, Parts: parts}, err
}

// headsBetween gives the heads of the log after since and before head, with which the agency sees that the log goes
// through what it knew. The first bundle has none.
func (s *Store) headsBetween(since, head seal.Head) ([][32]byte, error) {
	if since.Seq == 0 || head.Seq <= since.Seq+1 {
		return nil, nil
	}
	from := max(since.Seq, head.Seq-min(head.Seq, seal.MaxHashes))
	rows, err := s.db.Query("SELECT prev FROM log WHERE seq > ? AND seq <= ? ORDER BY seq", int64(from)+1, int64(head.Seq))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][32]byte
	for rows.Next() {
		var prev []byte
		if err := rows.Scan(&prev); err != nil {
			return nil, err
		}
		if len(prev) != 32 {
			return nil, fmt.Errorf("a row of the log: %w", ErrDamaged)
		}
		out = append(out, [32]byte(prev))
	}
	return out, rows.Err()
}

// MarkSent notes that a target has a bundle, whole and durable. It says nothing about the agency.
func (s *Store) MarkSent(number uint64, target string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	const what = "note what was sent"
	if err := s.ready(); err != nil {
		return failure(what, err)
	}
	n, err := s.note(number)
	if err != nil {
		return failure(what, err)
	}
	n.Sent = slices.DeleteFunc(n.Sent, func(one Sent) bool { return one.To == target })
	n.Sent = append(n.Sent, Sent{To: target, At: s.o.Now().UTC().Truncate(time.Second)})
	put, err := s.putNote(number, n)
	if err == nil {
		err = s.commit(change{apply: put})
	}
	return failure(what, err)
}

// Address is what a laptop and its agency have to agree on to find each other's files.
type Address struct {
	Agency   [32]byte // the root
	Device   string
	Keyset   uint32 // version of the last keyset that need not be fetched
	Receipts uint64 // number of the last receipt that was taken
}

// Address gives where this laptop sends to. ErrNotAgency: it works alone.
func (s *Store) Address() (Address, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.enrolled() {
		return Address{}, ErrNotAgency
	}
	t, err := s.transferState()
	a := Address{Agency: s.officer.State.Root, Device: s.officer.Device.String(), Keyset: s.officer.State.KeysetFloor, Receipts: t.Receipts}
	if s.keyset == nil { // it was lost, and the same one may come again
		a.Keyset--
	}
	return a, failure("look at the outbox", err)
}

// Progress says how far a record has come.
type Progress string

// The steps of a record that is sealed to the agency.
const (
	StillHere   Progress = "here"
	SetAside    Progress = "aside"    // cannot be sent; Reason says why
	WasSent     Progress = "sent"     // a target has it
	HasArrived  Progress = "received" // the agency's receipt says that it has it
	WasReceived Progress = "opened"   // the agency's receipt says that it opened it
)

// Transfer is one record on its way to the agency.
type Transfer struct {
	ID      string   `json:"id"`
	State   Progress `json:"state"`
	Reason  string   `json:"reason,omitempty"`
	Seq     uint64   `json:"sequence,omitempty"`
	Sent    []Sent   `json:"sent,omitempty"`
	Removed bool     `json:"removed,omitempty"` // it is not on this laptop any more
}

// Transfers is how far everything has come.
type Transfers struct {
	Records  []Transfer  `json:"records"`
	Receipts uint64      `json:"receipts"`
	PutBack  bool        `json:"put_back"` // the agency knows a later state of this store: it was put back to an older copy
	Missing  [][2]uint64 `json:"missing,omitempty"`
}

// Transfers lists the records of all officers that are sealed to the agency, the oldest first. It says nothing about
// what is in them.
func (s *Store) Transfers() (Transfers, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return Transfers{}, failure("look at the outbox", err)
	}
	t, err := s.transfers()
	return t, failure("look at the outbox", err)
}

func (s *Store) transfers() (Transfers, error) {
	state, err := s.transferState()
	t := Transfers{Records: []Transfer{}, Receipts: state.Receipts, PutBack: state.PutBack, Missing: state.Missing}
	if err != nil {
		return t, err
	}
	notes, _, err := s.notes() // what cannot be read, Verify names and the next Plan mends
	if err != nil {
		return t, err
	}
	for _, number := range slices.Sorted(maps.Keys(notes)) {
		n := notes[number]
		for i, id := range n.IDs {
			one := Transfer{ID: hex.EncodeToString(id), State: StillHere, Seq: n.First + uint64(i), Sent: n.Sent, Removed: !s.hasRecord(seal.ID(id))}
			switch {
			case seal.Received(n.States[i]) == seal.Opened:
				one.State = WasReceived
			case seal.Received(n.States[i]) == seal.Arrived:
				one.State = HasArrived
			case len(n.Sent) > 0:
				one.State = WasSent
			}
			if one.State == StillHere && one.Removed {
				continue // erased before it left
			}
			t.Records = append(t.Records, one)
		}
	}
	waiting, err := s.unplanned()
	for _, r := range waiting {
		one := Transfer{ID: r.id.String(), State: StillHere}
		if why, bad := state.Aside[one.ID]; bad {
			one.State, one.Reason = SetAside, why
		}
		t.Records = append(t.Records, one)
	}
	return t, err
}
