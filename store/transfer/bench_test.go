package transfer

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// tenThousand is a laptop with 10,000 sealed records of the smallest size. They are copies of one with other bytes in the
// place of its parts: to the way there, ciphertext is ciphertext.
func tenThousand(b *testing.B) *laptop {
	b.Helper()
	l := newLaptop(b, hq(b))
	l.record(1)
	l.close()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(l.dir, "store.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`WITH RECURSIVE c(i) AS (SELECT 2 UNION ALL SELECT i+1 FROM c WHERE i < 10000) INSERT INTO record SELECT i, randomblob(16), 0, zeroblob(556) FROM c;
		INSERT INTO part(record, kind, body) SELECT record.n, kind, randomblob(length(body)) FROM part, record WHERE part.record = 1 AND record.n > 1`); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	l.open()
	return l
}

// resident gives the memory of this process that is in use.
func resident() (kib int64) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			_, _ = fmt.Sscan(rest, &kib)
		}
	}
	return kib
}

// watch gives the most memory that was in use until it is stopped, in MiB.
func watch() (stop func() float64) {
	done, most := make(chan struct{}), int64(0)
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
				most = max(most, resident())
			}
		}
	})
	return func() float64 { close(done); wait.Wait(); return float64(most) / 1024 }
}

// BenchmarkPush sends 10,000 records to a real S3 server on this machine. Budgets: 45 puts, 64 MiB; and a push of nothing
// new 5 requests. Where restic is installed it sends the same bytes to the same server.
func BenchmarkPush(b *testing.B) {
	s := newServer(b)
	l := tenThousand(b)
	n := 0
	b.Run("10000", func(b *testing.B) {
		puts, bytes := int64(0), int64(0)
		var most float64
		for b.Loop() {
			n++
			target, line := s.open(fmt.Sprintf("run%d", n), deviceKey, deviceSecret)
			debug.FreeOSMemory() // what opening the store needed
			stop := watch()
			p, err := Push(b.Context(), l.s, fmt.Sprintf("target%d", n), target, 0, nil)
			if most = max(most, stop()); err != nil || p.Records != 10000 {
				b.Fatal(p, err)
			}
			puts, bytes = line.requests.Load(), p.Bytes
		}
		b.ReportMetric(float64(puts), "puts")
		b.ReportMetric(most, "resident-MiB")
		b.SetBytes(bytes)
		if puts > 45 {
			b.Errorf("%d puts", puts)
		}
	})
	b.Run("nothing new", func(b *testing.B) {
		requests := int64(0)
		for b.Loop() {
			target, line := s.open(fmt.Sprintf("run%d", n), deviceKey, deviceSecret)
			if p, err := Push(b.Context(), l.s, fmt.Sprintf("target%d", n), target, 0, nil); err != nil || p.Bundles != 0 {
				b.Fatal(p, err)
			}
			if _, err := Pull(b.Context(), l.s, target, nil); err != nil {
				b.Fatal(err)
			}
			requests = line.requests.Load()
		}
		b.ReportMetric(float64(requests), "requests")
		if requests > 5 {
			b.Errorf("%d requests", requests)
		}
	})
	b.Run("folder", func(b *testing.B) {
		for b.Loop() {
			n++
			f, _ := stick(b)
			p, err := Push(b.Context(), l.s, fmt.Sprintf("target%d", n), f, 0, nil)
			if err != nil || p.Records != 10000 {
				b.Fatal(p, err)
			}
			b.SetBytes(p.Bytes)
		}
	})
	b.Run("restic", func(b *testing.B) { s.restic(b, l) })
}

// restic backs up the same bundles, as files.
func (s *server) restic(b *testing.B, l *laptop) {
	if _, err := exec.LookPath("restic"); err != nil {
		b.Skip("no restic here")
	}
	dir := b.TempDir()
	size := int64(0)
	for number := uint64(1); number <= 40; number++ {
		content, _, err := l.s.Bundle(number)
		if err != nil {
			b.Fatal(err)
		}
		size += int64(len(content))
		write(b, filepath.Join(dir, fmt.Sprint(number)), content)
	}
	n := 0
	run := func(args ...string) {
		cmd := exec.Command("restic", append([]string{"-q", "--no-cache", "-r", fmt.Sprintf("s3:http://%s/%s/restic%d", s.host(), boxName, n)}, args...)...)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+rootKey, "AWS_SECRET_ACCESS_KEY="+rootSecret, "RESTIC_PASSWORD=x")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	for b.Loop() {
		b.StopTimer()
		n++
		run("init")
		b.StartTimer()
		run("backup", dir)
	}
	b.SetBytes(size)
}
