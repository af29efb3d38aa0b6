package main

import (
	"encoding/json"
	"errors"
	"fmt"

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
	events := iv.Events()
	shown := stub{Finished: events[len(events)-1].At.Format("2006-01-02 15:04")}
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
