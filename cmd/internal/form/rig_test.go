package form

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// samples are words of which the languages of the tests are made, as long as the English.
var samples = map[string]string{
	"lo": "ກ່ອນ ຈະ ຈົບ ທ່ານ ຢາກ ດື່ມ ນ້ຳ ຫຼື ຊາ ບໍ ນັ່ງ ງຽບໆ ຈັກບຶດ",
	"km": "តើ អ្នក ត្រូវការ ទឹក អាហារ បង្គន់ សម្រាក ឬ គ្រូពេទ្យ ជាមុន ទេ",
	"ar": "هل تحتاج إلى ماء أو طعام أو مرحاض أو راحة 12 قبل ذلك؟",
}

// overlay is a language whose texts have the length of the English ones.
func overlay(t testing.TB, tag string) fs.FS {
	t.Helper()
	data, err := fs.ReadFile(locales.Embedded(), "en/person.json")
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]map[string]string
	if err := json.Unmarshal(data, &english); err != nil {
		t.Fatal(err)
	}
	between := "\u200b"
	if tag == "ar" {
		between = " "
	}
	words, texts := strings.Fields(samples[tag]), map[string]string{}
	for id, message := range english {
		var lines []string
		for _, line := range strings.Split(message["other"], "\n") {
			var said []string
			for i := range len(strings.Fields(line)) {
				said = append(said, words[i%len(words)])
			}
			lines = append(lines, strings.Join(said, between))
		}
		texts[id] = strings.Join(lines, "\n")
	}
	data, err = json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{tag + "/person.json": {Data: data}}
}

func newWords(t testing.TB, person string) *wording.Words {
	t.Helper()
	catalog := locales.Open(locales.Embedded())
	if person != "en" {
		catalog = locales.Open(locales.Embedded(), overlay(t, person))
	}
	words, err := wording.New(catalog, "en", person)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// rig drives a model without a terminal and with a clock that stands still.
type rig struct {
	*model
	t      testing.TB
	now    time.Duration
	slept  time.Duration // by how much the wall clock is ahead
	frames uint64
	forgot int
	reply  chan reply
	quits  bool
}

func (r *rig) forget()       { r.forgot++ }
func (r *rig) drawn() uint64 { return r.frames }

func newRig(t testing.TB, person string, columns, rows int) *rig {
	r := &rig{t: t}
	o := Options{Words: newWords(t, person), Now: func() time.Time { return time.Unix(0, 0).Add(r.now + r.slept) }, AutoLock: defaultAutoLock, Bidi: BidiForm}
	r.model = newModel(o, newLook(o, termenv.Ascii), r)
	r.since = func() time.Duration { return r.now }
	r.width, r.height = columns, rows
	return r
}

// do runs a command and what comes of it, as the program would.
func (r *rig) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.QuitMsg:
		r.quits = true
	default:
		_, next := r.Update(msg)
		r.do(next)
	}
}

func (r *rig) send(msg tea.Msg) {
	_, cmd := r.Update(msg)
	r.do(cmd)
}

// put shows a screen and lets it be seen.
func (r *rig) put(s screen) {
	r.unseen(s)
	r.now += time.Second
	r.frames++
}

func (r *rig) unseen(s screen) {
	r.reply = make(chan reply, 1)
	r.send(&call{screen: s, reply: r.reply})
}

// tick lets time pass without anybody touching a key.
func (r *rig) tick(d time.Duration) {
	r.now += d
	r.do(r.model.tick())
}

// press types keys, each after the screen was seen.
func (r *rig) press(keys ...string) {
	for _, k := range keys {
		r.frames++
		r.send(keyOf(k))
	}
}

