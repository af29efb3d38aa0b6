// Package hardened keeps other programs of the same user, crash handlers and core files away from the memory of this
// process. What the system cannot do is left out: full-disk encryption and no hibernation remain the user's part.
package hardened

import "runtime/debug"

// Process asks the system to protect the process. Each measure stands alone, so a failure of one is no reason to stop;
// the error is for tests.
func Process() error {
	debug.SetTraceback("none") // a crash prints no goroutines, whose arguments could hold an answer
	return process()
}
