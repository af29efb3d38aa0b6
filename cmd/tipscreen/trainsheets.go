package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/practice"
	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/screening/training"
)

// writeSheet writes a sheet in the form that was asked for.
func (e *env) writeSheet(sheet *practice.Sheet, format string) error {
	switch format {
	case "text":
		return sheet.Text(e.out)
	case "html":
		return sheet.HTML(e.out)
	}
	return usageError{errors.New("--format is text or html")}
}

// uiLanguage is the language of sheets.
func (e *env) uiLanguage() string { return e.language(e.catalog().Languages()) }

func newTrainPlay(e *env, o *trainOptions) *cobra.Command {
	var person string
	command := &cobra.Command{
		Use:   "play SCENARIO",
		Short: "Print role cards for two people and an observer",
		Long: `Writes the cards for a role play: what the official knows, what the person says and when, what the observer looks for.
`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			_, s, err := e.scenario(o, args[0])
			if err != nil {
				return err
			}
			lines, err := e.lines(o, s, person)
			if err != nil {
				return err
			}
			return e.writeSheet(practice.CardsSheet(e.say, e.uiLanguage(), s, lines), o.format)
		},
	}
	command.Flags().StringVar(&person, "person", "en", "language of the person's lines")
	o.formats(command, "text html")
	return command
}

func newTrainDebrief(e *env, o *trainOptions) *cobra.Command {
	command := &cobra.Command{
		Use:   "debrief SCENARIO",
		Short: "Print the sheet for the talk after an exercise",
		Long:  "Writes what there was to be learned, what to talk about, and when to practise again. It gives the answers away.\n",
		Args:  exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			_, s, err := e.scenario(o, args[0])
			if err != nil {
				return err
			}
			return e.writeSheet(practice.DebriefSheet(e.say, e.uiLanguage(), s, e.now()), o.format)
		},
	}
	o.formats(command, "text html")
	return command
}

type reviewOptions struct {
	*trainOptions
	replay bool
	speed  int
}

func newTrainReview(e *env, o *trainOptions) *cobra.Command {
	r := &reviewOptions{trainOptions: o}
	command := &cobra.Command{
		Use:   "review [RUN]",
		Short: "Show how a mock interview went",
		Long: `Shows the marks of a mock interview with reasons: the latest, one by its id, or a file that was handed in.
--format json writes the run itself, to be handed in for a class. --replay shows it again as it happened, with its pauses.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ""
			if len(args) == 1 {
				id = args[0]
			}
			return e.review(cmd.Context(), r, id)
		},
	}
	command.Flags().BoolVar(&r.replay, "replay", false, "show the talk again, with its times")
	command.Flags().IntVar(&r.speed, "speed", 10, "how many times faster than it was, with --replay; 0: without pauses")
	o.formats(command, "text html json")
	return command
}

func (e *env) review(ctx context.Context, r *reviewOptions, id string) error {
	run, err := e.findRun(r.trainOptions, id)
	if err != nil {
		return err
	}
	if r.format == "json" {
		return e.writeJSON(run)
	}
	data, s, err := e.scenario(r.trainOptions, run.Scenario)
	if err != nil {
		return err
	}
	if r.replay {
		return e.replay(ctx, practice.Replay(e.say, s, run), r.speed)
	}
	marks, err := training.Mark(data, s, run)
	if err != nil {
		return err
	}
	return e.writeSheet(practice.ReviewSheet(e.say, e.uiLanguage(), s, run, marks), r.format)
}

func (e *env) findRun(o *trainOptions, id string) (*training.Run, error) {
	if strings.HasSuffix(id, ".json") {
		run, err := practice.ReadFile(id)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", id, err)
		}
		return run, nil
	}
	shelf, err := e.shelf(o)
	if err != nil {
		return nil, err
	}
	return shelf.Run(id)
}

// replay shows a run with its pauses, faster than it was.
func (e *env) replay(ctx context.Context, moments []practice.Moment, speed int) error {
	mark := e.say("training.mark", nil)
	fmt.Fprintln(e.out, mark+": "+e.say("training.review.timeline", nil))
	for _, m := range moments {
		if speed > 0 && m.Wait > 0 {
			select {
			case <-ctx.Done():
				return session.ErrInterrupted
			case <-time.After(m.Wait / time.Duration(speed)):
			}
		}
		fmt.Fprintln(e.out, mark+"  "+m.Text)
	}
	return nil
}

func newTrainClass(e *env, o *trainOptions) *cobra.Command {
	var groupOnly bool
	command := &cobra.Command{
		Use:   "class DIR",
		Short: "Compare the mock interviews of a class",
		Long: `Reads the runs of many trainees from a folder: files from "train review --format json", or their training folders. It
shows where people differ and how far they agree. No figure is given for fewer than five cases. --group leaves individuals out.
`,
		Args: exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			data, scenarios, err := e.loadScenarios(o)
			if err != nil {
				return err
			}
			runs, problems, err := practice.HandedIn(args[0])
			if err != nil {
				return err
			}
			entries, more := markAll(data, scenarios, runs)
			problems = append(problems, more...)
			if len(entries) == 0 {
				return errors.Join(append([]error{errors.New("there are no mock interviews in this folder")}, problems...)...)
			}
			sheet := practice.ClassSheet(e.say, e.uiLanguage(), training.Summarise(entries), problems, groupOnly)
			return e.writeSheet(sheet, o.format)
		},
	}
	command.Flags().BoolVar(&groupOnly, "group", false, "leave out what says something about one person")
	o.formats(command, "text html")
	return command
}

// markAll marks every run whose scenario is known as it was played.
func markAll(data *indicators.Data, scenarios []*training.Scenario, runs []*training.Run) (entries []training.Entry, problems []error) {
	for _, run := range runs {
		s, err := training.Find(scenarios, run.Scenario)
		if err == nil && s.Digest != run.Digest {
			err = errors.New("the scenario was another one when it was played")
		}
		var marks *training.Marks
		if err == nil {
			marks, err = training.Mark(data, s, run)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", run.ID, err))
			continue
		}
		entries = append(entries, training.Entry{Run: run, Scenario: s, Marks: marks})
	}
	return entries, problems
}

func newTrainCheck(e *env, o *trainOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check scenarios",
		Long: `Checks the scenarios that ship, and those in DIR: strictly read, words that blame, facts that nobody can learn, events that
never happen, expectations that the facts do not lead to. Each is played with its model answer.
`,
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			mine := *o
			if len(args) == 1 {
				mine.scenarios = args[0]
			}
			data, scenarios, err := e.loadScenarios(&mine)
			if err != nil {
				return err
			}
			var problems indicators.Problems
			for _, s := range scenarios {
				problems = append(problems, training.Rehearsal(data, s)...)
			}
			if len(problems) > 0 {
				return problems
			}
			fmt.Fprintln(e.out, e.say("training.check.good", map[string]any{"N": len(scenarios)}))
			return nil
		},
	}
}

func newTrainNew(o *trainOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE.yaml",
		Short: "Write the beginning of a scenario",
		Long:  "Writes a small scenario that passes the check, to be changed. An existing file is left alone.\n",
		Args:  exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			content, err := training.Scaffold(args[0])
			if err != nil {
				return usageError{err}
			}
			if _, err := os.Lstat(args[0]); err == nil {
				return fmt.Errorf("%s is there already and was left alone", args[0])
			}
			return writeNew(args[0], content)
		},
	}
}
