package export

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"tipscreen/indicators"
)

// listed are the code lists of HTCDS 2.0, written down here once more and apart from the table, so that a slip shows.
var listed = map[string]string{
	"vic_TraffickingStatus":                  "PossibleVictimOfTrafficking",
	"vic_TraffickingStatusDecisionMakingOrg": "Police NGO CourtOrProsecution NonPoliceGovernmentalOrganization Other",
	"vic_MethodsOfControl":                   "PhysicalThreats ThreatsLawEnforcement ThreatensChildrenFamily DebtBondage FalsePromises PhysicalAbuse SexualAbuse TakesEarnings RestrictsFinancialAccess RestrictsMedicalCare WithholdsNecessities PsychologicalAbuse PsychoactiveSubstance ExcessiveWorkingHours WithholdsDocuments Other",
	"vic_TypeOfExploitation":                 "ForcedLabour SexualExploitation ChildLabour ForcedMarriage Servitude ForcedMilitaryByNonStateActors OrganRemoval ForcedBegging ForcedAdoption Surrogacy Other",
	"vic_TypeOfSexExploitation":              "Prostitution Pornography RemoteInteractiveServices PrivateSexualServices",
	"vic_MethodOfRecruitment":                "AtAPlaceOfBusiness AtAnEducationalInstitution AtWork ThroughOnlineSocialNetworks ThroughAnOnlineAdvertisement ThroughATelevisionAdvert ThroughANewspaperAdvert ThroughFamilyOrFamilyEvents ThroughFriendsOrSocialEvents Other",
	"vic_RelationshipToTrafficker":           "Familial Acquainted Unaquainted",
	"prs_Gender":                             "Feminine Masculine TransgenderFeminine TransgenderMasculine NonConforming NonSpecifiedUnknown",
	"hte_Type":                               "Recruitment Transit Exploitation",
	"cas_Status":                             "Active FollowUp Closed ClosedReferred",
	"cas_ReasonForOutgoingReferral":          "AdditionalServicesRequired MigrationOrChangeOfLocation Other",
	"org_Type":                               "NGO LawEnforcement HealthServiceOrganisation CentralGovernmentOrganisation LocalGovernmentOrganisation ImmigrationService LegalService CorporateBusiness SchoolOrCollege",
	"con_Consent":                            "TRUE FALSE",
}

// TestEveryListedCode is taken by its field, alone and beside another; every other word is refused, as are the codes with
// the slips of the standard's own forms, and the codes that a screening must not write.
func TestEveryListedCode(t *testing.T) {
	t.Parallel()
	s, err := readStandard(htcdsTable)
	if err != nil {
		t.Fatal(err)
	}
	write := func(field, value string) error { return s.check(&Case{Values: map[string]string{field: value}}) }
	for field, codes := range listed {
		for code := range strings.FieldsSeq(codes) {
			if err := write(field, code); err != nil {
				t.Errorf("%s %s: %v", field, code, err)
			}
			for _, wrong := range []string{code + " ", strings.ToLower(code), code + ";"} {
				if write(field, wrong) == nil {
					t.Errorf("%s takes %q", field, wrong)
				}
			}
		}
		f := s.field(field)
		if f == nil {
			t.Errorf("there is no field %s", field)
			continue
		}
		all := strings.Join(strings.Fields(codes), ";")
		if err := write(field, all); (err == nil) != (f.Many || len(strings.Fields(codes)) == 1) {
			t.Errorf("%s takes several codes: %v", field, err == nil)
		}
		for _, code := range f.Codes {
			if !slices.Contains(strings.Fields(codes), code) && write(field, code) == nil {
				t.Errorf("%s takes %s, which is not listed here", field, code)
			}
		}
	}
	for field, value := range map[string]string{
		"vic_MethodsOfControl": "RestrictsMovement", "vic_TypeOfExploitation": "ForcedCriminality", "vic_TraffickingStatus": "NotAVictimOfTrafficking",
		"vic_Vulnerabilities": "Migration", "vic_Methods_of_Control": "DebtBondage", "prs_First_Name": "A", "prs_FirstName": "A",
	} {
		if write(field, value) == nil {
			t.Errorf("%s takes %s", field, value)
		}
	}
	if len(s.field("vic_ForcedLabourIndustry").Codes) != 21 {
		t.Error("the sectors are not the 21 of ISIC")
	}
}

// TestMappedItemsExist: each names an item of the bank, and none stands for two words of one field.
func TestMappedItemsExist(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	s, err := readStandard(htcdsTable)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range s.Items {
		for _, id := range m.Yes {
			item, ok := data.Item(id)
			if !ok || item.Kind != indicators.YesNo || item.Sealed() {
				t.Errorf("%s is no item that can be answered with yes", id)
			}
			if seen[m.Code.Field+id] {
				t.Errorf("%s stands for two words of %s", id, m.Code.Field)
			}
			seen[m.Code.Field+id] = true
		}
	}
}

// TestBrokenStandard: a table that would write what the standard does not have is refused before anything is written.
func TestBrokenStandard(t *testing.T) {
	t.Parallel()
	whole := string(htcdsTable)
	for what, broken := range map[string]string{
		"an unknown code":  strings.Replace(whole, "code: DebtBondage}", "code: Debts}", 1),
		"an unknown field": strings.Replace(whole, "{field: vic_MethodsOfControl, code: DebtBondage}", "{field: vic_Control, code: DebtBondage}", 1),
		"both":             strings.Replace(whole, "code: DebtBondage}", "code: DebtBondage, extension: Debt}", 1),
		"neither":          strings.Replace(whole, ", code: DebtBondage}", "}", 1),
	} {
		if _, err := readStandard([]byte(broken)); err == nil || broken == whole {
			t.Errorf("%s was taken", what)
		}
	}
}

// TestJoin: codes stand once each, Other last.
func TestJoin(t *testing.T) {
	t.Parallel()
	for _, codes := range [][]string{{"Other", "A", "B", "A", "Other"}, {"A", "Other", "B"}, {"A", "B", "Other"}} {
		c := &Case{Values: map[string]string{}}
		for _, code := range codes {
			c.join("f", code)
		}
		if got := slices.Collect(maps.Values(c.Values))[0]; got != "A;B;Other" {
			t.Errorf("%v gives %q", codes, got)
		}
	}
}
