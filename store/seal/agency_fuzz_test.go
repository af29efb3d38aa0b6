package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"testing"

	"filippo.io/age"
)

// testKeyset is a keyset with one recipient for each role, whose keys it gives too.
func testKeyset(t testing.TB) (*Keyset, ed25519.PrivateKey, map[string]*age.HybridIdentity) {
	t.Helper()
	public, root, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := &Keyset{Version: 1, Agency: "Example", Created: "2026-01-01", NotAfter: "2027-01-01", Recipients: map[string][]string{},
		ReceiptKeys: []string{ID(public[:16]).String() + ID(public[16:]).String()}}
	keys := map[string]*age.HybridIdentity{}
	for _, role := range Roles() {
		i, err := age.GenerateHybridIdentity()
		if err != nil {
			t.Fatal(err)
		}
		keys[role], k.Recipients[role] = i, []string{i.Recipient().String()}
	}
	return k, root, keys
}

func FuzzParseKeyset(f *testing.F) {
	k, root, _ := testKeyset(f)
	signed, err := k.Sign(root)
	if err != nil {
		f.Fatal(err)
	}
	body, _, _ := cutLP(signed[40:])
	f.Add(signed, body)
	f.Add([]byte(keysetMagic), []byte(`{"version":1}{}`))
	f.Fuzz(func(t *testing.T, signed, body []byte) {
		if k, err := ParseKeyset(signed); err == nil && !bytes.Equal(k.Signed(), signed) {
			t.Fatal("another keyset came out")
		}
		public := root.Public().(ed25519.PublicKey) // past the signature
		b := appendLP(append([]byte(keysetMagic), public...), body)
		b = append(b, ed25519.Sign(root, lp("keyset", public, body))...)
		k, err := ParseKeyset(b)
		if err == nil && (k.Version == 0 || len(k.Recipients[Protection]) == 0 || len(k.Recipients[Recovery]) == 0) {
			t.Fatalf("accepted: %s", body)
		}
	})
}

func FuzzUnfinished(f *testing.F) {
	k, _, keys := testKeyset(f)
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	r, _, device := record(f)
	custody, err := r.Custody(signer, k)
	if err != nil {
		f.Fatal(err)
	}
	body, err := r.SealAgencyDraft(rand.Reader, 3, AgencyDraft{Custody: custody, Allegation: []byte("a"), Snapshot: []byte("snapshot")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(PackUnfinished(device, []Unfinished{{r.ID, 3, body}}), custody, appendLP(appendLP(nil, []byte("a")), []byte("s")))
	f.Fuzz(func(t *testing.T, file, custody, inner []byte) {
		if _, drafts, err := ReadUnfinished(file); err == nil {
			for _, d := range drafts {
				if got, err := r.OpenAgencyDraft(d.Revision, d.Body); err == nil && string(got.Snapshot) != "snapshot" {
					t.Fatal("another draft came out")
				}
			}
		}
		if got, _, err := OpenCustody(keys[Recovery], custody); err == nil && got.rk != r.rk {
			t.Fatal("another key came out")
		}
		none := sha256.Sum256(nil) // past the seal
		b, err := box(rand.Reader, r.rk, pad(inner, draftBucket), "draft enrolled", r.device[:], r.ID[:], u64(1), none[:])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = r.OpenAgencyDraft(1, append(appendLP([]byte(draftMagic), nil), b...))
	})
}

// FuzzDevice reads device states that were sealed with the right key.
func FuzzDevice(f *testing.F) {
	r, o, _ := ring(f)
	f.Add(make([]byte, devicePlain))
	f.Fuzz(func(t *testing.T, p []byte) {
		p = append(bytes.Clone(p), make([]byte, devicePlain)...)[:devicePlain]
		var d Device
		if err := d.readOfficers(p[officersAt:]); err != nil {
			return
		}
		o := *o
		o.State = d
		if err := r.SetDevice(rand.Reader, &o); err != nil {
			t.Fatal(err)
		}
		var again Officer
		again.DK = o.DK
		if err := r.openDevice(&again); err != nil || len(again.Handles()) != len(o.Handles()) {
			t.Fatal(err)
		}
	})
}
