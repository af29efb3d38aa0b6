package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMemoryCannotBeRead: another program of the same user can neither read the memory of a running interview nor have it
// dumped. (Root always can, so as root the test runs both as somebody else.)
func TestMemoryCannotBeRead(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("tipscreen")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "memory")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	attributes := &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		attributes.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
		if err := os.Chown(dir, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	content := readFile(t, program)
	if err := os.WriteFile(filepath.Join(dir, "tipscreen"), []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
	// The child asks for a passphrase and waits; the parent tries to look at it.
	cmd := exec.Command("sh", "-c", `umask 077; echo "a quiet river in the valley" > pass
./tipscreen setup --home home --officer kim --passphrase-file pass >/dev/null 2>&1
sleep 30 2>/dev/null | ./tipscreen screen --line --home home --officer kim --passphrase-file pass > out 2>&1 &
for i in $(seq 100); do grep -q session.code out 2>/dev/null && break; sleep 0.1; done
pid=$(pgrep -n -f 'tipscreen screen --line --home home')
for file in maps mem environ; do head -c 1 /proc/$pid/$file >/dev/null 2>&1 && echo "READ $file"; done
grep 'Max core file size' /proc/$pid/limits
ls -ld /proc/$pid | cut -d' ' -f3
kill $pid`)
	cmd.Dir, cmd.SysProcAttr = dir, attributes
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "READ") {
		t.Errorf("another program of the same user can read it:\n%s", out)
	}
	if fields := strings.Fields(string(out)); !strings.Contains(string(out), "Max core file size") || fields[4] != "0" {
		t.Errorf("a core could be dumped:\n%s", out)
	}
}
