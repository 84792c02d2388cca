package gain

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

func copied(values []int64) []int64 { return slices.Clone(values) }

// sorted orders values in place and gives them back.
func sorted(values []int64) []int64 {
	slices.Sort(values)
	return values
}

// normal is the cumulative distribution of the standard normal.
func normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// normalQuantile is its inverse; infinite at 0 and 1.
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// tUpper is P(T > t) of Student's t for t ≥ 0.
func tUpper(t, df float64) float64 {
	if square := float64(t * t); square < 1 {
		return .5 - mathext.RegIncBeta(.5, df/2, square/(df+square))/2
	}
	return mathext.RegIncBeta(df/2, .5, df/(df+float64(t*t))) / 2
}

// tQuantile is the quantile of Student's t for p above one half.
func tQuantile(p, df float64) float64 {
	high := 2.0
	for tUpper(high, df) > 1-p {
		high *= 2
	}
	return root(0, high, func(t float64) float64 { return tUpper(t, df) - (1 - p) })
}

// fQuantile is the quantile of the F distribution.
func fQuantile(p, df1, df2 float64) float64 {
	lower := func(x float64) float64 {
		if scaled := float64(df1 * x); scaled < df2 {
			return mathext.RegIncBeta(df1/2, df2/2, scaled/(df2+scaled))
		}
		return 1 - mathext.RegIncBeta(df2/2, df1/2, df2/(df2+float64(df1*x)))
	}
	high := 2.0
	for lower(high) < p && high < math.MaxFloat64/4 {
		high *= 2
	}
	return root(0, high, func(x float64) float64 { return p - lower(x) })
}

// root finds where a falling function crosses 0 between low and high: by the
// Illinois rule, and by halving each third time, so that it always ends.
func root(low, high float64, f func(float64) float64) float64 {
	atLow, atHigh := f(low), f(high)
	side := 0
	for step := range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high || high-low <= 4e-16*math.Abs(middle) {
			break
		}
		x := middle
		if step%3 != 2 {
			if chord := low + float64((high-low)*(atLow/(atLow-atHigh))); chord > low && chord < high {
				x = chord
			}
		}
		at := f(x)
		switch {
		case at == 0:
			return x
		case at > 0:
			low, atLow = x, at
			if side > 0 {
				atHigh /= 2
			}
			side = 1
		default:
			high, atHigh = x, at
			if side < 0 {
				atLow /= 2
			}
			side = -1
		}
	}
	return low + (high-low)/2
}
