package export

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tipscreen/indicators"
	"tipscreen/screening"
)

//go:embed htcds.yaml
var htcdsTable []byte

// standard is the part of HTCDS that is written, with what stands for its codes.
type standard struct {
	Fields []field   `yaml:"fields"`
	Items  []mapping `yaml:"items"`
}

// field is one field of the standard. Only: the codes that a screening may write; empty: all of them.
type field struct {
	Name  string   `yaml:"name"`
	Codes []string `yaml:"codes,omitempty"`
	Only  []string `yaml:"only,omitempty"`
	Many  bool     `yaml:"many,omitempty"`
}

// mapping says which code a yes to one of the items stands for.
type mapping struct {
	Code target   `yaml:"code"`
	Yes  []string `yaml:"yes"`
}

type target struct {
	Field string `yaml:"field"`
	// Exactly one of the two: a code of the standard, or a word of our own beside Other.
	Code      string `yaml:"code,omitempty"`
	Extension string `yaml:"extension,omitempty"`
}

// extension is the prefix of columns that are not the standard's.
const extension = "x_"

// readStandard reads the table and holds it against itself.
func readStandard(content []byte) (*standard, error) {
	s := &standard{}
	_, problems := indicators.ReadStrict("htcds.yaml", content, s)
	if len(problems) > 0 {
		return nil, problems
	}
	for _, m := range s.Items {
		f := s.field(m.Code.Field)
		switch {
		case f == nil || (m.Code.Code == "") == (m.Code.Extension == ""):
			return nil, fmt.Errorf("htcds.yaml: %v names no field, or both a code and an extension", m.Code)
		case !f.allows(m.Code.Code) && m.Code.Code != "", !f.allows("Other") && m.Code.Extension != "":
			return nil, fmt.Errorf("htcds.yaml: %s has no code %s", f.Name, m.Code.Code)
		}
	}
	return s, nil
}

func (s *standard) field(name string) *field {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}

// allows tells whether a screening may write a value into the field.
func (f *field) allows(value string) bool {
	if value == "" {
		return true
	}
	return slices.Contains(f.Codes, value) && (len(f.Only) == 0 || slices.Contains(f.Only, value))
}

// Case is one record in HTCDS: the columns in order with their values, and the words for which it has no code.
type Case struct {
	Columns  []string
	Values   map[string]string
	Warnings []string
}

// consent is the one bit of con_Consent: TRUE only if every layer that answers a point of the standard was agreed to, and
// every point that is told was ticked.
func consent(r *Record) string {
	for _, layer := range screening.ConsentLayers() {
		if len(layer.HTCDS) > 0 && r.Consents[layer.ID] != "yes" {
			return "FALSE"
		}
	}
	for _, point := range screening.ConsentPoints() {
		if !slices.Contains(r.Points, point) {
			return "FALSE"
		}
	}
	return "TRUE"
}

// HTCDS writes a record for those who protect in HTCDS 2.0. The status is Possible or empty, never another: a screening
// decides nothing. What is not known stays empty, and no answer is read as a no.
func HTCDS(r *Record) (*Case, error) {
	if r.Profile != ForProtection {
		return nil, ErrProfile
	}
	s, err := readStandard(htcdsTable)
	if err != nil {
		return nil, err
	}
	c := &Case{Values: map[string]string{}}
	for _, f := range s.Fields {
		c.Columns = append(c.Columns, f.Name)
	}
	c.Values["con_Consent"] = consent(r)
	for _, word := range []string{r.Outcome, r.Raised} {
		var outcome screening.Outcome
		if outcome.UnmarshalText([]byte(word)) == nil && outcome >= screening.TalkFurther {
			c.Values["vic_TraffickingStatus"] = "PossibleVictimOfTrafficking"
		}
	}
	c.codes(s, r)
	c.extensions(r)
	return c, s.check(c)
}

// codes writes what the answers with yes stand for.
func (c *Case) codes(s *standard, r *Record) {
	yes := map[string]bool{}
	for _, one := range r.Answers {
		yes[one.Item] = one.Counted && one.Value == screening.Yes.String()
	}
	for _, m := range s.Items {
		if !slices.ContainsFunc(m.Yes, func(item string) bool { return yes[item] }) {
			continue
		}
		if m.Code.Code != "" {
			c.join(m.Code.Field, m.Code.Code)
			continue
		}
		_, name, _ := strings.Cut(m.Code.Field, "_")
		c.join(m.Code.Field, "Other")
		c.join(extension+name, m.Code.Extension)
		c.Warnings = append(c.Warnings, m.Code.Field+" "+m.Code.Extension)
	}
}

