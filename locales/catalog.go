package locales

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// ErrUnknownLanguage is wrapped by the error for a language without a folder.
var ErrUnknownLanguage = errors.New("unknown language")

// Catalog knows the languages. It may be used by several goroutines at once.
type Catalog struct {
	layers    []fs.FS
	languages []string
	problems  Problems

	mu       sync.Mutex
	messages map[string]*messages
	reviews  map[string]*review
}

// Open lays the sources over each other, the later over the earlier: a file replaces the whole file of the same name. It reads only which folders there
// are; the files of a language are read when it is used, and read once. A source that does not exist adds nothing.
//
// A review.json speaks only for the texts of its own source and those beneath, so that words laid over reviewed ones are not taken for reviewed.
func Open(sources ...fs.FS) *Catalog {
	c := &Catalog{messages: map[string]*messages{}, reviews: map[string]*review{}}
	for _, source := range sources {
		if source == nil {
			continue
		}
		layer := len(c.layers)
		c.layers = append(c.layers, source)
		entries, err := fs.ReadDir(source, ".")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			c.problems = append(c.problems, Problem{File: layerName(layer) + ".", What: "the folder cannot be listed", Mend: "check its permissions"})
		}
		for _, entry := range entries {
			c.folder(layer, entry)
		}
	}
	slices.Sort(c.languages)
	c.languages = slices.Compact(c.languages)
	return c
}

func (c *Catalog) folder(layer int, entry fs.DirEntry) {
	name := entry.Name()
	if !entry.IsDir() || strings.HasPrefix(name, ".") || name == "testdata" {
		return
	}
	tag, err := language.Parse(name)
	switch {
	case err != nil:
		c.problems = append(c.problems, Problem{File: layerName(layer) + name, What: "the folder is not named after a language", Mend: "use a BCP 47 tag such as th or pt-BR"})
	case tag.String() != name:
		c.problems = append(c.problems, Problem{File: layerName(layer) + name, What: "the tag is not written as usual", Mend: "rename the folder to " + tag.String()})
	default:
		c.languages = append(c.languages, name)
	}
}

// layerName is how a problem names the source of a file, in the words that the user knows.
func layerName(layer int) string {
	if layer == 0 {
		return ""
	}
	return "agency/locales/"
}

// Languages gives the tags, sorted.
func (c *Catalog) Languages() []string { return slices.Clone(c.languages) }

// resolve finds the folder for a tag: as written, or as BCP 47 would write it. It never takes a near language for the one that was asked for.
func (c *Catalog) resolve(tag string) (string, error) {
	if slices.Contains(c.languages, tag) {
		return tag, nil
	}
	if parsed, err := language.Parse(tag); err == nil && slices.Contains(c.languages, parsed.String()) {
		return parsed.String(), nil
	}
	return "", fmt.Errorf("%w %q: known are %s", ErrUnknownLanguage, tag, strings.Join(c.languages, ", "))
}

// Speaker gives the voice of one language for one side. The error wraps [ErrUnknownLanguage], or is a [Problems] with all that is wrong in the files that
// it needs: the words, the English that they come from, and what was reviewed.
func (c *Catalog) Speaker(tag string, side Side) (*Speaker, error) {
	if side != Official && side != Person {
		return nil, fmt.Errorf("unknown side %q: known are %s, %s", side, Official, Person)
	}
	tag, err := c.resolve(tag)
	if err != nil {
		return nil, err
	}
	s := &Speaker{catalog: c, tag: tag, side: side, language: language.Make(tag)}
	s.words = c.side(tag, side)
	problems := slices.Clone(s.words.problems)
	if tag != sourceLanguage {
		s.english = c.side(sourceLanguage, side)
		s.review = c.review(tag)
		problems = append(append(problems, s.english.problems...), s.review.problems...)
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	s.prepare()
	return s, nil
}

// Sources gives the hash of every English message of a side, as review.json wants it.
func (c *Catalog) Sources(side Side) (map[string]string, error) {
	english := c.side(sourceLanguage, side)
	if len(english.problems) > 0 {
		return nil, english.problems.sorted()
	}
	hashes := make(map[string]string, len(english.byID))
	for id, m := range english.byID {
		hashes[id] = m.sourceHash()
	}
	return hashes, nil
}

// side reads the words of one language for one side, once.
func (c *Catalog) side(tag string, side Side) *messages {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := tag + "/" + string(side) + ".json"
	if known := c.messages[name]; known != nil {
		return known
	}
	m := &messages{layer: -1, byID: map[string]*message{}}
	c.messages[name] = m
	data, layer, err := c.load(name)
	m.layer, m.file = layer, layerName(layer)+name
	switch {
	case errors.Is(err, fs.ErrNotExist):
		m.absent = true
		m.problems = Problems{{File: name, What: fmt.Sprintf("%s has no words for the %s", tag, side), Mend: "add the file"}}
	case err != nil:
		m.problems = Problems{unreadable(m.file)}
	default:
		m.parse(data)
	}
	return m
}

// review reads what is known about the words of one language, once.
func (c *Catalog) review(tag string) *review {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.reviews[tag]; known != nil {
		return known
	}
	name := tag + "/review.json"
	r := &review{}
	c.reviews[tag] = r
	data, layer, err := c.load(name)
	r.layer, r.file = layer, layerName(layer)+name
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.layer = -1
	case err != nil:
		r.problems = Problems{unreadable(r.file)}
	default:
		r.parse(data)
	}
	return r
}

func unreadable(file string) Problem {
	return Problem{File: file, What: "the file cannot be read", Mend: "check its permissions and the disk"}
}

// load reads a file from the topmost source that has it, and never more than one byte beyond what is allowed.
func (c *Catalog) load(name string) ([]byte, int, error) {
	for layer := len(c.layers) - 1; layer >= 0; layer-- {
		f, err := c.layers[layer].Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, layer, err
		}
		data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
		return data, layer, errors.Join(err, f.Close())
	}
	return nil, 0, fs.ErrNotExist
}
