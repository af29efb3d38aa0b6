package statistics

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tipscreen/indicators"
	"tipscreen/screening"
)

func policy() *Policy {
	return &Policy{
		Sites:  map[string]string{"bridge 2": "north", "bridge 3": "north", "harbour": "south", "airport": "south"},
		Groups: map[string]string{"KE": "Africa", "ET": "Africa", "TH": "Southeast Asia", "PH": "Southeast Asia"},
		Plans:  []string{"checkpoint", "full"},
	}
}

func pick(r *rand.Rand, values ...string) string { return values[r.IntN(len(values))] }

// randomCases makes n cases, unevenly spread, so that there are large and tiny counts.
func randomCases(r *rand.Rand, n int, received ...string) []Case {
	var cases []Case
	tilt := r.IntN(4)
	for range n {
		c := Case{
			Received: received[r.IntN(len(received))], Month: pick(r, "2026-08", "2026-09", "2026-10", "2031-01"), Plan: pick(r, "full", "full", "full", "checkpoint", "gone"),
			Outcome: screening.Outcome(1 + r.IntN(4)), Age: screening.Age(pick(r, "adult", "adult", "adult", "adult", "child", "unsure")),
			Sex: pick(r, "male", "male", "female", "other", ""), Nationality: pick(r, "KE", "TH", "TH", "TH", "XX", ""), Site: pick(r, "bridge 2", "bridge 3", "harbour", "tent", ""),
			Language: pick(r, "en", "th", "th", "th", "sw", "am", "=1+1"),
		}
		if tilt > 0 && r.IntN(tilt+1) > 0 {
			c.Outcome = screening.ReferNow
		}
		for range r.IntN(5) {
			c.Indicators = append(c.Indicators, fmt.Sprintf("ilo-2012/%d", 1+r.IntN(11)))
		}
		if r.IntN(10) == 0 {
			c.ServiceGaps = []string{"shelter for men"}
		}
		cases = append(cases, c)
	}
	return cases
}

func sequence(cases []Case) iter.Seq2[Case, error] {
	return func(yield func(Case, error) bool) {
		for _, c := range cases {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// counts lists every count of a release by its place.
func counts(r *Release) map[string]int {
	all := map[string]int{}
	if r.Total != nil {
		all["total"] = *r.Total
	}
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			at := string(table.Dimension) + "/" + row.Value
			if row.Count != nil {
				all[at] = *row.Count
			}
			for outcome, n := range row.ByOutcome {
				all[at+"/"+outcome] = n
			}
		}
	}
	return all
}

// TestNothingBelowK: over random records of two quarters, no count of a release, no difference of two counts of a release
// that belong together, and no difference of the same count in two releases lies between nothing and k.
func TestNothingBelowK(t *testing.T) {
	t.Parallel()
	small := func(n int) bool { return n != 0 && n > -K && n < K }
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		cases := append(randomCases(r, r.IntN(400), "2026-08", "2026-09"), randomCases(r, r.IntN(400), "2026-10")...)
		first, err := Build("a", []string{"2026-09", "2026-08"}, policy(), sequence(cases))
		if err != nil {
			t.Fatal(err)
		}
		// More records arrive, also with interviews of the first months.
		cases = append(cases, randomCases(r, r.IntN(30), "2026-10")...)
		second, err := Build("b", []string{"2026-10"}, policy(), sequence(cases))
		if err != nil {
			t.Fatal(err)
		}
		one, two := counts(first), counts(second)
		for at, n := range one {
			if n < K || n%K != 0 {
				t.Fatalf("seed %d: %s shows %d", seed, at, n)
			}
			if other, ok := two[at]; ok && small(n-other) {
				t.Fatalf("seed %d: the difference of two releases shows %d at %s", seed, n-other, at)
			}
			for upper := at; strings.Contains(upper, "/"); {
				upper = upper[:strings.LastIndex(upper, "/")]
				if whole, ok := one[upper]; ok && small(whole-n) {
					t.Fatalf("seed %d: %s less %s shows %d", seed, upper, at, whole-n)
				}
			}
		}
	}
}

// TestHiddenCountsStayHidden: in releases of the real size, whoever adds and subtracts everything finds nothing small.
func TestHiddenCountsStayHidden(t *testing.T) {
	t.Parallel()
	needed := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 3))
		tally := newCounter(policy(), []string{"2026-10"}, K)
		for at, c := range randomCases(r, 20+r.IntN(300), "2026-10") {
			if seed%2 == 0 { // crowded tables, in which most counts are shown and little is left to doubt
				c.Outcome, c.Sex, c.Plan, c.Age, c.Language, c.Month = screening.Outcome(3+at%2), pick(r, "male", "female"), "full", "adult", pick(r, "th", "en"), "2026-10"
				c.Site, c.Nationality = pick(r, "bridge 2", "harbour"), pick(r, "KE", "TH")
			}
			tally.count(&c)
		}
		tally.addUp()
		tally.suppress()
		tally.bound()
		if at := tally.disclosed(); at >= 0 {
			t.Errorf("seed %d: the sum %d tells of a small count", seed, at)
		}
		for _, c := range tally.cells {
			if c.n < c.lo || c.n > c.hi {
				t.Fatalf("seed %d: the bounds %d to %d leave the truth %d out", seed, c.lo, c.hi, c.n)
			}
			if c.n >= K && !c.shown && !c.never {
				needed++
			}
		}
	}
	if needed == 0 {
		t.Error("complementary suppression was never needed")
	}
}

