package wording_test

import (
	"testing"

	"tipscreen/cmd/internal/wording"
	"tipscreen/indicators"
	"tipscreen/locales"
)

// TestEveryLanguageSaysEveryPlan: each plan that ships can be led in each language that ships.
func TestEveryLanguageSaysEveryPlan(t *testing.T) {
	t.Parallel()
	data, err := indicators.Load(indicators.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if err := wording.Check(locales.Open(locales.Embedded()), data); err != nil {
		t.Error(err)
	}
}
