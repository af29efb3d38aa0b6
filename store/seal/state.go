package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// State is what database and witness must agree on after each transaction (§8).
type State struct {
	Counter uint64
	Log     Head
	Drafts  [32]byte // DraftsDigest of the open drafts
	Records uint64
}

const (
	stateFields = 8 + 8 + 32 + 32 + 8
	statePlain  = 128
	recentMax   = 64
	recentSize  = 24
	witnessHead = stateFields + 1 + 3 + 16 + 8 + recentMax*recentSize
)

func (s State) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, s.Counter)
	b = binary.BigEndian.AppendUint64(b, s.Log.Seq)
	b = append(b, s.Log.Hash[:]...)
	b = append(b, s.Drafts[:]...)
	return binary.BigEndian.AppendUint64(b, s.Records)
}

func readState(b []byte) State {
	return State{
		Counter: binary.BigEndian.Uint64(b),
		Log:     Head{Seq: binary.BigEndian.Uint64(b[8:]), Hash: [32]byte(b[16:48])},
		Drafts:  [32]byte(b[48:80]),
		Records: binary.BigEndian.Uint64(b[80:]),
	}
}

// Seal gives the bytes for the database.
func (s State) Seal(rand io.Reader, dk Key, device ID) ([]byte, error) {
	p := make([]byte, 0, statePlain)
	return box(rand, dk, s.append(p)[:statePlain], "state", device[:])
}

// OpenState opens what State.Seal made.
func OpenState(dk Key, device ID, sealed []byte) (State, error) {
	p, err := unbox(dk, sealed, "state", device[:])
	if err != nil {
		return State{}, err
	}
	if len(p) != statePlain || !allZero(p[stateFields:]) {
		return State{}, ErrDamaged
	}
	return readState(p), nil
}

// DraftMark is what the digest keeps of one open draft.
type DraftMark struct {
	ID       ID
	Revision uint64
	Sum      [32]byte // SHA-256 of the sealed body
}

// MarkDraft makes the mark of a sealed draft.
func MarkDraft(id ID, revision uint64, sealed []byte) DraftMark {
	return DraftMark{ID: id, Revision: revision, Sum: sha256.Sum256(sealed)}
}

// DraftsDigest condenses the open drafts, in any order.
func DraftsDigest(drafts []DraftMark) [32]byte {
	drafts = slices.Clone(drafts)
	slices.SortFunc(drafts, func(a, b DraftMark) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	b := make([]byte, 0, len(drafts)*56)
	for _, d := range drafts {
		b = append(b, d.ID[:]...)
		b = binary.BigEndian.AppendUint64(b, d.Revision)
		b = append(b, d.Sum[:]...)
	}
	return hash("drafts", b)
}

// Op says what a transaction did to a record.
type Op byte

// The operations of §8.
const (
	OpOther Op = iota
	OpSave
	OpFinish
	OpErase
)

// Recent is one of the last operations, kept so that a loss can be named.
type Recent struct {
	ID       ID
	Revision uint64
	Op       Op
}

// Witness is one cell of witness.bin: what a transaction is about to do, written before it commits.
type Witness struct {
	State
	Recent // of this transaction
	Others []Recent
	Log    [][]byte // sealed entries that this transaction adds
	Body   []byte   // sealed draft, for OpSave
}

// Seal gives a cell with its length in front.
func (w Witness) Seal(rand io.Reader, dk Key, device ID) ([]byte, error) {
	p := make([]byte, 0, witnessHead+8+len(w.Log)*EntrySize+len(w.Body))
	p = w.State.append(p)
	p = append(p, byte(w.Op), 0, 0, 0)
	p = append(p, w.ID[:]...)
	p = binary.BigEndian.AppendUint64(p, w.Revision)
	for i := range recentMax {
		var r Recent
		if i < len(w.Others) {
			r = w.Others[i]
		}
		p = append(p, r.ID[:]...)
		p = binary.BigEndian.AppendUint64(p, r.Revision<<8|uint64(r.Op))
	}
	p = appendLP(p, bytes.Join(w.Log, nil))
	p = appendLP(p, w.Body)
	sealed, err := box(rand, dk, p, "witness", device[:])
	if err != nil {
		return nil, err
	}
	return appendLP(nil, sealed), nil
}

// OpenWitness reads a cell; bytes after its end are left over from longer ones.
func OpenWitness(dk Key, device ID, cell []byte) (Witness, error) {
	var w Witness
	sealed, _, ok := cutLP(cell)
	if !ok {
		return w, ErrCannotOpen
	}
	p, err := unbox(dk, sealed, "witness", device[:])
	if err != nil {
		return w, err
	}
	if len(p) < witnessHead {
		return w, ErrDamaged
	}
	w.State = readState(p)
	at := stateFields
	w.Recent = Recent{Op: Op(p[at]), ID: ID(p[at+4 : at+20]), Revision: binary.BigEndian.Uint64(p[at+20:])}
	for at += 28; at < witnessHead; at += recentSize {
		n := binary.BigEndian.Uint64(p[at+16:])
		r := Recent{ID: ID(p[at : at+16]), Revision: n >> 8, Op: Op(n)}
		if !r.ID.IsZero() {
			w.Others = append(w.Others, r)
		}
	}
	entries, rest, ok := cutLP(p[witnessHead:])
	if !ok || len(entries)%EntrySize != 0 {
		return w, fmt.Errorf("witness: %w", ErrDamaged)
	}
	w.Log = slices.Collect(slices.Chunk(entries, EntrySize))
	if w.Body, rest, ok = cutLP(rest); !ok || len(rest) != 0 {
		return w, fmt.Errorf("witness: %w", ErrDamaged)
	}
	return w, nil
}

// cutLP splits one length-prefixed field off b.
func cutLP(b []byte) (field, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := int64(binary.BigEndian.Uint32(b))
	if n > int64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}

// Touch puts r in front of the recent operations, and forgets the oldest beyond what a cell holds.
func Touch(recent []Recent, r Recent) []Recent {
	if r.ID.IsZero() {
		return recent
	}
	out := append(make([]Recent, 0, recentMax), r)
	for _, o := range recent {
		if o.ID != r.ID && len(out) < recentMax {
			out = append(out, o)
		}
	}
	return out
}
