package agency

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// shelf is the agency's own store (§21): what laptops sent, as it was sealed, and what was done with it. It has no
// content in clear. Allegations are in a shelf of their own, in another folder.
type shelf struct {
	db *sql.DB
}

const (
	shelfName   = "received.db"
	shelfID     = 1414742849 // TSCA
	shelfSchema = `
PRAGMA application_id = 1414742849;
PRAGMA user_version = 1;
CREATE TABLE device(id BLOB PRIMARY KEY, key BLOB NOT NULL, registered INTEGER NOT NULL);
CREATE TABLE bundle(hash BLOB PRIMARY KEY, device BLOB NOT NULL, number INTEGER NOT NULL, header BLOB NOT NULL, at INTEGER NOT NULL);
CREATE TABLE record(n INTEGER PRIMARY KEY, device BLOB NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, digest BLOB NOT NULL, bundle BLOB NOT NULL,
	at INTEGER NOT NULL, opened INTEGER NOT NULL, told INTEGER NOT NULL, withdrawn INTEGER NOT NULL, erased INTEGER NOT NULL, UNIQUE(device, seq, id, digest));
CREATE INDEX record_id ON record(id);
CREATE TABLE part(record INTEGER NOT NULL REFERENCES record(n), kind INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE(record, kind));
CREATE TABLE finding(device BLOB NOT NULL, what TEXT NOT NULL, record BLOB NOT NULL, UNIQUE(device, what, record));
CREATE TABLE receipt(device BLOB NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(device, number));
CREATE TABLE log(seq INTEGER PRIMARY KEY, entry BLOB NOT NULL, head BLOB NOT NULL);
`
)

// openShelf opens the shelf of a folder, and makes it if make is set.
func openShelf(dir string, make bool) (*shelf, error) {
	path, err := filepath.Abs(filepath.Join(dir, shelfName))
	if err != nil {
		return nil, err
	}
	_, err = os.Lstat(path)
	fresh := errors.Is(err, os.ErrNotExist)
	switch {
	case fresh && !make:
		return nil, ErrNothing
	case fresh:
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	}
	q := url.Values{"mode": {"rw"}, "_txlock": {"immediate"}}
	for _, p := range []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(ON)", "secure_delete(ON)",
		"temp_store(MEMORY)", "foreign_keys(ON)", "trusted_schema(OFF)", "cell_size_check(ON)"} {
		q.Add("_pragma", p)
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &shelf{db: db}
	if err := s.check(); err != nil {
		db.Close()
		return nil, fmt.Errorf("open what was received: %w", err)
	}
	return s, nil
}

// check makes the tables in an empty file, and refuses another program's.
func (s *shelf) check() error {
	var app, version, journal any
	if err := s.db.QueryRow("PRAGMA application_id").Scan(&app); err != nil {
		return fmt.Errorf("%w (%w)", store.ErrDamaged, err)
	}
	if err := errors.Join(s.db.QueryRow("PRAGMA user_version").Scan(&version), s.db.QueryRow("PRAGMA journal_mode").Scan(&journal)); err != nil {
		return err
	}
	switch {
	case journal != "wal":
		return errors.New("sqlite: the journal is not in WAL mode")
	case app == int64(0) && version == int64(0):
		_, err := s.db.Exec("BEGIN IMMEDIATE;" + shelfSchema + "COMMIT;")
		return err
	case app != int64(shelfID):
		return store.ErrDamaged
	case version != int64(1):
		return store.ErrVersion
	}
	return nil
}

func (s *shelf) close() error { return s.db.Close() }

// inTx does something whole or not at all.
func (s *shelf) inTx(do func(*sql.Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// LogEntry is one thing that was done with what was received. It never says what is in a record.
type LogEntry struct {
	Seq    int64  `json:"seq"`
	At     string `json:"at"`
	What   string `json:"what"` // received, opened, not_opened, counted, erased, registered, withdrawn
	Record string `json:"record,omitempty"`
	Part   string `json:"part,omitempty"`
	Number int    `json:"number,omitempty"`
}

// note adds to the log; each entry condenses all before it.
func (a *Agency) note(tx *sql.Tx, e LogEntry) error {
	var prev []byte
	err := tx.QueryRow("SELECT seq, head FROM log ORDER BY seq DESC LIMIT 1").Scan(&e.Seq, &prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	e.Seq++
	e.At = a.o.Now().UTC().Format(time.RFC3339)
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	head := sha256.Sum256(append(prev, line...))
	_, err = tx.Exec("INSERT INTO log(seq, entry, head) VALUES(?, ?, ?)", e.Seq, line, head[:])
	return err
}

// Log gives what was done, oldest first. ErrDamaged of package store: an entry was changed or removed.
func (a *Agency) Log() ([]LogEntry, error) {
	s, err := a.shelf(false)
	if err != nil {
		return nil, err
	}
	defer s.close()
	rows, err := s.db.Query("SELECT seq, entry, head FROM log ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []LogEntry{}
	var prev []byte
	for rows.Next() {
		var seq int64
		var line, head []byte
		if err := rows.Scan(&seq, &line, &head); err != nil {
			return nil, err
		}
		var e LogEntry
		sum := sha256.Sum256(append(prev, line...))
		if json.Unmarshal(line, &e) != nil || e.Seq != int64(len(out))+1 || seq != e.Seq || string(sum[:]) != string(head) {
			return out, fmt.Errorf("entry %d of the agency's log: %w", seq, store.ErrDamaged)
		}
		out, prev = append(out, e), head
	}
	return out, rows.Err()
}

func (a *Agency) shelf(make bool) (*shelf, error) { return openShelf(a.o.Dir, make) }

// recordRow is one record on the shelf.
type recordRow struct {
	n                 int64
	device, id        seal.ID
	seq               uint64
	digest            [24]byte
	bundle            []byte
	at, opened        int64
	told              int
	withdrawn, erased bool
}

const recordColumns = "n, device, seq, id, digest, bundle, at, opened, told, withdrawn, erased"

func (s *shelf) records(where string, args ...any) ([]recordRow, error) {
	rows, err := s.db.Query("SELECT "+recordColumns+" FROM record WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []recordRow
	for rows.Next() {
		var r recordRow
		var device, id, digest []byte
		var seq int64
		if err := rows.Scan(&r.n, &device, &seq, &id, &digest, &r.bundle, &r.at, &r.opened, &r.told, &r.withdrawn, &r.erased); err != nil {
			return nil, err
		}
		if len(device) != 16 || len(id) != 16 || len(digest) != 24 {
			return nil, fmt.Errorf("a row of what was received: %w", store.ErrDamaged)
		}
		r.device, r.id, r.digest, r.seq = seal.ID(device), seal.ID(id), [24]byte(digest), uint64(seq)
		out = append(out, r)
	}
	return out, rows.Err()
}

func (r recordRow) gone() bool { return r.digest == [24]byte{} }
