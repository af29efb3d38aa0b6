package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// filled is what the engine made of a case.
type filled struct {
	Values   map[string]string `json:"values"`
	Relevant []string          `json:"relevant"`
}

type formCase struct {
	Form    string            `json:"form"`
	Replies map[string]string `json:"replies"`
}

// runODK fills forms in with the engine of ODK Web Forms. ODK_ENGINE names the folder in which npm installed it:
// npm install --prefix FOLDER @getodk/xforms-engine@0.22.0 jsdom@24
func runODK(t *testing.T, forms map[string]string, cases []formCase) []filled {
	t.Helper()
	folder := os.Getenv("ODK_ENGINE")
	if folder == "" {
		t.Skip("ODK_ENGINE names no folder with the engine of ODK Web Forms: the form was not run")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node here: the form was not run")
	}
	input, err := json.Marshal(map[string]any{"forms": forms, "cases": cases})
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(node, "testdata/odk.mjs", folder)
	command.Stdin = bytes.NewReader(input)
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	var results []filled
	for line := range bytes.Lines(out) {
		var one filled
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		results = append(results, one)
	}
	if len(results) != len(cases) {
		t.Fatalf("%d results of %d cases\n%s", len(results), len(cases), said.String())
	}
	return results
}

// randomReplies chooses a reply to everything that an interview by this setup could ask; the empty one leaves it out.
func randomReplies(random *rand.Rand, setup *screening.Setup) map[string]string {
	replies := map[string]string{}
	yes := 2 + random.IntN(6) // of ten: people with little to tell, and with much
	lawyer := random.IntN(5) == 0
	for _, prompt := range screening.AllPrompts(setup) {
		prefix, rest, _ := strings.Cut(prompt.ID, ".")
		reply := "some words"
		switch {
		case replies[prompt.ID] != "":
			continue
		case prompt.Kind == screening.Ask || prompt.Kind == screening.Observe:
			reply = prompt.Options[random.IntN(len(prompt.Options))]
			if random.IntN(10) < yes {
				reply = "yes"
			}
			if prompt.MaySkip && random.IntN(10) == 0 {
				reply = ""
			}
		case prefix == "rights" && lawyer:
			reply = "lawyer"
		case len(prompt.Options) > 1 && (prefix == "consent" || prefix == "sensitive" || rest == "privacy"):
			reply = prompt.Options[0]
			if random.IntN(8) == 0 {
				reply = prompt.Options[1]
			}
		case strings.HasSuffix(prompt.ID, ".unmet"):
			reply = "override"
		case rest == "age" && random.IntN(3) > 0:
			reply = string(screening.Adult)
		case rest == "age" || rest == "setting" || rest == "custody" || prefix == "closing" && len(prompt.Options) > 0 || prompt.Item != nil && len(prompt.Options) > 0:
			reply = prompt.Options[random.IntN(len(prompt.Options))]
		case len(prompt.Options) > 0: // what is checked is as it should be, and the talk goes on
			reply = prompt.Options[0]
		}
		replies[prompt.ID] = reply
	}
	for _, item := range setup.Data.Items { // where a form says the rights
		if lawyer {
			replies["rights."+item.ID] = "lawyer"
		} else {
			replies["rights."+item.ID] = "go_on"
		}
	}
	return replies
}

// reply is what a person of these replies says at a prompt. The topics come in the order of the plan, as in a form.
func reply(replies map[string]string, prompt screening.Prompt) string {
	prefix, _, _ := strings.Cut(prompt.ID, ".")
	switch {
	case prefix == "rest", prefix == "topic":
		return prompt.Options[0]
	case prefix == "rights":
		for id, said := range replies {
			if strings.HasPrefix(id, "rights.") {
				return said
			}
		}
	}
	return replies[prompt.ID]
}

