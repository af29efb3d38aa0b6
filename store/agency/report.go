package agency

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// DeviceReport is what an agency should know about one laptop.
type DeviceReport struct {
	Device     string `json:"device"`
	Key        string `json:"key"`
	Registered bool   `json:"registered"` // somebody compared the key with the paper of the enrolment
	Bundles    int    `json:"bundles"`
	Records    int    `json:"records"`
	Opened     int    `json:"opened"`
	// Gaps are sequence numbers that never came; BundleGaps the same of whole bundles.
	Gaps       [][2]uint64 `json:"gaps,omitempty"`
	BundleGaps [][2]uint64 `json:"bundle_gaps,omitempty"`
	// Forks: the same sequence number with another record, or the log at the same place with another content. Somebody put
	// the laptop back to an older copy, or there are two of it.
	Forks    []Fork `json:"forks,omitempty"`
	LogForks int    `json:"log_forks,omitempty"` // bundles whose log does not go through what was known
	// Foreign are records with a part that other or more people can read than a keyset ever said.
	Foreign []string `json:"foreign_recipients,omitempty"`
	Clock   []string `json:"clock,omitempty"` // ahead, behind, back, server_differs: each with the bundle's number
	Other   []string `json:"other,omitempty"`
}

// Fork is one sequence number that came more than once.
type Fork struct {
	Seq     uint64   `json:"sequence"`
	Records []string `json:"records"`
}

// OK reports that nothing needs looking into.
func (d DeviceReport) OK() bool {
	return d.Registered && len(d.Gaps)+len(d.BundleGaps)+len(d.Forks)+d.LogForks+len(d.Foreign)+len(d.Clock)+len(d.Other) == 0
}

// Limits beyond which a clock is odd.
const (
	clockAhead  = time.Hour
	clockBack   = time.Hour
	clockServer = 15 * time.Minute
)

