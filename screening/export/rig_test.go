package export_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/indicators"
	"tipscreen/screening"
	"tipscreen/screening/export"
)

func load(t testing.TB) *indicators.Data {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// interview plays an interview of an invented person by the full plan: the items in yes are answered so, all other
// questions no, until the item stop is reached.
func interview(t testing.TB, age, stop string, consents map[string]string, texts map[string]string, yes ...string) *screening.Interview {
	t.Helper()
	data := load(t)
	plan, _ := data.Plan("full")
	setup := screening.NewSetup(data, plan)
	setup.OfficialLanguage, setup.PersonLanguage, setup.Program = "en", "th", "test"
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	apply := func(e screening.Event) {
		e.V, e.Seq, e.At = screening.EventVersion, len(iv.Events())+1, at
		if err := iv.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	for {
		prompt, more := iv.Next()
		if !more || strings.HasPrefix(prompt.ID, "after.") {
			apply(screening.Event{Kind: screening.Finished})
			return iv
		}
		if prompt.ID == stop && stop != "" {
			apply(screening.Event{Kind: screening.Stopped, Step: prompt.ID})
			continue
		}
		e := screening.Event{Kind: screening.Answered, Step: prompt.ID, Value: "no", How: screening.Asked}
		layer, isConsent := strings.CutPrefix(prompt.ID, "consent.")
		switch {
		case prompt.ID == "gate.age":
			e.Value = age
		case prompt.ID == "consent.points":
			e.Value = strings.Join(screening.ConsentPoints(), ",")
		case isConsent && consents[layer] != "":
			e.Value = consents[layer]
		case texts[prompt.ID] != "":
			e.Value, e.Note = "given", texts[prompt.ID]
		case slices.Contains(yes, prompt.ID):
			e.Value = "yes"
		case prompt.Kind == screening.Write:
			e.Value = "not_asked"
		case prompt.Item != nil && prompt.Kind == screening.Choose && prompt.ID != prompt.Item.ID: // sensitive
			e.Value = "ask"
		case prompt.Kind == screening.Several:
			e.Value = "none"
		case prompt.Kind == screening.Choose || prompt.Kind == screening.Tell:
			e.Value = prompt.Options[0]
		}
		apply(e)
	}
}

// source is what an export is made of, from the parts that the interview itself writes.
func source(t testing.TB, iv *screening.Interview, name bool) *export.Source {
	t.Helper()
	parts, err := iv.Parts()
	if err != nil {
		t.Fatal(err)
	}
	s := &export.Source{Reference: "701dbc022c", Data: load(t)}
	read := func(name string) *screening.Part {
		if parts[name] == nil {
			return nil
		}
		part, err := screening.ReadPart(parts[name])
		if err != nil {
			t.Fatal(err)
		}
		return part
	}
	s.Protection, s.Investigation = read(screening.Protection), read(screening.Investigation)
	if name {
		s.Identity = read(screening.Identity)
	}
	return s
}

func gathered(t testing.TB, s *export.Source, profile export.Profile) *export.Record {
	t.Helper()
	r, err := export.Gather(s, profile)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// schema is the part of JSON Schema that the file uses.
type schema struct {
	Type       any                `json:"type"`
	Enum       []string           `json:"enum"`
	Pattern    string             `json:"pattern"`
	Required   []string           `json:"required"`
	Properties map[string]*schema `json:"properties"`
	Additional json.RawMessage    `json:"additionalProperties"`
	Items      *schema            `json:"items"`
}

// check gives the first thing that the schema does not allow.
func (s *schema) check(v any, at string) error {
	kind := map[bool]string{true: "null"}[v == nil]
	switch v := v.(type) {
	case string:
		kind = "string"
		if s.Enum != nil && !slices.Contains(s.Enum, v) || s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			return fmt.Errorf("%s: %q is not allowed", at, v)
		}
	case bool:
		kind = "boolean"
	case float64:
		kind = "integer"
	case []any:
		kind = "array"
		for i := range v {
			if err := s.Items.check(v[i], fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		kind = "object"
		for _, name := range s.Required {
			if _, there := v[name]; !there {
				return fmt.Errorf("%s: %s is missing", at, name)
			}
		}
		for name, value := range v {
			one := s.Properties[name]
			if one == nil {
				one = &schema{}
				if string(s.Additional) == "false" || json.Unmarshal(s.Additional, one) != nil {
					return fmt.Errorf("%s: %s is not allowed", at, name)
				}
			}
			if err := one.check(value, at+"."+name); err != nil {
				return err
			}
		}
	}
	types := []any{s.Type}
	if several, ok := s.Type.([]any); ok {
		types = several
	}
	if !slices.Contains(types, any(kind)) {
		return fmt.Errorf("%s is of the type %s, want %v", at, kind, s.Type)
	}
	return nil
}
