package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// overlay is a folder that the agency lays over the embedded data; only one that does not exist adds nothing. On an enrolled
// laptop it counts only as the agency signed it: otherwise whoever has the laptop could change the questions.
func (e *env) overlay(name string) []fs.FS {
	home, err := e.home()
	if err != nil {
		return nil
	}
	base := filepath.Join(home, "agency")
	dir := filepath.Join(base, name)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil // one that is there and cannot be read is told by whoever reads it
	}
	if e.signedOnly && !e.signed(base) {
		return nil
	}
	return []fs.FS{os.DirFS(dir)}
}

// signed checks the data once, and says once that it is not used.
func (e *env) signed(base string) bool {
	if !e.lookedAtData {
		e.lookedAtData = true
		digest, err := dataDigest(base)
		if e.trustData = err == nil && digest == e.signedData; !e.trustData {
			fmt.Fprintln(e.err, "tipscreen: "+e.say("enrol.data_ignored", nil))
		}
	}
	return e.trustData
}

// dataDigest condenses every file of an agency's data folder, with its path.
func dataDigest(dir string) (string, error) {
	all := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(os.DirFS(dir), path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		fmt.Fprintf(all, "%d %s %x\n", len(path), path, sum)
		return nil
	})
	return hex.EncodeToString(all.Sum(nil)), err
}