// Devices reports on every laptop.
func (a *Agency) Devices() ([]DeviceReport, error) {
	s, err := a.shelf(false)
	if err != nil {
		return nil, err
	}
	defer s.close()
	devices, err := s.devices()
	if err != nil {
		return nil, err
	}
	out := []DeviceReport{}
	for _, d := range devices {
		r, err := s.report(d)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (s *shelf) report(d device) (DeviceReport, error) {
	r := DeviceReport{Device: d.id.String(), Key: hex.EncodeToString(d.key), Registered: d.registered}
	c, err := s.chain(d)
	if err != nil {
		return r, err
	}
	r.Gaps, r.BundleGaps, r.Forks, r.LogForks, r.Clock = c.gaps, c.bundleGaps, c.forks, c.logForks, c.clock
	r.Bundles, r.Records, r.Opened = len(c.headers), c.records, c.opened
	rows, err := s.db.Query("SELECT what, record FROM finding WHERE device = ? ORDER BY what, record", d.id[:])
	if err != nil {
		return r, err
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		var record []byte
		if err := rows.Scan(&what, &record); err != nil {
			return r, err
		}
		if name := hex.EncodeToString(record); what == "foreign_recipients" {
			r.Foreign = append(r.Foreign, name)
		} else {
			r.Other = append(r.Other, what+" "+name)
		}
	}
	return r, rows.Err()
}

// chain is what the bundles of a laptop say together.
type chain struct {
	headers          []header
	head             seal.Head // the end of the log, as it came first
	gaps, bundleGaps [][2]uint64
	forks            []Fork
	logForks         int
	clock            []string
	records, opened  int
}

// header is a bundle's header with the time at which it came.
type header struct {
	*seal.Bundle
	at time.Time
}

func (s *shelf) chain(d device) (chain, error) {
	var c chain
	var err error
	if c.headers, err = s.headers(d); err != nil {
		return c, err
	}
	c.follow()
	c.clocks()
	var numbers []uint64
	for _, h := range c.headers {
		numbers = append(numbers, h.Number)
	}
	slices.Sort(numbers)
	c.bundleGaps = gapsOf(numbers)
	rows, err := s.records("device = ? ORDER BY seq, n", d.id[:])
	if err != nil {
		return c, err
	}
	c.sequences(rows)
	return c, nil
}

// headers gives them in the order in which they came.
func (s *shelf) headers(d device) ([]header, error) {
	rows, err := s.db.Query("SELECT header, at FROM bundle WHERE device = ? ORDER BY rowid", d.id[:])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []header
	for rows.Next() {
		var signed []byte
		var at int64
		if err := rows.Scan(&signed, &at); err != nil {
			return nil, err
		}
		b, err := seal.ParseBundleHeader(signed)
		if err != nil || !b.Key.Equal(d.key) {
			continue // it came before the register said which key is the laptop's
		}
		out = append(out, header{b, time.Unix(at, 0)})
	}
	return out, rows.Err()
}

// follow goes through the heads of the log in the order in which they came. A bundle whose log contradicts what was
// known before stands beside the chain, not on it.
func (c *chain) follow() {
	known := map[uint64][32]byte{}
	byNumber := map[uint64]seal.Head{}
	for _, h := range c.headers {
		heads := h.heads()
		before, again := byNumber[h.Number]
		forked := again && before != h.Head
		if prior, ok := byNumber[h.Number-1]; ok && prior != h.Since {
			forked = true
		}
		for _, one := range heads {
			if hash, ok := known[one.Seq]; ok && hash != one.Hash {
				forked = true
			}
		}
		if forked {
			c.logForks++
			continue
		}
		byNumber[h.Number] = h.Head
		for _, one := range heads {
			known[one.Seq] = one.Hash
		}
		if h.Head.Seq > c.head.Seq {
			c.head = h.Head
		}
	}
}

// heads gives all heads of the log that a bundle names.
func (h header) heads() []seal.Head {
	var out []seal.Head
	if h.Since.Seq > 0 {
		out = append(out, h.Since)
	}
	first := h.Head.Seq - uint64(len(h.Hashes))
	for i, hash := range h.Hashes {
		out = append(out, seal.Head{Seq: first + uint64(i), Hash: hash})
	}
	return append(out, h.Head)
}

// clocks compares what the laptop's clock said with what went before, with the agency's clock and with a server's.
func (c *chain) clocks() {
	sorted := slices.Clone(c.headers)
	slices.SortStableFunc(sorted, func(a, b header) int { return cmp.Compare(a.Number, b.Number) })
	add := func(what string, h header) { c.clock = append(c.clock, fmt.Sprintf("%s %d", what, h.Number)) }
	var last time.Time
	for _, h := range sorted {
		if h.Made.Sub(h.at) > clockAhead {
			add("ahead", h)
		}
		if last.Sub(h.Made) > clockBack {
			add("back", h)
		}
		if h.Offset.Abs() >= clockServer {
			add("server_differs", h)
		}
		last = h.Made
	}
}

func (c *chain) sequences(rows []recordRow) {
	var numbers []uint64
	var last recordRow
	for _, r := range rows {
		numbers = append(numbers, r.seq)
		if !r.gone() {
			c.records++
		}
		if r.opened > 0 {
			c.opened++
		}
		switch {
		case last.seq != r.seq || r.id == last.id && last.gone():
			last = r
		case r.id == last.id && (r.gone() || r.digest == last.digest):
			// the empty place that a record left when it came again
		default:
			if n := len(c.forks); n == 0 || c.forks[n-1].Seq != r.seq {
				c.forks = append(c.forks, Fork{Seq: r.seq, Records: []string{last.id.String()}})
			}
			at := &c.forks[len(c.forks)-1]
			at.Records = append(at.Records, r.id.String())
		}
	}
	c.gaps = gapsOf(numbers)
}

// Listed is one record on the shelf.
type Listed struct {
	ID        string `json:"id"`
	Device    string `json:"device"`
	Seq       uint64 `json:"sequence"`
	Received  string `json:"received"`
	Opened    string `json:"opened,omitempty"`
	Withdrawn bool   `json:"withdrawn,omitempty"` // the laptop sent a request: the person took the consent back
	Erased    bool   `json:"erased,omitempty"`
	Gone      bool   `json:"gone,omitempty"` // it was erased on the laptop before it left
	Forked    bool   `json:"forked,omitempty"`
	Digest    string `json:"digest"`
}

// Records lists what is on the shelf, in the order in which it came. The empty place of a record stands there only if the
// record itself never came.
func (a *Agency) Records() ([]Listed, error) {
	return a.list(`digest <> zeroblob(24) OR NOT EXISTS(SELECT 1 FROM record AS real WHERE real.id = record.id AND real.device = record.device
		AND real.digest <> zeroblob(24)) ORDER BY n`)
}

// Record gives one record; a unique beginning of its id is enough, also with the beginning of its digest after a colon.
func (a *Agency) Record(id string) (Listed, error) {
	s, err := a.shelf(false)
	if err != nil {
		return Listed{}, err
	}
	row, err := s.find(id)
	s.close()
	if err != nil {
		return Listed{}, err
	}
	all, err := a.list("n = ?", row.n)
	if err == nil && len(all) != 1 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Listed{}, err
	}
	return all[0], nil
}

func (a *Agency) list(where string, args ...any) ([]Listed, error) {
	s, err := a.shelf(false)
	if err != nil {
		return nil, err
	}
	defer s.close()
	rows, err := s.records(where, args...)
	if err != nil {
		return nil, err
	}
	reports := map[seal.ID][]Fork{}
	devices, err := s.devices()
	if err != nil {
		return nil, err
	}
	for _, d := range devices {
		c, err := s.chain(d)
		if err != nil {
			return nil, err
		}
		reports[d.id] = c.forks
	}
	out := []Listed{}
	for _, r := range rows {
		one := Listed{ID: r.id.String(), Device: r.device.String(), Seq: r.seq, Received: time.Unix(r.at, 0).UTC().Format(time.RFC3339),
			Withdrawn: r.withdrawn, Erased: r.erased, Gone: r.gone(), Digest: hex.EncodeToString(r.digest[:])}
		if r.opened > 0 {
			one.Opened = time.Unix(r.opened, 0).UTC().Format(time.RFC3339)
		}
		one.Forked = slices.ContainsFunc(reports[r.device], func(f Fork) bool { return f.Seq == r.seq })
		out = append(out, one)
	}
	return out, nil
}