// TestReleasesAreFixed: a month is released once, and only when it is over. A late record is counted once, later.
func TestReleasesAreFixed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	earlier := []*Release{{Name: "q3", Periods: []string{"2026-07", "2026-08", "2026-09"}}}
	for _, tt := range []struct {
		months []string
		wants  string
	}{
		{[]string{"2026-10"}, ""},
		{[]string{"2026-09"}, "stays as it is"},
		{[]string{"2026-10", "2026-08"}, "stays as it is"},
		{[]string{"2026-11"}, "not over"},
		{[]string{"2026-10", "2026-10"}, "twice"},
		{[]string{"october"}, "written as"},
		{nil, "at least one"},
	} {
		err := Next(earlier, tt.months, now)
		if tt.wants == "" && err != nil || tt.wants != "" && (err == nil || !strings.Contains(err.Error(), tt.wants)) {
			t.Errorf("%v: %v, want %q", tt.months, err, tt.wants)
		}
	}
	r := rand.New(rand.NewPCG(1, 4))
	cases := randomCases(r, 200, "2026-09")
	before, err := Build("a", []string{"2026-09"}, policy(), sequence(cases))
	if err != nil {
		t.Fatal(err)
	}
	after, err := Build("a", []string{"2026-09"}, policy(), sequence(append(cases, randomCases(r, 50, "2026-10")...)))
	if err != nil {
		t.Fatal(err)
	}
	one, _ := json.Marshal(before)
	two, _ := json.Marshal(after)
	if !bytes.Equal(one, two) {
		t.Error("a record of another month changed a release")
	}
}

// TestOnlyWithConsent: of real parts of an interview, only those with consent to statistics become cases.
func TestOnlyWithConsent(t *testing.T) {
	t.Parallel()
	assessment := &screening.Assessment{Outcome: screening.TalkFurther, Frameworks: map[string]screening.FrameworkResult{"ilo-2012": {Present: []screening.Present{{ID: "7"}}}}}
	at := time.Date(2026, 10, 31, 23, 30, 0, 0, time.UTC)
	part := func(consent string) *screening.Part {
		return &screening.Part{Compartment: screening.Protection, Plan: "full", Person: "th", Consents: map[string]string{"statistics": consent}, Assessment: assessment,
			Events: []screening.Event{{Kind: screening.Answered, Step: "gate.age", Value: "adult", At: at}, {Kind: screening.Finished, At: at}}}
	}
	c, ok := FromPart(part("yes"), "2026-11")
	if want := (Case{Received: "2026-11", Month: "2026-10", Plan: "full", Outcome: screening.TalkFurther, Age: screening.Adult, Language: "th", Indicators: []string{"ilo-2012/7"}}); !ok || fmt.Sprint(c) != fmt.Sprint(want) {
		t.Errorf("%v %+v", ok, c)
	}
	for _, consent := range []string{"no", "later", ""} {
		if _, ok := FromPart(part(consent), "2026-11"); ok {
			t.Errorf("counted with the consent %q", consent)
		}
	}
	other := part("yes")
	other.Compartment = screening.Identity
	if _, ok := FromPart(other, "2026-11"); ok {
		t.Error("counted from another part than protection")
	}
}

// TestNoFinerPlace: a site never appears under its own name, and what the policy does not name is other.
func TestNoFinerPlace(t *testing.T) {
	t.Parallel()
	r, err := Build("a", []string{"2026-10"}, policy(), sequence(randomCases(rand.New(rand.NewPCG(9, 9)), 900, "2026-10")))
	if err != nil {
		t.Fatal(err)
	}
	content, _ := json.Marshal(r)
	for site := range policy().Sites {
		if bytes.Contains(content, []byte(site)) {
			t.Errorf("the site %s is named", site)
		}
	}
	for _, word := range []string{"tent", "XX", `"KE"`} {
		if bytes.Contains(content, []byte(word)) {
			t.Errorf("%s is named, though the policy does not", word)
		}
	}
	if !bytes.Contains(content, []byte(`"north"`)) || !bytes.Contains(content, []byte(`"Africa"`)) {
		t.Error("the places and groups of the policy are missing")
	}
	if err := (&Policy{Sites: map[string]string{"bridge 2": "bridge 2"}}).Check(); err == nil {
		t.Error("a policy may publish a site under its own name")
	}
}

