package training

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"tipscreen/indicators"
	"tipscreen/screening"
)

// Watermark stands on everything that a mock interview leaves behind.
const Watermark = "TRAINING"

// RunVersion is the version of the written form of runs.
const RunVersion = 1

// Run is a mock interview that was finished. Its written form is none that a record could have.
type Run struct {
	// Training is RunVersion; Watermark says in words what this is.
	Training  int    `json:"training"`
	Watermark string `json:"watermark"`
	ID        string `json:"id"`
	Scenario  string `json:"scenario"`
	Digest    string `json:"scenario_digest"`
	Seed      uint64 `json:"seed"`
	// Trainee is a pseudonym. Phase is before or after a course, or empty.
	Trainee string    `json:"trainee"`
	Phase   string    `json:"phase,omitempty"`
	Begun   time.Time `json:"begun"`
	Program string    `json:"program"`
	// Events are what the trainee did, in the form of an interview; Fired is what happened to them.
	Events []screening.Event `json:"mock_events"`
	Fired  []Fired           `json:"fired,omitempty"`
	// Decision is what the trainee decided, before seeing what the answers lead to.
	Decision Decision `json:"decision"`
	// Led is what the answers led to.
	Led Led `json:"led_to"`
}

// Decision is what the trainee would do next.
type Decision struct {
	Outcome string `json:"outcome"`
	Hold    bool   `json:"hold"`
	Refer   string `json:"refer"`
	// Against is a circumstance that, for the trainee, spoke against trafficking; empty: none.
	Against string `json:"against,omitempty"`
}

// Led is what the rules make of the trainee's findings.
type Led struct {
	Outcome string   `json:"outcome"`
	Flags   []string `json:"flags"`
	Hold    []string `json:"hold"`
}

// LedTo takes from an assessment what a run keeps.
func LedTo(a *screening.Assessment) Led {
	return Led{Outcome: a.Outcome.String(), Flags: slices.Clone(a.Flags), Hold: slices.Clone(a.Hold)}
}

// Outcomes are the words for an outcome, low to high.
func Outcomes() []string {
	var words []string
	for o := screening.NoSignsSoFar; o <= screening.ReferNow; o++ {
		words = append(words, o.String())
	}
	return words
}

// ReadRun reads a run that was written as JSON.
func ReadRun(content []byte) (*Run, error) {
	var r Run
	if err := json.Unmarshal(content, &r); err != nil {
		return nil, fmt.Errorf("this is no mock interview")
	}
	if r.Training != RunVersion || r.Watermark != Watermark || r.Scenario == "" {
		return nil, fmt.Errorf("this is no mock interview of version %d", RunVersion)
	}
	if !slices.Contains(Outcomes(), r.Decision.Outcome) || !slices.Contains(Outcomes(), r.Led.Outcome) {
		return nil, fmt.Errorf("the mock interview has no decision")
	}
	if d := r.Decision; d.Refer != "" && !slices.Contains(Referrals(), d.Refer) || d.Against != "" && !slices.Contains(Circumstances(), d.Against) {
		return nil, fmt.Errorf("the mock interview has a decision that is not known")
	}
	if !pseudonym.MatchString(r.Trainee) || r.ID != "" && !pseudonym.MatchString(r.ID) || r.Phase != "" && r.Phase != Before && r.Phase != After {
		return nil, fmt.Errorf("the mock interview has no usable pseudonym, id or phase")
	}
	for at := range r.Events {
		if r.Events[at].Seq != at+1 {
			return nil, fmt.Errorf("the mock interview is cut: event %d is missing", at+1)
		}
		r.Events[at].Note = strings.Map(visible, r.Events[at].Note)
	}
	for _, f := range r.Fired {
		if f.Seq < 0 || f.Seq > len(r.Events) {
			return nil, fmt.Errorf("the mock interview has an event at no place")
		}
	}
	return &r, nil
}

