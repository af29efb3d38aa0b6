package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The diagram of who may import whom, among our own packages. Nothing else is allowed.
var mayImport = map[string][]string{
	"cmd/tipscreen":         {"*"},
	"cmd/internal/guard":    {},
	"cmd/internal/hardened": {},
	"cmd/internal/width":    {},
	"cmd/internal/session":  {"screening", "indicators"},
	"cmd/internal/wording":  {"cmd/internal/session", "screening", "indicators", "locales"},
	"cmd/internal/form":     {"cmd/internal/session", "cmd/internal/wording", "cmd/internal/width", "screening", "indicators", "locales"},
	"cmd/internal/card":     {"cmd/internal/session", "cmd/internal/wording", "screening", "indicators", "locales"},
	"cmd/internal/line":     {"cmd/internal/session", "cmd/internal/wording", "screening", "indicators", "locales"},
	"screening":             {"indicators"},
	"indicators":            {},
	"locales":               {},
	"store":                 {"store/seal"},
	"store/seal":            {},
	"store/agency":          {"store", "store/seal"},
}

// mayUseNetwork are the packages that may: the card on the loopback address, and the transfer to the agency.
var mayUseNetwork = []string{"cmd/internal/card", "store/transfer"}

// The core takes values and gives values: no clock, no files, no randomness, no printing, no network, no database.
var pure = map[string][]string{
	"screening":  {"os", "math/rand", "math/rand/v2", "crypto/rand", "database/sql", "net", "net/http", "log", "context"},
	"indicators": {"os", "math/rand", "math/rand/v2", "crypto/rand", "database/sql", "net", "net/http", "log", "context"},
}

// forbiddenCalls are what an import alone does not show.
var forbiddenCalls = []string{"time.Now(", "time.Since(", "fmt.Print(", "fmt.Println(", "fmt.Printf("}

func TestImportsFollowTheDiagram(t *testing.T) {
	t.Parallel()
	root := "../.."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		checkFile(t, path, filepath.ToSlash(filepath.Dir(relative)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, path, pkg string) {
	t.Helper()
	allowed, known := mayImport[pkg]
	if !known {
		t.Errorf("%s: the package %s is not in the diagram", path, pkg)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if ours, ok := strings.CutPrefix(name, "tipscreen/"); ok && !slices.Contains(allowed, "*") && !slices.Contains(allowed, ours) {
			t.Errorf("%s imports %s, which the diagram does not allow", path, ours)
		}
		if slices.Contains(pure[pkg], name) {
			t.Errorf("%s imports %s, but the core is pure", path, name)
		}
		if network := name == "net" || strings.HasPrefix(name, "net/") && name != "net/url" && name != "net/netip"; network && !slices.Contains(mayUseNetwork, pkg) {
			t.Errorf("%s imports %s: only the card and the transfer may use the network", path, name)
		}
	}
	if pure[pkg] != nil {
		content := readFile(t, path)
		for _, call := range forbiddenCalls {
			if strings.Contains(content, call) {
				t.Errorf("%s calls %s), but the core is pure", path, call)
			}
		}
	}
}
