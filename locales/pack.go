//go:build ignore

// Packs the words of all languages into words.zip, which is what the program carries: seven times smaller, and the same
// bytes from the same words. A review.json that says of every text only that it was translated from the English of today is
// packed without the hashes, which stand once in sources.json; a language that has all texts is packed without their ids. Run it with go generate ./locales after words changed; a
// test says when that was forgotten.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
		switch tag, base := filepath.Split(name); {
		case base == "review.json":
			content = reduced(filepath.Clean(tag), content, sources)
		case filepath.Clean(tag) != "en":
			content = listed(content, sources[strings.TrimSuffix(base, ".json")])
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

// listed leaves the ids out where a language has exactly those of English: the texts alone, in the order of the ids.
func listed(content []byte, sources map[string]string) []byte {
	var texts map[string]json.RawMessage
	if json.Unmarshal(content, &texts) != nil || len(texts) != len(sources) {
		return content
	}
	var list []json.RawMessage
	for _, id := range slices.Sorted(maps.Keys(sources)) {
		if texts[id] == nil {
			return content
		}
		list = append(list, texts[id])
	}
	var small bytes.Buffer
	encoder := json.NewEncoder(&small)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(list); err != nil {
		log.Fatal(err)
	}
	return small.Bytes()
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
