package main

import (
	"bytes"
	"context"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store/seal"
)

// minPassphrase is the shortest passphrase that an officer may choose; a generated one is longer.
const minPassphrase = 12

// newSecret is the pair of flags for a passphrase that is being chosen.
type newSecret struct {
	file       string
	descriptor int
}

func (n *newSecret) flags(command *cobra.Command) {
	command.Flags().StringVar(&n.file, "new-passphrase-file", "", "read the new passphrase from this file, which only you may read")
	command.Flags().IntVar(&n.descriptor, "new-passphrase-fd", -1, "read the new passphrase from this file descriptor")
}

// on gives what read gives, except that an enrolled laptop takes no passphrase from a file.
func (n *newSecret) on(enrolled bool) func() ([]byte, bool, error) {
	if enrolled && n.file != "" {
		return func() ([]byte, bool, error) { return nil, false, usageError{errSecretFile} }
	}
	return n.read
}

// read gives what the flags name. What is too short is a mistake in the call.
func (n *newSecret) read() ([]byte, bool, error) {
	passphrase, given, err := readSecret("new-passphrase", n.file, n.descriptor)
	if given && err == nil && tooShort(passphrase) {
		return nil, false, usageError{errShort}
	}
	return passphrase, given, err
}

func tooShort(passphrase []byte) bool {
	return len([]rune(string(seal.NormalizePassphrase(passphrase)))) < minPassphrase
}

// newPassphrase offers a generated passphrase, or takes one of the officer's own, and asks for it again; one that flags
// gave is taken as it is.
func (e *env) newPassphrase(ctx context.Context, dialog session.Dialog, fromFlags func() ([]byte, bool, error)) ([]byte, error) {
	if passphrase, given, err := fromFlags(); err != nil || given {
		return passphrase, err
	}
	offered, err := seal.GeneratePassphrase(e.rand)
	if err != nil {
		return nil, err
	}
	notice := ""
	for {
		q := e.question("setup.passphrase")
		q.Text = append(q.Text, "", "    "+offered, "")
		q.Notice = notice
		first, err := dialog.Secret(ctx, q)
		if err != nil {
			return nil, broken(err)
		}
		if len(first) == 0 {
			first = []byte(offered)
		}
		if tooShort(first) {
			notice = e.say("setup.passphrase.short", nil)
			continue
		}
		again, err := dialog.Secret(ctx, e.question("setup.again"))
		if err != nil {
			return nil, broken(err)
		}
		same := bytes.Equal(seal.NormalizePassphrase(first), seal.NormalizePassphrase(again))
		clear(again)
		if same {
			return first, nil
		}
		notice = e.say("setup.passphrase.differ", nil)
	}
}
