package seal

import "encoding/binary"

// wire reads fields from the front of some bytes. After a field that is not there, everything read is zero and done
// says so.
type wire struct {
	b   []byte
	bad bool
}

func (w *wire) take(n int64) []byte {
	if w.bad || n < 0 || n > int64(len(w.b)) {
		w.bad = true
		return nil
	}
	out := w.b[:n:n]
	w.b = w.b[n:]
	return out
}

func (w *wire) u64() uint64 {
	if b := w.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (w *wire) u32() uint32 {
	if b := w.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (w *wire) u8() byte {
	if b := w.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (w *wire) lp() []byte { return w.take(int64(w.u32())) }

func (w *wire) id() (id ID) {
	copy(id[:], w.take(int64(len(id))))
	return id
}

func (w *wire) hash() (h [32]byte) {
	copy(h[:], w.take(int64(len(h))))
	return h
}

// count reads a number of entries, each of which takes at least size bytes: so no more is set aside for them than what
// is there.
func (w *wire) count(size int) int {
	n := w.u32()
	if int64(n)*int64(size) > int64(len(w.b)) {
		w.bad = true
		return 0
	}
	return int(n)
}

// done reports that every field was there and nothing follows.
func (w *wire) done() bool { return !w.bad && len(w.b) == 0 }

// maxSequence limits sequence numbers, so that sums of them never overflow.
const maxSequence = 1 << 48
