package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/practice"
	"tipscreen/cmd/internal/session"
	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/screening/training"
)

// trainOptions are the flags of all train commands.
type trainOptions struct {
	folder, scenarios string
	format            string
}

func newTrain(e *env) *cobra.Command {
	o := &trainOptions{}
	command := group("train", "Mock interviews: play, review, compare a class, write scenarios",
		newTrainList(e, o), newTrainRun(e, o), newTrainPlay(e, o), newTrainReview(e, o), newTrainClass(e, o), newTrainDebrief(e, o), newTrainNew(o), newTrainCheck(e, o))
	command.Long = `Mock interviews with invented people. They need no set-up and no passphrase, are kept in a folder of their own, and can
never become records: everything they leave says TRAINING.
`
	flags := command.PersistentFlags()
	flags.StringVar(&o.folder, "folder", "", "folder for mock interviews (beside the store's folder if left out)")
	flags.StringVar(&o.scenarios, "scenarios", "", "folder with scenarios of your own, used beside those that ship")
	return command
}

// formats adds the flag for the form of a result.
func (o *trainOptions) formats(command *cobra.Command, known string) {
	command.Flags().StringVar(&o.format, "format", "text", "one of "+known)
}

// trainingFolder is where mock interviews are kept: never in the folder of the store.
func (e *env) trainingFolder(o *trainOptions) (string, error) {
	if o.folder != "" {
		return o.folder, nil
	}
	home, err := e.home()
	return strings.TrimRight(home, `/\`) + "-training", err
}

func (e *env) shelf(o *trainOptions) (*practice.Shelf, error) {
	dir, err := e.trainingFolder(o)
	return practice.OpenShelf(dir, e.rand), err
}

// trainingSources are the scenarios that ship, and those of the user over them.
func (o *trainOptions) sources() []fs.FS {
	sources := []fs.FS{training.Embedded()}
	if o.scenarios != "" {
		sources = append(sources, os.DirFS(o.scenarios))
	}
	return sources
}

func (e *env) loadScenarios(o *trainOptions) (*indicators.Data, []*training.Scenario, error) {
	data, err := e.data()
	if err != nil {
		return nil, nil, err
	}
	scenarios, err := training.Load(data, o.sources()...)
	return data, scenarios, err
}

// scenario finds one by its id.
func (e *env) scenario(o *trainOptions, id string) (*indicators.Data, *training.Scenario, error) {
	data, scenarios, err := e.loadScenarios(o)
	if err != nil {
		return nil, nil, err
	}
	s, err := training.Find(scenarios, id)
	if err != nil {
		return nil, nil, usageError{fmt.Errorf("%w: %q; tipscreen train list shows them", err, id)}
	}
	return data, s, nil
}

// lines are the person's words in a language, those of the trainer's own folder before those that ship, or in English where
// there are none, which is said.
func (e *env) lines(o *trainOptions, s *training.Scenario, tag string) (training.Lines, error) {
	var last error
	for _, source := range slices.Backward(o.sources()) {
		lines, _, err := training.LinesIn(source, s, tag)
		if err == nil {
			return lines, nil
		}
		last = err
		if !strings.HasSuffix(err.Error(), "has no lines in "+tag) {
			return nil, err
		}
	}
	if last != nil {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("training.lines.missing", map[string]any{"Language": tag}))
	}
	return s.Lines(), nil
}

type scenarioOverview struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Level   int      `json:"level"`
	Plan    string   `json:"plan"`
	Warning []string `json:"warning"`
}

func newTrainList(e *env, o *trainOptions) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: "List the scenarios",
		Long:  "Lists the scenarios with their level and hard subjects. It does not say how they end.\n",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, scenarios, err := e.loadScenarios(o)
			if err != nil {
				return err
			}
			list := []scenarioOverview{}
			for _, s := range scenarios {
				list = append(list, scenarioOverview{s.ID, s.Title, s.Level, s.Plan, s.Warning})
			}
			if asJSON {
				return e.writeJSON(list)
			}
			for _, s := range list {
				var subjects []string
				for _, word := range s.Warning {
					subjects = append(subjects, e.say("training.warning."+word, nil))
				}
				fmt.Fprintf(e.out, "%-20s  %s (%s; %s)\n", s.ID, s.Title, e.say("training.list.referral", map[string]any{"Level": s.Level, "Plan": s.Plan}), strings.Join(subjects, ", "))
			}
			return nil
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

type trainRunOptions struct {
	*trainOptions
	person, trainee, phase string
	seed                   int64
}

func newTrainRun(e *env, o *trainOptions) *cobra.Command {
	r := &trainRunOptions{trainOptions: o}
	command := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Play a mock interview",
		Long: `Plays an interview against a scenario, on the same screens as a real one. The program gives what the person says and what
happens; you ask, mark, pause and refer. Before the result you say what you would do. The same --seed gives the same run.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error { return e.trainRun(cmd.Context(), r, args[0]) },
	}
	flags := command.Flags()
	flags.StringVar(&r.person, "person", "en", "language of the person, as th")
	flags.StringVar(&r.trainee, "trainee", "trainee", "a pseudonym for the sheet of a class")
	flags.StringVar(&r.phase, "phase", "", "before or after a course")
	flags.Int64Var(&r.seed, "seed", -1, "number from which the run follows; by chance if left out")
	return command
}

