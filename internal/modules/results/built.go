package results

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// built are the keys that are put together while the code runs.
func built() []i18n.Built {
	var values []string
	for _, v := range people.Sexes {
		values = append(values, string(ledger.Sex)+"."+v)
	}
	for _, v := range people.Groups {
		values = append(values, string(ledger.Group)+"."+v)
	}
	dimensions := i18n.Words(ledger.Dimensions[:]...)
	return []i18n.Built{
		{Keys: "results.*", Of: values, Why: "a value of sex or group; what has no word is shown as it is"},
		{Keys: "results.numbers.by.*", Of: dimensions, Why: "a table for each dimension of the profile"},
		{Keys: "results.facts.*", Of: dimensions, Why: "a column for each dimension of the profile"},
		{Keys: "results.numbers.kind.*", Of: []string{programme.Seminar, programme.Discussion, programme.Brainstorm}, Why: "the kinds of activity that are filtered by"},
	}
}
