package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"tipscreen/screening"
)

func newAssess(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "assess [FILE|-]",
		Short: "Assess cases from JSON Lines, without a store",
		Long: `Reads one case as JSON a line and writes one result as JSON a line, with reasons, gaps and the data used.
Nothing is stored and no passphrase is asked. A bad line gives an error in its place; the others are still assessed.
The schemas of both are in screening/schema.
`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := io.Reader(e.in)
			if len(args) == 1 && args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return fmt.Errorf("open the cases: %w", err)
				}
				defer file.Close()
				in = file
			}
			return e.assess(in)
		},
	}
}

// errBadCases says that some lines could not be assessed; what was wrong stands in the results.
var errBadCases = errors.New("some lines could not be assessed; their results say why")

// maxCase is the longest line of a case.
const maxCase = 1 << 20

// badCase is the result of a line that could not be assessed.
type badCase struct {
	ID    *string `json:"id"`
	Error string  `json:"error"`
}

func (e *env) assess(in io.Reader) error {
	data, err := e.data()
	if err != nil {
		return err
	}
	assessor := screening.NewAssessor(data)
	assessor.AddVersion("tipscreen", version())
	assessor.AddVersion("data", data.Version())
	signal.Reset() // nothing is to be saved: an interruption just ends it
	lines := bufio.NewReader(in)
	out := bufio.NewWriter(e.out)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	bad := false
	for number := 1; ; number++ {
		line, tooLong, err := readCase(lines)
		if err != nil && err != io.EOF {
			return fmt.Errorf("read line %d of the cases: %w", number, err)
		}
		if len(bytes.TrimSpace(line)) > 0 || tooLong {
			result, ok := assessLine(assessor, line, number, tooLong)
			bad = bad || !ok
			if err := encoder.Encode(result); err != nil {
				return fmt.Errorf("write the results: %w", err)
			}
		}
		if err == io.EOF {
			break
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	if bad {
		return errBadCases
	}
	return nil
}

// readCase reads a line; of one that is too long the rest is dropped.
func readCase(in *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxCase {
			line, tooLong = nil, true
		}
		if !tooLong {
			line = append(line, part...)
		}
		if err != bufio.ErrBufferFull {
			return line, tooLong, err
		}
	}
}

// assessLine gives the assessment of a case, or says why there is none.
func assessLine(assessor *screening.Assessor, line []byte, number int, tooLong bool) (result any, ok bool) {
	if tooLong {
		return badCase{Error: fmt.Sprintf("line %d: longer than %d bytes", number, maxCase)}, false
	}
	c, err := assessor.ParseCase(line)
	if err == nil {
		return assessor.Assess(&c), true
	}
	failed := badCase{Error: fmt.Sprintf("line %d: %v", number, err)}
	if c.ID != "" {
		failed.ID = &c.ID
	}
	return failed, false
}
