package card

import (
	"context"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
)

// sample is a language of the tests: a few sentences as they would be said, and words to fill the others with.
type sample struct {
	tag, script string
	papers      string // asks about the papers
	yes, no     string
}

var samples = []sample{
	{"km", "Khmer", "នៅកន្លែងនោះ តើមានអ្នកណាផ្សេងទុកលិខិតឆ្លងដែន ឬឯកសាររបស់អ្នកទេ?", "បាទ ឬចាស", "ទេ"},
	{"my", "Myanmar", "အဲဒီနေရာမှာ သင့်ပတ်စ်ပို့ ဒါမှမဟုတ် စာရွက်စာတမ်းတွေကို တခြားသူက သိမ်းထားသလား။", "ဟုတ်ကဲ့", "မဟုတ်ပါ"},
	{"hi", "Devanagari", "उस जगह पर क्या किसी और ने आपका पासपोर्ट या काग़ज़ात अपने पास रखे थे?", "हाँ", "नहीं"},
	{"am", "Ethiopic", "በዚያ ቦታ ፓስፖርትዎን ወይም ወረቀቶችዎን ሌላ ሰው ይዞ ነበር?", "አዎ", "አይ"},
	{"ar", "Arabic", "في ذلك المكان، هل احتفظ شخص آخر بجواز سفرك أو أوراقك؟", "نعم", "لا"},
	{"ur", "Arabic", "اس جگہ پر کیا کسی اور نے آپ کا پاسپورٹ یا کاغذات اپنے پاس رکھے تھے؟", "جی ہاں", "نہیں"},
	{"zh-Hans", "Han", "在那个地方，有没有别人保管您的护照或证件？", "是", "不是"},
	{"zh-Hant", "Han", "在那個地方，有沒有別人保管您的護照或證件？", "是", "不是"},
}

// overlay makes files of a language: for both sides, so that officials can read it, too.
func (s sample) overlay(t testing.TB) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, side := range []string{"person", "official"} {
		data, err := fs.ReadFile(locales.Embedded(), "en/"+side+".json")
		if err != nil {
			t.Fatal(err)
		}
		var english map[string]map[string]string
		if err := json.Unmarshal(data, &english); err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		for id, message := range english {
			texts[id] = s.words(id, message["other"])
		}
		texts["item.papers_kept.ask"], texts["answer.yes"], texts["answer.no"] = s.papers, s.yes, s.no
		if side == "official" {
			delete(texts, "item.papers_kept.ask")
		}
		if data, err = json.Marshal(texts); err != nil {
			t.Fatal(err)
		}
		files[s.tag+"/"+side+".json"] = &fstest.MapFile{Data: data}
	}
	return files
}

// words fill a message: as many as the English has, with its variables.
func (s sample) words(id, english string) string {
	pieces := strings.FieldsFunc(s.papers, func(r rune) bool { return strings.ContainsRune(" ，？?。", r) })
	var lines []string
	for _, line := range strings.Split(english, "\n") {
		var said []string
		for i, word := range strings.Fields(line) {
			if strings.Contains(word, "{{") {
				said = append(said, word)
			} else if s.script != "Han" || i%3 == 0 {
				said = append(said, pieces[(i+len(id))%len(pieces)])
			}
		}
		lines = append(lines, strings.Join(said, " "))
	}
	return strings.Join(lines, "\n")
}

// words speak English to one side and this language to the other, or this one to both.
func (s sample) speakers(t testing.TB, official string) *wording.Words {
	t.Helper()
	words, err := wording.New(locales.Open(locales.Embedded(), s.overlay(t)), official, s.tag)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func english(t testing.TB) *wording.Words {
	t.Helper()
	words, err := wording.New(locales.Open(locales.Embedded()), "en", "en")
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// setup is that of the full plan.
func setup(t testing.TB) *screening.Setup {
	t.Helper()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := data.Plan("full")
	return screening.NewSetup(data, plan)
}

// prompt is a prompt of the full plan.
func prompt(t testing.TB, id string) session.View {
	t.Helper()
	for _, p := range screening.AllPrompts(setup(t)) {
		if p.ID == id {
			return session.View{Prompt: p}
		}
	}
	t.Fatalf("there is no prompt %s", id)
	return session.View{}
}

// desktop is the Surface of an official who does what a test says.
type desktop struct {
	replies chan screening.Reply
	asked   chan session.View
	told    chan session.Question
	choices chan string
	pages   chan session.Page
	hidden  chan *session.Lock
	opened  chan struct{}
}

func newDesktop() *desktop {
	return &desktop{replies: make(chan screening.Reply, 100), asked: make(chan session.View, 200), told: make(chan session.Question, 10), choices: make(chan string, 10),
		pages: make(chan session.Page, 10), hidden: make(chan *session.Lock, 10), opened: make(chan struct{}, 10)}
}

func (d *desktop) Ask(ctx context.Context, v session.View) (screening.Reply, error) {
	d.asked <- v
	select {
	case r := <-d.replies:
		return r, nil
	case <-ctx.Done():
		return screening.Reply{}, session.ErrInterrupted
	}
}

func (d *desktop) Show(_ context.Context, p session.Page) error { d.pages <- p; return nil }

func (d *desktop) Code(context.Context) ([]byte, error) { return []byte("2468"), nil }

func (d *desktop) Hide(ctx context.Context, lock *session.Lock) error {
	d.hidden <- lock
	select {
	case <-d.opened:
		return nil
	case <-ctx.Done():
		return session.ErrInterrupted
	}
}

func (d *desktop) NotSaved(context.Context, error) (bool, error) { return true, nil }

func (d *desktop) Choose(context.Context, session.Question) (string, error) { return <-d.choices, nil }

func (d *desktop) Text(context.Context, session.Question) (string, error) { return "", nil }

func (d *desktop) Secret(context.Context, session.Question) ([]byte, error) { return nil, nil }

func (d *desktop) Tell(_ context.Context, q session.Question) error { d.told <- q; return nil }

// newCard opens a card beside an official and gives its address.
func newCard(t testing.TB, o Options) (*Card, *desktop, string) {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesktop()
	c.Over(d)
	t.Cleanup(func() { _ = c.Close() })
	if _, err := c.Code(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c, d, (<-d.told).Text[0]
}

// number is that of the present screen.
func (s *Server) number() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view.Number
}

// run asks in the background and gives the reply.
func run(t testing.TB, c session.Surface, v session.View) <-chan screening.Reply {
	t.Helper()
	got := make(chan screening.Reply, 1)
	go func() {
		reply, err := c.Ask(t.Context(), v)
		if err == nil {
			got <- reply
		}
	}()
	return got
}
