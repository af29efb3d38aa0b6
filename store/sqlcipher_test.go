package store

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// cipher is the command line of SQLCipher with an encrypted database open, as durable as ours.
type cipher struct {
	b   testing.TB
	in  io.Writer
	out *bufio.Reader
}

// newCipher starts it. The benchmark is skipped where the program is not installed (Debian: sqlcipher).
func newCipher(b *testing.B) *cipher {
	b.Helper()
	path, err := exec.LookPath("sqlcipher")
	if err != nil {
		b.Skip("the program sqlcipher is not installed, so there is nothing to compare with")
	}
	cmd := exec.Command(path, "-batch", filepath.Join(b.TempDir(), "cipher.db"))
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	c := &cipher{b: b, in: in, out: bufio.NewReader(out)}
	c.do("PRAGMA key = 'canary passphrase of the test';")
	version, mode := c.do("PRAGMA cipher_version;"), c.do("PRAGMA journal_mode = WAL;")
	if version == "" || !strings.Contains(mode, "wal") {
		b.Skipf("this sqlcipher cannot encrypt or has no WAL: version %q, journal %q", version, mode)
	}
	c.do("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; CREATE TABLE t(n INTEGER PRIMARY KEY, body BLOB NOT NULL);")
	return c
}

// do waits until the statements are done: what a Save that returned nil promises.
func (c *cipher) do(statements string) string {
	c.b.Helper()
	const done = "that is acknowledged"
	if _, err := fmt.Fprintf(c.in, "%s\n.print %s\n", statements, done); err != nil {
		c.b.Fatal(err)
	}
	var said strings.Builder
	for {
		line, err := c.out.ReadString('\n')
		if err != nil {
			c.b.Fatal(err)
		}
		if strings.TrimSpace(line) == done {
			return said.String()
		}
		said.WriteString(line)
	}
}

// BenchmarkBesideSQLCipher does the same durable writes in turn, one of ours and one of SQLCipher's, on the same disk.
// Both write the same number of bytes and are acknowledged before the next. SQLCipher keeps no witness and no log.
func BenchmarkBesideSQLCipher(b *testing.B) {
	c := newCipher(b)
	o, _ := create(b)
	s := reopen(b, o)
	d := draft(b, s, 1)
	body := bytes.Repeat([]byte{0xa5}, 6000)
	insert := fmt.Sprintf("INSERT INTO t(body) VALUES(x'%x');", body)
	var ours, theirs []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := d.Save(body); err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(start))
		start = time.Now()
		c.do(insert)
		theirs = append(theirs, time.Since(start))
	}
	report(b, ours, "save")
	report(b, theirs, "sqlcipher")
}

// BenchmarkScanBesideSQLCipher reads 10,000 records' stubs, and 10,000 rows of the same size.
func BenchmarkScanBesideSQLCipher(b *testing.B) {
	const rows = 10_000
	c := newCipher(b)
	c.do(fmt.Sprintf("WITH RECURSIVE i(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM i WHERE n < %d) INSERT INTO t(body) SELECT randomblob(556) FROM i;", rows))
	o, _ := create(b)
	s := reopen(b, o)
	fill(b, s, rows)
	var ours, theirs []time.Duration
	for b.Loop() {
		start := time.Now()
		page, err := s.Records("", rows)
		if err != nil || len(page) != rows {
			b.Fatal(len(page), err)
		}
		ours = append(ours, time.Since(start))
		start = time.Now()
		if got := c.do("SELECT count(*), sum(length(hex(body))) FROM t;"); !strings.HasPrefix(got, fmt.Sprint(rows)) {
			b.Fatalf("%q", got)
		}
		theirs = append(theirs, time.Since(start))
	}
	report(b, ours, "scan")
	report(b, theirs, "sqlcipher-scan")
}
