package store

import (
	"database/sql"
	"errors"

	"tipscreen/store/seal"
)

// notes reads all notes about bundles, and names those that cannot be read.
func (s *Store) notes() (map[uint64]bundleNote, []uint64, error) {
	all, err := s.numbers()
	if err != nil {
		return nil, nil, err
	}
	notes, bad := map[uint64]bundleNote{}, []uint64(nil)
	for _, number := range all {
		n, err := s.note(number)
		switch {
		case err == nil:
			notes[number] = n
		case errors.Is(reduce(err), ErrDamaged):
			bad = append(bad, number)
		default:
			return nil, nil, err
		}
	}
	return notes, bad, nil
}

// mendNotes puts an empty note in the place of each that cannot be read, so that its number is not used again, and lets
// its records go into bundles anew: better twice at the agency than never. The agency sees a gap, and that the heads of
// the log do not follow on each other.
func (s *Store) mendNotes() error {
	notes, bad, err := s.notes()
	if err != nil || len(bad) == 0 {
		return err
	}
	newest := bad[len(bad)-1]
	planned := map[seal.ID]bool{}
	for number, n := range notes {
		newest = max(newest, number)
		for _, id := range n.IDs {
			planned[seal.ID(id)] = true
		}
	}
	var puts []func(*sql.Tx) error
	for _, number := range bad {
		empty := bundleNote{First: 1}
		for before := number - 1; before > 0; before-- {
			if n, ok := notes[before]; ok {
				empty = bundleNote{First: n.First + uint64(len(n.IDs)), Since: n.Head, Head: n.Head, Keyset: n.Keyset, Made: n.Made}
				break
			}
		}
		if number == newest { // what it held is not known, and the numbers of its records must not come again
			empty.First += seal.BundleRecords
		}
		put, err := s.putNote(number, empty)
		if err != nil {
			return err
		}
		notes[number] = empty
		puts = append(puts, put)
	}
	return s.commit(change{apply: func(tx *sql.Tx) error {
		for _, put := range puts {
			if err := put(tx); err != nil {
				return err
			}
		}
		return forgetDepartures(tx, planned)
	}})
}

// forgetDepartures lets records that are in no bundle be planned again, unless the agency opened them.
func forgetDepartures(tx *sql.Tx, planned map[seal.ID]bool) error {
	rows, err := tx.Query("SELECT record.n, record.id FROM departed JOIN record ON record.n = departed.record WHERE departed.state = ?", int(Left))
	if err != nil {
		return err
	}
	var forgotten []int64
	for rows.Next() {
		var n int64
		var id []byte
		if err := rows.Scan(&n, &id); err != nil {
			rows.Close()
			return err
		}
		if len(id) == 16 && !planned[seal.ID(id)] {
			forgotten = append(forgotten, n)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, n := range forgotten {
		if _, err := tx.Exec("DELETE FROM departed WHERE record = ?", n); err != nil {
			return err
		}
	}
	return nil
}
