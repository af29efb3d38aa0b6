package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"tipscreen/store/seal"
)

// schema is §11. Ordinary rowid tables: half the size of WITHOUT ROWID for large values.
const schema = `
PRAGMA application_id = 1414742866;
PRAGMA user_version = 1;
CREATE TABLE meta(k TEXT PRIMARY KEY, v BLOB NOT NULL);
CREATE TABLE draft(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, rev INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE record(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, work INTEGER NOT NULL, stub BLOB NOT NULL);
CREATE INDEX record_work ON record(n) WHERE work <> 0;
CREATE TABLE part(n INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES record(n), kind INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE(record, kind));
CREATE TABLE log(seq INTEGER PRIMARY KEY, prev BLOB NOT NULL, body BLOB NOT NULL);
`

const applicationID, userVersion = 1414742866, 1

// pragma is one setting: a name, the value to set and the value to read back. They go into the DSN, because a
// statement would reach one connection only; and they are read back, because SQLite ignores what it does not know.
type pragma struct{ name, set, want string }

func pragmas(writable bool) []pragma {
	p := []pragma{
		{"busy_timeout", "2000", "2000"},
		{"synchronous", "FULL", "2"},
		{"fullfsync", "ON", "1"},
		{"checkpoint_fullfsync", "ON", "1"},
		{"wal_autocheckpoint", "0", "0"},
		{"secure_delete", "ON", "1"},
		{"temp_store", "MEMORY", "2"},
		{"foreign_keys", "ON", "1"},
		{"trusted_schema", "OFF", "0"},
		{"cell_size_check", "ON", "1"},
		{"mmap_size", "0", "0"},
	}
	if writable {
		p = append([]pragma{{"journal_mode", "WAL", "wal"}}, p...)
	}
	return p
}

// openDB opens the database; mode is ro or rw. It never creates one.
func (s *Store) openDB(mode string) (*sql.DB, error) {
	abs, err := filepath.Abs(s.files.path(dbName))
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(abs); err != nil {
		return nil, err
	}
	settings := pragmas(mode == "rw")
	q := url.Values{"mode": {mode}, "_txlock": {"immediate"}}
	if s.o.test.vfs != "" {
		q.Set("vfs", s.o.test.vfs)
	}
	for _, p := range settings {
		q.Add("_pragma", p.name+"("+p.set+")")
	}
	path := filepath.ToSlash(abs)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := readBack(db, settings); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func readBack(db *sql.DB, settings []pragma) error {
	for _, p := range settings {
		var got string
		err := db.QueryRow("PRAGMA " + p.name).Scan(&got)
		if errors.Is(err, sql.ErrNoRows) && p.name == "mmap_size" {
			continue // built without it
		}
		if err != nil {
			return err
		}
		if got != p.want {
			return fmt.Errorf("sqlite: %s is %s instead of %s", p.name, got, p.want)
		}
	}
	return nil
}

// createDB makes an empty database, readable by nobody else from its first byte.
func (s *Store) createDB() error {
	if err := s.files.write(s.files.path(dbName), nil, os.O_EXCL); err != nil {
		return err
	}
	var err error
	if s.db, err = s.openDB("rw"); err != nil {
		return err
	}
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(schema); err != nil {
		return err
	}
	if err := s.putState(tx, s.state, "INSERT INTO meta(v, k) VALUES(?, ?)"); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return syncDir(s.files.dir, s.files.sync)
}

const updateMeta = "UPDATE meta SET v = ? WHERE k = ?"

// putState seals the state into its row.
func (s *Store) putState(tx *sql.Tx, st seal.State, statement string) error {
	sealed, err := st.Seal(s.o.Rand, s.officer.DK, s.officer.Device)
	if err != nil {
		return err
	}
	return oneRow(tx.Exec(statement, sealed, "state"))
}

// oneRow fails unless exactly one row was changed.
func oneRow(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n != 1 {
		err = fmt.Errorf("a row changed under our hands: %w", ErrDamaged)
	}
	return err
}

// truncateLog moves the write-ahead log into the database and empties it, so that little can be cut off it and
// nothing deleted stays in it.
func (s *Store) truncateLog() error {
	var busy, frames, moved int
	if err := s.db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return ErrInUse
	}
	return nil
}

// checkpoint empties the log and then writes a small transaction: the first one after a checkpoint needs an fsync
// more, for the header of the log, and that must not fall on an answer. done are records whose work is done (§6).
func (s *Store) checkpoint(done ...seal.ID) error {
	if err := s.truncateLog(); err != nil {
		return err
	}
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, id := range done {
		if _, err := tx.Exec("UPDATE record SET work = 0 WHERE id = ?", id[:]); err != nil {
			return err
		}
	}
	if err := s.putState(tx, s.state, updateMeta); err != nil {
		return err
	}
	return tx.Commit()
}

// walLimit is the size of the log above which a draft is opened only after a checkpoint.
const walLimit = 4 << 20

// checkpointIfLarge keeps the log short when many drafts stay open. It is called where nobody waits for an answer,
// and a failure can wait for the next time.
func (s *Store) checkpointIfLarge() {
	info, err := os.Stat(s.files.path(dbName + "-wal"))
	if err == nil && info.Size() > walLimit && !s.failed {
		if err := s.checkpoint(); err != nil {
			s.failed = true
		}
	}
}
