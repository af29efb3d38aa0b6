package screening

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// snapshotMagic begins the written form of an interview: the magic, the length of the setup as four bytes, the setup
// as deflated JSON, the events as JSON.
const snapshotMagic = "TSI1"

// maxSetup bounds what a damaged length or a hostile deflate stream can make the reader allocate.
const maxSetup = 8 << 20

// PackSetup writes the part of a snapshot that never changes during an interview, so that it is compressed only once.
func PackSetup(setup *Setup) ([]byte, error) {
	plain, err := json.Marshal(setup)
	if err != nil {
		return nil, fmt.Errorf("write the setup: %w", err)
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint32([]byte(snapshotMagic), uint32(packed.Len()))
	return append(head, packed.Bytes()...), nil
}

// Snapshot writes the whole interview: what PackSetup gave, and all events.
func Snapshot(packed []byte, events []Event) ([]byte, error) {
	plain, err := json.Marshal(events)
	if err != nil {
		return nil, fmt.Errorf("write the events: %w", err)
	}
	return append(bytes.Clone(packed), plain...), nil
}

// OpenSnapshot reads what Snapshot wrote and replays it. packed is the part to be given to Snapshot again.
func OpenSnapshot(content []byte) (iv *Interview, packed []byte, err error) {
	head := len(snapshotMagic) + 4
	if len(content) < head || string(content[:len(snapshotMagic)]) != snapshotMagic {
		return nil, nil, fmt.Errorf("this is not an interview of a format that this program reads")
	}
	size := int(binary.BigEndian.Uint32(content[len(snapshotMagic):]))
	if size > len(content)-head {
		return nil, nil, fmt.Errorf("the interview is cut off")
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(content[head:head+size])), maxSetup+1))
	if err != nil || len(plain) > maxSetup {
		return nil, nil, fmt.Errorf("the setup of the interview cannot be read")
	}
	var setup Setup
	if err := json.Unmarshal(plain, &setup); err != nil || setup.Plan == nil || setup.Data == nil {
		return nil, nil, fmt.Errorf("the setup of the interview cannot be read")
	}
	if err := setup.whole(); err != nil {
		return nil, nil, err
	}
	setup.Data.Index()
	if err := setup.check(); err != nil {
		return nil, nil, err
	}
	var events []Event
	if err := json.Unmarshal(content[head+size:], &events); err != nil {
		return nil, nil, fmt.Errorf("the events of the interview cannot be read")
	}
	iv, err = Replay(&setup, events)
	return iv, content[:head+size], err
}

// whole refuses a setup with holes, which no program of ours writes.
func (s *Setup) whole() error {
	hole := slices.Contains(s.Data.Items, nil) || slices.Contains(s.Data.Frameworks, nil) || slices.Contains(s.Data.Plans, nil) || slices.Contains(s.Data.Flags, nil)
	for _, f := range s.Data.Frameworks {
		for c := 0; !hole && c < len(f.Classes); c++ {
			for _, term := range f.Classes[c].When {
				hole = hole || term.Positive == nil
			}
		}
	}
	if hole {
		return fmt.Errorf("the setup of the interview is incomplete")
	}
	return nil
}

// check refuses a setup that would lead the interview outside its own data.
func (s *Setup) check() error {
	for _, item := range s.Data.Items {
		if item == nil || item.Sensitivity == nil {
			return fmt.Errorf("an item of the stored interview is incomplete")
		}
		for _, ref := range item.Evidences {
			if _, _, ok := s.Data.Indicator(ref); !ok {
				return fmt.Errorf("an item of the stored interview names an unknown indicator")
			}
		}
		for _, term := range item.AskIf.Terms() {
			if _, ok := s.Data.Item(term.Item); !ok {
				return fmt.Errorf("an item of the stored interview waits for an unknown item")
			}
		}
	}
	return nil
}
