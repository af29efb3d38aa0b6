package screening

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"tipscreen/indicators"
)

func shipped(t testing.TB) *Assessor {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return NewAssessor(data)
}

// TestExamples holds the assessment against worked cases whose results were agreed before the code was written.
func TestExamples(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	content, err := os.ReadFile("../testdata/assess/examples.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(bytes.NewReader(content))
	cases := 0
	for scanner.Scan() {
		var example struct {
			Expect struct {
				Outcome  Outcome          `json:"outcome"`
				Elements map[string]State `json:"elements"`
				Flags    []string         `json:"flags_include"`
				Positive []string         `json:"positive_dimensions"`
			} `json:"expect"`
			Why string `json:"why"`
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(scanner.Bytes(), &example); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(scanner.Bytes(), &fields); err != nil {
			t.Fatal(err)
		}
		delete(fields, "expect")
		delete(fields, "why")
		line, _ := json.Marshal(fields)
		c, err := a.ParseCase(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got := a.Assess(&c)
		cases++
		if got.Outcome != example.Expect.Outcome {
			t.Errorf("%s (%s): outcome %v because of %v, want %v", c.ID, example.Why, got.Outcome, got.Because, example.Expect.Outcome)
		}
		states := map[string]State{"act": got.Elements.Act, "means": got.Elements.Means, "purpose": got.Elements.Purpose}
		for element, want := range example.Expect.Elements {
			if states[element] != want {
				t.Errorf("%s (%s): %s is %v, want %v", c.ID, example.Why, element, states[element], want)
			}
		}
		for _, flag := range example.Expect.Flags {
			if !slices.Contains(got.Flags, flag) {
				t.Errorf("%s (%s): flags %v without %s", c.ID, example.Why, got.Flags, flag)
			}
		}
		var positive []string
		for name, d := range got.Frameworks["ilo-2009"].Dimensions {
			if d.Positive {
				positive = append(positive, name)
			}
		}
		slices.Sort(positive)
		slices.Sort(example.Expect.Positive)
		if example.Expect.Positive != nil && !slices.Equal(positive, example.Expect.Positive) {
			t.Errorf("%s: positive dimensions %v, want %v", c.ID, positive, example.Expect.Positive)
		}
	}
	if cases != 16 {
		t.Errorf("read %d cases, want 16", cases)
	}
}
