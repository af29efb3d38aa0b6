package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"path"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/store"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPassphrase  = 3
	exitDamaged     = 4
	exitInterrupted = 5
	exitData        = 6
)

const exitHelp = `
Exit codes: 0 done, 1 something failed (the store is in use, too), 2 wrong usage, 3 wrong passphrase, 4 damaged or
tampered with, 5 interrupted with everything saved, 6 a framework, plan or language file is invalid.`

// run is the program: the arguments and the outside in, the exit code out.
func run(args []string, e *env) (code int) {
	defer func() {
		if recover() != nil {
			// The value of the panic is not printed: it could hold what somebody said. Where it happened is enough to mend it.
			fmt.Fprintln(e.err, "tipscreen: "+e.say("error.inside", nil)+" ["+panicPlace()+"]")
			code = exitFailed
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	root := newRoot(e)
	root.SetArgs(args)
	root.SetIn(e.in)
	root.SetOut(e.out)
	root.SetErr(e.err)
	err := root.ExecuteContext(ctx)
	var told toldDamage
	var failed toldFailure
	if err != nil && !errors.As(err, &told) && !errors.As(err, &failed) {
		e.report(err)
	}
	return exitCode(err)
}

// panicPlace names the functions that led to a panic, innermost first, without any of their values.
func panicPlace() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)])
	var places []string
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "tipscreen/") || strings.HasPrefix(frame.Function, "main.") {
			places = append(places, fmt.Sprintf("%s:%d", path.Base(frame.File), frame.Line))
		}
		if !more || len(places) == 5 {
			return strings.Join(places, " < ")
		}
	}
}

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// exitCode is the only place that turns an error into an exit code.
func exitCode(err error) int {
	var usage usageError
	var data indicators.Problems
	var words locales.Problems
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, store.ErrWrongPassphrase), errors.Is(err, store.ErrCode):
		return exitPassphrase
	case errors.Is(err, store.ErrDamaged):
		return exitDamaged
	case errors.Is(err, session.ErrInterrupted):
		return exitInterrupted
	case errors.As(err, &data), errors.As(err, &words):
		return exitData
	}
	return exitFailed
}

func newRoot(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "tipscreen",
		Short: "Screen people for signs of trafficking, offline, in two languages, encrypted",
		Long: `tipscreen leads frontline officials through a gentle screening for signs of trafficking in persons, in two languages
at once, explains what the answers point to, says what to do next, and keeps an encrypted record.

Without a command it leads through the set-up once, and shows a menu from then on.
`,
		Args:          noArgs,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return runMenu(cmd.Context(), e) },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.DisableDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVar(&e.options.home, "home", "", "folder of the store (or TIPSCREEN_HOME)")
	flags.StringVar(&e.options.officer, "officer", "", "handle of the officer")
	flags.StringVar(&e.options.passphraseFile, "passphrase-file", "", "read the passphrase from this file, which only you may read")
	flags.IntVar(&e.options.passphraseFD, "passphrase-fd", -1, "read the passphrase from this file descriptor")
	flags.StringVar(&e.options.ui, "ui", "", "language of the official, as en or th")
	flags.BoolVar(&e.options.line, "line", false, "plain lines without escape codes, for screen readers and scripts")
	root.AddCommand(newSetup(e), newScreen(e), newResume(e), newQueue(e))
	root.AddCommand(newRecords(e), newVerify(e), newOfficer(e), newEnrol(e), newAgency(e), newExport(e), newAllege(e), newSync(e), newDay(e), newPanic(e))
	root.AddCommand(newIndicators(e), newAssess(e), newReport(e), newDirectory(e), newLaw(e), newTrain(e))
	root.SetUsageTemplate(root.UsageTemplate() + exitHelp + "\n") // every help ends with the exit codes
	return root
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("unknown argument %q for %q; see %s --help", args[0], cmd.CommandPath(), cmd.CommandPath())}
	}
	return nil
}

func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usageError{fmt.Errorf("too many arguments for %q; see %s --help", cmd.CommandPath(), cmd.CommandPath())}
		}
		return nil
	}
}

func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("%q takes %d argument(s); see %s --help", cmd.CommandPath(), n, cmd.CommandPath())}
		}
		return nil
	}
}

// group makes a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	command := &cobra.Command{Use: use, Short: short, Long: short + ".\n", RunE: func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Errorf("unknown command %q for %q", args[0], cmd.CommandPath())}
		}
		return usageError{fmt.Errorf("say what to do: %s --help lists it", cmd.CommandPath())}
	}}
	command.AddCommand(commands...)
	return command
}
