package indicators

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Load reads the data of the first file system and lays those of the others over it, in order: a file that defines a
// framework or a plan with an id that is already there replaces it whole, and so does a file of items or flags with the
// same name. A file system without one of the folders adds nothing to it. The error is a Problems value.
func Load(sources ...fs.FS) (*Data, error) {
	var problems Problems
	loader := loader{problems: &problems, digests: map[string]string{}}
	for at, source := range sources {
		loader.read(source, layerName(at))
	}
	data := loader.data()
	if len(problems) == 0 {
		(&checker{data: data, loader: &loader}).check()
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	return data, nil
}

func layerName(at int) string {
	if at == 0 {
		return ""
	}
	return "agency/indicators/"
}

type itemFile struct {
	Items []*Item `yaml:"items"`
}

type flagFile struct {
	Flags []*Flag `yaml:"flags"`
}

// source is one file with what it defines.
type source struct {
	doc       *document
	framework *Framework
	plan      *Plan
	items     []*Item
	flags     []*Flag
}

type loader struct {
	problems   *Problems
	digests    map[string]string
	frameworks []*source
	plans      []*source
	items      []*source
	flags      *source
}

func (l *loader) read(fsys fs.FS, layer string) {
	l.strangers(fsys, layer)
	for _, name := range yamlFiles(fsys, "frameworks") {
		s := &source{framework: &Framework{}}
		l.decode(fsys, layer, name, s.framework, s)
		s.framework.File = s.doc.file
		l.frameworks = replace(l.frameworks, s, func(s *source) string { return s.framework.ID })
	}
	for _, name := range yamlFiles(fsys, "items") {
		s := &source{}
		var file itemFile
		l.decode(fsys, layer, name, &file, s)
		s.items = file.Items
		l.items = replace(l.items, s, func(s *source) string { return path.Base(s.doc.file) })
	}
	for _, name := range yamlFiles(fsys, "plans") {
		s := &source{plan: &Plan{}}
		l.decode(fsys, layer, name, s.plan, s)
		s.plan.File = s.doc.file
		l.plans = replace(l.plans, s, func(s *source) string { return s.plan.ID })
	}
	if _, err := fs.Stat(fsys, "flags.yaml"); err == nil {
		s := &source{}
		var file flagFile
		l.decode(fsys, layer, "flags.yaml", &file, s)
		s.flags = file.Flags
		l.flags = s
	}
}

func (l *loader) decode(fsys fs.FS, layer, name string, out any, s *source) {
	content, err := fs.ReadFile(fsys, name)
	if err != nil {
		s.doc = &document{file: layer + name, problems: l.problems}
		s.doc.report(1, "make the file readable", "%v", err)
		return
	}
	l.digests[layer+name] = digest(content)
	s.doc = decode(layer+name, content, out, l.problems)
}

// replace puts the new source in the place of the one with the same key, or at the end.
func replace(sources []*source, s *source, key func(*source) string) []*source {
	for i, old := range sources {
		if key(old) == key(s) && old.doc.file != s.doc.file && key(s) != "" {
			if strings.HasPrefix(s.doc.file, "agency/") && !strings.HasPrefix(old.doc.file, "agency/") {
				sources[i] = s
				return sources
			}
		}
	}
	return append(sources, s)
}

// strangers reports what lies in a folder of data and would not be read: data that somebody believes to be in force.
func (l *loader) strangers(fsys fs.FS, layer string) {
	folders := map[string]bool{"frameworks": true, "items": true, "plans": true}
	report := func(name, what string) {
		*l.problems = append(*l.problems, Problem{File: layer + name, Line: 1, What: what, Mend: "use the folders frameworks, items and plans with .yaml files, and flags.yaml"})
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		report(".", "the folder cannot be read")
	}
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case entry.IsDir() && folders[name]:
			files, err := fs.ReadDir(fsys, name)
			if err != nil {
				report(name, "the folder cannot be read")
			}
			for _, file := range files {
				if file.IsDir() || !strings.HasSuffix(file.Name(), ".yaml") {
					report(path.Join(name, file.Name()), "this would not be read")
				}
			}
		case name != "flags.yaml":
			report(name, "this would not be read")
		}
	}
}

func yamlFiles(fsys fs.FS, dir string) []string {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && strings.HasSuffix(entry.Name(), ".yaml") {
			names = append(names, path.Join(dir, entry.Name()))
		}
	}
	sort.Strings(names)
	return names
}

func (l *loader) data() *Data {
	d := &Data{Digests: l.digests}
	for _, s := range l.frameworks {
		d.Frameworks = append(d.Frameworks, s.framework)
	}
	for _, s := range l.items {
		d.Items = append(d.Items, s.items...)
	}
	for _, s := range l.plans {
		d.Plans = append(d.Plans, s.plan)
	}
	if l.flags != nil {
		d.Flags = l.flags.flags
	}
	return d.Index()
}

// Version names the data in one line: every file with its digest.
func (d *Data) Version() string {
	names := make([]string, 0, len(d.Digests))
	for name := range d.Digests {
		names = append(names, name)
	}
	sort.Strings(names)
	var all strings.Builder
	for _, name := range names {
		fmt.Fprintf(&all, "%s %s\n", name, d.Digests[name])
	}
	return digest([]byte(all.String()))
}
