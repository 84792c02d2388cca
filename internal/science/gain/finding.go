package gain

import "math"

// Finding is one sentence that a result has to say: a key and arguments; the
// words are in the catalogues of who shows it.
type Finding struct {
	Key  string
	Args []Argument
}

// Argument is a number in a sentence.
type Argument struct {
	Name  string
	Value float64
	Kind  Kind
}

// Kind says how a number is written.
type Kind int

// Kinds of numbers.
const (
	Whole       Kind = iota // a count
	Points                  // of a test, with decimals
	Share                   // of 1, written in per cent
	Coefficient             // a pure number with decimals
	Probability             // with its sign: = .012, < .001
	ItemName                // the index of an item, written as its name
)

// Findings are the sentences of a result, the warnings last.
func (r Result) Findings() []Finding {
	out := []Finding{{"gain.people", []Argument{{"count", float64(r.Matched), Whole}, {"pre", float64(r.Pre), Whole}, {"post", float64(r.Post), Whole}}}}
	add := func(key string, args ...Argument) {
		for _, a := range args {
			if math.IsNaN(a.Value) {
				return // a sentence without its number says nothing
			}
		}
		out = append(out, Finding{key, args})
	}
	if r.Matched >= MinPairs {
		add("gain.means", Argument{"pre", r.MeanPre, Points}, Argument{"post", r.MeanPost, Points}, Argument{"max", r.Max, Points})
		add("gain.directions", Argument{"up", float64(r.Gained), Whole}, Argument{"down", float64(r.Lost), Whole}, Argument{"same", float64(r.Same), Whole})
		add("gain.class."+r.band(), Argument{"share", r.Hake, Share})
		add("gain.individual", Argument{"share", r.HakeIndividualMean, Share})
		add("gain.change", Argument{"share", r.NormalisedChange, Share})
		add("gain.difference."+verdict(r.T.P), Argument{"low", r.T.Interval.Low, Points}, Argument{"high", r.T.Interval.High, Points}, Argument{"p", r.T.P, Probability})
		add("gain.effect", Argument{"size", r.Effect.DZ, Coefficient}, Argument{"low", r.Effect.Interval.Low, Coefficient}, Argument{"high", r.Effect.Interval.High, Coefficient})
		p := r.Wilcoxon.PExact
		if math.IsNaN(p) {
			p = r.Wilcoxon.PContinuity
		}
		add("gain.ranks."+verdict(p), Argument{"p", p, Probability}, Argument{"typical", r.Wilcoxon.HodgesLehmann, Points})
		add("gain.rank_biserial", Argument{"r", r.Wilcoxon.RankBiserial, Coefficient})
		add("gain.bootstrap", Argument{"resamples", float64(r.Bootstrap.Resamples), Whole}, Argument{"low", r.Bootstrap.MeanBCa.Low, Points}, Argument{"high", r.Bootstrap.MeanBCa.High, Points})
		add("gain.bootstrap_class", Argument{"low", r.Bootstrap.HakeBCa.Low, Share}, Argument{"high", r.Bootstrap.HakeBCa.High, Share})
	}
	for _, w := range r.Warnings {
		add("gain.warning." + string(w))
	}
	return out
}

// band is Hake's: low below .3, high from .7. It goes by the whole per cents that
// are shown, so that 30 % is never called less than 30 %.
func (r Result) band() string {
	switch percent := math.RoundToEven(100 * r.Hake); {
	case percent < 0:
		return "loss"
	case percent < 30:
		return "low"
	case percent < 70:
		return "medium"
	}
	return "high"
}

func verdict(p float64) string {
	if p < .05 {
		return "clear"
	}
	return "unclear"
}

// listed is how many items a sentence each is given to.
const listed = 10

// Findings are the sentences of a test, the warnings last.
func (r ItemResult) Findings() []Finding {
	out := []Finding{{"items.people", []Argument{{"count", float64(r.People), Whole}, {"items", float64(len(r.Items)), Whole}}}}
	add := func(key string, args ...Argument) {
		for _, a := range args {
			if math.IsNaN(a.Value) {
				return
			}
		}
		out = append(out, Finding{key, args})
	}
	add("items.mean", Argument{"mean", r.Mean, Points}, Argument{"max", r.Max, Points})
	add("items.alpha."+r.band(), Argument{"alpha", r.Alpha, Coefficient}, Argument{"low", r.Interval.Low, Coefficient}, Argument{"high", r.Interval.High, Coefficient})
	if !math.IsNaN(r.KR20) {
		add("items.kr20")
	}
	add("items.sem", Argument{"sem", r.SEM, Points})
	if len(r.Items) > 1 && !math.IsNaN(r.Mean) {
		easiest, hardest := r.extremes()
		add("items.easiest", Argument{"item", float64(easiest), ItemName}, Argument{"share", r.Items[easiest].Difficulty, Share})
		add("items.hardest", Argument{"item", float64(hardest), ItemName}, Argument{"share", r.Items[hardest].Difficulty, Share})
	}
	if worst, best := r.sharpness(); worst != best {
		add(
			"items.upper_lower",
			Argument{"low", r.Items[worst].UpperLower, Share}, Argument{"worst", float64(worst), ItemName},
			Argument{"high", r.Items[best].UpperLower, Share}, Argument{"best", float64(best), ItemName},
		)
	}
	negative, weak := 0, 0
	for i, item := range r.Items {
		switch {
		case item.ItemRest < 0:
			if negative++; negative <= listed {
				add("items.negative", Argument{"item", float64(i), ItemName}, Argument{"r", item.ItemRest, Coefficient})
			}
		case item.ItemRest < .2:
			if weak++; weak <= listed {
				add("items.weak", Argument{"item", float64(i), ItemName}, Argument{"r", item.ItemRest, Coefficient})
			}
		}
	}
	if i := r.mend(); i >= 0 {
		add("items.dropped", Argument{"item", float64(i), ItemName}, Argument{"alpha", r.Items[i].AlphaIfDropped, Coefficient})
	}
	for _, w := range r.Warnings {
		if w == BlankCountedWrong {
			add("items.warning."+string(w), Argument{"count", float64(r.Blanks), Whole})
		} else {
			add("items.warning." + string(w))
		}
	}
	return out
}

// band reads alpha: good enough for decisions on single persons, on groups, or on neither.
func (r ItemResult) band() string {
	switch {
	case r.Alpha < .5:
		return "low"
	case r.Alpha < .7:
		return "fair"
	case r.Alpha < .9:
		return "good"
	}
	return "high"
}

// sharpness gives the items that part the strongest from the weakest least and most.
func (r ItemResult) sharpness() (worst, best int) {
	for i, item := range r.Items {
		if item.UpperLower < r.Items[worst].UpperLower {
			worst = i
		}
		if item.UpperLower > r.Items[best].UpperLower {
			best = i
		}
	}
	return worst, best
}

// mend is the item whose dropping raises alpha most, by what can be seen in two
// decimals; −1 when there is none.
func (r ItemResult) mend() int {
	found, most := -1, r.Alpha+.01
	for i, item := range r.Items {
		if item.AlphaIfDropped >= most {
			found, most = i, item.AlphaIfDropped
		}
	}
	return found
}

func (r ItemResult) extremes() (easiest, hardest int) {
	for i, item := range r.Items {
		if item.Difficulty > r.Items[easiest].Difficulty {
			easiest = i
		}
		if item.Difficulty < r.Items[hardest].Difficulty {
			hardest = i
		}
	}
	return easiest, hardest
}
