package transfer

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tipscreen/store"
	"tipscreen/store/agency"
	"tipscreen/store/seal"
)

// shared is a target as a laptop sees it and as an agency does; they may have other rights.
type shared struct {
	laptop, agency Target
}

// TestFolder runs what every target must do on a folder. The object store's is in bucket_test.go.
func TestFolder(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) shared {
		f, _ := stick(t)
		return shared{f, f}
	})
}

func suite(t *testing.T, open func(*testing.T) shared) {
	for name, run := range map[string]func(*testing.T, shared){
		"there and back": thereAndBack, "put and get": putAndGet, "killed": killed, "two agencies": twoAgencies, "release": release,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, open(t))
		})
	}
}

// thereAndBack: records, receipts, opened, removed; each step repeated, and nothing changes.
func thereAndBack(t *testing.T, p shared) {
	a := hq(t)
	l := newLaptop(t, a)
	ids := l.record(3)
	if got := l.push(p.laptop); got.Planned != 3 || got.Bundles != 1 || got.Records != 3 || got.Already != 0 {
		t.Errorf("%+v", got)
	}
	if got := l.push(p.laptop); got != (Pushed{}) {
		t.Errorf("again: %+v", got)
	}
	if got := l.count(); !maps.Equal(got, map[store.Progress]int{store.WasSent: 3}) {
		t.Error(got)
	}
	if got := l.pull(p.laptop); got.Receipts != 0 {
		t.Errorf("%+v", got)
	}
	if got := receive(t, a, p.agency); got.Bundles != 1 || got.Records != 3 || got.Receipts != 1 || len(got.Aside)+got.Known+got.Other != 0 {
		t.Errorf("%+v", got)
	}
	if got := receive(t, a, p.agency); got.Bundles != 0 || got.Known != 1 || got.Receipts != 0 {
		t.Errorf("again: %+v", got)
	}
	if got := l.pull(p.laptop); got.Receipts != 1 || got.Arrived != 3 || got.Opened != 0 || got.PutBack {
		t.Errorf("%+v", got)
	}
	l.now = l.now.Add(30 * time.Hour)
	if r, err := l.s.Retain(false); err != nil || len(r.Removed) != 0 || r.Waiting != 3 {
		t.Errorf("removed before it was opened: %+v %v", r, err)
	}
	reveal(t, a, 3)
	receive(t, a, p.agency)
	if got := l.pull(p.laptop); got.Receipts != 1 || got.Opened != 3 {
		t.Errorf("%+v", got)
	}
	if got := l.pull(p.laptop); got.Receipts != 0 {
		t.Errorf("again: %+v", got)
	}
	if r, err := l.s.Retain(false); err != nil || !slices.Equal(slices.Sorted(slices.Values(r.Removed)), slices.Sorted(slices.Values(ids))) {
		t.Errorf("%+v %v", r, err)
	}
	more := l.record(1)
	request, err := l.s.Withdraw(more[0], nil)
	if err != nil || request != "" {
		t.Errorf("nothing had left: %q %v", request, err)
	}
	if got := l.push(p.laptop); got != (Pushed{}) {
		t.Errorf("%+v", got)
	}
	if r := quiet(t, a); r.Records != 3 || r.Opened != 3 || r.Bundles != 1 {
		t.Errorf("%+v", r)
	}
}

