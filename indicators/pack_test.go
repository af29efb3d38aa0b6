package indicators_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tipscreen/indicators"
)

// TestPacked: the program carries exactly the data that stand in the folders.
func TestPacked(t *testing.T) {
	t.Parallel()
	outside, err := filepath.Glob("*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	outside = append(outside, "flags.yaml")
	inside := 0
	err = fs.WalkDir(indicators.Embedded(), ".", func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			inside++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if inside != len(outside) {
		t.Errorf("data.zip holds %d files, the folders %d: run go generate ./indicators", inside, len(outside))
	}
	for _, name := range outside {
		a, err := fs.ReadFile(indicators.Embedded(), filepath.ToSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("data.zip has another %s: run go generate ./indicators", name)
		}
	}
}
