package transfer

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// TestStickFails: whatever goes wrong on the way to a stick, nothing counts as sent, nothing half stays there, and the
// next push mends it.
func TestStickFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hooks folderHooks
		want  error
	}{
		"pulled out":     {folderHooks{sync: func(*os.File) error { return syscall.EIO }}, ErrNotThere},
		"full":           {folderHooks{sync: func(*os.File) error { return syscall.ENOSPC }}, ErrFull},
		"read-only":      {folderHooks{sync: func(*os.File) error { return syscall.EROFS }}, ErrReadOnly},
		"stale":          {folderHooks{readBack: func(b []byte) []byte { return make([]byte, len(b)) }}, ErrChanged},
		"short":          {folderHooks{readBack: func(b []byte) []byte { return b[:len(b)-1] }}, ErrChanged},
		"one bit":        {folderHooks{readBack: func(b []byte) []byte { b[len(b)/2] ^= 1; return b }}, ErrChanged},
		"longer on disk": {folderHooks{readBack: func(b []byte) []byte { return append(b, 0) }}, ErrChanged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" && c.hooks.sync != nil {
				t.Skip("these are the errors of Unix")
			}
			a := hq(t)
			l := newLaptop(t, a)
			l.record(2)
			f, dir := stick(t)
			f.test = c.hooks
			if _, err := Push(t.Context(), l.s, "target", f, 0, nil); !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
			if got := l.count(); got[store.StillHere] != 2 {
				t.Error(got)
			}
			err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
				if err == nil && !e.IsDir() {
					t.Errorf("%s stays there", path)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			f.test = folderHooks{}
			if got := l.push(f); got.Bundles != 1 || got.Planned != 0 {
				t.Errorf("%+v", got)
			}
			if got := receive(t, a, f); got.Records != 2 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestHalfOnAStick: what a cut push, or somebody else, left under our names gives way.
func TestHalfOnAStick(t *testing.T) {
	t.Parallel()
	const name = "tipscreen-1/aa/from/bb/file.tsb"
	for what, prepare := range map[string]func(path string) error{
		"half":       func(path string) error { return os.WriteFile(path, []byte("con"), 0o600) },
		"changed":    func(path string) error { return os.WriteFile(path, []byte("CONTENT"), 0o600) },
		"longer":     func(path string) error { return os.WriteFile(path, []byte("content and more"), 0o600) },
		"a part":     func(path string) error { return os.WriteFile(path+".part", []byte("con"), 0o600) },
		"link":       func(path string) error { return os.Symlink("/etc/passwd", path) },
		"part link":  func(path string) error { return os.Symlink("/etc/passwd", path+".part") },
		"link along": func(path string) error { return os.Symlink("elsewhere", path) },
	} {
		f, dir := stick(t)
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), prepare(path)); err != nil {
			t.Fatal(err)
		}
		if already, err := f.Put(t.Context(), name, []byte("content")); err != nil || already {
			t.Errorf("%s: %v %v", what, already, err)
		}
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			t.Errorf("%s: %v", what, err)
		}
		if got, err := f.Get(t.Context(), name, 10); err != nil || string(got) != "content" {
			t.Errorf("%s: %q %v", what, got, err)
		}
	}
}

