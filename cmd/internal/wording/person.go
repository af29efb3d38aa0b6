package wording

import "tipscreen/locales"

// Person says one sentence that the person hears or reads.
func (w *Words) Person(id string) (locales.Text, error) { return w.person.Say(id, nil) }

// PersonRightToLeft is the reading direction of the person's language.
func (w *Words) PersonRightToLeft() bool { return w.person.RightToLeft() }

// OfficialTag is the language of the official.
func (w *Words) OfficialTag() string { return w.official.Tag() }

// OfficialRightToLeft is the reading direction of the official's language.
func (w *Words) OfficialRightToLeft() bool { return w.official.RightToLeft() }
