package agreement

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// fQuantile is the quantile of the F distribution, by halving to the last digit.
func fQuantile(p, df1, df2 float64) float64 {
	lower := func(x float64) float64 {
		scaled := float64(df1 * x)
		if scaled < df2 {
			return mathext.RegIncBeta(df1/2, df2/2, scaled/(df2+scaled))
		}
		return 1 - mathext.RegIncBeta(df2/2, df1/2, df2/(df2+scaled))
	}
	low, high := 0.0, 2.0
	for lower(high) < p && high < math.MaxFloat64/4 {
		high *= 2
	}
	for range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if lower(middle) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}
