package indicators_test

import (
	"strings"
	"testing"
)

const needs = "items/needs.yaml"

// What is wrong with the writing of a file, whatever it says.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	phase := "id: in_danger_now\n    phase: needs"
	withPhase := func(value string) []edit { return []edit{{needs, phase, "id: in_danger_now\n    phase: " + value}} }
	for _, b := range []broken{
		{"typo in a key", []edit{{"plans/checkpoint.yaml", "setting: counter", "settng: counter"}}, []want{{"plans/checkpoint.yaml", "settng", "field settng not found"}}},
		{"unknown key in a list", []edit{{needs, "compartment: protection", "compartmant: protection"}}, []want{{needs, "compartmant", "field compartmant not found"}}},
		{"duplicate key", []edit{{needs, phase, phase + "\n    phase:  needs"}}, []want{{needs, "phase:  needs", `the field "phase" appears twice`}}},
		{"duplicate key in one line", []edit{{"flags.yaml", "{reason: claim,", "{reason: claim, reason: child,"}}, []want{{"flags.yaml", "reason: claim", `the field "reason" appears twice`}}},
		{"second document", []edit{{"plans/checkpoint.yaml", "kind: closing}", "kind: closing}\n---\nid: another"}}, []want{{"plans/checkpoint.yaml", "---", "a second document follows"}}},
		{"second document, empty", []edit{{"plans/checkpoint.yaml", "kind: closing}", "kind: closing}\n---"}}, []want{{"plans/checkpoint.yaml", "---", "a second document follows"}}},
		{"empty value", []edit{{needs, phase, "id: in_danger_now\n    phase: # forgotten"}}, []want{{needs, "forgotten", "an empty value"}}},
		{"empty text", withPhase(`""`), []want{{needs, `""`, "an empty value"}}},
		{"null", withPhase("null"), []want{{needs, "null", "an empty value"}}},
		{"tilde", withPhase("~"), []want{{needs, "~", "an empty value"}}},
		{"anchor", withPhase("&word needs"), []want{{needs, "&word", "anchors and aliases"}}},
		{"alias", []edit{{needs, phase, "id: in_danger_now\n    phase: &word needs"}, {needs, "    phase: needs", "    phase: *word"}}, []want{{needs, "&word", "anchors and aliases"}, {needs, "*word", "anchors and aliases"}}},
		{"empty list", []edit{{needs, "who: [ask, observe]", "who: []"}}, []want{{needs, "who: []", "an empty list"}}},
		{"empty mapping", []edit{{needs, phase, phase + "\n    ask_if: {}"}}, []want{{needs, "ask_if", "an empty list or mapping"}}},
		{"control character", withPhase("nee\x07ds"), []want{{needs, "nee\x07ds", "U+0007"}}},
		{"bidi override", withPhase("nee\u202eds"), []want{{needs, "nee\u202eds", "U+202E"}}},
		{"isolate in a comment", []edit{{needs, phase, phase + " # \u2066"}}, []want{{needs, "\u2066", "U+2066"}}},
		{"byte order mark", []edit{{needs, "# What", "\ufeff# What"}}, []want{{needs, "", "U+FEFF"}}},
		{"not UTF-8", withPhase("nee\xffds"), []want{{needs, "nee\xffds", "0xff is not UTF-8"}}},
		{"empty file", []edit{{needs, "", "# nothing\n"}}, []want{{needs, "", "the file is empty"}}},
		{"oversized", []edit{{needs, "", "# " + strings.Repeat("x", 1<<20)}}, []want{{needs, "", "more than 1048576"}}},
		{"not YAML", withPhase("[needs"), []want{{needs, "id: in_danger_now", "did not find expected"}}},
		{"list for a text", withPhase("[needs]"), []want{{needs, "[needs]", "cannot unmarshal"}}},
		{"two at once in one file", []edit{{needs, phase, "id: in_danger_now\n    phase: null"}, {needs, "sensitivity: 0", "sensitivity: ~"}}, []want{{needs, "null", "an empty value"}, {needs, "~", "an empty value"}}},
		{"two at once in two files", []edit{{needs, phase, "id: in_danger_now\n    phase: null"}, {"flags.yaml", "marked: true", "marked: null"}}, []want{{"flags.yaml", "null", "an empty value"}, {needs, "null", "an empty value"}}},
	} {
		t.Run(b.name, b.run)
	}
}

// An escape in quotes writes what the raw bytes may not hold; it would reach the official's screen.
func TestEscapedCharacters(t *testing.T) {
	t.Parallel()
	title := "title: ILO indicators of forced labour"
	for _, b := range []broken{
		{"escaped bidi override", []edit{{"frameworks/ilo-2012.yaml", title, `title: "a\u202eb"`}}, []want{{"frameworks/ilo-2012.yaml", `a\u202eb`, "U+202E"}}},
		{"escaped escape", []edit{{"frameworks/ilo-2012.yaml", title, `title: "a\e[2Jb"`}}, []want{{"frameworks/ilo-2012.yaml", `a\e`, "U+001B"}}},
		{"binary", []edit{{"frameworks/ilo-2012.yaml", title, `title: !!binary "G1sySg=="`}}, []want{{"frameworks/ilo-2012.yaml", "!!binary", ""}}},
	} {
		t.Run(b.name, b.run)
	}
}

const yesNo = "kind: yes_no\nwho: [ask]\nsensitivity: 0\n"

