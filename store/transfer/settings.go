package transfer

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"tipscreen/store"
)

// settingsKey is the name under which the store keeps the targets, sealed, with their credentials.
const settingsKey = "targets"

// Settings says where a target is, and how to get in.
type Settings struct {
	Name    string `json:"name"`
	Address string `json:"address"` // a folder, or s3://…
	Mark    string `json:"mark,omitempty"`
	Access  string `json:"access,omitempty"`
	Secret  string `json:"secret,omitempty"`
	// Authority is the certificate, in PEM, of the only authority that may vouch for the server; empty: the system's.
	Authority string `json:"authority,omitempty"`
	// Ahead is what the server's clock was last seen ahead of this one, in seconds.
	Ahead int64 `json:"ahead,omitempty"`
}

// IsS3 tells an object store from a folder.
func (s Settings) IsS3() bool { return strings.HasPrefix(s.Address, "s3://") }

// Open opens the target. For a folder it must be there; an object store is not asked anything yet.
func (s Settings) Open() (Target, error) {
	if !s.IsS3() {
		return openFolder(s.Address, s.Mark)
	}
	return openBucket(s)
}

// Offset is what the server's clock is ahead of this one, if the target knows.
func (s Settings) Offset() time.Duration { return time.Duration(s.Ahead) * time.Second }

// Targets lists the targets of this laptop, in the order in which they were added.
func Targets(s *store.Store) ([]Settings, error) {
	var all []Settings
	content, err := s.State(settingsKey)
	if err == nil && content != nil {
		err = json.Unmarshal(content, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("read the targets: %w", err)
	}
	return all, nil
}

func keep(s *store.Store, all []Settings) error {
	content, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return s.SetState(settingsKey, content)
}

var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,30}$`)

// Add checks a target and keeps it. home is the folder of the store, which must not be on it.
func Add(s *store.Store, home string, t Settings, rand io.Reader) error {
	if !namePattern.MatchString(t.Name) {
		return ErrName
	}
	all, err := Targets(s)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(one Settings) bool { return one.Name == t.Name }) {
		return ErrTaken
	}
	if t.IsS3() {
		if _, err := openBucket(t); err != nil {
			return err
		}
	} else if t, err = addFolder(t, home, rand); err != nil {
		return err
	}
	return keep(s, append(all, t))
}

func addFolder(t Settings, home string, rand io.Reader) (Settings, error) {
	if strings.Contains(t.Address, "://") {
		return t, ErrAddress
	}
	dir, err := resolved(t.Address)
	if err != nil {
		return t, ErrNotThere
	}
	if own, err := resolved(home); err != nil || within(dir, own) || within(own, dir) {
		return t, ErrInside
	}
	f, err := openFolder(dir, "")
	if err != nil {
		return t, err
	}
	defer f.Close()
	t.Address = dir
	t.Mark, err = f.setMark(rand)
	return t, err
}

// resolved gives the absolute path behind links.
func resolved(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

func within(dir, outer string) bool {
	rel, err := filepath.Rel(outer, dir)
	return err == nil && (rel == "." || rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)))
}

// Remove forgets a target, with its credentials. What was sent to it stays sent.
func Remove(s *store.Store, name string) error {
	all, err := Targets(s)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(all), func(one Settings) bool { return one.Name == name })
	if len(left) == len(all) {
		return ErrNoTarget
	}
	return keep(s, left)
}

// Learn keeps what a target found out about its server's clock, so that the next push begins with it.
func Learn(s *store.Store, name string, t Target) error {
	b, ok := t.(*bucket)
	if !ok {
		return nil
	}
	all, err := Targets(s)
	if err != nil {
		return err
	}
	for i := range all {
		if ahead := int64(b.offset() / time.Second); all[i].Name == name && all[i].Ahead != ahead {
			all[i].Ahead = ahead
			return keep(s, all)
		}
	}
	return nil
}
