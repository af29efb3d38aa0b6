package training

import (
	_ "embed"
	"fmt"
	"path"
	"regexp"
	"strings"
)

//go:embed scaffold.yaml
var scaffold string

var scenarioID = regexp.MustCompile(`^[a-z][a-z0-9-]{1,40}$`)

// Scaffold gives a small scenario to begin with. The file's name becomes the id.
func Scaffold(file string) ([]byte, error) {
	id, found := strings.CutSuffix(path.Base(strings.ReplaceAll(file, `\`, "/")), ".yaml")
	if !found || !scenarioID.MatchString(id) {
		return nil, fmt.Errorf("the file is called by small letters, digits and -, and ends with .yaml")
	}
	return []byte(strings.Replace(scaffold, "ID", id, 1)), nil
}
