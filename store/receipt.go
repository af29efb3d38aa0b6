package store

import (
	"bytes"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tipscreen/store/seal"
)

// Errors about receipts.
var (
	// ErrReceipt means that a receipt is not signed by the agency, or is for another laptop, or out of order.
	ErrReceipt = errors.New("the receipt is not valid here")
)

// ReceiptReport says what a receipt changed.
type ReceiptReport struct {
	Arrived int         `json:"received"` // records of which the agency says for the first time that it has them
	Opened  int         `json:"opened"`   // …that it opened them: from now on the retention may remove them
	Unknown int         `json:"unknown"`  // it names records that this store does not have, or has otherwise
	Missing [][2]uint64 `json:"missing,omitempty"`
	// PutBack: the agency knows a log of this laptop that goes on after, or beside, the one here. Somebody put the store
	// back to an older copy.
	PutBack bool `json:"put_back"`
}

// TakeReceipt checks that a receipt is signed by the agency and is the next one for this laptop, and notes what it says.
// It is the only way in which a record comes to be removable: see [Store.Retain].
func (s *Store) TakeReceipt(signed []byte) (ReceiptReport, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const what = "take the receipt"
	if err := s.ready(); err != nil {
		return ReceiptReport{}, failure(what, err)
	}
	if s.keyset == nil {
		return ReceiptReport{}, fmt.Errorf("%s: %w", what, ErrNoKeyset)
	}
	state, err := s.transferState()
	if err != nil {
		return ReceiptReport{}, failure(what, err)
	}
	r, err := seal.ParseReceipt(signed, s.keyset)
	own := s.officer.DeviceSigner().Public().(ed25519.PublicKey)
	switch {
	case errors.Is(err, seal.ErrVersion):
		return ReceiptReport{}, fmt.Errorf("%s: %w", what, err)
	case err != nil, r.Device != s.officer.Device, !own.Equal(r.Key), r.Number != state.Receipts+1:
		return ReceiptReport{}, fmt.Errorf("%s: %w", what, ErrReceipt)
	}
	report, err := s.takeReceipt(r, state)
	return report, failure(what, err)
}

func (s *Store) takeReceipt(r *seal.Receipt, state transferState) (ReceiptReport, error) {
	report := ReceiptReport{Missing: r.Missing, PutBack: r.Head.Seq > 0 && !s.hasEntry(r.Head)}
	t := taking{s: s, notes: map[uint64]*bundleNote{}, report: &report}
	if err := t.entries(r); err != nil {
		return report, err
	}
	state.Receipts, state.Missing, state.PutBack = r.Number, r.Missing, state.PutBack || report.PutBack
	put, err := s.putJSON(transferRow, transferBucket, state)
	if err != nil {
		return report, err
	}
	puts := []func(*sql.Tx) error{put}
	for number, n := range t.notes {
		put, err := s.putNote(number, *n)
		if err != nil {
			return report, err
		}
		puts = append(puts, put)
	}
	c := tell(seal.Entry{Kind: seal.ReceiptTaken, Number: r.Number})
	c.apply = func(tx *sql.Tx) error {
		for _, put := range puts {
			if err := put(tx); err != nil {
				return err
			}
		}
		return markDeparted(tx, t.opened, Receipted)
	}
	return report, s.commit(c)
}

// taking is one receipt being taken.
type taking struct {
	s      *Store
	first  []uint64               // first sequence number of each bundle, in order
	number []uint64               // and its number
	notes  map[uint64]*bundleNote // those that change
	loaded map[uint64]*bundleNote // those that were looked at
	opened []seal.ID
	report *ReceiptReport
}

func (t *taking) entries(r *seal.Receipt) error {
	notes, _, err := t.s.notes()
	if err != nil {
		return err
	}
	t.loaded = map[uint64]*bundleNote{}
	for _, number := range slices.Sorted(maps.Keys(notes)) {
		n := notes[number]
		t.loaded[number] = &n
		t.first, t.number = append(t.first, n.First), append(t.number, number)
	}
	for _, e := range r.Entries {
		if err := t.entry(e); err != nil {
			return err
		}
	}
	t.resend(r.Missing)
	return nil
}

// entry takes what the receipt says about one record, if it is the record that was sent, part for part.
func (t *taking) entry(e seal.ReceiptEntry) error {
	number, i, found := t.find(e.Seq)
	if !found || !bytes.Equal(t.loaded[number].IDs[i], e.ID[:]) || !bytes.Equal(t.loaded[number].Digests[i], e.Digest[:]) {
		t.report.Unknown++
		return nil
	}
	n := t.loaded[number]
	if n.States[i] >= byte(e.State) {
		return nil
	}
	if e.State == seal.Opened {
		if same, err := t.s.isStill(e.ID, e.Digest); err != nil {
			return err
		} else if !same { // what is here is not what the agency has; it stays
			t.report.Unknown++
			return nil
		}
		t.opened = append(t.opened, e.ID)
		t.report.Opened++
	} else {
		t.report.Arrived++
	}
	n.States[i] = byte(e.State)
	t.notes[number] = n
	return nil
}

// isStill tells whether the parts that are here are those of a digest. A record that was erased here is no difference.
func (s *Store) isStill(id seal.ID, digest [24]byte) (bool, error) {
	e, err := s.entry(id, digest)
	return err == nil && (!e.Gone || !s.hasRecord(id)), err
}

// find gives the bundle of a sequence number, and the place in it.
func (t *taking) find(seq uint64) (number uint64, i int, found bool) {
	for at := len(t.first) - 1; at >= 0; at-- {
		if t.first[at] <= seq {
			i := seq - t.first[at]
			return t.number[at], int(i), i < uint64(len(t.loaded[t.number[at]].IDs))
		}
	}
	return 0, 0, false
}

// resend makes bundles with records that the agency lacks count as not sent.
func (t *taking) resend(missing [][2]uint64) {
	for number, n := range t.loaded {
		for _, gap := range missing {
			last := n.First + uint64(len(n.IDs)) - 1
			if len(n.Sent) > 0 && gap[0] <= last && gap[1] >= n.First {
				n.Sent = nil
				t.notes[number] = n
			}
		}
	}
}
