package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/screening"
	"tipscreen/screening/statistics"
)

// receivedPart is the protection part of a record that an agency has received and opened.
type receivedPart struct {
	// Month is when it was received, as 2026-11.
	Month string
	Part  *screening.Part
}

// receivedParts opens every record of the agency in a folder, one after the other. The agency's own store provides it
// (openedParts).
type receivedParts func(cmd *cobra.Command, dir string) iter.Seq2[receivedPart, error]

// openedParts reads the records that somebody of the agency has opened: what was only received is not counted yet.
func (e *env) openedParts(cmd *cobra.Command, dir string) iter.Seq2[receivedPart, error] {
	return func(yield func(receivedPart, error) bool) {
		a, _, err := e.openAgency(cmd.Context(), dir)
		if err != nil {
			yield(receivedPart{}, err)
			return
		}
		for one, err := range a.Opened() {
			var part *screening.Part
			if err == nil {
				if part, err = screening.ReadPart(one.Content); err != nil {
					err = fmt.Errorf("read record %s: %w", reference(one.ID), err)
				}
			}
			if err != nil {
				yield(receivedPart{}, err)
				return
			}
			if !yield(receivedPart{one.Received.Format("2006-01"), part}, nil) {
				return
			}
		}
	}
}

// statsOptions are the flags of agency stats.
type statsOptions struct {
	release, policy, format string
	months                  []string
}

// statsFolder holds the releases of an agency, one file each. They hold nothing but what was published.
const statsFolder = "statistics"

const (
	statsFormats  = "text csv html json"
	releaseSuffix = ".json"
)

var (
	errNoRelease = errors.New("there is no release with this name")
	releaseName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,39}$`)
)

func newAgencyStats(e *env, parts receivedParts) *cobra.Command {
	o := &statsOptions{}
	command := &cobra.Command{
		Use:   "stats DIR",
		Short: "Count records into a release that may be published, or show one",
		Long: `Without flags it lists the releases. --release NAME shows one. With --months, as 2026-10,2026-11, it makes one of the
records that were received in these months and opened, from people who agreed to statistics. Counts are rounded down to tens and small
ones are not shown. A release is kept as it is and never counted anew, and a month is in one release only.
--policy names a JSON file with the places and groups under which sites and nationalities are published.
`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.stats(args[0], o, func() iter.Seq2[receivedPart, error] { return parts(cmd, args[0]) })
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.release, "release", "", "name of the release, as 2026-q4")
	flags.StringSliceVar(&o.months, "months", nil, "the months of a new release, as 2026-10,2026-11,2026-12")
	flags.StringVar(&o.policy, "policy", "", "file with what may be published by name")
	flags.StringVar(&o.format, "format", "text", "one of "+statsFormats)
	return command
}

// stats lists, shows or makes a release.
func (e *env) stats(dir string, o *statsOptions, parts func() iter.Seq2[receivedPart, error]) error {
	releases, err := readReleases(dir)
	if err != nil {
		return err
	}
	if o.release == "" {
		return e.listReleases(releases, o)
	}
	if !releaseName.MatchString(o.release) {
		return usageError{errors.New("the name of a release has letters, digits and -, at most 40")}
	}
	var release *statistics.Release
	for _, one := range releases {
		if one.Name == o.release {
			release = one
		}
	}
	switch {
	case release == nil && len(o.months) == 0:
		return fmt.Errorf("%w: %s", errNoRelease, o.release)
	case release != nil && len(o.months) > 0:
		return usageError{fmt.Errorf("the release %s is there already and stays as it is: leave --months out to see it", o.release)}
	case release == nil:
		if release, err = e.makeRelease(dir, o, releases, parts()); err != nil {
			return err
		}
	}
	return e.writeRelease(e.out, release, o.format)
}

func (e *env) listReleases(releases []*statistics.Release, o *statsOptions) error {
	if len(o.months) > 0 {
		return usageError{errors.New("give the new release a name: --release")}
	}
	if o.format == "json" {
		return e.writeJSON(append([]*statistics.Release{}, releases...))
	}
	for _, one := range releases {
		fmt.Fprintf(e.out, "%-20s  %s\n", one.Name, strings.Join(one.Periods, " "))
	}
	if len(releases) == 0 {
		fmt.Fprintln(e.err, e.say("statistics.none", nil))
	}
	return nil
}

// makeRelease counts, and keeps the release before it is shown.
func (e *env) makeRelease(dir string, o *statsOptions, earlier []*statistics.Release, parts iter.Seq2[receivedPart, error]) (*statistics.Release, error) {
	if err := statistics.Next(earlier, o.months, e.now()); err != nil {
		return nil, usageError{err}
	}
	policy, err := e.statsPolicy(o.policy)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(strings.Split(statsFormats, " "), o.format) {
		return nil, usageError{fmt.Errorf("--format is one of %s", statsFormats)}
	}
	release, err := statistics.Build(o.release, o.months, policy, casesOf(parts))
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(release)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(dir, statsFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for releases: %w", err)
	}
	// Written beside and renamed: a release that was cut off would have been published by nobody, and block its months.
	path := filepath.Join(folder, o.release+releaseSuffix)
	beside := path + ".new"
	if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("clear the way for the release: %w", err)
	}
	if err := writeNew(beside, content); err != nil {
		return nil, err
	}
	if err := os.Rename(beside, path); err != nil {
		return nil, fmt.Errorf("keep the release: %w", err)
	}
	fmt.Fprintln(e.err, e.say("statistics.made", map[string]any{"Name": release.Name}))
	return release, nil
}

// casesOf leaves out whoever did not agree to statistics.
func casesOf(parts iter.Seq2[receivedPart, error]) iter.Seq2[statistics.Case, error] {
	return func(yield func(statistics.Case, error) bool) {
		for one, err := range parts {
			if err != nil {
				yield(statistics.Case{}, err)
				return
			}
			if c, ok := statistics.FromPart(one.Part, one.Month); ok && !yield(c, nil) {
				return
			}
		}
	}
}

func (e *env) statsPolicy(path string) (*statistics.Policy, error) {
	policy := &statistics.Policy{}
	if path != "" {
		content, err := readLimited(path)
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(content))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(policy); err != nil {
			return nil, fmt.Errorf("read the policy %s: it has sites, nationality_groups and plans: %w", path, err)
		}
		if err := policy.Check(); err != nil {
			return nil, fmt.Errorf("read the policy %s: %w", path, err)
		}
	}
	if len(policy.Plans) == 0 {
		data, err := e.data()
		if err != nil {
			return nil, err
		}
		for _, plan := range data.Plans {
			policy.Plans = append(policy.Plans, plan.ID)
		}
	}
	return policy, nil
}

func readReleases(dir string) ([]*statistics.Release, error) {
	entries, err := os.ReadDir(filepath.Join(dir, statsFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the releases: %w", err)
	}
	var releases []*statistics.Release
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), releaseSuffix) {
			continue
		}
		content, err := readLimited(filepath.Join(dir, statsFolder, entry.Name()))
		if err != nil {
			return nil, err
		}
		release, err := statistics.ReadRelease(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		releases = append(releases, release)
	}
	return releases, nil
}

func (e *env) writeRelease(w io.Writer, release *statistics.Release, format string) error {
	switch format {
	case "text":
		return release.Text(w, e.say)
	case "csv":
		return release.CSV(w)
	case "html":
		return release.HTML(w, e.language(e.catalog().Languages()), e.say)
	case "json":
		return e.writeJSON(release)
	}
	return usageError{fmt.Errorf("--format is one of %s", statsFormats)}
}
