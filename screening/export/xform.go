package export

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
)

// xform writes XML; the buffer never fails.
type xform struct {
	bytes.Buffer
	form *Form
	// path is where each row stands below the instance.
	path map[string]string
}

// XForm writes the form as XML by the ODK XForms specification.
func (f *Form) XForm() []byte {
	x := &xform{form: f, path: map[string]string{}}
	at := "/data"
	for _, row := range f.Rows {
		switch row.Kind {
		case BeginGroup:
			at += "/" + row.Name
			x.path[row.Name] = at
		case EndGroup:
			at = at[:strings.LastIndex(at, "/")]
		default:
			x.path[row.Name] = at + "/" + row.Name
		}
	}
	x.put(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms">` + "\n<h:head>\n<h:title>")
	x.text(f.Title)
	x.put("</h:title>\n" + `<model odk:xforms-version="1.0.0">` + "\n<itext>\n")
	for i, language := range f.Languages {
		x.translation(language, i == 0)
	}
	x.put("</itext>\n<instance>\n")
	x.instance()
	x.put("</instance>\n")
	x.binds()
	x.put("</model>\n</h:head>\n<h:body>\n")
	x.body()
	x.put("</h:body>\n</h:html>\n")
	return x.Bytes()
}

func (x *xform) put(s string) { x.WriteString(s) }

func (x *xform) text(s string) { _ = xml.EscapeText(&x.Buffer, []byte(s)) }

// attribute writes name="value".
func (x *xform) attribute(name, value string) {
	x.put(" " + name + `="`)
	x.text(value)
	x.put(`"`)
}

// LanguageName is how both written forms name a language, as "ไทย (th)".
func (l Language) LanguageName() string { return l.Name + " (" + l.Tag + ")" }

func (x *xform) translation(language Language, first bool) {
	x.put("<translation")
	x.attribute("lang", language.LanguageName())
	if first {
		x.attribute("default", "true()")
	}
	x.put(">\n")
	say := func(id string, words Text) {
		x.put("<text")
		x.attribute("id", id)
		x.put("><value>")
		text := words[language.Tag]
		if text == "" {
			text = "-" // what every reader of XForms shows for words that are missing; never another language
		}
		x.text(text)
		x.put("</value></text>\n")
	}
	for _, row := range x.form.Rows {
		if row.Kind == EndGroup || row.Kind == Calculate {
			continue
		}
		say(x.path[row.Name]+":label", row.Label)
		if len(row.Hint) > 0 {
			say(x.path[row.Name]+":hint", row.Hint)
		}
	}
	for _, list := range x.form.Lists {
		for _, choice := range list.Choices {
			say(list.Name+"-"+choice.Name, choice.Label)
		}
	}
	x.put("</translation>\n")
}

func (x *xform) instance() {
	x.put("<data")
	x.attribute("id", x.form.ID)
	x.attribute("version", x.form.Version)
	x.put(">\n")
	var open []string
	for _, row := range x.form.Rows {
		switch row.Kind {
		case BeginGroup:
			open = append(open, row.Name)
			x.put("<" + row.Name + ">\n")
		case EndGroup:
			x.put("</" + open[len(open)-1] + ">\n")
			open = open[:len(open)-1]
		default:
			x.put("<" + row.Name + "/>\n")
		}
	}
	x.put("<orx:meta><orx:instanceID/></orx:meta>\n</data>\n")
}

var reference = regexp.MustCompile(`\$\{([A-Za-z0-9_]+)\}`)

// expression puts paths in the place of names.
func (x *xform) expression(e string) string {
	return reference.ReplaceAllStringFunc(e, func(name string) string { return " " + x.path[name[2:len(name)-1]] + " " })
}

func (x *xform) binds() {
	for _, row := range x.form.Rows {
		if row.Kind == BeginGroup || row.Kind == EndGroup {
			continue
		}
		x.put("<bind")
		x.attribute("nodeset", x.path[row.Name])
		x.attribute("type", "string")
		if row.Kind == Note {
			x.attribute("readonly", "true()")
		}
		if row.Relevant != "" {
			x.attribute("relevant", x.expression(row.Relevant))
		}
		if row.Calculation != "" {
			x.attribute("calculate", x.expression(row.Calculation))
		}
		x.put("/>\n")
	}
	x.put(`<bind nodeset="/data/orx:meta/orx:instanceID" type="string" readonly="true()" jr:preload="uid"/>` + "\n")
}

func (x *xform) body() {
	for _, row := range x.form.Rows {
		switch row.Kind {
		case BeginGroup:
			x.put("<group")
			x.attribute("ref", x.path[row.Name])
			x.put(">\n")
			x.label("label", x.path[row.Name]+":label")
		case EndGroup:
			x.put("</group>\n")
		case SelectOne:
			x.control("select1", row)
		case SelectMany:
			x.control("select", row)
		case FreeText, Note:
			x.control("input", row)
		}
	}
}

func (x *xform) label(element, id string) {
	x.put("<" + element)
	x.attribute("ref", "jr:itext('"+id+"')")
	x.put("/>\n")
}

func (x *xform) control(element string, row Row) {
	x.put("<" + element)
	x.attribute("ref", x.path[row.Name])
	x.put(">\n")
	x.label("label", x.path[row.Name]+":label")
	if len(row.Hint) > 0 {
		x.label("hint", x.path[row.Name]+":hint")
	}
	for _, list := range x.form.Lists {
		if row.List == "" || list.Name != row.List {
			continue
		}
		for _, choice := range list.Choices {
			x.put("<item>")
			x.label("label", list.Name+"-"+choice.Name)
			x.put("<value>")
			x.text(choice.Name)
			x.put("</value></item>\n")
		}
	}
	x.put("</" + element + ">\n")
}
