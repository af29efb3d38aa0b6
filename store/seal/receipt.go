package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// Limits of a receipt (§18).
const (
	receiptMagic = "TSCRRCP1"
	// ReceiptRecords is how many records and gaps a receipt names at most.
	ReceiptRecords = 4096
	// MaxReceipt is the largest receipt that is read.
	MaxReceipt       = 1 << 20
	receiptEntrySize = 8 + 16 + 24 + 1
)

// Received says what the agency did with a record.
type Received byte

// The steps. Only after Opened may a laptop remove a record.
const (
	Arrived Received = 1 // it is in the agency's store, as it was sealed
	Opened  Received = 2 // the agency opened it, and it is whole
)

// Receipt is what an agency tells a laptop about what it sent. Receipts of a device are numbered 1, 2, …
type Receipt struct {
	Root    [32]byte
	Device  ID
	Key     ed25519.PublicKey // the device's
	Number  uint64
	Time    time.Time // by the agency's clock
	Head    Head      // the latest head of this device's log that the agency has; zero: none
	Entries []ReceiptEntry
	Missing [][2]uint64 // sequence numbers that never came: first and last of each gap
}

// ReceiptEntry is about one record.
type ReceiptEntry struct {
	Seq    uint64
	ID     ID
	Digest [24]byte // of the sealed parts that the agency has
	State  Received
}

// Sign signs a receipt with a receipt key of the agency.
func (r *Receipt) Sign(key ed25519.PrivateKey) ([]byte, error) {
	if len(r.Entries) > ReceiptRecords || len(r.Missing) > ReceiptRecords {
		return nil, fmt.Errorf("receipt: %w", ErrTooLarge)
	}
	body := append([]byte(nil), r.Root[:]...)
	body = append(body, r.Device[:]...)
	body = append(body, r.Key...)
	body = binary.BigEndian.AppendUint64(body, r.Number)
	body = binary.BigEndian.AppendUint64(body, uint64(r.Time.Unix()))
	body = appendHead(body, r.Head)
	body = binary.BigEndian.AppendUint32(body, uint32(len(r.Entries)))
	for _, e := range r.Entries {
		body = binary.BigEndian.AppendUint64(body, e.Seq)
		body = append(body, e.ID[:]...)
		body = append(body, e.Digest[:]...)
		body = append(body, byte(e.State))
	}
	body = binary.BigEndian.AppendUint32(body, uint32(len(r.Missing)))
	for _, m := range r.Missing {
		body = append(body, u64(m[0])...)
		body = append(body, u64(m[1])...)
	}
	public := key.Public().(ed25519.PublicKey)
	out := append([]byte(receiptMagic), public...)
	out = appendLP(out, body)
	return append(out, ed25519.Sign(key, lp("receipt", public, body))...), nil
}

// ParseReceipt reads a receipt that is signed by one of the agency's receipt keys in its keyset.
func ParseReceipt(b []byte, k *Keyset) (*Receipt, error) {
	if len(b) > MaxReceipt {
		return nil, fmt.Errorf("receipt: %w", ErrTooLarge)
	}
	if err := checkMagic(b, receiptMagic); err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	w := wire{b: b[len(receiptMagic):]}
	key := w.take(ed25519.PublicKeySize)
	body, signature := w.lp(), w.take(ed25519.SignatureSize)
	if !w.done() {
		return nil, fmt.Errorf("receipt: %w", ErrDamaged)
	}
	if !slices.Contains(k.ReceiptKeys, hex.EncodeToString(key)) || !ed25519.Verify(key, lp("receipt", key, body), signature) {
		return nil, fmt.Errorf("receipt: %w", ErrSignature)
	}
	r, err := parseReceiptBody(body)
	if err == nil && r.Root != k.Root() {
		err = fmt.Errorf("another agency's: %w", ErrSignature)
	}
	if err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	return r, nil
}

func parseReceiptBody(body []byte) (*Receipt, error) {
	w := wire{b: body}
	r := &Receipt{Root: w.hash(), Device: w.id(), Key: bytes.Clone(w.take(32)), Number: w.u64()}
	at := w.u64()
	r.Head = Head{w.u64(), w.hash()}
	for range w.count(receiptEntrySize) {
		e := ReceiptEntry{Seq: w.u64(), ID: w.id()}
		copy(e.Digest[:], w.take(24))
		e.State = Received(w.u8())
		if e.State != Arrived && e.State != Opened {
			return nil, ErrDamaged
		}
		r.Entries = append(r.Entries, e)
	}
	for range w.count(16) {
		m := [2]uint64{w.u64(), w.u64()}
		if m[0] == 0 || m[0] > m[1] {
			return nil, ErrDamaged
		}
		r.Missing = append(r.Missing, m)
	}
	if !w.done() || r.Number == 0 || r.Number > maxSequence || at > maxSequence || len(r.Entries) > ReceiptRecords || len(r.Missing) > ReceiptRecords {
		return nil, ErrDamaged
	}
	r.Time = time.Unix(int64(at), 0).UTC()
	return r, nil
}
