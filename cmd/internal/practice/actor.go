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
	return append(lines, a.wished(p, scene)...)
}

// wished says what the person wants to speak of first, and, when the result was seen, what the trainee decided before it.
func (a *Actor) wished(p screening.Prompt, scene training.Scene) []string {
	say := a.play.Say
	switch {
	case strings.HasPrefix(p.ID, "topic."):
		return []string{say("training.topic", map[string]any{"Topic": say("step."+scene.Right.Value+".title", nil)})}
	case p.ID == "after.raise":
		return []string{say("training.decided", map[string]any{"Decision": say("outcome."+a.decision.Outcome+".title", nil)})}
	case p.ID == "after.hold" && a.decision.Hold:
		return []string{say("training.decided", map[string]any{"Decision": say("training.decided.hold", nil)})}
	}
	return nil
}

// usual names the sentence for a prompt of which the scenario says nothing; empty: there is nothing to be seen.
func usual(p screening.Prompt, scene training.Scene) string {
	prefix, rest, _ := strings.Cut(p.ID, ".")
	switch {
	case strings.HasPrefix(p.ID, "gate.needs."):
		return "training.look.need"
	case prefix == "gate" && p.Kind == screening.Choose && !strings.HasSuffix(rest, ".unmet"):
		return "training.look." + rest
	case prefix == "rest", prefix == "rights":
		return "training.person." + prefix
	case slices.Contains([]string{"consent.points", "closing.leaflet", "closing.readback", "closing.child_protection"}, p.ID):
		return "training.person." + rest
	case prefix == "consent" && p.Kind == screening.Choose && scene.Right.Value != "yes":
		return "training.shakes"
	case prefix == "consent" && p.Kind == screening.Choose, prefix == "sensitive":
		return "training.nods"
	case p.Kind == screening.Observe:
		return "training.unseen"
	case (p.Kind == screening.Write || p.Kind == screening.Several) && (prefix == "open" || prefix == "closing" || p.Item != nil):
		return "training.nothing_to_add"
	}
	return ""
}

// Show asks for the decision before the result, and where the talk is put off before that is told.
func (a *Actor) Show(ctx context.Context, page session.Page) error {
	if page.Kind == session.ResultPage || page.Kind == session.DeferredPage {
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
	a.stage.Decided(a.decision)
	return nil
}

func (a *Actor) choose(ctx context.Context, id string, values []string, label func(value string) string) (string, error) {
	q := session.Question{ID: "training." + id, Title: a.play.Say("training.mark", nil) + ": " + a.play.Say("training.decide."+id+".title", nil)}
	for _, value := range values {
		q.Options = append(q.Options, session.Choice{Value: value, Label: a.play.Say(label(value), nil)})
	}
	return a.Stage.Choose(ctx, q)
}
