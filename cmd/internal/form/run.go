package form

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	"tipscreen/cmd/internal/session"
)

// framesPerSecond halves the wait for a frame that the library's 60 would cost.
const framesPerSecond = 120

// The size of a window that cannot be measured, as in tests.
const (
	defaultColumns = 80
	defaultRows    = 24
)

// closeTimeout is how long Close waits for a program that hangs on a dead terminal.
const closeTimeout = 2 * time.Second

// run is one life of the program, from Start to Close.
type run struct {
	program *tea.Program
	model   *model
	out     *output
	signals chan os.Signal
	done    chan struct{}
	err     error // valid when done is closed
}

// reason is why the program ended.
func (r *run) reason() error {
	if r.err != nil {
		return r.err
	}
	return fmt.Errorf("%w: the form was closed", session.ErrInterrupted)
}

// Start takes the terminal over. Every call does it where needed, so that a form can also be used again after Close.
func (f *Form) Start() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended != nil {
		return f.ended
	}
	if f.run != nil {
		return nil
	}
	r := &run{out: &output{w: f.options.Out}, done: make(chan struct{}), signals: make(chan os.Signal, 1)}
	r.model = newModel(f.options, f.look, r.out)
	r.model.base, r.model.lock = f.base, f.base
	r.model.onHide = f.options.OnHide
	if file, ok := f.options.Out.(*os.File); ok {
		if columns, rows, err := term.GetSize(file.Fd()); err == nil && columns > 0 {
			r.model.width, r.model.height = columns, rows
		}
	}
	r.program = tea.NewProgram(r.model, tea.WithAltScreen(), tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler(),
		tea.WithInput(r.input(f.options.In)), tea.WithOutput(r.out.asFile()))
	r.model.quit = func() { go r.program.Quit() }
	signal.Notify(r.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go r.watch()
	go f.live(r)
	f.run = r
	return nil
}

// watch ends the program in good order when the machine or the terminal wants it to end.
func (r *run) watch() {
	select {
	case <-r.signals:
		r.program.Send(endMsg{session.ErrInterrupted})
	case <-r.done:
	}
	signal.Stop(r.signals)
}

// live runs the program to its end.
func (f *Form) live(r *run) {
	_, err := r.program.Run()
	switch {
	case r.model.failure != nil:
		r.err = r.model.failure
	case err != nil:
		r.err = fmt.Errorf("%w: the terminal cannot be used: %w", session.ErrInterrupted, err)
	}
	r.out.forget()
	close(r.done)
	if r.err != nil {
		f.mu.Lock()
		f.ended = r.err
		f.mu.Unlock()
	}
}

// Close gives the terminal back as it was, and clears what it remembers of this session. It may be called twice, and
// belongs into a defer, so that it also happens when the program panics.
func (f *Form) Close() error {
	f.mu.Lock()
	r := f.run
	f.run = nil
	f.mu.Unlock()
	if r == nil {
		return nil
	}
	go r.program.Send(endMsg{nil})
	select {
	case <-r.done:
	case <-time.After(closeTimeout):
		r.program.Kill()
		<-r.done
	}
	if r.err != nil && !errors.Is(r.err, session.ErrInterrupted) && !errors.Is(r.err, io.EOF) {
		return r.err
	}
	return nil
}

// input passes the keys on and notices their end, which the library keeps to itself.
func (r *run) input(in io.Reader) io.Reader {
	ended := func() { go r.program.Send(endMsg{io.EOF}) }
	if file, ok := in.(*os.File); ok {
		return &fileInput{File: file, ended: ended}
	}
	return &plainInput{Reader: in, ended: ended}
}

type plainInput struct {
	io.Reader
	ended func()
}

func (i *plainInput) Read(p []byte) (int, error) {
	n, err := i.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		i.ended()
	}
	return n, err
}

// fileInput stays a file, because the library treats terminals as such.
type fileInput struct {
	*os.File
	ended func()
}

func (i *fileInput) Read(p []byte) (int, error) {
	n, err := i.File.Read(p)
	if errors.Is(err, io.EOF) {
		i.ended()
	}
	return n, err
}

// output counts frames and lets commands to the terminal through only between them.
type output struct {
	mu     sync.Mutex
	w      io.Writer
	frames atomic.Uint64
}

func (o *output) Write(p []byte) (int, error) {
	defer o.frames.Add(1)
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}

// asFile keeps a file a file, for the same reason as fileInput.
func (o *output) asFile() io.Writer {
	if file, ok := o.w.(*os.File); ok {
		return &fileOutput{File: file, out: o}
	}
	return o
}

type fileOutput struct {
	*os.File
	out *output
}

func (f *fileOutput) Write(p []byte) (int, error) { return f.out.Write(p) }

// WriteString is used for commands only, so it counts no frame.
func (f *fileOutput) WriteString(s string) (int, error) {
	f.out.mu.Lock()
	defer f.out.mu.Unlock()
	return f.File.WriteString(s)
}

// forget clears the lines above the screen, and the title of the window.
func (o *output) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	text := "\x1b[3J"
	if term := os.Getenv("TERM"); !strings.HasPrefix(term, "linux") { // it would print the title
		text += "\x1b]2;\x07"
	}
	_, _ = io.WriteString(o.w, text)
}
