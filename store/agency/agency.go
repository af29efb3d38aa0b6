// Package agency is the receiving side: the keys of an agency, the keysets that it signs for its laptops, and the
// opening of what they hand over.
//
// Start with [Init], which makes a folder of keys (§16 of store/seal/FORMAT.md), and [Open]. Every key is an age file
// under the agency's passphrase, so that what was sealed can be opened with the stock age program in fifteen years.
package agency

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// Errors that callers branch on.
var (
	ErrExists = errors.New("there is an agency in this folder already")
	ErrNone   = errors.New("there is no agency in this folder")
	ErrKey    = errors.New("a key file of the agency cannot be read")
)

const (
	keysetName = "keyset"
	keySuffix  = ".key"
	rootKey    = "root"
	receiptKey = "receipt"
	rootTag    = "TIPSCREEN-ROOT-1 "
	receiptTag = "TIPSCREEN-RECEIPT-1 "
	maxFile    = 1 << 20
)

// Options says where the agency's folder is. Dir is required.
type Options struct {
	Dir  string
	Now  func() time.Time // nil: time.Now
	Rand io.Reader

	work int // of scrypt, for tests; 0: age's own
}

// Terms are what an agency decides about its laptops.
type Terms struct {
	Agency   string
	NotAfter time.Time
	Policy   seal.Policy
	// Oversight receives allegations against officials: recipients of an outside body. KeepOversight makes a key for it
	// in this folder instead, which then should be given to somebody who is not the agency.
	Oversight     []string
	KeepOversight bool
	// Data is the agency's own data: its files, and the digest that goes into the keyset; empty: none.
	Data  string
	Files []seal.File
}

// Agency is an open folder. Its keys stay on the disk until they are needed.
type Agency struct {
	o          Options
	passphrase string
	keyset     *seal.Keyset
	keysDir    string            // where a key is that is not in the folder itself; empty: nowhere
	known      []*seal.Keyset    // all keysets, once they were read
	opened     map[string]string // keys that were opened, by name: opening one takes a second
}

func (o Options) path(name string) string { return filepath.Join(o.Dir, name) }

// Init makes the keys and the first keyset.
func Init(o Options, passphrase []byte, t Terms) (*Agency, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if _, err := os.Lstat(o.path(keysetName)); err == nil {
		return nil, ErrExists
	}
	a := &Agency{o: o, passphrase: string(seal.NormalizePassphrase(passphrase))}
	if a.passphrase == "" {
		return nil, store.ErrEmptyPassphrase
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	k := &seal.Keyset{Recipients: map[string][]string{}}
	root, err := a.newSigner(rootKey, rootTag)
	if err != nil {
		return nil, err
	}
	receipt, err := a.newSigner(receiptKey, receiptTag)
	if err != nil {
		return nil, err
	}
	k.ReceiptKeys = []string{hex.EncodeToString(receipt.Public().(ed25519.PublicKey))}
	for _, role := range seal.Roles() {
		if role == seal.Oversight && !t.KeepOversight {
			continue
		}
		to, err := a.newIdentity(role)
		if err != nil {
			return nil, err
		}
		k.Recipients[role] = []string{to}
	}
	return a, a.issue(k, t, root)
}

// Open opens a folder. The passphrase is tried when a key is needed.
func Open(o Options, passphrase []byte) (*Agency, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	signed, err := readFile(o.path(keysetName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	k, err := seal.ParseKeyset(signed)
	if err != nil {
		return nil, err
	}
	return &Agency{o: o, passphrase: string(seal.NormalizePassphrase(passphrase)), keyset: k}, nil
}

// Keyset is the keyset in force.
func (a *Agency) Keyset() *seal.Keyset { return a.keyset }

// Renew signs a keyset with the next version. Recipients stay, except for an oversight that is given.
func (a *Agency) Renew(t Terms) error {
	root, err := a.signer(rootKey, rootTag)
	if err != nil {
		return err
	}
	k := &seal.Keyset{Version: a.keyset.Version, Recipients: map[string][]string{}, ReceiptKeys: a.keyset.ReceiptKeys}
	for role, list := range a.keyset.Recipients {
		k.Recipients[role] = slices.Clone(list)
	}
	if t.KeepOversight && len(k.Recipients[seal.Oversight]) == 0 {
		to, err := a.newIdentity(seal.Oversight)
		if err != nil {
			return err
		}
		k.Recipients[seal.Oversight] = []string{to}
	}
	return a.issue(k, t, root)
}

// issue signs the next version and puts it in place.
func (a *Agency) issue(k *seal.Keyset, t Terms, root ed25519.PrivateKey) error {
	k.Version++
	k.Agency, k.Policy, k.Data = t.Agency, t.Policy, t.Data
	k.Created = a.o.Now().UTC().Format(time.DateOnly)
	k.NotAfter = t.NotAfter.UTC().Format(time.DateOnly)
	if len(t.Oversight) > 0 {
		k.Recipients[seal.Oversight] = t.Oversight
	}
	signed, err := k.Sign(root)
	if err != nil {
		return err
	}
	if a.keyset, err = seal.ParseKeyset(signed); err != nil {
		return err
	}
	return a.file(t, signed)
}

// file keeps a keyset for ever, with the release for laptops, and then puts it in place.
func (a *Agency) file(t Terms, signed []byte) error {
	release, err := seal.Release{Keyset: a.keyset, Files: t.Files}.Pack()
	if err != nil {
		return err
	}
	version := strconv.Itoa(int(a.keyset.Version))
	for dir, content := range map[string][]byte{keysetsDir: signed, releasesDir: release} {
		if err := os.MkdirAll(a.o.path(dir), 0o700); err != nil {
			return err
		}
		if err := replace(filepath.Join(a.o.Dir, dir, version), content); err != nil {
			return err
		}
	}
	return replace(a.o.path(keysetName), signed)
}

// Files gives the files of the data that the keyset in force signs.
func (a *Agency) Files() ([]seal.File, error) {
	content, err := readLimited(filepath.Join(a.o.Dir, releasesDir, strconv.Itoa(int(a.keyset.Version))), seal.MaxRelease)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := seal.ParseRelease(content, a.keyset.Root())
	if err != nil {
		return nil, err
	}
	return r.Files, nil
}

func (a *Agency) newSigner(name, tag string) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(a.o.Rand, seed); err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	defer clear(seed)
	return ed25519.NewKeyFromSeed(seed), a.writeKey(name, tag+hex.EncodeToString(seed)+"\n")
}

func (a *Agency) newIdentity(role string) (recipient string, err error) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return "", err
	}
	return i.Recipient().String(), a.writeKey(role, i.String()+"\n")
}

