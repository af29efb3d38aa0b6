package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/term"

	"tipscreen/indicators"

	"tipscreen/cmd/internal/session"
	"tipscreen/locales"
)

// env is everything that a command may touch outside itself. Tests put other values in.
type env struct {
	in       *bufio.Reader
	stdin    *os.File
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
	rand     io.Reader
	// terminal tells whether a person sits at both ends.
	terminal bool

	options globalOptions
	// own is the official's language by the settings; a flag goes before it.
	own string
	// words is the catalogue once it was opened: the files of a language are then read once.
	words *locales.Catalog
	// fresh is the passphrase that was just chosen in the set-up, so that it is not asked for twice; used once.
	fresh []byte
	// check tries a passphrase for a screen that was hidden; nil while no store is open.
	check func(passphrase []byte) bool
	// heavy counts the hard interviews since the program started. It is kept nowhere.
	heavy int
	// loaded are the frameworks, items and plans, once they were read.
	loaded *indicators.Data
	// onHide is called when the form is hidden, so that what stands beside it is hidden with it; nil: nothing does.
	onHide func()
	// beside says what an interview is shown on besides the terminal.
	beside beside
	// signedOnly: the laptop works for an agency, so only data with the digest signedData is laid over the embedded.
	signedOnly              bool
	signedData              string
	lookedAtData, trustData bool
}

// globalOptions are the flags that every command has.
type globalOptions struct {
	home, officer, passphraseFile, ui string
	passphraseFD                      int
	line                              bool
}

func system() *env {
	e := &env{
		in: bufio.NewReader(os.Stdin), stdin: os.Stdin, out: os.Stdout, err: os.Stderr,
		getenv: os.Getenv, now: time.Now, rand: rand.Reader,
	}
	e.terminal = term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("TERM") != "dumb"
	return e
}

// home is the folder of the store.
func (e *env) home() (string, error) {
	if e.options.home != "" {
		return e.options.home, nil
	}
	if home := e.getenv("TIPSCREEN_HOME"); home != "" {
		return home, nil
	}
	base, err := os.UserConfigDir()
	if runtime.GOOS == "windows" {
		base, err = os.UserCacheDir() // the other one roams to servers
	}
	return filepath.Join(base, "tipscreen"), err
}

// hidden reads a line from the terminal without showing it. An interruption gives the terminal back as it was.
func (e *env) hidden(ctx context.Context) ([]byte, error) {
	fd := int(e.stdin.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	type result struct {
		line []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		read <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		_ = term.Restore(fd, before)
		return nil, session.ErrInterrupted
	case r := <-read:
		_, _ = io.WriteString(e.err, "\n")
		return r.line, r.err
	}
}

// secret is nil where nothing is shown anyway, because the input is no terminal.
func (e *env) secret() func(context.Context) ([]byte, error) {
	if e.stdin != nil && term.IsTerminal(int(e.stdin.Fd())) {
		return e.hidden
	}
	return nil
}

// language is the official's language before the settings can be read: the flag, or what the system says.
func (e *env) language(known []string) string {
	for _, chosen := range []string{e.options.ui, e.own} {
		if chosen != "" {
			return chosen
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := e.getenv(name); value != "" {
			tag, _, _ := strings.Cut(strings.ReplaceAll(value, "_", "-"), ".")
			base, _, _ := strings.Cut(tag, "-")
			for _, candidate := range []string{tag, base} {
				for _, one := range known {
					if one == candidate {
						return one
					}
				}
			}
			break
		}
	}
	return "en"
}

// version names the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	name := info.Main.Version
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			name += " " + setting.Value[:12]
		}
	}
	return name
}
