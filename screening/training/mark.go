package training

import (
	"fmt"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// Marks are what came of a run: how the protocol was kept, apart from what was found and decided.
type Marks struct {
	Fidelity Score `json:"fidelity"`
	Accuracy Score `json:"accuracy"`
	// Bias names the circumstances that were held against the person.
	Bias []Bias `json:"bias"`
	// Findings holds, for each item that was marked or is a fact of the scenario, what was marked and what is so.
	Findings []Finding `json:"findings"`
}

// Score is points of what could be had.
type Score struct {
	Percent int     `json:"percent"`
	Points  []Point `json:"points"`
}

// Point is one thing that was marked.
type Point struct {
	// ID names the words: training.point.ID, and the source in Source.
	ID string `json:"id"`
	// About is a check, a layer, an item, an event of the scenario or an outcome.
	About string `json:"about,omitempty"`
	Got   int    `json:"got"`
	Of    int    `json:"of"`
	// Seq is the event of the interview that decided; 0: something that did not happen.
	Seq    int    `json:"seq,omitempty"`
	Source string `json:"source"`
}

// Bias is a circumstance that was held against the person, with the item at which it showed, or without one where the
// trainee named it.
type Bias struct {
	Trap string `json:"trap"`
	Item string `json:"item,omitempty"`
	Seq  int    `json:"seq,omitempty"`
}

// Finding is one item.
type Finding struct {
	Item   string `json:"item"`
	Marked string `json:"marked"`
	Right  string `json:"right"`
	// Hidden: the person would have said more in other circumstances.
	Hidden bool `json:"hidden,omitempty"`
}

// sources say where a mark comes from: the public texts behind the protocol.
var sources = map[string]string{
	"gate":      "WHO, Ethical and safety recommendations for interviewing trafficked women (2003), 1 and 6: do no harm, prepare",
	"override":  "WHO (2003), 1: do no harm; OSCE, National Referral Mechanisms handbook (2022)",
	"consent":   "WHO (2003), 5 and 6: informed consent, confidentiality; IOM Data Protection Manual, principle 5",
	"rights":    "International Covenant on Civil and Political Rights (1966), art. 14; Principles on Effective Interviewing (Méndez Principles, 2021), 4",
	"open":      "UNODC Anti-human trafficking manual, module 8: free recall before questions; Principles on Effective Interviewing (Méndez Principles, 2021), 2",
	"sensitive": "WHO (2003), 8: do not re-traumatise a person",
	"pace":      "WHO (2003), 8; Principles on Effective Interviewing (2021), 2: the person's own words, order and pace",
	"later":     "WHO (2003), 1 and 2: do no harm, assess the risk; an interview can wait, safety cannot",
	"child":     "UNICEF, Guidelines on the protection of child victims of trafficking (2006); Committee on the Rights of the Child, General comment 6",
	"event":     "WHO (2003), 2 and 9: assess the risk, be ready to act",
	"closing":   "Principles on Effective Interviewing (2021), 2: closure; UNODC manual, module 8",
	"found":     "ILO and European Commission, Operational indicators of trafficking in human beings (2009)",
	"decision":  "UN Trafficking Protocol (2000), art. 3; OHCHR, Recommended Principles and Guidelines (2002), guideline 2: swift identification",
	"hold":      "ASEAN Guideline on non-punishment (2025); OHCHR Recommended Principles, principle 7",
	"referral":  "OSCE, National Referral Mechanisms handbook (2022); OHCHR Recommended Principles, principle 8",
}

// Mark marks a run by its scenario. It needs the items of the data, and no clock: the same run has the same marks.
func Mark(data *indicators.Data, s *Scenario, run *Run) (*Marks, error) {
	if run.Scenario != s.ID {
		return nil, fmt.Errorf("the run is of the scenario %s and not of %s", run.Scenario, s.ID)
	}
	m := &marker{data: data, s: s, run: run, marks: &Marks{Bias: []Bias{}, Findings: []Finding{}}}
	m.last = map[string]int{}
	for at, e := range run.Events {
		if e.Kind == screening.Answered {
			m.last[e.Step] = at
		}
	}
	m.protocol()
	m.findings()
	m.decision()
	m.marks.Fidelity.Percent, m.marks.Accuracy.Percent = percent(m.marks.Fidelity.Points), percent(m.marks.Accuracy.Points)
	return m.marks, nil
}

func percent(points []Point) int {
	got, of := 0, 0
	for _, p := range points {
		got, of = got+p.Got, of+p.Of
	}
	if of == 0 {
		return 100
	}
	return (100*got + of/2) / of
}

type marker struct {
	data  *indicators.Data
	s     *Scenario
	run   *Run
	marks *Marks
	last  map[string]int // index of the last answer to each prompt
}

func (m *marker) keep(source, id, about string, got, of, seq int) {
	m.marks.Fidelity.Points = append(m.marks.Fidelity.Points, Point{id, about, got, of, seq, sources[source]})
}

func (m *marker) judge(source, id, about string, got, of int) {
	m.marks.Accuracy.Points = append(m.marks.Accuracy.Points, Point{ID: id, About: about, Got: got, Of: of, Source: sources[source]})
}
