// Package statistics counts what may leave an agency: how many interviews there were, by month, plan, outcome, sex, age,
// nationality group, language, site, indicator and service gap, so that nobody can be found in the counts.
//
// Start with FromPart, which makes a Case of a record whose person agreed to statistics, and Build, which counts cases
// into a Release. A release is fixed: it covers whole months in which records were received, a month belongs to one
// release for ever (Next), and what is published is kept as it is and never counted anew. So two releases never count the same
// record, and no difference of two shows anybody.
//
// Within a release every count is rounded down to a multiple of K; one below K is not shown, whether it is nothing or
// something; and where the tables together would still tell that a count is small but not nothing, a larger one is left
// out as well (suppress.go). The rules are those of CTDC's k-anonymous aggregates, with complementary suppression added.
package statistics

import (
	"fmt"
	"slices"
	"strings"

	"tipscreen/screening"
)

// K is the smallest count that is shown, and the step of all counts.
const K = 10

// Dimension is something by which interviews are counted.
type Dimension string

// The dimensions. Each of them but the last two has exactly one value for each interview.
const (
	Month       Dimension = "month"
	Plan        Dimension = "plan"
	Outcome     Dimension = "outcome"
	Sex         Dimension = "sex"
	Age         Dimension = "age"
	Nationality Dimension = "nationality"
	Language    Dimension = "language"
	Site        Dimension = "site"
	Indicator   Dimension = "indicator"
	ServiceGap  Dimension = "service_gap"
)

// single lists the dimensions with one value for each interview, in the order of the tables.
var single = []Dimension{Outcome, Month, Plan, Sex, Age, Nationality, Language, Site}

// multiple lists those with any number of values.
var multiple = []Dimension{Indicator, ServiceGap}

// The values of a dimension that stand for everything else.
const (
	NotKnown = "not_known" // the record does not say
	Other    = "other"     // a place, a group or a month that is not published by name
)

// Case is one interview as far as it may be counted.
type Case struct {
	// Received is the month in which the agency received the record, as 2026-11. It decides about the release.
	Received string
	// Month is the month of the interview.
	Month   string
	Plan    string
	Outcome screening.Outcome
	Age     screening.Age
	// Sex is female, male, other, or empty where the record does not say.
	Sex string
	// Nationality and Site are words of the record; the Policy decides under which name they are published, if at all.
	Nationality, Site string
	// Language is the person's, as a BCP 47 tag.
	Language string
	// Indicators are framework/indicator; ServiceGaps what was needed and not to be had.
	Indicators, ServiceGaps []string
}

// FromPart makes a Case of the protection part of a finished record. False: the person did not agree to statistics, or
// this is no such part. Sex, nationality, site and service gaps are left for the caller: a record does not hold them yet.
func FromPart(part *screening.Part, received string) (Case, bool) {
	if part.Compartment != screening.Protection || part.Assessment == nil || part.Consents["statistics"] != "yes" {
		return Case{}, false
	}
	c := Case{Received: received, Plan: part.Plan, Outcome: part.Assessment.Outcome, Age: screening.Unsure, Language: part.Person}
	for _, e := range part.Events {
		c.Month = e.At.UTC().Format("2006-01")
		if e.Kind == screening.Answered && e.Step == "gate.age" {
			c.Age = screening.Age(e.Value)
		}
	}
	for name, result := range part.Assessment.Frameworks {
		for _, present := range result.Present {
			c.Indicators = append(c.Indicators, name+"/"+present.ID)
		}
	}
	slices.Sort(c.Indicators)
	return c, true
}

// Policy says what an agency publishes by name. A place is never finer than the names given here.
type Policy struct {
	// Sites maps the sites of the records to the places under which they are published; Groups does the same for
	// nationalities. What is not in the map is counted as other.
	Sites  map[string]string `json:"sites"`
	Groups map[string]string `json:"nationality_groups"`
	// Plans are the plans of the agency.
	Plans []string `json:"plans"`
}

// Check refuses a policy that would publish a place under the name of the site itself.
func (p *Policy) Check() error {
	for site, place := range p.Sites {
		if strings.TrimSpace(place) == "" {
			return fmt.Errorf("the site %q has no place under which it is published", site)
		}
		if place == site {
			return fmt.Errorf("the site %q would be published under its own name: give the region or the country", site)
		}
	}
	for nationality, group := range p.Groups {
		if strings.TrimSpace(group) == "" {
			return fmt.Errorf("the nationality %q has no group under which it is published", nationality)
		}
	}
	return nil
}

// value is what a case is counted under in a dimension with one value.
func (p *Policy) value(c *Case, d Dimension, months []string) string {
	switch d {
	case Month:
		return oneOf(months, c.Month)
	case Plan:
		return oneOf(p.Plans, c.Plan)
	case Outcome:
		return c.Outcome.String()
	case Sex:
		if c.Sex == "" {
			return NotKnown
		}
		return oneOf(sexes, c.Sex)
	case Age:
		return oneOf(ages, string(c.Age))
	case Nationality:
		return published(p.Groups, c.Nationality)
	case Site:
		return published(p.Sites, c.Site)
	case Language:
		if c.Language != "" {
			return c.Language
		}
	}
	return NotKnown
}

var (
	sexes    = []string{"female", "male", Other, NotKnown}
	ages     = []string{string(screening.Adult), string(screening.Child), string(screening.Unsure)}
	outcomes = []string{screening.ReferNow.String(), screening.TalkFurther.String(), screening.NotEnoughKnown.String(), screening.NoSignsSoFar.String()}
)

func oneOf(known []string, value string) string {
	if slices.Contains(known, value) {
		return value
	}
	return Other
}

func published(names map[string]string, value string) string {
	switch name, ok := names[value]; {
	case value == "":
		return NotKnown
	case ok:
		return name
	}
	return Other
}

// listed are the values that a table always lists, in order, whether or not they occurred. Of the other dimensions only
// values that are shown are listed: that a value occurs at all says something.
func (p *Policy) listed(d Dimension, months []string) []string {
	switch d {
	case Outcome:
		return outcomes
	case Month:
		return append(slices.Clone(months), Other)
	case Plan:
		return append(slices.Clone(p.Plans), Other)
	case Sex:
		return sexes
	case Age:
		return ages
	}
	return nil
}
