package referral

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"tipscreen/indicators"
)

type entryFile struct {
	Country string   `yaml:"country"`
	Entries []*Entry `yaml:"services"`
}

type lawFile struct {
	Country string `yaml:"country"`
	Laws    []*Law `yaml:"laws"`
}

// loaded is one file that was read.
type loaded struct {
	entries []*Entry
	laws    []*Law
}

type loader struct {
	problems indicators.Problems
	files    map[string]loaded // by the name below the folder, so that a later layer replaces a file whole
	ids      map[string]string
}

// Load reads services from *.yaml and notes on law from law/*.yaml; the later sources are laid over the first, and a file
// with the same name replaces the whole file. The error is an indicators.Problems with everything that is wrong, each with
// file and line.
func Load(sources ...fs.FS) (*Directory, error) {
	l := &loader{files: map[string]loaded{}, ids: map[string]string{}}
	for at, source := range sources {
		layer := "directory/"
		if at > 0 {
			layer = "agency/directory/"
		}
		l.folder(source, layer, ".")
		l.folder(source, layer, "law")
	}
	d := &Directory{}
	names := make([]string, 0, len(l.files))
	for name := range l.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		file := l.files[name]
		for _, e := range file.entries {
			l.unique(name, e.ID)
		}
		for _, one := range file.laws {
			l.unique(name, one.ID)
		}
		d.Entries, d.Laws = append(d.Entries, file.entries...), append(d.Laws, file.laws...)
	}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	return d, nil
}

func (l *loader) unique(file, id string) {
	if other, twice := l.ids[id]; twice {
		l.report(file, 1, "give each entry an id of its own", "the id %q is already in %s", id, other)
	}
	l.ids[id] = file
}

func (l *loader) report(file string, line int, mend, what string, args ...any) {
	l.problems = append(l.problems, indicators.Problem{File: file, Line: line, What: fmt.Sprintf(what, args...), Mend: mend})
}

// folder reads the files of one folder, and reports what lies there and would not be read.
func (l *loader) folder(source fs.FS, layer, dir string) {
	files, err := fs.ReadDir(source, dir)
	if err != nil {
		if dir == "." {
			l.report(layer, 1, "make the folder readable", "the folder cannot be read")
		}
		return
	}
	for _, file := range files {
		name := path.Join(dir, file.Name())
		switch {
		case file.IsDir() && name == "law":
		case file.IsDir() || !strings.HasSuffix(name, ".yaml"):
			l.report(layer+name, 1, "use *.yaml for services and law/*.yaml for notes on law", "this would not be read")
		default:
			content, err := fs.ReadFile(source, name)
			if err != nil {
				l.report(layer+name, 1, "make the file readable", "the file cannot be read")
				continue
			}
			l.read(layer+name, name, content, dir == "law")
		}
	}
}

func (l *loader) read(file, name string, content []byte, law bool) {
	var entries entryFile
	var laws lawFile
	out, country := any(&entries), &entries.Country
	if law {
		out, country = &laws, &laws.Country
	}
	line, problems := indicators.ReadStrict(file, content, out)
	l.problems = append(l.problems, problems...)
	if len(problems) > 0 {
		return
	}
	c := &checker{loader: l, file: file, line: line}
	c.country("", *country)
	for _, e := range entries.Entries {
		if e != nil {
			e.Country = *country
			c.entry(e)
		}
	}
	for _, one := range laws.Laws {
		if one != nil {
			one.Country = *country
			c.law(one)
		}
	}
	if len(entries.Entries)+len(laws.Laws) == 0 {
		l.report(file, 1, "add one, or remove the file", "the file lists nothing")
	}
	l.files[name] = loaded{entries.Entries, laws.Laws}
}

// checker holds one file against the rules.
type checker struct {
	*loader
	file string
	line func(owner, value string) int
}

var (
	countryCode = regexp.MustCompile(`^[A-Z]{2}$`)
	plainID     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	audiences   = []string{"everybody", "men", "women", "families", "children"}
)

func (c *checker) bad(owner, value, mend, what string, args ...any) {
	c.report(c.file, c.line(owner, value), mend, what, args...)
}

func (c *checker) country(owner, code string) {
	if !countryCode.MatchString(code) {
		c.bad(owner, code, "use two capital letters, as TH", "the country %q is not a code of ISO 3166", code)
	}
}

// need refuses an empty field.
func (c *checker) need(owner, field, value string) {
	if strings.TrimSpace(value) == "" {
		c.bad(owner, owner, "add it", "%q has no %s", owner, field)
	}
}

// word refuses what is not in a list.
func word[T ~string](c *checker, owner, field string, value T, allowed []T) {
	if !slices.Contains(allowed, value) {
		c.bad(owner, string(value), "use one of "+join(allowed), "%q has the unknown %s %q", owner, field, value)
	}
}

func (c *checker) day(owner, field string, day Day) {
	if _, err := day.Time(); err != nil {
		c.bad(owner, string(day), "write it as 2026-01-31", "%q has no %s that is a date", owner, field)
	}
}

func (c *checker) entry(e *Entry) {
	if !plainID.MatchString(e.ID) {
		c.bad(e.ID, e.ID, "use small letters, digits and hyphens", "the id %q cannot be used", e.ID)
	}
	c.need(e.ID, "name", e.Name)
	c.need(e.ID, "contact", e.Contact)
	c.need(e.ID, "source", e.Source)
	c.day(e.ID, "checked_on", e.CheckedOn)
	if len(e.Offers) == 0 || len(e.For) == 0 {
		c.bad(e.ID, e.ID, "add offers and for", "%q does not say what it offers, or for whom", e.ID)
	}
	for _, service := range e.Offers {
		word(c, e.ID, "service", service, services)
	}
	for _, audience := range e.For {
		word(c, e.ID, "audience", audience, audiences)
	}
	for _, code := range e.Nationals {
		c.country(e.ID, code)
	}
}

func (c *checker) law(one *Law) {
	if !plainID.MatchString(one.ID) {
		c.bad(one.ID, one.ID, "use small letters, digits and hyphens", "the id %q cannot be used", one.ID)
	}
	c.need(one.ID, "act", one.Act)
	c.need(one.ID, "source", one.Source)
	c.day(one.ID, "as_of", one.AsOf)
	word(c, one.ID, "covers", one.Covers, allCovers)
	word(c, one.ID, "forced_offences", one.ForcedOffences, allNamed)
	word(c, one.ID, "confidence", one.Confidence, confidence)
	for _, gap := range one.Gaps {
		word(c, one.ID, "gap", gap, allGaps)
	}
}

// IsCountry reports whether a word has the form of a country's code, as TH.
func IsCountry(code string) bool { return countryCode.MatchString(code) }
