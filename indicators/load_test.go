package indicators_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tipscreen/indicators"
)

// The tests of Load break the shipped data in one place at a time. Each says which file and which text of the changed
// file must be on the reported line, so that editing the data moves no expectation.

// copied is the shipped data in a file system that a test may change.
func copied(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	shipped := indicators.Embedded()
	err := fs.WalkDir(shipped, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(shipped, name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// edit changes the first place where old stands in a file; without old, the new text is the whole file.
type edit struct{ file, old, new string }

func (e edit) apply(t *testing.T, files fstest.MapFS) {
	t.Helper()
	if e.old == "" {
		files[e.file] = &fstest.MapFile{Data: []byte(e.new)}
		return
	}
	before := files[e.file].Data
	if !bytes.Contains(before, []byte(e.old)) {
		t.Fatalf("%s does not contain %q", e.file, e.old)
	}
	files[e.file] = &fstest.MapFile{Data: bytes.Replace(before, []byte(e.old), []byte(e.new), 1)}
}

// want is a problem that must be reported: the file, a text of the line (or nothing for line 1), a part of the message.
type want struct{ file, at, what string }

// line finds the one line that holds the text.
func (w want) line(t *testing.T, files fstest.MapFS) int {
	t.Helper()
	if w.at == "" {
		return 1
	}
	found := 0
	for i, line := range strings.Split(string(files[strings.TrimPrefix(w.file, "agency/indicators/")].Data), "\n") {
		if strings.Contains(line, w.at) {
			if found != 0 {
				t.Fatalf("%q stands on the lines %d and %d of %s", w.at, found, i+1, w.file)
			}
			found = i + 1
		}
	}
	if found == 0 {
		t.Fatalf("%q stands nowhere in %s", w.at, w.file)
	}
	return found
}

type broken struct {
	name  string
	edits []edit
	want  []want
}

// run loads the changed data and demands exactly the expected problems, in order.
func (b broken) run(t *testing.T) {
	t.Parallel()
	files := copied(t)
	for _, e := range b.edits {
		e.apply(t, files)
	}
	_, err := indicators.Load(files)
	b.compare(t, err, files)
}

func (b broken) compare(t *testing.T, err error, files fstest.MapFS) {
	t.Helper()
	var problems indicators.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("loading gives %v, want problems", err)
	}
	if len(problems) != len(b.want) {
		t.Errorf("%d problems, want %d:\n%v", len(problems), len(b.want), err)
	}
	for i, w := range b.want {
		if i >= len(problems) {
			break
		}
		got := problems[i]
		if line := w.line(t, files); got.File != w.file || got.Line != line {
			t.Errorf("the problem is at %s:%d, want %s:%d: %v", got.File, got.Line, w.file, line, got)
		}
		if !strings.Contains(got.What, w.what) {
			t.Errorf("the problem says %q, want %q in it", got.What, w.what)
		}
		if got.Mend == "" {
			t.Errorf("the problem does not say how to mend it: %v", got)
		}
	}
}

// addItem puts one item more at the end of a file of the bank; the fields are those that the case is about.
func addItem(file, fields string) edit {
	return edit{file: "items/" + file, new: "items:\n  - id: made_up\n    phase: control\n    compartment: protection\n    setting: private\n" + indent(fields)}
}

func indent(fields string) string {
	var out strings.Builder
	for _, line := range strings.Split(fields, "\n") {
		out.WriteString("    " + line + "\n")
	}
	return out.String()
}

func TestShippedDataLoads(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	again, err := indicators.Load(copied(t))
	if err != nil {
		t.Fatal(err)
	}
	if data.Version() == "" || data.Version() != again.Version() {
		t.Errorf("the same data has the versions %q and %q", data.Version(), again.Version())
	}
}

// TestCounts holds the shipped data against the numbers of the published sets.
func TestCounts(t *testing.T) {
	t.Parallel()
	data := load(t, indicators.Embedded())
	for id, n := range map[string]int{"ilo-2012": 11, "ilo-2009": 67, "unodc-fc": 89} {
		f, ok := data.Framework(id)
		if !ok {
			t.Fatalf("there is no framework %s", id)
		}
		if len(f.Indicators) != n {
			t.Errorf("%s has %d indicators, want %d", id, len(f.Indicators), n)
		}
		if f.Verified == nil || *f.Verified {
			t.Errorf("%s says that it was compared with the original; nobody has done so", id)
		}
	}
	f, _ := data.Framework("ilo-2009")
	adults, children := map[string]int{}, 0
	for i := range f.Indicators {
		if f.Indicators[i].For(false) != 0 {
			adults[f.Indicators[i].Dimension]++
		}
		if f.Indicators[i].For(true) != 0 {
			children++
		}
	}
	published := []int{10, 10, 16, 9, 15, 7}
	for i, d := range f.Dimensions {
		if adults[d.ID] != published[i] {
			t.Errorf("%s has %d indicators for adults, want %d", d.ID, adults[d.ID], published[i])
		}
	}
	if len(f.Dimensions) != 6 || children != 65 {
		t.Errorf("%d dimensions and %d indicators for children, want 6 and 65", len(f.Dimensions), children)
	}
}

// TestStrengths spot-checks the weights against the facts from which the data was written.
func TestStrengths(t *testing.T) {
	t.Parallel()
	data := load(t, indicators.Embedded())
	const none, weak, medium, strong = indicators.None, indicators.Weak, indicators.Medium, indicators.Strong
	for _, c := range []struct {
		ref          string
		adult, child indicators.Strength
	}{
		{"ilo-2009/DR1", strong, strong}, {"ilo-2009/DR10", weak, strong}, {"ilo-2009/CR2", medium, strong},
		{"ilo-2009/CR5", medium, medium}, {"ilo-2009/AR8", medium, 0}, {"ilo-2009/AR13", weak, medium},
		{"ilo-2009/EX1", strong, strong}, {"ilo-2009/EX8", medium, 0}, {"ilo-2009/EX9", weak, medium},
		{"ilo-2009/CD1", strong, strong}, {"ilo-2009/CD5", medium, strong}, {"ilo-2009/CD14", medium, medium},
		{"ilo-2009/CD15", weak, medium}, {"ilo-2009/AD6", weak, medium}, {"ilo-2012/7", none, none},
		{"unodc-fc/R01", weak, weak}, {"unodc-fc/R05", strong, strong}, {"unodc-fc/R08", none, none},
		{"unodc-fc/T11", strong, strong}, {"unodc-fc/C09", medium, medium}, {"unodc-fc/C24", weak, weak},
		{"unodc-fc/P06", medium, medium}, {"unodc-fc/P10", strong, strong}, {"unodc-fc/E11", strong, strong},
		{"unodc-fc/B01", none, none}, {"unodc-fc/K05", 0, medium}, {"unodc-fc/K02", 0, none},
	} {
		f, i, ok := data.Indicator(c.ref)
		if !ok {
			t.Errorf("there is no %s", c.ref)
			continue
		}
		if i.For(false) != c.adult || i.For(true) != c.child {
			t.Errorf("%s weighs %v for adults and %v for children, want %v and %v", c.ref, i.For(false), i.For(true), c.adult, c.child)
		}
		if f.PhaseOf(i) == "" {
			t.Errorf("%s has no phase", c.ref)
		}
	}
}

// TestMarks spot-checks what else the assessment needs from the indicators.
func TestMarks(t *testing.T) {
	t.Parallel()
	data := load(t, indicators.Embedded())
	elements := map[string][]string{
		"ilo-2009/DR1": {"act", "means"}, "ilo-2009/EX1": {"purpose"}, "ilo-2009/CD1": {"means"}, "ilo-2012/7": {},
		"unodc-fc/R02": {"act"}, "unodc-fc/T11": {"act", "means", "purpose"}, "unodc-fc/C22": {"means", "purpose"},
		"unodc-fc/R13": {"vulnerability"}, "unodc-fc/E05": {"need"},
	}
	for ref, names := range elements {
		f, i, ok := data.Indicator(ref)
		if !ok || !slices.Equal(f.ElementsOf(i).Names(), names) {
			t.Errorf("%s is not evidence of %v", ref, names)
		}
	}
	var sealed, floors, controlled []string
	for _, f := range data.Frameworks {
		for i := range f.Indicators {
			if f.Indicators[i].Sealed() {
				sealed = append(sealed, f.Indicators[i].ID)
			}
			if f.Indicators[i].Floor != "" {
				floors = append(floors, f.Indicators[i].ID+" "+f.Indicators[i].Floor)
			}
		}
		for _, d := range f.Dimensions {
			if d.Control {
				controlled = append(controlled, d.ID)
			}
		}
	}
	slices.Sort(sealed)
	slices.Sort(floors)
	for _, c := range []struct{ got, want []string }{
		{sealed, []string{"C20", "E03", "E04", "T08"}},
		{floors, []string{"B01 talk_further", "B02 talk_further", "B04 talk_further"}},
		{controlled, []string{"coercion_at_destination"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("marked are %v, want %v", c.got, c.want)
		}
	}
}

func load(t testing.TB, sources ...fs.FS) *indicators.Data {
	t.Helper()
	data, err := indicators.Load(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
