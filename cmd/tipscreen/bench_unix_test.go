//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tipscreen/screening"
)

// percentiles reports the median and the 99th percentile in milliseconds.
func percentiles(b *testing.B, name string, times []time.Duration) {
	slices.Sort(times)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(times[len(times)/2]), name+"-p50-ms")
	b.ReportMetric(ms(times[len(times)*99/100]), name+"-p99-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFirstFrame measures from the start of the process to the first frame on a silent terminal (budget: p50 40 ms),
// and how long a command takes that reads all data and both languages.
func BenchmarkFirstFrame(b *testing.B) {
	l := newLaptop(b)
	var frames, checks []time.Duration
	for b.Loop() {
		cmd := exec.Command("tipscreen", "--home", l.home, "--ui", "en")
		cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
		begin := time.Now()
		x := startTerminal(b, cmd, 80, 24)
		x.waitFor(0, "Your handle")
		frames = append(frames, time.Since(begin))
		x.keys("\x03")
		x.exit()

		begin = time.Now()
		if err := exec.Command("tipscreen", "assess", "/dev/null").Run(); err != nil {
			b.Fatal(err)
		}
		checks = append(checks, time.Since(begin))
	}
	percentiles(b, "frame", frames)
	percentiles(b, "data-loaded", checks)
}

// BenchmarkKeyToFrame measures from a key press to the frame with the next prompt, the answer being durable by then
// (budget: p50 15 ms, p99 40 ms).
func BenchmarkKeyToFrame(b *testing.B) {
	l := newLaptop(b)
	var times []time.Duration
	for b.Loop() {
		y := l.typist(b, "en", 80, 24, "screen", "--person", "en")
		y.begin()
		s := compound()
		for range 110 {
			p, ok := y.iv.Next()
			if !ok {
				break
			}
			recorded := y.iv.MayRecord()
			if _, more := y.step(s); !more {
				break
			}
			begin := time.Now()
			next, ok := y.iv.Next()
			if !ok {
				break
			}
			_, end := y.waitFor(y.mark, y.sign(next))
			if recorded && p.Kind == screening.Ask && len(p.Step) > 0 {
				times = append(times, time.Since(begin))
			}
			_ = end
		}
		y.keys("\x03")
		y.exit()
	}
	percentiles(b, "key", times)
}

// BenchmarkRecordsList measures a command on a store with one record, the key derivation included.
func BenchmarkRecordsList(b *testing.B) {
	l := newLaptop(b)
	for b.Loop() {
		if err := l.command("records", "list").Run(); err != nil {
			b.Fatal(err)
		}
	}
	size := int64(0)
	_ = filepath.WalkDir(l.home, func(_ string, entry os.DirEntry, _ error) error {
		if info, err := entry.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	b.ReportMetric(float64(size)/1024, "store-KiB")
}
