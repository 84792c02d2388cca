package agreement

import "math"

// Finding is one sentence that a result has to say: a key and arguments; the
// words are in the catalogues of who shows it.
type Finding struct {
	Key  string
	Args []Argument
}

// Argument is a number in a sentence: a count, or a coefficient with decimals.
type Argument struct {
	Name  string
	Value float64
	Whole bool
}

// Findings are the sentences of a result, the warnings last.
func (r Result) Findings() []Finding {
	out := []Finding{{"agreement.size", []Argument{{"count", float64(r.Units), true}, {"raters", float64(r.Raters), true}, {"values", float64(r.Values), true}}}}
	add := func(key string, args ...Argument) {
		for _, a := range args {
			if math.IsNaN(a.Value) {
				return // a sentence without its number says nothing
			}
		}
		out = append(out, Finding{key, args})
	}
	add("agreement.alpha."+r.band(), Argument{"alpha", r.Alpha, false})
	add("agreement.interval", Argument{"low", r.Interval.Low, false}, Argument{"high", r.Interval.High, false})
	if k := r.Kappa; k != nil {
		add("agreement.kappa", Argument{"count", float64(k.Units), true}, Argument{"kappa", k.Unweighted, false})
		add("agreement.kappa_weighted", Argument{"linear", k.Linear, false}, Argument{"quadratic", k.Quadratic, false})
	}
	if i := r.ICC; i != nil {
		add("agreement.icc_one", Argument{"icc", i.One.Value, false})
		add("agreement.icc_two", Argument{"icc", i.Two.Value, false}, Argument{"mean", i.TwoMean.Value, false}, Argument{"raters", float64(i.Raters), true})
		add("agreement.icc_three", Argument{"icc", i.Three.Value, false})
	}
	for _, w := range r.Warnings {
		add("agreement.warning." + string(w))
	}
	return out
}

// band reads alpha as Krippendorff does: from .800 reliable, from .667 for
// tentative conclusions. It goes by the three decimals that are shown.
func (r Result) band() string {
	switch thousandths := math.RoundToEven(1000 * r.Alpha); {
	case thousandths < 0:
		return "negative"
	case thousandths < 667:
		return "low"
	case thousandths < 800:
		return "tentative"
	}
	return "good"
}
