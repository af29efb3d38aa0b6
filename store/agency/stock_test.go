package agency

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tipscreen/store"
	"tipscreen/store/seal"
)

// TestStockAge opens a part with the age program itself (1.3 or newer, named by AGE or on the path) and the key of its
// role: whoever has the key needs nothing of ours.
func TestStockAge(t *testing.T) {
	t.Parallel()
	program := os.Getenv("AGE")
	if program == "" {
		program = "age"
	}
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("no age program here")
	}
	a, err := Init(light(t), pass, terms())
	if err != nil {
		t.Fatal(err)
	}
	i, err := a.Identity(seal.Investigation)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r, err := seal.NewRecord(a.o.Rand, seal.ID{1})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := a.signer(receiptKey, receiptTag)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := r.Agency(signer, a.Keyset())
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := sealer.Part(store.Investigation, true, []byte("canary content"))
	if err != nil {
		t.Fatal(err)
	}
	key, part := filepath.Join(dir, "key"), filepath.Join(dir, "part.age")
	if err := os.WriteFile(key, []byte(i.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(part, sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-d", "-i", key, part).CombinedOutput()
	if err != nil || !bytes.HasPrefix(out, []byte("TSCRPRT1")) || !bytes.Contains(out, []byte("canary content")) {
		t.Errorf("%v\n%.200s", err, out)
	}
}
