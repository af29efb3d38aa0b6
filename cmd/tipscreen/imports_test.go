package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
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
	"cmd/internal/wording":  {"cmd/internal/session", "screening", "screening/referral", "indicators", "locales"},
	"cmd/internal/form":     {"cmd/internal/session", "cmd/internal/wording", "cmd/internal/width", "screening", "indicators", "locales"},
	"cmd/internal/card":     {"cmd/internal/session", "cmd/internal/wording", "screening", "indicators", "locales"},
	"cmd/internal/line":     {"cmd/internal/session", "cmd/internal/wording", "screening", "indicators", "locales"},
	// No store, no transfer, no statistics, no export: nothing trained can become a record.
	"cmd/internal/practice": {"cmd/internal/session", "screening", "screening/training"},
	"screening":             {"indicators"},
	"screening/referral":    {"screening", "indicators"},
	"screening/report":      {"screening", "screening/referral", "indicators"},
	"screening/export":      {"screening", "screening/referral", "indicators"},
	"screening/queue":       {"screening"},
	"screening/statistics":  {"screening", "indicators"},
	"screening/training":    {"screening", "indicators"},
	"indicators":            {},
	"locales":               {},
	"store":                 {"store/seal"},
	"store/seal":            {},
	"store/agency":          {"store", "store/seal"},
	"store/transfer":        {"store", "store/seal"},
}

// mayUseNetwork are the packages that may open connections; nothing else can send what a laptop knows.
var mayUseNetwork = []string{"cmd/internal/card", "store/transfer"}

// isNetwork names the imports with which connections are opened. Reading an address (net/url) is none.
func isNetwork(name string) bool {
	return name == "net" || name == "crypto/tls" || strings.HasPrefix(name, "net/") && name != "net/url" && name != "net/netip" || strings.HasPrefix(name, "github.com/minio/")
}

// The core takes values and gives values: no clock, no files, no randomness, no printing, no network, no database.
var pure = map[string][]string{
	"screening":            impure,
	"screening/referral":   impure,
	"screening/report":     impure,
	"screening/export":     impure,
	"screening/queue":      impure,
	"screening/statistics": impure,
	"screening/training":   impure,
	"indicators":           impure,
}

var impure = []string{"os", "math/rand", "math/rand/v2", "crypto/rand", "database/sql", "net", "net/http", "log", "context"}

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
		if content, err := os.ReadFile(path); err != nil || bytes.HasPrefix(content, []byte("//go:build ignore")) {
			return err // a tool of go generate, and no part of the program
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
		if isNetwork(name) && !slices.Contains(mayUseNetwork, pkg) {
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

// TestTrainingReachesNoRecord: by the diagram, no package of the training mode leads to one that keeps, sends, counts or
// writes out records, and none of those knows what a training value is. The commands use no store either.
func TestTrainingReachesNoRecord(t *testing.T) {
	t.Parallel()
	records := func(pkg string) bool {
		return strings.HasPrefix(pkg, "store") || slices.Contains([]string{"screening/statistics", "screening/report", "screening/export", "screening/referral"}, pkg)
	}
	var reach func(pkg string, seen map[string]bool)
	reach = func(pkg string, seen map[string]bool) {
		if !seen[pkg] {
			seen[pkg] = true
			for _, next := range mayImport[pkg] {
				reach(next, seen)
			}
		}
	}
	for _, from := range []string{"screening/training", "cmd/internal/practice"} {
		seen := map[string]bool{}
		reach(from, seen)
		if len(seen) < 3 {
			t.Errorf("%s is not in the diagram", from)
		}
		for pkg := range seen {
			if records(pkg) {
				t.Errorf("%s reaches %s", from, pkg)
			}
		}
	}
	for pkg, imports := range mayImport {
		if records(pkg) && (slices.Contains(imports, "screening/training") || slices.Contains(imports, "cmd/internal/practice")) {
			t.Errorf("%s knows training", pkg)
		}
	}
	files, err := filepath.Glob("train*.go")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if content := readFile(t, file); !strings.HasSuffix(file, "_test.go") && (strings.Contains(content, `"tipscreen/store`) || strings.Contains(content, "withStore") || strings.Contains(content, "unlock(")) {
			t.Errorf("%s uses the store", file)
		}
	}
}
