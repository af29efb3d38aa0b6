package screening

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tipscreen/indicators"
)

// secret stands where an answer of a person would stand: no error may repeat it.
const secret = "beaten"

func TestParseCaseErrors(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	const person = `"person":{"age":"adult"}`
	for name, c := range map[string]struct{ line, want string }{
		"unknown key":             {`{"id":"c",` + person + `,"answer":{}}`, `unknown field "answer"`},
		"unknown key below":       {`{"id":"c","person":{"age":"adult","sex":"x"}}`, `unknown field "sex"`},
		"duplicate key":           {`{"id":"c","id":"d",` + person + `}`, `"id" appears twice`},
		"duplicate answer":        {`{"id":"c",` + person + `,"answers":{"pregnant":"yes","pregnant":"no"}}`, `"pregnant" appears twice`},
		"duplicate age":           {`{"id":"c","person":{"age":"adult","age":"child"}}`, `"age" appears twice`},
		"duplicate by an escape":  {`{"id":"c",` + person + `,"answers":{"pregnant":"yes","pregn\u0061nt":"no"}}`, `"pregnant" appears twice`},
		"duplicate in a list":     {`{"id":"c",` + person + `,"circumstances":[{"a":1,"a":2}]}`, `"a" appears twice`},
		"another case of letters": {`{"ID":"c",` + person + `}`, `ID`},
		"claim taken back":        {`{"id":"c",` + person + `,"claim":true,"Claim":false}`, `Claim`},
		"id of a wrong type":      {`{"id":5,` + person + `}`, `"id" has a value of the wrong type`},
		"answers as a list":       {`{"id":"c",` + person + `,"answers":["` + secret + `"]}`, `"answers" has a value of the wrong type`},
		"claim as a word":         {`{"id":"c",` + person + `,"claim":"` + secret + `"}`, `"claim" has a value of the wrong type`},
		"person as a word":        {`{"id":"c","person":"` + secret + `"}`, `"person" has a value of the wrong type`},
		"a list":                  {`["` + secret + `"]`, "wrong type"},
		"missing id":              {`{` + person + `}`, `"id" is missing`},
		"null id":                 {`{"id":null,` + person + `}`, "null is not a value"},
		"missing person":          {`{"id":"c"}`, "person.age is missing"},
		"missing age":             {`{"id":"c","person":{}}`, "person.age is missing"},
		"unknown age":             {`{"id":"c","person":{"age":"` + secret + `"}}`, "person.age is not one of"},
		"unknown answer":          {`{"id":"c",` + person + `,"answers":{"pregnant":"` + secret + `"}}`, "the answer is not one of yes"},
		"given is no answer":      {`{"id":"c",` + person + `,"answers":{"pregnant":"given"}}`, "the answer is not one of yes"},
		"null answer":             {`{"id":"c",` + person + `,"answers":{"pregnant":null}}`, "null is not a value"},
		"unknown item":            {`{"id":"c",` + person + `,"answers":{"nobody":"yes"}}`, `"nobody"`},
		"unknown indicator":       {`{"id":"c",` + person + `,"answers":{"ilo-2009/CD99":"yes"}}`, `"ilo-2009/CD99"`},
		"yes to a choice":         {`{"id":"c",` + person + `,"answers":{"left_how":"yes"}}`, "is not answered with yes or no"},
		"unknown setting":         {`{"id":"c",` + person + `,"setting":"` + secret + `"}`, "setting is neither"},
		"unknown plan":            {`{"id":"c",` + person + `,"plan":"` + secret + `"}`, "the plan is not known"},
		"unknown circumstance":    {`{"id":"c",` + person + `,"circumstances":["` + secret + `"]}`, "unknown word in circumstances"},
		"two objects":             {`{"id":"c",` + person + `} {"id":"d",` + person + `}`, "something follows"},
		"something behind":        {`{"id":"c",` + person + `} ` + secret, "something follows"},
		"cut off":                 {`{"id":"c","person":{"age":"adult`, "not valid JSON"},
		"no JSON":                 {secret, "not valid JSON"},
		"nothing":                 {"", "not valid JSON"},
		"comma too much":          {`{"id":"c",` + person + `,}`, "not valid JSON"},
		"deep":                    {`{"id":"c",` + person + `,"answers":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, ""},
		"deep objects":            {strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000), ""},
		"id not UTF-8":            {"{\"id\":\"\xff\"," + person + "}", "UTF-8"},
		"answer not UTF-8":        {`{"id":"c",` + person + ",\"answers\":{\"pregnant\":\"\xff\"}}", ""},
		"byte order mark":         {"\ufeff" + `{"id":"c",` + person + `}`, "not valid JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := a.ParseCase([]byte(c.line))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("the error is %v, want %q in it", err, c.want)
			}
			if strings.Contains(err.Error(), secret) || len(err.Error()) > 300 {
				t.Errorf("the error repeats what was answered: %v", err)
			}
		})
	}
}

// TestParseCase: what is left out has a harmless meaning, and the id is known even of a bad line.
func TestParseCase(t *testing.T) {
	t.Parallel()
	a := shipped(t)
	c, err := a.ParseCase([]byte(`{"id":"c","person":{"age":"unsure"}}`))
	if err != nil || !reflect.DeepEqual(c, Case{ID: "c", Age: Unsure, Answers: map[string]Answer{}}) {
		t.Errorf("%+v, %v", c, err)
	}
	c, err = a.ParseCase([]byte(` {"answers":{"pregnant":"declined"},"plan":"full","setting":"left_a_compound","claim":true,"person":{"age":"child"},"id":"x y"} `))
	want := Case{ID: "x y", Age: Child, Claim: true, Setting: LeftACompound, Plan: "full", Answers: map[string]Answer{"pregnant": {Value: Declined}}}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err = a.ParseCase([]byte(`{"id":"bad","person":{"age":"old"}}`)); err == nil || c.ID != "bad" {
		t.Errorf("%+v, %v", c, err)
	}
}

func FuzzParseCase(f *testing.F) {
	a := shipped(f)
	for _, line := range []string{
		`{"id":"c1","person":{"age":"adult"},"claim":false,"setting":"","plan":"full","answers":{"ilo-2009/CD1":"yes","papers_kept":"declined"},"circumstances":["male"]}`,
		`{"id":"c","person":{"age":"child"},"answers":{"left_how":"yes"}}`, `{"id":"c","id":"d"}`, `{"a":[{"b":1,"b":2}]}`, `{}{}`, `[`, `"`, "\xff", `{"ID":1}`, "null", "{\"\":{}}", `{"person":null}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		c, err := a.ParseCase(line)
		if err != nil {
			return
		}
		if c.Age == "" || c.Answers == nil {
			t.Fatalf("half a case: %+v", c)
		}
		if got := a.Assess(&c); got.Outcome < NoSignsSoFar || got.Outcome > ReferNow {
			t.Errorf("outcome %v", got.Outcome)
		}
	})
}

// begun is a stored interview of the made-up framework with a few events.
func begun(t testing.TB) (setup *Setup, events []Event) {
	t.Helper()
	data, err := indicators.Load(swapFiles())
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := data.Plan("pier")
	setup = NewSetup(data, plan)
	setup.OfficialLanguage, setup.PersonLanguage, setup.Program = "en", "th", "test"
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, e := range []Event{
		{Step: "gate.privacy", Value: "yes"}, {Step: "gate.alone", Value: "yes"}, {Step: "gate.age", Value: "adult"},
		{Step: "consent.talk", Value: "yes"}, {Step: "consent.record", Value: "yes"}, {Step: "open.story", Value: "given", Note: "a story"},
		{Step: "other_boat", Value: "yes", How: Asked}, {Kind: Claimed}, {Step: "other_pay", Value: "declined", How: Asked},
	} {
		e.V, e.Seq, e.At = EventVersion, i+1, at
		if e.Kind == "" {
			e.Kind = Answered
		}
		events = append(events, e)
	}
	return setup, events
}

// pack writes any text in the place of the setup, as PackSetup would.
func pack(plain []byte) []byte {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed)
	_, _ = w.Write(plain)
	_ = w.Close()
	return append(binary.BigEndian.AppendUint32([]byte(snapshotMagic), uint32(packed.Len())), packed.Bytes()...)
}

// use does with an opened interview what the rest of the program does.
func use(iv *Interview) error {
	for range 3 {
		prompt, more := iv.Next()
		if !more {
			break
		}
		_, _ = iv.Decide(prompt, Reply{Command: ToSkip})
		_, _ = iv.Decide(prompt, Reply{Command: ToGoBack})
	}
	_ = iv.Told()
	_ = AllPrompts(iv.Setup())
	_ = iv.Assess()
	_, err := iv.Parts()
	return err
}

func TestSnapshotRoundTrip(t *testing.T) {
	t.Parallel()
	setup, events := begun(t)
	packed, err := PackSetup(setup)
	if err != nil {
		t.Fatal(err)
	}
	content, err := Snapshot(packed, events)
	if err != nil {
		t.Fatal(err)
	}
	iv, again, err := OpenSnapshot(content)
	if err != nil || !bytes.Equal(again, packed) || !reflect.DeepEqual(iv.Events(), events) {
		t.Fatalf("opened with %v", err)
	}
	before, err := Replay(setup, events)
	if err != nil || !reflect.DeepEqual(before.Assess(), iv.Assess()) {
		t.Errorf("the stored interview is assessed differently: %v", err)
	}
	for _, n := range []int{0, 3, 7, 8, len(packed) - 1, len(packed), len(content) - 1} {
		if _, _, err := OpenSnapshot(content[:n]); err == nil {
			t.Errorf("%d of %d bytes are enough", n, len(content))
		}
	}
}

// TestHostileSnapshot changes the stored setup in places that the program would step on.
func TestHostileSnapshot(t *testing.T) {
	t.Parallel()
	setup, _ := begun(t)
	plain, err := json.Marshal(setup)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new string }{
		"null item":                   {`"Items":[{`, `"Items":[null,{`},
		"null framework":              {`"Frameworks":[{`, `"Frameworks":[null,{`},
		"null plan":                   {`"Plans":[{`, `"Plans":[null,{`},
		"null flag":                   {`"Flags":[{`, `"Flags":[null,{`},
		"no sensitivity":              {`"sensitivity":0`, `"sensitivity":null`},
		"class without answer":        {`"any_of":["lured"],"positive":false`, `"any_of":["lured"]`},
		"unknown evidence":            {`"evidences":["harbour/L1"]`, `"evidences":["harbour/L9"]`},
		"unknown condition":           {`"item":"all_night"`, `"item":"nobody"`},
		"unknown word in a condition": {`"is":["yes"`, `"is":["maybe"`},
		"no items":                    {`"Items":[{`, `"items_gone":[{`},
		"huge count":                  {`"any":2`, `"any":99999999999999999999`},
		"setup of another kind":       {`"plan":{`, `"plan":null,"x":{`},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if p := recover(); p != nil {
					t.Errorf("panic: %v", p)
				}
			}()
			if !bytes.Contains(plain, []byte(c.old)) {
				t.Fatalf("the setup has no %s", c.old)
			}
			changed := bytes.Replace(plain, []byte(c.old), []byte(c.new), 1)
			iv, _, err := OpenSnapshot(append(pack(changed), "[]"...))
			if err == nil {
				_ = use(iv)
			}
		})
	}
	// A deflate stream of a few kilobytes that would unpack to a hundred megabytes.
	if _, _, err := OpenSnapshot(append(pack(make([]byte, 100<<20)), "[]"...)); err == nil {
		t.Error("a bomb is opened")
	}
}

// FuzzOpenSnapshot feeds the reader with any bytes, and with any setup and events in a sound envelope.
func FuzzOpenSnapshot(f *testing.F) {
	setup, events := begun(f)
	plain, err := json.Marshal(setup)
	if err != nil {
		f.Fatal(err)
	}
	told, _ := json.Marshal(events)
	f.Add(plain, told, true)
	f.Add(append(pack(plain), told...), []byte{}, false)
	f.Add([]byte(snapshotMagic+"\xff\xff\xff\xff"), []byte("[]"), false)
	for _, hostile := range []string{`[{"v":1,"seq":1,"kind":"answered","step":"other_boat","value":"x"}]`, `[{"v":2}]`, `null`, `[null]`, `[{"v":1,"seq":1,"kind":"answered","step":"sensitive.other_boat","value":"skip"}]`} {
		f.Add(plain, []byte(hostile), true)
	}
	f.Fuzz(func(t *testing.T, setup, events []byte, envelope bool) {
		content := append(bytes.Clone(setup), events...)
		if envelope {
			content = append(pack(setup), events...)
		}
		iv, packed, err := OpenSnapshot(content)
		if err != nil {
			return
		}
		if err := use(iv); err != nil {
			t.Fatal(err)
		}
		again, err := Snapshot(packed, iv.Events())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := OpenSnapshot(again); err != nil {
			t.Fatal(fmt.Errorf("what was opened does not open again: %w", err))
		}
	})
}
