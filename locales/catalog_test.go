package locales

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAddingALanguageIsAddingAFolder(t *testing.T) {
	c := Open(good(), files("km/person.json", "{}", ".git/x.json", "{}", "_x/person.json", "{}", "tl/person.json", "{}", "README.md", "x"))
	if got := c.Languages(); !slices.Equal(got, []string{"en", "km", "th"}) {
		t.Errorf("got %v", got)
	}
	got := c.Check("km").Error()
	for _, want := range []string{"agency/locales/_x: the folder is not named", "rename the folder to fil"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
}

// counting notices every file that is opened.
type counting struct {
	fs.FS
	opened *[]string
}

func (c counting) Open(name string) (fs.File, error) {
	*c.opened = append(*c.opened, name)
	return c.FS.Open(name)
}

func TestOnlyLanguagesInUseAreRead(t *testing.T) {
	var opened []string
	c := Open(counting{good(), &opened})
	if !slices.Equal(opened, []string{"."}) {
		t.Errorf("opening read %v", opened)
	}
	speaker(t, c, "en", Official)
	speaker(t, c, "en", Official)
	if !slices.Equal(opened, []string{".", "en/official.json"}) {
		t.Errorf("English read %v", opened)
	}
	speaker(t, c, "th", Official)
	if !slices.Equal(opened[2:], []string{"th/official.json", "th/review.json"}) {
		t.Errorf("Thai read %v", opened[2:])
	}
}

func TestAFolderLaidOver(t *testing.T) {
	over := files("th/official.json", `{"bare": "ของหน่วยงาน"}`)
	s := speaker(t, Open(good(), over), "th", Official)
	if s.Has("hello") {
		t.Error("a file laid over does not replace the whole file")
	}
	got, err := s.Say("bare", nil)
	if err != nil || got.Words != "ของหน่วยงาน" || got.Status != Stale {
		t.Errorf("got %+v, %v: words laid over must not inherit the review", got, err)
	}
	over["th/review.json"] = good()["th/review.json"]
	if got, err = speaker(t, Open(good(), nil, over), "th", Official).Say("bare", nil); err != nil || got.Status != Draft {
		t.Errorf("with a review of its own: got %+v, %v", got, err)
	}
	over = files("th/official.json", "{\n\"bare\": 1}")
	if _, err := Open(good(), over).Speaker("th", Official); err == nil || !strings.HasPrefix(err.Error(), "agency/locales/th/official.json:2: ") {
		t.Errorf("an error must name the agency's file: %v", err)
	}
}

func TestFoldersOnDisk(t *testing.T) {
	dir := t.TempDir()
	if got := Open(good(), os.DirFS(filepath.Join(dir, "absent"))).Check(); len(got) > 0 {
		t.Errorf("an absent folder is a problem: %v", got)
	}
	if err := os.MkdirAll(filepath.Join(dir, "th", "official.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(good(), os.DirFS(dir)).Speaker("th", Official); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a folder in place of a file: %v", err)
	}
}

func TestSources(t *testing.T) {
	got, err := Open(good()).Sources(Official)
	if err != nil || len(got) != 4 || got["bare"] != hash("Plain words") || got["cases"] == hash("{{.PluralCount}} cases of {{.who}}") {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := Open(files("th/person.json", "{}")).Sources(Person); err == nil {
		t.Error("no English, no error")
	}
}

// What ships must be complete: an official at a border cannot mend it.
func TestEmbedded(t *testing.T) {
	for i, problem := range Open(Embedded()).Check() {
		if i == 20 {
			t.Fatal("and more")
		}
		t.Error(problem)
	}
}

func TestPseudo(t *testing.T) {
	source := Pseudo(good())
	c := Open(source)
	if !slices.Equal(c.Languages(), []string{"en", "en-XA", "th"}) {
		t.Fatalf("got %v", c.Languages())
	}
	if problems := c.Check(); len(problems) > 0 {
		t.Error(problems)
	}
	s := speaker(t, c, "en-XA", Official)
	got, err := s.Say("hello", map[string]any{"name": "Ann"})
	if err != nil || got.Words != "⟦Héèllöo Ann⟧" || got.Status != Draft || got.Lang != "en-XA" {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err = s.Plural("cases", 1, map[string]any{"who": "us"}); err != nil || got.Words != "⟦Ööñéè çáašéè öof us⟧" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := Open(Pseudo(files("en/official.json", "{"))).Speaker("en-XA", Official); err == nil {
		t.Error("broken English made a good pseudo-language")
	}
	if problems := Open(Pseudo(Embedded())).Check("en-XA"); len(problems) > 0 {
		t.Error(problems)
	}
}