// pseudonym is how a trainee may be called: one word that needs no real name.
var pseudonym = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]{0,30}$`)

// Pseudonym tells whether a trainee may be called so.
func Pseudonym(name string) bool { return pseudonym.MatchString(name) }

// visible leaves out what could steer a terminal.
func visible(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// Setup is what a mock interview by a scenario begins with. Draft words need no interpreter here, and the program is
// named so that even events taken out of a run would say what they are.
func Setup(data *indicators.Data, s *Scenario, official, person, program string) (*screening.Setup, error) {
	plan, ok := data.Plan(s.Plan)
	if !ok {
		return nil, fmt.Errorf("the plan %q of the scenario %s is not known", s.Plan, s.ID)
	}
	setup := screening.NewSetup(data, plan)
	setup.OfficialLanguage, setup.PersonLanguage, setup.Program = official, person, Watermark+" "+program
	return setup, nil
}

// Trainee is somebody, or something, who plays an interview.
type Trainee interface {
	Reply(p screening.Prompt, scene Scene) screening.Reply
	Decide(s *Scenario, a *screening.Assessment) Decision
}

// maxTurns is far above the prompts of any plan; a trainee who never comes to an end is a fault.
const maxTurns = 3000

// Clock is when a rehearsal begins, and how long each turn takes.
type Clock struct {
	Begun time.Time
	Turn  time.Duration
}

// Rehearse lets a trainee play a scenario without a screen.
func Rehearse(setup *screening.Setup, s *Scenario, seed uint64, trainee Trainee, clock Clock) (*Run, error) {
	iv, err := screening.Replay(setup, nil)
	if err != nil {
		return nil, err
	}
	r := &rehearsal{iv: iv, stage: NewStage(s, seed, s.Lines()), trainee: trainee, clock: clock}
	for turn := 0; ; turn++ {
		more, err := r.turn(s)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if turn == maxTurns {
			return nil, fmt.Errorf("the scenario %s does not come to an end", s.ID)
		}
	}
	assessment := iv.Assess()
	return &Run{Training: RunVersion, Watermark: Watermark, Scenario: s.ID, Digest: s.Digest, Seed: seed, Begun: clock.Begun, Program: setup.Program,
		Events: iv.Events(), Fired: r.stage.Fired(), Decision: r.decision, Led: LedTo(&assessment)}, nil
}

// rehearsal is one interview without a screen. It goes on as the session does: to the result, then to what the official
// settles alone, or to the day to which it was put off.
type rehearsal struct {
	iv       *screening.Interview
	stage    *Stage
	trainee  Trainee
	clock    Clock
	decision Decision
}

func (r *rehearsal) add(e screening.Event) error {
	e.Seq, e.At = len(r.iv.Events())+1, r.clock.Begun.Add(time.Duration(len(r.iv.Events()))*r.clock.Turn)
	return r.iv.Apply(e)
}

// turn does what comes next; false: it is over.
func (r *rehearsal) turn(s *Scenario) (bool, error) {
	prompt, ok := r.iv.Next()
	_, deferred := r.iv.Deferred()
	switch {
	case ok:
		e, err := r.iv.Decide(prompt, r.trainee.Reply(prompt, r.stage.At(r.iv, prompt)))
		if err == nil {
			err = r.add(e)
		}
		if err != nil {
			return false, fmt.Errorf("the scenario %s at the prompt %s: %w", s.ID, prompt.ID, err)
		}
		return true, nil
	case deferred || !r.iv.IsExplained():
		assessment := r.iv.Assess()
		r.decision = r.trainee.Decide(s, &assessment)
		r.stage.Decided(r.decision)
		if deferred {
			return false, nil
		}
		return true, r.add(screening.Event{V: screening.EventVersion, Kind: screening.Explained})
	}
	return false, r.add(screening.Event{V: screening.EventVersion, Kind: screening.Finished})
}

// Model is the trainee who does everything right: the model answer of a scenario.
type Model struct{}

// Reply is the right reply of the scene.
func (Model) Reply(_ screening.Prompt, scene Scene) screening.Reply { return scene.Right }

// Decide is what the scenario expects.
func (Model) Decide(s *Scenario, a *screening.Assessment) Decision {
	return Decision{Outcome: s.Expect.Outcome, Hold: len(a.Hold) > 0, Refer: s.Expect.Refer[0]}
}
