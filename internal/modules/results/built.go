package results

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
)

// built are the keys that are put together while the code runs.
func built() []i18n.Built {
	dimensions := i18n.Words(ledger.Dimensions[:]...)
	return []i18n.Built{
		{Keys: "results.numbers.by.*", Of: dimensions, Why: "a table for each dimension of the profile"},
		{Keys: "results.facts.*", Of: dimensions, Why: "a column for each dimension of the profile"},
		{Keys: "results.numbers.kind.*", Of: []string{programme.Seminar, programme.Discussion, programme.Brainstorm}, Why: "the kinds of activity that are filtered by"},
		{Keys: "results.release.rest.*", Of: traits[:], Why: "the line of those who are not told apart, in each table"},
		{Keys: "results.release.value.*", Of: []string{othersOf, young, older}, Why: "the values that are told in classes of their own"},
	}
}
