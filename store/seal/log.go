package seal

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"
)

// Kind says what an entry of the log is about (§10). Entries never say what was answered.
type Kind byte

// The kinds of version 1.
const (
	Created Kind = iota + 1
	Begun
	Finished
	Discarded
	Read
	Erased
	PassphraseChanged
	RecoveryUsed
	DamageFound
	RestoredDraft
	CodeReplaced
	OfficerAdded
	OfficerRemoved
	Enrolled
	KeysetReplaced
	KeyShredded
	DayClosed
	Addendum
	Withdrawn
	Retention
	ClockJump
	ClockConfirmed
	FileWritten
	HandedOver
	BundleMade
	ReceiptTaken
)

// String gives a word for scripts; the words for people are elsewhere.
func (k Kind) String() string {
	names := []string{"", "created", "begun", "finished", "discarded", "read", "erased", "passphrase_changed",
		"recovery_used", "damage_found", "restored", "code_replaced",
		"officer_added", "officer_removed", "enrolled", "keyset_replaced", "key_shredded", "day_closed", "addendum",
		"withdrawn", "retention", "clock_jump", "clock_confirmed", "file_written", "handed_over", "bundle_made", "receipt_taken"}
	if k == 0 || int(k) >= len(names) {
		return fmt.Sprintf("kind_%d", byte(k))
	}
	return names[k]
}

// EntrySize is the size of every sealed entry.
const EntrySize = entryPlain + overhead

const entryPlain = 64

// Entry is one thing that was done.
type Entry struct {
	Seq    uint64
	Kind   Kind
	Time   time.Time // by the laptop's clock, in seconds
	Record ID        // zeros if it is about no record
	Number uint64
	Digest [24]byte // of the sealed parts, when a record is finished; zeros: none
}

// Head is the end of the chain. A head that left the laptop proves that everything before it is unchanged.
type Head struct {
	Seq  uint64
	Hash [32]byte
}

// Append seals e as the entry after h, and gives the new head.
func (h Head) Append(rand io.Reader, key Key, device ID, e Entry) ([]byte, Head, error) {
	p := make([]byte, entryPlain)
	p[0], p[1] = 1, byte(e.Kind)
	binary.BigEndian.PutUint64(p[8:], uint64(e.Time.Unix()))
	copy(p[16:], e.Record[:])
	binary.BigEndian.PutUint64(p[32:], e.Number)
	copy(p[40:], e.Digest[:])
	seq := h.Seq + 1
	sealed, err := box(rand, key, p, "log entry", device[:], u64(seq), h.Hash[:])
	if err != nil {
		return nil, h, err
	}
	return sealed, h.Next(sealed), nil
}

// Next gives the head after a sealed entry. It needs no key.
func (h Head) Next(sealed []byte) Head {
	seq := h.Seq + 1
	return Head{Seq: seq, Hash: hash("log hash", u64(seq), h.Hash[:], sealed)}
}

// Open reads the entry after h.
func (h Head) Open(key Key, device ID, sealed []byte) (Entry, error) {
	seq := h.Seq + 1
	p, err := unbox(key, sealed, "log entry", device[:], u64(seq), h.Hash[:])
	if err != nil {
		return Entry{}, err
	}
	if len(p) != entryPlain {
		return Entry{}, ErrDamaged
	}
	if p[0] != 1 {
		return Entry{}, ErrVersion
	}
	return Entry{
		Seq:    seq,
		Kind:   Kind(p[1]),
		Time:   time.Unix(int64(binary.BigEndian.Uint64(p[8:])), 0).UTC(),
		Record: ID(p[16:32]),
		Number: binary.BigEndian.Uint64(p[32:]),
		Digest: [24]byte(p[40:]),
	}, nil
}

// SignedHead is what leaves the laptop: in bundles, on receipts and on every printed sheet.
type SignedHead struct {
	Device    ID
	Head      Head
	Signature []byte
}

// SignHead signs a head for the device.
func (o *Officer) SignHead(h Head) SignedHead {
	return SignedHead{Device: o.Device, Head: h, Signature: ed25519.Sign(o.DeviceSigner(), headBytes(o.Device, h))}
}

// Verify checks a head against the public key of the device.
func (s SignedHead) Verify(device ed25519.PublicKey) bool {
	return len(device) == ed25519.PublicKeySize && ed25519.Verify(device, headBytes(s.Device, s.Head), s.Signature)
}

func headBytes(device ID, h Head) []byte { return lp("log head", device[:], u64(h.Seq), h.Hash[:]) }

// ShortHead is a head for a paper register: five groups of four characters (§10).
func ShortHead(device ID, h Head) string {
	sum := hash("short head", device[:], u64(h.Seq), h.Hash[:])
	var out strings.Builder
	for i := range 20 {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(codeAlphabet[fiveBits(sum[:], i*5)])
	}
	return out.String()
}

// SameShortHead compares a short head as people type it with one that was made.
func SameShortHead(typed, made string) bool {
	plain := func(s string) string {
		return strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(s))
	}
	return plain(typed) == plain(made)
}
