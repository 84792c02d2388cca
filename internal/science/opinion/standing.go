package opinion

import "math"

// significant is the one-sided 90 % point of the normal distribution.
const significant = 1.2816

// A Standing is how one group stands to one statement, beside the people of
// all other groups. The four pairs are for agreeing and for disagreeing.
type Standing struct {
	Count
	P           [2]float64 // smoothed share: (n+1)/(seen+2)
	PTest       [2]float64 // z of the share against one half
	Repness     [2]float64 // share here over share elsewhere
	RepnessTest [2]float64 // z of the difference of both shares
}

// Compare gives the standing of a group from its count and that of all others.
func Compare(own, others Count) Standing {
	s := Standing{Count: own}
	seen, seenOthers := float64(own.Seen), float64(others.Seen)
	for side, n := range [2][2]int{{own.Agree, others.Agree}, {own.Disagree, others.Disagree}} {
		here, there := float64(n[0]), float64(n[1])
		s.P[side] = share(own, n[0])
		s.PTest[side] = proportionTest(own, n[0])
		s.Repness[side] = s.P[side] / ((there + 1) / (seenOthers + 2))
		s.RepnessTest[side] = twoProportionTest(here+1, seen+1, there+1, seenOthers+1)
	}
	return s
}

func share(c Count, n int) float64 { return (float64(n) + 1) / (float64(c.Seen) + 2) }

// proportionTest is the z of a share against one half, one added to both.
func proportionTest(c Count, n int) float64 {
	seen := float64(c.Seen) + 1
	return 2 * math.Sqrt(seen) * ((float64(n)+1)/seen - 0.5)
}

// twoProportionTest is the z of the difference of two shares, with the pooled
// share in the denominator.
func twoProportionTest(n1, of1, n2, of2 float64) float64 {
	pooled := (n1 + n2) / (of1 + of2)
	if pooled == 1 {
		return 0
	}
	return (n1/of1 - n2/of2) / math.Sqrt(pooled*(1-pooled)*(1/of1+1/of2))
}

func (s Standing) side() int {
	if s.RepnessTest[0] > s.RepnessTest[1] {
		return 0
	}
	return 1
}

func (s Standing) sufficient() bool {
	return s.RepnessTest[0] > significant && s.PTest[0] > significant ||
		s.RepnessTest[1] > significant && s.PTest[1] > significant
}

func (s Standing) score(side int) float64 {
	return s.Repness[side] * s.RepnessTest[side] * s.P[side] * s.PTest[side]
}
