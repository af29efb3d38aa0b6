package locales_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"tipscreen/locales"
)

// rule is something that must not be said. The patterns see one line of a text.
type rule struct {
	name    string
	pattern *regexp.Regexp
	// only limits the rule to ids of this form; nil: every id.
	only *regexp.Regexp
	// bad are lines that the rule has to catch.
	bad []string
}

func ban(name, pattern string, bad ...string) rule {
	return rule{name: name, pattern: regexp.MustCompile(`(?i)` + pattern), bad: bad}
}

// story limits a rule to what is asked about the person's story; consent and closing have other things to say.
func (r rule) story() rule {
	r.only = regexp.MustCompile(`^(item|open|step)\.|^open$`)
	return r
}

// harm are the verbs that would put an experience into the person's mouth.
const harm = `(taken|hurt|beaten|hit|held|locked|forced|threatened|sold|abused|raped|cheated|deceived|scammed|punished|exploited)`

// personRules hold for everything that the person hears or reads (PR11, PR22, PR24 of the protocol).
var personRules = []rule{
	ban("asks why", `\b(why|how come)\b.*\b(did|didn|do|don|were|weren|was|have|haven|not)`, "Why did you not run away?", "Why didn't you call the police?", "How come you did not tell anybody?"),
	ban("question tag", `\b(is|are|was|were|do|did|does|have|has|wo|can|could|would)(n't|n’t) (it|you|he|she|they|that|there)\?|\b(is|was|did|were|do) (it|you|they) not\?|, *(right|correct|yes|no|ok|okay)\?`,
		"You were locked in, weren't you?", "They paid you, right?", "It was your choice, was it not?", "You signed it, no?"),
	ban("label", `traffick|\bvictim|\bslave|prostitut|\billegal|\bcriminal|\b(lie|lies|lied|lying|liar)\b|suspicious|\bclaim|smuggl`,
		"Were you trafficked?", "Is this trafficking?", "Are you a victim?", "Were you kept as a slave?", "Was there slavery?", "Did you work as a prostitute?", "Did you enter illegally?",
		"Was it criminal?", "Did they tell you a lie?", "Have you lied?", "Was it suspicious?", "You claim this.", "Did a smuggler take you?"),
	ban("two questions", `\?.*\?`, "Where were you? Who was there?"),
	ban("two questions in one", `\b(and|or),? (did|do|does|was|were|is|are|have|has|had|could|can|would|who|when|where|how)\b|\bbut (not|did|was|were)\b|and/or`,
		"Were you paid and were you free?", "Did they shout or did they hit you?", "Were you hurt and/or threatened?", "Did you know the work, but not the place?"),
	ban("promise", `\b(we|they|you|police|somebody|nobody) (will|'ll|’ll)\b|\bI (promise|guarantee)|guarantee|\byou (are|'re) safe\b|\b(everything|all) will be\b`,
		"We will help you.", "You will get a house.", "This is a guarantee.", "You are safe now.", "I promise to help.", "Nobody will find you.", "Everything will be fine."),
	ban("what the speaker will do", `\bI('ll|’ll| will)\b`, "I will protect you.", "I'll find your family."),
	ban("doubt", `\b(really|actually|honestly|truth|truly|admit|confess|excuse)\b`, "Did that really happen?", "Do you admit it?", "Please tell the truth."),
	ban("takes harm for granted", `\b(how|when|where|why|how often|how many times|who)\b[^?]*\byou were `+harm+`|\b(how|when|where|who|how often) (were|was|have|had)? ?(you)? ?(been )?`+harm+`\b`,
		"Please tell me how you were beaten.", "Who hurt you?", "When were you sold?", "Where were you held?", "Tell me about the day when you were forced."),
	ban("takes a guilty person for granted", `\byour (trafficker|abuser|attacker|owner|captor|exploiter)|\b(those|people|person|man|men|one) who (hurt|beat|sold|held|forced|exploited) you`, "Who is your abuser?", "Tell me about the man who sold you."),
	ban("takes consent for granted", `\b(did you|you had|why you|when you|that you) (freely |willingly )?(agree|agreed|consent|consented|choose|chose|volunteer|volunteered) to\b`, "Did you agree to work there?", "When you consented to go, who was there?").story(),
	ban("takes an earlier time for granted", `\b(do|did|is|are|was|were|have|has)\b[^.?]*\b(still|again|any ?more)\b|\banother (place|time|person) that\b`, "Do you still work there?", "Were you hurt again?", "Were you at another place that you could not leave?").story(),
}

// thaiRules: the labels in Thai. Words are divided by U+200B there, which is taken out before.
var thaiRules = []rule{
	ban("label", `ค้ามนุษย์|เหยื่อ|ทาส|ผิดกฎหมาย|โสเภณี`, "คุณถูกค้ามนุษย์ไหม", "คุณเป็นเหยื่อ\u200bไหม", "ค้า\u200bมนุษย์", "ทาส", "ผิด\u200bกฎหมาย", "โสเภณี"),
}

// officialRules: no verdict, no probability, no word about somebody's credibility (DESIGN §1, PR22, PR44).
var officialRules = []rule{
	ban("verdict", `\bis (not |no |likely |probably )?(a )?victim|\bnot a victim|likely a victim`, "The person is a victim.", "She is not a victim.", "This is likely a victim.", "He is no victim."),
	ban("probability", `probabilit|\bper ?cent\b|\d ?%`, "The probability is high.", "80 % sure"),
	ban("credibility", `inconsisten|suspicious|\b(lie|lies|lied|lying|liar)\b|\bclaims? (that|to)\b`, "The story is inconsistent.", "A suspicious answer.", "He lied.", "They lie.", "She is lying.", "She claims that she was sold."),
}

