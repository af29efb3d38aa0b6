package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// namespaced runs a child in a user namespace of its own, as the user id uid in there, and fails the test with what
// the child says. Without user namespaces the test is skipped.
func namespaced(t *testing.T, work string, uid int) {
	t.Helper()
	cmd := child(work, t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getgid(), Size: 1}},
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Start()
	if err == nil {
		err = cmd.Wait()
	}
	if strings.HasPrefix(out.String(), "skip: ") || err != nil && out.Len() == 0 {
		t.Skipf("no user namespace or no tmpfs here: %v %s", err, out.String())
	}
	if err != nil || out.String() != "done\n" {
		t.Fatalf("%v: %s", err, out.String())
	}
}

func TestSmallDisk(t *testing.T) { t.Parallel(); namespaced(t, "small disk", 0) }
func TestDenied(t *testing.T)    { t.Parallel(); namespaced(t, "denied", 1000) }

func diskChild(work, dir string) {
	if work == "denied" {
		deniedChild(dir)
	} else {
		smallDiskChild(dir)
	}
}

// must ends a child with what went wrong.
func must(err error, what ...any) {
	if err != nil {
		fmt.Println(append(what, err)...)
		os.Exit(1)
	}
}

func mustBe(got, want error, what string) {
	if !errors.Is(got, want) {
		must(fmt.Errorf("got %v, want %v", got, want), what)
	}
}

// smallDiskChild fills a disk of 2 MiB with answers, makes room, and then turns the disk read-only.
func smallDiskChild(dir string) {
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=2m"); err != nil {
		fmt.Println("skip: ", err)
		return
	}
	o := light(filepath.Join(dir, "store"))
	_, err := Create(o, testHandle, []byte(testPass))
	must(err, "create")
	ballast := filepath.Join(dir, "ballast")
	must(os.WriteFile(ballast, make([]byte, 256<<10), 0o600), "ballast")
	s, err := Open(o, testHandle, []byte(testPass))
	must(err, "open")
	d, err := s.NewDraft()
	must(err, "begin")
	saved := 0
	for err == nil {
		if err = d.Save(snapshot(d, saved+1)); err == nil {
			saved++
		}
	}
	mustBe(err, ErrFull, "save on a full disk")
	must(os.Remove(ballast), "make room")
	must(d.Save(snapshot(d, saved+1)), "save with room again")
	must(s.Close(), "close")

	s, err = Open(o, testHandle, []byte(testPass))
	must(err, "open again")
	_, got, err := s.OpenDraft(d.ID())
	must(err, "resume")
	if saved < 5 || !bytes.Equal(got, snapshot(d, saved+1)) {
		must(fmt.Errorf("%q after %d saves", got, saved), "resume")
	}
	must(s.Close(), "close")
	must(syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""), "remount")
	_, err = Open(o, testHandle, []byte(testPass))
	mustBe(err, ErrReadOnly, "open on a read-only disk")
	_, err = Create(light(filepath.Join(dir, "other")), testHandle, []byte(testPass))
	mustBe(err, ErrReadOnly, "create on a read-only disk")
	fmt.Println("done")
}

// deniedChild takes away the right to write in the folder, before and after the store is opened.
func deniedChild(dir string) {
	o := light(filepath.Join(dir, "store"))
	_, err := Create(o, testHandle, []byte(testPass))
	must(err, "create")
	s, err := Open(o, testHandle, []byte(testPass))
	must(err, "open")
	d, err := s.NewDraft()
	must(err, "begin")
	must(d.Save(snapshot(d, 1)), "save")
	keys := filepath.Join(o.Dir, keysName)
	must(os.Chmod(keys, 0o500), "chmod")
	_, err = s.NewDraft()
	mustBe(err, ErrPermission, "begin in a read-only folder")
	must(d.Save(snapshot(d, 2)), "the open draft can still be saved")
	must(os.Chmod(keys, 0o700), "chmod")
	must(s.Close(), "close")
	for _, name := range []string{dbName, witnessName, lockName, ringName} {
		must(os.Chmod(filepath.Join(o.Dir, name), 0), "chmod")
		s, err := Open(o, testHandle, []byte(testPass))
		if s != nil || !errors.Is(err, ErrPermission) && !errors.Is(err, ErrReadOnly) || errors.Is(err, ErrDamaged) {
			must(fmt.Errorf("got %v", err), "open without", name)
		}
		must(os.Chmod(filepath.Join(o.Dir, name), 0o600), "chmod")
	}
	must(os.Chmod(o.Dir, 0o500), "chmod")
	s, err = Open(o, testHandle, []byte(testPass))
	if s != nil || !errors.Is(err, ErrPermission) && !errors.Is(err, ErrReadOnly) {
		must(fmt.Errorf("got %v", err), "open in a read-only folder")
	}
	must(os.Chmod(o.Dir, 0o700), "chmod")
	s, err = Open(o, testHandle, []byte(testPass))
	must(err, "open again")
	_, got, err := s.OpenDraft(d.ID())
	if err != nil || !bytes.Equal(got, snapshot(d, 2)) {
		must(fmt.Errorf("%q %v", got, err), "resume")
	}
	must(s.Close(), "close")
	fmt.Println("done")
}
