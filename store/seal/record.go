package seal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Sizes in a record key file (§6).
const (
	recordMagic   = "TSCRREC1"
	identityAt    = 8 + 32 + overhead
	identityPlain = 272
	recordSumAt   = identityAt + identityPlain + overhead

	draftBucket = 8192
	stubPlain   = 516
)

// RecordFileSize is the size of every record key file.
const RecordFileSize = recordSumAt + sha256.Size

// Limits of what a caller may hand over.
const (
	MaxDraft = 4 << 20
	MaxStub  = 512
)

// Record is the open key file of one record: whoever has it can read the record.
type Record struct {
	ID       ID
	device   ID
	rk       Key
	identity string // an age identity of this record alone
}

// NewRecord draws the id, key and identity of a new record.
func NewRecord(rand io.Reader, device ID) (*Record, error) {
	id, err := NewID(rand)
	if err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	r := &Record{ID: id, device: device}
	if err := r.Rekey(rand); err != nil {
		return nil, err
	}
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return nil, fmt.Errorf("record identity: %w", err)
	}
	r.identity = i.String()
	return r, nil
}

// Rekey draws a new record key. Once the new file is durable, drafts sealed before cannot be opened any more.
func (r *Record) Rekey(rand io.Reader) error {
	k, err := NewKey(rand)
	if err != nil {
		return fmt.Errorf("random bytes: %w", err)
	}
	r.rk = k
	return nil
}

// Device is the laptop on which the record was begun.
func (r *Record) Device() ID { return r.device }

// Wipe clears the keys, as well as Go allows.
func (r *Record) Wipe() { r.rk, r.identity = Key{}, "" }

// File gives the bytes of the key file.
func (r *Record) File(rand io.Reader, omk Key) ([]byte, error) {
	key, err := box(rand, omk, r.rk[:], "record key", r.device[:], r.ID[:])
	if err != nil {
		return nil, err
	}
	plain := pad([]byte(r.identity), identityPlain)
	defer clear(plain)
	if len(plain) != identityPlain {
		return nil, fmt.Errorf("record identity: %w", ErrTooLarge)
	}
	identity, err := box(rand, r.rk, plain, "record identity", r.device[:], r.ID[:])
	if err != nil {
		return nil, err
	}
	out := append([]byte(recordMagic), key...)
	out = append(out, identity...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...), nil
}

// OpenRecord reads a key file. ErrDamaged: the bytes were changed. ErrCannotOpen: it belongs to another officer.
func OpenRecord(b []byte, omk Key, device, id ID) (*Record, error) {
	if len(b) != RecordFileSize {
		return nil, ErrDamaged
	}
	sum := sha256.Sum256(b[:recordSumAt])
	if !bytes.Equal(sum[:], b[recordSumAt:]) {
		return nil, ErrDamaged
	}
	if err := checkMagic(b, recordMagic); err != nil {
		return nil, err
	}
	key, err := unbox(omk, b[8:identityAt], "record key", device[:], id[:])
	if err != nil {
		return nil, err
	}
	defer clear(key)
	if len(key) != 32 {
		return nil, ErrDamaged
	}
	r := &Record{ID: id, device: device, rk: Key(key)}
	plain, err := unbox(r.rk, b[identityAt:recordSumAt], "record identity", device[:], id[:])
	if err != nil {
		return nil, ErrDamaged
	}
	identity, err := unpad(plain)
	if err != nil {
		return nil, err
	}
	r.identity = string(identity)
	clear(plain)
	return r, nil
}

// SealDraft seals a snapshot under the record key (§7).
func (r *Record) SealDraft(rand io.Reader, revision uint64, snapshot []byte) ([]byte, error) {
	if len(snapshot) > MaxDraft {
		return nil, fmt.Errorf("draft: %w", ErrTooLarge)
	}
	plain := pad(snapshot, draftBucket)
	defer clear(plain)
	return box(rand, r.rk, plain, "draft", r.device[:], r.ID[:], u64(revision))
}

// OpenDraft opens what SealDraft made for the same record and revision.
func (r *Record) OpenDraft(revision uint64, sealed []byte) ([]byte, error) {
	plain, err := unbox(r.rk, sealed, "draft", r.device[:], r.ID[:], u64(revision))
	if err != nil {
		return nil, err
	}
	return unpad(plain)
}

func (r *Record) ageIdentity() (*age.HybridIdentity, error) {
	i, err := age.ParseHybridIdentity(r.identity)
	if err != nil {
		return nil, errors.New("record identity: cannot be read") // age's own error may quote the key
	}
	return i, nil
}

// SealStub seals what the list of records shows (§9).
func SealStub(rand io.Reader, omk Key, device, id ID, stub []byte) ([]byte, error) {
	if len(stub) > MaxStub {
		return nil, fmt.Errorf("stub: %w", ErrTooLarge)
	}
	return box(rand, omk, pad(stub, stubPlain), "stub", device[:], id[:])
}

// OpenStub opens what SealStub made. ErrCannotOpen: it is another officer's.
func OpenStub(omk Key, device, id ID, sealed []byte) ([]byte, error) {
	plain, err := unbox(omk, sealed, "stub", device[:], id[:])
	if err != nil {
		return nil, err
	}
	return unpad(plain)
}
