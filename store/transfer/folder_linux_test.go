package transfer

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tipscreen/store"
)

// insideStick tells the child of TestSmallStick where its stick goes.
const insideStick = "TRANSFER_TEST_STICK"

// TestSmallStick uses a real file system of 400 KB: it fills up, becomes read-only, and goes away. It runs itself again in
// a user namespace, where it may mount one.
func TestSmallStick(t *testing.T) {
	if dir := os.Getenv(insideStick); dir != "" {
		smallStick(t, dir)
		return
	}
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "stick")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestSmallStick$", "-test.v")
	cmd.Env = append(os.Environ(), insideStick+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	switch {
	case bytes.Contains(out, []byte("may not mount")), err != nil && len(out) == 0:
		t.Skipf("no user namespace that may mount here: %v", err)
	case err != nil || !strings.Contains(string(out), "--- PASS: TestSmallStick"):
		t.Fatalf("%v\n%s", err, out)
	}
}

func smallStick(t *testing.T, dir string) {
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=400k"); err != nil {
		t.Fatal("may not mount")
	}
	a := hq(t)
	l := newLaptop(t, a)
	at := Settings{Name: "target", Address: dir}
	if err := Add(l.s, l.dir, at, bytes.NewReader(make([]byte, 16))); err != nil {
		t.Fatal(err)
	}
	for range 2 { // two bundles, of which the second does not fit
		l.record(6)
		if _, err := l.s.Plan(0); err != nil {
			t.Fatal(err)
		}
		l.record(3)
		if _, err := l.s.Plan(0); err != nil {
			t.Fatal(err)
		}
	}
	all, err := Targets(l.s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := all[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	first, err := Push(t.Context(), l.s, "target", f, 0, nil)
	if !errors.Is(err, ErrFull) || first.Bundles == 0 || l.count()[store.StillHere] == 0 {
		t.Fatalf("%+v %v %v", first, err, l.count())
	}
	if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=2m"); err != nil {
		t.Fatal(err)
	}
	if _, err := Push(t.Context(), l.s, "target", f, 0, nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("read-only: %v", err)
	}
	if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT, "size=2m"); err != nil {
		t.Fatal(err)
	}
	second := l.push(f)
	if second.Bundles+first.Bundles != 4 {
		t.Errorf("%+v %+v", first, second)
	}
	if got := receive(t, a, f); got.Records != 18 || got.Bundles != 4 || got.Other+len(got.Aside) != 0 {
		t.Errorf("%+v", got)
	}
	if err := errors.Join(f.Close(), syscall.Unmount(dir, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := all[0].Open(); !errors.Is(err, ErrOtherStick) {
		t.Errorf("pulled out, and the empty folder is left: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("written to the laptop's own disk: %v %v", left, err)
	}
}
