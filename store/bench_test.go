package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/store/seal"
)

// BenchmarkSave measures a durable save against the fsync of the same disk in the same run. The budget is
// p50 ≤ 3 fsyncs + 1 ms.
func BenchmarkSave(b *testing.B) {
	o, _ := create(b)
	s := reopen(b, o)
	d := draft(b, s, 1)
	body := make([]byte, 6000)
	floor, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer floor.Close()
	var saves, syncs []time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := floor.Write(body[:4096]); err != nil {
			b.Fatal(err)
		}
		if err := floor.Sync(); err != nil {
			b.Fatal(err)
		}
		syncs = append(syncs, time.Since(start))
		start = time.Now()
		if err := d.Save(body); err != nil {
			b.Fatal(err)
		}
		saves = append(saves, time.Since(start))
	}
	report(b, saves, "save")
	report(b, syncs, "fsync")
}

func report(b *testing.B, d []time.Duration, what string) {
	slices.Sort(d)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(d[(len(d)-1)*p/100].Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", what, p))
	}
	b.ReportMetric(0, "ns/op") // it would be the sum of both
}

// BenchmarkFinish measures sealing, checking, storing and giving the record its new key.
func BenchmarkFinish(b *testing.B) {
	o, _ := create(b)
	s := reopen(b, o)
	var all []time.Duration
	for b.Loop() {
		d := draft(b, s, 1)
		start := time.Now()
		finish(b, d)
		all = append(all, time.Since(start))
	}
	report(b, all, "finish")
}

// BenchmarkOpen is what the passphrase costs with the parameters that every user gets.
func BenchmarkOpen(b *testing.B) {
	o := Options{Dir: filepath.Join(b.TempDir(), "store")}
	if _, err := Create(o, testHandle, []byte(testPass)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		closeStore(b, reopen(b, o))
	}
}

// BenchmarkHundredThousand opens a store of 100,000 records and lists the first page. The budget is 100 ms; the
// passphrase is made cheap here, because BenchmarkOpen measures it.
// resident is the memory of this process in KiB; 0 where the system does not tell.
func resident() (kib int64) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			_, _ = fmt.Sscan(rest, &kib)
		}
	}
	return kib
}

func BenchmarkHundredThousand(b *testing.B) {
	o, _ := create(b)
	s := reopen(b, o)
	fill(b, s, 100_000)
	closeStore(b, s)
	var opened, listed, paged []time.Duration
	debug.FreeOSMemory() // what filling the store needed
	before, most := resident(), int64(0)
	for b.Loop() {
		start := time.Now()
		s := reopen(b, o)
		opened = append(opened, time.Since(start))
		start = time.Now()
		page, err := s.Records("", 50)
		if err != nil || len(page) != 50 {
			b.Fatal(len(page), err)
		}
		listed = append(listed, time.Since(start))
		start = time.Now()
		if _, err = s.Records(page[49].ID, 50); err != nil {
			b.Fatal(err)
		}
		paged = append(paged, time.Since(start))
		most = max(most, resident())
		closeStore(b, s)
	}
	b.ReportMetric(float64(most-before)/1024, "more-resident-MiB")
	b.ReportMetric(float64(most)/1024, "resident-MiB")
	report(b, opened, "open")
	report(b, listed, "first-page")
	report(b, paged, "next-page")
}

// fill puts n records in without their parts, which a list does not read.
func fill(b *testing.B, s *Store, n int) {
	b.Helper()
	err := s.commit(change{records: n, apply: func(tx *sql.Tx) error {
		q, err := tx.Prepare("INSERT INTO record(id, work, stub) VALUES(?, 0, ?)")
		if err != nil {
			return err
		}
		for i := range n {
			id, err := seal.NewID(s.o.Rand)
			if err != nil {
				return err
			}
			stub, err := seal.SealStub(s.o.Rand, s.officer.OMK, s.officer.Device, id, fmt.Appendf(nil, "record %d", i))
			if err != nil {
				return err
			}
			if _, err := q.Exec(id[:], stub); err != nil {
				return err
			}
			if err := os.WriteFile(s.files.path(keyName(id)), make([]byte, seal.RecordFileSize), 0o600); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkVerify checks a log of 100,000 entries whole, and then again with one entry more. The budget of the second
// is 1 s.
func BenchmarkVerify(b *testing.B) {
	o, _ := create(b)
	s := reopen(b, o)
	for range 100 {
		entries := make([]seal.Entry, 1000)
		for i := range entries {
			entries[i] = seal.Entry{Kind: seal.Read, Number: uint64(i)}
		}
		if err := s.commit(tell(entries...)); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.checkpoint(); err != nil {
		b.Fatal(err)
	}
	var whole, again []time.Duration
	for b.Loop() {
		start := time.Now()
		sound(b, s)
		whole = append(whole, time.Since(start))
		if r, err := s.VerifyNew(); err != nil || !r.OK() {
			b.Fatal(r, err)
		}
		start = time.Now()
		if r, err := s.VerifyNew(); err != nil || !r.OK() {
			b.Fatal(r, err)
		}
		again = append(again, time.Since(start))
	}
	report(b, whole, "whole")
	report(b, again, "again")
}

// BenchmarkAgencySave measures a durable save of a draft that carries a custody and the place of an allegation.
func BenchmarkAgencySave(b *testing.B) {
	o, _, _ := enrolled(b, true)
	s := reopen(b, o)
	d := draft(b, s, 1)
	body := make([]byte, 6000)
	var all, finishes []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := d.Save(body); err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(start))
		if len(all)%50 == 0 {
			one := draft(b, s, 1)
			start = time.Now()
			finish(b, one)
			finishes = append(finishes, time.Since(start))
		}
	}
	report(b, all, "save")
	if len(finishes) > 0 {
		report(b, finishes, "finish")
	}
}
