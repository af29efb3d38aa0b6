package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store/seal"
	"tipscreen/store/transfer"
)

func newSync(e *env) *cobra.Command {
	return group("sync", "Send sealed records to the agency, and take its receipts",
		newSyncAdd(e), newSyncRemove(e), newSyncList(e), newSyncPush(e), newSyncPull(e), newSyncStatus(e))
}

// entry are the flags for getting into an object store.
type entry struct {
	file, authority string
	fd              int
}

func (c *entry) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&c.file, "credentials-file", "", "read access key and secret key of an object store from this file, a line each; only you may read it")
	flags.IntVar(&c.fd, "credentials-fd", -1, "read them from this file descriptor")
	flags.StringVar(&c.authority, "authority", "", "file with the certificate (PEM) of the only authority that may vouch for the server")
}

// settings reads what is needed for an address; keys that no flag gives are asked for.
func (c *entry) settings(ctx context.Context, e *env, dialog session.Dialog, name, address string) (transfer.Settings, error) {
	t := transfer.Settings{Name: name, Address: address}
	if !t.IsS3() {
		return t, nil
	}
	if c.authority != "" {
		content, err := readLimited(c.authority)
		if err != nil {
			return t, err
		}
		t.Authority = string(content)
	}
	if c.fd == 0 { // only one line of it would be read
		return t, usageError{errors.New("--credentials-fd cannot be 0")}
	}
	given, ok, err := readSecret("credentials", c.file, c.fd)
	defer clear(given)
	if err != nil {
		return t, err
	}
	if ok {
		access, secret, _ := bytes.Cut(given, []byte("\n"))
		t.Access, t.Secret = string(bytes.TrimSpace(access)), string(bytes.TrimSpace(secret))
		return t, nil
	}
	if t.Access, err = dialog.Text(ctx, e.question("sync.access")); err != nil {
		return t, broken(err)
	}
	secret, err := dialog.Secret(ctx, e.question("sync.secret"))
	t.Access, t.Secret = strings.TrimSpace(t.Access), string(bytes.TrimSpace(secret))
	clear(secret)
	return t, broken(err)
}

func newSyncAdd(e *env) *cobra.Command {
	var access entry
	command := &cobra.Command{
		Use:   "add NAME FOLDER|s3://BUCKET/PREFIX?endpoint=https://SERVER",
		Short: "Add a place to send to: a stick, a folder or an object store",
		Long: `Adds a place to which sealed records are sent. A stick is recognised later by a small file on it, so that nothing is
written to another one, or to an empty folder while none is plugged in. For an object store (S3-compatible) the keys are asked
for, and kept sealed; the right to put below this laptop's own path, and to get its receipts and releases, is enough for them.
`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withAside(cmd.Context(), func(kept *opened, dialog session.Dialog) error {
				home, err := e.home()
				if err != nil {
					return err
				}
				t, err := access.settings(cmd.Context(), e, dialog, args[0], args[1])
				if err == nil {
					err = transfer.Add(kept.Store, home, t, e.rand)
				}
				if err != nil {
					return err
				}
				fmt.Fprintln(e.err, e.say("sync.added", map[string]any{"Name": t.Name}))
				e.sayBox(kept)
				return nil
			})
		},
	}
	access.flags(command)
	return command
}

// sayBox says where this laptop's files are at a target, for whoever writes the rules of an object store.
func (e *env) sayBox(kept *opened) {
	address, err := kept.Address()
	if err != nil {
		return // it works alone, so far
	}
	receipts := seal.ReceiptPath(address.Agency, address.Device, 1)
	releases := seal.ReleasePath(address.Agency, 1)
	fmt.Fprintln(e.err, e.say("sync.box", map[string]any{"Put": seal.BundlesOf(address.Agency, address.Device),
		"Get": receipts[:strings.LastIndexByte(receipts, '/')+1], "Releases": releases[:strings.LastIndexByte(releases, '/')+1]}))
}

func newSyncRemove(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "Forget a place to send to, with its keys",
		Long:  "Forgets a place to send to, with its keys. What was sent there stays there.\n",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if err := transfer.Remove(kept.Store, args[0]); err != nil {
					return err
				}
				fmt.Fprintln(e.err, e.say("sync.removed", map[string]any{"Name": args[0]}))
				return nil
			})
		},
	}
}

// place is one line of the list: never a key.
type place struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

func newSyncList(e *env) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "list",
		Short: "List the places to send to",
		Long:  "Lists the places to send to, without their keys.\n",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				all, err := transfer.Targets(kept.Store)
				if err != nil {
					return err
				}
				list := []place{}
				for _, one := range all {
					list = append(list, place{one.Name, one.Address})
				}
				switch {
				case asJSON:
					return e.writeJSON(list)
				case len(list) == 0:
					fmt.Fprintln(e.err, e.say("sync.none", nil))
				}
				for _, one := range list {
					fmt.Fprintf(e.out, "%-12s  %s\n", one.Name, one.Address)
				}
				e.sayBox(kept)
				return nil
			})
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// chosen gives the targets that a command is about: the one named, or all.
func chosen(kept *opened, args []string) ([]transfer.Settings, error) {
	all, err := transfer.Targets(kept.Store)
	if err != nil || len(args) == 0 {
		return all, err
	}
	for _, one := range all {
		if one.Name == args[0] {
			return []transfer.Settings{one}, nil
		}
	}
	return nil, transfer.ErrNoTarget
}

// green marks what the agency opened, and nothing else. Only a terminal gets colour.
func (e *env) green(text string) string {
	if !e.onTerminal() || e.getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return text
	}
	return "\x1b[32m" + text + "\x1b[0m"
}
