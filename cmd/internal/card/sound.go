package card

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"tipscreen/screening"
)

// Recordings are spoken sentences of one language, by the hash of the words that are spoken. When the words change, the
// recording of the old ones is not found any more, so that nobody hears another sentence than is written.
//
// A folder of recordings holds SHA256SUMS, as sha256sum writes it, and files named after the hash of the words, as
// 8961f02e8536.ogg. What is not listed, or is not what was listed, is not played. They are meant for the voice of a
// person: a synthetic one is not fit for what is asked here.
type Recordings map[string][]byte

// longestSound bounds one recording, and longestList the list.
const (
	longestSound = 4 << 20
	longestList  = 1 << 20
)

// ReadRecordings reads a folder; one that does not exist has none. The error names the files that are left out.
func ReadRecordings(folder fs.FS) (Recordings, error) {
	list, err := readPart(folder, "SHA256SUMS", longestList)
	if err != nil {
		return nil, nil
	}
	found, bad := Recordings{}, []string(nil)
	for scanner := bufio.NewScanner(bytes.NewReader(list)); scanner.Scan(); {
		sum, name, ok := strings.Cut(scanner.Text(), " ")
		name = strings.TrimLeft(name, " *")
		if !ok || name != path.Base(name) {
			bad = append(bad, "SHA256SUMS")
			continue
		}
		content, err := readPart(folder, name, longestSound)
		if got := sha256.Sum256(content); err != nil || hex.EncodeToString(got[:]) != sum {
			bad = append(bad, name)
			continue
		}
		found[strings.TrimSuffix(name, path.Ext(name))] = content
	}
	if len(bad) > 0 {
		return found, fmt.Errorf("recordings that are not what SHA256SUMS lists are not played: %s", strings.Join(bad, ", "))
	}
	return found, nil
}

func readPart(folder fs.FS, name string, longest int64) ([]byte, error) {
	file, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, longest+1))
	if err == nil && int64(len(content)) > longest {
		err = fs.ErrInvalid
	}
	return content, err
}

// of gives the recordings of what was shown; none where one of the sentences has none, for half of it could mislead.
func (r Recordings) of(shown []screening.Shown, tag string) []string {
	var all []string
	for _, one := range shown {
		if one.Lang != tag {
			continue
		}
		if r[one.Hash] == nil {
			return nil
		}
		all = append(all, one.Hash)
	}
	return all
}

func (s *Server) sound(w http.ResponseWriter, name string) {
	content := s.sounds[name]
	if content == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream") // the script decodes it; the browser is to guess nothing
	_, _ = w.Write(content)
}
