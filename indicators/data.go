package indicators

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"io/fs"
	"strings"
)

//go:generate go run ../screening/training/pack.go data.zip . frameworks items plans flags.yaml

//go:embed data.zip
var packed []byte

// Embedded is the data that ships with the program, packed from the folders of this package.
func Embedded() fs.FS {
	data, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		panic("indicators: the embedded data are broken") // a fault of the build, which every test finds
	}
	return data
}

// Data is everything that Load read.
type Data struct {
	Frameworks []*Framework
	Items      []*Item
	Plans      []*Plan
	Flags      []*Flag
	// Digests holds, for each file that was read, the first 16 hex digits of its SHA-256.
	Digests map[string]string

	items map[string]*Item
}

// Framework finds a framework by its id.
func (d *Data) Framework(id string) (*Framework, bool) {
	for _, f := range d.Frameworks {
		if f.ID == id {
			return f, true
		}
	}
	return nil, false
}

// Item finds an item by its id.
func (d *Data) Item(id string) (*Item, bool) {
	item, ok := d.items[id]
	return item, ok
}

// Plan finds a plan by its id.
func (d *Data) Plan(id string) (*Plan, bool) {
	for _, p := range d.Plans {
		if p.ID == id {
			return p, true
		}
	}
	return nil, false
}

// Indicator finds an indicator by "framework/id", with the framework that it belongs to.
func (d *Data) Indicator(ref string) (*Framework, *Indicator, bool) {
	framework, id, ok := strings.Cut(ref, "/")
	if !ok {
		return nil, nil, false
	}
	f, ok := d.Framework(framework)
	if !ok {
		return nil, nil, false
	}
	i, ok := f.IndicatorByID(id)
	return f, i, ok
}

// Sequence lists the items of one step in the order in which they come: each item followed by its follow-ups.
func (d *Data) Sequence(step Step) []*Item {
	var sequence []*Item
	seen := map[string]bool{}
	var add func(ids []string)
	add = func(ids []string) {
		for _, id := range ids {
			if item, ok := d.items[id]; ok && !seen[id] {
				seen[id] = true
				sequence = append(sequence, item)
				add(item.FollowUps)
			}
		}
	}
	add(step.Items)
	return sequence
}

// Index makes the items findable by id. Load calls it; whoever builds Data from stored parts calls it once.
func (d *Data) Index() *Data {
	d.items = make(map[string]*Item, len(d.Items))
	for _, item := range d.Items {
		d.items[item.ID] = item
	}
	return d
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}
