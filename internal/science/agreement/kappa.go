package agreement

import "math"

// Kappa is Cohen's, over units that both raters rated.
type Kappa struct {
	Units      int
	Unweighted float64
	Linear     float64 // NaN when the values have no order
	Quadratic  float64
}

// kappa fills Cohen's kappa for two raters.
func (r *Result) kappa(d data, o Options) {
	nan := math.NaN()
	r.Kappa = &Kappa{Units: len(d.both), Unweighted: nan, Linear: nan, Quadratic: nan}
	if o.Unordered {
		r.warn(KappaUnordered)
	}
	first, second := make([]float64, len(d.values)), make([]float64, len(d.values))
	var differ, linear, quadratic float64 // disagreement seen
	for _, p := range d.both {
		first[p[0]]++
		second[p[1]]++
		if step := math.Abs(float64(p[0] - p[1])); step > 0 {
			differ++
			linear += step
			quadratic += step * step
		}
	}
	n := float64(len(d.both))
	plainChance, linearChance, quadraticChance := chance(first, second, n)
	if !(plainChance > 0) {
		r.warn(KappaUndefined)
		return
	}
	r.Kappa.Unweighted = 1 - differ*n/plainChance
	if !o.Unordered {
		r.Kappa.Linear = 1 - linear*n/linearChance
		r.Kappa.Quadratic = 1 - quadratic*n/quadraticChance
	}
}

// chance is n² times the disagreement expected of raters who know nothing of
// each other, in the three weights, from how often each gave each value.
func chance(first, second []float64, n float64) (plain, linear, quadratic float64) {
	plain = n * n
	var below1, below2, mean1, mean2, square1, square2 float64
	for i := range first {
		plain -= first[i] * second[i]
		at := float64(i)
		mean1 += first[i] * at
		mean2 += second[i] * at
		square1 += first[i] * at * at
		square2 += second[i] * at * at
		// |i − j| is the number of borders between i and j; count the pairs across each
		below1 += first[i]
		below2 += second[i]
		linear += below1*(n-below2) + below2*(n-below1)
	}
	quadratic = n*square1 + n*square2 - 2*mean1*mean2
	return plain, linear, quadratic
}
