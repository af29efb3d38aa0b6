package referral

import (
	"slices"

	"tipscreen/screening"
)

// Step is one thing to offer next.
type Step struct {
	Service Service `json:"service"`
	// Now: before anything else, also before the next question.
	Now bool `json:"now,omitempty"`
	// OnlyIfWanted: it is done only after the person asked for it; being asked about it is no reason.
	OnlyIfWanted bool `json:"only_if_wanted,omitempty"`
	// Because names the flags that lead here, or "outcome", or "wish".
	Because []string `json:"because"`
}

// rule says when a service is offered: from an outcome up, or when one of the flags is set.
type rule struct {
	from  screening.Outcome
	flags []string
	now   []string // the flags that put it before everything else
}

// The flags of the table in indicators that lead to a step. An agency's own flag leads to none here; its words stand
// beside the outcome.
const (
	hold           = "hold"
	child          = "child"
	ageCheck       = "age_check"
	urgent         = "urgent"
	health         = "health"
	familyInside   = "family_inside"
	specialist     = "specialist"
	atRisk         = "at_risk"
	labourRights   = "labour_rights"
	protectionNeed = "protection_need"
)

// rules is the one table. Every outcome gets the lines from NoSignsSoFar up: where to find help is told to everybody.
var rules = map[Service]rule{
	Safety:         {flags: []string{urgent}, now: []string{urgent}},
	Medical:        {from: screening.NotEnoughKnown, flags: []string{health, urgent}, now: []string{health, urgent}},
	Maternal:       {flags: []string{health}},
	ChildCare:      {flags: []string{child, ageCheck}, now: []string{child}},
	FamilyInside:   {flags: []string{familyInside}, now: []string{familyInside}},
	ReferralBody:   {from: screening.NoSignsSoFar},
	Interpreter:    {from: screening.NoSignsSoFar},
	Shelter:        {from: screening.TalkFurther, flags: []string{child, urgent}},
	LegalAid:       {from: screening.NotEnoughKnown, flags: []string{hold, specialist, labourRights, protectionNeed}},
	Remedies:       {flags: []string{hold}},
	Asylum:         {flags: []string{protectionNeed}},
	TortureCare:    {from: screening.ReferNow, flags: []string{health}},
	Psychosocial:   {from: screening.NotEnoughKnown, flags: []string{urgent, specialist, child}},
	WorkerClaims:   {from: screening.TalkFurther, flags: []string{labourRights}},
	Documents:      {from: screening.TalkFurther},
	Consular:       {from: screening.TalkFurther, flags: []string{atRisk}},
	ReturnWithRisk: {from: screening.TalkFurther, flags: []string{protectionNeed, atRisk}},
}

// wishes says which help answers what a person said that they need now.
var wishes = map[string]Service{
	"safe_place": Shelter, "doctor": Medical, "lawyer": LegalAid, "papers": Documents, "interpreter": Interpreter, "advice": Psychosocial,
}

// Steps says what to offer a person with this assessment and these wishes, the most pressing first. It is the least that
// is due: an official may offer more.
func Steps(a *screening.Assessment, wished ...string) []Step {
	var now, later []Step
	for _, service := range services {
		r := rules[service]
		step := Step{Service: service, OnlyIfWanted: service == Consular}
		if r.from > 0 && a.Outcome >= r.from {
			step.Because = append(step.Because, "outcome")
		}
		for _, flag := range r.flags {
			if slices.Contains(a.Flags, flag) {
				step.Because = append(step.Because, flag)
				step.Now = step.Now || slices.Contains(r.now, flag)
			}
		}
		if slices.ContainsFunc(wished, func(wish string) bool { return wishes[wish] == service }) {
			step.Because = append(step.Because, "wish")
		}
		switch {
		case len(step.Because) == 0:
		case step.Now:
			now = append(now, step)
		default:
			later = append(later, step)
		}
	}
	return append(now, later...)
}
