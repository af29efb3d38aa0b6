package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// A file layer for SQLite that counts fsyncs and fails when told to: the unix one, with three calls replaced.
// Faults are chosen by folder, because the calls know nothing else about the test.
type faults struct {
	syncs    atomic.Int64
	failSync atomic.Int32 // result code of every xSync; 0: works
	failFull atomic.Bool  // every xWrite says that the disk is full
	short    atomic.Bool  // every xWrite writes half and then reports an error
	// torn is called when half of a write is on the disk, and tells whether the rest is left out. Its argument is true
	// for the program's own fsyncs, which a test may give to it too.
	torn atomic.Pointer[func(program bool) bool]
}

var (
	shimOnce    sync.Once
	shimVFS     sqlite3.Tsqlite3_vfs
	realVFS     sqlite3.Tsqlite3_vfs
	shimMethods sync.Map // uintptr of the real methods (files with and without locks differ) → *sqlite3.Tsqlite3_io_methods
	faultsByDir sync.Map // string → *faults
	faultByFile sync.Map // uintptr → *openFile
	shimName    = [...]byte{'f', 'a', 'u', 'l', 't', 's', 0}
)

type openFile struct {
	*faults
	real *sqlite3.Tsqlite3_io_methods
}

// at reads SQLite's memory, which Go's collector neither moves nor frees.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

func pointer(f any) uintptr { return (*[2]uintptr)(unsafe.Pointer(&f))[1] }

type (
	openFunc  = func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	writeFunc = func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	syncFunc  = func(*libc.TLS, uintptr, int32) int32
)

func call[F any](fn uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{fn})) }

func shimOpen(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	rc := call[openFunc](realVFS.FxOpen)(tls, vfs, name, file, flags, out)
	f := at[sqlite3.Tsqlite3_file](file)
	if rc != 0 || f.FpMethods == 0 || name == 0 {
		return rc
	}
	dir := filepath.Dir(libc.GoString(name))
	if v, ok := faultsByDir.Load(dir); ok {
		real := at[sqlite3.Tsqlite3_io_methods](f.FpMethods)
		shim := new(sqlite3.Tsqlite3_io_methods)
		*shim = *real
		shim.FxWrite, shim.FxSync = pointer(shimWrite), pointer(shimSync)
		kept, _ := shimMethods.LoadOrStore(f.FpMethods, shim)
		faultByFile.Store(file, &openFile{v.(*faults), real})
		f.FpMethods = uintptr(unsafe.Pointer(kept.(*sqlite3.Tsqlite3_io_methods)))
	}
	return rc
}

func opened(file uintptr) *openFile {
	v, _ := faultByFile.Load(file)
	return v.(*openFile)
}

func shimWrite(tls *libc.TLS, file, b uintptr, n int32, off int64) int32 {
	f := opened(file)
	if f.failFull.Load() {
		return sqlite3.SQLITE_FULL
	}
	write := call[writeFunc](f.real.FxWrite)
	torn, short := f.torn.Load(), f.short.Load()
	if torn != nil || short {
		if rc := write(tls, file, b, n/2, off); rc != 0 {
			return rc
		}
	}
	switch {
	case short:
		return sqlite3.SQLITE_IOERR_WRITE
	case torn != nil && (*torn)(false):
		return sqlite3.SQLITE_OK
	}
	return write(tls, file, b, n, off)
}

func shimSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := opened(file)
	f.syncs.Add(1)
	if rc := f.failSync.Load(); rc != 0 {
		return rc
	}
	return call[syncFunc](f.real.FxSync)(tls, file, flags)
}

// faulty makes a store on the layer, and the faults that can be set for it.
func faulty(t testing.TB) (Options, *faults) {
	t.Helper()
	shimOnce.Do(func() {
		tls := libc.NewTLS()
		realVFS = *at[sqlite3.Tsqlite3_vfs](sqlite3.Xsqlite3_vfs_find(tls, 0))
		shimVFS = realVFS
		shimVFS.FpNext = 0
		shimVFS.FzName = uintptr(unsafe.Pointer(&shimName))
		shimVFS.FxOpen = pointer(shimOpen)
		if rc := sqlite3.Xsqlite3_vfs_register(tls, uintptr(unsafe.Pointer(&shimVFS)), 0); rc != 0 {
			t.Fatal("register:", rc)
		}
	})
	f := new(faults)
	o := light(filepath.Join(t.TempDir(), "store"))
	faultsByDir.Store(o.Dir, f)
	o.test.vfs = "faults"
	if _, err := Create(o, testHandle, []byte(testPass)); err != nil {
		t.Fatal(err)
	}
	return o, f
}

