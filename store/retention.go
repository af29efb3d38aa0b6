package store

import (
	"database/sql"
	"fmt"
	"time"

	"tipscreen/store/seal"
)

// Departure says how far a sealed record has come on its way to the agency.
type Departure int

// The steps.
const (
	Here      Departure = iota
	Left                // in a bundle, which may have left the laptop
	Receipted           // the agency's signed receipt says that it was opened
)

// markDeparted notes in a transaction that records left, or that a receipt came. A record never goes back a step, and one
// that is not here any more is passed over.
func markDeparted(tx *sql.Tx, ids []seal.ID, step Departure) error {
	if _, err := tx.Exec("CREATE TABLE IF NOT EXISTS departed(record INTEGER PRIMARY KEY, state INTEGER NOT NULL)"); err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec(`INSERT INTO departed(record, state) SELECT n, ? FROM record WHERE id = ?
			ON CONFLICT(record) DO UPDATE SET state = max(state, excluded.state)`, int(step), id[:]); err != nil {
			return err
		}
	}
	return nil
}

// querier is a database or a transaction.
type querier interface {
	QueryRow(query string, args ...any) *sql.Row
}

// hasTable tells whether a table that is made when it is first needed is there.
func hasTable(q querier, name string) (bool, error) {
	var n int
	err := q.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = ?", name).Scan(&n)
	return n > 0, err
}

// departure looks a record up; a store from which nothing ever left has no such table.
func (s *Store) departure(id seal.ID) (Departure, error) {
	if there, err := hasTable(s.db, "departed"); err != nil || !there {
		return Here, err
	}
	var step Departure
	err := s.db.QueryRow("SELECT coalesce(max(state), 0) FROM departed WHERE record = (SELECT n FROM record WHERE id = ?)", id[:]).Scan(&step)
	return step, err
}

// RetentionReport says what the rules of the agency removed, and what they left.
type RetentionReport struct {
	Days    int      `json:"days"` // 0: records are kept for ever
	Removed []string `json:"removed"`
	Waiting int      `json:"waiting"` // old enough, but the agency has not said that it opened them
	Young   int      `json:"young"`
	Drafts  int      `json:"drafts"` // never removed by age
}

// Retain removes, or with only looking set just names, finished records that are older than the policy says and that
// the agency's receipt covers. It removes nothing after the clock jumped, and nothing on a laptop that is alone.
func (s *Store) Retain(onlyLook bool) (RetentionReport, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := RetentionReport{Removed: []string{}}
	if err := s.ready(); err != nil {
		return r, failure("apply the retention", err)
	}
	switch {
	case !s.enrolled():
		return r, fmt.Errorf("apply the retention: %w", ErrNotAgency)
	case s.keyset == nil:
		return r, fmt.Errorf("apply the retention: %w", ErrNoKeyset)
	case s.clock.Jumped:
		return r, fmt.Errorf("apply the retention: %w", ErrClock)
	}
	r.Days, r.Drafts = s.keyset.Policy.RetentionDays, len(s.marks)
	if r.Days == 0 {
		return r, nil
	}
	due, err := s.dueByAge(&r)
	if err != nil || onlyLook {
		for _, id := range due {
			r.Removed = append(r.Removed, id.String())
		}
		return r, failure("apply the retention", err)
	}
	for _, id := range due {
		if err := s.erase(id, seal.Erased); err != nil {
			return r, failure("apply the retention", err)
		}
		r.Removed = append(r.Removed, id.String())
	}
	if len(due) > 0 {
		err = s.commit(tell(seal.Entry{Kind: seal.Retention, Number: uint64(len(due))}))
	}
	return r, failure("apply the retention", err)
}

// dueByAge goes through the log for the times of finishing: the database itself has none.
func (s *Store) dueByAge(r *RetentionReport) ([]seal.ID, error) {
	var done []seal.Entry
	err := s.walkLog(0, func(at seal.Head, sealed []byte) error {
		e, err := at.Open(s.officer.State.LogKey, s.officer.Device, sealed)
		if err == nil && e.Kind == seal.Finished {
			done = append(done, e)
		}
		return nil // a damaged entry is for Verify to name; its record is not removed
	})
	if err != nil {
		return nil, err
	}
	limit := s.o.Now().Add(-time.Duration(r.Days) * 24 * time.Hour)
	var due []seal.ID
	for _, e := range done {
		if !s.hasRecord(e.Record) {
			continue
		}
		step, err := s.departure(e.Record)
		switch {
		case err != nil:
			return nil, err
		case !e.Time.Before(limit):
			r.Young++
		case step < Receipted:
			r.Waiting++
		default:
			due = append(due, e.Record)
		}
	}
	return due, nil
}
