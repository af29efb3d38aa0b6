package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/store"
)

var (
	errNoDraft     = errors.New("there is no unfinished interview")
	errNothingKept = errors.New("nothing was kept")
	errBrokenOff   = errors.New("broken off")
)

// settings are kept sealed in the store.
type settings struct {
	Official string `json:"official"`
	Person   string `json:"person"`
	Contacts string `json:"contacts"`
	// Profile is the kind of service, one of profiles.
	Profile string `json:"profile,omitempty"`
	// Country, as TH, and District are where the laptop works.
	Country  string `json:"country,omitempty"`
	District string `json:"district,omitempty"`
}

// profiles are the kinds of services. For the police a legal basis is asked for.
var profiles = []string{"police", "border", "labour", "consular", "social", "other"}

// settingsKey is the name under which the store keeps the settings.
const settingsKey = "settings"

func (e *env) catalog() *locales.Catalog {
	if e.words == nil {
		e.words = locales.Open(append([]fs.FS{locales.Embedded()}, e.overlay("locales")...)...)
	}
	return e.words
}

// data reads the frameworks, items and plans, once: an agency's data do not change while the program runs.
func (e *env) data() (*indicators.Data, error) {
	if e.loaded != nil && e.check != nil {
		return e.loaded, nil
	}
	data, err := indicators.Load(append([]fs.FS{indicators.Embedded()}, e.overlay("indicators")...)...)
	if err == nil && e.check != nil { // before a store is open it is not known whose data count
		e.loaded = data
	}
	return data, err
}

func (e *env) storeOptions() (store.Options, error) {
	home, err := e.home()
	return store.Options{Dir: home, Now: e.now, Rand: e.rand}, err
}

// opened is an unlocked store with what its officer has set.
type opened struct {
	*store.Store
	settings settings
	handle   string
}

// unlock opens the store. A damaged store that could be repaired is used, after it was said what was restored and what
// is lost; the command then still ends with the exit code for damage.
func (e *env) unlock(ctx context.Context, dialog session.Dialog) (*opened, error) {
	options, err := e.storeOptions()
	if err != nil {
		return nil, err
	}
	if !store.Exists(options.Dir) {
		return nil, store.ErrNoStore
	}
	handle, passphrase, err := e.credentials(ctx, dialog)
	if err != nil {
		return nil, err
	}
	defer clear(passphrase)
	s, err := store.Open(options, handle, passphrase)
	if s == nil {
		return nil, err
	}
	if refused := e.followAgency(s); refused != nil {
		return nil, errors.Join(refused, s.Close())
	}
	o := &opened{Store: s, handle: handle}
	if n := s.FailedUnlocks(); n > 0 {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("unlock.failed", map[string]any{"N": n}))
	}
	if s.ClockJumped() {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("clock.jumped", map[string]any{"Now": e.now().Format("2006-01-02 15:04")}))
	}
	if restored := s.Restored(); err == nil && len(restored) > 0 {
		fmt.Fprintln(e.err, "tipscreen: "+e.say("store.restored", map[string]any{"N": len(restored)}))
	}
	content, stateErr := s.State(settingsKey)
	if stateErr == nil && content != nil {
		stateErr = json.Unmarshal(content, &o.settings)
	}
	if stateErr != nil && err == nil {
		err = fmt.Errorf("read the settings: %w", stateErr)
	}
	return o, err
}

// saveSettings keeps the settings, sealed.
func (o *opened) saveSettings() error {
	content, err := json.Marshal(o.settings)
	if err != nil {
		return err
	}
	return o.SetState(settingsKey, content)
}

// credentials takes handle and passphrase from the flags, or asks for them.
func (e *env) credentials(ctx context.Context, dialog session.Dialog) (string, []byte, error) {
	handle := e.options.officer
	if handle == "" {
		var err error
		if handle, err = dialog.Text(ctx, e.question("unlock.officer")); err != nil {
			return "", nil, broken(err)
		}
	}
	if e.fresh != nil {
		passphrase := e.fresh
		e.fresh = nil
		return handle, passphrase, nil
	}
	passphrase, given, err := e.givenPassphrase()
	if err != nil || given {
		return handle, passphrase, err
	}
	passphrase, err = dialog.Secret(ctx, e.question("unlock.passphrase"))
	return handle, passphrase, broken(err)
}

// broken marks the end of the input, or an interruption, in a question outside an interview.
func broken(err error) error {
	if errors.Is(err, io.EOF) {
		err = session.ErrInterrupted
	}
	if errors.Is(err, session.ErrInterrupted) {
		return fmt.Errorf("%w: %w", errBrokenOff, err)
	}
	return err
}

// maxPassphrase is far above any passphrase.
const maxPassphrase = 4 << 10

// givenPassphrase reads the passphrase from the file or the descriptor that a flag names.
func (e *env) givenPassphrase() (passphrase []byte, given bool, err error) {
	return readSecret("passphrase", e.options.passphraseFile, e.options.passphraseFD)
}

// readSecret reads what the flags --NAME-file or --NAME-fd name. A file that others can read is refused.
func readSecret(name, path string, descriptor int) (secret []byte, given bool, err error) {
	var file *os.File
	switch {
	case path != "" && descriptor >= 0:
		return nil, false, usageError{fmt.Errorf("use --%s-file or --%s-fd, not both", name, name)}
	case descriptor < -1, descriptor == 1, descriptor == 2:
		return nil, false, usageError{fmt.Errorf("--%s-fd cannot be %d", name, descriptor)}
	case descriptor == 0: // the replies follow on the same descriptor, so only its first line is taken
		secret, err = firstLine(os.Stdin)
		return secret, err == nil, err
	case descriptor > 0:
		file = os.NewFile(uintptr(descriptor), name)
		if file == nil {
			return nil, false, usageError{fmt.Errorf("--%s-fd names no open descriptor", name)}
		}
	case path != "":
		if file, err = os.Open(path); err != nil {
			return nil, false, fmt.Errorf("open the passphrase file: %w", err)
		}
		info, err := file.Stat()
		if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			file.Close()
			return nil, false, usageError{fmt.Errorf("the passphrase file can be read by others; set its mode to 0600")}
		}
	default:
		return nil, false, nil
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxPassphrase))
	if err != nil {
		return nil, false, fmt.Errorf("read the passphrase: %w", err)
	}
	return bytes.TrimRight(content, "\r\n"), true, nil
}

// firstLine reads a line and not one byte more.
func firstLine(in io.Reader) ([]byte, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < maxPassphrase {
		n, err := in.Read(one)
		if n == 1 && one[0] == '\n' {
			break
		}
		if n == 1 {
			line = append(line, one[0])
		}
		if err == io.EOF && len(line) > 0 {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the passphrase: %w", err)
		}
	}
	return bytes.TrimRight(line, "\r"), nil
}