func TestTwoSyncsForAnAnswer(t *testing.T) {
	o, f := faulty(t)
	o.test.sync = func(w *os.File) error { f.syncs.Add(1); return w.Sync() }
	s := reopen(t, o)
	d, err := s.NewDraft()
	if err != nil {
		t.Fatal(err)
	}
	count := func(what string, d *Draft, i int) {
		t.Helper()
		f.syncs.Store(0)
		save(t, d, i)
		if n := f.syncs.Load(); n != 2 {
			t.Errorf("%s: %d fsyncs", what, n)
		}
	}
	for i := range 40 {
		count("save", d, i)
	}
	finish(t, draft(t, s, 1))
	count("after a finish", d, 41)
	if err := draft(t, s, 1).Discard(); err != nil {
		t.Fatal(err)
	}
	count("after a discard", d, 42)
	closeStore(t, s)
	s = reopen(t, o)
	d, _, err = s.OpenDraft(d.ID())
	if err != nil {
		t.Fatal(err)
	}
	count("after an open", d, 43)
}

// TestTwoSyncsEnrolled: what an agency's draft carries beside its snapshot costs no fsync.
func TestTwoSyncsEnrolled(t *testing.T) {
	o, f := faulty(t)
	s := reopen(t, o)
	old := draft(t, s, 1)
	finish(t, old)
	if err := s.Enrol(newHQ(t, true).sign(t, 1)); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	o.test.sync = func(w *os.File) error { f.syncs.Add(1); return w.Sync() }
	s = reopen(t, o)
	d := draft(t, s, 1)
	count := func(what string) {
		t.Helper()
		f.syncs.Store(0)
		save(t, d, 5)
		if n := f.syncs.Load(); n != 2 {
			t.Errorf("%s: %d fsyncs", what, n)
		}
	}
	count("save")
	if err := d.Allege([]byte("x")); err != nil {
		t.Fatal(err)
	}
	count("after an allegation")
	finished := agencyRecord(t, s)
	count("after a finish")
	if err := s.Done(finished); err != nil {
		t.Fatal(err)
	}
	count("after the sheets")
	if err := s.HandOver(old.ID()); err != nil {
		t.Fatal(err)
	}
	count("after a hand-over")
}

// TestFailedWrites fails each kind of write once: what was saved stays, the same call works later, and the rest of
// the program learns what the user can do.
func TestFailedWrites(t *testing.T) {
	for name, c := range map[string]struct {
		fail func(*faults, *bool, bool)
		want error
	}{
		"disk full": {func(f *faults, _ *bool, on bool) { f.failFull.Store(on) }, ErrFull},
		"fsync of the database": {func(f *faults, _ *bool, on bool) {
			f.failSync.Store(map[bool]int32{true: sqlite3.SQLITE_IOERR_FSYNC}[on])
		}, ErrIO},
		"fsync of the witness":   {func(_ *faults, w *bool, on bool) { *w = on }, ErrIO},
		"sqlite says: read-only": {func(f *faults, _ *bool, on bool) { f.failSync.Store(map[bool]int32{true: sqlite3.SQLITE_READONLY}[on]) }, ErrReadOnly},
	} {
		t.Run(name, func(t *testing.T) {
			o, f := faulty(t)
			var witness bool
			o.test.sync = func(w *os.File) error {
				if witness {
					return &os.PathError{Op: "sync", Path: "/secret/place", Err: errors.New("input/output error")}
				}
				return w.Sync()
			}
			s := reopen(t, o)
			d := draft(t, s, 3)
			done := draft(t, s, 1)
			finish(t, done)
			c.fail(f, &witness, true)
			for range 3 {
				err := d.Save([]byte("canary new answer"))
				if !errors.Is(err, c.want) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "\n") {
					t.Fatalf("save: %v", err)
				}
			}
			if err := d.Finish(nil, nil); !errors.Is(err, c.want) {
				t.Fatalf("finish: %v", err)
			}
			crashed := image(t, o)
			c.fail(f, &witness, false)
			save(t, d, 4)
			if got, err := s.ReadRecord(done.ID(), Protection); err != nil || string(got) != "canary protection" {
				t.Errorf("record: %q %v", got, err)
			}
			sound(t, s)
			closeStore(t, s)
			for from, want := range map[string][]byte{o.Dir: snapshot(d, 4), crashed.Dir: nil} {
				s := reopen(t, light(from))
				_, got, err := s.OpenDraft(d.ID())
				if want == nil && bytes.Equal(got, []byte("canary new answer")) {
					want = got // the witness had it: more was kept than promised
				} else if want == nil {
					want = snapshot(d, 3)
				}
				if err != nil || !bytes.Equal(got, want) {
					t.Errorf("draft: %q %v", got, err)
				}
				sound(t, s)
			}
		})
	}
}

