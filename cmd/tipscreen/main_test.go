package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the program itself callable as "tipscreen" by scripts and by tests that start a real process.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tipscreen": mainAt})
}

// testClock moves the clock of a program that a test starts, by a duration as 30h.
const testClock = "TIPSCREEN_TEST_CLOCK"

// mainAt is main with another clock, if a test asks for one.
func mainAt() {
	moved, err := time.ParseDuration(os.Getenv(testClock))
	if err != nil {
		main()
	}
	e := system()
	e.now = func() time.Time { return time.Now().Add(moved) }
	os.Exit(run(os.Args[1:], e))
}

func TestScripts(t *testing.T) {
	t.Parallel()
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("TIPSCREEN_HOME", e.WorkDir+"/home")
			e.Setenv("SOURCE", source)
			e.Setenv("K", "--officer kim --passphrase-fd 3")
			e.Setenv("LANG", "C.UTF-8")
			e.Setenv("HOME", e.WorkDir)
			return os.WriteFile(e.WorkDir+"/pass", []byte("a quiet river in the valley\n"), 0o600)
		},
	})
}
