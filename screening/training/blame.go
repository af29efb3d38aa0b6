package training

import (
	"regexp"
	"strings"
)

// blaming are words that a scenario does not use outside the mouths of the people who are played: verdicts, and words that
// put the blame on the person. What somebody says in a scene is left alone.
var blaming = []struct {
	pattern *regexp.Regexp
	mend    string
}{
	{regexp.MustCompile(`(?i)\b(liar|lied|is lying|are lying|was lying|(tells?|telling|told) (a )?lies?|lies (to|about))\b`), "say what was told and what is not known"},
	{regexp.MustCompile(`(?i)\b(is|are|was|were) (not |no )?(a )?(real |true |genuine )?victims?\b`), "say what to do next; nobody here decides who is a victim"},
	{regexp.MustCompile(`(?i)\billegals?\b`), "say which paper is missing"},
	{regexp.MustCompile(`(?i)\b(prostitute|junkie|addict|slave)s?\b`), "say what the person does or did"},
	{regexp.MustCompile(`(?i)\b(naive|stupid|foolish|gullible|greedy|careless person)\b`), "say what was promised and by whom"},
	{regexp.MustCompile(`(?i)\b(should|could|ought to) have (known|run|left|fled|said no|asked)\b`), "say what the person could see at that time"},
	{regexp.MustCompile(`(?i)\b(own|their|his|her) (own )?fault\b`), "leave it out"},
	{regexp.MustCompile(`(?i)\b(uncooperative|manipulative|attention.seeking|suspicious story|inconsistent)\b`), "say what was seen"},
	{regexp.MustCompile(`(?i)\b(obviously|clearly) (a )?(criminal|fraudster|trafficker)\b`), "leave it out"},
}

// blame looks through everything that the trainee reads as the word of the scenario.
func (c *checker) blame() {
	s := c.s
	texts := []string{s.Title, s.Briefing, s.Person.Card}
	for _, looks := range s.Gate {
		for _, look := range looks {
			texts = append(texts, look.Scene)
		}
	}
	for _, e := range s.Events {
		texts = append(texts, e.Scene, e.After, e.Why)
	}
	for _, t := range s.Teaching {
		texts = append(texts, t.Point)
	}
	for _, text := range texts {
		for _, word := range blaming {
			// What is quoted is somebody's voice in the scene.
			if found := word.pattern.FindString(quoted.ReplaceAllString(text, "")); found != "" {
				c.report(strings.TrimSpace(text), word.mend, "the words %q judge the person", found)
			}
		}
	}
}

var quoted = regexp.MustCompile(`"[^"]*"|“[^”]*”`)
