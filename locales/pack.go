//go:build ignore

// Packs the words of all languages into words.zip, which is what the program carries: seven times smaller, and the same
// bytes from the same words. A review.json that says of every text only that it was translated from the English of today is
// packed without the hashes, which stand once in sources.json. Run it with go generate ./locales after words changed; a
// test says when that was forgotten.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"log"
	"os"
	"path/filepath"

	"tipscreen/locales"
)

func main() {
	log.SetFlags(0)
	names, err := filepath.Glob("*/*.json") // sorted
	if err != nil {
		log.Fatal(err)
	}
	catalog, sources := locales.Open(os.DirFS(".")), map[string]map[string]string{}
	for _, side := range []locales.Side{locales.Official, locales.Person} {
		if sources[string(side)], err = catalog.Sources(side); err != nil {
			log.Fatal(err)
		}
	}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			log.Fatal(err)
		}
		if filepath.Base(name) == "review.json" {
			content = reduced(filepath.Dir(name), content, sources)
		}
		add(w, filepath.ToSlash(name), content)
	}
	content, err := json.Marshal(sources) // sorted
	if err != nil {
		log.Fatal(err)
	}
	add(w, "sources.json", content)
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("words.zip", packed.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func add(w *zip.Writer, name string, content []byte) {
	file, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err == nil {
		_, err = file.Write(content)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// reduced leaves the hashes out where every text has one, all are those of today, and nothing else is said.
func reduced(tag string, content []byte, sources map[string]map[string]string) []byte {
	var review map[string]json.RawMessage
	if json.Unmarshal(content, &review) != nil {
		return content
	}
	for side, hashes := range sources {
		var entries map[string]map[string]string
		_, missing := os.Stat(filepath.Join(tag, side+".json"))
		if missing != nil && review[side] == nil {
			continue
		}
		if json.Unmarshal(review[side], &entries) != nil || len(entries) != len(hashes) {
			return content
		}
		for id, entry := range entries {
			if len(entry) != 1 || entry["source"] != hashes[id] {
				return content
			}
		}
	}
	small, err := json.Marshal(map[string]any{"defaults": review["defaults"], "packed": true})
	if err != nil {
		log.Fatal(err)
	}
	return small
}
