package screening

import (
	"encoding/json"
	"fmt"
)

// The compartments of a finished record. Each can be handed to somebody else, or to nobody.
const (
	Protection    = "protection"    // what is needed to help and protect
	Identity      = "identity"      // who the person is and how to reach them, only with consent
	Investigation = "investigation" // what the person agreed to give to an investigation
	Allegation    = "allegation"    // never written by an interview; the store keeps its place
)

// RecordVersion is the version of the written form of a record's parts.
const RecordVersion = 1

// Part is one compartment of a finished record.
type Part struct {
	V           int    `json:"v"`
	Compartment string `json:"compartment"`
	Plan        string `json:"plan"`
	Official    string `json:"official_language"`
	Person      string `json:"person_language"`
	Program     string `json:"program"`
	// Consents holds the layers that the person was asked for, with the replies.
	Consents map[string]string `json:"consents"`
	Stopped  bool              `json:"stopped"`
	// Why it stopped, where a reason was given.
	Why    string  `json:"why,omitempty"`
	Events []Event `json:"events"`
	// Assessment stands in the protection part alone.
	Assessment *Assessment `json:"assessment,omitempty"`
	// Raised is the outcome that the official chose above the assessed one.
	Raised *Outcome `json:"raised,omitempty"`
}

// Parts splits a finished interview into the compartments for which there is consent.
func (iv *Interview) Parts() (map[string][]byte, error) {
	assessment := iv.Assess()
	parts := map[string]*Part{Protection: iv.part(Protection)}
	parts[Protection].Assessment = &assessment
	if raised, ok := iv.Raised(); ok {
		parts[Protection].Raised = &raised
	}
	if iv.Consents("identity") || iv.Consents("recontact") {
		parts[Identity] = iv.part(Identity)
	}
	if iv.Consents("investigation") {
		parts[Investigation] = iv.part(Investigation)
	}
	for _, e := range iv.events {
		if e.Step == "closing.name" && !iv.Consents("identity") || e.Step == "closing.contact" && !iv.Consents("recontact") {
			continue // the consent was taken back
		}
		if part, ok := parts[iv.compartment(e)]; ok {
			part.Events = append(part.Events, e)
		}
	}
	written := make(map[string][]byte, len(parts))
	for name, part := range parts {
		content, err := json.Marshal(part)
		if err != nil {
			return nil, fmt.Errorf("write the %s part: %w", name, err)
		}
		written[name] = content
	}
	return written, nil
}

func (iv *Interview) part(name string) *Part {
	part := &Part{V: RecordVersion, Compartment: name, Plan: iv.setup.Plan.ID, Official: iv.setup.OfficialLanguage,
		Person: iv.setup.PersonLanguage, Program: iv.setup.Program, Consents: map[string]string{}, Stopped: iv.stopped, Why: iv.why, Events: []Event{}}
	for _, layer := range ConsentLayers() {
		if reply := iv.said["consent."+layer.ID]; reply != "" {
			part.Consents[layer.ID] = reply
		}
	}
	return part
}

// compartment says where an event belongs.
func (iv *Interview) compartment(e Event) string {
	if e.Step == "closing.name" || e.Step == "closing.contact" {
		return Identity
	}
	if e.Kind == Noted && e.Value == ForInvestigation {
		return Investigation
	}
	// What happened at an item, as a claim or a break, is no part of the item; and a note is for those who protect.
	if item, ok := iv.setup.Data.Item(e.Step); ok && e.Kind == Answered {
		return item.Compartment
	}
	return Protection
}

// ReadPart reads what Parts wrote.
func ReadPart(content []byte) (*Part, error) {
	var part Part
	if err := json.Unmarshal(content, &part); err != nil {
		return nil, fmt.Errorf("the part of the record cannot be read")
	}
	if part.V != RecordVersion {
		return nil, fmt.Errorf("the part of the record has version %d, this program reads %d", part.V, RecordVersion)
	}
	return &part, nil
}
