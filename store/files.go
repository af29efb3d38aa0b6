package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tipscreen/store/seal"
)

// files writes everything in the folder that is not SQLite's.
type files struct {
	dir  string
	sync func(*os.File) error
	rand io.Reader
}

func (f files) path(name ...string) string { return filepath.Join(append([]string{f.dir}, name...)...) }

func keyName(id seal.ID) string { return filepath.Join(keysName, id.String()) }

func (f files) makeFolders() error {
	if err := os.MkdirAll(f.path(keysName), 0o700); err != nil {
		return err
	}
	return f.tighten()
}

// tighten takes away what others may do with the folder, also after somebody restored it from a backup.
func (f files) tighten() error {
	for name, mode := range map[string]os.FileMode{"": 0o700, keysName: 0o700, ringName: 0o600, witnessName: 0o600, dbName: 0o600} {
		info, err := os.Lstat(f.path(name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if info.Mode()&os.ModeSymlink != 0 {
			return fmt.Errorf("a link instead of a file: %w", ErrDamaged)
		}
		if info.Mode().Perm()&^mode == 0 {
			continue
		}
		if err := os.Chmod(f.path(name), mode); err != nil {
			return err
		}
	}
	return nil
}

// clearSetup removes what an interrupted Create left, and marks that one is at work.
func (f files) clearSetup() error {
	names, err := os.ReadDir(f.path(keysName))
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return fmt.Errorf("record keys without a store: %w", ErrDamaged)
	}
	if err := f.replace(setupName, nil); err != nil {
		return err
	}
	for _, n := range []string{ringName, witnessName, dbName, dbName + "-wal", dbName + "-shm"} {
		if err := os.Remove(f.path(n)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// replace writes a file beside the old one and puts it in its place: at every moment one of the two is whole. The
// bytes of the old one are overwritten afterwards, where the system allows.
func (f files) replace(name string, b []byte) error {
	path := f.path(name)
	var old *os.File
	if canReplaceOpen {
		old, _ = os.OpenFile(path, os.O_WRONLY, 0)
	}
	if old != nil {
		defer old.Close()
	}
	if err := f.write(path+".new", b, os.O_TRUNC); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(path), f.sync); err != nil {
		return err
	}
	if old != nil {
		_ = f.overwrite(old) // a remnant: the new file is in place, and the old one has no name any more
	}
	return nil
}

func (f files) write(path string, b []byte, flag int) error {
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|flag, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	if err == nil {
		err = f.sync(w)
	}
	return errors.Join(err, w.Close())
}

func (f files) overwrite(w *os.File) error {
	info, err := w.Stat()
	if err != nil {
		return err
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(f.rand, b); err != nil {
		return err
	}
	if _, err := w.WriteAt(b, 0); err != nil {
		return err
	}
	return f.sync(w)
}

// shred makes a record unreadable here (§6). It can be repeated, and a key file that is gone is not an error.
func (f files) shred(id seal.ID) error {
	for _, name := range []string{keyName(id), keyName(id) + ".new"} {
		if err := f.shredFile(name); err != nil {
			return err
		}
	}
	return syncDir(f.path(keysName), f.sync)
}

// shredFile overwrites and removes one file; the caller syncs the folder.
func (f files) shredFile(name string) error {
	w, err := os.OpenFile(f.path(name), os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := errors.Join(f.overwrite(w), w.Close()); err != nil {
		return err
	}
	return os.Remove(f.path(name))
}

func (f files) remove(name string) error {
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return syncDir(f.dir, f.sync)
}

// setAside gives a free name for a copy of something damaged.
func (f files) setAside() string {
	for n := 1; ; n++ {
		name := fmt.Sprintf("damaged-%d", n)
		if !present(f.path(name+".db")) && !present(f.path(name+".wal")) {
			return name
		}
	}
}

// Shred makes one record unreadable in the store in dir, without a passphrase: its key file is overwritten and
// removed. Its row stays until the store is next opened and the record erased there. id is the whole id.
func Shred(dir, id string) error {
	rid, err := seal.ParseID(id)
	if err != nil {
		return fmt.Errorf("shred: %w", ErrNotFound)
	}
	o := Options{Dir: dir}.withDefaults()
	f := files{dir: dir, sync: o.test.sync, rand: o.Rand}
	if !Exists(dir) {
		return fmt.Errorf("shred: %w", ErrNoStore)
	}
	lock, err := takeLock(f.path(lockName))
	if err != nil {
		return failure("shred", err)
	}
	defer dropLock(lock)
	return failure("shred record "+id[:8], f.shred(rid))
}