// TestEraseOnAFullDisk: the key is gone even if the row cannot be removed, and repeating the call removes it.
func TestEraseOnAFullDisk(t *testing.T) {
	o, f := faulty(t)
	s := reopen(t, o)
	d := draft(t, s, 1)
	finish(t, d)
	f.failFull.Store(true)
	if err := s.Erase(d.ID()); !errors.Is(err, ErrFull) {
		t.Fatal(err)
	}
	if present(filepath.Join(o.Dir, keysName, d.ID())) {
		t.Error("the key file is still there")
	}
	f.failFull.Store(false)
	if err := s.Erase(d.ID()); err != nil {
		t.Fatal(err)
	}
	sound(t, s)
}

// TestReadingOnAFullDisk: after a save failed, what is there can still be listed and resumed.
func TestReadingOnAFullDisk(t *testing.T) {
	o, f := faulty(t)
	s := reopen(t, o)
	d := draft(t, s, 2)
	finish(t, draft(t, s, 1))
	save(t, d, 3)
	f.failFull.Store(true)
	if err := d.Save(nil); !errors.Is(err, ErrFull) {
		t.Fatal(err)
	}
	if infos, err := s.Drafts(); err != nil || len(infos) != 1 {
		t.Errorf("drafts: %v %v", infos, err)
	}
	if records, err := s.Records("", 9); err != nil || len(records) != 1 {
		t.Errorf("records: %v %v", records, err)
	}
	d, got, err := s.OpenDraft(d.ID())
	if err != nil || !bytes.Equal(got, snapshot(d, 3)) {
		t.Errorf("draft: %q %v", got, err)
	}
	if err := s.Erase(d.ID()); !errors.Is(err, ErrFull) || present(filepath.Join(o.Dir, keysName, d.ID())) {
		t.Errorf("erase: %v", err)
	}
	closeStore(t, s)
	f.failFull.Store(false)
	s = reopen(t, o)
	if err := s.Erase(d.ID()); err != nil {
		t.Error(err)
	}
	sound(t, s)
}

// TestFailedHandover fills the disk, fails an fsync and stops the shredding while records go to an agency: each call
// works when the fault is gone, and nothing half done can be read.
func TestFailedHandover(t *testing.T) {
	o, f := faulty(t)
	s := reopen(t, o)
	old := draft(t, s, 1)
	finish(t, old)
	h := newHQ(t, true)
	faulted := func(what string, do func() error) {
		t.Helper()
		for _, fault := range []func(bool){
			func(on bool) { f.failFull.Store(on) },
			func(on bool) { f.failSync.Store(map[bool]int32{true: 1034}[on]) }, // IOERR_FSYNC
		} {
			fault(true)
			if err := do(); err == nil {
				t.Errorf("%s: no error", what)
			}
			fault(false)
		}
		if err := do(); err != nil {
			t.Errorf("%s afterwards: %v", what, err)
		}
	}
	faulted("enrol", func() error { return s.Enrol(h.sign(t, 1)) })
	d := draft(t, s, 2)
	faulted("allege", func() error { return d.Allege([]byte("canary")) })
	faulted("finish", func() error {
		return d.Finish([]byte("canary stub"), map[string][]byte{Protection: []byte("canary protection")})
	})
	if got, err := s.ReadRecord(d.ID(), Protection); err != nil || string(got) != "canary protection" {
		t.Errorf("%q %v", got, err)
	}
	faulted("done", func() error { return s.Done(d.ID()) })
	faulted("hand over", func() error { return s.HandOver(old.ID()) })
	for _, id := range []string{d.ID(), old.ID()} {
		if _, err := s.ReadRecord(id, Protection); !errors.Is(err, ErrSealed) {
			t.Errorf("%v", err)
		}
	}
	if got, err := h.open(t, d.ID(), Allegation, "oversight", handover(t, s, d.ID())[3]); err != nil || got != "canary" {
		t.Errorf("%q %v", got, err)
	}
	sound(t, s)
	closeStore(t, s)
	sound(t, reopen(t, o))
}
