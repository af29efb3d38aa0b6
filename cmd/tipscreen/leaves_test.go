package main

import (
	"strings"
	"testing"
)

// leaving runs a command that writes what can be read, and gives both of its outputs.
func (l laptop) leaving(t *testing.T, want int, args ...string) (out, said string) {
	t.Helper()
	command := l.command(append(args, "--readable")...)
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	_ = command.Run()
	if code := command.ProcessState.ExitCode(); code != want {
		t.Fatalf("%v: exit code %d, want %d\n%s", args, code, want, stderr.String())
	}
	return stdout.String(), stderr.String()
}

// agreeing is somebody who agrees to everything, with a name, a contact and a story that a spreadsheet would take for a formula.
func agreeing() script {
	s := compound()
	s["open.story"] = []string{"=STORYCANARY"}
	s["closing.name"], s["closing.contact"] = []string{"NAMECANARY"}, []string{"+PHONECANARY"}
	for _, layer := range []string{"talk", "record", "identity", "share", "investigation", "statistics", "recontact"} {
		s["consent."+layer] = []string{"1"}
	}
	return s
}

// TestWhatLeaves takes one interview through every paper and every export: each holds what it should, and nothing else.
func TestWhatLeaves(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	_, id := finishedRecord(t, l, agreeing(), "screen", "--person", "th")
	for _, test := range []struct {
		args  []string
		holds string
		lacks string
		says  string
	}{
		{[]string{"export", "json", id}, "tipscreen/record/1 STORYCANARY papers_kept", "NAMECANARY PHONECANARY", "Passing it to those who protect"},
		{[]string{"export", "json", id, "--name"}, "NAMECANARY PHONECANARY STORYCANARY", "", "Keeping a name"},
		{[]string{"export", "json", id, "--for", "investigation"}, "papers_kept", "STORYCANARY NAMECANARY wants_doctor", "Use in an investigation"},
		{[]string{"export", "csv", id}, `"told","'=STORYCANARY"`, "NAMECANARY", "Passing it to those who protect"},
		{[]string{"export", "csv", id, "--for", "immigration"}, `"penalties_wait","TRUE"`, "STORYCANARY NAMECANARY papers_kept", "Keeping a record"},
		{[]string{"export", "htcds", id}, `"PossibleVictimOfTrafficking" ForcedCriminality`, "STORYCANARY NAMECANARY Vulnerabilities", "no code for vic_TypeOfExploitation ForcedCriminality"},
		{[]string{"export", "htcds", id, "--format", "json"}, `"vic_MethodsOfControl": RestrictsMovement`, "STORYCANARY", ""},
		{[]string{"report", id, "--kind", "referral"}, "STORYCANARY", "NAMECANARY PHONECANARY", ""},
		{[]string{"report", id, "--kind", "referral", "--name", "--language", "th,en"}, "STORYCANARY NAMECANARY PHONECANARY", "", ""},
		{[]string{"report", id, "--kind", "letter", "--name"}, "NAMECANARY", "STORYCANARY PHONECANARY", ""},
		{[]string{"report", id, "--kind", "help", "--safe-to-carry"}, `lang="th"`, "STORYCANARY NAMECANARY", ""},
	} {
		out, said := l.leaving(t, exitDone, test.args...)
		for want := range strings.FieldsSeq(test.holds) {
			if !strings.Contains(out, want) {
				t.Errorf("%v lacks %s", test.args, want)
			}
		}
		for never := range strings.FieldsSeq(test.lacks) {
			if strings.Contains(out, never) {
				t.Errorf("%v holds %s", test.args, never)
			}
		}
		if !strings.Contains(said, test.says) {
			t.Errorf("%v says %q, want %q", test.args, said, test.says)
		}
	}
	// Who did not agree to be counted among those who gave a name, or to an investigation, is not in such an export.
	s := agreeing()
	s["consent.identity"], s["consent.investigation"] = []string{"2"}, []string{"3"}
	_, other := finishedRecord(t, l, s, "screen", "--person", "en")
	l.leaving(t, exitFailed, "export", "json", other, "--name")
	l.leaving(t, exitFailed, "export", "json", other, "--for", "investigation")
	l.leaving(t, exitFailed, "report", other, "--kind", "referral", "--name")
}
