package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tipscreen/cmd/internal/card"
	"tipscreen/cmd/internal/wording"
	"tipscreen/screening"
)

func newCard(e *env) *cobra.Command {
	return group("card", "Cards on paper, for places without a screen", newCardPrint(e))
}

func newCardPrint(e *env) *cobra.Command {
	var person, plan, out string
	command := &cobra.Command{
		Use:   "print",
		Short: "Write numbered cards with answer boxes to a file that prints to A4",
		Long: `Writes the questions of a plan in the person's language, with boxes to mark, to one new HTML file that needs nothing else;
the last sheet is a blind card about officials. Open it in a browser and print it. Nothing in it is about anybody; what is
written on the paper is not protected. tipscreen screen --from-paper keys a filled-in sheet in.
`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if person == "" || out == "" {
				return usageError{errors.New("say the person's language and the file: --person km --out FILE")}
			}
			return e.printCards(person, plan, out)
		},
	}
	command.Flags().StringVar(&person, "person", "", "language of the person, as km")
	command.Flags().StringVar(&plan, "plan", "checkpoint", "full or checkpoint, or a plan of the agency")
	command.Flags().StringVar(&out, "out", "", "the new file")
	return command
}

func (e *env) printCards(person, planID, out string) error {
	data, err := e.data()
	if err != nil {
		return err
	}
	plan, ok := data.Plan(planID)
	if !ok {
		return usageError{fmt.Errorf("there is no plan %q; tipscreen indicators list shows them", planID)}
	}
	words, err := wording.New(e.catalog(), e.language(e.catalog().Languages()), person)
	if err != nil {
		return languageError(err)
	}
	number, err := e.cardNumber()
	if err != nil {
		return err
	}
	content, err := card.Paper(words, data, screening.NewSetup(data, plan), number)
	if err != nil {
		return err
	}
	return writeNew(out, content)
}

// cardNumber is the number of a blind card: by chance, so that it tells nothing about who was given it.
func (e *env) cardNumber() (string, error) {
	bytes := make([]byte, 4)
	if _, err := io.ReadFull(e.rand, bytes); err != nil {
		return "", fmt.Errorf("number the card: %w", err)
	}
	n := uint32(bytes[0])<<24 | uint32(bytes[1])<<16 | uint32(bytes[2])<<8 | uint32(bytes[3])
	return fmt.Sprintf("%06d", n%1_000_000), nil
}
