package training

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"testing"
)

// TestPacked: the program carries exactly the scenarios that stand in the folder.
func TestPacked(t *testing.T) {
	t.Parallel()
	inside, outside := files(t, Embedded()), files(t, os.DirFS("scenarios"))
	var a, b []string
	for name, content := range inside {
		a = append(a, name)
		if !bytes.Equal(content, outside[name]) {
			t.Errorf("scenarios.zip has another %s: run go generate ./screening/training", name)
		}
	}
	for name := range outside {
		b = append(b, name)
	}
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Errorf("scenarios.zip holds %v, the folder %v: run go generate ./screening/training", a, b)
	}
}

func files(t *testing.T, folder fs.FS) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		all[name], err = fs.ReadFile(folder, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
