package agency

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"

	"tipscreen/store/seal"
)

// receiptEntries is how many records one receipt names, well below what it may.
const receiptEntries = 2048

// writeReceipts makes receipts about everything that laptops were not told yet. The receipt key is opened only if there
// is something to say.
func (a *Agency) writeReceipts(s *shelf) error {
	devices, err := s.devices()
	if err != nil {
		return err
	}
	for _, d := range devices {
		for {
			news, err := s.records("device = ? AND erased = 0 AND digest <> zeroblob(24) AND told < CASE WHEN opened > 0 THEN 2 ELSE 1 END ORDER BY seq LIMIT ?", d.id[:], receiptEntries)
			if err != nil {
				return err
			}
			if len(news) == 0 {
				break
			}
			if err := a.writeReceipt(s, d, news); err != nil {
				return fmt.Errorf("write a receipt: %w", err)
			}
		}
	}
	return nil
}

func (a *Agency) writeReceipt(s *shelf, d device, news []recordRow) error {
	key, err := a.signer(receiptKey, receiptTag)
	if err != nil {
		return err
	}
	chain, err := s.chain(d)
	if err != nil {
		return err
	}
	r := &seal.Receipt{Root: a.keyset.Root(), Device: d.id, Key: d.key, Time: a.o.Now(), Head: chain.head, Missing: chain.gaps}
	r.Missing = r.Missing[:min(len(r.Missing), seal.ReceiptRecords)]
	for _, n := range news {
		state := seal.Arrived
		if n.opened > 0 {
			state = seal.Opened
		}
		r.Entries = append(r.Entries, seal.ReceiptEntry{Seq: n.seq, ID: n.id, Digest: n.digest, State: state})
	}
	return s.inTx(func(tx *sql.Tx) error {
		var last int64
		if err := tx.QueryRow("SELECT coalesce(max(number), 0) FROM receipt WHERE device = ?", d.id[:]).Scan(&last); err != nil {
			return err
		}
		r.Number = uint64(last) + 1
		signed, err := r.Sign(key)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO receipt(device, number, body) VALUES(?, ?, ?)", d.id[:], last+1, signed); err != nil {
			return err
		}
		for i, n := range news {
			if _, err := tx.Exec("UPDATE record SET told = ? WHERE n = ?", int(r.Entries[i].State), n.n); err != nil {
				return err
			}
		}
		return nil
	})
}

// answer writes to the target whatever of receipts and releases it lacks: each target gets all of them, because a laptop
// asks for one after the other wherever it is.
func (a *Agency) answer(ctx context.Context, box Box, s *shelf, r *Received) error {
	root := a.keyset.Root()
	there := map[string]bool{}
	for _, prefix := range []string{"receipts/", "releases/"} {
		for name, err := range box.List(ctx, seal.BoxOf(root)+prefix) {
			if err != nil {
				return fmt.Errorf("list what is at the target: %w", err)
			}
			there[name] = true
		}
	}
	if err := a.answerReceipts(ctx, box, s, there, r); err != nil {
		return err
	}
	var err error
	r.Releases, err = a.answerReleases(ctx, box, there)
	return err
}

// Release writes to a target every release that it lacks, and gives how many.
func (a *Agency) Release(ctx context.Context, box Box) (int, error) {
	there := map[string]bool{}
	for name, err := range box.List(ctx, seal.BoxOf(a.keyset.Root())+"releases/") {
		if err != nil {
			return 0, fmt.Errorf("list what is at the target: %w", err)
		}
		there[name] = true
	}
	return a.answerReleases(ctx, box, there)
}

func (a *Agency) answerReleases(ctx context.Context, box Box, there map[string]bool) (int, error) {
	root, n := a.keyset.Root(), 0
	for version := uint32(1); version <= a.keyset.Version; version++ {
		name := seal.ReleasePath(root, version)
		if there[name] {
			continue
		}
		content, err := readLimited(filepath.Join(a.o.Dir, releasesDir, strconv.Itoa(int(version))), seal.MaxRelease)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			_, err = box.Put(ctx, name, content)
		}
		if err != nil {
			return n, fmt.Errorf("write release %d: %w", version, err)
		}
		n++
	}
	return n, nil
}

func (a *Agency) answerReceipts(ctx context.Context, box Box, s *shelf, there map[string]bool, r *Received) error {
	type key struct {
		device seal.ID
		number int64
	}
	var all []key
	rows, err := s.db.Query("SELECT device, number FROM receipt ORDER BY device, number")
	if err != nil {
		return err
	}
	for rows.Next() {
		var k key
		var device []byte
		if err := rows.Scan(&device, &k.number); err != nil || len(device) != 16 {
			rows.Close()
			return errors.Join(err, errors.New("a row of the receipts"))
		}
		k.device = seal.ID(device)
		all = append(all, k)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, k := range all {
		name := seal.ReceiptPath(a.keyset.Root(), k.device.String(), uint64(k.number))
		if there[name] {
			continue
		}
		var body []byte
		if err := s.db.QueryRow("SELECT body FROM receipt WHERE device = ? AND number = ?", k.device[:], k.number).Scan(&body); err != nil {
			return err
		}
		if _, err := box.Put(ctx, name, body); err != nil {
			return fmt.Errorf("write a receipt: %w", err)
		}
		r.Receipts++
	}
	return nil
}

// device is one laptop.
type device struct {
	id         seal.ID
	key        ed25519.PublicKey
	registered bool
}

func (s *shelf) devices() ([]device, error) {
	rows, err := s.db.Query("SELECT id, key, registered FROM device ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []device
	for rows.Next() {
		var d device
		var id, key []byte
		if err := rows.Scan(&id, &key, &d.registered); err != nil {
			return nil, err
		}
		if len(id) != 16 || len(key) != ed25519.PublicKeySize {
			return nil, errors.New("a row of the laptops")
		}
		d.id, d.key = seal.ID(id), key
		out = append(out, d)
	}
	return out, rows.Err()
}

// releasesDir holds a release for each keyset.
const releasesDir = "releases"

// gapsOf gives what is missing between 1 and the largest of some sorted numbers.
func gapsOf(numbers []uint64) [][2]uint64 {
	numbers = slices.Compact(numbers)
	var gaps [][2]uint64
	next := uint64(1)
	for _, n := range numbers {
		if n > next {
			gaps = append(gaps, [2]uint64{next, n - 1})
		}
		next = n + 1
	}
	return gaps
}