// keyOf makes a key from its name; what is no name is typed.
func keyOf(name string) tea.KeyMsg {
	for k := tea.KeyF20; k <= tea.KeyCtrlQuestionMark; k++ {
		if k.String() == name && name != "runes" {
			msg := tea.KeyMsg{Type: k}
			if k == tea.KeySpace {
				msg.Runes = []rune{' '}
			}
			return msg
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// value is the reply, which has to be there.
func (r *rig) value() any {
	r.t.Helper()
	select {
	case g := <-r.reply:
		if g.err != nil {
			r.t.Fatalf("got the error %v", g.err)
		}
		return g.value
	default:
		r.t.Fatalf("there is no reply, but this screen:\n%s", strings.Join(r.lines(), "\n"))
		return nil
	}
}

// got is the reply to a prompt.
func (r *rig) got() screening.Reply {
	r.t.Helper()
	reply, _ := r.value().(screening.Reply)
	return reply
}

// broken is the error that was replied.
func (r *rig) broken() error {
	r.t.Helper()
	select {
	case g := <-r.reply:
		return g.err
	default:
		r.t.Fatal("there is no reply")
		return nil
	}
}

// nothing makes sure that no reply was given.
func (r *rig) nothing() {
	r.t.Helper()
	select {
	case g := <-r.reply:
		r.t.Fatalf("there is a reply: %+v", g)
	default:
	}
}

func (r *rig) lines() []string { return strings.Split(ansi.Strip(r.View()), "\n") }

func (r *rig) shows(text string) bool { return strings.Contains(strings.Join(r.lines(), "\n"), text) }

func (r *rig) want(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !r.shows(text) {
			r.t.Errorf("%q is not on the screen:\n%s", text, strings.Join(r.lines(), "\n"))
		}
	}
}

// ask puts a prompt.
func (r *rig) ask(v session.View) {
	r.t.Helper()
	p, err := r.words.Prompt(v)
	if err != nil {
		r.t.Fatal(err)
	}
	r.put(newPrompt(p))
}

// views are the prompts of an interview in which everything is answered with the first option, by id.
func views(t testing.TB) []session.View {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := data.Plan("full")
	iv, err := screening.Replay(screening.NewSetup(data, plan), nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []session.View
	for {
		prompt, ok := iv.Next()
		if !ok && iv.IsExplained() {
			return list
		}
		if !ok {
			if err := iv.Apply(screening.Event{V: screening.EventVersion, Seq: len(iv.Events()) + 1, Kind: screening.Explained}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		v := session.View{Prompt: prompt, Saved: time.Date(2026, 1, 2, 14, 3, 7, 0, time.UTC), Kept: true, Decided: true, Claim: len(list)%2 == 0}
		for _, item := range iv.Told() {
			v.Told = append(v.Told, item.ID)
		}
		list = append(list, v)
		reply := screening.Reply{Command: screening.ToAnswer, Text: "x"}
		if len(prompt.Options) > 0 {
			reply.Value = prompt.Options[0]
		}
		event, err := iv.Decide(prompt, reply)
		if err != nil {
			t.Fatal(err)
		}
		event.Seq, event.At = len(iv.Events())+1, time.Unix(0, 0)
		if err := iv.Apply(event); err != nil {
			t.Fatal(err)
		}
	}
}

// view is the first prompt of a kind that an item or an id fits.
func view(t testing.TB, fits func(screening.Prompt) bool) session.View {
	t.Helper()
	list := views(t)
	at := slices.IndexFunc(list, func(v session.View) bool { return fits(v.Prompt) })
	if at < 0 {
		t.Fatal("there is no such prompt")
	}
	return list[at]
}

func byID(id string) func(screening.Prompt) bool {
	return func(p screening.Prompt) bool { return p.ID == id }
}

func ofKind(kind screening.PromptKind) func(screening.Prompt) bool {
	return func(p screening.Prompt) bool { return p.Kind == kind }
}

func sensitive(p screening.Prompt) bool { return strings.HasPrefix(p.ID, "sensitive.") }

func (r *rig) String() string { return fmt.Sprintf("%dx%d", r.width, r.height) }
