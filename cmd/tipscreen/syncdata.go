package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/store/seal"
)

// errRelease says that the files of a release are not those that its keyset signs for.
var errRelease = errors.New("the data of the release is not what its keyset signs")

// takeRelease gives what takes a release: the data are written beside those in use, compared with the digest in the
// keyset and checked like any data; then they take their place, and last the keyset. Cut off in between, the data do not
// agree with the keyset and are not used, and the next pull does it again.
func (e *env) takeRelease(kept *opened) func(*seal.Release) error {
	return func(r *seal.Release) error {
		if len(r.Files) == 0 {
			return kept.Enrol(r.Keyset.Signed())
		}
		home, err := e.home()
		if err != nil {
			return err
		}
		base, fresh, old := filepath.Join(home, "agency"), filepath.Join(home, "agency.new"), filepath.Join(home, "agency.old")
		if err := stage(fresh, r.Files); err != nil {
			return err
		}
		digest, err := dataDigest(fresh)
		if err != nil {
			return err
		}
		if digest != r.Keyset.Data {
			return errors.Join(errRelease, os.RemoveAll(fresh))
		}
		if err := checkAgencyData(fresh); err != nil {
			return errors.Join(err, os.RemoveAll(fresh))
		}
		if err := os.RemoveAll(old); err != nil {
			return err
		}
		if err := os.Rename(base, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.Rename(fresh, base); err != nil {
			return err
		}
		if err := kept.Enrol(r.Keyset.Signed()); err != nil {
			return err
		}
		return os.RemoveAll(old)
	}
}

// stage writes the files of a release into a new folder. Their paths were checked when the release was read.
func stage(dir string, files []seal.File) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for _, one := range files {
		path := filepath.Join(dir, filepath.FromSlash(one.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := writeNew(path, one.Content); err != nil {
			return err
		}
	}
	return nil
}

// checkAgencyData refuses data that would stop an interview later. A translation that is stale does not: it is marked as
// such wherever it is shown.
func checkAgencyData(dir string) error {
	layers := func(name string) []fs.FS {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return nil
		}
		return []fs.FS{os.DirFS(filepath.Join(dir, name))}
	}
	data, err := indicators.Load(append([]fs.FS{indicators.Embedded()}, layers("indicators")...)...)
	if err != nil {
		return err
	}
	catalog := locales.Open(append([]fs.FS{locales.Embedded()}, layers("locales")...)...)
	return wording.Check(catalog, data)
}

// dataFiles reads an agency's data folder for a release.
func dataFiles(dir string) ([]seal.File, error) {
	var out []seal.File
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(tree, path)
		out = append(out, seal.File{Path: path, Content: content})
		return err
	})
	return out, err
}
