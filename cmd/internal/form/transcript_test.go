package form

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/muesli/termenv"
	"golang.org/x/text/language"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/width"
	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// TestTranscripts holds the screens of the scenarios in testdata, key by key, against the transcripts that people have
// read: each plan and each turn that an interview can take, in English and in Thai. -update writes them anew.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	scenarios, err := filepath.Glob("../../../testdata/scenarios/*.txt")
	if err != nil || len(scenarios) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, scenario := range scenarios {
		for _, official := range []string{"en", "th"} {
			name := strings.TrimSuffix(filepath.Base(scenario), ".txt") + "-" + official + "-th.form.txt"
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got := play(t, scenario, official)
				golden := filepath.Join("..", "..", "..", "testdata", "transcripts", name)
				if flag.Lookup("update").Value.String() == "true" { // teatest has defined it
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("the screens differ from %s; run with -update and read the difference", golden)
				}
			})
		}
	}
}

// latin are words of the Latin script that belong on the screen in every language: keys, names, ids of indicators, what was
// typed in the test.
var latin = regexp.MustCompile(`[A-Za-z]{4,}`)

var allowed = map[string]bool{
	"Enter": true, "Ctrl": true, "PgUp": true, "PgDn": true, "unodc": true, "UNODC": true, "REFERENCE": true, "words": true, "Duty": true, "officer": true,
	"friend": true, "offered": true, "office": true, "work": true, "tipscreen": true, "WhatsApp": true, "Telegram": true, "Facebook": true,
}

// TestEveryLanguage leads through the full interview in every language, as the person's and, where there are words for it,
// as the official's, in two windows: no line is too wide, no sign is taken apart, and where the script is not Latin no
// English is left over.
func TestEveryLanguage(t *testing.T) {
	t.Parallel()
	catalog, named := locales.Open(locales.Embedded()), sources(t)
	for _, tag := range catalog.Languages() {
		official := "en"
		if _, err := catalog.Speaker(tag, locales.Official); err == nil {
			official = tag
		}
		script, _ := language.Make(tag).Script()
		for _, size := range [][2]int{{80, 24}, {60, 20}} {
			t.Run(fmt.Sprintf("%s-%d", tag, size[0]), func(t *testing.T) {
				t.Parallel()
				playIn(t, "../../../testdata/scenarios/full.txt", official, tag, size[0], size[1], func(k *keyboard, what string) {
					for _, line := range k.lines() {
						if width.Of(line) > size[0] {
							t.Errorf("%s: a line has %d cells: %q", what, width.Of(line), line)
						}
						if r, _ := utf8.DecodeRuneInString(strings.TrimSpace(line)); unicode.Is(unicode.Mn, r) || r == utf8.RuneError && line != "" && strings.TrimSpace(line) != "" {
							t.Errorf("%s: a line begins with half a sign: %q", what, line)
						}
						if official == "en" || script.String() == "Latn" {
							continue
						}
						for _, word := range latin.FindAllString(line, -1) {
							if !allowed[word] && !named[word] {
								t.Errorf("%s: English is left over: %q", what, line)
							}
						}
					}
				})
			})
		}
	}
}

// sources are the words in the titles of what was published, which are in every language as they were printed.
func sources(t *testing.T) map[string]bool {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, f := range data.Frameworks {
		for _, i := range f.Indicators {
			for _, word := range latin.FindAllString(i.Source, -1) {
				words[word] = true
			}
		}
	}
	return words
}

// keyboard is a Surface that answers a scenario by the keys of the form and writes down every screen.
type keyboard struct {
	*rig
	replies map[string][]string
	out     strings.Builder
	look    func(k *keyboard, what string)
}

// play leads through a scenario; at a counter only the first person.
func play(t *testing.T, scenario, official string) string {
	t.Helper()
	return playIn(t, scenario, official, "th", 80, 24, nil)
}

// playIn does it in two languages and in a window of any size; look is called for every screen.
func playIn(t *testing.T, scenario, official, person string, columns, rows int, look func(k *keyboard, what string)) string {
	t.Helper()
	words, err := wording.New(locales.Open(locales.Embedded()), official, person)
	if err != nil {
		t.Fatal(err)
	}
	k := &keyboard{rig: newRig(t, "en", columns, rows), replies: map[string][]string{}, look: look}
	o := Options{Words: words, Now: func() time.Time { return time.Unix(0, 0).UTC() }, AutoLock: time.Hour, Bidi: BidiForm}
	k.model = newModel(o, newLook(o, termenv.Ascii), k.rig)
	k.since, k.width, k.height = func() time.Duration { return k.now }, columns, rows
	content, err := os.ReadFile(scenario)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(content)) {
		if id, replies, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(line, "#") {
			k.replies[id] = strings.Split(replies, " | ")
		}
	}
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := data.Plan(k.replies["plan"][0])
	setup := screening.NewSetup(data, plan)
	setup.InterpreterRequired = true
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := session.Session{Surface: k, Recorder: forgetful{}, Interview: iv, Now: func() time.Time { return at }, Contacts: "Duty officer 1234"}
	if err := s.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return k.out.String()
}