// join adds a code to a field that may hold several; the standard's spreadsheets join them with semicolons.
func (c *Case) join(column, code string) {
	have := strings.Split(c.Values[column], ";")
	switch {
	case c.Values[column] == "":
		c.Values[column] = code
	case !slices.Contains(have, code):
		// Other comes last, as in the lists of the standard.
		have = slices.DeleteFunc(append(have, code), func(one string) bool { return one == "Other" })
		if code == "Other" || strings.Contains(";"+c.Values[column]+";", ";Other;") {
			have = append(have, "Other")
		}
		c.Values[column] = strings.Join(have, ";")
	}
}

// extensions writes what HTCDS has no field for.
func (c *Case) extensions(r *Record) {
	var answers, open, consents []string
	for _, one := range r.Answers {
		switch one.Value {
		case screening.Declined.String(), screening.NotAsked.String(), screening.Unclear.String(), screening.Unknown.String():
			open = append(open, one.Item+"="+one.Value)
		default:
			answers = append(answers, one.Item+"="+one.Value)
		}
	}
	for _, one := range slices.Sorted(maps.Keys(r.Consents)) {
		consents = append(consents, one+"="+r.Consents[one])
	}
	for _, column := range [][2]string{
		{"Format", r.Format}, {"Reference", r.Reference}, {"Plan", r.Plan}, {"Program", r.Program}, {"Finished", r.Finished}, {"Age", r.Age}, {"Outcome", r.Outcome}, {"Raised", r.Raised}, {"ConsentPoints", strings.Join(r.Points, ";")},
		{"Rules", strings.Join(r.Because, ";")}, {"Flags", strings.Join(r.Flags, ";")}, {"Hold", strings.Join(r.Hold, ";")}, {"Stopped", strings.ToUpper(fmt.Sprint(r.Stopped))},
		{"Languages", strings.Join(r.Languages, ";")}, {"Consents", strings.Join(consents, ";")}, {"MethodOfRecruitment", c.Values["x_MethodOfRecruitment"]},
		{"MethodsOfControl", c.Values["x_MethodsOfControl"]}, {"TypeOfExploitation", c.Values["x_TypeOfExploitation"]},
		{"Answers", strings.Join(answers, ";")}, {"NotAnswered", strings.Join(open, ";")},
	} {
		c.Columns = append(c.Columns, extension+column[0])
		c.Values[extension+column[0]] = column[1]
	}
	if r.Identity != nil {
		c.Columns = append(c.Columns, "x_Name", "x_Contact")
		c.Values["x_Name"], c.Values["x_Contact"] = r.Identity.Name, r.Identity.Contact
	}
}

// check refuses what is not in the lists of the standard.
func (s *standard) check(c *Case) error {
	for column, value := range c.Values {
		if strings.HasPrefix(column, extension) || value == "" {
			continue
		}
		f := s.field(column)
		if f == nil {
			return fmt.Errorf("%s is no field of HTCDS", column)
		}
		codes := []string{value}
		if f.Many {
			codes = strings.Split(value, ";")
		}
		for _, code := range codes {
			if code == "" || !f.allows(code) {
				return fmt.Errorf("%s would hold a code that is not in its list", column)
			}
		}
	}
	return nil
}

// CSV writes the case as a line of columns and one of values.
func (c *Case) CSV() []byte {
	values := make([]string, len(c.Columns))
	for i, column := range c.Columns {
		values[i] = c.Values[column]
	}
	return writeCSV([][]string{c.Columns, values})
}

// JSON writes the case as one object; empty fields are left out, and several codes are a list.
func (c *Case) JSON() ([]byte, error) {
	s, err := readStandard(htcdsTable)
	if err != nil {
		return nil, err
	}
	object := map[string]any{}
	for column, value := range c.Values {
		f := s.field(column)
		switch {
		case value == "":
		case f != nil && f.Many, strings.HasPrefix(column, extension) && c.several(column):
			object[column] = strings.Split(value, ";")
		case column == "con_Consent", column == "x_Stopped":
			object[column] = value == "TRUE"
		default:
			object[column] = value
		}
	}
	if len(c.Warnings) > 0 {
		object["x_Warnings"] = c.Warnings
	}
	content, err := json.MarshalIndent(object, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the case: %w", err)
	}
	return append(content, '\n'), nil
}

// several tells the columns of our own that hold lists.
func (c *Case) several(column string) bool {
	return slices.Contains([]string{"x_Rules", "x_Flags", "x_Hold", "x_Languages", "x_Consents", "x_ConsentPoints", "x_MethodOfRecruitment", "x_MethodsOfControl", "x_TypeOfExploitation", "x_Answers", "x_NotAnswered"}, column)
}
