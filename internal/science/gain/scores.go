package gain

import (
	"fmt"
	"math"
	"slices"
)

// Limits of the input.
const (
	// MinPairs is the least number of matched pairs that gives statistics.
	MinPairs = 5
	// MaxPeople bounds the persons of one analysis.
	MaxPeople = 1_000_000
	// MaxScore bounds the highest possible score.
	MaxScore = 1e9
	// MaxResamples bounds the bootstrap.
	MaxResamples = 1_000_000
)

// Pair is what one person scored before and after; NaN where she took no test.
type Pair struct{ Pre, Post float64 }

// ScoreError tells which score of the input is impossible.
type ScoreError struct {
	Person int    // index in the input, from 0
	Test   string // "pre" or "post"
	Score  float64
	Max    float64
}

// Error names the person by her place in the input, from 1.
func (e *ScoreError) Error() string {
	return fmt.Sprintf("person %d: %s score %v is not between 0 and %v", e.Person+1, e.Test, e.Score, e.Max)
}

// scores are the matched pairs as whole multiples of unit, ordered by value.
type scores struct {
	pre, diff []int64
	max       int64
	perPoint  float64 // units in a point: a power of ten
}

// match keeps the pairs that are whole, and counts the persons with a pre and
// with a post score.
func match(people []Pair, most float64) (s scores, pre, post int, err error) {
	s.perPoint = 1e9
	if most > 1e3 {
		s.perPoint = 1e6
	}
	if most > 1e6 {
		s.perPoint = 1e3
	}
	s.max = int64(math.Round(most * s.perPoint))
	whole := make([][2]int64, 0, len(people))
	for i, p := range people {
		for _, score := range [2]struct {
			test  string
			value float64
		}{{"pre", p.Pre}, {"post", p.Post}} {
			if !math.IsNaN(score.value) && (score.value < 0 || score.value > most) {
				return s, 0, 0, &ScoreError{Person: i, Test: score.test, Score: score.value, Max: most}
			}
		}
		hasPre, hasPost := !math.IsNaN(p.Pre), !math.IsNaN(p.Post)
		if hasPre {
			pre++
		}
		if hasPost {
			post++
		}
		if hasPre && hasPost {
			whole = append(whole, [2]int64{int64(math.Round(p.Pre * s.perPoint)), int64(math.Round(p.Post * s.perPoint))})
		}
	}
	slices.SortFunc(whole, func(a, b [2]int64) int {
		if a[0] != b[0] {
			return compare(a[0], b[0])
		}
		return compare(a[1], b[1])
	})
	s.pre, s.diff = make([]int64, len(whole)), make([]int64, len(whole))
	for i, p := range whole {
		s.pre[i], s.diff[i] = p[0], p[1]-p[0]
	}
	return s, pre, post, nil
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// post gives the second score of a pair, in units.
func (s scores) post(i int) int64 { return s.pre[i] + s.diff[i] }

// sum adds whole numbers; with the limits of the input it cannot overflow.
func sum(values []int64) int64 {
	var total int64
	for _, v := range values {
		total += v
	}
	return total
}

// mean gives the mean, in points, of values in units.
func (s scores) mean(total int64) float64 {
	return float64(total) / (float64(len(s.pre)) * s.perPoint)
}

// deviation is the standard deviation with n − 1, in points, of values in units
// in a fixed order.
func (s scores) deviation(values []int64) float64 {
	n := float64(len(values))
	centre := float64(sum(values)) / n
	squares := 0.0
	for _, v := range values {
		d := float64(v) - centre
		squares += float64(d * d)
	}
	return math.Sqrt(squares/(n-1)) / s.perPoint
}

// constant reports whether all values are one.
func constant(values []int64) bool {
	for _, v := range values {
		if v != values[0] {
			return false
		}
	}
	return true
}
