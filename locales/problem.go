package locales

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing to mend in one file.
type Problem struct {
	File string
	// Line counts from 1; 0 means the file or folder as a whole.
	Line int
	What string
	Mend string
}

// String gives "file:line: what; mend".
func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Mend == "" {
		return where + ": " + p.What
	}
	return where + ": " + p.What + "; " + p.Mend
}

// Problems is everything found, never only the first. As an error it reads one problem per line.
type Problems []Problem

// Error lists the problems.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sorted is by place, and says nothing twice: a file that two languages need is read for both.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if byFile := strings.Compare(a.File, b.File); byFile != 0 {
			return byFile
		}
		return a.Line - b.Line
	})
	return slices.Compact(ps)
}
