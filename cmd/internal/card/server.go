// Package card shows pages in a browser on the same laptop: the card that the person reads, the official's page, and
// cards on paper.
//
// Start with Listen in this file: a Server has one page for one browser, pushes screens to it and hears what was done on
// them. Card (card.go) wraps the official's Surface and shows the person what is being asked; handover.go lets the person
// answer alone. Desk (desk.go) is a Surface for officials whose script a terminal garbles. Paper (paper.go) writes numbered
// cards to be printed, and Keyed (keyed.go) takes what was answered on them. view.go says what a screen is made of;
// web/script.js draws it and knows nothing else.
//
// Next to store/transfer this is the only package that uses the network, and it listens on 127.0.0.1 alone. What guards a
// page is written at Server.
package card

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server has one page for one browser.
//
// The address holds a random token. The script in the page exchanges it, once, for a key that lives in the page's memory
// only: not in a cookie, which every other program with a port on this laptop would be sent, and not in an address, which
// browsers write down. Whoever comes second with the same address, with another token, under another host name (a page
// elsewhere can let a name of its own point to this laptop) or from a page of another origin gets an empty "not found".
// Nothing may be stored, framed, fetched from elsewhere or sent elsewhere.
//
// When the browser goes away its key is void; NewAddress makes another token.
type Server struct {
	host   string
	server *http.Server
	served chan struct{}

	mu      sync.Mutex
	token   string // the first part of every path
	key     string // of the browser that exchanged the token
	joined  bool
	streams int // how many streams were begun; only the last one counts
	alive   bool
	view    view
	data    []byte
	changed chan struct{} // closed when there is another view
	shown   time.Time     // when the view came
	taken   uint64        // the last view on which something was done
	touched time.Time     // when somebody did or wrote something
	typed   string        // what is written on the present view so far
	acts    chan Act
	hides   chan struct{}
	lost    chan struct{}
	closed  bool
	sounds  Recordings // not changed after the page was opened
}

// Act is what was done on a screen.
type Act struct {
	// View is the number of the screen.
	View uint64 `json:"view"`
	// Do is choose, write, secret, or one of the actions of the screen.
	Do    string `json:"do"`
	Value string `json:"value,omitempty"`
	Text  string `json:"text,omitempty"`
}

const (
	// beat is how often a page that shows something hears that the program is still there.
	beat = time.Second
	// grace is how long a page may be away before its key is void.
	grace = 3 * time.Second
	// longestAct bounds what a page may send: the longest text, escaped as JSON at its worst.
	longestAct = 6*(64<<10) + 4096
)

// Listen opens a port of the loopback address and shows an empty page on it.
func Listen() (*Server, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("no page can be shown, no port of this computer is free: %w", err)
	}
	s := &Server{host: listener.Addr().String(), served: make(chan struct{}), changed: make(chan struct{}), acts: make(chan Act, 1), hides: make(chan struct{}, 1), lost: make(chan struct{}, 1)}
	s.put(view{})
	s.server = &http.Server{
		Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0),
	}
	s.NewAddress()
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener)
	}()
	return s, nil
}

// secretText is 128 bits of randomness.
func secretText() string {
	bytes := make([]byte, 16)
	_, _ = rand.Read(bytes) // never fails: the program would have ended
	return hex.EncodeToString(bytes)
}

// NewAddress voids the address and the key before, and gives the address of the page. It works once.
func (s *Server) NewAddress() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token, s.key, s.joined, s.alive = secretText(), "", false, false
	s.streams++
	s.wake()
	return "http://" + s.host + "/" + s.token + "/"
}

// Lost tells, once each time, that the browser went away.
func (s *Server) Lost() <-chan struct{} { return s.lost }

// Close blanks the page and ends the server.
func (s *Server) Close() error {
	s.show(view{})
	s.mu.Lock()
	s.closed = true
	s.wake()
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := s.server.Shutdown(ctx)
	if err != nil {
		err = s.server.Close()
	}
	<-s.served
	return err
}

// show puts another screen on the page. What was done on the one before and not yet heard is dropped.
func (s *Server) show(v view) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.acts:
	default:
	}
	return s.put(v)
}

func (s *Server) put(v view) uint64 {
	v.Number = s.view.Number + 1
	s.view, s.typed, s.shown = v, "", time.Now()
	s.data, _ = json.Marshal(v) // made of texts and numbers, which always marshal
	s.wake()
	return v.Number
}

func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// protect writes what forbids the browser to keep, frame, translate or send anything.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; "+
		"form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=()")
	h.Set("X-Robots-Tag", "noindex")
}