// What is wrong with one item of the bank.
func TestBrokenItems(t *testing.T) {
	t.Parallel()
	const extra = "items/extra.yaml"
	made := func(fields string) []edit { return []edit{addItem("extra.yaml", fields)} }
	for _, b := range []broken{
		{"dangling evidence", made(yesNo + "evidences: [ilo-2009/CD99]"), []want{{extra, "CD99", `unknown indicator "ilo-2009/CD99"`}}},
		{"evidence without framework", made(yesNo + "evidences: [CD1]"), []want{{extra, "CD1", `unknown indicator "CD1"`}}},
		{"dangling follow-up", made(yesNo + "follow_ups: [nobody]"), []want{{extra, "nobody", `unknown item "nobody"`}}},
		{"independent follow-up", made(yesNo + "follow_ups: [pregnant]"), []want{{extra, "pregnant", "does not depend on it"}}},
		{"dangling condition", made(yesNo + "ask_if: {any: [{item: nobody, is: [yes]}]}"), []want{{extra, "nobody", `asks for the unknown item "nobody"`}}},
		{"condition without yes", made(yesNo + "ask_if: {any: [{item: pregnant, is: [unclear]}]}"), []want{{extra, "pregnant", "is not asked after a yes"}}},
		{"condition with no", made(yesNo + "ask_if: {any: [{item: pregnant, is: [yes, no]}]}"), []want{{extra, "pregnant", "is asked after a no"}}},
		{"condition on a text", made(yesNo + "ask_if: {any: [{item: small_comfort, is: [yes]}]}"), []want{{extra, "small_comfort", "which has no yes"}}},
		{"unknown answer in a condition", made(yesNo + "ask_if: {any: [{item: pregnant, is: [yes, maybe]}]}"), []want{{extra, "maybe", `the answer "maybe"`}}},
		{"both ways of a condition", made(yesNo + "ask_if:\n  all: [{item: pregnant, is: [yes]}]\n  any: [{item: pregnant, is: [yes]}]"), []want{{extra, "ask_if", "has both, or neither"}}},
		{"waits for itself", made(yesNo + "ask_if: {any: [{item: made_up, is: [yes]}]}"), []want{{extra, "ask_if", "made_up → made_up"}}},
		{"cycle", []edit{{file: extra, new: "items:\n" + chained("one", "two") + chained("two", "three") + chained("three", "one")}}, []want{{extra, "ask_if: {any: [{item: two", "one → two → three → one"}}},
		{"twice for one element", made(yesNo + "evidences: [unodc-fc/C04, unodc-fc/C05]"), []want{{extra, "C05", `count twice for the same element of "unodc-fc"`}}},
		{"the same evidence twice", made(yesNo + "evidences: [ilo-2012/7, ilo-2012/7]"), []want{{extra, "ilo-2012/7", `"ilo-2012/7"`}}},
		{"unknown kind", made("kind: maybe\nwho: [ask]\nsensitivity: 0"), []want{{extra, "maybe", `the kind "maybe"`}}},
		{"unknown way", made("kind: yes_no\nwho: [guess]\nsensitivity: 0"), []want{{extra, "guess", `the way of knowing "guess"`}}},
		{"no way", made("kind: yes_no\nsensitivity: 0"), []want{{extra, "made_up", "does not say how it may be known"}}},
		{"sealed and asked", made("kind: yes_no\nwho: [ask, disclosure_only]\nsensitivity: 0"), []want{{extra, "disclosure_only", "cannot be disclosure_only and something else"}}},
		{"differs in who may know", made(yesNo + "evidences: [unodc-fc/C16]"), []want{{extra, "C16", "differ in who may know it"}}},
		{"sealed outside its compartment", made("kind: yes_no\nwho: [sealed]\nsensitivity: 0"), []want{{extra, "made_up", `in the compartment "protection"`}}},
		{"no sensitivity", made("kind: yes_no\nwho: [ask]"), []want{{extra, "made_up", "has no sensitivity"}}},
		{"sensitivity too high", made("kind: yes_no\nwho: [ask]\nsensitivity: 4"), []want{{extra, "made_up", "has no sensitivity"}}},
		{"sensitive at a counter", []edit{{needs, "sensitivity: 1\n    setting: private", "sensitivity: 1\n    setting: counter"}}, []want{{needs, "in_danger_now", "may be asked at a counter"}}},
		{"choice without options", made("kind: choice\nwho: [ask]\nsensitivity: 0"), []want{{extra, "made_up", "has 0 options"}}},
		{"evidence without yes", made("kind: text\nwho: [ask]\nsensitivity: 0\nevidences: [ilo-2012/7]"), []want{{extra, "made_up", "is evidence but has no yes"}}},
		{"id twice", []edit{{file: extra, new: "items:\n" + chained("pregnant", "wants_doctor")}}, []want{{needs, "id: pregnant", `"pregnant" is already defined`}}},
		{"id of an indicator", []edit{{file: extra, new: "items:\n" + chained("ilo-2009/CD1", "wants_doctor")}}, []want{{extra, "id: ilo-2009/CD1", "ilo-2009/CD1"}}},
		{"id of a prompt", []edit{{file: extra, new: "items:\n" + chained("consent.talk", "wants_doctor")}}, []want{{extra, "id: consent.talk", "consent.talk"}}},
	} {
		t.Run(b.name, b.run)
	}
}

// chained writes an item that waits for another.
func chained(id, other string) string {
	return "  - id: " + id + "\n    phase: control\n    kind: yes_no\n    compartment: protection\n    who: [ask]\n    sensitivity: 0\n" +
		"    setting: private\n    ask_if: {any: [{item: " + other + ", is: [yes]}]}\n"
}
