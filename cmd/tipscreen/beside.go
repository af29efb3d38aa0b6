package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/card"
	"tipscreen/cmd/internal/wording"
	"tipscreen/locales"
	"tipscreen/screening"
)

// errHandOverDraft says that nobody may be left alone with words that were not reviewed.
var errHandOverDraft = errors.New("the words are drafts")

// beside says what an interview is shown on besides the terminal.
type beside struct {
	card, handOver, desk, browser, paper bool
}

func (b *beside) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.BoolVar(&b.card, "card", false, "show the person what is asked, on a page of this laptop")
	flags.BoolVar(&b.handOver, "hand-over", false, "with --card: the person may answer a part alone")
	flags.BoolVar(&b.desk, "page", false, "lead the interview on a page of this laptop, for scripts that a terminal garbles")
	flags.BoolVar(&b.paper, "from-paper", false, "key in the answers of a printed sheet by the numbers of its cards")
	flags.BoolVar(&b.browser, "open", false, "open the page in the browser, and not only print its address")
}

// openInterview gives the Surface for an interview, with what stands beside it.
// held gives the interview that is held just now, and where it is kept.
func (e *env) openInterview(words *wording.Words, setup *screening.Setup, held func() (*screening.Interview, *shelf)) (surface, func(), error) {
	var shown surface
	var end func()
	var err error
	if e.beside.card || e.beside.handOver {
		shown, end, err = e.openCard(words, e.sealed(held))
	} else {
		shown, end, err = e.openSurface(words)
	}
	if err != nil || !e.beside.paper {
		return shown, end, err
	}
	keyed, err := card.NewKeyed(shown, words, setup)
	if err != nil {
		end()
		return nil, nil, err
	}
	return keyed, end, nil
}

// openSurface gives the official's Surface: the page, or what the terminal has.
func (e *env) openSurface(words *wording.Words) (surface, func(), error) {
	if !e.beside.desk {
		return e.open(words)
	}
	open := e.browser()
	desk, err := card.NewDesk(card.DeskOptions{Words: words, Passphrase: e.check, Now: e.now, OnHide: e.onHide, Tell: func(address string) {
		fmt.Fprintf(e.err, "%s\n\n  %s\n\n", e.say("desk.open", nil), address)
		if open != nil {
			open(address)
		}
	}})
	if err != nil {
		return nil, nil, err
	}
	return desk, func() { _ = desk.Close() }, nil
}

// openCard puts the card beside the official's Surface.
func (e *env) openCard(words *wording.Words, sealed card.Sealed) (surface, func(), error) {
	mode, err := e.mayAnswerAlone(words.PersonTag())
	if err != nil {
		return nil, nil, err
	}
	sounds, err := e.recordings(words.PersonTag())
	if err != nil {
		fmt.Fprintln(e.err, "tipscreen: "+err.Error())
	}
	shown, err := card.New(card.Options{Words: words, Open: e.browser(), HandOver: mode, Sounds: sounds, Sealed: sealed, Passphrase: e.check})
	if err != nil {
		return nil, nil, err
	}
	e.onHide = shown.Blank
	officials, end, err := e.openSurface(words)
	if err != nil {
		return nil, nil, errors.Join(err, shown.Close())
	}
	shown.Over(officials)
	return shown, func() {
		_ = shown.Close()
		e.onHide = nil
		end()
	}, nil
}

// sealed are the questions about officials, for a person who answers alone: only while an interview is kept that an outside
// body is named for, and those for adults only to an adult.
func (e *env) sealed(held func() (*screening.Interview, *shelf)) card.Sealed {
	return card.Sealed{
		Items: func() (items []string) {
			data, err := e.data()
			iv, recorder := held()
			if err != nil || recorder == nil || recorder.draft == nil || !recorder.draft.CanAllege() {
				return nil
			}
			for _, item := range data.Items {
				if item.Sealed() && (item.MinAge == 0 || iv.Case().Age == screening.Adult) {
					items = append(items, item.ID)
				}
			}
			return items
		},
		Seal: func(answers []byte) error {
			_, recorder := held()
			return named(recorder.draft.Allege(answers))
		},
	}
}

// mayAnswerAlone decides whether the person may answer alone: never with a real person while the words that they must be able
// to rely on are drafts in their language.
func (e *env) mayAnswerAlone(person string) (card.HandOver, error) {
	if !e.beside.handOver {
		return card.Together, nil
	}
	speaker, err := e.catalog().Speaker(person, locales.Person)
	if err != nil {
		return card.Together, err
	}
	if safetyMessages(speaker) {
		return card.Together, errHandOverDraft
	}
	return card.Alone, nil
}

// recordings are the spoken sentences of a language, which an agency lays beside its words.
func (e *env) recordings(tag string) (card.Recordings, error) {
	all := card.Recordings{}
	for _, layer := range e.overlay("locales") {
		folder, err := fs.Sub(layer, tag+"/audio")
		if err != nil {
			return nil, err
		}
		found, err := card.ReadRecordings(folder)
		if err != nil {
			return nil, err
		}
		for hash, sound := range found {
			all[hash] = sound
		}
	}
	return all, nil
}

// browser opens an address with what the system has for it; nil: the official does it.
func (e *env) browser() func(address string) {
	if !e.beside.browser {
		return nil
	}
	return func(address string) {
		name, args := "xdg-open", []string{address}
		switch runtime.GOOS {
		case "darwin":
			name = "open"
		case "windows": // what "start" does, without a shell that would read the address
			name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
		}
		command := exec.Command(name, args...)
		if command.Start() == nil {
			go func() { _ = command.Wait() }()
		}
	}
}
