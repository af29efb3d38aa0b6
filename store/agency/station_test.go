package agency

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// box is a target in memory.
type box map[string][]byte

func (b box) Put(_ context.Context, name string, content []byte) (bool, error) {
	if _, there := b[name]; there {
		return true, nil
	}
	b[name] = bytes.Clone(content)
	return false, nil
}

func (b box) Get(_ context.Context, name string, limit int64) ([]byte, error) {
	content, there := b[name]
	if !there || int64(len(content)) > limit {
		return nil, errors.New("not there")
	}
	return content, nil
}

func (b box) List(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, name := range slices.Sorted(maps.Keys(b)) {
			if strings.HasPrefix(name, prefix) && !yield(name, nil) {
				return
			}
		}
	}
}

// station is an agency, a laptop that works for it, and a target between them.
type station struct {
	t   *testing.T
	a   *Agency
	o   store.Options
	now time.Time
	s   *store.Store
	box box
}

func newStation(t *testing.T) *station {
	t.Helper()
	tt := terms()
	tt.KeepOversight = true
	st := &station{t: t, box: box{}, now: time.Now()}
	o := light(t)
	o.Now = func() time.Time { return st.now }
	var err error
	if st.a, err = Init(o, pass, tt); err != nil {
		t.Fatal(err)
	}
	st.o = store.Options{Dir: filepath.Join(t.TempDir(), "store"), Now: func() time.Time { return st.now }}
	if _, err := store.Create(st.o, "kim", pass); err != nil {
		t.Fatal(err)
	}
	st.open()
	if err := st.s.Enrol(st.a.Keyset().Signed()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.s.Close() })
	return st
}

func (st *station) open() {
	st.t.Helper()
	var err error
	if st.s, err = store.Open(st.o, "kim", pass); err != nil {
		st.t.Fatal(err)
	}
}

func (st *station) close() {
	st.t.Helper()
	if err := st.s.Close(); err != nil {
		st.t.Fatal(err)
	}
}

// record finishes an interview; an allegation may go with it.
func (st *station) record(text, allegation string) string {
	st.t.Helper()
	d, err := st.s.NewDraft()
	if err == nil {
		err = d.Save([]byte("x"))
	}
	if err == nil && allegation != "" {
		err = d.Allege([]byte(allegation))
	}
	if err == nil {
		err = d.Finish(nil, map[string][]byte{store.Protection: fmt.Appendf(nil, `{"v":1,"text":%q}`, text), store.Identity: []byte("name " + text)})
	}
	if err == nil {
		err = st.s.Done(d.ID())
	}
	if err != nil {
		st.t.Fatal(err)
	}
	return d.ID()
}

// send plans what waits and puts every bundle into the box, except those left out.
func (st *station) send(without ...uint64) {
	st.t.Helper()
	if _, err := st.s.Plan(0); err != nil {
		st.t.Fatal(err)
	}
	address, err := st.s.Address()
	if err != nil {
		st.t.Fatal(err)
	}
	for number := uint64(1); ; number++ {
		content, _, err := st.s.Bundle(number)
		if errors.Is(err, store.ErrNotFound) {
			return
		}
		if err != nil {
			st.t.Fatal(err)
		}
		if !slices.Contains(without, number) {
			st.box[seal.BundlesOf(address.Agency, address.Device)+seal.BundleName(content)] = content
		}
	}
}

func (st *station) receive() Received {
	st.t.Helper()
	r, err := st.a.Receive(st.t.Context(), st.box)
	if err != nil {
		st.t.Fatal(err)
	}
	return r
}

func (st *station) report() DeviceReport {
	st.t.Helper()
	all, err := st.a.Devices()
	if err != nil || len(all) != 1 {
		st.t.Fatal(all, err)
	}
	return all[0]
}

func (st *station) text(id, part string) string {
	st.t.Helper()
	got, err := st.a.Reveal(id, part)
	if err != nil || !got.Vouched {
		st.t.Errorf("%s of %s: %v, vouched %v", part, id, err, got.Vouched)
	}
	return string(got.Content)
}
