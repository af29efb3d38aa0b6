package card

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Sheet shows one finished paper on a page of this laptop, to be printed from there: nothing readable is written to a disk
// by this program. What the browser and the printer keep is outside.
type Sheet struct {
	server *http.Server
	served chan struct{}
	// Address is where the paper stands until Close.
	Address string
}

// NewSheet opens a port of the loopback address for one page. Whoever does not know the token gets "not found", and so does
// a page elsewhere that lets a name of its own point here.
func NewSheet(page []byte) (*Sheet, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	host, path := listener.Addr().String(), "/"+secretText()+"/"
	s := &Sheet{Address: "http://" + host + path, served: make(chan struct{})}
	s.server = &http.Server{
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			protect(w.Header())
			foreign := r.Header.Get("Sec-Fetch-Site")
			if r.Host != host || !same(r.URL.Path, path) || r.Method != http.MethodGet || foreign != "" && foreign != "none" && foreign != "same-origin" {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(page)
		}),
	}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener)
	}()
	return s, nil
}

// Close takes the paper away. What a browser already shows stays there until its window is closed.
func (s *Sheet) Close() error {
	err := s.server.Close()
	<-s.served
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
