// Package guard keeps the terminal libraries from asking the terminal for its background colour while the program
// starts: bubbletea does so when it is loaded and waits five seconds on a terminal that does not answer (a serial
// console, ssh -tt, a test). For that moment the guard says that the terminal is a dumb one.
//
// It imports only os, so that Go initialises it before those libraries; a test on a silent terminal watches over that.
// main calls Release first of all.
package guard

import "os"

var term, set = os.LookupEnv("TERM")

func init() {
	os.Setenv("TERM", "dumb")
}

// Release puts the environment back.
func Release() {
	if set {
		os.Setenv("TERM", term)
	} else {
		os.Unsetenv("TERM")
	}
}
