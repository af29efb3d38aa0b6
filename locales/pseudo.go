package locales

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

const pseudoLanguage = "en-XA"

// Pseudo is for tests: the languages of a source, and one more, en-XA, made from its English, with accents, about 40 per cent longer and in brackets. What
// shows without brackets on a screen did not come from here; what lacks its closing bracket was cut off. English that cannot be read is copied as it is,
// so that the speaker of en-XA reports it.
func Pseudo(source fs.FS) fs.FS {
	// A zip in memory is the file system of the standard library that needs no disk and nothing from its test packages.
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	names, _ := fs.Glob(source, "*/*.json")
	for _, name := range names {
		data, err := fs.ReadFile(source, name)
		if err != nil {
			continue
		}
		store(w, name, data)
		if path.Dir(name) == sourceLanguage {
			store(w, pseudoLanguage+"/"+path.Base(name), pseudoFile(name, data))
		}
	}
	store(w, pseudoLanguage+"/review.json", pseudoReview(source))
	// Writing to and reading from memory fails only by a mistake made here, which the tests would show.
	_ = w.Close()
	r, err := zip.NewReader(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()))
	if err != nil {
		return source
	}
	return r
}

func store(w *zip.Writer, name string, data []byte) {
	if f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store}); err == nil {
		_, _ = f.Write(data)
	}
}

func pseudoFile(name string, data []byte) []byte {
	m := &messages{file: name}
	if m.parse(data); len(m.problems) > 0 {
		return data
	}
	all := make(map[string]map[string]string, len(m.byID))
	for id, message := range m.byID {
		all[id] = map[string]string{}
		for i, words := range message.forms {
			if words != "" {
				all[id][forms[i]] = pseudo(words)
			}
		}
	}
	return indented(all)
}

// pseudoReview calls every message a draft of the English of now: it is marked like one, and is not stale.
func pseudoReview(source fs.FS) []byte {
	c := Open(source)
	all := map[Side]map[string]map[string]string{}
	for _, side := range []Side{Official, Person} {
		// English that cannot be read is reported by whoever speaks it.
		sources, _ := c.Sources(side)
		all[side] = make(map[string]map[string]string, len(sources))
		for id, hash := range sources {
			all[side][id] = map[string]string{"source": hash, "status": string(Draft)}
		}
	}
	return indented(all)
}

func indented(v any) []byte {
	// Maps of strings always marshal.
	data, _ := json.MarshalIndent(v, "", " ")
	return data
}

var accents = strings.NewReplacer(
	"a", "áa", "e", "éè", "i", "ïi", "o", "öo", "u", "ûu", "A", "Áà", "E", "Éé", "I", "Ïi", "O", "Öö", "U", "Ûû",
	"c", "ç", "n", "ñ", "s", "š", "y", "ý", "z", "ž", "C", "Ç", "N", "Ñ", "S", "Š", "Y", "Ý", "Z", "Ž",
)

// pseudo changes the words and keeps the variables.
func pseudo(words string) string {
	var out strings.Builder
	out.WriteString("⟦")
	for words != "" {
		before, rest, found := strings.Cut(words, "{{")
		out.WriteString(accents.Replace(before))
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}}")
		out.WriteString("{{" + name + "}}")
		words = after
	}
	out.WriteString("⟧")
	return out.String()
}
