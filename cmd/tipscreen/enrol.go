package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store"
	"tipscreen/store/seal"
)

// errFingerprint says that the words of an agency's root are not those on the official's paper.
var errFingerprint = errors.New("the words of the agency do not agree")

// errSecretFile refuses a passphrase that lies in a file, once the laptop works for an agency.
var errSecretFile = errors.New("an enrolled laptop takes no passphrase from a file; use --passphrase-fd")

func newEnrol(e *env) *cobra.Command {
	var fingerprint string
	var asJSON bool
	command := &cobra.Command{
		Use:   "enrol [FILE]",
		Short: "Let this laptop hand over to an agency",
		Long: `Takes the keyset of an agency. The first time, the eight words of the agency are compared with those on paper: type
the word that is left out, or give all of them with --fingerprint. Later keysets must come from the same agency and be
newer. Only interviews begun from now on are sealed to the agency. Without FILE it shows for whom the laptop works.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				if len(args) == 0 {
					return e.showEnrolment(kept, asJSON)
				}
				return e.enrol(cmd.Context(), kept, dialog, args[0], fingerprint)
			})
		},
	}
	command.Flags().StringVar(&fingerprint, "fingerprint", "", "the eight words of the agency, as they stand on its paper")
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

func (e *env) showEnrolment(kept *opened, asJSON bool) error {
	now, enrolled := kept.Enrolment()
	switch {
	case asJSON && enrolled:
		return e.writeJSON(now)
	case asJSON:
		return e.writeJSON(nil)
	case !enrolled:
		fmt.Fprintln(e.out, e.say("enrol.alone", nil))
	default:
		fmt.Fprintln(e.out, e.say("enrol.state", map[string]any{"Agency": now.Agency, "Version": now.Version, "Until": now.NotAfter}))
		fmt.Fprintln(e.out, strings.Join(now.Words, " "))
	}
	return nil
}

func (e *env) enrol(ctx context.Context, kept *opened, dialog session.Dialog, path, fingerprint string) error {
	signed, err := readLimited(path)
	if err != nil {
		return err
	}
	k, err := seal.ParseKeyset(signed)
	if err != nil {
		return err
	}
	if !kept.Enrolled() || fingerprint != "" {
		if err := e.confirmRoot(ctx, dialog, k, fingerprint); err != nil {
			return err
		}
	}
	if err := kept.Enrol(signed); err != nil {
		return err
	}
	fmt.Fprintln(e.err, e.say("enrol.done", map[string]any{"Agency": k.Agency, "Version": k.Version, "Until": k.NotAfter}))
	if !k.HasOversight() {
		fmt.Fprintln(e.err, e.say("enrol.no_oversight", nil))
	}
	if k.Expired(e.now()) {
		fmt.Fprintln(e.err, e.say("enrol.expired", map[string]any{"Until": k.NotAfter}))
	}
	// For the agency's register: which laptop will sign.
	head, device := kept.Head()
	fmt.Fprintf(e.out, "device %s %x\n", head.Device, []byte(device))
	return nil
}

// confirmRoot lets a person compare the agency's words with paper. One word is left out on the screen, so that it has
// to be read from the paper.
func (e *env) confirmRoot(ctx context.Context, dialog session.Dialog, k *seal.Keyset, fingerprint string) error {
	words := seal.RootWords(k.Root())
	if fingerprint != "" {
		if strings.Join(strings.Fields(strings.ToLower(fingerprint)), " ") != strings.Join(words, " ") {
			return errFingerprint
		}
		return nil
	}
	n, err := rand.Int(e.rand, big.NewInt(int64(len(words))))
	if err != nil {
		return err
	}
	asked := words[n.Int64()]
	words[n.Int64()] = "____"
	q := e.question("enrol.word")
	q.Text = append([]string{k.Agency, "    " + strings.Join(words, " "), ""}, q.Text...)
	typed, err := dialog.Text(ctx, q)
	if err != nil {
		return broken(err)
	}
	if strings.ToLower(strings.TrimSpace(typed)) != asked {
		return errFingerprint
	}
	return nil
}

// maxPack is larger than any keyset or pack of drafts that a laptop makes.
const maxPack = 64 << 20

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxPack))
}

// writeNew writes a file that must not be there yet, for its owner's eyes.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// followAgency applies what an enrolment changes for the whole program, and warns of what is wrong with it.
func (e *env) followAgency(kept *store.Store) error {
	now, enrolled := kept.Enrolment()
	if !enrolled {
		return nil
	}
	if e.options.passphraseFile != "" {
		return usageError{errSecretFile}
	}
	e.signedOnly, e.signedData, e.words = true, now.Data, nil
	switch {
	case !now.Usable:
		fmt.Fprintln(e.err, "tipscreen: "+e.say("error.no_keyset", nil))
	case now.Expired:
		fmt.Fprintln(e.err, "tipscreen: "+e.say("enrol.expired", map[string]any{"Until": now.NotAfter}))
	}
	return nil
}
