package referral

import "slices"

// Service is a kind of help that can be offered.
type Service string

// The kinds of help, in the order in which they are offered.
const (
	Safety         Service = "safety"
	Medical        Service = "medical"
	Maternal       Service = "maternal"
	ChildCare      Service = "child_protection"
	FamilyInside   Service = "family_inside"
	ReferralBody   Service = "referral_body"
	Interpreter    Service = "interpreter"
	Shelter        Service = "shelter"
	LegalAid       Service = "legal_aid"
	Remedies       Service = "remedies" // against detention, fine, blacklist, charge or conviction
	Asylum         Service = "asylum"
	TortureCare    Service = "torture_rehabilitation"
	Psychosocial   Service = "psychosocial"
	WorkerClaims   Service = "worker_claims"
	Documents      Service = "documents"
	Consular       Service = "consular" // only if wanted
	ReturnWithRisk Service = "return_risk"
)

var services = []Service{
	Safety, Medical, Maternal, ChildCare, FamilyInside, ReferralBody, Interpreter, Shelter, LegalAid, Remedies, Asylum,
	TortureCare, Psychosocial, WorkerClaims, Documents, Consular, ReturnWithRisk,
}

// Services lists every kind of help, in the order in which they are offered.
func Services() []Service { return slices.Clone(services) }

// Known reports whether there is such a kind of help.
func (s Service) Known() bool { return slices.Contains(services, s) }
