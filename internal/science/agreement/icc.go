package agreement

import "math"

// ICC holds the intraclass correlations of Shrout and Fleiss.
type ICC struct {
	One, Two, Three             Coefficient // of one rating: ICC(1), ICC(2,1), ICC(3,1)
	OneMean, TwoMean, ThreeMean Coefficient // of the mean of the ratings: ICC(1,k), ICC(2,k), ICC(3,k)
	OneUnits, Units             int         // that entered ICC(1), and the others
	Raters                      int         // k of ICC(2) and ICC(3)
	PerUnit                     float64     // k of ICC(1)
}

// Coefficient is one of them with its 95 % interval.
type Coefficient struct {
	Value float64
	Range
}

func noCoefficient() Coefficient { return Coefficient{math.NaN(), noRange()} }

// correlate fills the intraclass correlations.
func (r *Result) correlate(d data) {
	none := noCoefficient()
	c := &ICC{One: none, Two: none, Three: none, OneMean: none, TwoMean: none, ThreeMean: none, Raters: d.raters}
	r.ICC = c
	c.oneWay(d.paired)
	if c.OneUnits >= 2 {
		for _, u := range d.paired {
			if len(u.values) != len(d.paired[0].values) {
				r.warn(ICCUnbalanced)
			}
		}
	}
	c.Units = len(d.complete)
	if len(d.complete) < d.units {
		r.warn(ICCIncomplete)
	}
	if d.raters >= 2 && len(d.complete) >= 2 {
		c.twoWay(d.complete)
	}
	for _, x := range []Coefficient{c.One, c.Two, c.Three, c.OneMean, c.TwoMean, c.ThreeMean} {
		if math.IsNaN(x.Value) {
			r.warn(ICCUndefined)
		} else if math.IsNaN(x.Low) || math.IsNaN(x.High) {
			r.warn(IntervalUndefined)
		}
	}
}

// nothing is the share of all squares below which squares are rounding.
const nothing = 1e-22

// oneWay takes units whose raters differ.
func (c *ICC) oneWay(units []unit) {
	c.OneUnits = len(units)
	if len(units) < 2 {
		return
	}
	least, all, counts, squares := units[0].values[0], 0.0, 0.0, 0.0
	for _, u := range units {
		least = min(least, u.values[0])
	}
	means := make([]float64, len(units))
	for i, u := range units {
		m := float64(len(u.values))
		for _, v := range u.values {
			means[i] += v - least
		}
		all += means[i]
		means[i] /= m
		counts += m
		squares += m * m
	}
	grand := all / counts
	n := float64(len(units))
	between, within := 0.0, 0.0
	for i, u := range units {
		e := means[i] - grand
		between += float64(float64(len(u.values)) * float64(e*e))
		for _, v := range u.values {
			e := v - least - means[i]
			within += float64(e * e)
		}
	}
	total := between + within
	between, within = tidy(between, total), tidy(within, total)
	k := (counts - squares/counts) / (n - 1)
	c.PerUnit = k
	c.One, c.OneMean = consistency(between/(n-1), within/(counts-n), k, n-1, counts-n)
}

func tidy(part, total float64) float64 {
	if part <= nothing*total {
		return 0
	}
	return part
}

// consistency gives (b − w)/(b + (k − 1)w) and (b − w)/b from the mean squares
// between and within with their degrees of freedom.
func consistency(b, w, k, df1, df2 float64) (one, mean Coefficient) {
	one, mean = noCoefficient(), noCoefficient()
	if b+(k-1)*w > 0 {
		one.Value = (b - w) / (b + (k-1)*w)
	}
	if b > 0 {
		mean.Value = (b - w) / b
	}
	if b == 0 || w == 0 {
		return one, mean
	}
	f := b / w
	low, high := f/fQuantile(.975, df1, df2), f*fQuantile(.975, df2, df1)
	one.Range = Range{(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)}
	mean.Range = Range{1 - 1/low, 1 - 1/high}
	return one, mean
}

// twoWay takes units that the same raters rated.
func (c *ICC) twoWay(rows [][]float64) {
	n, k := float64(len(rows)), float64(len(rows[0]))
	least, grand := rows[0][0], 0.0
	for _, row := range rows {
		for _, v := range row {
			least = min(least, v)
		}
	}
	units, raters := make([]float64, len(rows)), make([]float64, len(rows[0]))
	for i, row := range rows {
		for j, v := range row {
			units[i] += (v - least) / k
			raters[j] += (v - least) / n
		}
		grand += units[i] / n
	}
	var between, judges, rest float64
	for i, row := range rows {
		e := units[i] - grand
		between += float64(k * float64(e*e))
		for j, v := range row {
			e := v - least - units[i] - raters[j] + grand
			rest += float64(e * e)
		}
	}
	for _, m := range raters {
		e := m - grand
		judges += float64(n * float64(e*e))
	}
	total := between + judges + rest
	between, judges, rest = tidy(between, total), tidy(judges, total), tidy(rest, total)
	b, j, e := between/(n-1), judges/(k-1), rest/((n-1)*(k-1))
	c.Three, c.ThreeMean = consistency(b, e, k, n-1, (n-1)*(k-1))
	c.Two, c.TwoMean = absolute(b, j, e, n, k)
}

// absolute gives ICC(2,1) and ICC(2,k) from the mean squares between units and
// raters and of the rest. The interval is Satterthwaite's.
func absolute(b, j, e, n, k float64) (one, mean Coefficient) {
	one, mean = noCoefficient(), noCoefficient()
	if below := b + (k-1)*e + k*(j-e)/n; below > 0 {
		one.Value = (b - e) / below
	}
	if below := b + (j-e)/n; below > 0 {
		mean.Value = (b - e) / below
	}
	if math.IsNaN(one.Value) || b == 0 || e == 0 {
		return one, mean
	}
	f, rho := j/e, one.Value
	part := n*(1+(k-1)*rho) - k*rho
	top := k*rho*f + part
	df := (k - 1) * (n - 1) * top * top / ((n-1)*k*k*rho*rho*f*f + part*part)
	if !(df > 0) {
		return one, mean
	}
	upper, lower := fQuantile(.975, n-1, df), fQuantile(.975, df, n-1)
	one.Range = Range{
		Low:  n * (b - upper*e) / (upper*(k*j+(k*n-k-n)*e) + n*b),
		High: n * (lower*b - e) / (k*j + (k*n-k-n)*e + n*lower*b),
	}
	if !one.finite() {
		one.Range = noRange()
		return one, mean
	}
	if lowest, highest := 1+one.Low*(k-1), 1+one.High*(k-1); lowest > 0 && highest > 0 {
		mean.Range = Range{one.Low * k / lowest, one.High * k / highest}
	}
	if !mean.finite() {
		mean.Range = noRange()
	}
	return one, mean
}

func (r Range) finite() bool {
	return !math.IsNaN(r.Low) && !math.IsInf(r.Low, 0) && !math.IsNaN(r.High) && !math.IsInf(r.High, 0)
}
