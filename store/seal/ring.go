package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Sizes and places in keys.bin (§5).
const (
	ringMagic   = "TSCRKEY1"
	copySize    = 8192
	slotCount   = 16
	slotSize    = 256
	slotsAt     = 80
	deviceAt    = slotsAt + slotCount*slotSize
	deviceSize  = 1024
	ringUsed    = deviceAt + deviceSize
	checksumAt  = copySize - sha256.Size
	slotPlain   = slotSize - overhead
	devicePlain = deviceSize - overhead

	kindOfficer  = 1
	kindRecovery = 2
)

// RingSize is the size of keys.bin: two copies.
const RingSize = 2 * copySize

// Ring is keys.bin in memory: which passphrases open the store, and the device state. It is ciphertext.
type Ring struct {
	raw      [copySize]byte
	repaired bool
}

// Officer is what one slot holds: everything that an unlocked store needs.
type Officer struct {
	OMK, DK   Key
	seed      [32]byte
	slot      byte
	partner   byte
	recovered bool
	Device    ID
	State     Device
}

// Device is the state that all officers of a laptop share.
type Device struct {
	seed        [32]byte
	LogKey      Key
	used        uint16
	KeysetFloor uint32
	Root        [32]byte // the agency's pinned root; zeros while the store is alone
	officers    [officerMax]entry
}

// Signer signs for the officer.
func (o *Officer) Signer() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(o.seed[:]) }

// DeviceSigner signs for the laptop.
func (o *Officer) DeviceSigner() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(o.State.seed[:]) }

// Recovered reports whether the store was opened with the printed code.
func (o *Officer) Recovered() bool { return o.recovered }

// Wipe clears the keys, as well as Go allows.
func (o *Officer) Wipe() { *o = Officer{} }

// NewRing makes keys.bin for a new store with one officer and a recovery slot.
func NewRing(rand io.Reader, kdf KDF, handle string, passphrase []byte) (*Ring, *Officer, Code, error) {
	if err := kdf.check(); err != nil {
		return nil, nil, Code{}, err
	}
	r, o := new(Ring), new(Officer)
	code, err := NewCode(rand)
	if err != nil {
		return nil, nil, code, err
	}
	if _, err := io.ReadFull(rand, r.raw[8:ringUsed]); err != nil { // device id, salt and sixteen unused slots
		return nil, nil, code, fmt.Errorf("random bytes: %w", err)
	}
	copy(r.raw[:], ringMagic)
	binary.BigEndian.PutUint32(r.raw[56:], kdf.Time)
	binary.BigEndian.PutUint32(r.raw[60:], kdf.MemoryKiB)
	r.raw[64], r.raw[65] = kdf.Lanes, slotCount
	clear(r.raw[66:slotsAt])
	o.Device = r.Device()
	for _, b := range [][]byte{o.OMK[:], o.DK[:], o.seed[:], o.State.seed[:], o.State.LogKey[:]} {
		if _, err := io.ReadFull(rand, b); err != nil {
			return nil, nil, code, fmt.Errorf("random bytes: %w", err)
		}
	}
	if err := o.assignSlots(rand); err != nil {
		return nil, nil, code, err
	}
	if err := r.SetPassphrase(rand, o, handle, passphrase); err != nil {
		return nil, nil, code, err
	}
	if err := r.setCode(rand, o, code); err != nil {
		return nil, nil, code, err
	}
	return r, o, code, r.SetDevice(rand, o)
}

// assignSlots draws two unused slots at random, so that their place says nothing.
func (o *Officer) assignSlots(rand io.Reader) error {
	for _, to := range []*byte{&o.slot, &o.partner} {
		var free []byte
		for i := range byte(slotCount) {
			if o.State.used&(1<<i) == 0 {
				free = append(free, i)
			}
		}
		if len(free) == 0 {
			return ErrFullRing
		}
		n, err := uniform(rand, len(free))
		if err != nil {
			return err
		}
		*to = free[n]
		o.State.used |= 1 << *to
	}
	return nil
}

// ParseRing reads keys.bin. ErrDamaged means that neither copy is whole.
func ParseRing(b []byte) (*Ring, error) {
	if len(b) > RingSize {
		b = b[:RingSize] // a tail that somebody appended is damage, but not a loss
	}
	var first error
	for at := 0; at < RingSize; at += copySize {
		if len(b) < at+copySize {
			break
		}
		r, err := parseCopy(b[at : at+copySize])
		if err == nil {
			r.repaired = len(b) != RingSize || !bytes.Equal(b[:copySize], b[copySize:])
			return r, nil
		}
		if first == nil || errors.Is(err, ErrVersion) {
			first = err
		}
	}
	if first == nil {
		first = ErrDamaged
	}
	return nil, fmt.Errorf("keys.bin: %w", first)
}

func parseCopy(b []byte) (*Ring, error) {
	sum := sha256.Sum256(b[:checksumAt])
	if !bytes.Equal(sum[:], b[checksumAt:]) {
		return nil, ErrDamaged
	}
	if err := checkMagic(b, ringMagic); err != nil {
		return nil, err
	}
	r := &Ring{raw: [copySize]byte(b)}
	if r.raw[65] != slotCount || !allZero(r.raw[66:slotsAt]) || !allZero(r.raw[ringUsed:checksumAt]) {
		return nil, ErrDamaged
	}
	return r, r.kdf().check()
}

// Repaired reports that one of the two copies was damaged; Bytes gives a whole file again.
func (r *Ring) Repaired() bool { return r.repaired }

