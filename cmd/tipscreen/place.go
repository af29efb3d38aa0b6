package main

import (
	"io/fs"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"tipscreen/screening/referral"
)

// directory is the service directory and the notes on law, with the agency's laid over them.
func (e *env) directory() (*referral.Directory, error) {
	return referral.Load(append([]fs.FS{referral.Embedded()}, e.overlay("directory")...)...)
}

// countryName is the name of a country in the official's language, as far as it is known.
func (e *env) countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	tag, err := language.Parse(e.language(e.catalog().Languages()))
	if err != nil {
		return code
	}
	namer := display.Regions(tag)
	if namer == nil || namer.Name(region) == "" {
		return code
	}
	return namer.Name(region) + " (" + code + ")"
}
