package agreement

import (
	"math"
	"slices"
)

// alpha fills Krippendorff's alpha and its interval.
func (r *Result) alpha(d data, o Options) {
	if o.Level == Ratio && len(d.values) > maxRatioValues {
		r.warn(TooManyValues)
		return
	}
	m := newMeter(d, o.Level)
	every := make([]int, len(d.paired))
	for u := range every {
		every[u] = u
	}
	r.Alpha = m.alpha(every)
	if math.IsNaN(r.Alpha) {
		r.warn(NoVariation)
		return
	}
	r.Resamples = resamples(o, m.cost())
	r.Interval = m.bootstrap(r.Resamples, o)
	if math.IsNaN(r.Interval.Low) {
		r.warn(IntervalUndefined)
	}
}

// resamples chooses how often to draw, by the steps that one draw costs.
func resamples(o Options, cost int) int {
	if o.Resamples > 0 {
		return o.Resamples
	}
	const steps = 100_000_000
	return min(10_000, max(500, steps/cost))
}

// meter computes alpha for any list of units. Its slices are used again.
type meter struct {
	level    Level
	units    []unit
	values   []float64 // ascending; at interval less the mean, so that squares stay small
	observed []float64 // of each unit Σ_{i≠j} δ²/(m − 1), where δ depends on the values alone
	counts   []float64 // of each value in the units at hand
	ranks    []float64 // mid-ranks of the values
	moments  []moments // of each unit, at interval, where they tell all
}

// moments are what a unit adds to the disagreement at the level interval.
type moments struct{ n, sum, squares, least, most float64 }

func newMeter(d data, level Level) *meter {
	m := &meter{level: level, units: d.paired, values: slices.Clone(d.values), counts: make([]float64, len(d.values)), ranks: make([]float64, len(d.values))}
	if level == Interval {
		centre(m.values)
	}
	if level == Interval {
		m.moments = make([]moments, len(m.units))
		for u, unit := range m.units {
			m.moments[u] = moments{n: float64(len(unit.codes)), least: unit.values[0], most: unit.values[len(unit.values)-1]}
			for _, c := range unit.codes {
				m.moments[u].sum += m.values[c]
				m.moments[u].squares += float64(m.values[c] * m.values[c])
			}
		}
	}
	m.observed = make([]float64, len(m.units))
	for u := range m.units {
		m.observed[u] = m.within(u, m.values)
	}
	return m
}

// centre subtracts the first value, then the mean of what is left.
func centre(values []float64) {
	least, mean := values[0], 0.0
	for i := range values {
		values[i] -= least
		mean += values[i] / float64(len(values))
	}
	for i := range values {
		values[i] -= mean
	}
}

// cost is about how many steps one alpha takes.
func (m *meter) cost() int {
	steps := len(m.values)
	if m.level == Ratio {
		steps *= len(m.values) / 2
	}
	for _, u := range m.units {
		steps += len(u.values)
	}
	return max(1, steps)
}

// within is Σ_{i≠j} δ²/(m − 1) of one unit; scale has a place for each value.
func (m *meter) within(u int, scale []float64) float64 {
	codes := m.units[u].codes
	n := float64(len(codes))
	total := 0.0
	switch m.level {
	case Nominal:
		total = n * n
		for i := 0; i < len(codes); {
			j := i
			for j < len(codes) && codes[j] == codes[i] {
				j++
			}
			total -= float64((j - i) * (j - i))
			i = j
		}
	case Ratio:
		for i, a := range codes {
			for _, b := range codes[:i] {
				total += 2 * ratioDistance(scale[a], scale[b])
			}
		}
	default: // squares of differences: 2m times the squares around the mean
		mean := 0.0
		for _, c := range codes {
			mean += scale[c]
		}
		mean /= n
		for _, c := range codes {
			e := scale[c] - mean
			total += float64(e * e)
		}
		total *= 2 * n
	}
	return total / (n - 1)
}

func ratioDistance(a, b float64) float64 {
	if a == b {
		return 0
	}
	e := (a - b) / (a + b)
	return float64(e * e)
}

// alpha of the listed units, which may repeat; NaN when no value varies.
func (m *meter) alpha(list []int) float64 {
	clear(m.counts)
	observed, n := 0.0, 0.0
	for _, u := range list {
		observed += m.observed[u]
		for _, c := range m.units[u].codes {
			m.counts[c]++
		}
		n += float64(len(m.units[u].codes))
	}
	if m.level == Ordinal {
		m.rank()
		observed = 0
		for _, u := range list {
			observed += m.within(u, m.ranks)
		}
	}
	expected := m.expected(n)
	if !(expected > 0) {
		return math.NaN()
	}
	return 1 - (n-1)*observed/expected
}

// drawn is alpha of units drawn anew: as alpha, and at interval from the
// moments, without a look at single ratings.
func (m *meter) drawn(list []int) float64 {
	if m.level != Interval {
		return m.alpha(list)
	}
	all, observed := m.moments[list[0]], m.observed[list[0]]
	for _, u := range list[1:] {
		one := &m.moments[u]
		observed += m.observed[u]
		all.n += one.n
		all.sum += one.sum
		all.squares += one.squares
		all.least, all.most = min(all.least, one.least), max(all.most, one.most)
	}
	expected := 2 * (float64(all.n*all.squares) - float64(all.sum*all.sum))
	if all.least == all.most || !(expected > 0) {
		return math.NaN()
	}
	return 1 - (all.n-1)*observed/expected
}

// rank gives each value its mid-rank among the ratings at hand.
func (m *meter) rank() {
	below := 0.0
	for c, n := range m.counts {
		m.ranks[c] = below + n/2
		below += n
	}
}

// expected is Σ_{c≠k} n_c·n_k·δ² over the values at hand, 0 when there is only one.
func (m *meter) expected(n float64) float64 {
	different := 0
	for _, c := range m.counts {
		if c > 0 {
			different++
		}
	}
	if different < 2 {
		return 0
	}
	total := 0.0
	switch m.level {
	case Nominal:
		total = n * n
		for _, c := range m.counts {
			total -= float64(c * c)
		}
	case Ratio:
		for c, a := range m.counts {
			if a == 0 {
				continue
			}
			part := 0.0
			for k, b := range m.counts[:c] {
				part += float64(b * ratioDistance(m.values[c], m.values[k]))
			}
			total += float64(2 * a * part)
		}
	default:
		scale := m.values
		if m.level == Ordinal {
			scale = m.ranks
		}
		mean := 0.0
		for c, a := range m.counts {
			mean += float64(a * scale[c])
		}
		mean /= n
		for c, a := range m.counts {
			e := scale[c] - mean
			total += float64(a * float64(e*e))
		}
		total *= 2 * n
	}
	return total
}