// forgetful is a Recorder that keeps nothing.
type forgetful struct{}

func (forgetful) Keep(*screening.Interview) error             { return nil }
func (forgetful) Finish(*screening.Interview) (string, error) { return "REFERENCE", nil }
func (forgetful) Forget() error                               { return nil }
func (forgetful) Declined() error                             { return nil }

// seen writes down what is on the screen.
func (k *keyboard) seen(what string) {
	if k.look != nil {
		k.look(k, what)
		return
	}
	fmt.Fprintf(&k.out, "---- %s\n", what)
	blank := 0
	for _, line := range k.lines() {
		if line = strings.TrimRight(line, " "); line == "" {
			blank++
			continue
		}
		if blank > 0 {
			k.out.WriteString("\n")
		}
		blank = 0
		k.out.WriteString(line + "\n")
	}
}

// typing presses keys and writes them down.
func (k *keyboard) typing(keys ...string) {
	fmt.Fprintf(&k.out, "     %s\n", strings.Join(keys, " "))
	k.now += time.Second
	k.press(keys...)
}

func (k *keyboard) Ask(_ context.Context, v session.View) (screening.Reply, error) {
	p, err := k.words.Prompt(v)
	if err != nil {
		return screening.Reply{}, err
	}
	k.put(newPrompt(p))
	k.seen(v.Prompt.ID)
	k.answerKeys(v, k.next(v.Prompt))
	return k.got(), nil
}

// next is the reply of the scenario, or what somebody says to whom nothing happened.
func (k *keyboard) next(p screening.Prompt) string {
	if replies := k.replies[p.ID]; len(replies) > 0 {
		if len(replies) > 1 {
			k.replies[p.ID] = replies[1:]
		}
		return replies[0]
	}
	switch {
	case p.ID == "later.when":
		return "tomorrow at nine"
	case strings.HasPrefix(p.ID, "sensitive."):
		return "2"
	case p.Kind == screening.Several && slices.Contains(p.Options, "none") && !strings.HasPrefix(p.ID, "consent."):
		return "none"
	case p.Kind == screening.Write && p.MaySkip:
		return "skip"
	case p.Kind == screening.Write:
		return "words"
	case p.Kind == screening.Ask, p.Kind == screening.Observe:
		return "2"
	}
	return "1"
}

// answerKeys presses what gives the reply, as line mode would take it.
func (k *keyboard) answerKeys(v session.View, reply string) {
	word, rest, _ := strings.Cut(reply, " ")
	switch {
	case word == "stop":
		k.typing("f9")
		k.seen("stop")
		k.typing(fmt.Sprint(2 + max(0, slices.Index(screening.StopReasons(), rest))))
	case word == "told":
		k.typing("f3")
		for range 1 + slices.Index(v.Told, rest) {
			k.press("down")
		}
		k.seen("told")
		k.typing("enter")
	case keysOf[word] != "":
		k.typing(keysOf[word])
	case v.Prompt.Kind == screening.Write:
		k.press(strings.Split(reply, "")...)
		k.typing("ctrl+s")
	case v.Prompt.Kind == screening.Several:
		for _, one := range strings.Fields(reply) {
			k.choose(v.Prompt.Options, one)
		}
		k.seen(v.Prompt.ID + ", ticked")
		k.typing("enter")
	default:
		k.choose(v.Prompt.Options, reply)
	}
}

var keysOf = map[string]string{"skip": "ctrl+k", "distress": "f6", "claim": "f8", "danger": "f7", "break": "f5", "consent": "f12", "back": "esc"}

// choose presses the digit of an option, or goes to it where there is none.
func (k *keyboard) choose(options []string, reply string) {
	at := slices.Index(options, reply)
	if at < 0 {
		k.typing(reply)
		return
	}
	if at < 9 {
		k.typing(fmt.Sprint(at + 1))
		return
	}
	k.press("1", "1") // ticked and taken back: the mark stands on the first line
	for range at {
		k.press("down")
	}
	k.typing(" ")
}

func (k *keyboard) Show(_ context.Context, p session.Page) error {
	words, err := k.words.Page(p)
	if err != nil {
		return err
	}
	s := &pageScreen{kind: p.Kind, words: words}
	k.put(s)
	for range 20 {
		k.seen("page." + string(p.Kind))
		k.typing("enter")
		if len(k.reply) > 0 {
			break
		}
	}
	k.value()
	return nil
}

func (k *keyboard) Code(context.Context) ([]byte, error) { return []byte("2468"), nil }

func (k *keyboard) Hide(context.Context, *session.Lock) error { return nil }

func (k *keyboard) NotSaved(_ context.Context, err error) (bool, error) { return false, err }
