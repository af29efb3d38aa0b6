package screening

import "tipscreen/indicators"

// Layer is one thing that the person may agree to, on its own, and can take back.
type Layer struct {
	ID string
	// HTCDS are the points of the human trafficking case data standard (2.0) that the layer answers. The points that are
	// told and ticked, and not agreed to, stand in ConsentPoints.
	HTCDS []string
	// Compartments are the parts of the record that exist, or may be handed on, only with this layer.
	Compartments []string
}

// ConsentLayers maps what the person agrees to onto the standard's points and onto the record's compartments. Each layer
// is asked alone, and silence is no.
func ConsentLayers() []Layer {
	return []Layer{
		{ID: "talk", HTCDS: []string{"interview"}},
		{ID: "record", HTCDS: []string{"use"}, Compartments: []string{Protection}},
		{ID: "identity", Compartments: []string{Identity}},
		{ID: "share", HTCDS: []string{"use"}, Compartments: []string{Protection, Identity}},
		{ID: "investigation", HTCDS: []string{"use"}, Compartments: []string{Investigation}},
		{ID: "statistics", HTCDS: []string{"research"}, Compartments: []string{Protection}},
		{ID: "recontact", Compartments: []string{Identity}},
		{ID: "consular", Compartments: []string{Identity}},
	}
}

// ConsentPoints are what the person is told about the record before agreeing to any use of it. Each has its own tick, and
// its point of the standard: purpose, use, right of access, storage time, withdrawal.
func ConsentPoints() []string { return []string{"purpose", "use", "access", "storage", "withdrawal"} }

var consentOptions = []string{"yes", "no", "later"}

// recordLayers are the layers of consent that say what may happen with a record.
var recordLayers = []string{"identity", "share", "investigation", "statistics", "recontact", "consular"}

func (iv *Interview) consents(list []Prompt, step indicators.Step) []Prompt {
	for _, layer := range step.Asks {
		// After a stop nothing is asked any more, but the record can still be refused.
		if iv.stopped && !(iv.MayRecord() && (layer == "record" || layer == "both")) {
			continue
		}
		prompt := Prompt{ID: "consent." + layer, Kind: Choose, Options: consentOptions, Default: "no"}
		switch {
		case layer == "opening" && iv.age().child():
			prompt = Prompt{ID: "consent.assent", Kind: Tell, Options: toldOptions}
		case layer == "opening":
			prompt = Prompt{ID: prompt.ID, Kind: Tell, Options: toldOptions}
		case layer == "both":
			prompt.Options = yesNo
		case (layer == "talk" || layer == "record") && iv.said["consent.both"] == "yes" && iv.Consents(layer):
			continue // agreed to with one word
		case layer == "talk":
		case iv.ending() && !(layer == "record" && iv.MayRecord()):
			continue // the person does not want to talk; that can be taken back, and nothing else is asked
		case layer == "record":
		case !iv.MayRecord():
			continue // the other layers say what may happen with a record; without one there is nothing to ask
		case layer == "points":
			prompt = Prompt{ID: prompt.ID, Kind: Several, Options: append(ConsentPoints(), none), MaySkip: true}
		}
		list = append(list, prompt)
		if layer == "share" && iv.Consents("share") {
			list = append(list, Prompt{ID: "consent.share.body", Kind: Write, OneLine: true, MaySkip: true})
		}
	}
	return list
}

// sayConsent keeps a reply to a layer, with what it brings about.
func (iv *Interview) sayConsent(e Event) {
	switch {
	case e.Step == "consent.both" && e.Value == "yes":
		iv.said["consent.talk"], iv.said["consent.record"] = "yes", "yes"
	case e.Step == "consent.both":
		delete(iv.said, "consent.talk")
		delete(iv.said, "consent.record")
		iv.dropRecordLayers()
	case e.Step == "consent.record" && e.Value != "yes":
		iv.dropRecordLayers()
	}
}

// dropRecordLayers takes back what was allowed to happen with a record: it is void with it.
func (iv *Interview) dropRecordLayers() {
	for _, layer := range recordLayers {
		delete(iv.said, "consent."+layer)
	}
}
