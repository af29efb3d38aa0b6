package export_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"tipscreen/screening"
	"tipscreen/screening/export"
)

func htcds(t testing.TB, iv *screening.Interview) *export.Case {
	t.Helper()
	c, err := export.HTCDS(gathered(t, source(t, iv, false), export.ForProtection))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestHTCDS: who was held, made to commit fraud and threatened. Movement and forced offences have no code.
func TestHTCDS(t *testing.T) {
	t.Parallel()
	c := htcds(t, interview(t, "adult", "", everything, nil, "job_from_known", "job_not_as_told", "work_not_as_promised", "reached_place", "could_not_leave_place", "papers_kept", "hurt_there", "made_to_scam", "could_not_quit"))
	for column, want := range map[string]string{
		"vic_TraffickingStatus": "PossibleVictimOfTrafficking", "con_Consent": "TRUE",
		"vic_MethodsOfControl": "FalsePromises;PhysicalAbuse;WithholdsDocuments;Other", "x_MethodsOfControl": "RestrictsMovement",
		"vic_TypeOfExploitation": "ForcedLabour;Other", "x_TypeOfExploitation": "ForcedCriminality", "vic_MethodOfRecruitment": "ThroughFriendsOrSocialEvents",
		"x_Age": "adult", "x_Stopped": "FALSE", "x_Outcome": "refer_now", "prs_FirstName": "", "prs_Gender": "", "vic_AgeWhenTrafficked": "",
		"vic_TraffickingStatusDecisionMakingOrg": "", "cas_Status": "",
	} {
		if c.Values[column] != want {
			t.Errorf("%s is %q, want %q", column, c.Values[column], want)
		}
	}
	if !slices.Equal(c.Warnings, []string{"vic_MethodsOfControl RestrictsMovement", "vic_TypeOfExploitation ForcedCriminality"}) {
		t.Errorf("warnings: %v", c.Warnings)
	}
	for _, column := range c.Columns {
		if strings.Contains(column, "Vulnerabilities") {
			t.Errorf("the deprecated field %s is written", column)
		}
	}
}

// TestHTCDSCases: nothing answered, stopped, a child, an older denial: the status is Possible or empty, and never a no.
func TestHTCDSCases(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what, status, age string
		iv                *screening.Interview
	}{
		{"all no", "", "adult", interview(t, "adult", "", everything, nil)},
		{"stopped at once", "", "adult", interview(t, "adult", "in_danger_now", everything, nil)},
		{"stopped after a sign", "PossibleVictimOfTrafficking", "adult", interview(t, "adult", "made_to_scam", everything, nil, "work_not_as_promised", "reached_place", "could_not_leave_place", "papers_kept")},
		{"a child, without means", "PossibleVictimOfTrafficking", "child", interview(t, "child", "", everything, nil, "marks_on_body")},
		{"unsure age", "PossibleVictimOfTrafficking", "unsure", interview(t, "unsure", "", everything, nil, "marks_on_body")},
	} {
		c := htcds(t, test.iv)
		if c.Values["vic_TraffickingStatus"] != test.status || c.Values["x_Age"] != test.age {
			t.Errorf("%s: status %q, age %q, want %q, %q", test.what, c.Values["vic_TraffickingStatus"], c.Values["x_Age"], test.status, test.age)
		}
		if stopped := strings.HasPrefix(test.what, "stopped"); (c.Values["x_Stopped"] == "TRUE") != stopped {
			t.Errorf("%s: stopped is %q", test.what, c.Values["x_Stopped"])
		}
		all := string(c.CSV())
		for _, never := range []string{"NotAVictim", "ActualVictim"} {
			if strings.Contains(all, never) {
				t.Errorf("%s says %s", test.what, never)
			}
		}
	}
	// A claim alone is enough.
	s := source(t, interview(t, "adult", "", everything, nil), false)
	s.Protection.Assessment.Outcome = screening.TalkFurther
	if c, err := export.HTCDS(gathered(t, s, export.ForProtection)); err != nil || c.Values["vic_TraffickingStatus"] == "" {
		t.Errorf("talk further: %v", err)
	}
}

// TestHTCDSConsent: one bit for the points of the standard is TRUE only where all that answer one were agreed to and
// ticked, and a record for others is refused.
func TestHTCDSConsent(t *testing.T) {
	t.Parallel()
	for layer, want := range map[string]string{"identity": "TRUE", "recontact": "TRUE", "investigation": "FALSE", "statistics": "FALSE"} {
		if c := htcds(t, interview(t, "adult", "", map[string]string{layer: "no"}, nil)); c.Values["con_Consent"] != want {
			t.Errorf("without %s con_Consent is %q, want %q", layer, c.Values["con_Consent"], want)
		}
	}
	r := gathered(t, source(t, interview(t, "adult", "", everything, nil), false), export.ForProtection)
	for i := range r.Points {
		less := *r
		less.Points = slices.Delete(slices.Clone(r.Points), i, i+1)
		if c, err := export.HTCDS(&less); err != nil || c.Values["con_Consent"] != "FALSE" {
			t.Errorf("without the point %s con_Consent is %q (%v)", r.Points[i], c.Values["con_Consent"], err)
		}
	}
	for _, profile := range []export.Profile{export.ForInvestigation, export.ForImmigration} {
		if _, err := export.HTCDS(gathered(t, source(t, interview(t, "adult", "", everything, nil), false), profile)); !errors.Is(err, export.ErrProfile) {
			t.Errorf("HTCDS for %s: %v", profile, err)
		}
	}
}

// TestHTCDSForms: the line of values has the columns of the head; the JSON has lists where the standard has several.
func TestHTCDSForms(t *testing.T) {
	t.Parallel()
	c := htcds(t, interview(t, "adult", "", everything, map[string]string{"open.story": "=1+1"}, "reached_place", "could_not_leave_place", "papers_kept"))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(c.CSV()), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[0]) != len(rows[1]) || !slices.Equal(rows[0], c.Columns) {
		t.Fatalf("%v: %v", err, rows)
	}
	content, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(content, &object); err != nil {
		t.Fatal(err)
	}
	control, _ := object["vic_MethodsOfControl"].([]any)
	if object["con_Consent"] != true || len(control) != 2 || object["x_Stopped"] != false || object["x_Warnings"] == nil {
		t.Errorf("got %s", content)
	}
	if strings.Contains(string(content), "1+1") {
		t.Error("the story is in it")
	}
	again, _ := c.JSON()
	if string(again) != string(content) {
		t.Error("the same case is written differently")
	}
}
