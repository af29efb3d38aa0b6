package agency

import (
	"crypto/ed25519"
	"errors"

	"tipscreen/store/seal"
)

// Draft is an unfinished interview that the custodian opened.
type Draft struct {
	ID       string
	Revision uint64
	Snapshot []byte
	// Officer is the public key that vouched for the draft's key.
	Officer ed25519.PublicKey
	// Problem says why it cannot be read; the others still can.
	Problem error
}

// errElsewhere means that a draft's key belongs to another draft or laptop.
var errElsewhere = errors.New("its key belongs elsewhere")

// OpenUnfinished opens what a laptop exported for the custodian. One bad draft does not block the others. An allegation
// in a draft stays sealed to the oversight.
func (a *Agency) OpenUnfinished(file []byte) ([]Draft, error) {
	device, packed, err := seal.ReadUnfinished(file)
	if err != nil {
		return nil, err
	}
	i, err := a.Identity(seal.Recovery)
	if err != nil {
		return nil, err
	}
	out := make([]Draft, 0, len(packed))
	for _, p := range packed {
		d := Draft{ID: p.ID.String(), Revision: p.Revision}
		custody, err := seal.Custodial(p.Body)
		var r *seal.Record
		if err == nil {
			r, d.Officer, err = seal.OpenCustody(i, custody)
		}
		if err == nil && (r.ID != p.ID || r.Device() != device) {
			err = errElsewhere
		}
		if err == nil {
			var content seal.AgencyDraft
			content, err = r.OpenAgencyDraft(p.Revision, p.Body)
			d.Snapshot = content.Snapshot
			r.Wipe()
		}
		d.Problem = err
		out = append(out, d)
	}
	return out, nil
}
