package store

import (
	"errors"
	"fmt"
	"os"

	"tipscreen/store/seal"
)

// Destroyed says what Destroy would take.
type Destroyed struct {
	Keys   int // records and drafts that can be read here now
	Drafts int // of them unfinished, as far as the database can be read
}

// Destroy overwrites and removes every key of the store in dir: no passphrase and no recovery code opens anything in it
// again. It needs no passphrase, works while the store is in use, and can be repeated. What an agency has received
// stays with it. With onlyLook it just counts.
func Destroy(dir string, onlyLook bool) (Destroyed, error) {
	o := Options{Dir: dir}.withDefaults()
	s := &Store{o: o, files: files{dir: dir, sync: o.test.sync, rand: o.Rand}}
	var d Destroyed
	if !Exists(dir) {
		return d, fmt.Errorf("destroy the keys: %w", ErrNoStore)
	}
	ids, err := s.keyFiles()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return d, failure("destroy the keys", err)
	}
	d.Keys = len(ids)
	if db, err := s.openDB("ro"); err == nil {
		_ = db.QueryRow("SELECT count(*) FROM draft").Scan(&d.Drafts) // only for the words before it
		db.Close()
	}
	if onlyLook {
		return d, nil
	}
	return d, failure("destroy the keys", s.destroy(ids))
}

// destroy takes the slots first: without them no record key opens any more. It goes on after an error.
func (s *Store) destroy(ids []seal.ID) error {
	var all error
	for _, name := range []string{ringName, ringName + ".new"} {
		all = errors.Join(all, s.files.shredFile(name))
	}
	all = errors.Join(all, syncDir(s.files.dir, s.files.sync))
	for _, id := range ids {
		all = errors.Join(all, s.files.shred(id))
	}
	return all
}
