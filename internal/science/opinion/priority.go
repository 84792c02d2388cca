package opinion

import "math"

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
	weight := importance * (1 + 8*math.Exp2(-seen/5))
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
