package learning

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/science/agreement"
	"platforma.kg/ashar/internal/science/gain"
)

// Built are the keys of the sentences in which the sciences say what they found: a
// science gives the end of a key, here is its start.
func Built() []i18n.Built {
	ends := []string{
		"gain.people", "gain.means", "gain.directions", "gain.class.loss", "gain.class.low", "gain.class.medium", "gain.class.high",
		"gain.individual", "gain.change", "gain.difference.clear", "gain.difference.unclear", "gain.effect", "gain.ranks.clear", "gain.ranks.unclear",
		"gain.rank_biserial", "gain.bootstrap", "gain.bootstrap_class", "gain.warning.without_person", "gain.warning.person_twice",
		"items.people", "items.mean", "items.alpha.low", "items.alpha.fair", "items.alpha.good", "items.alpha.high", "items.sem",
		"items.kr20", "items.upper_lower", "items.dropped", "items.easiest", "items.hardest", "items.negative", "items.weak",
		"agreement.size", "agreement.alpha.negative", "agreement.alpha.low", "agreement.alpha.tentative", "agreement.alpha.good", "agreement.interval",
		"agreement.warning.missing_as_word", "agreement.kappa", "agreement.kappa_weighted", "agreement.icc_one", "agreement.icc_two", "agreement.icc_three",
	}
	for _, w := range []gain.Warning{
		gain.PracticeEffectUnknown, gain.TooFewPairs, gain.FewPairs, gain.UnmatchedLeftOut, gain.PreAtMax, gain.EverybodyAtMax, gain.Ceiling,
		gain.SameGain, gain.NoChange, gain.ExactTooLarge, gain.IntervalUndefined,
	} {
		ends = append(ends, "gain.warning."+string(w))
	}
	for _, w := range []gain.Warning{
		gain.TooFewPeople, gain.FewPeople, gain.OneItem, gain.NoVariation, gain.ItemWithoutVariation, gain.BlankCountedWrong, gain.MaxFromData, gain.NegativeItem,
	} {
		ends = append(ends, "items.warning."+string(w))
	}
	for _, w := range []agreement.Warning{
		agreement.TooFewUnits, agreement.FewUnits, agreement.OneRater, agreement.UnpairedLeftOut, agreement.NoVariation, agreement.IntervalUndefined,
		agreement.TooManyValues, agreement.KappaUndefined, agreement.KappaUnordered, agreement.ICCIncomplete, agreement.ICCUnbalanced, agreement.ICCUndefined,
	} {
		ends = append(ends, "agreement.warning."+string(w))
	}
	return []i18n.Built{{Keys: "learning.*", Of: ends, Why: "a science says what it found without words; the words are here"}}
}