func (e *env) trainRun(ctx context.Context, r *trainRunOptions, id string) error {
	if !training.Pseudonym(r.trainee) {
		return usageError{errors.New("--trainee takes one word of letters and digits, no name")}
	}
	if r.phase != "" && r.phase != training.Before && r.phase != training.After {
		return usageError{errors.New("--phase is before or after")}
	}
	data, s, err := e.scenario(r.trainOptions, id)
	if err != nil {
		return err
	}
	lines, err := e.lines(r.trainOptions, s, r.person)
	if err != nil {
		return err
	}
	official := e.language(e.catalog().Languages())
	setup, err := training.Setup(data, s, official, r.person, version())
	if err != nil {
		return err
	}
	words, err := wording.New(e.catalog(), official, r.person)
	if err != nil {
		return languageError(err)
	}
	if _, err := words.Complete(setup); err != nil {
		return err
	}
	seed, err := e.seed(r.seed)
	if err != nil {
		return err
	}
	shelf, err := e.shelf(r.trainOptions)
	if err != nil {
		return err
	}
	play := &practice.Play{Scenario: s, Lines: lines, Reading: s.Lines(), Setup: setup, Seed: seed, Trainee: r.trainee, Phase: r.phase, Shelf: shelf, Say: e.say, Now: e.now}
	run, err := e.perform(ctx, play, words)
	switch {
	case errors.Is(err, practice.ErrLeft):
		fmt.Fprintln(e.err, e.say("training.left", nil))
		return nil
	case errors.Is(err, session.ErrInterrupted):
		return fmt.Errorf("%w: %w", errMockBrokenOff, err)
	case err != nil:
		return err
	}
	fmt.Fprintln(e.err, e.say("training.kept", map[string]any{"ID": run.ID}))
	return nil
}

// errMockBrokenOff says that a mock interview ended early and nothing of it is kept.
var errMockBrokenOff = errors.New("the mock interview was broken off")

// perform plays on the form or on lines, marked on every screen, and closes it.
func (e *env) perform(ctx context.Context, play *practice.Play, words *wording.Words) (*training.Run, error) {
	shown, end, err := e.open(words.Marked(e.say("training.mark", nil)))
	if err != nil {
		return nil, err
	}
	defer end()
	play.Stage = shown
	return play.Run(ctx)
}

// seed is the number given, or one by chance that is easy to type.
func (e *env) seed(given int64) (uint64, error) {
	if given >= 0 {
		return uint64(given), nil
	}
	var b [8]byte
	if _, err := io.ReadFull(e.rand, b[:]); err != nil {
		return 0, fmt.Errorf("random bytes: %w", err)
	}
	return binary.BigEndian.Uint64(b[:]) % 1_000_000, nil
}
