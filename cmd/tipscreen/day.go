package main

import (
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/session"
	"tipscreen/store/seal"
)

// dayHead is the end of the log, as it leaves the laptop.
type dayHead struct {
	Code      string `json:"code"`
	Device    string `json:"device"`
	Key       string `json:"key"` // the device's public key
	Sequence  uint64 `json:"sequence"`
	Head      string `json:"head"`
	Signature string `json:"signature"`
	Time      string `json:"time"`
}

func newDay(e *env) *cobra.Command {
	var asJSON bool
	closing := &cobra.Command{
		Use:   "close",
		Short: "Give the code of this day for the paper register",
		Long: `Gives a code of twenty characters for everything that was done on this laptop up to now. Write it into the paper register
with the number in front of it: nobody can then put the laptop back to an earlier moment without it showing.
`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				signed, key, err := kept.CloseDay()
				if err != nil {
					return err
				}
				h := dayHead{Code: seal.ShortHead(signed.Device, signed.Head), Device: signed.Device.String(), Key: hex.EncodeToString(key),
					Sequence: signed.Head.Seq, Head: hex.EncodeToString(signed.Head.Hash[:]), Signature: hex.EncodeToString(signed.Signature),
					Time: e.now().Format("2006-01-02 15:04")}
				if asJSON {
					return e.writeJSON(h)
				}
				fmt.Fprintf(e.out, "%d  %s  %s\n", h.Sequence, h.Code, h.Time)
				fmt.Fprintln(e.err, e.say("day.close", nil))
				return nil
			})
		},
	}
	closing.Flags().BoolVar(&asJSON, "json", false, "write JSON with the signed head")
	check := &cobra.Command{
		Use:   "check NUMBER CODE",
		Short: "Compare a code from the paper register with this laptop",
		Long: `Says whether the log of this laptop still goes through the moment at which a code was written down.
`,
		Args: exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			sequence, err := strconv.ParseUint(args[0], 10, 63)
			if err != nil {
				return usageError{fmt.Errorf("the number before the code is not a number")}
			}
			return e.withStore(cmd.Context(), func(kept *opened, _ session.Dialog) error {
				if err := kept.CheckDay(sequence, args[1]); err != nil {
					return err
				}
				fmt.Fprintln(e.out, e.say("day.check", nil))
				return nil
			})
		},
	}
	return group("day", "Give and compare codes for the paper register", closing, check)
}
