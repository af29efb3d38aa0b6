package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"
)

// Compartments of a finished record, in the order of their numbers (§9).
const (
	Protection    = "protection"
	Identity      = "identity"
	Investigation = "investigation"
	Allegation    = "allegation"
)

// Compartments lists the names; the index is the number in the format.
func Compartments() []string { return []string{Protection, Identity, Investigation, Allegation} }

// PartNumber gives the number of a compartment, or -1.
func PartNumber(name string) int { return slices.Index(Compartments(), name) }

const (
	partMagic      = "TSCRPRT1"
	partHeader     = 8 + 16 + 1 + 1 + 32 + 32 + 4
	partBucket     = 4096
	allegationSize = 8192
	maxPartSealed  = MaxPart + 64<<10
)

// Largest contents of a part.
const (
	MaxPart       = 8 << 20
	MaxAllegation = allegationSize - partHeader - ed25519.SignatureSize
)

// ErrAbsent means that a part was not given when the record was finished: what is stored is a dummy.
var ErrAbsent = errors.New("this part was not recorded")

// audience are the recipients of one part.
type audience struct {
	recipients []age.Recipient
	digest     [32]byte
}

// Sealer seals the parts of one record, each to its recipients.
type Sealer struct {
	id       ID
	signer   ed25519.PrivateKey
	to       [4]audience
	identity age.Identity // set when the record is sealed to itself; then it is tried too
	fileKeys [4][]byte    // as captured by seal
}

// Alone seals to the identity in the record's own key file: what a store does until an agency is enrolled.
func (r *Record) Alone(signer ed25519.PrivateKey) (*Sealer, error) {
	i, err := r.ageIdentity()
	if err != nil {
		return nil, err
	}
	to := i.Recipient()
	s := &Sealer{id: r.ID, signer: signer, identity: i}
	for n := range s.to {
		s.to[n] = audience{[]age.Recipient{to}, recipientsDigest(to.String())}
	}
	return s, nil
}

// Agency seals each part to its own recipients in the keyset. If it names no oversight, what would be an allegation is
// a dummy to a key that nobody has.
func (r *Record) Agency(signer ed25519.PrivateKey, k *Keyset) (*Sealer, error) {
	s := &Sealer{id: r.ID, signer: signer}
	for n, role := range []string{Protection, Identity, Investigation, Oversight} {
		if n == 3 && !k.HasOversight() {
			i, err := age.GenerateHybridIdentity()
			if err != nil {
				return nil, fmt.Errorf("part %s: %w", role, err)
			}
			s.to[n] = audience{[]age.Recipient{i.Recipient()}, recipientsDigest(i.Recipient().String())}
			continue
		}
		to, digest, err := k.recipients(role)
		if err != nil {
			return nil, err
		}
		s.to[n] = audience{to, digest}
	}
	return s, nil
}

func recipientsDigest(names ...string) [32]byte {
	slices.Sort(names)
	fields := make([][]byte, len(names))
	for i, n := range names {
		fields[i] = []byte(n)
	}
	return hash("recipients", fields...)
}

// Parts seals all four compartments; a name that is missing from contents becomes a dummy.
func (s *Sealer) Parts(contents map[string][]byte) ([][]byte, error) {
	for name := range contents {
		if PartNumber(name) < 0 {
			return nil, errors.New("unknown compartment")
		}
	}
	out := make([][]byte, 0, 4)
	for _, name := range Compartments() {
		content, present := contents[name]
		sealed, err := s.Part(name, present, content)
		if err != nil {
			return nil, err
		}
		out = append(out, sealed)
	}
	return out, nil
}

// Part seals one compartment; one that is not present is a dummy.
func (s *Sealer) Part(name string, present bool, content []byte) ([]byte, error) {
	n := PartNumber(name)
	plain, err := s.compose(byte(n), present, content)
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	defer clear(plain)
	sealed, err := s.seal(n, plain)
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	return sealed, nil
}

// Wipe clears the file keys.
func (s *Sealer) Wipe() {
	for _, k := range s.fileKeys {
		clear(k)
	}
}

// PartsDigest is what the log keeps of the sealed parts of a record (§9).
func PartsDigest(parts [][]byte) (d [24]byte) {
	fields := make([][]byte, len(parts))
	for i, p := range parts {
		sum := sha256.Sum256(p)
		fields[i] = sum[:]
	}
	sum := hash("parts", fields...)
	copy(d[:], sum[:])
	return d
}

// compose lays out and signs one part.
func (s *Sealer) compose(n byte, present bool, content []byte) ([]byte, error) {
	size := (partHeader + len(content) + ed25519.SignatureSize + partBucket - 1) / partBucket * partBucket
	if n == 3 {
		size = allegationSize
	}
	if len(content) > MaxPart || partHeader+len(content)+ed25519.SignatureSize > size {
		return nil, ErrTooLarge
	}
	p := make([]byte, 0, size)
	p = append(p, partMagic...)
	p = append(p, s.id[:]...)
	p = append(p, n, 0)
	if present {
		p[len(p)-1] = 1
	}
	p = append(p, s.to[n].digest[:]...)
	p = append(p, s.signer.Public().(ed25519.PublicKey)...)
	p = appendLP(p, content)
	p = p[:size-ed25519.SignatureSize]
	return append(p, ed25519.Sign(s.signer, lp("part", p))...), nil
}

