package gain

// Warning says what a result does not know, or why a figure is missing. The
// words for it are in the catalogues of who shows it.
type Warning string

// Warnings of a gain.
const (
	// PracticeEffectUnknown stands in every result with statistics: without a group that
	// was not taught, gain and practice cannot be told apart.
	PracticeEffectUnknown Warning = "practice_effect_unknown"
	// TooFewPairs: fewer than MinPairs, so no statistics.
	TooFewPairs Warning = "too_few_pairs"
	// FewPairs: fewer than 20; the figures are rough.
	FewPairs Warning = "few_pairs"
	// UnmatchedLeftOut: some persons took one of the tests only.
	UnmatchedLeftOut Warning = "unmatched_left_out"
	// PreAtMax: somebody had the highest score before, and has no individual gain.
	PreAtMax Warning = "pre_at_max"
	// EverybodyAtMax: the mean before is the highest score; there is no class gain.
	EverybodyAtMax Warning = "everybody_at_max"
	// Ceiling: at least 15 % reached the highest score after; the gain may be larger
	// than the test could show.
	Ceiling Warning = "ceiling"
	// SameGain: everybody gained the same; t, d_z and their intervals do not exist.
	SameGain Warning = "same_gain"
	// NoChange: nobody changed; the signed ranks do not exist.
	NoChange Warning = "no_change"
	// ExactTooLarge: too many differences for the exact test; the normal one stands.
	ExactTooLarge Warning = "exact_too_large"
	// IntervalUndefined: a bootstrap interval could not be formed.
	IntervalUndefined Warning = "interval_undefined"
)

// Warnings of items.
const (
	// TooFewPeople: fewer than two persons; no statistics.
	TooFewPeople Warning = "too_few_people"
	// FewPeople: fewer than 30 persons; the figures are rough.
	FewPeople Warning = "few_people"
	// OneItem: alpha needs two items.
	OneItem Warning = "one_item"
	// NoVariation: everybody has the same total; alpha does not exist.
	NoVariation Warning = "no_variation"
	// ItemWithoutVariation: everybody has the same points on an item, or on all others.
	ItemWithoutVariation Warning = "item_without_variation"
	// BlankCountedWrong: blanks were counted as wrong answers.
	BlankCountedWrong Warning = "blank_counted_wrong"
	// MaxFromData: the highest points of an item were not told, and were taken from the data.
	MaxFromData Warning = "max_from_data"
	// NegativeItem: an item goes against the others; its key may be wrong.
	NegativeItem Warning = "negative_item"
)
