package practice

import (
	"context"
	"slices"
	"strings"
	"time"

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
	v.Scene = a.scene(v.Prompt, scene)
	v.Saved = time.Time{} // a mock interview is kept at its end, and the screen does not say otherwise
	return a.Stage.Ask(ctx, v)
}

// scene puts into words what is seen and heard. Where the scenario says nothing, all is as usual.
func (a *Actor) scene(p screening.Prompt, scene training.Scene) (lines []string) {
	say := a.play.Say
	for _, seen := range scene.Room {
		lines = append(lines, say("training.room", map[string]any{"Text": seen}))
	}
	if scene.Says != "" {
		lines = append(lines, say("training.says", map[string]any{"Text": scene.Says}))
	}
	if reading := a.play.Reading[scene.Line]; reading != "" && reading != scene.Says {
		lines = append(lines, say("reading.mark", nil)+" "+reading)
	}
	if usual := usual(p, scene); len(lines) == 0 && usual != "" {
		lines = append(lines, say("training.room", map[string]any{"Text": title(say, usual, say("training.look.usual", nil))}))
	}
	return lines
}

// usual names the sentence for a prompt of which the scenario says nothing; empty: there is nothing to be seen.
func usual(p screening.Prompt, scene training.Scene) string {
	prefix, rest, _ := strings.Cut(p.ID, ".")
	switch {
	case prefix == "gate" && !strings.Contains(rest, "."):
		return "training.look." + rest
	case prefix == "consent" && p.Kind == screening.Choose && scene.Right.Value != "yes":
		return "training.shakes"
	case prefix == "consent" && p.Kind == screening.Choose, prefix == "sensitive":
		return "training.nods"
	case p.Kind == screening.Observe:
		return "training.unseen"
	case p.Kind == screening.Write && prefix != "gate":
		return "training.nothing_to_add"
	}
	return ""
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
	outcomes := training.Outcomes()
	slices.Reverse(outcomes) // the one that protects most stands first, where a hasty key falls
	outcome, err := a.choose(ctx, "outcome", outcomes, func(value string) string { return "outcome." + value + ".title" })
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
