package kit

import "math"

// mostTicks is how many marks an axis has at most.
const mostTicks = 6

// ticks gives the marks of an axis that covers a range and nought: multiples of 1, 2 or 5
// times a power of ten, evenly spaced, the first not above low and the last not below high.
// Whole numbers get whole marks. At least two marks come, so that the axis has a length.
func ticks(low, high float64, whole bool) []float64 {
	low, high = min(low, 0), max(high, 0)
	if high-low == 0 || math.IsInf(high-low, 0) || math.IsNaN(high-low) {
		low, high = 0, 1
	}
	step := niceStep((high - low) / (mostTicks - 1))
	if whole {
		step = max(step, 1)
	}
	// Both ends round outwards, which may take one mark more than there is room for.
	for math.Ceil(high/step)-math.Floor(low/step) > mostTicks-1 {
		step = niceStep(step * 1.5)
	}
	var out []float64
	for n := math.Floor(low / step); n <= math.Ceil(high/step); n++ {
		out = append(out, n*step)
	}
	return out
}

// niceStep is the smallest of 1, 2, 5, 10 times a power of ten that is not below x.
func niceStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, n := range []float64{1, 2, 5} {
		if n*power >= x*(1-1e-9) {
			return n * power
		}
	}
	return 10 * power
}

// decimalsOf is how many decimals the marks of an axis need.
func decimalsOf(marks []float64) int {
	if len(marks) < 2 {
		return 0
	}
	return max(0, int(-math.Floor(math.Log10(marks[1]-marks[0])+1e-9)))
}

// apart gives each how-many-eth label fits into a row of a length, when the longest has so
// many letters of a width.
func apart(labels, letters int, letterWidth, length float64) int {
	if labels <= 1 || length <= 0 {
		return 1
	}
	room := length / float64(labels)
	return max(1, int(math.Ceil((float64(letters)+1)*letterWidth/room)))
}
