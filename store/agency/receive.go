package agency

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// ErrNothing means that this agency has received nothing yet.
var ErrNothing = errors.New("nothing was received yet")

// oversightDir is the folder of the shelf for allegations. It can be taken away whole, with the oversight's key in it,
// and then is an agency's folder of its own.
const oversightDir = "oversight"

// Box is a target as an agency uses it.
type Box interface {
	Put(ctx context.Context, name string, content []byte) (already bool, err error)
	Get(ctx context.Context, name string, limit int64) ([]byte, error)
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// Aside is a file at a target that was not taken, and why. It blocks no other.
type Aside struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Received says what one round at a target did.
type Received struct {
	Bundles  int     `json:"bundles"`
	Records  int     `json:"records"` // that are new
	Known    int     `json:"known"`   // bundles that came before
	Other    int     `json:"other"`   // files that are no bundles
	Aside    []Aside `json:"aside"`
	Receipts int     `json:"receipts"` // receipts that were written to the target
	Releases int     `json:"releases"`
}

// Receive takes every bundle for this agency from a target, and writes receipts and releases back. It can be repeated
// and broken off at any moment: a bundle is on the shelf whole or not at all, and a receipt names only what is there.
func (a *Agency) Receive(ctx context.Context, box Box) (Received, error) {
	r := Received{Aside: []Aside{}}
	s, err := a.shelf(true)
	if err != nil {
		return r, err
	}
	defer s.close()
	over, err := a.oversightShelf()
	if err != nil {
		return r, err
	}
	defer over.close()
	keysets, err := a.Keysets()
	if err != nil {
		return r, err
	}
	in := intake{a: a, s: s, over: over, keysets: keysets, r: &r}
	root := a.keyset.Root()
	for name, err := range box.List(ctx, seal.BundlesOf(root, "")) {
		if err != nil {
			return r, fmt.Errorf("list what is at the target: %w", err)
		}
		if err := in.file(ctx, box, name); err != nil {
			return r, err
		}
	}
	if err := a.writeReceipts(s); err != nil {
		return r, err
	}
	return r, a.answer(ctx, box, s, &r)
}

func (a *Agency) oversightShelf() (*shelf, error) {
	dir := a.o.path(oversightDir)
	if err := os.MkdirAll(filepath.Join(dir, keysetsDir), 0o700); err != nil {
		return nil, err
	}
	keysets, err := a.Keysets()
	if err != nil {
		return nil, err
	}
	for _, k := range keysets {
		if err := replace(filepath.Join(dir, keysetsDir, strconv.Itoa(int(k.Version))), k.Signed()); err != nil {
			return nil, err
		}
	}
	if err := replace(filepath.Join(dir, keysetName), a.keyset.Signed()); err != nil {
		return nil, err
	}
	return openShelf(dir, true)
}

// intake is one round of receiving.
type intake struct {
	a       *Agency
	s, over *shelf
	keysets []*seal.Keyset
	r       *Received
}

// file looks at one file. Only a failure of the agency's own disk, or of the target as a whole, ends the round.
func (in *intake) file(ctx context.Context, box Box, name string) error {
	device, file, ok := seal.SplitBundlePath(in.a.keyset.Root(), name)
	if !ok {
		in.r.Other++
		return nil
	}
	hash, _ := hex.DecodeString(file[:2*sha256.Size])
	var one int
	err := in.s.db.QueryRow("SELECT 1 FROM bundle WHERE hash = ?", hash).Scan(&one)
	if err == nil {
		in.r.Known++
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	content, err := box.Get(ctx, name, seal.MaxBundle)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, seal.ErrTargetLost) { // what came before is kept; the rest comes the next time
		return err
	}
	if err == nil && seal.BundleName(content) != file {
		err = fmt.Errorf("its content is not what its name says: %w", store.ErrDamaged)
	}
	var b *seal.Bundle
	if err == nil {
		b, err = seal.ParseBundle(content)
	}
	if err == nil {
		err = in.vet(b, device)
	}
	if err != nil {
		in.r.Aside = append(in.r.Aside, Aside{Name: device + "/" + file[:12], Reason: err.Error()})
		return nil
	}
	return in.keep(b, hash)
}

// vet decides whether a bundle may be for this agency and from the laptop that it names.
func (in *intake) vet(b *seal.Bundle, device string) error {
	if b.Root != in.a.keyset.Root() {
		return errors.New("it is for another agency")
	}
	if b.Device.String() != device {
		return errors.New("it lies in the place of another laptop")
	}
	var key []byte
	err := in.s.db.QueryRow("SELECT key FROM device WHERE id = ?", b.Device[:]).Scan(&key)
	if err == nil && !b.Key.Equal(ed25519.PublicKey(key)) {
		return errors.New("another key signs for this laptop than before, or than the register says")
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return nil
}

// keep puts a bundle on the shelf. Allegations go first, to theirs: if that is all that happened, the next round does it
// again.
func (in *intake) keep(b *seal.Bundle, hash []byte) error {
	allegation := seal.PartNumber(seal.Allegation)
	err := in.over.inTx(func(tx *sql.Tx) error {
		_, err := in.put(tx, b, hash, []int{allegation})
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the allegations: %w", err)
	}
	return in.s.inTx(func(tx *sql.Tx) error {
		fresh, err := in.put(tx, b, hash, []int{0, 1, 2})
		if err != nil {
			return fmt.Errorf("keep a bundle: %w", err)
		}
		for _, e := range b.Entries {
			if what := in.foreign(e); what != "" {
				if _, err := tx.Exec("INSERT OR IGNORE INTO finding(device, what, record) VALUES(?, ?, ?)", b.Device[:], what, e.ID[:]); err != nil {
					return err
				}
			}
		}
		in.r.Bundles++
		in.r.Records += fresh
		return in.a.note(tx, LogEntry{What: "received", Number: fresh})
	})
}

// put writes a bundle's rows with some of the parts, and gives how many records are new.
func (in *intake) put(tx *sql.Tx, b *seal.Bundle, hash []byte, kinds []int) (int, error) {
	now := in.a.o.Now().Unix()
	if _, err := tx.Exec("INSERT OR IGNORE INTO device(id, key, registered) VALUES(?, ?, 0)", b.Device[:], []byte(b.Key)); err != nil {
		return 0, err
	}
	if _, err := tx.Exec("INSERT OR IGNORE INTO bundle(hash, device, number, header, at) VALUES(?, ?, ?, ?, ?)", hash, b.Device[:], int64(b.Number), b.Signed, now); err != nil {
		return 0, err
	}
	fresh := 0
	for i, e := range b.Entries {
		digest := e.Digest()
		r, err := tx.Exec("INSERT OR IGNORE INTO record(device, seq, id, digest, bundle, at, opened, told, withdrawn, erased) VALUES(?, ?, ?, ?, ?, ?, 0, 0, 0, 0)",
			b.Device[:], int64(b.First)+int64(i), e.ID[:], digest[:], hash, now)
		if err != nil {
			return 0, err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 || e.Gone {
			if err != nil {
				return 0, err
			}
			continue
		}
		row, err := r.LastInsertId()
		if err != nil {
			return 0, err
		}
		fresh++
		for _, kind := range kinds {
			if _, err := tx.Exec("INSERT INTO part(record, kind, body) VALUES(?, ?, ?)", row, kind, e.Parts[kind]); err != nil {
				return 0, err
			}
		}
	}
	return fresh, nil
}

// foreign says whether a record can be read by somebody whom no keyset of this agency names: a part has another number
// of recipients than its role ever had. Who they are shows when it is opened.
func (in *intake) foreign(e seal.BundleEntry) string {
	for n, sealed := range e.Parts {
		got, err := seal.Recipients(sealed)
		if err != nil {
			return "no_age_file"
		}
		known := false
		for _, k := range in.keysets {
			want := len(k.Recipients[roleOf(seal.Compartments()[n])])
			known = known || got == max(want, 1) // without an oversight, a dummy has one recipient that nobody is
		}
		if !known {
			return "foreign_recipients"
		}
	}
	return ""
}

// roleOf names the recipients of a part.
func roleOf(part string) string {
	if part == seal.Allegation {
		return seal.Oversight
	}
	return part
}

// keysetsDir holds every keyset that was ever signed: old records were sealed by old ones.
const keysetsDir = "keysets"

// Keysets gives every keyset of this agency, the newest first.
func (a *Agency) Keysets() ([]*seal.Keyset, error) {
	if len(a.known) > 0 && a.known[0] == a.keyset {
		return a.known, nil
	}
	out := []*seal.Keyset{a.keyset}
	for v := int(a.keyset.Version) - 1; v > 0; v-- {
		signed, err := readFile(filepath.Join(a.o.Dir, keysetsDir, strconv.Itoa(v)))
		if errors.Is(err, fs.ErrNotExist) {
			continue // made before these were kept; then recipients were the same
		}
		if err != nil {
			return nil, err
		}
		k, err := seal.ParseKeyset(signed)
		if err != nil || k.Root() != a.keyset.Root() {
			return nil, fmt.Errorf("keyset %d: %w", v, seal.ErrKeyset)
		}
		out = append(out, k)
	}
	a.known = out
	return out, nil
}

// Register says which key a laptop has, from the paper of its enrolment. Bundles of laptops that nobody registered are
// taken too, and reported.
func (a *Agency) Register(device string, key ed25519.PublicKey) error {
	id, err := seal.ParseID(device)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("register a laptop: %w", store.ErrNotFound)
	}
	s, err := a.shelf(true)
	if err != nil {
		return err
	}
	defer s.close()
	return s.inTx(func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT INTO device(id, key, registered) VALUES(?, ?, 1) ON CONFLICT(id) DO UPDATE SET key = excluded.key, registered = 1", id[:], []byte(key)); err != nil {
			return err
		}
		return a.note(tx, LogEntry{What: "registered"})
	})
}
