package agency

import (
	"crypto/ed25519"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// Revealed is one part of a record, opened.
type Revealed struct {
	ID      string
	Part    string
	Content []byte
	Officer ed25519.PublicKey // who signed it
	// Vouched: the laptop that sent it says that this is one of its officers.
	Vouched bool
}

// subject is what a protection part that is about another record says.
type subject struct {
	AddendumTo   string `json:"addendum_to"`
	WithdrawalOf string `json:"withdrawal_of"`
}

// find looks for one record by the beginning of its id, and, after a colon, of its digest.
func (s *shelf) find(prefix string) (recordRow, error) {
	prefix, digest, _ := strings.Cut(strings.ToLower(prefix), ":")
	if prefix == "" || strings.Trim(prefix+digest, "0123456789abcdef") != "" {
		return recordRow{}, store.ErrNotFound
	}
	rows, err := s.records("hex(id) LIKE ? AND hex(digest) LIKE ? AND digest <> zeroblob(24) ORDER BY n LIMIT 2", prefix+"%", digest+"%")
	switch {
	case err != nil:
		return recordRow{}, err
	case len(rows) == 0:
		return recordRow{}, store.ErrNotFound
	case len(rows) > 1:
		return recordRow{}, store.ErrAmbiguous
	}
	return rows[0], nil
}

// side gives the folder in which a part is kept with its key: allegations are in their own.
func (a *Agency) side(part string) *Agency {
	if part != seal.Allegation {
		return a
	}
	if _, err := os.Lstat(a.o.path(oversightDir)); err != nil {
		return a // this is the oversight's own folder
	}
	o := a.o
	o.Dir = a.o.path(oversightDir)
	return &Agency{o: o, passphrase: a.passphrase, keyset: a.keyset, keysDir: a.o.Dir}
}

// Reveal opens one part of a record with the key of its role, and no other. That goes into the log before anything is
// shown. ErrAbsent: nothing was recorded in this part. A protection part that opened counts as opened for the receipt.
func (a *Agency) Reveal(id, part string) (Revealed, error) {
	out := Revealed{Part: part}
	if seal.PartNumber(part) < 0 {
		return out, store.ErrPart
	}
	here := a.side(part)
	s, err := here.shelf(false)
	if err != nil {
		return out, err
	}
	defer s.close()
	row, err := s.find(id)
	if err != nil {
		return out, err
	}
	out.ID = row.id.String()
	identity, err := here.Identity(roleOf(part))
	if err != nil {
		return out, err
	}
	return here.reveal(s, row, part, identity)
}

// RevealAll opens the protection part of every record that nobody opened yet, so that receipts can say so. It shows
// nothing, and gives how many opened and what is wrong with the others.
func (a *Agency) RevealAll() (int, []Aside, error) {
	s, err := a.shelf(false)
	if err != nil {
		return 0, nil, err
	}
	defer s.close()
	rows, err := s.records("opened = 0 AND erased = 0 AND digest <> zeroblob(24) ORDER BY n")
	if err != nil || len(rows) == 0 {
		return 0, nil, err
	}
	identity, err := a.Identity(seal.Protection)
	if err != nil {
		return 0, nil, err
	}
	n, aside := 0, []Aside{}
	for _, row := range rows {
		out, err := a.reveal(s, row, seal.Protection, identity)
		clear(out.Content)
		if err != nil && !errors.Is(err, store.ErrAbsent) {
			aside = append(aside, Aside{Name: row.id.String(), Reason: err.Error()})
			continue
		}
		n++
	}
	return n, aside, nil
}

func (a *Agency) reveal(s *shelf, row recordRow, part string, identity age.Identity) (Revealed, error) {
	out := Revealed{ID: row.id.String(), Part: part}
	err := s.inTx(func(tx *sql.Tx) error { return a.note(tx, LogEntry{What: "opened", Record: out.ID, Part: part}) })
	if err != nil {
		return out, fmt.Errorf("write the log: %w", err)
	}
	out.Content, out.Officer, err = a.openPart(s, row, part, identity)
	if err != nil && !errors.Is(err, store.ErrAbsent) {
		noted := s.inTx(func(tx *sql.Tx) error { return a.note(tx, LogEntry{What: "not_opened", Record: out.ID, Part: part}) })
		return out, errors.Join(fmt.Errorf("open record %s: %w", out.ID[:10], err), noted)
	}
	if err == nil {
		if out.Vouched, err = s.vouched(row, out.Officer); err != nil {
			return out, err
		}
	}
	if part == seal.Protection {
		if merr := s.inTx(func(tx *sql.Tx) error { return a.markOpened(tx, row, out) }); merr != nil {
			return out, merr
		}
	}
	return out, err
}

// openPart tries the recipients of each keyset that there was: the part says to whom it was sealed, and that must be
// whom a keyset named.
func (a *Agency) openPart(s *shelf, row recordRow, part string, identity age.Identity) ([]byte, ed25519.PublicKey, error) {
	var sealed []byte
	err := s.db.QueryRow("SELECT body FROM part WHERE record = ? AND kind = ?", row.n, seal.PartNumber(part)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, store.ErrNotFound
	}
	if err != nil {
		return nil, nil, err
	}
	keysets, err := a.Keysets()
	if err != nil {
		return nil, nil, err
	}
	var failed error
	for _, k := range keysets {
		content, officer, err := seal.OpenAgencyPart(identity, part, sealed, row.id, k.Recipients[roleOf(part)])
		if err == nil || errors.Is(err, store.ErrAbsent) {
			return content, officer, err
		}
		failed = err
		if errors.Is(err, seal.ErrCannotOpen) {
			break // another keyset does not change that
		}
	}
	return nil, nil, failed
}

// vouched tells whether the laptop named this officer in a bundle with this record.
func (s *shelf) vouched(row recordRow, officer ed25519.PublicKey) (bool, error) {
	var signed []byte
	if err := s.db.QueryRow("SELECT header FROM bundle WHERE hash = ?", row.bundle).Scan(&signed); err != nil {
		return false, err
	}
	b, err := seal.ParseBundleHeader(signed)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(b.Signers, func(k ed25519.PublicKey) bool { return k.Equal(officer) }), nil
}

// markOpened notes that a protection part opened, and follows a withdrawal, which a laptop can send for its own records.
func (a *Agency) markOpened(tx *sql.Tx, row recordRow, r Revealed) error {
	if _, err := tx.Exec("UPDATE record SET opened = ? WHERE n = ? AND opened = 0", a.o.Now().Unix(), row.n); err != nil {
		return err
	}
	if len(r.Officer) > 0 && !r.Vouched {
		if _, err := tx.Exec("INSERT OR IGNORE INTO finding(device, what, record) VALUES(?, 'officer_not_vouched', ?)", row.device[:], row.id[:]); err != nil {
			return err
		}
	}
	var about subject
	if json.Unmarshal(r.Content, &about) != nil || about.WithdrawalOf == "" {
		return nil
	}
	id, err := seal.ParseID(about.WithdrawalOf)
	if err != nil {
		return nil
	}
	done, err := tx.Exec("UPDATE record SET withdrawn = 1 WHERE id = ? AND device = ? AND withdrawn = 0", id[:], row.device[:])
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return a.note(tx, LogEntry{What: "withdrawn", Record: hex.EncodeToString(id[:])})
}

// Counted is one record for counting.
type Counted struct {
	ID, Device string
	Received   time.Time // when this agency took it, in UTC
	Content    []byte    // the protection part, as the laptop wrote it: JSON. It is cleared after the loop's body.
}

// Opened gives the protection part of every record that was opened, for counting, except what a person took back, what
// was erased, and what is about another record. A record that came twice, in a fork, is given once. The key for
// protection is needed; the log says once that somebody counted.
func (a *Agency) Opened() iter.Seq2[Counted, error] {
	return func(yield func(Counted, error) bool) {
		if err := a.eachOpened(func(c Counted) bool { return yield(c, nil) }); err != nil {
			yield(Counted{}, err)
		}
	}
}

func (a *Agency) eachOpened(visit func(Counted) bool) error {
	s, err := a.shelf(false)
	if err != nil {
		return err
	}
	defer s.close()
	identity, err := a.Identity(seal.Protection)
	if err != nil {
		return err
	}
	rows, err := s.records("opened > 0 AND withdrawn = 0 AND erased = 0 AND digest <> zeroblob(24) ORDER BY n")
	if err != nil {
		return err
	}
	if err := s.inTx(func(tx *sql.Tx) error { return a.note(tx, LogEntry{What: "counted", Number: len(rows)}) }); err != nil {
		return err
	}
	seen := map[seal.ID]bool{}
	for _, row := range rows {
		content, _, err := a.openPart(s, row, seal.Protection, identity)
		if errors.Is(err, store.ErrAbsent) || seen[row.id] {
			clear(content)
			continue
		}
		if err != nil {
			return fmt.Errorf("open record %s: %w", row.id.String()[:10], err)
		}
		seen[row.id] = true
		var about subject
		more := true
		if json.Unmarshal(content, &about) != nil || about == (subject{}) {
			more = visit(Counted{ID: row.id.String(), Device: row.device.String(), Received: time.Unix(row.at, 0).UTC(), Content: content})
		}
		clear(content)
		if !more {
			return nil
		}
	}
	return nil
}

// Erase destroys what was received of a record, in both shelves; that it came stays known. The laptop is not told.
func (a *Agency) Erase(id string) error {
	s, err := a.shelf(false)
	if err != nil {
		return err
	}
	defer s.close()
	row, err := s.find(id)
	if err != nil {
		return err
	}
	over, err := a.side(seal.Allegation).shelf(false)
	if err == nil {
		defer over.close()
		err = over.erase(a, row)
	}
	if err != nil && !errors.Is(err, ErrNothing) {
		return err
	}
	return s.erase(a, row)
}

func (s *shelf) erase(a *Agency, row recordRow) error {
	err := s.inTx(func(tx *sql.Tx) error {
		const which = "SELECT n FROM record WHERE device = ? AND seq = ? AND id = ? AND digest = ?"
		key := []any{row.device[:], int64(row.seq), row.id[:], row.digest[:]}
		if _, err := tx.Exec("DELETE FROM part WHERE record IN ("+which+")", key...); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE record SET erased = 1 WHERE n IN ("+which+")", key...); err != nil {
			return err
		}
		return a.note(tx, LogEntry{What: "erased", Record: row.id.String()})
	})
	if err != nil {
		return err
	}
	_, err = s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)") // nothing deleted stays in the log of the database
	return err
}
