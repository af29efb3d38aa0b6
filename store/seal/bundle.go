package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"filippo.io/age"
)

// Limits of a bundle (§17).
const (
	bundleMagic = "TSCRBDL1"
	// BundleRecords is how many records a bundle has at most.
	BundleRecords = 256
	// MaxBundle is the largest bundle that is read.
	MaxBundle = 64 << 20
	// MaxHashes is how many heads of the log a bundle has at most.
	MaxHashes  = 1 << 18
	maxSigners = 64
	entryBytes = 16 + 1 + 4*(4+32)
)

// ErrSignature means that something that should be signed is not, or not by whom it says.
var ErrSignature = errors.New("the signature does not hold")

// Bundle is what a laptop hands over at once: a header that the device signs, and the sealed parts of some records.
type Bundle struct {
	Root    [32]byte // of the agency that it is for
	Device  ID
	Key     ed25519.PublicKey // the device's
	Number  uint64            // 1, 2, …
	Keyset  uint32            // the version in use
	Made    time.Time         // by the laptop's clock, in seconds
	Offset  time.Duration     // what a server's clock was ahead of the laptop's, if that is known; in seconds
	Since   Head              // the head of the log in the bundle before; zero in the first
	Hashes  [][32]byte        // the heads of the log between Since and Head
	Head    Head
	Signers []ed25519.PublicKey // officers for whom the device vouches
	First   uint64              // sequence number of the first entry
	Entries []BundleEntry

	// Signed is the header with its signature, as it came.
	Signed []byte
}

// BundleEntry is one record in a bundle. Its sequence number is First plus its place.
type BundleEntry struct {
	ID ID
	// Gone: the record was erased, withdrawn or found damaged before this copy of the bundle was made; there are no parts.
	Gone  bool
	Parts [][]byte
	sums  [4][32]byte
	sizes [4]uint32
}

// Digest is the digest of the sealed parts, as it stands in the laptop's log; zeros if they are gone.
func (e BundleEntry) Digest() (d [24]byte) {
	if e.Gone {
		return d
	}
	fields := make([][]byte, len(e.sums))
	for i := range e.sums {
		fields[i] = e.sums[i][:]
	}
	sum := hash("parts", fields...)
	copy(d[:], sum[:])
	return d
}

// BundleName is the name under which a bundle travels: it says what is in it.
func BundleName(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]) + bundleSuffix
}

const bundleSuffix = ".tsb"

// IsBundleName tells whether a file can be a bundle.
func IsBundleName(name string) bool {
	plain, ok := strings.CutSuffix(name, bundleSuffix)
	b, err := hex.DecodeString(plain)
	return ok && err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == plain
}

// SealBundle signs a bundle for the device of this officer. It lets go of the parts: they are in the result.
func (o *Officer) SealBundle(b *Bundle) ([]byte, error) {
	signer := o.DeviceSigner()
	b.Device, b.Key = o.Device, signer.Public().(ed25519.PublicKey)
	if len(b.Entries) > BundleRecords || len(b.Hashes) > MaxHashes || len(b.Signers) > maxSigners {
		return nil, fmt.Errorf("bundle: %w", ErrTooLarge)
	}
	size := 0
	for i := range b.Entries {
		e := &b.Entries[i]
		if e.Gone {
			continue
		}
		if len(e.Parts) != 4 {
			return nil, fmt.Errorf("bundle: %w", ErrDamaged)
		}
		for n, p := range e.Parts {
			e.sums[n], e.sizes[n] = sha256.Sum256(p), uint32(len(p))
			size += len(p)
		}
	}
	header := b.header()
	if size += len(header) + 8 + 4 + ed25519.SignatureSize; size > MaxBundle {
		return nil, fmt.Errorf("bundle: %w", ErrTooLarge)
	}
	out := make([]byte, 0, size)
	out = appendLP(append(out, bundleMagic...), header)
	out = append(out, ed25519.Sign(signer, lp("bundle", header))...)
	b.Signed = bytes.Clone(out)
	for i := range b.Entries {
		for _, p := range b.Entries[i].Parts {
			out = append(out, p...)
		}
		b.Entries[i].Parts = nil
	}
	return out, nil
}

func (b *Bundle) header() []byte {
	h := append([]byte(nil), b.Root[:]...)
	h = append(h, b.Device[:]...)
	h = append(h, b.Key...)
	h = binary.BigEndian.AppendUint64(h, b.Number)
	h = binary.BigEndian.AppendUint32(h, b.Keyset)
	h = binary.BigEndian.AppendUint64(h, uint64(b.Made.Unix()))
	h = binary.BigEndian.AppendUint64(h, uint64(int64(b.Offset/time.Second)))
	h = appendHead(h, b.Since)
	h = appendHead(h, b.Head)
	h = binary.BigEndian.AppendUint32(h, uint32(len(b.Hashes)))
	for _, one := range b.Hashes {
		h = append(h, one[:]...)
	}
	h = binary.BigEndian.AppendUint32(h, uint32(len(b.Signers)))
	for _, one := range b.Signers {
		h = append(h, one...)
	}
	h = binary.BigEndian.AppendUint64(h, b.First)
	h = binary.BigEndian.AppendUint32(h, uint32(len(b.Entries)))
	for _, e := range b.Entries {
		h = append(h, e.ID[:]...)
		if e.Gone {
			h = append(h, 0)
			h = append(h, make([]byte, entryBytes-17)...)
			continue
		}
		h = append(h, 1)
		for n := range e.sums {
			h = binary.BigEndian.AppendUint32(h, e.sizes[n])
			h = append(h, e.sums[n][:]...)
		}
	}
	return h
}

