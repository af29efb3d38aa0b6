package card

import (
	"context"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

// Surface is the official's Surface that a card goes with. It also asks what does not belong to the interview.
type Surface interface {
	session.Surface
	session.Dialog
}

// Card shows the person what the official is asking. It is a Surface around the official's: every call also changes the
// card, and what is hidden there is hidden here first.
type Card struct {
	Surface
	words  *wording.Words
	server *Server
	// open shows an address in a browser; nil: the official opens it by hand.
	open   func(address string)
	alone  *alone
	sealed Sealed
}

// Options say how a card works.
type Options struct {
	Words *wording.Words
	// Open shows an address in a browser; nil: it is only told.
	Open func(address string)
	// HandOver says whether the person may answer alone.
	HandOver HandOver
	// Sealed are the questions about officials, which only somebody who answers alone is asked.
	Sealed Sealed
	// Sounds are recordings of the person's words, for who cannot read.
	Sounds Recordings
	// Passphrase opens a masked screen when the code is not known any more.
	Passphrase func(passphrase []byte) bool
}

// New makes a card. Over says whose Surface it goes with, before anything is asked; Close ends it.
func New(o Options) (*Card, error) {
	if err := complete(o.Words); err != nil {
		return nil, err
	}
	server, err := Listen()
	if err != nil {
		return nil, err
	}
	server.sounds = o.Sounds
	c := &Card{words: o.Words, server: server, open: o.Open, sealed: o.Sealed}
	if o.HandOver == Alone {
		c.alone = &alone{card: c, passphrase: o.Passphrase, asked: map[string]bool{}}
	}
	return c, nil
}

// Over puts the card beside the official's Surface.
func (c *Card) Over(surface Surface) { c.Surface = surface }

// Close blanks the card and ends it.
func (c *Card) Close() error { return c.server.Close() }

// Blank takes everything off the card at once. It may be called from any goroutine.
func (c *Card) Blank() { c.server.show(view{}) }

// personMessages are what the card says besides the prompts.
var personMessages = []string{"card.alone", "card.go_on", "card.leave_out", "card.back", "card.pause", "card.stop", "card.give_back"}

// complete finds out before the interview whether the card can say everything.
func complete(words *wording.Words) error {
	for _, id := range personMessages {
		if _, err := words.Person(id); err != nil {
			return err
		}
	}
	return nil
}

// Code asks for the short code, and tells before it where the card is.
func (c *Card) Code(ctx context.Context) ([]byte, error) {
	if err := c.tell(ctx, "card.open", c.server.NewAddress()); err != nil {
		return nil, err
	}
	code, err := c.Surface.Code(ctx)
	if err == nil && c.alone != nil {
		c.alone.lock = session.NewLock(append([]byte(nil), code...), c.alone.passphrase)
	}
	return code, err
}

// tell shows the official an address.
func (c *Card) tell(ctx context.Context, id, address string) error {
	if c.open != nil {
		c.open(address)
	}
	say := official{c.words}
	return c.Surface.Tell(ctx, session.Question{
		ID: id, Title: say.say(id + ".title"), Text: append([]string{address, ""}, strings.Split(say.say("card.open.text"), "\n")...), GoOn: say.say("option.next"),
	})
}

// found tells a new address after the browser went away.
func (c *Card) found(ctx context.Context) error {
	select {
	case <-c.server.Lost():
		return c.tell(ctx, "card.lost", c.server.NewAddress())
	default:
		return nil
	}
}

// Ask shows the person's words and lets the official answer, or the person, to whom the card was handed over.
func (c *Card) Ask(ctx context.Context, v session.View) (screening.Reply, error) {
	if c.alone == nil || !c.alone.on() {
		if err := c.found(ctx); err != nil {
			return screening.Reply{}, err
		}
	}
	p, err := c.words.Prompt(v)
	if err != nil {
		return screening.Reply{}, err
	}
	if c.alone != nil {
		reply, done, err := c.alone.ask(ctx, &p)
		if done || err != nil {
			return reply, err
		}
		if err := c.found(ctx); err != nil { // it may have gone away while the person had it
			return reply, err
		}
	}
	c.server.show(c.pointing(&p))
	reply, err := c.Surface.Ask(ctx, v)
	switch {
	case err != nil, reply.Command == screening.ToHide, reply.Command == screening.ToDanger:
		c.Blank()
	}
	return reply, err
}

// pointing is a prompt as the person sees it beside the official: the question, and the answers to point at.
func (c *Card) pointing(p *wording.Prompt) view {
	if len(p.Person) == 0 {
		return view{}
	}
	v := c.prompt(p)
	for _, o := range p.Options {
		if o.Person != "" && p.Prompt.Kind != screening.Tell {
			v.Options = append(v.Options, option{Value: o.Value, Picture: pictureOf(o.Value), Said: c.said(o.Person)})
		}
	}
	return v
}

// prompt is the question alone.
func (c *Card) prompt(p *wording.Prompt) view {
	v := c.blankCard(p.Person)
	v.Said.Sounds = c.server.sounds.of(p.Shown, c.words.PersonTag())
	return v
}

func (c *Card) blankCard(words []string) view {
	return view{Kind: "card", Lang: c.words.PersonTag(), Right: c.words.PersonRightToLeft(), Said: c.said(words...)}
}

func (c *Card) said(words ...string) *said {
	return &said{Lang: c.words.PersonTag(), Right: c.words.PersonRightToLeft(), Lines: words}
}

// pictureOf is the pictogram of a reply that needs no reading.
func pictureOf(value string) string {
	return map[string]string{
		"yes": "yes", "no": "no", "unclear": "unclear", "unknown": "unknown", "declined": "skip", "later": "pause", "ask": "yes", "skip": "skip", "next": "go",
	}[value]
}

// Show shows the person what a page says to them, and the official the page.
func (c *Card) Show(ctx context.Context, p session.Page) error {
	words, err := c.words.Page(p)
	if err != nil {
		return err
	}
	if c.alone != nil {
		done, err := c.alone.show(ctx, p, words)
		if done || err != nil {
			return err
		}
	}
	if len(words.Person) > 0 {
		c.server.show(c.blankCard(words.Person))
	} else {
		c.Blank()
	}
	return c.Surface.Show(ctx, p)
}

// Hide blanks the card, then the official's screen.
func (c *Card) Hide(ctx context.Context, lock *session.Lock) error {
	c.Blank()
	if c.alone != nil {
		if err := c.alone.end(ctx); err != nil {
			return err
		}
	}
	return c.Surface.Hide(ctx, lock)
}

// NotSaved is for the official alone. While the person has the card, it waits until the official is back.
func (c *Card) NotSaved(ctx context.Context, cause error) (bool, error) {
	if c.alone != nil {
		if err := c.alone.end(ctx); err != nil {
			return false, err
		}
	}
	c.Blank()
	return c.Surface.NotSaved(ctx, cause)
}

// official says sentences for the official. What is missing is named, never left out in silence.
type official struct{ words *wording.Words }

func (o official) say(id string) string { return o.with(id, nil) }

func (o official) with(id string, data map[string]any) string {
	text, err := o.words.Official(id, data)
	if err != nil {
		return "[" + id + "]"
	}
	return text
}