// Bytes gives the file.
func (r *Ring) Bytes() []byte {
	sum := sha256.Sum256(r.raw[:checksumAt])
	copy(r.raw[checksumAt:], sum[:])
	return append(append([]byte(nil), r.raw[:]...), r.raw[:]...)
}

// Device gives the device's id, which is public.
func (r *Ring) Device() ID { return ID(r.raw[8:24]) }

func (r *Ring) kdf() KDF {
	return KDF{
		Time:      binary.BigEndian.Uint32(r.raw[56:]),
		MemoryKiB: binary.BigEndian.Uint32(r.raw[60:]),
		Lanes:     r.raw[64],
	}
}

func (r *Ring) slot(i byte) []byte {
	at := slotsAt + int(i)*slotSize
	return r.raw[at : at+slotSize]
}

func (r *Ring) officerKEK(handle string, passphrase []byte) (Key, error) {
	p := NormalizePassphrase(passphrase)
	defer clear(p)
	if len(p) == 0 {
		return Key{}, ErrEmpty
	}
	return r.kdf().derive(p, hash("officer salt", r.raw[24:56], normalizeHandle(handle))), nil
}

func (r *Ring) recoveryKEK(c Code) Key {
	return r.kdf().derive(c[:], hash("recovery salt", r.raw[24:56]))
}

// Unlock opens the slot of an officer. ErrCannotOpen means an unknown officer or a wrong passphrase, and nobody can
// tell which: the work is the same.
func (r *Ring) Unlock(handle string, passphrase []byte) (*Officer, error) {
	kek, err := r.officerKEK(handle, passphrase)
	if errors.Is(err, ErrEmpty) {
		return nil, ErrCannotOpen
	}
	if err != nil {
		return nil, err
	}
	return r.open(kek, kindOfficer)
}

// Recover opens the recovery slot.
func (r *Ring) Recover(c Code) (*Officer, error) { return r.open(r.recoveryKEK(c), kindRecovery) }

// open tries every slot, also after one opened.
func (r *Ring) open(kek Key, kind byte) (*Officer, error) {
	var found *Officer
	device := r.Device()
	for i := range byte(slotCount) {
		p, err := unbox(kek, r.slot(i), "slot", device[:], []byte{i})
		if err != nil || p[0] != kind || p[1] != i || p[2] >= slotCount {
			continue
		}
		o := &Officer{Device: device, slot: i, partner: p[2], recovered: kind == kindRecovery}
		copy(o.OMK[:], p[8:])
		copy(o.DK[:], p[40:])
		copy(o.seed[:], p[72:])
		clear(p)
		found = o
	}
	if found == nil {
		return nil, ErrCannotOpen
	}
	if found.recovered { // from here on slot is the officer's and partner the recovery slot
		found.slot, found.partner = found.partner, found.slot
	}
	return found, r.openDevice(found)
}

func (r *Ring) openDevice(o *Officer) error {
	device := r.Device()
	p, err := unbox(o.DK, r.raw[deviceAt:ringUsed], "device state", device[:])
	if err != nil {
		return fmt.Errorf("device state: %w", ErrDamaged)
	}
	defer clear(p)
	copy(o.State.seed[:], p)
	copy(o.State.LogKey[:], p[32:])
	o.State.used = binary.BigEndian.Uint16(p[64:])
	o.State.KeysetFloor = binary.BigEndian.Uint32(p[66:])
	copy(o.State.Root[:], p[70:])
	return o.State.readOfficers(p[officersAt:])
}

// SetDevice writes the device state of o into the ring.
func (r *Ring) SetDevice(rand io.Reader, o *Officer) error {
	p := make([]byte, devicePlain)
	defer clear(p)
	copy(p, o.State.seed[:])
	copy(p[32:], o.State.LogKey[:])
	binary.BigEndian.PutUint16(p[64:], o.State.used)
	binary.BigEndian.PutUint32(p[66:], o.State.KeysetFloor)
	copy(p[70:], o.State.Root[:])
	o.State.writeOfficers(p[officersAt:])
	device := r.Device()
	sealed, err := box(rand, o.DK, p, "device state", device[:])
	copy(r.raw[deviceAt:ringUsed], sealed)
	return err
}

// SetPassphrase replaces the slot of o: the old passphrase opens nothing in this ring any more.
func (r *Ring) SetPassphrase(rand io.Reader, o *Officer, handle string, passphrase []byte) error {
	kek, err := r.officerKEK(handle, passphrase)
	if err != nil {
		return err
	}
	if err := o.State.name(o.slot, o.partner, handle); err != nil {
		return err
	}
	return r.put(rand, kek, kindOfficer, o.slot, o.partner, o)
}

// NewCode replaces the recovery slot of o.
func (r *Ring) NewCode(rand io.Reader, o *Officer) (Code, error) {
	c, err := NewCode(rand)
	if err != nil {
		return c, err
	}
	return c, r.setCode(rand, o, c)
}

func (r *Ring) setCode(rand io.Reader, o *Officer, c Code) error {
	return r.put(rand, r.recoveryKEK(c), kindRecovery, o.partner, o.slot, o)
}

func (r *Ring) put(rand io.Reader, kek Key, kind, slot, partner byte, o *Officer) error {
	p := make([]byte, slotPlain)
	defer clear(p)
	p[0], p[1], p[2] = kind, slot, partner
	copy(p[8:], o.OMK[:])
	copy(p[40:], o.DK[:])
	copy(p[72:], o.seed[:])
	device := r.Device()
	sealed, err := box(rand, kek, p, "slot", device[:], []byte{slot})
	if err != nil {
		return err
	}
	copy(r.slot(slot), sealed)
	return nil
}