// ServeHTTP answers the one browser, and nobody else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !s.comesFromHere(r) || !s.isToken(token) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	switch route := r.Method + " " + rest; {
	case route == "GET ", route == "GET pictures.js", route == "GET script.js", route == "GET style.css":
		s.file(w, rest)
	case route == "POST join":
		s.join(w, r)
	case strings.HasPrefix(route, "GET font/"):
		serveFont(w, strings.TrimPrefix(rest, "font/"))
	case !s.isKey(r):
		w.WriteHeader(http.StatusNotFound)
	case route == "GET stream":
		s.stream(w, r)
	case route == "POST act":
		s.act(w, r)
	case strings.HasPrefix(route, "GET sound/"):
		s.sound(w, strings.TrimPrefix(rest, "sound/"))
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// comesFromHere refuses what another page, or a name that points here, had the browser send.
func (s *Server) comesFromHere(r *http.Request) bool {
	if r.Host != s.host {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+s.host || origin == "" && r.Method != http.MethodGet {
		return false
	}
	// Browsers say where a request comes from: "none" is an address that was typed or opened by another program.
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return false
}

func same(a, b string) bool {
	return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

func (s *Server) isToken(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closed && same(token, s.token)
}

func (s *Server) isKey(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return same(r.Header.Get("Authorization"), "Bearer "+s.key) && s.key != ""
}

// file gives the page and its parts, until somebody has joined.
func (s *Server) file(w http.ResponseWriter, name string) {
	s.mu.Lock()
	joined := s.joined
	s.mu.Unlock()
	if joined {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	serveWeb(w, name)
}

// join exchanges the token for the key.
func (s *Server) join(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.joined || r.Header.Get("Content-Type") != "application/json" { // which no page elsewhere can send unasked
		w.WriteHeader(http.StatusNotFound)
		return
	}
	s.joined, s.key = true, secretText()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"key": s.key})
	streams := s.streams
	time.AfterFunc(grace, func() { s.gone(streams) }) // whoever joins and does not listen has gone
}

// stream sends every screen as an event, and a beat in between.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.streams++
	mine := s.streams
	s.alive = true
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{})
	beats := time.NewTicker(beat)
	defer beats.Stop()
	defer time.AfterFunc(grace, func() { s.gone(mine) })
	last := uint64(0)
	for {
		s.mu.Lock()
		number, data, changed, over := s.view.Number, s.data, s.changed, s.streams != mine || s.closed && last == s.view.Number
		s.mu.Unlock()
		if over {
			return
		}
		text := ":\n\n"
		if number != last {
			text = "data: " + string(data) + "\n\n" // JSON has no line ends in it
		}
		_ = control.SetWriteDeadline(time.Now().Add(grace))
		if _, err := io.WriteString(w, text); err != nil || control.Flush() != nil {
			return
		}
		last = number
		select {
		case <-changed:
		case <-beats.C:
		case <-r.Context().Done():
			return
		}
	}
}

// gone voids the key when no newer stream was begun.
func (s *Server) gone(stream int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams != stream || !s.joined {
		return
	}
	s.key, s.alive = "", false
	s.streams++
	select {
	case s.lost <- struct{}{}:
	default:
	}
}

// Watched tells whether a browser shows the page.
func (s *Server) Watched() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.alive
}

var errAct = errors.New("not an act")

// readAct reads what a page sent.
func readAct(body io.Reader) (Act, error) {
	var act Act
	decoder := json.NewDecoder(io.LimitReader(body, longestAct))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&act) != nil || act.View == 0 || act.Do == "" {
		return Act{}, errAct
	}
	if _, err := decoder.Token(); err != io.EOF {
		return Act{}, errAct
	}
	return act, nil
}

// act takes what was done on the present screen, once.
func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	act, err := readAct(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touched = time.Now()
	switch {
	case act.Do == doHide: // counts whatever the page shows, also while an answer is being saved
		if act.View == s.view.Number && act.Text != "" {
			s.typed = act.Text
		}
		select {
		case s.hides <- struct{}{}:
		default:
		}
	case act.Do == doAlive:
	case act.View != s.view.Number || s.taken == act.View || time.Since(s.shown) < time.Duration(s.view.Wait)*time.Millisecond:
		w.WriteHeader(http.StatusConflict)
		return
	case act.Do == doTyping:
		s.typed = act.Text
	default:
		s.taken = act.View
		s.acts <- act // there is room: one act for each view, and a new view drops the one before
	}
	w.WriteHeader(http.StatusNoContent)
}

// writing gives what is written on the present screen so far, and when somebody was last there.
func (s *Server) writing() (text string, touched time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.typed, s.touched
}
