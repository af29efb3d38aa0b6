package store

import (
	"errors"
	"io"
	"os"
	"slices"

	"tipscreen/store/seal"
)

// witnessCell is the size of a cell at first: room for a draft of about 120 KiB.
const witnessCell = 128 << 10

// witnessFile is witness.bin, open for writing (§8).
type witnessFile struct {
	f    *os.File
	cell int64
}

// newWitness makes the file with two cells of random bytes: preallocated, so that writing a cell needs no space, and
// a new one looks like a used one.
func (s *Store) newWitness(cell int64) error {
	b := make([]byte, 2*cell)
	if _, err := io.ReadFull(s.o.Rand, b); err != nil {
		return err
	}
	return s.replaceWitness(b)
}

func (s *Store) replaceWitness(b []byte) error {
	if s.witness != nil {
		s.witness.f.Close()
		s.witness = nil
	}
	if err := s.files.replace(witnessName, b); err != nil {
		return err
	}
	return s.openWitness()
}

func (s *Store) openWitness() error {
	f, err := os.OpenFile(s.files.path(witnessName), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	s.witness = &witnessFile{f: f, cell: info.Size() / 2}
	return nil
}

// writeWitness writes the cell of one transaction and waits until it is on the disk.
func (s *Store) writeWitness(w seal.Witness) error {
	b, err := w.Seal(s.o.Rand, s.officer.DK, s.officer.Device)
	if err != nil {
		return err
	}
	if int64(len(b)) > s.witness.cell {
		return s.growWitness(w.Counter, b)
	}
	if _, err := s.witness.f.WriteAt(b, int64(w.Counter%2)*s.witness.cell); err != nil {
		return err
	}
	return s.files.sync(s.witness.f)
}

// growWitness makes larger cells for a larger draft. The other cell is kept.
func (s *Store) growWitness(counter uint64, b []byte) error {
	cell := s.witness.cell
	for cell < int64(len(b)) {
		cell *= 2
	}
	out := make([]byte, 2*cell)
	if _, err := io.ReadFull(s.o.Rand, out); err != nil {
		return err
	}
	other := int64(1 - counter%2)
	if _, err := s.witness.f.ReadAt(out[other*cell:other*cell+s.witness.cell], other*s.witness.cell); err != nil {
		return err
	}
	copy(out[int64(counter%2)*cell:], b)
	return s.replaceWitness(out)
}

// wholeSize is the size that a witness of at least n bytes must have: two cells, doubled some times.
func wholeSize(n int64) int64 {
	size := int64(2 * witnessCell)
	for size < n {
		size *= 2
	}
	return size
}

// readWitness gives the cells that can be opened, newest first, and whether the file has the size it should.
func (s *Store) readWitness() (cells []seal.Witness, whole bool, err error) {
	b, err := os.ReadFile(s.files.path(witnessName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	whole = int64(len(b)) == wholeSize(int64(len(b)))
	b = append(b, make([]byte, wholeSize(int64(len(b)))-int64(len(b)))...)
	for _, half := range [][]byte{b[:len(b)/2], b[len(b)/2:]} {
		w, err := seal.OpenWitness(s.officer.DK, s.officer.Device, half)
		if err == nil {
			cells = append(cells, w)
		}
	}
	slices.SortFunc(cells, func(a, b seal.Witness) int {
		if a.Counter > b.Counter {
			return -1
		}
		return 1
	})
	return cells, whole, nil
}
