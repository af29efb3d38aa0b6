package practice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tipscreen/screening/training"
)

// ClassSheet is what a class shows together. group leaves out what says something about one person.
func ClassSheet(say Say, lang string, c *training.Class, skipped []error, group bool) *Sheet {
	sheet := newSheet(say, lang, say("training.class.title", map[string]any{"N": len(c.People), "M": len(c.Scenarios)}))
	if !group {
		sheet.Lead = append(sheet.Lead, say("training.class.private", nil))
	}
	sheet.Sections = append(sheet.Sections, agreementSection(say, c))
	if !group {
		sheet.Sections = append(sheet.Sections, peopleSection(say, c))
	}
	sheet.Sections = append(sheet.Sections, scenarioSection(say, c), changeSection(say, c))
	if section := biasSection(say, c); len(section.Bars) > 0 {
		sheet.Sections = append(sheet.Sections, section)
	}
	if len(c.Diverge) > 0 {
		sheet.Sections = append(sheet.Sections, divergeSection(say, c, group))
	}
	if len(skipped) > 0 {
		section := Section{Heading: "!"}
		for _, err := range skipped {
			name, why, _ := strings.Cut(err.Error(), ": ")
			section.Lines = append(section.Lines, Entry{Text: say("training.class.skipped", map[string]any{"File": name, "Why": why})})
		}
		sheet.Sections = append(sheet.Sections, section)
	}
	return sheet
}

// figure is a value with its interval.
func figure(say Say, f *training.Figure) string {
	if f == nil {
		return say("training.class.undefined", nil)
	}
	if f.High-f.Low < 1e-9 { // leaving any case out changes nothing: the cases say nothing about how sure it is
		return fmt.Sprintf("%.2f (–)", f.Value)
	}
	return fmt.Sprintf("%.2f\u00a0(%.2f,\u00a0%.2f)", f.Value, f.Low, f.High)
}

func optional(value *float64) string {
	if value == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f", *value)
}

// agreementHead and agreementRow show the figures together, never one alone.
func agreementHead(say Say) []string {
	var head []string
	for _, id := range []string{"n", "raters", "raw", "cohen", "fleiss", "ac1", "prevalence", "bias_index"} {
		head = append(head, say("training.class."+id, nil))
	}
	return head
}

func agreementRow(say Say, a *training.Agreement) []string {
	if a == nil {
		return []string{say("training.class.too_few", nil), "", "", "", "", "", "", ""}
	}
	cohen := "–" // for two people
	if a.Raters == 2 {
		cohen = figure(say, a.Cohen)
	}
	return []string{strconv.Itoa(a.Cases), strconv.Itoa(a.Raters), figure(say, &a.Raw), cohen, figure(say, a.Fleiss), figure(say, a.AC1), optional(a.Prevalence), optional(a.Bias)}
}

func agreementSection(say Say, c *training.Class) Section {
	section := Section{Heading: say("training.class.agreement", nil), Head: append([]string{""}, agreementHead(say)...)}
	for _, one := range []struct {
		id string
		a  *training.Agreement
	}{{"referral", c.Referral}, {"items", c.Items}} {
		section.Rows = append(section.Rows, append([]string{say("training.class."+one.id, nil)}, agreementRow(say, one.a)...))
		if one.a != nil {
			section.Bars = append(section.Bars, Bar{say("training.class."+one.id, nil), int(100*one.a.Raw.Value + 0.5), fmt.Sprintf("%.2f", one.a.Raw.Value)})
		}
	}
	section.Lines = []Entry{{Text: say("training.class.note", nil)}}
	return section
}

func peopleSection(say Say, c *training.Class) Section {
	section := Section{Heading: say("training.class.people", nil)}
	for _, id := range []string{"person", "runs", "fidelity", "accuracy", "with_model", "cohen", "ac1", "n"} {
		section.Head = append(section.Head, say("training.class."+id, nil))
	}
	for _, p := range c.People {
		row := []string{p.Trainee, strconv.Itoa(p.Runs), strconv.Itoa(p.Fidelity), strconv.Itoa(p.Accuracy)}
		if p.WithModel == nil {
			row = append(row, say("training.class.too_few", nil), "", "", "")
		} else {
			row = append(row, figure(say, &p.WithModel.Raw), figure(say, p.WithModel.Cohen), figure(say, p.WithModel.AC1), strconv.Itoa(p.WithModel.Cases))
		}
		section.Rows = append(section.Rows, row)
	}
	return section
}

func scenarioSection(say Say, c *training.Class) Section {
	section := Section{Heading: say("training.class.scenarios", nil), Head: []string{"", say("training.class.runs", nil)}}
	words := training.Outcomes()
	slices.Reverse(words)
	for _, word := range words {
		section.Head = append(section.Head, say("outcome."+word+".title", nil))
	}
	for _, s := range c.Scenarios {
		row := []string{s.Scenario.Title, strconv.Itoa(s.Runs)}
		for _, word := range words {
			n := strconv.Itoa(s.Chose[word])
			if word == s.Scenario.Expect.Outcome {
				n += " *" // the right one
			}
			row = append(row, n)
		}
		section.Rows = append(section.Rows, row)
	}
	return section
}

func changeSection(say Say, c *training.Class) Section {
	section := Section{Heading: say("training.class.before_after", nil)}
	if c.Change == nil {
		section.Lines = []Entry{{Text: say("training.class.no_change", nil)}}
		return section
	}
	section.Lines = []Entry{{Text: say("training.class.change", map[string]any{"N": c.Change.People, "FidelityBefore": c.Change.FidelityBefore, "FidelityAfter": c.Change.FidelityAfter,
		"AccuracyBefore": c.Change.AccuracyBefore, "AccuracyAfter": c.Change.AccuracyAfter})}}
	return section
}

func biasSection(say Say, c *training.Class) Section {
	section := Section{Heading: say("training.class.biases", nil)}
	runs := 0
	for _, s := range c.Scenarios {
		runs += s.Runs
	}
	for _, trap := range training.Circumstances() {
		if n := c.Biases[trap]; n > 0 {
			section.Bars = append(section.Bars, Bar{say("training.trap."+trap, nil), 100 * n / runs, fmt.Sprintf("%d / %d", n, runs)})
		}
	}
	return section
}

// mostListed keeps the list of differences to what a class can talk about.
const mostListed = 40

func divergeSection(say Say, c *training.Class, group bool) Section {
	section := Section{Heading: say("training.class.diverge", nil)}
	for _, d := range c.Diverge[:min(len(c.Diverge), mostListed)] {
		entry := Entry{Text: d.Scenario.Title + ": " + say("training.class.differ", map[string]any{"Item": itemTitle(say, d.Item), "Right": say("answer."+d.Right, nil), "N": len(d.Otherwise), "M": d.All})}
		if !group {
			entry.Small = strings.Join(d.Otherwise, ", ")
		}
		section.Lines = append(section.Lines, entry)
	}
	return section
}
