package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk fills a small disk during an interview: the answer on the screen is kept, a clear line says what to do,
// and after space was made the interview goes on with nothing lost.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pass := filepath.Join(t.TempDir(), "pass")
	if err := os.WriteFile(pass, []byte(testPassphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	who := fmt.Sprintf("--home %s/home --officer kim --passphrase-file %s", dir, pass)
	commands := fmt.Sprintf(`mount -t tmpfs -o size=1300k none %[1]s || { echo NOMOUNT; exit; }
head -c 500000 /dev/zero > %[1]s/ballast
tipscreen setup %[2]s
tipscreen screen --line --person en %[2]s; echo "code $?"
tipscreen records list %[2]s; tipscreen verify %[2]s; echo "verified $?"`, dir, who)
	p := &player{t: t, cmd: exec.Command("sh", "-c", commands)}
	p.cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
	p.cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	in, _ := p.cmd.StdinPipe()
	out, _ := p.cmd.StdoutPipe()
	p.in, p.out, p.cmd.Stderr = in, bufio.NewReader(out), &p.errors
	if err := p.cmd.Start(); err != nil {
		t.Skipf("no user namespaces here: %v", err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	s, full := compound(), false
	for {
		id, ok := p.next()
		if !ok {
			break
		}
		if id == "notsaved" {
			full = true
			ballast := fmt.Sprintf("/proc/%d/root%s/ballast", p.cmd.Process.Pid, dir)
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			p.reply("again")
			s = stopNow()
			continue
		}
		p.reply(s.answer(id))
	}
	p.end()
	text := p.transcript.String()
	if strings.Contains(text, "NOMOUNT") {
		t.Skip("a user namespace may not mount here")
	}
	if !full || !strings.Contains(text, "The disk is full. Free some space") {
		t.Errorf("the disk was not full, or it was not said:\n%s", text)
	}
	for _, want := range []string{"code 0", "readable", "verified 0"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}