// interviewed asks the same person in this program, and gives the assessment and the items that were put.
func interviewed(t *testing.T, setup *screening.Setup, replies map[string]string) (screening.Assessment, []string) {
	t.Helper()
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for {
		prompt, more := iv.Next()
		if !more || strings.HasPrefix(prompt.ID, "after.") {
			return iv.Assess(), asked
		}
		if len(iv.Events()) > 2000 {
			t.Fatalf("the interview does not end: it is at %s", prompt.ID)
		}
		e := screening.Event{V: screening.EventVersion, Seq: len(iv.Events()) + 1, At: time.Unix(0, 0).UTC(), Kind: screening.Answered, Step: prompt.ID, Value: reply(replies, prompt), How: screening.Asked}
		switch {
		case e.Value == "" && !prompt.MaySkip:
			t.Fatalf("the interview asks %s, which it did not say it could", prompt.ID)
		case e.Value == "":
			e.Value = "not_asked"
		case prompt.Kind == screening.Write:
			e.Value, e.Note = "given", e.Value
		}
		if prompt.Item != nil && !strings.HasPrefix(prompt.ID, "sensitive.") {
			asked = append(asked, prompt.ID)
		}
		if err := iv.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_]`)

// TestFormRunsInODK: the same answers lead to the same questions, the same counts and the same dimensions there and here.
func TestFormRunsInODK(t *testing.T) {
	t.Parallel()
	e := &env{getenv: func(string) string { return "" }}
	data, err := e.data()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(7, 11))
	forms := map[string]string{}
	setups := map[string]*screening.Setup{}
	var cases []formCase
	var assessments []screening.Assessment
	var asked [][]string
	for i := range 200 {
		plan := data.Plans[i%len(data.Plans)]
		if setups[plan.ID] == nil {
			setups[plan.ID] = screening.NewSetup(data, plan)
			content, err := e.formOf(plan.ID, "xform")
			if err != nil {
				t.Fatal(err)
			}
			forms[plan.ID] = string(content)
		}
		replies := randomReplies(random, setups[plan.ID])
		assessment, items := interviewed(t, setups[plan.ID], replies)
		named := map[string]string{}
		for id, reply := range replies {
			named[notInNames.ReplaceAllString(id, "_")] = reply
		}
		cases, assessments, asked = append(cases, formCase{plan.ID, named}), append(assessments, assessment), append(asked, items)
	}
	positive := 0
	for i, there := range runODK(t, forms, cases) {
		setup := setups[cases[i].Form]
		positive += compareDimensions(t, i, setup.Data, &assessments[i], there)
		compareItems(t, i, setup.Data, asked[i], there)
	}
	if positive < 150 {
		t.Errorf("only %d dimensions were positive in all cases: they show too little", positive)
	}
}

func compareDimensions(t *testing.T, at int, data *indicators.Data, here *screening.Assessment, there filled) (positive int) {
	t.Helper()
	for _, f := range data.Frameworks {
		for _, d := range f.Dimensions {
			name := notInNames.ReplaceAllString(f.ID+"_"+d.ID, "_")
			one := here.Frameworks[f.ID].Dimensions[d.ID]
			want := "not_positive"
			if one.Positive {
				want = "positive"
				positive++
			}
			if got := there.Values[name]; got != want {
				t.Errorf("case %d, %s: %q there, %q here", at, name, got, want)
			}
			for suffix, n := range map[string]int{"_strong": one.Strong, "_medium": one.Strong + one.Medium, "_any": one.Strong + one.Medium + one.Weak} {
				if got := there.Values[name+suffix]; got != strconv.Itoa(n) {
					t.Errorf("case %d, %s: %s there, %d here", at, name+suffix, got, n)
				}
			}
		}
	}
	return positive
}

func compareItems(t *testing.T, at int, data *indicators.Data, asked []string, there filled) {
	t.Helper()
	for _, item := range data.Items {
		if item.Sealed() || item.DisclosureOnly() {
			if slices.Contains(there.Relevant, item.ID) {
				t.Errorf("case %d: the form asks %s", at, item.ID)
			}
			continue
		}
		if here, form := slices.Contains(asked, item.ID), slices.Contains(there.Relevant, item.ID); here != form {
			t.Errorf("case %d: %s is asked here: %v, there: %v", at, item.ID, here, form)
		}
	}
}