// capture is a recipient that remembers the file key that age drew, so that the result can be opened again.
type capture struct {
	age.Recipient
	fileKey []byte
}

func (c *capture) WrapWithLabels(fileKey []byte) ([]*age.Stanza, []string, error) {
	c.fileKey = bytes.Clone(fileKey)
	if l, ok := c.Recipient.(age.RecipientWithLabels); ok {
		return l.WrapWithLabels(fileKey)
	}
	s, err := c.Recipient.Wrap(fileKey)
	return s, nil, err
}

// seal seals one part and keeps its file key, except for an allegation: nobody here shall ever open that again.
func (s *Sealer) seal(n int, plain []byte) ([]byte, error) {
	sealed, fileKey, err := encrypt(plain, s.to[n].recipients, s.identity)
	if n < 3 {
		s.fileKeys[n] = fileKey
	} else {
		clear(fileKey)
	}
	return sealed, err
}

// encrypt makes an age file and opens it again: a record whose draft is about to be dropped must not rest on one
// unchecked write. also, if given, must open it too. It returns the file key, which the caller clears.
func encrypt(plain []byte, to []age.Recipient, also age.Identity) (sealed, fileKey []byte, err error) {
	to = slices.Clone(to)
	first := &capture{Recipient: to[0]}
	to[0] = first
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, nil, err
	}
	if err := w.Close(); err != nil {
		return nil, nil, err
	}
	check := []age.Identity{age.NewInjectedFileKeyIdentity(first.fileKey)}
	if also != nil {
		check = append(check, also)
	}
	for _, i := range check {
		got, err := decrypt(out.Bytes(), i)
		if err != nil || !bytes.Equal(got, plain) {
			return nil, nil, errors.New("what was sealed does not open again")
		}
		clear(got)
	}
	return out.Bytes(), first.fileKey, nil
}

func decrypt(sealed []byte, i age.Identity) ([]byte, error) {
	if len(sealed) > maxPartSealed {
		return nil, ErrTooLarge
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), i)
	if err != nil {
		return nil, ErrCannotOpen
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, ErrCannotOpen
	}
	return plain, nil
}

// OpenPart opens a part that was sealed with Alone, and checks everything that was signed. officer is the key that
// must have signed it, or nil if that is not known.
func (r *Record) OpenPart(name string, sealed []byte, officer ed25519.PublicKey) ([]byte, error) {
	i, err := r.ageIdentity()
	if err != nil {
		return nil, err
	}
	digest := recipientsDigest(i.Recipient().String())
	content, _, err := openPart(i, name, sealed, r.ID, &digest, officer)
	return content, err
}

// OpenAgencyPart opens a part on the agency's side: recipients are those that the keyset named for it, id is the
// record that it came with. It gives the officer's key that signed.
func OpenAgencyPart(i age.Identity, name string, sealed []byte, id ID, recipients []string) ([]byte, ed25519.PublicKey, error) {
	digest := recipientsDigest(slices.Clone(recipients)...)
	return openPart(i, name, sealed, id, &digest, nil)
}

func openPart(i age.Identity, name string, sealed []byte, id ID, digest *[32]byte, officer ed25519.PublicKey) ([]byte, ed25519.PublicKey, error) {
	n := PartNumber(name)
	if n < 0 {
		return nil, nil, errors.New("unknown compartment")
	}
	plain, err := decrypt(sealed, i)
	if err != nil {
		return nil, nil, err
	}
	content, err := parsePart(plain, id, byte(n), digest, officer)
	if err != nil {
		return nil, nil, err
	}
	return content, ed25519.PublicKey(bytes.Clone(plain[58:90])), nil
}

// parsePart checks a part. digest is nil where it is not known to whom it was sealed.
func parsePart(p []byte, id ID, n byte, digest *[32]byte, officer ed25519.PublicKey) ([]byte, error) {
	if len(p) < partBucket || len(p)%partBucket != 0 {
		return nil, ErrDamaged
	}
	if err := checkMagic(p, partMagic); err != nil {
		return nil, err
	}
	body, signature := p[:len(p)-ed25519.SignatureSize], p[len(p)-ed25519.SignatureSize:]
	signed := ed25519.PublicKey(p[58:90])
	if officer != nil && !officer.Equal(signed) {
		return nil, fmt.Errorf("signed by somebody else: %w", ErrDamaged)
	}
	if !ed25519.Verify(signed, lp("part", body), signature) {
		return nil, fmt.Errorf("signature: %w", ErrDamaged)
	}
	if ID(p[8:24]) != id || p[24] != n || digest != nil && [32]byte(p[26:58]) != *digest {
		return nil, fmt.Errorf("belongs elsewhere: %w", ErrDamaged)
	}
	size := int64(binary.BigEndian.Uint32(p[90:]))
	if size > int64(len(body)-partHeader) || !allZero(body[partHeader+size:]) {
		return nil, ErrDamaged
	}
	switch p[25] {
	case 0:
		return nil, ErrAbsent
	case 1:
		return body[partHeader : partHeader+size], nil
	}
	return nil, ErrDamaged
}
