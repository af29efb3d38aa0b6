package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Places of the officers in the device state (§5).
const (
	officersAt = 102
	officerMax = slotCount / 2
	entrySize  = 64
	// MaxHandle is the longest handle, in bytes.
	MaxHandle = entrySize - 3
)

// Errors about officers.
var (
	ErrFullRing      = errors.New("no room for another officer")
	ErrHandleTaken   = errors.New("another officer has this handle")
	ErrHandleLong    = fmt.Errorf("the handle is longer than %d bytes", MaxHandle)
	ErrNoOfficer     = errors.New("no such officer")
	ErrOwnSlot       = errors.New("officers cannot remove themselves")
	ErrHandleMissing = errors.New("the handle is empty")
)

// entry names the officer of two slots. It exists only inside the sealed device state.
type entry struct {
	slot, partner byte
	handle        string
}

func (d *Device) readOfficers(p []byte) error {
	for i := range d.officers {
		b := p[i*entrySize : (i+1)*entrySize]
		n := int(b[2])
		if b[0] >= slotCount || b[1] >= slotCount || n > MaxHandle || !allZero(b[3+n:]) {
			return fmt.Errorf("device state: %w", ErrDamaged)
		}
		d.officers[i] = entry{b[0], b[1], string(b[3 : 3+n])}
	}
	return nil
}

func (d *Device) writeOfficers(p []byte) {
	for i, e := range d.officers {
		b := p[i*entrySize : (i+1)*entrySize]
		if e.handle != "" {
			b[0], b[1], b[2] = e.slot, e.partner, byte(len(e.handle))
			copy(b[3:], e.handle)
		}
	}
}

// name keeps the handle of the officer in two slots.
func (d *Device) name(slot, partner byte, handle string) error {
	handle = string(NormalizePassphrase([]byte(handle)))
	if len(handle) > MaxHandle {
		return ErrHandleLong
	}
	free := -1
	for i, e := range d.officers {
		switch {
		case e.handle == "" || e.slot == slot:
			if free < 0 || e.handle != "" {
				free = i
			}
		case bytes.Equal(normalizeHandle(e.handle), normalizeHandle(handle)):
			return ErrHandleTaken
		}
	}
	if free < 0 {
		return ErrFullRing
	}
	d.officers[free] = entry{slot, partner, handle}
	return nil
}

// Handle is what the officer's entry says; empty in a store that was made before there were entries.
func (o *Officer) Handle() string {
	for _, e := range o.State.officers {
		if e.handle != "" && e.slot == o.slot {
			return e.handle
		}
	}
	return ""
}

// SetHandle gives an officer without an entry one: the handle with which the store was just opened.
func (o *Officer) SetHandle(handle string) error { return o.State.name(o.slot, o.partner, handle) }

// Handles lists the officers of the device, in alphabetical order.
func (o *Officer) Handles() []string {
	var out []string
	for _, e := range o.State.officers {
		if e.handle != "" {
			out = append(out, e.handle)
		}
	}
	slices.Sort(out)
	return out
}

// AddOfficer gives somebody else slots of their own: another key for drafts and records, the same device.
func (r *Ring) AddOfficer(rand io.Reader, by *Officer, handle string, passphrase []byte) (Code, error) {
	if len(normalizeHandle(handle)) == 0 {
		return Code{}, ErrHandleMissing
	}
	o := &Officer{DK: by.DK, Device: by.Device, State: by.State}
	defer o.Wipe()
	if err := o.assignSlots(rand); err != nil {
		return Code{}, err
	}
	for _, b := range [][]byte{o.OMK[:], o.seed[:]} {
		if _, err := io.ReadFull(rand, b); err != nil {
			return Code{}, fmt.Errorf("random bytes: %w", err)
		}
	}
	if err := r.SetPassphrase(rand, o, handle, passphrase); err != nil {
		return Code{}, err
	}
	code, err := r.NewCode(rand, o)
	if err != nil {
		return Code{}, err
	}
	by.State = o.State
	return code, r.SetDevice(rand, by)
}

// RemoveOfficer overwrites the slots of another officer. Nobody can read that officer's drafts afterwards.
func (r *Ring) RemoveOfficer(rand io.Reader, by *Officer, handle string) error {
	want := normalizeHandle(handle)
	for i, e := range by.State.officers {
		if e.handle == "" || !bytes.Equal(normalizeHandle(e.handle), want) {
			continue
		}
		if e.slot == by.slot {
			return ErrOwnSlot
		}
		for _, slot := range []byte{e.slot, e.partner} {
			if _, err := io.ReadFull(rand, r.slot(slot)); err != nil {
				return fmt.Errorf("random bytes: %w", err)
			}
			by.State.used &^= 1 << slot
		}
		by.State.officers[i] = entry{}
		return r.SetDevice(rand, by)
	}
	return ErrNoOfficer
}
