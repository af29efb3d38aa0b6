package locales

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestPacked: the program carries exactly the words that stand in the folders.
func TestPacked(t *testing.T) {
	t.Parallel()
	inside, err := fs.Glob(Embedded(), "*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	outside, err := filepath.Glob("*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range outside {
		outside[i] = filepath.ToSlash(name)
	}
	slices.Sort(inside)
	slices.Sort(outside)
	if !slices.Equal(inside, outside) {
		t.Fatalf("words.zip holds %v, the folders %v: run go generate ./locales", inside, outside)
	}
	for _, name := range outside {
		a, err := fs.ReadFile(Embedded(), name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		// What was left out is put back; order and spaces do not matter.
		a, b = sorted(t, a), sorted(t, b)
		if !bytes.Equal(a, b) {
			t.Errorf("words.zip has other words than %s: run go generate ./locales", name)
		}
	}
}

func sorted(t *testing.T, content []byte) []byte {
	t.Helper()
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		t.Fatal(err)
	}
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