func appendHead(dst []byte, h Head) []byte {
	return append(binary.BigEndian.AppendUint64(dst, h.Seq), h.Hash[:]...)
}

// ParseBundle reads a bundle and checks everything that can be checked without a key of the agency: that the device it
// names signed it, and that the parts are those that were signed for. Whether the device is known is not checked here.
func ParseBundle(content []byte) (*Bundle, error) {
	if len(content) > MaxBundle {
		return nil, fmt.Errorf("bundle: %w", ErrTooLarge)
	}
	b, rest, err := parseSigned(content)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	w := wire{b: rest}
	for i := range b.Entries {
		e := &b.Entries[i]
		for n := 0; n < 4 && !e.Gone; n++ {
			p := w.take(int64(e.sizes[n]))
			if w.bad || sha256.Sum256(p) != e.sums[n] {
				return nil, fmt.Errorf("bundle: a part: %w", ErrDamaged)
			}
			e.Parts = append(e.Parts, p)
		}
	}
	if !w.done() {
		return nil, fmt.Errorf("bundle: %w", ErrDamaged)
	}
	return b, nil
}

// ParseBundleHeader reads what [Bundle.Signed] holds; the entries have no parts.
func ParseBundleHeader(signed []byte) (*Bundle, error) {
	b, rest, err := parseSigned(signed)
	if err == nil && len(rest) > 0 {
		err = ErrDamaged
	}
	if err != nil {
		return nil, fmt.Errorf("header of a bundle: %w", err)
	}
	return b, nil
}

func parseSigned(content []byte) (*Bundle, []byte, error) {
	if err := checkMagic(content, bundleMagic); err != nil {
		return nil, nil, err
	}
	w := wire{b: content[len(bundleMagic):]}
	header, signature := w.lp(), w.take(ed25519.SignatureSize)
	if w.bad || len(header) < 80 {
		return nil, nil, ErrDamaged
	}
	if !ed25519.Verify(header[48:80], lp("bundle", header), signature) {
		return nil, nil, ErrSignature
	}
	b, err := parseHeader(header)
	if err != nil {
		return nil, nil, err
	}
	b.Signed = bytes.Clone(content[:len(content)-len(w.b)])
	return b, w.b, nil
}

func parseHeader(header []byte) (*Bundle, error) {
	w := wire{b: header}
	b := &Bundle{Root: w.hash(), Device: w.id(), Key: bytes.Clone(w.take(32)), Number: w.u64(), Keyset: w.u32()}
	made, offset := w.u64(), int64(w.u64())
	b.Since = Head{w.u64(), w.hash()}
	b.Head = Head{w.u64(), w.hash()}
	for range w.count(32) {
		b.Hashes = append(b.Hashes, w.hash())
	}
	for range w.count(32) {
		b.Signers = append(b.Signers, bytes.Clone(w.take(32)))
	}
	b.First = w.u64()
	for range w.count(entryBytes) {
		e := BundleEntry{ID: w.id()}
		state := w.u8()
		rest := wire{b: w.take(entryBytes - 17)}
		if e.Gone = state == 0; e.Gone && !allZero(rest.b) || state > 1 {
			return nil, ErrDamaged
		}
		for n := range 4 {
			e.sizes[n], e.sums[n] = rest.u32(), rest.hash()
		}
		b.Entries = append(b.Entries, e)
	}
	if !w.done() || len(b.Entries) > BundleRecords || len(b.Hashes) > MaxHashes || len(b.Signers) > maxSigners {
		return nil, ErrDamaged
	}
	if b.Number == 0 || b.First == 0 || b.Number > maxSequence || b.First > maxSequence || b.Head.Seq > maxSequence || made > maxSequence ||
		offset > math.MaxInt32 || offset < math.MinInt32 || b.Since.Seq > b.Head.Seq {
		return nil, ErrDamaged
	}
	b.Made, b.Offset = time.Unix(int64(made), 0).UTC(), time.Duration(offset)*time.Second
	return b, nil
}

// SealPlan seals the laptop's own note about a bundle (§11).
func SealPlan(rand io.Reader, dk Key, device ID, number uint64, plain []byte) ([]byte, error) {
	return box(rand, dk, pad(plain, 1024), "bundle note", device[:], u64(number))
}

// OpenPlan opens what SealPlan made.
func OpenPlan(dk Key, device ID, number uint64, sealed []byte) ([]byte, error) {
	p, err := unbox(dk, sealed, "bundle note", device[:], u64(number))
	if err != nil {
		return nil, err
	}
	return unpad(p)
}

// Recipients tells to how many recipients a part is sealed, without opening it. An error means that it is no age file
// to hybrid recipients alone.
func Recipients(sealed []byte) (int, error) {
	h, err := age.ExtractHeader(bytes.NewReader(sealed[:min(len(sealed), 64<<10)]))
	if err != nil {
		return 0, ErrDamaged
	}
	n := 0
	for _, line := range strings.Split(string(h), "\n") {
		kind, isStanza := strings.CutPrefix(line, "-> ")
		if !isStanza {
			continue
		}
		if kind, _, _ = strings.Cut(kind, " "); kind != "mlkem768x25519" {
			return 0, fmt.Errorf("sealed to another kind of recipient: %w", ErrDamaged)
		}
		n++
	}
	return n, nil
}
