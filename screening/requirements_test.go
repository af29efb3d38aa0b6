package screening

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The numbers of the requirements, as ranges. Numbers between them were never given.
var (
	protocolNumbers = [][2]int{{1, 15}, {20, 34}, {40, 52}, {60, 65}}
	sourceNumbers   = [][2]int{{1, 8}, {10, 28}, {30, 40}, {45, 51}, {55, 71}, {75, 86}, {90, 93}}
)

// TestRequirements: the table lists every requirement once, each with tests that exist or with why it is not met.
func TestRequirements(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("REQUIREMENTS.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testNames(t)
	row := regexp.MustCompile(`(?m)^\| ((?:PR|Q)\d\d) \| (.+) \| (.+) \|$`)
	seen := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(string(content), -1) {
		if seen[m[1]] {
			t.Errorf("%s stands there twice", m[1])
		}
		seen[m[1]] = true
		if m[3] == "not met" || m[3] == "not yet" {
			continue
		}
		for _, name := range strings.Split(m[3], ", ") {
			if !tests[strings.Trim(name, "`")] {
				t.Errorf("%s names %s, which is no test", m[1], name)
			}
		}
	}
	count := 0
	for prefix, ranges := range map[string][][2]int{"PR": protocolNumbers, "Q": sourceNumbers} {
		for _, r := range ranges {
			for n := r[0]; n <= r[1]; n++ {
				count++
				if id := prefix + string(rune('0'+n/10)) + string(rune('0'+n%10)); !seen[id] {
					t.Errorf("%s is missing", id)
				}
			}
		}
	}
	if count != len(seen) {
		t.Errorf("%d requirements, %d lines", count, len(seen))
	}
}

// testNames are all tests of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := fs.ReadFile(root, path)
		for _, m := range function.FindAllSubmatch(code, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
