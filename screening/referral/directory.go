package referral

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strings"
	"time"
)

//go:embed directory
var embedded embed.FS

// Embedded is the directory that ships with the program.
func Embedded() fs.FS {
	sub, err := fs.Sub(embedded, "directory")
	if err != nil { // the name is a constant
		return embedded
	}
	return sub
}

// StaleAfter is how long a contact is taken to be right after somebody checked it.
const StaleAfter = 180 * 24 * time.Hour

// Day is a date as 2026-01-31, or 2026-01, or 2026. A shorter one means its first day: what is not known is taken to be old.
type Day string

// Time gives the first moment of the day.
func (d Day) Time() (time.Time, error) {
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}
	return time.Parse(cmp.Or(layouts[len(d)], time.DateOnly), string(d))
}

// Entry is one service. There is no field for an address: the place of a shelter must not stand on a screen.
type Entry struct {
	ID      string `yaml:"id" json:"id"`
	Country string `yaml:"-" json:"country"` // ISO 3166-1, two capital letters
	// District: where it works; empty: in the whole country.
	District string `yaml:"district,omitempty" json:"district,omitempty"`
	// Name is what the service calls itself; Names gives it in other languages, by tag.
	Name  string            `yaml:"name" json:"name"`
	Names map[string]string `yaml:"names,omitempty" json:"names,omitempty"`
	// Discreet is a name for a paper that others may find. An entry without one does not stand on such a paper.
	Discreet string    `yaml:"discreet,omitempty" json:"discreet,omitempty"`
	Offers   []Service `yaml:"offers" json:"offers"`
	// For: everybody, men, women, families or children.
	For []string `yaml:"for" json:"for"`
	// Nationals: only for people of these countries, as an embassy is.
	Nationals []string `yaml:"nationals,omitempty" json:"nationals,omitempty"`
	Languages []string `yaml:"languages,omitempty" json:"languages,omitempty"`
	Hours     string   `yaml:"hours,omitempty" json:"hours,omitempty"`
	Contact   string   `yaml:"contact" json:"contact"`
	Source    string   `yaml:"source" json:"source"`
	CheckedOn Day      `yaml:"checked_on" json:"checked_on"`
	Note      string   `yaml:"note,omitempty" json:"note,omitempty"`
}

// Stale reports whether the entry was checked too long ago, or on a day that has not come.
func (e *Entry) Stale(now time.Time) bool {
	checked, err := e.CheckedOn.Time()
	return err != nil || now.Sub(checked) > StaleAfter || checked.After(now)
}

// NameIn gives the name in a language, or the one that the service has itself.
func (e *Entry) NameIn(tag string) string { return cmp.Or(e.Names[tag], e.Name) }

// Directory is everything that Load read.
type Directory struct {
	Entries []*Entry
	Laws    []*Law
}

// Place says where somebody is, and whose embassy would be asked; each may be empty.
type Place struct {
	Country, District, Nationality string
}

// Find lists who offers a service at a place: the nearest first, then those that were checked last. Without a country
// nobody is found: a number of another country helps nobody.
func (d *Directory) Find(place Place, service Service) []*Entry {
	var found []*Entry
	for _, e := range d.Entries {
		if e.Country != place.Country || place.Country == "" || !slices.Contains(e.Offers, service) {
			continue
		}
		if e.District != "" && !strings.EqualFold(e.District, place.District) {
			continue
		}
		if len(e.Nationals) > 0 && !slices.Contains(e.Nationals, place.Nationality) {
			continue
		}
		found = append(found, e)
	}
	slices.SortStableFunc(found, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(b.District, a.District), cmp.Compare(b.CheckedOn, a.CheckedOn), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// LawsOf lists the notes on the law of a country.
func (d *Directory) LawsOf(country string) []*Law {
	var found []*Law
	for _, one := range d.Laws {
		if one.Country == country {
			found = append(found, one)
		}
	}
	return found
}
