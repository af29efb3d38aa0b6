package seal

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Limits of a release (§19).
const (
	releaseMagic = "TSCRREL1"
	maxFiles     = 2000
	// MaxRelease is the largest release that is read.
	MaxRelease = 32 << 20
)

// Release is what an agency gives to its laptops: a signed keyset, and the files of its own data, of which the keyset
// has the digest. Nothing else signs them.
type Release struct {
	Keyset *Keyset
	Files  []File
}

// File is one file of an agency's data.
type File struct {
	Path    string // as fs.ValidPath, in the folders indicators, locales and directory
	Content []byte
}

// Pack writes a release.
func (r Release) Pack() ([]byte, error) {
	out := appendLP([]byte(releaseMagic), r.Keyset.Signed())
	out = binary.BigEndian.AppendUint32(out, uint32(len(r.Files)))
	for _, f := range r.Files {
		if !dataPath(f.Path) {
			return nil, fmt.Errorf("release: the file %q cannot be in the data of an agency", f.Path)
		}
		out = appendLP(appendLP(out, []byte(f.Path)), f.Content)
	}
	if len(out) > MaxRelease || len(r.Files) > maxFiles {
		return nil, fmt.Errorf("release: %w", ErrTooLarge)
	}
	return out, nil
}

// ParseRelease reads a release signed by root. The caller still has to compare the digest of the files with the
// keyset's.
func ParseRelease(b []byte, root [32]byte) (*Release, error) {
	if len(b) > MaxRelease {
		return nil, fmt.Errorf("release: %w", ErrTooLarge)
	}
	if err := checkMagic(b, releaseMagic); err != nil {
		return nil, fmt.Errorf("release: %w", err)
	}
	w := wire{b: b[len(releaseMagic):]}
	signed := w.lp()
	if w.bad {
		return nil, fmt.Errorf("release: %w", ErrDamaged)
	}
	k, err := ParseKeyset(signed)
	if err != nil {
		return nil, fmt.Errorf("release: %w", err)
	}
	if k.Root() != root {
		return nil, fmt.Errorf("release: another agency's: %w", ErrSignature)
	}
	r := &Release{Keyset: k}
	for range w.count(8) {
		f := File{Path: string(w.lp()), Content: w.lp()}
		if w.bad || !dataPath(f.Path) || len(r.Files) >= maxFiles {
			return nil, fmt.Errorf("release: a file: %w", ErrDamaged)
		}
		r.Files = append(r.Files, f)
	}
	if !w.done() || (k.Data == "") != (len(r.Files) == 0) {
		return nil, fmt.Errorf("release: %w", ErrDamaged)
	}
	return r, nil
}

// dataPath allows plain relative paths that every system can write.
func dataPath(name string) bool {
	if !fs.ValidPath(name) || len(name) > 200 || strings.Count(name, "/") > 5 {
		return false
	}
	if top, _, _ := strings.Cut(name, "/"); top == name || !slices.Contains([]string{"indicators", "locales", "directory"}, top) {
		return false
	}
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".") || path.Clean(part) != part {
			return false
		}
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./", r))
	})
}
