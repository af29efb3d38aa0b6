package locales

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

//go:generate go run pack.go

//go:embed words.zip
var packed []byte

// Embedded is what the program ships: the folders of this package, packed (pack.go). A review.json in which every text was
// translated from the English of today is packed without the hashes, and a language with all texts without their ids; both
// get them back here.
func Embedded() fs.FS {
	words, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return noWords{err} // a fault of the build, which every use then names
	}
	return embedded{words}
}

// noWords is a folder that cannot be read.
type noWords struct{ error }

func (n noWords) Open(string) (fs.File, error) { return nil, n.error }

type embedded struct{ *zip.Reader }

// sourcesFile holds, once for all languages, the hash of each English message.
const sourcesFile = "sources.json"

// Open gives a file as it stands in its folder.
func (e embedded) Open(name string) (fs.File, error) {
	if name == sourcesFile {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if path.Ext(name) != ".json" {
		return e.Reader.Open(name)
	}
	content, err := fs.ReadFile(e.Reader, name)
	if err != nil {
		return nil, err
	}
	if path.Base(name) == "review.json" {
		content, err = e.unpack(path.Dir(name), content)
	} else {
		content, err = e.withIDs(strings.TrimSuffix(path.Base(name), ".json"), content)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &file{Reader: bytes.NewReader(content), name: path.Base(name), size: int64(len(content))}, nil
}

// unpack puts the hashes back, for each side for which the language has words.
func (e embedded) unpack(tag string, content []byte) ([]byte, error) {
	var review map[string]json.RawMessage
	if err := json.Unmarshal(content, &review); err != nil {
		return nil, err
	}
	if string(review["packed"]) != "true" {
		return content, nil
	}
	delete(review, "packed")
	sources, err := e.sources()
	if err != nil {
		return nil, err
	}
	for side, hashes := range sources {
		if _, err := fs.Stat(e.Reader, tag+"/"+side+".json"); err != nil {
			continue
		}
		entries := make(map[string]map[string]string, len(hashes))
		for id, hash := range hashes {
			entries[id] = map[string]string{"source": hash}
		}
		if review[side], err = json.Marshal(entries); err != nil {
			return nil, err
		}
	}
	return json.Marshal(review)
}

// withIDs puts the ids back before the texts of a language.
func (e embedded) withIDs(side string, content []byte) ([]byte, error) {
	if len(content) == 0 || content[0] != '[' {
		return content, nil
	}
	var texts []json.RawMessage
	if err := json.Unmarshal(content, &texts); err != nil {
		return nil, err
	}
	sources, err := e.sources()
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	for i, id := range slices.Sorted(maps.Keys(sources[side])) {
		if i >= len(texts) {
			return nil, errors.New("the packed words do not fit their ids")
		}
		fmt.Fprintf(&all, ",\n %q: %s", id, texts[i])
	}
	return append(append([]byte("{"), all.Bytes()[1:]...), "\n}\n"...), nil
}

// sources are the hashes of the English messages, by side and id.
func (e embedded) sources() (sources map[string]map[string]string, err error) {
	all, err := fs.ReadFile(e.Reader, sourcesFile)
	if err == nil {
		err = json.Unmarshal(all, &sources)
	}
	return sources, err
}

// file is a file in memory.
type file struct {
	*bytes.Reader
	name string
	size int64
}

func (f *file) Stat() (fs.FileInfo, error) { return f, nil }
func (f *file) Close() error               { return nil }
func (f *file) Name() string               { return f.name }
func (f *file) Size() int64                { return f.size }
func (f *file) Mode() fs.FileMode          { return 0o444 }
func (f *file) ModTime() time.Time         { return time.Time{} }
func (f *file) IsDir() bool                { return false }
func (f *file) Sys() any                   { return nil }

var _ io.Reader = (*file)(nil)
