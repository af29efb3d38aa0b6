package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/store"
)

// shelf is the Recorder of a live interview: it keeps the interview as a draft of the store.
type shelf struct {
	store  *store.Store
	draft  *store.Draft
	packed []byte // what never changes during the interview, compressed once
}

// stub is what the list of records shows of a finished record.
type stub struct {
	Plan     string `json:"plan,omitempty"`
	Finished string `json:"finished"`
	About    string `json:"about,omitempty"`
}

// Keep makes the whole interview durable.
func (s *shelf) Keep(iv *screening.Interview) error {
	if s.packed == nil {
		packed, err := screening.PackSetup(iv.Setup())
		if err != nil {
			return err
		}
		s.packed = packed
	}
	snapshot, err := screening.Snapshot(s.packed, iv.Events())
	if err != nil {
		return err
	}
	if s.draft == nil {
		if s.draft, err = s.store.NewDraft(); err != nil {
			return named(err)
		}
	}
	return named(s.draft.Save(snapshot))
}

// Finish seals the interview into its compartments.
func (s *shelf) Finish(iv *screening.Interview) (string, error) {
	parts, err := iv.Parts()
	if err != nil {
		return "", err
	}
	shown := stub{Finished: finishedAt(iv.Events())}
	if !s.store.Enrolled() { // the plan says something about the person; with an agency only reference and time remain
		shown.Plan = iv.Setup().Plan.ID
	}
	short, err := json.Marshal(shown)
	if err != nil {
		return "", err
	}
	if err := s.draft.Finish(short, parts); err != nil {
		return "", named(err)
	}
	return reference(s.draft.ID()), nil
}

// finishedAt is when the closing was completed; sealing may have to wait for a disk.
func finishedAt(events []screening.Event) string {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Kind == screening.Finished {
			return events[i].At.Format(time.RFC3339)
		}
	}
	return ""
}

// Forget removes the draft, because the person no longer wants a record.
func (s *shelf) Forget() error {
	if s.draft == nil {
		return nil
	}
	if err := s.draft.Discard(); err != nil {
		return named(err)
	}
	s.draft = nil
	return nil
}

// Declined counts an interview without a record.
func (s *shelf) Declined() error { return named(s.store.Tally("declined")) }

// reference is the short form of a record's id: enough to find it among a hundred thousand.
func reference(id string) string { return id[:min(len(id), 10)] }

// named adds to an error of the store what the Surface can explain.
func named(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrFull):
		return fmt.Errorf("%w: %w", session.ErrFull, err)
	case errors.Is(err, store.ErrPermission), errors.Is(err, store.ErrReadOnly):
		return fmt.Errorf("%w: %w", session.ErrNoPermission, err)
	}
	return err
}