// exceptions are lines that break a rule on purpose, each with the reason.
var exceptions = map[string]string{
	// The official says only that he will introduce himself; it binds nobody but him, and it comes at once.
	"en person consent.opening.ask: what the speaker will do": "My name and my work: I will tell you who I am.",
	// Leads over to what the official tells in his own words; "as far as I know it" keeps it from being a promise.
	"en person closing.next.ask: what the speaker will do": "I will now tell you what happens next, as far as I know it.",
}

// maxWords is what somebody tired and afraid can hold, spoken through an interpreter.
const maxWords = 20

var spoken = regexp.MustCompile(`(^|\.)(open|ask|preview)$`)

// words reads all texts of one side of one language: by id, every form as a text of its own.
func words(t *testing.T, tag, side string) map[string][]string {
	t.Helper()
	content, err := fs.ReadFile(locales.Embedded(), tag+"/"+side+".json")
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]json.RawMessage
	if err := json.Unmarshal(content, &messages); err != nil {
		t.Fatal(err)
	}
	texts := map[string][]string{}
	for id, raw := range messages {
		var text string
		var forms map[string]string
		if json.Unmarshal(raw, &text) == nil {
			texts[id] = []string{text}
		} else if err := json.Unmarshal(raw, &forms); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		for form, text := range forms {
			if form != "description" {
				texts[id] = append(texts[id], text)
			}
		}
	}
	return texts
}

// lint gives what the rules say against a text, line by line, with the line.
func lint(id, text string, rules []rule) (found [][2]string) {
	for line := range strings.Lines(strings.ReplaceAll(text, "\u200b", "")) {
		line = strings.TrimSpace(line)
		for _, r := range rules {
			if (r.only == nil || r.only.MatchString(id)) && r.pattern.MatchString(line) {
				found = append(found, [2]string{r.name, line})
			}
		}
	}
	return found
}

func check(t *testing.T, tag, side string, rules []rule, used map[string]bool) {
	t.Helper()
	for id, texts := range words(t, tag, side) {
		for _, text := range texts {
			for _, one := range lint(id, text, rules) {
				key := fmt.Sprintf("%s %s %s: %s", tag, side, id, one[0])
				if exceptions[key] == one[1] {
					used[key] = true
					continue
				}
				t.Errorf("%s: %q", key, one[1])
			}
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, tag := range locales.Open(locales.Embedded()).Languages() {
		check(t, tag, "person", personRules, used)
		if _, err := fs.Stat(locales.Embedded(), tag+"/official.json"); err == nil { // some have words for the person alone
			check(t, tag, "official", officialRules, used)
		}
		if tag == "th" {
			check(t, tag, "person", thaiRules, used)
		}
	}
	for key := range exceptions {
		if !used[key] {
			t.Errorf("nothing needs the exception %q any more", key)
		}
	}
}

// TestShort counts words in English only: other languages divide them otherwise, or not at all.
func TestShort(t *testing.T) {
	t.Parallel()
	for id, texts := range words(t, "en", "person") {
		if !spoken.MatchString(id) {
			continue
		}
		for _, text := range texts {
			if n, line := longest(text); n > maxWords {
				t.Errorf("%s has %d words in a line, want at most %d: %q", id, n, maxWords, line)
			}
		}
	}
}

func longest(text string) (most int, found string) {
	for line := range strings.Lines(text) {
		if n := len(strings.Fields(line)); n > most {
			most, found = n, strings.TrimSpace(line)
		}
	}
	return most, found
}

// TestRulesCatch proves that each rule catches what it is there for, and spares what sounds near.
func TestRulesCatch(t *testing.T) {
	t.Parallel()
	for _, r := range append(append(append([]rule{}, personRules...), thaiRules...), officialRules...) {
		if len(r.bad) == 0 {
			t.Errorf("nothing shows what %q catches", r.name)
		}
		for _, bad := range r.bad {
			if len(lint("item.x.ask", bad, []rule{r})) == 0 {
				t.Errorf("%q does not catch %q", r.name, bad)
			}
		}
	}
	for _, good := range []string{
		"Was there a time when you could not leave that place freely?", "Did you believe what the offer said?", "Please tell me how you were treated on the way.",
		"Was the pay different from what was promised?", "Did somebody keep your passport or papers?", "Please tell me what people wanted.", "At that place, did anybody hurt you?",
	} {
		if found := lint("item.x.ask", good, personRules); len(found) != 0 {
			t.Errorf("%q is caught by %v", good, found)
		}
	}
	if found := lint("result.text", "There are reasonable grounds. Words that others demanded do not make the person less credible now.", officialRules); len(found) != 0 {
		t.Errorf("caught by %v", found)
	}
	if n, _ := longest("one two three\n" + strings.Repeat("word ", 21)); n != 21 {
		t.Errorf("counted %d words", n)
	}
	for id, is := range map[string]bool{"open.ask": true, "item.a.open": true, "item.a.preview": true, "item.a.option.open": true, "item.a.option.other": false, "page.break.say": false} {
		if spoken.MatchString(id) != is {
			t.Errorf("%s is spoken: %v", id, !is)
		}
	}
}
