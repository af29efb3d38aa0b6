package practice

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"tipscreen/screening/training"
)

// Shelf is a folder of mock interviews with a key of its own, training.key. It needs no set-up and no passphrase, so that
// it works from a stick: what is in it is about nobody but the trainee, and whoever has the folder can read it. It is not
// the store of records, shares no key with it, and holds nothing that the store would take.
type Shelf struct {
	dir  string
	rand io.Reader
}

const (
	keyName   = "training.key"
	runSuffix = ".training"
	maxRun    = 8 << 20
)

// Errors that callers branch on.
var (
	ErrNoRun     = errors.New("there is no such mock interview")
	ErrAmbiguous = errors.New("more than one mock interview begins so")
)

// OpenShelf names the folder. It is made when the first run is put there.
func OpenShelf(dir string, rand io.Reader) *Shelf { return &Shelf{dir, rand} }

// IsShelf tells whether a folder is one.
func IsShelf(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, keyName))
	return err == nil
}

// identity reads the key of the folder; make makes it where there is none.
func (s *Shelf) identity(make bool) (*age.HybridIdentity, error) {
	path := filepath.Join(s.dir, keyName)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && make {
		return s.newKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("open the training folder: %w", err)
	}
	i, err := age.ParseHybridIdentity(strings.TrimSpace(string(content)))
	if err != nil {
		return nil, errors.New("the key of the training folder cannot be read; move the folder away to begin a new one")
	}
	return i, nil
}

func (s *Shelf) newKey(path string) (*age.HybridIdentity, error) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the training folder: %w", err)
	}
	return i, writeNew(path, []byte(i.String()+"\n"))
}

// Put keeps a run and gives it its id.
func (s *Shelf) Put(run *training.Run) error {
	i, err := s.identity(true)
	if err != nil {
		return err
	}
	var id [4]byte
	if _, err := io.ReadFull(s.rand, id[:]); err != nil {
		return fmt.Errorf("random bytes: %w", err)
	}
	run.ID = "t-" + hex.EncodeToString(id[:])
	content, err := json.Marshal(run)
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, i.Recipient())
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return writeNew(filepath.Join(s.dir, run.ID+runSuffix), sealed.Bytes())
}

// writeNew writes beside and renames, so that a run is whole or not there.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("keep it in the training folder: %w", err)
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("keep it in the training folder: %w", err)
	}
	return nil
}

// Runs reads every run of the folder, the oldest first. One that cannot be read is named and blocks nothing.
func (s *Shelf) Runs() (runs []*training.Run, problems []error) {
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+runSuffix))
	if err != nil || len(names) == 0 {
		return nil, nil
	}
	i, err := s.identity(false)
	if err != nil {
		return nil, []error{err}
	}
	for _, name := range names {
		run, err := readSealed(name, i)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", filepath.Base(name), err))
			continue
		}
		runs = append(runs, run)
	}
	slices.SortFunc(runs, func(a, b *training.Run) int {
		if d := a.Begun.Compare(b.Begun); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return runs, problems
}

func readSealed(path string, i *age.HybridIdentity) (*training.Run, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := age.Decrypt(io.LimitReader(f, maxRun), i)
	if err != nil {
		return nil, errors.New("it was not made in this training folder, or it is damaged")
	}
	content, err := io.ReadAll(io.LimitReader(r, maxRun))
	if err != nil {
		return nil, errors.New("it is damaged")
	}
	return training.ReadRun(content)
}

// Run finds a run by the beginning of its id; an empty one gives the latest.
func (s *Shelf) Run(id string) (*training.Run, error) {
	runs, problems := s.Runs()
	if id == "" && len(runs) > 0 {
		return runs[len(runs)-1], nil
	}
	var found *training.Run
	for _, run := range runs {
		if id != "" && strings.HasPrefix(run.ID, id) {
			if found != nil {
				return nil, ErrAmbiguous
			}
			found = run
		}
	}
	if found == nil {
		return nil, errors.Join(append([]error{ErrNoRun}, problems...)...)
	}
	return found, nil
}

// ReadFile reads a run that was handed in as JSON.
func ReadFile(path string) (*training.Run, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxRun))
	if err != nil {
		return nil, err
	}
	return training.ReadRun(content)
}

// HandedIn gathers the runs of a class: files of JSON, and training folders, in a folder. What cannot be used is named.
func HandedIn(dir string) (runs []*training.Run, problems []error, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("open the folder of the class: %w", err)
	}
	if IsShelf(dir) {
		runs, problems = OpenShelf(dir, nil).Runs()
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		switch {
		case entry.IsDir() && IsShelf(path):
			more, wrong := OpenShelf(path, nil).Runs()
			runs, problems = append(runs, more...), append(problems, wrong...)
		case strings.HasSuffix(entry.Name(), ".json"):
			run, err := ReadFile(path)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", entry.Name(), err))
				continue
			}
			runs = append(runs, run)
		}
	}
	return runs, problems, nil
}
