package lottery

import (
	"math"
	"math/bits"
)

// unit is what one stands for in whole-number prices.
const unit = 1 << 30

// ceiling is an upper bound of sum weight_v x_v over all whole x of the program at
// the bounds of s, proved by the multipliers y: for any y,
//
//	sum_v c_v x_v = sum_v (c_v - y A_v) x_v <= sum_v max over the bounds of v.
//
// y is rounded to whole numbers first, so that the bound holds whatever rounding
// went before. y is for prices of weight/unit. weights of the activities are zero;
// nil stands for no weights at all. ok is false where numbers grow too large.
func (s *simplex) ceiling(weight []int64, y []float64) (bound int64, ok bool) {
	// The greatest scale at which no sum can overflow.
	total := 1.0
	for v := range s.value {
		reach := max(math.Abs(s.lower[v]), math.Abs(s.upper[v]))
		share := math.Abs(s.dot(y, v))
		if v >= s.rows && weight != nil {
			share += float64(math.Abs(float64(weight[v-s.rows])) / unit)
		}
		for _, e := range s.entries(v) {
			share += math.Abs(y[e.row])
		}
		total += float64((share + 1e-9) * (reach + 1))
	}
	*s.steps += int64(len(s.value) * 8)
	if math.IsNaN(total) || total > 1<<28 {
		return 0, false
	}
	_, exponent := math.Frexp(total)
	shift := 61 - exponent // 2^shift for one of cost
	shift = min(shift, 50)
	fine := shift - 30 // bits below a unit of weight
	if fine < 0 {
		return 0, false
	}
	whole := make([]int64, s.rows)
	for r, f := range y {
		whole[r] = int64(math.Round(math.Ldexp(f, shift)))
	}
	sum := int64(0)
	for v := range s.value {
		d := int64(0)
		if v < s.rows {
			d = whole[v]
		} else {
			if weight != nil {
				d = weight[v-s.rows] << fine
			}
			for _, e := range s.columns[v-s.rows] {
				d -= whole[e.row] * int64(e.value)
			}
		}
		at := s.lower[v]
		if d > 0 {
			at = s.upper[v]
		}
		high, low := bits.Mul64(absolute(d), absolute(int64(at)))
		if high != 0 || low > 1<<61 {
			return 0, false
		}
		sum += d * int64(at)
		if sum > 1<<61 || sum < -(1<<61) {
			return 0, false
		}
	}
	return sum >> fine, true // rounds down, and sum weight x is whole
}

// contradiction reports whether s.ray proves that nothing is within the bounds.
func (s *simplex) contradiction() bool {
	size := 0.0
	for _, f := range s.ray {
		size = max(size, math.Abs(f))
	}
	if size == 0 {
		return false
	}
	y := make([]float64, s.rows)
	for _, sign := range []float64{1, -1} {
		for r, f := range s.ray {
			y[r] = sign * f / size
		}
		if bound, ok := s.ceiling(nil, y); ok && bound < 0 {
			return true
		}
	}
	return false
}

// entries is the column of v.
func (s *simplex) entries(v int) []entry {
	if v < s.rows {
		return nil
	}
	return s.columns[v-s.rows]
}

func absolute(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}
