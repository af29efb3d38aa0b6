package locales

import (
	"maps"
	"slices"
)

// Coverage says how much of one side there is in a language, and what it is worth.
type Coverage struct {
	Side Side `json:"side"`
	// All is how many messages the English has.
	All int `json:"all"`
	// Source are the texts of English itself, from which all others are translated.
	Source   int `json:"source"`
	Missing  int `json:"missing"`
	Extra    int `json:"extra"`
	Draft    int `json:"draft"`
	Reviewed int `json:"reviewed"`
	Stale    int `json:"stale"`
}

// Coverage counts for one language. A side for which the language has no file is left out. The error is a [Problems] with
// what cannot be read.
func (c *Catalog) Coverage(tag string) ([]Coverage, error) {
	tag, err := c.resolve(tag)
	if err != nil {
		return nil, err
	}
	var all []Coverage
	for _, side := range []Side{Official, Person} {
		if c.side(tag, side).absent {
			continue
		}
		s, err := c.Speaker(tag, side)
		if err != nil {
			return nil, err
		}
		english := c.side(sourceLanguage, side)
		one := Coverage{Side: side, All: len(english.byID)}
		for _, id := range slices.Sorted(maps.Keys(english.byID)) {
			m := s.words.byID[id]
			if m == nil {
				one.Missing++
				continue
			}
			switch s.status(id, m) {
			case Source:
				one.Source++
			case Reviewed:
				one.Reviewed++
			case Draft:
				one.Draft++
			case Stale:
				one.Stale++
			}
		}
		for id := range s.words.byID {
			if english.byID[id] == nil {
				one.Extra++
			}
		}
		all = append(all, one)
	}
	return all, nil
}
