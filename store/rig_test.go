package store

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"testing"
	"time"

	"filippo.io/age"

	"tipscreen/store/seal"
)

// hq is an agency with all its keys.
type hq struct {
	root       ed25519.PrivateKey
	identities map[string]*age.HybridIdentity
	keyset     seal.Keyset
}

func newHQ(t testing.TB, oversight bool) *hq {
	t.Helper()
	_, root, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := &hq{root: root, identities: map[string]*age.HybridIdentity{}}
	h.keyset = seal.Keyset{Agency: "Canary Agency", Created: "2026-11-01", NotAfter: "2099-01-01", Recipients: map[string][]string{},
		ReceiptKeys: []string{hex.EncodeToString(root.Public().(ed25519.PublicKey))}, Policy: seal.Policy{RetentionDays: 30}}
	for _, role := range seal.Roles() {
		if role == seal.Oversight && !oversight {
			continue
		}
		i, err := age.GenerateHybridIdentity()
		if err != nil {
			t.Fatal(err)
		}
		h.identities[role], h.keyset.Recipients[role] = i, []string{i.Recipient().String()}
	}
	return h
}

func (h *hq) sign(t testing.TB, version uint32) []byte {
	t.Helper()
	h.keyset.Version = version
	b, err := h.keyset.Sign(h.root)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// enrolled makes a store that hands over to an agency. Its clock can be set.
func enrolled(t testing.TB, oversight bool) (Options, *hq, *time.Time) {
	t.Helper()
	o, _ := create(t)
	clock := time.Now()
	o.Now = func() time.Time { return clock }
	h := newHQ(t, oversight)
	s := reopen(t, o)
	if err := s.Enrol(h.sign(t, 1)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	return o, h, &clock
}

// handover takes the sealed parts out of the database as a transfer would.
func handover(t testing.TB, s *Store, id string) [][]byte {
	t.Helper()
	_, n, err := s.findRecord(id)
	if err != nil {
		t.Fatal(err)
	}
	first, parts, err := s.recordParts(n)
	if err != nil || first != agencyKinds {
		t.Fatal(first, err)
	}
	return parts
}

func (h *hq) open(t testing.TB, id, part, role string, sealed []byte) (string, error) {
	t.Helper()
	rid, err := seal.ParseID(id)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := seal.OpenAgencyPart(h.identities[role], part, sealed, rid, h.keyset.Recipients[role])
	return string(b), err
}

func agencyRecord(t testing.TB, s *Store) string {
	t.Helper()
	d := draft(t, s, 2)
	finish(t, d)
	return d.ID()
}
