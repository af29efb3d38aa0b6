package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"filippo.io/age"
)

// Formats of an enrolled draft (§7).
const (
	draftMagic      = "TSCRDRE1"
	custodyMagic    = "TSCRCUS1"
	custodySize     = 8 + 16 + 16 + 32 + 32 + ed25519.SignatureSize
	unfinishedMagic = "TSCRUNF1"
	heldMagic       = "TSCRHLD1"
	fileKeySize     = 16
)

// Custody seals the record key to the agency's custodian, signed by the officer: so a forgotten passphrase loses no
// interview.
func (r *Record) Custody(signer ed25519.PrivateKey, k *Keyset) ([]byte, error) {
	to, _, err := k.recipients(Recovery)
	if err != nil {
		return nil, err
	}
	p := make([]byte, 0, custodySize)
	defer func() { clear(p) }()
	p = append(p, custodyMagic...)
	p = append(p, r.device[:]...)
	p = append(p, r.ID[:]...)
	p = append(p, r.rk[:]...)
	p = append(p, signer.Public().(ed25519.PublicKey)...)
	p = append(p, ed25519.Sign(signer, lp("custody", p))...)
	sealed, fileKey, err := encrypt(p, to, nil)
	clear(fileKey)
	if err != nil {
		return nil, fmt.Errorf("custody: %w", err)
	}
	return sealed, nil
}

// OpenCustody gives the key of a record to the custodian, and the officer's key that signed.
func OpenCustody(i age.Identity, custody []byte) (*Record, ed25519.PublicKey, error) {
	p, err := decrypt(custody, i)
	if err != nil {
		return nil, nil, err
	}
	defer clear(p)
	if len(p) != custodySize {
		return nil, nil, fmt.Errorf("custody: %w", ErrDamaged)
	}
	if err := checkMagic(p, custodyMagic); err != nil {
		return nil, nil, err
	}
	at := custodySize - ed25519.SignatureSize
	officer := ed25519.PublicKey(bytes.Clone(p[72:104]))
	if !ed25519.Verify(officer, lp("custody", p[:at]), p[at:]) {
		return nil, nil, fmt.Errorf("custody: signature: %w", ErrDamaged)
	}
	return &Record{ID: ID(p[24:40]), device: ID(p[8:24]), rk: Key(p[40:72])}, officer, nil
}

// AgencyDraft is what an enrolled draft holds.
type AgencyDraft struct {
	Custody    []byte // sealed to the custodian
	Allegation []byte // sealed to the oversight, or a dummy that looks the same
	Snapshot   []byte
}

// SealAgencyDraft seals an enrolled draft.
func (r *Record) SealAgencyDraft(rand io.Reader, revision uint64, d AgencyDraft) ([]byte, error) {
	if len(d.Snapshot) > MaxDraft {
		return nil, fmt.Errorf("draft: %w", ErrTooLarge)
	}
	inner := appendLP(appendLP(nil, d.Allegation), d.Snapshot)
	defer clear(inner)
	plain := pad(inner, draftBucket)
	defer clear(plain)
	sum := sha256.Sum256(d.Custody)
	sealed, err := box(rand, r.rk, plain, "draft enrolled", r.device[:], r.ID[:], u64(revision), sum[:])
	if err != nil {
		return nil, err
	}
	return append(appendLP([]byte(draftMagic), d.Custody), sealed...), nil
}

// IsAgencyDraft tells which of the two forms a sealed draft has.
func IsAgencyDraft(body []byte) bool { return bytes.HasPrefix(body, []byte(draftMagic)) }

// Custodial gives the custody of a sealed draft.
func Custodial(body []byte) ([]byte, error) {
	if !IsAgencyDraft(body) {
		return nil, ErrDamaged
	}
	custody, _, ok := cutLP(body[len(draftMagic):])
	if !ok {
		return nil, ErrDamaged
	}
	return custody, nil
}

// OpenAgencyDraft opens what SealAgencyDraft made for the same record and revision.
func (r *Record) OpenAgencyDraft(revision uint64, body []byte) (AgencyDraft, error) {
	var d AgencyDraft
	if !IsAgencyDraft(body) {
		return d, ErrDamaged
	}
	custody, sealed, ok := cutLP(body[len(draftMagic):])
	if !ok {
		return d, ErrDamaged
	}
	sum := sha256.Sum256(custody)
	plain, err := unbox(r.rk, sealed, "draft enrolled", r.device[:], r.ID[:], u64(revision), sum[:])
	if err != nil {
		return d, err
	}
	inner, err := unpad(plain)
	if err != nil {
		return d, err
	}
	d.Custody = bytes.Clone(custody)
	var rest []byte
	if d.Allegation, rest, ok = cutLP(inner); !ok {
		return d, ErrDamaged
	}
	if d.Snapshot, rest, ok = cutLP(rest); !ok || len(rest) > 0 {
		return d, ErrDamaged
	}
	return d, nil
}

// Unfinished is one draft on its way to the custodian.
type Unfinished struct {
	ID       ID
	Revision uint64
	Body     []byte
}

// PackUnfinished puts enrolled drafts into one file. It needs no key.
func PackUnfinished(device ID, drafts []Unfinished) []byte {
	out := append([]byte(unfinishedMagic), device[:]...)
	for _, d := range drafts {
		out = append(out, d.ID[:]...)
		out = binary.BigEndian.AppendUint64(out, d.Revision)
		out = appendLP(out, d.Body)
	}
	return out
}

// ReadUnfinished reads what PackUnfinished wrote.
func ReadUnfinished(b []byte) (ID, []Unfinished, error) {
	if len(b) < 24 {
		return ID{}, nil, ErrDamaged
	}
	if err := checkMagic(b, unfinishedMagic); err != nil {
		return ID{}, nil, err
	}
	device := ID(b[8:24])
	var out []Unfinished
	for rest := b[24:]; len(rest) > 0; {
		if len(rest) < 24 {
			return device, nil, ErrDamaged
		}
		d := Unfinished{ID: ID(rest[:16]), Revision: binary.BigEndian.Uint64(rest[16:])}
		var ok bool
		if d.Body, rest, ok = cutLP(rest[24:]); !ok {
			return device, nil, ErrDamaged
		}
		out = append(out, d)
	}
	return device, out, nil
}

// Hold puts the file keys of the parts that were just sealed into the place of the record's identity, so that the
// sheets can be printed until the key file is shredded (§9). The allegation's is not among them.
func (r *Record) Hold(s *Sealer) {
	held := []byte(heldMagic)
	for _, k := range s.fileKeys[:3] {
		held = append(held, k...)
	}
	r.identity = string(held)
	clear(held)
}

// Holds reports whether the record is one of which only file keys are kept.
func (r *Record) Holds() bool {
	return len(r.identity) == len(heldMagic)+3*fileKeySize && r.identity[:len(heldMagic)] == heldMagic
}

// OpenHeld opens a part that is sealed to the agency, as long as its file key is here.
func (r *Record) OpenHeld(name string, sealed []byte, officer ed25519.PublicKey) ([]byte, error) {
	n := PartNumber(name)
	if !r.Holds() || n < 0 || n > 2 {
		return nil, ErrCannotOpen
	}
	at := len(heldMagic) + n*fileKeySize
	i := age.NewInjectedFileKeyIdentity([]byte(r.identity[at : at+fileKeySize]))
	content, _, err := openPart(i, name, sealed, r.ID, nil, officer)
	return content, err
}