// TestEqualsWhatWasCounted: with enough records each shown count is the true one, rounded down.
func TestEqualsWhatWasCounted(t *testing.T) {
	t.Parallel()
	cases := randomCases(rand.New(rand.NewPCG(5, 5)), 3000, "2026-10")
	r, err := Build("a", []string{"2026-10"}, policy(), sequence(cases))
	if err != nil {
		t.Fatal(err)
	}
	children, south := 0, 0
	for _, c := range cases {
		if c.Age == screening.Child {
			children++
		}
		if c.Site == "harbour" && c.Outcome == screening.NoSignsSoFar {
			south++
		}
	}
	got := counts(r)
	if got["total"] != 3000 || got["age/child"] != children/K*K || got["site/south/no_signs_so_far"] != south/K*K {
		t.Errorf("%d %d (true %d) %d (true %d)", got["total"], got["age/child"], children, got["site/south/no_signs_so_far"], south)
	}
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			from, to, ok := r.Rate(row)
			if table.Dimension == Site && row.Value == "south" && (!ok || from > to || to > 100) {
				t.Errorf("rate %d to %d %v", from, to, ok)
			}
		}
	}
}

func words(id string, data map[string]any) string {
	keys := []string{}
	for key, value := range data {
		keys = append(keys, fmt.Sprintf("%s=%v", key, value))
	}
	slices.Sort(keys)
	return id + strings.Join(keys, ",")
}

func TestRenderers(t *testing.T) {
	t.Parallel()
	cases := randomCases(rand.New(rand.NewPCG(7, 7)), 500, "2026-10")
	r, err := Build("=cmd", []string{"2026-10"}, policy(), sequence(cases))
	if err != nil {
		t.Fatal(err)
	}
	var text, sheet, page bytes.Buffer
	if err := r.Text(&text, words); err != nil {
		t.Fatal(err)
	}
	if err := r.CSV(&sheet); err != nil {
		t.Fatal(err)
	}
	if err := r.HTML(&page, "en", words); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&sheet).ReadAll()
	if err != nil || len(rows) != len(counts(r))+1 {
		t.Fatalf("%d rows, want %d: %v", len(rows), len(counts(r))+1, err)
	}
	formulas := 0
	for _, row := range rows {
		for _, field := range row {
			if strings.HasPrefix(field, "'=") {
				formulas++
			}
			if field != "" && strings.ContainsAny(field[:1], "=+-@") {
				t.Errorf("a formula: %q", field)
			}
		}
	}
	if formulas < len(rows)-1 {
		t.Errorf("only %d texts that look like formulas were made inert", formulas)
	}
	if !strings.Contains(text.String(), "statistics.dimension.site") || !strings.Contains(text.String(), "statistics.rate") {
		t.Error(text.String())
	}
	for _, banned := range []string{"<script", "http://", "https://", "src=", "@import", "url("} {
		if strings.Contains(page.String(), banned) {
			t.Errorf("the page contains %s: it must need nothing else", banned)
		}
	}
	if !strings.Contains(page.String(), "<rect") || strings.Contains(page.String(), "ZgotmplZ") {
		t.Error("the page has no charts")
	}
	few, err := Build("few", []string{"2026-10"}, policy(), sequence(cases[:9]))
	if err != nil {
		t.Fatal(err)
	}
	text.Reset()
	if err := few.Text(&text, words); err != nil || !strings.Contains(text.String(), "statistics.too_few") || strings.Contains(text.String(), "dimension") {
		t.Error(text.String(), err)
	}
	if len(counts(few)) != 0 {
		t.Error("nine records show something")
	}
}

// TestPlansAreListed: the plans that ship are valid values of a policy, and a failing source makes no release.
func TestFailingSourceMakesNoRelease(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	p := &Policy{}
	for _, plan := range data.Plans {
		p.Plans = append(p.Plans, plan.ID)
	}
	broken := func(yield func(Case, error) bool) { yield(Case{}, fmt.Errorf("unreadable")) }
	if r, err := Build("a", []string{"2026-10"}, p, broken); err == nil || r != nil {
		t.Error(r, err)
	}
}

func FuzzReadRelease(f *testing.F) {
	r, err := Build("a", []string{"2026-10"}, policy(), sequence(randomCases(rand.New(rand.NewPCG(7, 7)), 100, "2026-10")))
	if err != nil {
		f.Fatal(err)
	}
	content, _ := json.Marshal(r)
	f.Add(content)
	f.Add([]byte(`{"v":1,"name":"x","periods":["2026-10"],"k":10,"tables":[{"dimension":"sex","rows":[{"value":"male","count":-3}]}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := ReadRelease(content)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := r.Text(&out, words); err != nil {
			t.Fatal(err)
		}
		if err := r.HTML(&out, "en", words); err != nil {
			t.Fatal(err)
		}
		for at, n := range counts(r) {
			if n < K || n%K != 0 {
				t.Fatalf("%s shows %d", at, n)
			}
		}
	})
}
