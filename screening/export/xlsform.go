package export

// Sheet is one sheet of a spreadsheet. Every cell is text.
type Sheet struct {
	Name string
	Rows [][]string
}

// XLSForm writes the form as the three sheets of an XLSForm: survey, choices, settings. A language that has no words for
// something leaves its cell empty.
func (f *Form) XLSForm() []Sheet {
	survey := [][]string{{"type", "name"}}
	choices := [][]string{{"list_name", "name"}}
	for _, language := range f.Languages {
		survey[0] = append(survey[0], "label::"+language.LanguageName(), "hint::"+language.LanguageName())
		choices[0] = append(choices[0], "label::"+language.LanguageName())
	}
	survey[0] = append(survey[0], "relevant", "calculation")
	for _, row := range f.Rows {
		kind := string(row.Kind)
		if row.List != "" {
			kind += " " + row.List
		}
		cells := []string{kind, row.Name}
		for _, language := range f.Languages {
			cells = append(cells, row.Label[language.Tag], row.Hint[language.Tag])
		}
		survey = append(survey, append(cells, row.Relevant, row.Calculation))
	}
	for _, list := range f.Lists {
		for _, choice := range list.Choices {
			cells := []string{list.Name, choice.Name}
			for _, language := range f.Languages {
				cells = append(cells, choice.Label[language.Tag])
			}
			choices = append(choices, cells)
		}
	}
	standard := ""
	if len(f.Languages) > 0 {
		standard = f.Languages[0].LanguageName()
	}
	return []Sheet{{"survey", survey}, {"choices", choices}, {"settings", [][]string{
		{"form_title", "form_id", "version", "default_language"}, {f.Title, f.ID, f.Version, standard}}}}
}
