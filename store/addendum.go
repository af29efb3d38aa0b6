package store

import (
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"tipscreen/store/seal"
)

// Compose gives the stub and the protection part of a record that is about another one, whose whole id it is told.
type Compose func(about string) (stub, protection []byte, err error)

// Addendum adds to a finished record, which itself is never changed: a new record that names it. On an enrolled laptop
// it is sealed at once and cannot be read here.
func (s *Store) Addendum(id string, compose Compose) (string, error) {
	s.mu.Lock()
	err := s.ready()
	var about seal.ID
	if err == nil {
		about, _, err = s.findRecord(id)
	}
	s.mu.Unlock()
	if err != nil {
		return "", failure("write an addendum", err)
	}
	return s.writeAbout(about, seal.Addendum, compose)
}

func (s *Store) writeAbout(about seal.ID, kind seal.Kind, compose Compose) (string, error) {
	stub, protection, err := compose(about.String())
	if err != nil {
		return "", err
	}
	d, err := s.NewDraft()
	if err != nil {
		return "", err
	}
	id := d.ID()
	d.extra = []seal.Entry{{Kind: kind, Record: about}}
	if err := d.Finish(stub, map[string][]byte{Protection: protection}); err != nil {
		return "", errors.Join(err, d.Discard())
	}
	if d.agency {
		return id, s.Done(id)
	}
	return id, nil
}

// Withdraw follows a person who takes the consent back. What has not left the laptop is erased. For what has, request
// composes what asks the agency to erase it, and a record of that is made to travel like any other; then the copy here
// is erased too. It returns the id of the request, or nothing.
func (s *Store) Withdraw(id string, request Compose) (requested string, err error) {
	s.mu.Lock()
	rid, err := s.findEither(id)
	var step Departure
	if err == nil {
		step, err = s.departure(rid)
	}
	s.mu.Unlock()
	if err != nil {
		return "", failure("withdraw", err)
	}
	if step > Here {
		if requested, err = s.writeAbout(rid, seal.Withdrawn, request); err != nil {
			return "", failure("withdraw", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return requested, failure("withdraw record "+short(rid), s.erase(rid, seal.Withdrawn))
}

// HandOver seals an old record, which this laptop can read, to the agency, as if it had been recorded for it. From then
// on nobody can read it here.
func (s *Store) HandOver(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return failure("hand over", err)
	}
	if s.keyset == nil {
		if s.enrolled() {
			return fmt.Errorf("hand over: %w", ErrNoKeyset)
		}
		return fmt.Errorf("hand over: %w", ErrNotAgency)
	}
	rid, n, err := s.findRecord(id)
	if at, held := s.held[rid]; err == nil && held && at.Unix() == 0 { // an earlier attempt got this far
		return failure("hand over record "+short(rid), s.shredHeld([]seal.ID{rid}))
	}
	if err == nil && s.isAgency(rid) {
		err = ErrSealed
	}
	if err != nil {
		return failure("hand over", err)
	}
	return failure("hand over record "+short(rid), s.handOver(rid, n))
}

func (s *Store) handOver(id seal.ID, n int64) error {
	parts, err := s.resealed(id, n)
	if err != nil {
		return err
	}
	// Due at once: if the power fails before it is shredded below, the next opening does it.
	held := maps.Clone(s.held)
	held[id] = time.Unix(0, 0)
	put, err := s.putAgency(held)
	if err != nil {
		return err
	}
	err = s.commit(change{
		entries: []seal.Entry{{Kind: seal.HandedOver, Record: id, Digest: seal.PartsDigest(parts)}},
		apply: func(tx *sql.Tx) error {
			for kind, body := range parts {
				if err := oneRow(tx.Exec("UPDATE part SET kind = ?, body = ? WHERE record = ? AND kind = ?", agencyKinds+kind, body, n, kind)); err != nil {
					return err
				}
			}
			return put(tx)
		},
	})
	if err != nil {
		return err
	}
	s.held = held
	if err := s.shredHeld([]seal.ID{id}); err != nil {
		return err
	}
	return s.checkpoint()
}

// resealed opens the parts of a record and seals them to the agency.
func (s *Store) resealed(id seal.ID, n int64) ([][]byte, error) {
	r, err := s.openRecord(id)
	if err != nil {
		return nil, err
	}
	defer r.Wipe()
	_, sealed, err := s.recordParts(n)
	if err != nil {
		return nil, err
	}
	contents := map[string][]byte{}
	for kind, name := range seal.Compartments() {
		content, err := r.OpenPart(name, sealed[kind], s.officer.Signer().Public().(ed25519.PublicKey))
		if errors.Is(err, ErrAbsent) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("part %s: %w", name, ErrDamaged)
		}
		defer clear(content)
		contents[name] = content
	}
	if contents[Allegation] != nil && !s.keyset.HasOversight() {
		return nil, ErrNoOversight
	}
	sealer, err := r.Agency(s.officer.Signer(), s.keyset)
	if err != nil {
		return nil, err
	}
	defer sealer.Wipe()
	return sealer.Parts(contents)
}