// TestHostileStick: folders and links where files should be, pipes, names that lead out, and huge files. Nothing outside
// is touched or read, nothing blocks, and what is good is still taken.
func TestHostileStick(t *testing.T) {
	t.Parallel()
	a := hq(t)
	l := newLaptop(t, a)
	l.record(1)
	f, dir := stick(t)
	l.push(f)
	address, err := l.s.Address()
	if err != nil {
		t.Fatal(err)
	}
	outside := t.TempDir()
	write(t, filepath.Join(outside, "secret"), []byte("secret"))
	box := filepath.Join(dir, filepath.FromSlash(seal.BundlesOf(address.Agency, "")))
	content, _, err := l.s.Bundle(1)
	if err != nil {
		t.Fatal(err)
	}
	names := filepath.Join(box, address.Device)
	long := strings.Repeat("a", 64) + ".tsb"
	for _, err := range []error{
		os.Symlink(outside, filepath.Join(box, strings.Repeat("1", 32))),
		os.Symlink(filepath.Join(outside, "secret"), filepath.Join(names, long)),
		os.Mkdir(filepath.Join(names, strings.Repeat("b", 64)+".tsb"), 0o755),
		os.WriteFile(filepath.Join(names, "AUTORUN.INF"), []byte("open=x"), 0o644),
		os.WriteFile(filepath.Join(names, strings.ToUpper(seal.BundleName(content))), content, 0o644),
		os.WriteFile(filepath.Join(names, strings.Repeat("c", 64)+".tsb"), content, 0o644),
		os.WriteFile(filepath.Join(names, "\x1b[31m.tsb"), nil, 0o644),
		os.MkdirAll(filepath.Join(box, strings.Repeat("0", 32)), 0o755),
		os.WriteFile(filepath.Join(box, strings.Repeat("0", 32), seal.BundleName(content)), content, 0o644),
		os.WriteFile(filepath.Join(box, "loose"), nil, 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	huge, err := os.Create(filepath.Join(names, strings.Repeat("d", 64)+".tsb"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(huge.Truncate(1<<40), huge.Close()); err != nil {
		t.Log("no sparse file:", err)
	}
	hostilePipe(t, filepath.Join(names, strings.Repeat("e", 64)+".tsb"))
	got := receive(t, a, f)
	if got.Bundles != 1 || got.Records != 1 {
		t.Errorf("%+v", got)
	}
	reasons := ""
	for _, one := range got.Aside {
		reasons += one.Name + ": " + one.Reason + "\n"
	}
	for _, want := range []string{"cccc: its content is not what its name says", "dddd: a file at the target is larger", "it lies in the place of another laptop"} {
		if !strings.Contains(reasons, want) {
			t.Errorf("%q is missing in\n%s", want, reasons)
		}
	}
	if strings.Contains(reasons, "\x1b") || len(got.Aside) != 3 {
		t.Error(reasons)
	}
}

// TestHostileReceipts: on the laptop's side too, nothing that is not a plain, small, signed file does anything.
func TestHostileReceipts(t *testing.T) {
	t.Parallel()
	a := hq(t)
	l := newLaptop(t, a)
	l.record(1)
	f, dir := stick(t)
	l.push(f)
	receive(t, a, f)
	address, err := l.s.Address()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, filepath.FromSlash(seal.ReceiptPath(address.Agency, address.Device, 1)))
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		put  func() error
		want error
	}{
		"link":    {func() error { return os.Symlink(path+".good", path) }, ErrHostile},
		"folder":  {func() error { return os.Mkdir(path, 0o755) }, ErrHostile},
		"huge":    {func() error { return os.WriteFile(path, bytes.Repeat(good, 1<<21/len(good)), 0o644) }, ErrTooBig},
		"empty":   {func() error { return os.WriteFile(path, nil, 0o644) }, store.ErrReceipt},
		"cut":     {func() error { return os.WriteFile(path, good[:len(good)/2], 0o644) }, store.ErrReceipt},
		"bundle":  {func() error { b, _, err := l.s.Bundle(1); return errors.Join(err, os.WriteFile(path, b, 0o644)) }, store.ErrReceipt},
		"missing": {func() error { return nil }, nil},
	} {
		if err := errors.Join(os.RemoveAll(path), os.WriteFile(path+".good", good, 0o644), c.put()); err != nil {
			t.Fatal(err)
		}
		if p, err := Pull(t.Context(), l.s, f, nil); !errors.Is(err, c.want) || p.Receipts != 0 {
			t.Errorf("%s: %+v %v", name, p, err)
		}
	}
	if err := errors.Join(os.RemoveAll(path), os.WriteFile(path, good, 0o644)); err != nil {
		t.Fatal(err)
	}
	if p := l.pull(f); p.Arrived != 1 {
		t.Errorf("%+v", p)
	}
}

// TestAnotherStick: neither an empty folder, nor another stick, nor a store is written to.
func TestAnotherStick(t *testing.T) {
	t.Parallel()
	a := hq(t)
	l := newLaptop(t, a)
	dir := filepath.Join(t.TempDir(), "stick")
	if err := Add(l.s, l.dir, Settings{Name: "a", Address: dir}, rand.Reader); !errors.Is(err, ErrNotThere) {
		t.Errorf("not there: %v", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{"the store": l.dir, "above it": filepath.Dir(l.dir), "in it": filepath.Join(l.dir, "keys")} {
		if err := Add(l.s, l.dir, Settings{Name: "a", Address: address}, rand.Reader); !errors.Is(err, ErrInside) {
			t.Errorf("%s: %v", name, err)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(l.dir, link); err != nil {
		t.Fatal(err)
	}
	if err := Add(l.s, l.dir, Settings{Name: "a", Address: link}, rand.Reader); !errors.Is(err, ErrInside) {
		t.Errorf("by a link: %v", err)
	}
	if err := Add(l.s, l.dir, Settings{Name: "a", Address: dir}, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if err := Add(l.s, l.dir, Settings{Name: "b", Address: dir}, rand.Reader); err != nil { // another laptop finds the mark
		t.Fatal(err)
	}
	all, err := Targets(l.s)
	if err != nil || len(all) != 2 || all[0].Mark != all[1].Mark || all[0].Mark == "" {
		t.Fatal(all, err)
	}
	if f, err := all[0].Open(); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
	otherMarks(t, all[0], dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := all[0].Open(); !errors.Is(err, ErrNotThere) {
		t.Errorf("gone: %v", err)
	}
	if err := errors.Join(Remove(l.s, "a"), Remove(l.s, "b")); err != nil {
		t.Fatal(err)
	}
	if err := Remove(l.s, "a"); !errors.Is(err, ErrNoTarget) {
		t.Error(err)
	}
}

// otherMarks puts other things in the place of the mark.
func otherMarks(t *testing.T, at Settings, dir string) {
	t.Helper()
	mark := filepath.Join(dir, markName)
	for name, change := range map[string]func() error{
		"another":  func() error { return os.WriteFile(mark, []byte(strings.Repeat("0", 32)), 0o644) },
		"nonsense": func() error { return os.WriteFile(mark, []byte("x"), 0o644) },
		"large":    func() error { return os.WriteFile(mark, make([]byte, 1000), 0o644) },
		"none":     func() error { return os.Remove(mark) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if _, err := at.Open(); !errors.Is(err, ErrOtherStick) {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.WriteFile(mark, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTwoSticks: records leave by one stick and receipts come back by another.
func TestTwoSticks(t *testing.T) {
	t.Parallel()
	a := hq(t)
	l := newLaptop(t, a)
	one, _ := stick(t)
	two, _ := stick(t)
	l.record(1)
	if _, err := Push(t.Context(), l.s, "one", one, 0, nil); err != nil {
		t.Fatal(err)
	}
	receive(t, a, one)
	l.record(1)
	if p, err := Push(t.Context(), l.s, "two", two, 0, nil); err != nil || p.Bundles != 2 { // the first goes here as well: no receipt came yet
		t.Fatal(p, err)
	}
	if got := receive(t, a, two); got.Known != 1 || got.Bundles != 1 || got.Receipts != 2 {
		t.Errorf("%+v", got)
	}
	if p := l.pull(two); p.Receipts != 2 || p.Arrived != 2 {
		t.Errorf("%+v", p)
	}
	if p := l.pull(one); p.Receipts != 0 {
		t.Errorf("%+v", p)
	}
	quiet(t, a)
}
