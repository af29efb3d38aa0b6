package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"filippo.io/age"
)

// The roles of recipients in a keyset (§15); the parts of a record go by the same names, except for oversight, which
// receives allegations, and recovery, which can open unfinished drafts.
const (
	Oversight = "oversight"
	Recovery  = "recovery"
)

// Roles lists all roles.
func Roles() []string { return []string{Protection, Identity, Investigation, Oversight, Recovery} }

const (
	keysetMagic   = "TSCRSET1"
	maxKeyset     = 1 << 20
	maxRecipients = 4
	maxAgency     = 120
	defaultClock  = 45
)

// ErrKeyset means that a keyset is not signed by the root it names, or says something that cannot be.
var ErrKeyset = errors.New("the keyset is not valid")

// Keyset is what an agency tells its laptops: to whom they seal, and by which rules.
type Keyset struct {
	Version     uint32              `json:"version"`
	Agency      string              `json:"agency"`
	Created     string              `json:"created"`
	NotAfter    string              `json:"not_after"`
	Recipients  map[string][]string `json:"recipients"`
	ReceiptKeys []string            `json:"receipt_keys"`
	Policy      Policy              `json:"policy"`
	Data        string              `json:"data,omitempty"`

	root   [32]byte
	signed []byte
}

// Policy are the rules of an agency.
type Policy struct {
	RetentionDays int `json:"retention_days"` // 0: for ever
	ClockDays     int `json:"clock_days"`     // 0: 45
}

// ClockLimit is how far the clock may move between two openings of a store before it counts as a jump.
func (p Policy) ClockLimit() time.Duration {
	if p.ClockDays == 0 {
		p.ClockDays = defaultClock
	}
	return time.Duration(p.ClockDays) * 24 * time.Hour
}

// Sign checks a keyset and signs it. The result is what ParseKeyset reads.
func (k *Keyset) Sign(root ed25519.PrivateKey) ([]byte, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	body, err := json.Marshal(k)
	if err != nil {
		return nil, err
	}
	public := root.Public().(ed25519.PublicKey)
	out := append([]byte(keysetMagic), public...)
	out = appendLP(out, body)
	return append(out, ed25519.Sign(root, lp("keyset", public, body))...), nil
}

// ParseKeyset reads a signed keyset and checks everything that can be checked without knowing the root.
func ParseKeyset(b []byte) (*Keyset, error) {
	if len(b) > maxKeyset {
		return nil, fmt.Errorf("keyset: %w", ErrTooLarge)
	}
	if err := checkMagic(b, keysetMagic); errors.Is(err, ErrVersion) {
		return nil, fmt.Errorf("keyset: %w", err)
	}
	if len(b) < 8+32+4 || string(b[:8]) != keysetMagic {
		return nil, fmt.Errorf("%w: this is no keyset", ErrKeyset)
	}
	body, signature, ok := cutLP(b[40:])
	root := b[8:40]
	if !ok || len(signature) != ed25519.SignatureSize || !ed25519.Verify(root, lp("keyset", root, body), signature) {
		return nil, fmt.Errorf("%w: the signature does not hold", ErrKeyset)
	}
	k := &Keyset{root: [32]byte(root), signed: bytes.Clone(b)}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(k); err != nil {
		return nil, fmt.Errorf("%w: its body cannot be read", ErrKeyset)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: something follows its body", ErrKeyset)
	}
	return k, k.check()
}

func (k *Keyset) check() error {
	bad := func(what string) error { return fmt.Errorf("%w: %s", ErrKeyset, what) }
	if k.Version == 0 {
		return bad("no version")
	}
	if len(k.Agency) == 0 || len(k.Agency) > maxAgency || strings.ContainsFunc(k.Agency, unprintable) {
		return bad("the agency's name")
	}
	for _, date := range []string{k.Created, k.NotAfter} {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return bad("a date")
		}
	}
	if k.Policy.RetentionDays < 0 || k.Policy.RetentionDays > 36500 || k.Policy.ClockDays < 0 || k.Policy.ClockDays > 3650 {
		return bad("the policy")
	}
	if len(k.ReceiptKeys) == 0 || len(k.ReceiptKeys) > maxRecipients {
		return bad("the receipt keys")
	}
	keys := slices.Clone(k.ReceiptKeys)
	if k.Data != "" {
		keys = append(keys, k.Data)
	}
	for _, key := range keys {
		if b, err := hex.DecodeString(key); err != nil || len(b) != 32 {
			return bad("a key or digest in hex")
		}
	}
	return k.checkRecipients()
}

func unprintable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

func (k *Keyset) checkRecipients() error {
	for role, list := range k.Recipients {
		if !slices.Contains(Roles(), role) {
			return fmt.Errorf("%w: an unknown role of recipients", ErrKeyset)
		}
		for _, one := range list {
			if r, err := age.ParseHybridRecipient(one); err != nil || r.String() != one {
				return fmt.Errorf("%w: a recipient for %s", ErrKeyset, role)
			}
			// Who may read everything else must not be who hears about officials.
			if role != Oversight && slices.Contains(k.Recipients[Oversight], one) {
				return fmt.Errorf("%w: the oversight is also the recipient for %s", ErrKeyset, role)
			}
		}
	}
	for _, role := range Roles() {
		if n := len(k.Recipients[role]); n > maxRecipients || n == 0 && role != Oversight {
			return fmt.Errorf("%w: %d recipients for %s", ErrKeyset, n, role)
		}
	}
	return nil
}

// Root is the public key that signed.
func (k *Keyset) Root() [32]byte { return k.root }

// Signed gives the keyset as it came.
func (k *Keyset) Signed() []byte { return k.signed }

// HasOversight tells whether allegations can be sealed to somebody.
func (k *Keyset) HasOversight() bool { return len(k.Recipients[Oversight]) > 0 }

// Expired tells whether the keyset's time is over. That warns and never blocks.
func (k *Keyset) Expired(now time.Time) bool {
	end, err := time.Parse(time.DateOnly, k.NotAfter)
	return err != nil || now.After(end.AddDate(0, 0, 1))
}

func (k *Keyset) recipients(role string) ([]age.Recipient, [32]byte, error) {
	var out []age.Recipient
	for _, one := range k.Recipients[role] {
		r, err := age.ParseHybridRecipient(one)
		if err != nil {
			return nil, [32]byte{}, fmt.Errorf("%w: a recipient for %s", ErrKeyset, role)
		}
		out = append(out, r)
	}
	return out, recipientsDigest(slices.Clone(k.Recipients[role])...), nil
}

// RootWords are eight words that people can compare over the telephone or on paper.
func RootWords(root [32]byte) []string {
	sum := hash("root words", root[:])
	words := make([]string, 8)
	for i := range words {
		n := binary.BigEndian.Uint32(sum[i*4:]) % 6400
		words[i] = syllable(n/80) + syllable(n%80)
	}
	return words
}

func syllable(n uint32) string { return string([]byte{consonants[n/5], vowels[n%5]}) }
