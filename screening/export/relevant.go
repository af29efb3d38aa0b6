package export

import (
	"fmt"
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// is tests a reply at a prompt that the form may not have; then it holds.
func (b *builder) is(prompt, value string) string {
	if !b.ids[prompt] {
		return ""
	}
	return fmt.Sprintf("${%s}='%s'", plain(prompt), value)
}

// and joins conditions, of which some may be empty.
func and(conditions ...string) string {
	conditions = slices.DeleteFunc(conditions, func(one string) bool { return one == "" })
	return strings.Join(conditions, " and ")
}

// adult is when a step is for this person.
func (b *builder) adult(step string) string {
	for _, one := range b.setup.Plan.Steps {
		if one.ID == step && one.Adults {
			return b.is("gate.age", string(screening.Adult))
		}
	}
	return ""
}

// agreed is when the person agreed to a layer of consent; at a counter one word can be for two of them.
func (b *builder) agreed(layer string) string {
	agreed := b.is("consent."+layer, "yes")
	if both := b.is("consent.both", "yes"); both != "" && agreed != "" {
		return "(" + both + " or " + agreed + ")"
	}
	return agreed
}

// relevant is when a prompt comes.
func (b *builder) relevant(prompt screening.Prompt) string {
	prefix, rest, _ := strings.Cut(prompt.ID, ".")
	talk := b.agreed("talk")
	switch {
	case prompt.Item != nil:
		return b.item(prompt)
	case prefix == "gate":
		if check, reply, ok := screening.GateDetail(prompt.ID); ok {
			return b.is(check, reply)
		}
	case prefix == "rights":
		return b.saysRights(rest, prompt.Step)
	case prefix == "consent":
		return b.consent(rest)
	case prefix == "open":
		return talk
	case prompt.ID == "closing.name":
		return and(talk, b.agreed("record"), b.is("consent.identity", "yes"))
	case prompt.ID == "closing.contact":
		return and(talk, b.agreed("record"), b.is("consent.recontact", "yes"))
	case prompt.ID == "closing.more":
		return talk
	case prompt.ID == "closing.child_protection", prompt.ID == "closing.best_interests":
		return b.child()
	}
	return ""
}

// child is when the person is, or may be, under age.
func (b *builder) child() string {
	if adult := b.is("gate.age", string(screening.Adult)); adult != "" {
		return "not(" + adult + ")"
	}
	return ""
}

func (b *builder) consent(layer string) string {
	talk := b.agreed("talk")
	switch layer {
	case "opening":
		return b.is("gate.age", string(screening.Adult))
	case "assent":
		return b.child()
	case "both":
		return ""
	case "talk", "record":
		conditions := []string{}
		if both := b.is("consent.both", "yes"); both != "" {
			conditions = append(conditions, "not("+both+")")
		}
		if layer == "record" {
			conditions = append(conditions, talk)
		}
		return and(conditions...)
	case "share.body":
		return and(talk, b.agreed("record"), b.is("consent.share", "yes"))
	}
	return and(talk, b.agreed("record"))
}

// item is when an item, or the choice before a sensitive one, comes.
func (b *builder) item(prompt screening.Prompt) string {
	item := prompt.Item
	conditions := []string{b.put(item, prompt.Step)}
	if item.Sensitive() && item.Askable() && prompt.ID == item.ID {
		conditions = append(conditions, b.is("sensitive."+item.ID, "ask"))
	}
	if admits(item) {
		for _, warned := range b.warned {
			conditions = append(conditions, "not("+b.is(warned, "lawyer")+")")
		}
	}
	return and(conditions...)
}

// put is when an item is put at all, whoever may have been warned before.
func (b *builder) put(item *indicators.Item, step string) string {
	conditions := []string{b.agreed("talk"), b.adult(step), b.path(item)}
	if item.MinAge > 0 {
		conditions = append(conditions, b.is("gate.age", string(screening.Adult)))
	}
	if item.Sensitive() && item.Askable() {
		conditions = append(conditions, b.is("gate.privacy", "yes"))
	}
	return and(conditions...)
}

// saysRights: before the first item that they are about, and only once.
func (b *builder) saysRights(id, step string) string {
	var conditions []string
	for _, warned := range b.warned {
		conditions = append(conditions, fmt.Sprintf("${%s}=''", plain(warned)))
	}
	b.warned = append(b.warned, "rights."+id)
	item, _ := b.setup.Data.Item(id)
	return and(append([]string{b.put(item, step)}, conditions...)...)
}

// path is when an item is on the path of the plan, without regard to how sensitive it is.
func (b *builder) path(item *indicators.Item) string {
	var terms []string
	for _, term := range item.AskIf.Terms() {
		other, known := b.setup.Data.Item(term.Item)
		var values []string
		for _, value := range term.Is {
			switch {
			case value != screening.NotAsked.String():
				values = append(values, fmt.Sprintf("${%s}='%s'", plain(term.Item), value))
			case known && b.path(other) != "": // left out while it was on the path
				values = append(values, fmt.Sprintf("(${%s}='' and %s)", plain(term.Item), b.path(other)))
			default:
				values = append(values, fmt.Sprintf("${%s}=''", plain(term.Item)))
			}
		}
		terms = append(terms, "("+strings.Join(values, " or ")+")")
	}
	if len(terms) == 0 {
		return ""
	}
	if len(item.AskIf.All) > 0 {
		return strings.Join(terms, " and ")
	}
	return "(" + strings.Join(terms, " or ") + ")"
}
