// Package practice plays and shows mock interviews. It is all that stands between package training, which is pure, and a
// trainee: an actor on a Surface, a folder of its own, and sheets.
//
// Start with Play. It gives the session a Surface on which an invented person speaks (Actor), and a Recorder that knows only
// the Shelf, a folder with a key of its own. That is the whole difference between a mock and a real interview: two values.
// This package imports nothing that keeps, sends, counts or exports records, and a test holds it to that.
package practice

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/screening/training"
)

// Say gives a sentence of the official's language by its id, and the id itself where there is none.
type Say func(id string, data map[string]any) string

// Stage is where a mock interview is played.
type Stage interface {
	session.Surface
	session.Dialog
}

// Play is one mock interview.
type Play struct {
	Stage    Stage
	Scenario *training.Scenario
	Lines    training.Lines
	// Reading are the same lines in a language that the official reads.
	Reading  training.Lines
	Setup    *screening.Setup
	Seed     uint64
	Trainee  string
	Phase    string
	Shelf    *Shelf
	Say      Say
	Now      func() time.Time
	Contacts string
}

// ErrLeft says that the trainee chose not to begin.
var ErrLeft = fmt.Errorf("not begun")

// Run plays to the end and keeps the run. The error is session.ErrInterrupted (wrapped) when it was broken off; nothing is
// kept then.
func (p *Play) Run(ctx context.Context) (*training.Run, error) {
	if err := p.begin(ctx); err != nil {
		return nil, err
	}
	iv, err := screening.Replay(p.Setup, nil)
	if err != nil {
		return nil, err
	}
	actor := &Actor{Stage: p.Stage, stage: training.NewStage(p.Scenario, p.Seed, p.Lines), interview: iv, play: p}
	book := &notebook{play: p, actor: actor, begun: p.Now()}
	run := session.Session{
		Surface: actor, Recorder: book, Interview: iv, Now: p.Now, Contacts: p.Contacts,
		// A mock interview has no passphrase: whatever is typed opens the screen after the code was forgotten.
		Passphrase: func([]byte) bool { return true },
	}
	if err := run.Run(ctx); err != nil {
		return nil, err
	}
	if book.run == nil { // put off: that is an end of the exercise
		if _, err := book.Finish(iv); err != nil {
			return nil, err
		}
	}
	return book.run, nil
}

// begin warns of hard subjects and lets the trainee choose.
func (p *Play) begin(ctx context.Context) error {
	q := session.Question{ID: "training.begin", Title: p.Say("training.mark", nil) + ": " + p.Say("training.begin.title", map[string]any{"Title": p.Scenario.Title})}
	q.Text = append(q.Text, strings.TrimSpace(p.Scenario.Briefing), p.Say("training.begin.person", nil))
	var subjects []string
	for _, word := range p.Scenario.Warning {
		subjects = append(subjects, p.Say("training.warning."+word, nil))
	}
	q.Text = append(q.Text, p.Say("training.begin.warning", map[string]any{"Subjects": strings.Join(subjects, ", ")}))
	for _, value := range []string{"go", "leave"} {
		q.Options = append(q.Options, session.Choice{Value: value, Label: p.Say("training.begin.option."+value, nil)})
	}
	chosen, err := p.Stage.Choose(ctx, q)
	if err == nil && chosen != "go" {
		err = ErrLeft
	}
	return interrupted(err)
}

// interrupted marks the end of the input.
func interrupted(err error) error {
	if err == io.EOF {
		return fmt.Errorf("%w: %w", session.ErrInterrupted, err)
	}
	return err
}

// notebook is the Recorder of a mock interview. It has no way to a record: nothing is kept before the end, and then only a
// run on the shelf, whatever the invented person said about a record.
type notebook struct {
	play  *Play
	actor *Actor
	begun time.Time
	run   *training.Run
}

func (n *notebook) Keep(*screening.Interview) error { return nil }

func (n *notebook) Forget() error { return nil }

func (n *notebook) Declined() error {
	_, err := n.Finish(n.actor.interview)
	return err
}

func (n *notebook) Finish(iv *screening.Interview) (string, error) {
	assessment := iv.Assess()
	n.run = &training.Run{
		Training: training.RunVersion, Watermark: training.Watermark, Scenario: n.play.Scenario.ID, Digest: n.play.Scenario.Digest, Seed: n.play.Seed,
		Trainee: n.play.Trainee, Phase: n.play.Phase, Begun: n.begun.UTC().Truncate(time.Second), Program: n.play.Setup.Program,
		Events: iv.Events(), Fired: n.actor.stage.Fired(), Decision: n.actor.decision, Led: training.LedTo(&assessment),
	}
	err := n.play.Shelf.Put(n.run)
	return n.run.ID, err
}
