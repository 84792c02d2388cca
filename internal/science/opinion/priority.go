package opinion

import "math"

// fifths are 2 to the power of -0/5 to -4/5.
var fifths = [5]float64{1, 0.8705505632961241, 0.757858283255199, 0.6597539553864471, 0.5743491774985174}

// metaPriority is what a statement about the conversation itself gets.
const metaPriority = 49

// priority says how much a statement should be asked next: few have seen it,
// it divides (extremity), it is agreed with, it is seldom passed.
func priority(c Count, extremity float64, s Status) float64 {
	if s.meta() {
		return metaPriority
	}
	seen, passes := float64(c.Seen), float64(c.Seen-c.Agree-c.Disagree)
	importance := (1 - (passes+1)/(seen+2)) * (extremity + 1) * ((float64(c.Agree) + 1) / (seen + 2))
	weight := importance * (1 + 8*math.Ldexp(fifths[c.Seen%5], -c.Seen/5)) // 2^(-seen/5), the same on every machine
	return weight * weight
}

// groupAware is the group-aware consensus of one statement: the product over
// groups of the smoothed share that agrees.
func groupAware(groups [][]Count, statement int) float64 {
	product := 1.0
	for _, counts := range groups {
		product *= share(counts[statement], counts[statement].Agree)
	}
	return product
}
