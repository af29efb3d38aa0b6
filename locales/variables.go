package locales

import (
	"errors"
	"slices"
	"strings"
	"text/template/parse"
)

// pluralCount is the name under which a text finds the number given to Plural.
const pluralCount = "PluralCount"

var errTemplate = errors.New("only plain variables such as {{.name}} may stand in a text")

// variables lists what a text wants filled in, sorted. Anything but plain variables is an error: a text that could decide or repeat could not be reviewed
// by reading it, and one from an agency's folder could keep the program busy.
func variables(words string) ([]string, error) {
	if !strings.Contains(words, "{{") {
		return nil, nil
	}
	trees, err := parse.Parse("", words, "{{", "}}")
	if err != nil || len(trees) != 1 || trees[""] == nil {
		return nil, errTemplate
	}
	var names []string
	for _, node := range trees[""].Root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
		case *parse.ActionNode:
			name, ok := plain(n.Pipe)
			if !ok {
				return nil, errTemplate
			}
			names = append(names, name)
		default:
			return nil, errTemplate
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func plain(pipe *parse.PipeNode) (string, bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return "", false
	}
	field, ok := pipe.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(field.Ident) != 1 {
		return "", false
	}
	return field.Ident[0], true
}
