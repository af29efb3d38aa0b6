package export

import (
	"fmt"
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// dimensions adds the calculations: for each indicator in a dimension whether an item showed it, for each dimension how
// many did by their strength, and whether it is positive by the rule of its publisher.
func (b *builder) dimensions() {
	for _, f := range b.setup.Data.Frameworks {
		for i := range f.Dimensions {
			b.dimension(f, &f.Dimensions[i])
		}
	}
}

// counted are the names of the indicators of a dimension that count at least so much, for adults or for children.
func counted(f *indicators.Framework, d *indicators.Dimension, shown map[string]bool, child bool, least indicators.Strength) []string {
	var names []string
	for i := range f.Indicators {
		one := &f.Indicators[i]
		if one.Dimension == d.ID && shown[one.ID] && one.For(child) >= least {
			names = append(names, fmt.Sprintf("${%s}", plain(f.ID+"_"+one.ID)))
		}
	}
	return names
}

func (b *builder) dimension(f *indicators.Framework, d *indicators.Dimension) {
	shown := map[string]bool{}
	for i := range f.Indicators {
		one := &f.Indicators[i]
		if one.Dimension != d.ID || one.Sealed() {
			continue
		}
		if yes := b.yes(f.ID + "/" + one.ID); len(yes) > 0 {
			shown[one.ID] = true
			b.add(Row{Kind: Calculate, Name: plain(f.ID + "_" + one.ID), Calculation: "if(" + strings.Join(yes, " or ") + ", 1, 0)"})
		}
	}
	name := plain(f.ID + "_" + d.ID)
	for _, count := range []struct {
		name  string
		least indicators.Strength
	}{{"strong", indicators.Strong}, {"medium", indicators.Medium}, {"any", indicators.Weak}} {
		adult, child := sum(counted(f, d, shown, false, count.least)), sum(counted(f, d, shown, true, count.least))
		calculation := child
		if isAdult := b.is("gate.age", string(screening.Adult)); isAdult != "" && adult != child {
			calculation = fmt.Sprintf("if(%s, %s, %s)", isAdult, adult, child)
		}
		b.add(Row{Kind: Calculate, Name: name + "_" + count.name, Calculation: calculation})
	}
	var rules []string
	for _, rule := range d.PositiveWhen {
		var terms []string
		for _, term := range []struct {
			name string
			n    int
		}{{"strong", rule.Strong}, {"medium", rule.Medium}, {"any", rule.Any}} {
			if term.n > 0 {
				terms = append(terms, fmt.Sprintf("${%s_%s} >= %d", name, term.name, term.n))
			}
		}
		rules = append(rules, "("+strings.Join(terms, " and ")+")")
	}
	b.add(Row{Kind: Calculate, Name: name, Calculation: "if(" + strings.Join(rules, " or ") + ", 'positive', 'not_positive')"})
}

func sum(names []string) string {
	if len(names) == 0 {
		return "0"
	}
	return strings.Join(names, " + ")
}

// yes lists the tests of the items in the form that are evidence of an indicator.
func (b *builder) yes(ref string) []string {
	var tests []string
	for _, item := range b.setup.Data.Items {
		if b.ids[item.ID] && slices.Contains(item.Evidences, ref) {
			tests = append(tests, b.is(item.ID, screening.Yes.String()))
		}
	}
	return tests
}
