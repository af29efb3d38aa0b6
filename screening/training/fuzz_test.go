package training

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// FuzzRead: whatever a scenario file holds, reading, rehearsing and laying a translation over it end with problems or
// without, and what was read without a problem can be played.
func FuzzRead(f *testing.F) {
	data, _ := load(f)
	for _, name := range []string{"river-office", "house-keys", "counter-bus", "game-partner"} {
		content, err := fs.ReadFile(Embedded(), name+".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(strings.Replace(string(content), "id: "+name, "id: x", 1)))
	}
	f.Add([]byte(strings.Replace(scaffold, "ID", "x", 1)))
	f.Add([]byte("id: x\nevents: [{id: x, at: [a], react: [told]}]\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		s, problems := Read(data, "x.yaml", content)
		if len(problems) > 0 {
			return
		}
		setup, err := Setup(data, s, "en", "en", "test")
		if err != nil {
			t.Fatal(err)
		}
		run, err := Rehearse(setup, s, 1, Model{}, Clock{Turn: 20 * time.Second})
		if err != nil {
			return // said as a problem by Rehearsal
		}
		if _, err := Mark(data, s, run); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzLines: a translation is read whole or refused.
func FuzzLines(f *testing.F) {
	_, scenarios := load(f)
	s, err := Find(scenarios, "counter-bus")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"status":"draft","lines":{"story":{"source":"000000000000","text":"x"}}}`))
	f.Add([]byte(`{"status":"reviewed","lines":null}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		lines, _, err := LinesIn(fstest.MapFS{"lines/xx/counter-bus.json": {Data: content}}, s, "xx")
		if err == nil && len(lines) != len(s.Lines()) {
			t.Fatal("some lines are missing")
		}
	})
}
