package indicators_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"tipscreen/indicators"
)

// A made-up framework with an item and a plan of its own, as an agency would lay it over the shipped data.
const (
	harbour = `id: harbour
title: Signs on fishing boats
publisher: made up for tests
year: 2030
verified_against_source: false
status: "made up"
source: "made up"
elements_when: [{strong: 1}]
indicators:
  - {id: H1, phase: control, elements: [means], who: [ask], strength: strong, control: true, gloss: "Kept on board", confidence: high, source: "made up"}
`
	harbourItems = `items:
  - {id: kept_on_board, phase: control, kind: yes_no, compartment: protection, who: [ask], sensitivity: 0, setting: private, evidences: [harbour/H1]}
`
	harbourPlan = `id: harbour
setting: private
steps:
  - {id: gate, kind: gate, asks: [privacy, alone, needs, interpreter, age, custody]}
  - {id: consent, kind: consent, asks: [opening, talk, record]}
  - {id: story, kind: open}
  - {id: boat, kind: items, items: [kept_on_board]}
  - {id: closing, kind: closing, asks: [more, child_protection, next]}
  - {id: after, kind: after, asks: [raise, hold]}
`
	harbourFlags = "flags:\n  - id: hold\n    set_by: [{reason: claim, claim: true}, {reason: child, age: [child, unsure]}, {reason: left_a_compound, setting: left_a_compound}, {reason: outcome, outcome_from: not_enough_known}]\n"
)

func overlay(files map[string]string) fstest.MapFS {
	laid := fstest.MapFS{}
	for name, content := range files {
		laid[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return laid
}

func TestNewFrameworkNeedsNoCode(t *testing.T) {
	t.Parallel()
	files := overlay(map[string]string{"frameworks/harbour.yaml": harbour, "items/harbour.yaml": harbourItems, "plans/harbour.yaml": harbourPlan})
	data := load(t, indicators.Embedded(), files)
	if len(data.Frameworks) != 4 || len(data.Plans) != len(load(t, indicators.Embedded()).Plans)+1 {
		t.Errorf("%d frameworks and %d plans", len(data.Frameworks), len(data.Plans))
	}
	if _, i, ok := data.Indicator("harbour/H1"); !ok || i.Strength != indicators.Strong {
		t.Error("the indicator of the new framework is not there")
	}
	p, ok := data.Plan("harbour")
	if !ok || p.File != "agency/indicators/plans/harbour.yaml" {
		t.Fatalf("the plan is %+v", p)
	}
	if sequence := data.Sequence(p.Steps[3]); len(sequence) != 1 || sequence[0].ID != "kept_on_board" {
		t.Errorf("the plan asks %v", sequence)
	}
	if data.Digests["agency/indicators/plans/harbour.yaml"] == "" {
		t.Error("the file of the agency has no digest")
	}
}

// TestAloneWithoutShipped: the made-up framework also stands alone, with its own table of flags.
func TestAloneWithoutShipped(t *testing.T) {
	t.Parallel()
	files := map[string]string{"frameworks/h.yaml": harbour, "items/h.yaml": harbourItems, "plans/h.yaml": harbourPlan, "flags.yaml": harbourFlags}
	data := load(t, overlay(files))
	if len(data.Frameworks) != 1 || len(data.Items) != 1 || len(data.Flags) != 1 {
		t.Errorf("loaded %d frameworks, %d items, %d flags", len(data.Frameworks), len(data.Items), len(data.Flags))
	}
	delete(files, "flags.yaml")
	if _, err := indicators.Load(overlay(files)); err == nil {
		t.Error("data without a table of flags loads")
	}
}

func TestOverlayReplacesPlan(t *testing.T) {
	t.Parallel()
	const short = `id: checkpoint
setting: counter
steps:
  - {id: gate, kind: gate, asks: [alone, interpreter, age]}
  - {id: consent, kind: consent, asks: [opening, talk, record]}
  - {id: only, kind: items, items: [job_online]}
  - {id: closing, kind: closing, asks: [more, next]}
`
	shipped := load(t, indicators.Embedded())
	// The file has another name: it is the id that counts.
	data := load(t, indicators.Embedded(), overlay(map[string]string{"plans/ours.yaml": short}))
	p, _ := data.Plan("checkpoint")
	if len(data.Plans) != len(shipped.Plans) || len(p.Steps) != 4 || !slices.Equal(p.Steps[2].Items, []string{"job_online"}) {
		t.Errorf("%d plans, checkpoint is %+v", len(data.Plans), p)
	}
	if data.Version() == shipped.Version() {
		t.Error("changed data carries the same version")
	}
}

func TestOverlayReplacesFramework(t *testing.T) {
	t.Parallel()
	files := copied(t)
	old := string(files["frameworks/ilo-2012.yaml"].Data)
	title := "title: ILO indicators of forced labour"
	files = fstest.MapFS{"frameworks/compared.yaml": {Data: []byte(old)}}
	edit{"frameworks/compared.yaml", title, "title: Compared with the original"}.apply(t, files)
	data := load(t, indicators.Embedded(), files)
	f, _ := data.Framework("ilo-2012")
	if len(data.Frameworks) != 3 || f.Title != "Compared with the original" || len(f.Indicators) != 11 {
		t.Errorf("%d frameworks; ilo-2012 is %q with %d indicators", len(data.Frameworks), f.Title, len(f.Indicators))
	}
	// Not a merge: an indicator that the new file leaves out is gone, and what pointed to it dangles.
	edit{"frameworks/compared.yaml", `{id: "8", key: withholding_of_wages`, `{id: "12", no_item: "none yet", key: withholding_of_wages`}.apply(t, files)
	_, err := indicators.Load(indicators.Embedded(), files)
	var problems indicators.Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].File != "items/exploitation.yaml" {
		t.Errorf("loading gives %v", err)
	}
}

func TestOverlayReplacesItems(t *testing.T) {
	t.Parallel()
	content, err := fs.ReadFile(indicators.Embedded(), needs)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{needs: {Data: content}}
	edit{needs, "id: in_danger_now\n    phase: needs", "id: in_danger_now\n    phase: first_of_all"}.apply(t, files)
	data := load(t, indicators.Embedded(), files)
	item, _ := data.Item("in_danger_now")
	if item.Phase != "first_of_all" || len(data.Items) != len(load(t, indicators.Embedded()).Items) {
		t.Errorf("%d items; in_danger_now has the phase %s", len(data.Items), item.Phase)
	}
	// Under another name the file does not replace, so its items are there twice.
	files = fstest.MapFS{"items/ours.yaml": files[needs]}
	_, err = indicators.Load(indicators.Embedded(), files)
	var problems indicators.Problems
	if !errors.As(err, &problems) || len(problems) != 7 {
		t.Errorf("loading gives %v, want seven problems", err)
	}
}

// Problems in an overlay name the file as the agency knows it.
func TestBrokenOverlay(t *testing.T) {
	t.Parallel()
	const at = "agency/indicators/"
	for _, b := range []broken{
		{"typo", []edit{{"plans/h.yaml", "", "id: h\nseting: private\n"}}, []want{{at + "plans/h.yaml", "seting", "field seting not found"}}},
		{"dangling", []edit{{"items/h.yaml", "", harbourItems}}, []want{{at + "items/h.yaml", "harbour/H1", "unknown indicator"}}},
		{"no item", []edit{{"frameworks/h.yaml", "", harbour}}, []want{{at + "frameworks/h.yaml", "id: H1", "no item evidences"}}},
		{"same id twice", []edit{{"items/h.yaml", "", harbourItems}, {"frameworks/a.yaml", "", harbour}, {"frameworks/b.yaml", "", harbour}}, []want{{at + "frameworks/b.yaml", "id: harbour", "already defined"}}},
		{"flags without the hold", []edit{{"flags.yaml", "", "flags:\n" + shippedFlags}}, []want{{at + "flags.yaml", "", "hold"}}},
	} {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{}
			for _, e := range b.edits {
				e.apply(t, files)
			}
			_, err := indicators.Load(indicators.Embedded(), files)
			b.compare(t, err, files)
		})
	}
}

