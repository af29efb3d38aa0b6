package referral_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tipscreen/indicators"
	"tipscreen/screening"
	"tipscreen/screening/referral"
)

func names(steps []referral.Step) string {
	var all []string
	for _, step := range steps {
		name := string(step.Service)
		if step.Now {
			name += "!"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what string
		a    screening.Assessment
		want string
	}{
		{"nothing was found: where help is", screening.Assessment{Outcome: screening.NoSignsSoFar}, "referral_body interpreter"},
		{"a claim alone", screening.Assessment{Outcome: screening.TalkFurther, Flags: []string{"hold"}},
			"medical referral_body interpreter shelter legal_aid remedies psychosocial worker_claims documents consular return_risk"},
		{"danger and illness come first", screening.Assessment{Outcome: screening.NotEnoughKnown, Flags: []string{"urgent", "health"}},
			"safety! medical! maternal referral_body interpreter shelter legal_aid torture_rehabilitation psychosocial"},
		{"a child, whatever was answered", screening.Assessment{Outcome: screening.NoSignsSoFar, Flags: []string{"hold", "child"}},
			"child_protection! referral_body interpreter shelter legal_aid remedies psychosocial"},
		{"work without means", screening.Assessment{Outcome: screening.NoSignsSoFar, Flags: []string{"labour_rights"}}, "referral_body interpreter legal_aid worker_claims"},
		{"afraid to go home", screening.Assessment{Outcome: screening.NoSignsSoFar, Flags: []string{"protection_need"}}, "referral_body interpreter legal_aid asylum return_risk"},
		{"family still there", screening.Assessment{Outcome: screening.NoSignsSoFar, Flags: []string{"family_inside"}}, "family_inside! referral_body interpreter"},
	} {
		steps := referral.Steps(&test.a)
		got := names(steps)
		// What comes first is written first here; the order of the others is that of the table.
		want := strings.Fields(test.want)
		slices.SortStableFunc(want, func(a, b string) int { return strings.Count(b, "!") - strings.Count(a, "!") })
		if got != strings.Join(want, " ") {
			t.Errorf("%s:\n got %s\nwant %s", test.what, got, strings.Join(want, " "))
		}
		for _, step := range steps {
			if step.OnlyIfWanted != (step.Service == referral.Consular) {
				t.Errorf("%s: %s is only done if wanted: %v", test.what, step.Service, step.OnlyIfWanted)
			}
		}
	}
}

// TestMoreNeverTakesHelpAway: a higher outcome and one more flag only add steps.
func TestMoreNeverTakesHelpAway(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a := screening.Assessment{Outcome: screening.NoSignsSoFar + screening.Outcome(random.IntN(4))}
		for _, flag := range data.Flags {
			if random.IntN(3) == 0 {
				a.Flags = append(a.Flags, flag.ID)
			}
		}
		more := a
		if more.Outcome < screening.ReferNow && random.IntN(2) == 0 {
			more.Outcome++
		}
		more.Flags = append(slices.Clone(a.Flags), data.Flags[random.IntN(len(data.Flags))].ID)
		after := referral.Steps(&more)
		for _, step := range referral.Steps(&a) {
			at := slices.IndexFunc(after, func(other referral.Step) bool { return other.Service == step.Service })
			if at < 0 || step.Now && !after[at].Now {
				t.Fatalf("%v takes %s away from %v", more.Flags, step.Service, a.Flags)
			}
		}
	}
}

// TestFlagsLeadSomewhere: every flag of the shipped table leads to a step, and every kind of help is reached.
func TestFlagsLeadSomewhere(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	reached := map[referral.Service]bool{}
	for _, flag := range data.Flags {
		led := false
		for _, step := range referral.Steps(&screening.Assessment{Outcome: screening.ReferNow, Flags: []string{flag.ID}}) {
			reached[step.Service] = true
			led = led || slices.Contains(step.Because, flag.ID)
		}
		if !led {
			t.Errorf("the flag %s leads to no step", flag.ID)
		}
	}
	for _, s := range referral.Services() {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
	}
}

func TestOffers(t *testing.T) {
	t.Parallel()
	offers, err := referral.ParseOffers([]string{"shelter=not_available", "legal_aid=accepted"})
	if err != nil {
		t.Fatal(err)
	}
	later, err := referral.ParseOffers([]string{"shelter=declined"})
	if err != nil {
		t.Fatal(err)
	}
	if sum := offers.Over(later); sum["shelter"] != referral.Declined || sum["legal_aid"] != referral.Accepted || offers["shelter"] != referral.NotAvailable {
		t.Errorf("got %v", sum)
	}
	counts := referral.Count([]referral.Offers{offers, later, offers})
	if counts["shelter"][referral.NotAvailable] != 2 || counts["shelter"][referral.Declined] != 1 || counts["legal_aid"][referral.Accepted] != 2 {
		t.Errorf("got %v", counts)
	}
	for _, bad := range []string{"shelter", "shelter=", "shelter=given", "house=offered", "=offered"} {
		if _, err := referral.ParseOffers([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if _, err := referral.ParseOffers([]string{"shelter=offered", "shelter=offered"}); err == nil {
		t.Error("the same service twice was taken")
	}
}
