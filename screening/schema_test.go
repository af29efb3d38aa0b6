package screening

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// schema is the part of JSON Schema that the two files use. Any other keyword makes reading fail, so that nothing in the
// files is believed to be checked and is not.
type schema struct {
	Schema, ID, Title, Description string
	Type, Ref, Pattern             string
	Enum, Required                 []string
	Minimum                        *float64
	Properties, Defs               map[string]*schema
	Items                          *schema
	OneOf, AnyOf                   []*schema
	Additional                     json.RawMessage
}

// UnmarshalJSON reads the schema strictly. The names with a dollar cannot be matched by folding letters, so all are given.
func (s *schema) UnmarshalJSON(content []byte) error {
	var in struct {
		Schema      string             `json:"$schema"`
		ID          string             `json:"$id"`
		Title       string             `json:"title"`
		Description string             `json:"description"`
		Type        string             `json:"type"`
		Ref         string             `json:"$ref"`
		Pattern     string             `json:"pattern"`
		Enum        []string           `json:"enum"`
		Required    []string           `json:"required"`
		Minimum     *float64           `json:"minimum"`
		Properties  map[string]*schema `json:"properties"`
		Defs        map[string]*schema `json:"$defs"`
		Items       *schema            `json:"items"`
		OneOf       []*schema          `json:"oneOf"`
		AnyOf       []*schema          `json:"anyOf"`
		Additional  json.RawMessage    `json:"additionalProperties"`
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return err
	}
	*s = schema(in)
	return nil
}

func readSchema(t testing.TB, name string) *schema {
	t.Helper()
	content, err := os.ReadFile("schema/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(content, &s); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return &s
}

// validate reports the first thing in the JSON text that the schema does not allow.
func (s *schema) validate(content []byte) error {
	var v any
	if err := json.Unmarshal(content, &v); err != nil {
		return err
	}
	return s.check(s, v, "$")
}

func (s *schema) check(root *schema, v any, at string) error {
	if s.Ref != "" {
		target := root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
		if target == nil {
			return fmt.Errorf("%s: the schema has no %s", at, s.Ref)
		}
		return target.check(root, v, at)
	}
	if n := matches(s.OneOf, root, v, at); len(s.OneOf) > 0 && n != 1 {
		return fmt.Errorf("%s: fits %d of the forms", at, n)
	}
	if len(s.AnyOf) > 0 && matches(s.AnyOf, root, v, at) == 0 {
		return fmt.Errorf("%s: fits none of the forms", at)
	}
	if s.Type != "" && !slices.Contains(typesOf(v), s.Type) {
		return fmt.Errorf("%s: is not of the type %s", at, s.Type)
	}
	switch v := v.(type) {
	case string:
		if s.Enum != nil && !slices.Contains(s.Enum, v) || s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			return fmt.Errorf("%s: the word %q is not allowed", at, v)
		}
	case float64:
		if s.Minimum != nil && v < *s.Minimum {
			return fmt.Errorf("%s: is less than %v", at, *s.Minimum)
		}
	case []any:
		for i := range v {
			if s.Items != nil {
				if err := s.Items.check(root, v[i], fmt.Sprintf("%s[%d]", at, i)); err != nil {
					return err
				}
			}
		}
	case map[string]any:
		return s.object(root, v, at)
	}
	return nil
}

func matches(forms []*schema, root *schema, v any, at string) (n int) {
	for _, form := range forms {
		if form.check(root, v, at) == nil {
			n++
		}
	}
	return n
}

func typesOf(v any) []string {
	switch v := v.(type) {
	case nil:
		return []string{"null"}
	case bool:
		return []string{"boolean"}
	case string:
		return []string{"string"}
	case []any:
		return []string{"array"}
	case float64:
		if v == float64(int64(v)) {
			return []string{"number", "integer"}
		}
		return []string{"number"}
	}
	return []string{"object"}
}

func (s *schema) object(root *schema, v map[string]any, at string) error {
	for _, key := range s.Required {
		if _, ok := v[key]; !ok {
			return fmt.Errorf("%s: the key %s is missing", at, key)
		}
	}
	for key, value := range v {
		property, known := s.Properties[key]
		switch {
		case known:
		case string(s.Additional) == "false":
			return fmt.Errorf("%s: the key %s is not allowed", at, key)
		case len(s.Additional) == 0:
			continue
		default:
			property = &schema{}
			if err := json.Unmarshal(s.Additional, property); err != nil {
				return err
			}
		}
		if err := property.check(root, value, at+"."+key); err != nil {
			return err
		}
	}
	return nil
}

// written as input, as anybody would write the case.
func inputJSON(c Case) []byte {
	answers := map[string]string{}
	for id, answer := range c.Answers {
		answers[id] = answer.Value.String()
	}
	line, _ := json.Marshal(map[string]any{"id": c.ID, "person": map[string]any{"age": c.Age}, "claim": c.Claim, "setting": c.Setting, "plan": c.Plan, "answers": answers})
	return line
}