// shippedFlags has every flag that an indicator carries, but not the hold.
const shippedFlags = `  - {id: age_check, set_by: [{marked: true}]}
  - {id: urgent, set_by: [{marked: true}]}
  - {id: health, set_by: [{marked: true}]}
  - {id: family_inside, set_by: [{marked: true}]}
  - {id: specialist, set_by: [{marked: true}]}
  - {id: protection_need, set_by: [{marked: true}]}
`

// FuzzLoad puts any bytes in the place of one file: loading may refuse them, but only with problems that name a place,
// and what it accepts can be walked.
func FuzzLoad(f *testing.F) {
	base := map[string]string{"frameworks/h.yaml": harbour, "items/h.yaml": harbourItems, "plans/h.yaml": harbourPlan, "flags.yaml": harbourFlags}
	names := []string{"frameworks/h.yaml", "items/h.yaml", "plans/h.yaml", "flags.yaml"}
	for i, name := range names {
		f.Add(uint8(i), []byte(base[name]))
	}
	for i, name := range []string{"frameworks/ilo-2012.yaml", "items/exit.yaml", "plans/full.yaml", "flags.yaml"} {
		content, err := fs.ReadFile(indicators.Embedded(), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), content)
	}
	for _, hostile := range []string{"", "items: [~]", "items: [{}]", "&a [*a]", "? {a: b}\n: c", "<<: {id: x}", "--- !!binary x", "id: [", "flags: [{id: h, set_by: [{}]}]", "items:\n- &x {id: a, ask_if: *x}"} {
		for i := range names {
			f.Add(uint8(i), []byte(hostile))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		files := overlay(base)
		files[names[int(which)%len(names)]] = &fstest.MapFile{Data: content}
		data, err := indicators.Load(files)
		if err == nil {
			walk(t, data)
			return
		}
		var problems indicators.Problems
		if !errors.As(err, &problems) || len(problems) == 0 || data != nil {
			t.Fatalf("the error is %T %v, the data %v", err, err, data)
		}
		for _, p := range problems {
			if p.File == "" || p.Line < 1 || p.What == "" || p.Mend == "" {
				t.Errorf("incomplete problem %+v", p)
			}
		}
	})
}

// walk touches everything that the rest of the program takes for granted in loaded data.
func walk(t *testing.T, data *indicators.Data) {
	t.Helper()
	for _, p := range data.Plans {
		for _, step := range p.Steps {
			for _, item := range data.Sequence(step) {
				_ = item.Sensitive()
			}
		}
	}
	for _, item := range data.Items {
		for _, ref := range item.Evidences {
			f, i, ok := data.Indicator(ref)
			if !ok {
				t.Fatalf("%s evidences the unknown %s", item.ID, ref)
			}
			_ = f.ElementsOf(i).Names()
			_ = i.For(true).String() + i.For(false).String()
		}
	}
}
