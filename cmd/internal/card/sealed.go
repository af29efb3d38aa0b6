package card

import (
	"context"
	"strings"
)

// Sealed is how what the person says about officials is kept: no official asks it or sees it. It is put to the person alone,
// at the end of their time with the card, once.
type Sealed struct {
	// Items gives the questions for this person; none where nobody outside could receive the answers.
	Items func() []string
	// Seal seals the answers to the outside body, in place of those before. Nothing here can read them again.
	Seal func(answers []byte) error
}

// alleges puts the sealed questions. What was answered is sealed at once, with each answer; back: the official is there.
func (a *alone) alleges(ctx context.Context) (back bool, err error) {
	if a.card.sealed.Items == nil || a.alleged {
		return false, nil
	}
	a.alleged = true
	answers := []byte("answered alone\n")
	defer func() { clear(answers) }()
	for _, item := range a.card.sealed.Items() {
		preview, ask := a.say("item."+item+".preview"), a.say("item."+item+".ask")
		if preview == "" || ask == "" { // an agency's item without words in this language
			continue
		}
		words := append(strings.Split(preview, "\n"), strings.Split(ask, "\n")...)
		v := a.card.blankCard(words)
		for _, value := range []string{"yes", "no", "declined"} {
			v.Options = append(v.Options, option{Value: value, Picture: pictureOf(value), Said: a.card.said(a.say("answer." + value))})
		}
		act, back, err := a.act(ctx, v)
		if back || err != nil {
			return back, err
		}
		answers = append(answers, item+" "+act.Value+"\n"...)
		if err := a.card.sealed.Seal(answers); err != nil {
			return a.notSealed(ctx, err, answers)
		}
	}
	return false, nil
}

// notSealed calls the official, who can mend the disk, as for every answer. What the answer was is not shown.
func (a *alone) notSealed(ctx context.Context, err error, answers []byte) (back bool, failed error) {
	for err != nil {
		again, failed := a.card.NotSaved(ctx, err)
		if failed != nil || !again {
			return true, failed
		}
		err = a.card.sealed.Seal(answers)
	}
	return true, nil
}