func TestSchemasFitRandomCases(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	in, out := readSchema(t, "assess-input.schema.json"), readSchema(t, "assess-output.schema.json")
	r := rand.New(rand.NewPCG(11, 1))
	for i := range 300 {
		line := inputJSON(randomCase(a, r))
		if err := in.validate(line); err != nil {
			t.Fatalf("case %d: %v\n%s", i, err, line)
		}
		c, err := a.ParseCase(line)
		if err != nil {
			t.Fatal(err)
		}
		result, _ := json.Marshal(a.Assess(&c))
		if err := out.validate(result); err != nil {
			t.Fatalf("case %d: %v\n%s", i, err, result)
		}
	}
}

func TestSchemasFitExamples(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	in, out := readSchema(t, "assess-input.schema.json"), readSchema(t, "assess-output.schema.json")
	content, err := os.ReadFile("../testdata/assess/examples.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(content) {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatal(err)
		}
		if in.validate(line) == nil {
			t.Error("the input schema accepts the key expect")
		}
		delete(fields, "expect")
		delete(fields, "why")
		line, _ := json.Marshal(fields)
		c, err := a.ParseCase(line)
		if err := in.validate(line); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		if err != nil {
			t.Fatal(err)
		}
		result, _ := json.Marshal(a.Assess(&c))
		if err := out.validate(result); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
}

// TestSchemaWords: the words of the schema are those of the code, no more and no less.
func TestSchemaWords(t *testing.T) {
	t.Parallel()
	in, out := readSchema(t, "assess-input.schema.json"), readSchema(t, "assess-output.schema.json")
	for _, c := range []struct{ schema, code []string }{
		{in.Properties["circumstances"].Items.Enum, circumstances},
		{in.Defs["answer"].Enum, valueNames[Yes:Given]},
		{out.Defs["outcome"].Enum, outcomeNames[1:]},
		{out.Defs["state"].Enum, stateNames[1:]},
	} {
		if !slices.Equal(c.schema, c.code) {
			t.Errorf("the schema has %v, the code %v", c.schema, c.code)
		}
	}
}

// TestSchemaRefuses: what the program refuses, the schema refuses too, and broken results do not pass.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	in, out := readSchema(t, "assess-input.schema.json"), readSchema(t, "assess-output.schema.json")
	const person = `"person":{"age":"adult"}`
	for _, line := range []string{
		`{` + person + `}`, `{"id":"c"}`, `{"id":"c","person":{}}`, `{"id":"c","person":{"age":"old"}}`, `{"id":5,` + person + `}`, `[]`, `null`,
		`{"id":"c",` + person + `,"answer":{}}`, `{"ID":"c",` + person + `}`, `{"id":"c","person":{"age":"adult","sex":"x"}}`,
		`{"id":"c",` + person + `,"answers":{"pregnant":"maybe"}}`, `{"id":"c",` + person + `,"answers":{"pregnant":"given"}}`, `{"id":"c",` + person + `,"answers":[]}`,
		`{"id":"c",` + person + `,"setting":"ship"}`, `{"id":"c",` + person + `,"claim":"yes"}`, `{"id":"c",` + person + `,"circumstances":["rich"]}`,
	} {
		if in.validate([]byte(line)) == nil {
			t.Errorf("the schema accepts %s", line)
		}
	}
	c := spec(t, a, "adult papers_kept=yes papers_not_given_back=declined u/T08=yes plan:full")
	good, _ := json.Marshal(a.Assess(&c))
	if err := out.validate(good); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"outcome":"talk_further"`, `"outcome":"guilty"`}, {`"because":`, `"why":`}, {`"hold":[`, `"probability":0.7,"hold":[`}, {`"means":"`, `"means":"very_`},
		{`"class":null`, `"class":5`}, {`"strong":1`, `"strong":-1`}, {`"strong":1`, `"strong":1.5`}, {`"strength":"strong"`, `"strength":"huge"`},
		{`"answer":"declined"`, `"answer":"no"`}, {`"why":"sealed"`, `"why":"lost"`}, {`"positive":false`, `"positive":"no"`}, {`"flags":["hold"`, `"flags":["Hold"`},
	} {
		bad := bytes.Replace(good, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(bad, good) {
			t.Errorf("the result has no %s", change[0])
		} else if out.validate(bad) == nil {
			t.Errorf("the schema accepts %s", change[1])
		}
	}
	for line, ok := range map[string]bool{
		`{"id":"x","error":"line 2: wrong"}`: true, `{"id":null,"error":"line 10: wrong"}`: true, `{"id":"x","error":"wrong"}`: false, `{"error":"line 2: wrong"}`: false, `{"id":"x"}`: false,
	} {
		if err := out.validate([]byte(line)); (err == nil) != ok {
			t.Errorf("%s: %v", line, err)
		}
	}
}
