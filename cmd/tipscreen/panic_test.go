package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// faulty panics with something that nobody may see.
type faulty struct{}

func (faulty) Read([]byte) (int, error) { panic("ANSWERCANARY") }

// TestPanicSaysNothing: a fault inside the program ends with one line that holds no value of the panic.
func TestPanicSaysNothing(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	e := system()
	e.out, e.err, e.terminal, e.rand = &out, &errs, false, faulty{}
	pass := filepath.Join(t.TempDir(), "pass")
	if err := os.WriteFile(pass, []byte(testPassphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"setup", "--home", t.TempDir() + "/home", "--officer", "x", "--passphrase-file", pass}, e); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	text := out.String() + errs.String()
	if strings.Contains(text, "CANARY") || !strings.Contains(text, "inside the program") || !strings.Contains(text, ".go:") {
		t.Errorf("said %q", text)
	}
}
