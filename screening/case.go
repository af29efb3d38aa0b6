package screening

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// LeftACompound is the setting of somebody who came out of a place where people are held to commit fraud.
const LeftACompound = "left_a_compound"

// Case is what an assessment looks at.
type Case struct {
	ID      string
	Age     Age
	Claim   bool // the person or a lawyer says that this is trafficking
	Danger  bool // the danger key was pressed
	Setting string
	Plan    string // the items of this plan are relevant; empty: the whole bank
	// Answers by item id, or by framework/indicator: such an answer counts in that framework alone, as an item of its own.
	Answers map[string]Answer
}

// Circumstances are facts that officials often hold against a person. They are accepted in a case so that anybody can
// prove that they change nothing; no other part of the program stores them.
var circumstances = []string{
	"written_contract", "paid", "papers_given_willingly", "regular_entry", "smuggler_used", "knew_it_was_fraud", "male",
	"educated", "denies", "no_evidence", "irregular_status", "admits_offence", "sex_work", "genuine_recruitment",
}

// caseJSON is the written form of a case.
type caseJSON struct {
	ID     *string `json:"id"`
	Person *struct {
		Age *string `json:"age"`
	} `json:"person"`
	Claim         bool              `json:"claim"`
	Setting       string            `json:"setting"`
	Plan          string            `json:"plan"`
	Answers       map[string]string `json:"answers"`
	Circumstances []string          `json:"circumstances"`
}

// ParseCase reads one case from JSON. Unknown and duplicate keys, and unknown words, are errors; the case carries the id
// even then, where it could be read. No error repeats an answer.
func (a *Assessor) ParseCase(line []byte) (Case, error) {
	var in caseJSON
	c := Case{}
	// The id is wanted even from a line that is otherwise bad.
	var named struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(line, &named) == nil {
		c.ID = named.ID
	}
	if !utf8.Valid(line) {
		return c, fmt.Errorf("the line is not UTF-8")
	}
	if err := duplicateKey(line); err != nil {
		return c, err
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return c, describeJSON(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return c, fmt.Errorf("something follows the case on the same line")
	}
	if in.ID == nil {
		return c, fmt.Errorf(`the key "id" is missing`)
	}
	if in.Person == nil || in.Person.Age == nil {
		return c, fmt.Errorf(`person.age is missing; use adult, child or unsure`)
	}
	c.Age = Age(*in.Person.Age)
	if !slices.Contains([]Age{Adult, Child, Unsure}, c.Age) {
		return c, fmt.Errorf("person.age is not one of adult, child, unsure")
	}
	c.Claim, c.Setting, c.Plan = in.Claim, in.Setting, in.Plan
	if c.Setting != "" && c.Setting != LeftACompound {
		return c, fmt.Errorf("setting is neither empty nor %s", LeftACompound)
	}
	if _, ok := a.paths[c.Plan]; !ok && c.Plan != "" {
		return c, fmt.Errorf("the plan is not known")
	}
	for _, word := range in.Circumstances {
		if !slices.Contains(circumstances, word) {
			return c, fmt.Errorf("an unknown word in circumstances")
		}
	}
	var err error
	c.Answers, err = a.parseAnswers(in.Answers)
	return c, err
}

func (a *Assessor) parseAnswers(words map[string]string) (map[string]Answer, error) {
	answers := make(map[string]Answer, len(words))
	for id, word := range words {
		at, ok := a.byID[id]
		if !ok {
			return nil, fmt.Errorf("answers has the key %q, which is neither an item nor framework/indicator", id)
		}
		if item := a.keys[at].item; item != nil && !a.keys[at].yesNo {
			return nil, fmt.Errorf("the item %q is not answered with yes or no", id)
		}
		value, err := ParseValue(word)
		if err != nil {
			return nil, fmt.Errorf("answers, %q: %w", id, err)
		}
		answers[id] = Answer{Value: value}
	}
	return answers, nil
}

// describeJSON says what is wrong without repeating a value of the line.
func describeJSON(err error) error {
	switch e := err.(type) {
	case *json.SyntaxError:
		return fmt.Errorf("not valid JSON at byte %d", e.Offset)
	case *json.UnmarshalTypeError:
		return fmt.Errorf("the key %q has a value of the wrong type", e.Field)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("not valid JSON: the line ends too early")
	}
	return err // unknown field: names the key only
}

// duplicateKey finds a key that appears twice in one object; encoding/json would keep the last one in silence.
func duplicateKey(line []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	var objects []map[string]bool // nil: an array
	key := true
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil // the strict decoder says what is wrong
		}
		switch t := token.(type) {
		case nil:
			return fmt.Errorf("null is not a value here: leave the key out")
		case json.Delim:
			switch t {
			case '{':
				objects, key = append(objects, map[string]bool{}), true
			case '[':
				objects, key = append(objects, nil), false
			default:
				objects = objects[:len(objects)-1]
				key = len(objects) > 0 && objects[len(objects)-1] != nil
			}
			continue
		case string:
			if key && len(objects) > 0 && objects[len(objects)-1] != nil {
				seen := objects[len(objects)-1]
				// encoding/json would take Claim for claim, and let it win.
				for _, name := range []string{"id", "person", "age", "claim", "setting", "plan", "answers", "circumstances"} {
					if t != name && strings.EqualFold(t, name) {
						return fmt.Errorf("unknown key %q: write %s", t, name)
					}
				}
				if seen[t] {
					return fmt.Errorf("the key %q appears twice", t)
				}
				seen[t], key = true, false
				continue
			}
		}
		key = len(objects) > 0 && objects[len(objects)-1] != nil
	}
}
