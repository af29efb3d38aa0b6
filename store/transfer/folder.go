package transfer

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"syscall"
)

// markName is a file on a stick that tells it from others that are plugged into the same place, and from an empty
// folder where none is plugged in.
const markName = "tipscreen.id"

// maxMark is more than the mark ever has.
const maxMark = 64

// folder is a Target on a disk or stick. It works on FAT and exFAT too: short lower-case names, no permissions, no
// links, nothing near 4 GiB. Every name goes through os.Root, so that a link on a stick leads nowhere.
type folder struct {
	root *os.Root
	test folderHooks
}

// folderHooks can be set by tests of this package only.
type folderHooks struct {
	sync func(*os.File) error
	// readBack stands between the disk and the comparison.
	readBack func([]byte) []byte
}

// openFolder opens a folder and compares its mark; an empty mark is not compared.
func openFolder(dir, mark string) (*folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, ErrNotThere
	}
	f := &folder{root: root}
	if mark == "" {
		return f, nil
	}
	if found, err := f.mark(); err != nil || found != mark {
		root.Close()
		return nil, ErrOtherStick
	}
	return f, nil
}

func (f *folder) mark() (string, error) {
	b, err := f.read(markName, maxMark)
	mark := strings.TrimSpace(string(b))
	if raw, herr := hex.DecodeString(mark); err == nil && (herr != nil || len(raw) != 16) {
		err = ErrHostile
	}
	return mark, err
}

// setMark gives the folder a mark, or finds the one that another laptop gave it.
func (f *folder) setMark(rand io.Reader) (string, error) {
	mark, err := f.mark()
	if !errors.Is(err, ErrAbsent) {
		return mark, err
	}
	raw := make([]byte, 16)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", err
	}
	mark = hex.EncodeToString(raw)
	_, err = f.Put(context.Background(), markName, []byte(mark+"\n"))
	return mark, err
}

// Put writes beside, flushes, reads back past the cache, compares, renames and flushes the folder.
func (f *folder) Put(ctx context.Context, name string, content []byte) (already bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	old, err := f.read(name, int64(len(content))+1)
	switch {
	case err == nil && bytes.Equal(old, content):
		return true, nil
	case err == nil, errors.Is(err, ErrAbsent), errors.Is(err, ErrTooBig), errors.Is(err, ErrHostile):
		// What is not what its name says gives way: the name was made from the content.
	default:
		return false, err
	}
	if err := f.makeFolder(path.Dir(name)); err != nil {
		return false, folderError(err)
	}
	part := name + ".part"
	if err := f.root.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, folderError(err)
	}
	if err = f.write(part, content); err == nil {
		err = f.compare(part, content)
	}
	if err == nil {
		err = f.root.Rename(part, name)
	}
	if err != nil {
		_ = f.root.Remove(part) // a full stick gets its space back
	} else {
		err = f.syncFolder(path.Dir(name))
	}
	if err = folderError(err); errors.Is(err, ErrAbsent) { // what was just made is gone: so is the stick
		err = ErrNotThere
	}
	return false, err
}

func (f *folder) makeFolder(dir string) error {
	if info, err := f.root.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := f.root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for at := dir; at != "."; at = path.Dir(at) {
		if err := f.syncFolder(path.Dir(at)); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) write(name string, content []byte) error {
	w, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	if err == nil {
		err = f.sync(w)
	}
	if err == nil {
		dropCache(w)
	}
	return errors.Join(err, w.Close())
}

func (f *folder) sync(file *os.File) error {
	if f.test.sync != nil {
		return f.test.sync(file)
	}
	return file.Sync()
}

// compare reads a file from the disk, as well as the system lets us past its cache.
func (f *folder) compare(name string, content []byte) error {
	got, err := f.read(name, int64(len(content))+1)
	if f.test.readBack != nil {
		got = f.test.readBack(got)
	}
	if err != nil && !errors.Is(err, ErrTooBig) {
		return err
	}
	if !bytes.Equal(got, content) {
		return ErrChanged
	}
	return nil
}

func (f *folder) syncFolder(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return ignoreUnsupported(f.sync(d))
}

// ignoreUnsupported: some systems and file systems cannot flush a folder.
func ignoreUnsupported(err error) error {
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) || folderSyncRefused(err) {
		return nil
	}
	return err
}

// Get reads a plain file.
func (f *folder) Get(ctx context.Context, name string, limit int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.read(name, limit)
}

func (f *folder) read(name string, limit int64) ([]byte, error) {
	info, err := f.root.Lstat(name)
	if err != nil {
		return nil, folderError(err)
	}
	if !info.Mode().IsRegular() { // a link, a pipe that would block, a device
		return nil, ErrHostile
	}
	if info.Size() > limit {
		return nil, ErrTooBig
	}
	r, err := f.root.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, folderError(err)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, folderError(err)
	}
	if int64(len(content)) > limit {
		return nil, ErrTooBig
	}
	return content, nil
}

// List walks without following links, and passes over what it may not read.
func (f *folder) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		dir, seen := strings.TrimSuffix(prefix, "/"), 0
		err := fs.WalkDir(f.root.FS(), dir, func(name string, entry fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			if seen++; seen > maxListed {
				err, entry = ErrTooBig, nil
			}
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil && (entry == nil || isGone(err)), errors.Is(err, context.Canceled):
				return err
			case err != nil:
				return fs.SkipDir
			case entry.Type().IsRegular() && !yield(name, nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", folderError(err))
		}
	}
}

func (f *folder) Close() error { return f.root.Close() }

// folderError says what the user can do something about.
func folderError(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrChanged), errors.Is(err, ErrTooBig), errors.Is(err, ErrHostile), errors.Is(err, ErrAbsent),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return ErrAbsent
	case isFull(err):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return ErrReadOnly
	case isGone(err):
		return ErrNotThere
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w: %w", p.Op, ErrHostile, p.Err)
	}
	return ErrHostile
}
