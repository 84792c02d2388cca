package gain

import (
	"math"
	"slices"
)

// MaxExact is the largest number of differences for the exact test.
const MaxExact = 1000

// Wilcoxon is the signed-rank test of the differences that are not 0.
type Wilcoxon struct {
	Changed       int // differences that are not 0
	Plus, Minus   float64
	PExact        float64 // two-sided; NaN above MaxExact differences
	PContinuity   float64 // two-sided, normal with continuity correction
	RankBiserial  float64 // from −1, all lost, to 1, all gained
	HodgesLehmann float64 // in points
}

func noRanks() Wilcoxon {
	nan := math.NaN()
	return Wilcoxon{Plus: nan, Minus: nan, PExact: nan, PContinuity: nan, RankBiserial: nan, HodgesLehmann: nan}
}

func signedRanks(s scores) Wilcoxon {
	changed := slices.DeleteFunc(copied(s.diff), func(d int64) bool { return d == 0 })
	if len(changed) == 0 {
		return noRanks()
	}
	doubled, plus, ties := doubledRanks(changed)
	m := float64(len(changed))
	all := int64(len(changed)) * int64(len(changed)+1) // sum of the doubled ranks
	w := Wilcoxon{Changed: len(changed), Plus: float64(plus) / 2, Minus: float64(all-plus) / 2, PExact: math.NaN()}
	if len(changed) <= MaxExact {
		w.PExact = exactP(doubled, min(plus, all-plus))
	}
	variance := m*(m+1)*(2*m+1)/24 - ties/48
	z := max(0, math.Abs(w.Plus-m*(m+1)/4)-.5) / math.Sqrt(variance)
	w.PContinuity = min(1, 2*normal(-z))
	w.RankBiserial = (w.Plus - w.Minus) / (w.Plus + w.Minus)
	w.HodgesLehmann = s.walshMedian(sorted(changed))
	return w
}

// doubledRanks gives twice the mid-rank of each |d|, the sum of those of gains,
// and Σ(t³ − t) over ties of t. It orders d by size.
func doubledRanks(d []int64) (doubled []int64, plus int64, ties float64) {
	slices.SortFunc(d, func(a, b int64) int { return compare(max(a, -a), max(b, -b)) })
	doubled = make([]int64, len(d))
	for i := 0; i < len(d); {
		j := i
		for j < len(d) && max(d[j], -d[j]) == max(d[i], -d[i]) {
			j++
		}
		for k := i; k < j; k++ {
			doubled[k] = int64(i + j + 1) // ranks i+1 … j
			if d[k] > 0 {
				plus += doubled[k]
			}
		}
		t := float64(j - i)
		ties += t*t*t - t
		i = j
	}
	return doubled, plus, ties
}

// exactP is twice the probability, when every sign is a fair coin, that the
// doubled ranks of one sign sum to at most least.
func exactP(doubled []int64, least int64) float64 {
	ways := make([]float64, least+1) // to reach each sum; whole numbers below 2^1000
	ways[0] = 1
	reached := int64(0)
	for _, r := range doubled {
		reached = min(reached+r, least)
		for sum := reached; sum >= r; sum-- {
			ways[sum] += ways[sum-r]
		}
	}
	total := 0.0
	for _, w := range ways {
		total += w
	}
	return min(1, math.Ldexp(total, 1-len(doubled)))
}

// walshMedian is the median of the means of all pairs i ≤ j of ordered
// differences. It never lists the pairs: it halves the range of sums and counts.
func (s scores) walshMedian(d []int64) float64 {
	n := int64(len(d))
	pairs := n * (n + 1) / 2
	low, high := s.walsh(d, (pairs+1)/2), s.walsh(d, pairs/2+1)
	return float64(low+high) / 4 / s.perPoint
}

// walsh is the k-th smallest sum d_i + d_j with i ≤ j, k from 1.
func (scores) walsh(d []int64, k int64) int64 {
	low, high := 2*d[0], 2*d[len(d)-1]
	for low < high {
		middle := low + (high-low)/2
		count := int64(0)
		j := len(d) - 1
		for i := range d {
			for j >= i && d[i]+d[j] > middle {
				j--
			}
			if j < i {
				break
			}
			count += int64(j - i + 1)
		}
		if count >= k {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