// putAndGet: what a target promises about one file.
func putAndGet(t *testing.T, p shared) {
	const name = "tipscreen-1/aa/from/bb/file.tsb"
	ctx := t.Context()
	if _, err := p.laptop.Get(ctx, "tipscreen-1/aa/receipts/bb/1.tsr", 10); !errors.Is(err, ErrAbsent) {
		t.Errorf("absent: %v", err)
	}
	for i := range 2 {
		if already, err := p.laptop.Put(ctx, name, []byte("content")); err != nil || already != (i == 1) {
			t.Errorf("%d: %v %v", i, already, err)
		}
	}
	if got, err := p.agency.Get(ctx, name, 7); err != nil || string(got) != "content" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := p.agency.Get(ctx, name, 6); !errors.Is(err, ErrTooBig) {
		t.Errorf("larger than it may be: %v", err)
	}
	if _, err := p.agency.Put(ctx, "tipscreen-1/aa/receipts/bb/1.tsr", nil); err != nil {
		t.Error(err)
	}
	if got, err := p.laptop.Get(ctx, "tipscreen-1/aa/receipts/bb/1.tsr", 10); err != nil || len(got) != 0 {
		t.Errorf("an empty file: %q %v", got, err)
	}
	if n := filesIn(t, p.agency, "tipscreen-1/aa/from/"); n != 1 {
		t.Error(n)
	}
	if n := filesIn(t, p.agency, "tipscreen-1/nothing/"); n != 0 {
		t.Error(n)
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.laptop.Put(done, name+"2", []byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if _, err := p.laptop.Get(done, name, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// killed: the laptop dies after the target has the bundle and before that was noted. Nothing comes twice.
func killed(t *testing.T, p shared) {
	a := hq(t)
	l := newLaptop(t, a)
	l.record(2)
	if _, err := Push(t.Context(), l.s, "target", dies{p.laptop}, 0, nil); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	if got := l.count(); got[store.StillHere] != 2 {
		t.Error(got)
	}
	l.close()
	l.open()
	l.record(1)
	if got := l.push(p.laptop); got.Planned != 1 || got.Bundles != 2 || got.Already != 1 || got.Records != 3 {
		t.Errorf("%+v", got)
	}
	if got := receive(t, a, p.agency); got.Bundles != 2 || got.Records != 3 {
		t.Errorf("%+v", got)
	}
	if r := quiet(t, a); r.Records != 3 {
		t.Errorf("%+v", r)
	}
}

var errDied = errors.New("died")

// dies puts a file and is gone before it can say so.
type dies struct{ Target }

func (d dies) Put(ctx context.Context, name string, content []byte) (bool, error) {
	if _, err := d.Target.Put(ctx, name, content); err != nil {
		return false, err
	}
	return false, errDied
}

// twoAgencies share one target, and each sees and opens its own.
func twoAgencies(t *testing.T, p shared) {
	a, b := hq(t), hq(t)
	one, two := newLaptop(t, a), newLaptop(t, b)
	mine := one.record(2)
	two.record(3)
	one.push(p.laptop)
	two.push(p.laptop)
	if got := receive(t, a, p.agency); got.Records != 2 || len(got.Aside)+got.Other != 0 {
		t.Errorf("%+v", got)
	}
	if got := receive(t, b, p.agency); got.Records != 3 || len(got.Aside)+got.Other != 0 {
		t.Errorf("%+v", got)
	}
	// A bundle that somebody carries over into another agency's place is named, and not taken.
	address, err := one.s.Address()
	if err != nil {
		t.Fatal(err)
	}
	content, _, err := one.s.Bundle(1)
	if err == nil {
		_, err = p.agency.Put(t.Context(), seal.BundlesOf(b.Keyset().Root(), address.Device)+seal.BundleName(content), content)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := receive(t, b, p.agency); got.Records != 0 || len(got.Aside) != 1 || got.Aside[0].Reason != "it is for another agency" {
		t.Errorf("%+v", got)
	}
	if _, err := b.Reveal(mine[0], store.Protection); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another agency's record: %v", err)
	}
	if got, err := a.Reveal(mine[0], store.Protection); err != nil || !got.Vouched || len(got.Content) == 0 {
		t.Errorf("%+v %v", got, err)
	}
}

// release: a newer keyset reaches the laptop, and only the agency's.
func release(t *testing.T, p shared) {
	a := hq(t)
	l := newLaptop(t, a)
	old := l.record(1)
	receive(t, a, p.agency)
	if got := l.pull(p.laptop); len(got.Releases) != 0 {
		t.Errorf("%+v", got)
	}
	if err := a.Renew(agency.Terms{Agency: "Example", NotAfter: time.Now().AddDate(2, 0, 0), KeepOversight: true}); err != nil {
		t.Fatal(err)
	}
	receive(t, a, p.agency)
	if got := l.pull(p.laptop); !slices.Equal(got.Releases, []uint32{2}) {
		t.Errorf("%+v", got)
	}
	if e, _ := l.s.Enrolment(); e.Version != 2 {
		t.Errorf("%+v", e)
	}
	now := l.record(1)
	l.push(p.laptop)
	receive(t, a, p.agency)
	l.close() // a keyset that was lost comes again by itself
	db, err := sql.Open("sqlite", "file:"+filepath.Join(l.dir, "store.db"))
	if err == nil {
		_, err = db.Exec("DELETE FROM meta WHERE k = 'keyset'")
		db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	l.open()
	if e, _ := l.s.Enrolment(); e.Usable {
		t.Error("the keyset is still there")
	}
	if got := l.pull(p.laptop); !slices.Equal(got.Releases, []uint32{2}) || got.Arrived != 2 {
		t.Errorf("%+v", got)
	}
	for _, id := range append(old, now...) { // also what was sealed by the old keyset
		if _, err := a.Reveal(id, store.Protection); err != nil {
			t.Error(err)
		}
	}
	quiet(t, a)
}
