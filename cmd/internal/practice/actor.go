package practice

import (
	"context"

	"tipscreen/cmd/internal/session"
	"tipscreen/screening"
	"tipscreen/screening/training"
)

// Actor is a Surface on which the invented person speaks: it adds to each prompt what is seen and heard, and asks for a
// decision before the result is shown.
type Actor struct {
	Stage
	stage     *training.Stage
	interview *screening.Interview
	play      *Play
	decision  training.Decision
}

// Ask shows the prompt with the scene.
func (a *Actor) Ask(ctx context.Context, v session.View) (screening.Reply, error) {
	scene := a.stage.At(a.interview, v.Prompt)
	for _, seen := range scene.Room {
		v.Scene = append(v.Scene, a.play.Say("training.room", map[string]any{"Text": seen}))
	}
	switch {
	case scene.Says != "":
		v.Scene = append(v.Scene, a.play.Say("training.says", map[string]any{"Text": scene.Says}))
	case len(scene.Room) == 0 && v.Prompt.Kind == screening.Observe:
		v.Scene = append(v.Scene, a.play.Say("training.unseen", nil))
	}
	return a.Stage.Ask(ctx, v)
}

// Show asks for the decision before the result.
func (a *Actor) Show(ctx context.Context, page session.Page) error {
	if page.Kind == session.ResultPage {
		if err := a.decide(ctx); err != nil {
			return err
		}
	}
	return a.Stage.Show(ctx, page)
}

// decide asks what the trainee would do, as long as the program has not said what it would.
func (a *Actor) decide(ctx context.Context) error {
	outcome, err := a.choose(ctx, "outcome", training.Outcomes(), func(value string) string { return "outcome." + value + ".title" })
	if err != nil {
		return err
	}
	hold, err := a.choose(ctx, "hold", []string{"yes", "no"}, func(value string) string { return "training.decide.hold.option." + value })
	if err != nil {
		return err
	}
	refer, err := a.choose(ctx, "refer", training.Referrals(), func(value string) string { return "training.refer." + value })
	if err != nil {
		return err
	}
	against, err := a.choose(ctx, "against", append([]string{"none"}, training.Circumstances()...), func(value string) string {
		if value == "none" {
			return "training.decide.against.option.none"
		}
		return "training.trap." + value
	})
	if err != nil {
		return err
	}
	if against == "none" {
		against = ""
	}
	a.decision = training.Decision{Outcome: outcome, Hold: hold == "yes", Refer: refer, Against: against}
	return nil
}

func (a *Actor) choose(ctx context.Context, id string, values []string, label func(value string) string) (string, error) {
	q := session.Question{ID: "training." + id, Title: a.play.Say("training.mark", nil) + ": " + a.play.Say("training.decide."+id+".title", nil)}
	for _, value := range values {
		q.Options = append(q.Options, session.Choice{Value: value, Label: a.play.Say(label(value), nil)})
	}
	return a.Stage.Choose(ctx, q)
}
