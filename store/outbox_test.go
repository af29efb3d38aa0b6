package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/store/seal"
)

// plan puts what waits into bundles.
func plan(t testing.TB, s *Store, want int) {
	t.Helper()
	if n, err := s.Plan(0); err != nil || n != want {
		t.Fatalf("planned %d records instead of %d: %v", n, want, err)
	}
}

func bundle(t testing.TB, s *Store, number uint64) *seal.Bundle {
	t.Helper()
	content, _, err := s.Bundle(number)
	if err != nil {
		t.Fatal(err)
	}
	b, err := seal.ParseBundle(content)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// receipt makes the next receipt about everything that is planned, or only about the records named.
func (h *hq) receipt(t testing.TB, s *Store, state seal.Received, change func(*seal.Receipt), ids ...string) []byte {
	t.Helper()
	address, err := s.Address()
	if err != nil {
		t.Fatal(err)
	}
	_, device := s.Head()
	r := &seal.Receipt{Root: address.Agency, Device: s.officer.Device, Key: device, Number: address.Receipts + 1, Time: time.Unix(1e9, 0), Head: s.state.Log}
	notes, _, err := s.notes()
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range slices.Sorted(maps.Keys(notes)) {
		b := bundle(t, s, number)
		for i, e := range b.Entries {
			if !e.Gone && (len(ids) == 0 || slices.Contains(ids, e.ID.String())) {
				r.Entries = append(r.Entries, seal.ReceiptEntry{Seq: b.First + uint64(i), ID: e.ID, Digest: e.Digest(), State: state})
			}
		}
	}
	if change != nil {
		change(r)
	}
	signed, err := r.Sign(h.root)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// receipted plans what waits, and lets the agency say something about some records.
func (h *hq) receipted(t testing.TB, s *Store, state seal.Received, ids ...string) {
	t.Helper()
	if _, err := s.Plan(0); err != nil {
		t.Fatal(err)
	}
	if r, err := s.TakeReceipt(h.receipt(t, s, state, nil, ids...)); err != nil || r.Unknown > 0 || r.PutBack {
		t.Fatal(r, err)
	}
}

func states(t testing.TB, s *Store) string {
	t.Helper()
	all, err := s.Transfers()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, one := range all.Records {
		out = append(out, string(one.State))
	}
	return strings.Join(out, " ")
}

// TestOutbox follows three records of two officers out of the store, with everything that a bundle promises.
func TestOutbox(t *testing.T) {
	t.Parallel()
	o, h, _ := enrolled(t, true)
	s, _ := second(t, o)
	theirs := agencyRecord(t, s)
	closeStore(t, s)
	s = reopen(t, o)
	mine := agencyRecord(t, s)
	draft(t, s, 1)
	plan(t, s, 2)
	plan(t, s, 0)
	third := agencyRecord(t, s)
	plan(t, s, 1)
	if got := states(t, s); got != "here here here" {
		t.Error(got)
	}
	one, two := bundle(t, s, 1), bundle(t, s, 2)
	if one.First != 1 || two.First != 3 || one.Number != 1 || two.Number != 2 || len(one.Entries) != 2 || len(one.Signers) != 2 {
		t.Errorf("%+v %+v", one, two)
	}
	for i, id := range []string{theirs, mine} {
		if one.Entries[i].ID.String() != id || !slices.EqualFunc(one.Entries[i].Parts, parts(t, s, id), bytes.Equal) {
			t.Errorf("entry %d is not record %s", i, id)
		}
	}
	if one.Since != (seal.Head{}) || len(one.Hashes) != 0 || two.Since != one.Head || uint64(len(two.Hashes)) != two.Head.Seq-one.Head.Seq-1 {
		t.Errorf("%v %v %v", one.Head, two.Since, two.Head)
	}
	if !s.hasEntry(seal.Head{Seq: two.Since.Seq + 1, Hash: two.Hashes[0]}) {
		t.Error("the heads in between are not those of the log")
	}
	if unsent, err := s.Unsent("stick"); err != nil || !slices.Equal(unsent, []uint64{1, 2}) {
		t.Error(unsent, err)
	}
	if err := s.MarkSent(1, "stick"); err != nil {
		t.Fatal(err)
	}
	if got := states(t, s); got != "sent sent here" {
		t.Error(got)
	}
	h.receipted(t, s, seal.Arrived, theirs)
	h.receipted(t, s, seal.Opened, theirs, third)
	if got := states(t, s); got != "opened sent opened" {
		t.Error(got)
	}
	if unsent, err := s.Unsent("stick"); err != nil || len(unsent) != 0 {
		t.Error(unsent, err)
	}
	sound(t, s)
	closeStore(t, s)
	s = reopen(t, o)
	if got := states(t, s); got != "opened sent opened" {
		t.Error("after opening again:", got)
	}
	if log := logKinds(t, s); strings.Count(log, "bundle_made") != 2 || strings.Count(log, "receipt_taken") != 2 {
		t.Error(log)
	}
}

func parts(t testing.TB, s *Store, id string) [][]byte {
	t.Helper()
	rid, _ := seal.ParseID(id)
	var n int64
	if err := s.db.QueryRow("SELECT n FROM record WHERE id = ?", rid[:]).Scan(&n); err != nil {
		t.Fatal(err)
	}
	_, parts, err := s.recordParts(n)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// TestBundleIsStable: however often a bundle is made, and after whatever came later, it is the same byte for byte.
func TestBundleIsStable(t *testing.T) {
	t.Parallel()
	o, h, clock := enrolled(t, false)
	s := reopen(t, o)
	agencyRecord(t, s)
	erased := agencyRecord(t, s)
	plan(t, s, 2)
	before, n, err := s.Bundle(1)
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	*clock = clock.Add(time.Hour)
	agencyRecord(t, s)
	if err := s.Enrol(h.sign(t, 2)); err != nil {
		t.Fatal(err)
	}
	plan(t, s, 1)
	h.receipted(t, s, seal.Arrived)
	closeStore(t, s)
	s = reopen(t, o)
	if after, _, err := s.Bundle(1); err != nil || !bytes.Equal(before, after) {
		t.Errorf("another bundle: %v", err)
	}
	if err := s.Erase(erased); err != nil {
		t.Fatal(err)
	}
	if b := bundle(t, s, 1); b.Entries[0].Gone || !b.Entries[1].Gone || b.Entries[1].ID.String() != erased {
		t.Errorf("%+v", b.Entries)
	}
	sound(t, s)
}

// TestBadRecordBlocksNothing: records that cannot be sent are named, the others go.
func TestBadRecordBlocksNothing(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, false)
	s := reopen(t, o)
	changed, cut, good := agencyRecord(t, s), agencyRecord(t, s), agencyRecord(t, s)
	closeStore(t, s)
	withSQL(t, o, "UPDATE part SET body = zeroblob(6000) WHERE record = 1 AND kind = 17; DELETE FROM part WHERE record = 2 AND kind = 18")
	s = reopen(t, o)
	plan(t, s, 1)
	plan(t, s, 0)
	all, err := s.Transfers()
	if err != nil || len(all.Records) != 3 || all.Records[0].ID != good {
		t.Fatalf("%+v %v", all, err)
	}
	for i, id := range []string{changed, cut} {
		if one := all.Records[i+1]; one.ID != id || one.State != SetAside || one.Reason == "" {
			t.Errorf("%+v", one)
		}
	}
}

// TestDamagedNote: a note about a bundle that cannot be read is named, its records go again under other numbers, and
// nothing else waits for it.
func TestDamagedNote(t *testing.T) {
	t.Parallel()
	for _, number := range []int{1, 2} {
		o, h, _ := enrolled(t, false)
		s := reopen(t, o)
		ids := []string{agencyRecord(t, s)}
		plan(t, s, 1)
		ids = append(ids, agencyRecord(t, s))
		plan(t, s, 1)
		closeStore(t, s)
		withSQL(t, o, fmt.Sprintf("UPDATE bundle SET note = zeroblob(2088) WHERE number = %d", number))
		s = reopen(t, o)
		if r, err := s.Verify(); err != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], fmt.Sprint("bundle ", number)) {
			t.Errorf("%+v %v", r, err)
		}
		if r, err := s.TakeReceipt(h.receipt(t, s, seal.Arrived, func(r *seal.Receipt) { r.Entries = nil })); err != nil {
			t.Errorf("%+v %v", r, err)
		}
		plan(t, s, 1)
		sound(t, s)
		b := bundle(t, s, 3)
		if want := []uint64{3, 258}[number-1]; b.Entries[0].ID.String() != ids[number-1] || b.First != want {
			t.Errorf("bundle %d damaged: %s from %d", number, b.Entries[0].ID, b.First)
		}
		if unsent, err := s.Unsent("x"); err != nil || !slices.Equal(unsent, []uint64{uint64(3 - number), 3}) {
			t.Error(unsent, err)
		}
		if got := states(t, s); got != "here here" {
			t.Error(got)
		}
	}
}

