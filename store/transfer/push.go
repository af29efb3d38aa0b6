package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// Pushed says what a push did.
type Pushed struct {
	Planned int   `json:"planned"` // records that were put into bundles
	Bundles int   `json:"bundles"` // bundles that the target has now and had not before
	Already int   `json:"already"` // of these, those that it turned out to have
	Records int   `json:"records"` // in these bundles
	Bytes   int64 `json:"bytes"`
}

// Progress says how far a push has come. On a slow line it is told within a bundle too.
type Progress struct {
	Done, Total int     // bundles
	Part        float64 // of the bundle that is on its way, 0 to 1
	Bytes       int64
}

// Push puts every sealed record that is not there onto a target. It goes on where an earlier push stopped; repeated, it
// changes nothing. A bundle counts as sent only when the target has it whole; and nothing is removed here because of
// that. offset is what the target's clock is ahead, if that is known.
func Push(ctx context.Context, s *store.Store, name string, t Target, offset time.Duration, tell func(Progress)) (Pushed, error) {
	var p Pushed
	address, err := s.Address()
	if err != nil {
		return p, err
	}
	if p.Planned, err = s.Plan(offset); err != nil {
		return p, err
	}
	unsent, err := s.Unsent(name)
	if err != nil {
		return p, err
	}
	for i, number := range unsent {
		content, records, err := s.Bundle(number)
		if err != nil {
			return p, err
		}
		if b, slow := t.(*bucket); slow && tell != nil {
			b.told = func(sent int) {
				tell(Progress{Done: i, Total: len(unsent), Part: float64(sent) / float64(len(content)), Bytes: p.Bytes + int64(sent)})
			}
		}
		path := seal.BundlesOf(address.Agency, address.Device) + seal.BundleName(content)
		already, err := t.Put(ctx, path, content)
		if err != nil {
			return p, fmt.Errorf("send bundle %d: %w", number, err)
		}
		if err := s.MarkSent(number, name); err != nil {
			return p, err
		}
		if already {
			p.Already++
		}
		p.Bundles, p.Records, p.Bytes = p.Bundles+1, p.Records+records, p.Bytes+int64(len(content))
		if tell != nil {
			tell(Progress{Done: i + 1, Total: len(unsent), Bytes: p.Bytes})
		}
	}
	return p, nil
}

// Pulled says what a pull found.
type Pulled struct {
	Receipts int         `json:"receipts"`
	Arrived  int         `json:"received"`
	Opened   int         `json:"opened"`
	Unknown  int         `json:"unknown"`
	Missing  [][2]uint64 `json:"missing,omitempty"`
	PutBack  bool        `json:"put_back"`
	Releases []uint32    `json:"releases,omitempty"` // versions of keysets that were taken
}

// Pull takes receipts, and newer keysets and data, of which take decides and which it puts in place. Each is asked for
// by its name, so that a target need not let laptops list anything. One that is not valid is named and stops only its
// own kind.
func Pull(ctx context.Context, s *store.Store, t Target, take func(*seal.Release) error) (Pulled, error) {
	var p Pulled
	address, err := s.Address()
	if err != nil {
		return p, err
	}
	err = pullReleases(ctx, t, address, take, &p) // first: a newer keyset may name the key that signed the receipts
	return p, errors.Join(err, pullReceipts(ctx, s, t, address, &p))
}

func pullReceipts(ctx context.Context, s *store.Store, t Target, address store.Address, p *Pulled) error {
	for number := address.Receipts + 1; ; number++ {
		signed, err := t.Get(ctx, seal.ReceiptPath(address.Agency, address.Device, number), seal.MaxReceipt)
		if errors.Is(err, ErrAbsent) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("fetch receipt %d: %w", number, err)
		}
		r, err := s.TakeReceipt(signed)
		if err != nil {
			return fmt.Errorf("receipt %d: %w", number, err)
		}
		p.Receipts++
		p.Arrived, p.Opened, p.Unknown = p.Arrived+r.Arrived, p.Opened+r.Opened, p.Unknown+r.Unknown
		p.Missing, p.PutBack = r.Missing, p.PutBack || r.PutBack
	}
}

func pullReleases(ctx context.Context, t Target, address store.Address, take func(*seal.Release) error, p *Pulled) error {
	for version := address.Keyset + 1; version != 0; version++ {
		content, err := t.Get(ctx, seal.ReleasePath(address.Agency, version), seal.MaxRelease)
		if errors.Is(err, ErrAbsent) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("fetch release %d: %w", version, err)
		}
		r, err := seal.ParseRelease(content, address.Agency)
		if err != nil && !errors.Is(err, seal.ErrVersion) || err == nil && r.Keyset.Version != version {
			err = errors.Join(seal.ErrSignature, err)
		}
		if err == nil {
			err = take(r)
		}
		if err != nil {
			return fmt.Errorf("release %d: %w", version, err)
		}
		p.Releases = append(p.Releases, version)
	}
	return nil
}
