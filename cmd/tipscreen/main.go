// Command tipscreen leads frontline officials through a screening for signs of trafficking in persons, offline and in two
// languages, and keeps the record encrypted.
//
// Start with run: it makes the commands (one file each), and exitCode is the only place that turns an error into an exit
// code. Everything that touches the outside comes in through env.
package main

import (
	"os"

	"tipscreen/cmd/internal/guard"
	"tipscreen/cmd/internal/hardened"
)

func main() {
	guard.Release()
	_ = hardened.Process() // what the system refuses, it refuses; nothing here depends on it
	os.Exit(run(os.Args[1:], system()))
}
