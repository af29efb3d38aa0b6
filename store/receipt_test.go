package store

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"
	"tipscreen/store/seal"
)

// TestReceiptsAreChecked: only the agency's own, for this laptop, in order, about what was sent part for part.
func TestReceiptsAreChecked(t *testing.T) {
	t.Parallel()
	o, h, clock := enrolled(t, false)
	s := reopen(t, o)
	id := agencyRecord(t, s)
	plan(t, s, 1)
	other, foreign := newHQ(t, false), reopen(t, func() Options { o, _ := create(t); return o }())
	if err := foreign.Enrol(other.sign(t, 1)); err != nil {
		t.Fatal(err)
	}
	good := h.receipt(t, s, seal.Opened, nil)
	hurt := bytes.Clone(good)
	hurt[60] ^= 1
	for name, signed := range map[string][]byte{
		"nothing": nil, "cut": good[:len(good)-1], "longer": append(bytes.Clone(good), 0), "changed": hurt,
		"another signer":  other.receipt(t, s, seal.Opened, nil),
		"another laptop":  h.receipt(t, s, seal.Opened, func(r *seal.Receipt) { r.Device[0] ^= 1 }),
		"another key":     h.receipt(t, s, seal.Opened, func(r *seal.Receipt) { r.Key = bytes.Repeat([]byte{7}, 32) }),
		"another agency":  h.receipt(t, s, seal.Opened, func(r *seal.Receipt) { r.Root[0] ^= 1 }),
		"one left out":    h.receipt(t, s, seal.Opened, func(r *seal.Receipt) { r.Number++ }),
		"an unknown word": h.receipt(t, s, seal.Received(3), nil),
	} {
		if _, err := s.TakeReceipt(signed); !errors.Is(err, ErrReceipt) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*seal.Receipt){
		"another digest": func(r *seal.Receipt) { r.Entries[0].Digest[0] ^= 1 },
		"another id":     func(r *seal.Receipt) { r.Entries[0].ID[0] ^= 1 },
		"another number": func(r *seal.Receipt) { r.Entries[0].Seq = 1 << 40 },
	} {
		if r, err := s.TakeReceipt(h.receipt(t, s, seal.Opened, change)); err != nil || r.Unknown != 1 || r.Opened != 0 {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
	*clock = clock.Add(40 * 24 * time.Hour)
	if r, err := s.Retain(false); err != nil || len(r.Removed) != 0 || r.Waiting != 1 {
		t.Errorf("removed without a receipt: %+v %v", r, err)
	}
	if r, err := s.TakeReceipt(h.receipt(t, s, seal.Arrived, nil)); err != nil || r.Arrived != 1 {
		t.Errorf("%+v %v", r, err)
	}
	if r, err := s.Retain(false); err != nil || len(r.Removed) != 0 {
		t.Errorf("removed before the agency opened it: %+v %v", r, err)
	}
	opened := h.receipt(t, s, seal.Opened, nil)
	if r, err := s.TakeReceipt(opened); err != nil || r.Opened != 1 {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := s.TakeReceipt(opened); !errors.Is(err, ErrReceipt) {
		t.Errorf("twice: %v", err)
	}
	if r, err := s.Retain(false); err != nil || !slices.Equal(r.Removed, []string{id}) {
		t.Errorf("%+v %v", r, err)
	}
	if got := states(t, s); got != "opened" {
		t.Error(got)
	}
	sound(t, s)
}

// TestChangedAfterSending: what the agency opened is not what is here now, so it is not removed.
func TestChangedAfterSending(t *testing.T) {
	t.Parallel()
	o, h, clock := enrolled(t, false)
	s := reopen(t, o)
	agencyRecord(t, s)
	plan(t, s, 1)
	signed := h.receipt(t, s, seal.Opened, nil)
	closeStore(t, s)
	withSQL(t, o, "UPDATE part SET body = zeroblob(6000) WHERE kind = 17")
	s = reopen(t, o)
	*clock = clock.Add(40 * 24 * time.Hour)
	if r, err := s.TakeReceipt(signed); err != nil || r.Unknown != 1 || r.Opened != 0 {
		t.Errorf("%+v %v", r, err)
	}
	if r, err := s.Retain(false); err != nil || len(r.Removed) != 0 {
		t.Errorf("%+v %v", r, err)
	}
}

// TestPutBackShows: a store that was put back to an older copy learns from a receipt that the agency knows more.
func TestPutBackShows(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, false)
	s := reopen(t, o)
	agencyRecord(t, s)
	closeStore(t, s)
	old := image(t, o)
	s = reopen(t, o)
	agencyRecord(t, s)
	plan(t, s, 2)
	signed := h.receipt(t, s, seal.Arrived, func(r *seal.Receipt) { r.Missing = [][2]uint64{{7, 9}} })
	if r, err := s.TakeReceipt(signed); err != nil || r.PutBack {
		t.Errorf("%+v %v", r, err)
	}
	closeStore(t, s)
	s = reopen(t, old)
	agencyRecord(t, s)
	plan(t, s, 2)
	if r, err := s.TakeReceipt(signed); err != nil || !r.PutBack || r.Unknown != 1 || r.Arrived != 1 {
		t.Errorf("%+v %v", r, err)
	}
	if all, err := s.Transfers(); err != nil || !all.PutBack || len(all.Missing) != 1 {
		t.Errorf("%+v %v", all, err)
	}
}

// TestMissingIsSentAgain: what the agency lacks counts as not sent.
func TestMissingIsSentAgain(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, false)
	s := reopen(t, o)
	agencyRecord(t, s)
	plan(t, s, 1)
	agencyRecord(t, s)
	plan(t, s, 1)
	if err := errors.Join(s.MarkSent(1, "a"), s.MarkSent(2, "a"), s.MarkSent(2, "b")); err != nil {
		t.Fatal(err)
	}
	second, _ := s.note(2)
	if _, err := s.TakeReceipt(h.receipt(t, s, seal.Arrived, func(r *seal.Receipt) { r.Missing = [][2]uint64{{1, 1}} }, seal.ID(second.IDs[0]).String())); err != nil {
		t.Fatal(err)
	}
	if unsent, err := s.Unsent("a"); err != nil || !slices.Equal(unsent, []uint64{1}) {
		t.Error(unsent, err)
	}
}
