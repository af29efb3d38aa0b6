package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"tipscreen/store/seal"
)

// Names and size steps of the sealed tables (§11).
const (
	settingsRow, settingsBucket = "settings", 4096
	tallyRow, tallyBucket       = "tally", 1024
	keysetRow, keysetBucket     = "keyset", 4096
	heldRow, heldBucket         = "held", 4096
	clockRow, clockBucket       = "clock", 256
	maxSettings                 = 1 << 20
)

// State gives a setting of this device, such as its default languages or duty contacts; nil if it was never set. All
// officers of the device share them.
func (s *Store) State(key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all map[string][]byte
	if err := s.readBlob(settingsRow, &all); err != nil {
		return nil, failure("read the settings", err)
	}
	return all[key], nil
}

// SetState keeps a setting; nil removes it. Names and values are sealed.
func (s *Store) SetState(key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]byte{}
	if err := s.readBlob(settingsRow, &all); err != nil {
		return failure("change the settings", err)
	}
	if value == nil {
		delete(all, key)
	} else {
		all[key] = value
	}
	return failure("change the settings", s.writeBlob(settingsRow, settingsBucket, all))
}

// Tally counts one more of a kind, such as people who did not want to be recorded. There are no times and no ids, and
// no entry in the log.
func (s *Store) Tally(kind string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]uint64{}
	if err := s.readBlob(tallyRow, &all); err != nil {
		return failure("count", err)
	}
	all[kind]++
	return failure("count", s.writeBlob(tallyRow, tallyBucket, all))
}

// Tallies gives the counts.
func (s *Store) Tallies() (map[string]uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]uint64{}
	err := s.readBlob(tallyRow, &all)
	return all, failure("read the counts", err)
}

func (s *Store) readBlob(name string, into any) error {
	plain, err := s.openBlob(name)
	if err != nil || plain == nil {
		return err
	}
	defer clear(plain)
	if json.Unmarshal(plain, into) != nil {
		return fmt.Errorf("it is not JSON: %w", ErrDamaged)
	}
	return nil
}

// openBlob gives a sealed row of meta; nil if it does not exist.
func (s *Store) openBlob(name string) ([]byte, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	var sealed []byte
	err := s.db.QueryRow("SELECT v FROM meta WHERE k = ?", name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := seal.OpenBlob(s.officer.DK, s.officer.Device, name, sealed)
	if errors.Is(err, seal.ErrCannotOpen) {
		return nil, fmt.Errorf("it does not open: %w", ErrDamaged)
	}
	return plain, err
}

func (s *Store) writeBlob(name string, bucket int, from any) error {
	put, err := s.putJSON(name, bucket, from)
	if err != nil {
		return err
	}
	return s.commit(change{apply: put})
}

// putJSON gives what writes a table into its row.
func (s *Store) putJSON(name string, bucket int, from any) (func(*sql.Tx) error, error) {
	plain, err := json.Marshal(from)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	return s.putBlob(name, bucket, plain)
}

func (s *Store) putBlob(name string, bucket int, plain []byte) (func(*sql.Tx) error, error) {
	if len(plain) > maxSettings {
		return nil, ErrTooLarge
	}
	sealed, err := seal.SealBlob(s.o.Rand, s.officer.DK, s.officer.Device, name, bucket, plain)
	if err != nil {
		return nil, err
	}
	return func(tx *sql.Tx) error {
		return oneRow(tx.Exec("INSERT INTO meta(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v", name, sealed))
	}, nil
}
