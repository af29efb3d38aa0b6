package main

import (
	"bufio"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/term"
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
	// fresh is the passphrase that was just chosen in the set-up, so that it is not asked for twice; used once.
	fresh []byte
	// check tries a passphrase for a screen that was hidden; nil while no store is open.
	check func(passphrase []byte) bool
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

// hidden reads a line from the terminal without showing it.
func (e *env) hidden() ([]byte, error) {
	line, err := term.ReadPassword(int(e.stdin.Fd()))
	_, _ = io.WriteString(e.err, "\n")
	return line, err
}

// secret is nil where nothing is shown anyway, because the input is no terminal.
func (e *env) secret() func() ([]byte, error) {
	if e.stdin != nil && term.IsTerminal(int(e.stdin.Fd())) {
		return e.hidden
	}
	return nil
}

// language is the official's language before the settings can be read: the flag, or what the system says.
func (e *env) language(known []string) string {
	if e.options.ui != "" {
		return e.options.ui
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