// TestLargeBundles: at most 256 records in one.
func TestLargeBundles(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, false)
	s := reopen(t, o)
	id := agencyRecord(t, s)
	closeStore(t, s)
	withSQL(t, o, `WITH RECURSIVE c(i) AS (SELECT 2 UNION ALL SELECT i+1 FROM c WHERE i < 600) INSERT INTO record SELECT i, randomblob(16), 0, zeroblob(556) FROM c;
		INSERT INTO part(record, kind, body) SELECT record.n, kind, body FROM part, record WHERE part.record = 1 AND record.n > 1`)
	s = reopen(t, o)
	plan(t, s, 600)
	for i, want := range []int{256, 256, 88} {
		if b := bundle(t, s, uint64(i+1)); len(b.Entries) != want || b.First != uint64(i*256+1) {
			t.Errorf("bundle %d: %d records from %d", i+1, len(b.Entries), b.First)
		}
	}
	if b := bundle(t, s, 1); b.Entries[0].ID.String() != id {
		t.Error("not in the order of finishing")
	}
}

// TestPlanCutOff: if only the witness has a plan, or a receipt, it never was; its number comes again.
func TestPlanCutOff(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*testing.T, *Store, *hq){
		"plan": func(t *testing.T, s *Store, _ *hq) { _, _ = s.Plan(0) },
		"receipt": func(t *testing.T, s *Store, h *hq) {
			s.failed = false
			_, _ = s.TakeReceipt(h.receipt(t, s, seal.Arrived, nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, h, _ := enrolled(t, false)
			s := reopen(t, o)
			agencyRecord(t, s)
			if name == "receipt" {
				plan(t, s, 1)
			}
			closeStore(t, s)
			before, err := os.ReadFile(filepath.Join(o.Dir, dbName))
			if err != nil {
				t.Fatal(err)
			}
			s = reopen(t, o)
			act(t, s, h)
			cut := image(t, o)
			edit(t, cut, dbName, func([]byte) []byte { return before })
			edit(t, cut, dbName+"-wal", func([]byte) []byte { return nil })
			s = reopen(t, cut)
			plan(t, s, map[string]int{"plan": 1, "receipt": 0}[name])
			if r, err := s.TakeReceipt(h.receipt(t, s, seal.Arrived, nil)); err != nil || r.Arrived != 1 || r.PutBack {
				t.Errorf("%+v %v", r, err)
			}
			if log := logKinds(t, s); strings.Count(log, "bundle_made") != 1 || strings.Count(log, "receipt_taken") != 1 {
				t.Error(log)
			}
			sound(t, s)
		})
	}
}

// TestOutboxIsSealed: neither ids in notes nor names of targets can be read.
func TestOutboxIsSealed(t *testing.T) {
	t.Parallel()
	o, _, _ := enrolled(t, false)
	s := reopen(t, o)
	agencyRecord(t, s)
	draft(t, s, 1)
	plan(t, s, 1)
	if err := s.MarkSent(1, "canary-target"); err != nil {
		t.Fatal(err)
	}
	searchFolder(t, o)
	closeStore(t, s)
	withSQLRows(t, o, "SELECT note FROM bundle", func(note []byte) {
		if len(note)%1024 != 40 || bytes.Contains(note, []byte("canary")) {
			t.Error(len(note))
		}
	})
}

func withSQLRows(t testing.TB, o Options, query string, visit func([]byte)) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(o.Dir, dbName)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			t.Fatal(err)
		}
		visit(b)
		n++
	}
	if n == 0 {
		t.Error(fmt.Sprint("no rows: ", query))
	}
}
