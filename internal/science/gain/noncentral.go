package gain

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// noncentralT is P(T ≤ t) of the noncentral t with df degrees of freedom (at
// least 4) and noncentrality delta.
//
// With S = √(χ²/df), P(T ≤ t) = E Φ(t·S − delta). In x = ln S the density is
// proportional to exp(df·(x − (e^{2x} − 1)/2)), which is smooth and falls fast
// on both sides, so that the trapezoidal rule reaches the last digits. When t
// is so large that Φ becomes a step, the other order is smooth:
// P(T ≤ t) = E P(S ≥ (Z + delta)/t) over the normal Z.
func noncentralT(t, df, delta float64) float64 {
	if t < 0 {
		return 1 - noncentralT(-t, df, -delta)
	}
	if float64(t*t) > 400*df {
		return overNormal(t, df, delta)
	}
	return overChi(t, df, delta)
}

// negligible is where the logarithm of a weight beside the largest is dropped.
const negligible = -45

func overChi(t, df, delta float64) float64 {
	logDensity := func(x float64) float64 { return df * (x - math.Expm1(2*x)/2) }
	step := .3 / math.Sqrt(2*df+4*float64(t*t))
	weights, total := 0.0, 0.0
	add := func(x float64) bool {
		g := logDensity(x)
		if g < negligible {
			return false
		}
		w := math.Exp(g)
		weights += w
		total += float64(w * normal(float64(t*math.Exp(x))-delta))
		return true
	}
	add(0)
	for i := 1; add(float64(i) * step); i++ {
	}
	for i := 1; add(-float64(i) * step); i++ {
	}
	return total / weights
}

func overNormal(t, df, delta float64) float64 {
	const step = .125
	weights, total := 0.0, 0.0
	for i := -76; i <= 76; i++ {
		z := float64(i) * step
		w := math.Exp(-z * z / 2)
		weights += w
		tail := 1.0
		if s := (z + delta) / t; s > 0 {
			tail = mathext.GammaIncRegComp(df/2, df*float64(s*s)/2)
		}
		total += float64(w * tail)
	}
	return total / weights
}

// noncentrality is the delta at which P(T ≤ t) is p.
func noncentrality(t, df, p float64) float64 {
	f := func(delta float64) float64 { return noncentralT(t, df, delta) - p }
	width := 3 * math.Sqrt(1+float64(t*t)/(2*df))
	low, high := t-width, t+width
	for f(low) < 0 {
		low -= width
	}
	for f(high) > 0 {
		high += width
	}
	return root(low, high, f)
}
