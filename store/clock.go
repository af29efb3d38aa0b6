package store

import (
	"time"

	"tipscreen/store/seal"
)

// clock is what the store remembers of the laptop's clock.
type clock struct {
	Seen   int64 // seconds
	Jumped bool  // until an officer confirms the date
}

const (
	clockStep  = time.Hour // smaller moves are not written down
	clockLimit = 45 * 24 * time.Hour
)

// lookAtClock compares the time with the last one that was seen. A clock that went back, or forward further than the
// policy allows for a laptop in a drawer, has jumped: nothing is removed because of its age until somebody looked.
func (s *Store) lookAtClock() error {
	var last clock
	if err := s.readBlob(clockRow, &last); err != nil {
		return err
	}
	s.clock = last
	now := s.o.Now()
	moved := now.Sub(time.Unix(last.Seen, 0))
	limit := clockLimit
	if s.keyset != nil {
		limit = s.keyset.Policy.ClockLimit()
	}
	var entries []seal.Entry
	switch {
	case last.Seen == 0:
	case moved < -clockStep:
		entries = []seal.Entry{{Kind: seal.ClockJump}}
	case moved > limit:
		entries = []seal.Entry{{Kind: seal.ClockJump, Number: uint64(moved.Seconds())}}
	case moved < clockStep:
		return nil
	}
	return s.setClock(clock{now.Unix(), last.Jumped || len(entries) > 0}, entries)
}

func (s *Store) setClock(c clock, entries []seal.Entry) error {
	put, err := s.putJSON(clockRow, clockBucket, c)
	if err != nil {
		return err
	}
	if err := s.commit(change{entries: entries, apply: put}); err != nil {
		return err
	}
	s.clock = c
	return nil
}

// ClockJumped reports that the clock went back or far ahead, and nobody has confirmed the date since.
func (s *Store) ClockJumped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.Jumped
}

// ConfirmClock says that an officer compared the date with something else.
func (s *Store) ConfirmClock() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return failure("confirm the clock", err)
	}
	return failure("confirm the clock", s.setClock(clock{Seen: s.o.Now().Unix()}, []seal.Entry{{Kind: seal.ClockConfirmed}}))
}