// writeKey seals a key under the passphrase. A key that is there is never replaced: something may be sealed to it.
func (a *Agency) writeKey(name, content string) error {
	r, err := age.NewScryptRecipient(a.passphrase)
	if err != nil {
		return err
	}
	if a.o.work > 0 {
		r.SetWorkFactor(a.o.work)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if _, err := os.Lstat(a.o.path(name + keySuffix)); err == nil {
		return ErrExists
	}
	return replace(a.o.path(name+keySuffix), out.Bytes())
}

// readKey gives a key in clear. ErrWrongPassphrase of package store: that is what it is.
func (a *Agency) readKey(name string) (string, error) {
	if content, again := a.opened[name]; again {
		return content, nil
	}
	sealed, err := readFile(a.o.path(name + keySuffix))
	if errors.Is(err, os.ErrNotExist) && a.keysDir != "" {
		sealed, err = readFile(filepath.Join(a.keysDir, name+keySuffix))
	}
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("the key for %s is not in this folder: %w", name, ErrKey)
	}
	if err != nil {
		return "", err
	}
	i, err := age.NewScryptIdentity(a.passphrase)
	if err != nil {
		return "", store.ErrWrongPassphrase
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), i)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return "", store.ErrWrongPassphrase
	}
	if err != nil {
		return "", fmt.Errorf("the key for %s: %w", name, ErrKey)
	}
	content, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return "", fmt.Errorf("the key for %s: %w", name, ErrKey)
	}
	if a.opened == nil {
		a.opened = map[string]string{}
	}
	a.opened[name] = strings.TrimSpace(string(content))
	return a.opened[name], nil
}

func (a *Agency) signer(name, tag string) (ed25519.PrivateKey, error) {
	content, err := a.readKey(name)
	if err != nil {
		return nil, err
	}
	words, found := strings.CutPrefix(content, tag)
	seed, err := hex.DecodeString(words)
	if !found || err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("the key for %s: %w", name, ErrKey)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Identity opens the key of a role.
func (a *Agency) Identity(role string) (*age.HybridIdentity, error) {
	content, err := a.readKey(role)
	if err != nil {
		return nil, err
	}
	i, err := age.ParseHybridIdentity(content)
	if err != nil {
		return nil, fmt.Errorf("the key for %s: %w", role, ErrKey) // age's own error may quote the key
	}
	return i, nil
}

func readFile(path string) ([]byte, error) { return readLimited(path, maxFile) }

func readLimited(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// replace writes beside and renames, so that a whole file stands there at every moment.
func replace(path string, b []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
