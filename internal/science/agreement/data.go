package agreement

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// data are the ratings without names, in an order that follows from their values.
type data struct {
	units, raters, ratings int
	paired                 []unit      // with two ratings or more
	values                 []float64   // different ones among the paired, ascending
	both                   [][2]int    // two raters: numbers of the values that they gave to one unit
	complete               [][]float64 // units that every rater rated, raters in the input's order of numbers
}

// unit has its ratings in ascending order.
type unit struct {
	values []float64
	codes  []int // of values in data.values
}

func arrange(ratings []Rating, level Level) (data, error) {
	var d data
	if len(ratings) > MaxRatings {
		return d, fmt.Errorf("%d ratings are more than the %d that one analysis takes", len(ratings), MaxRatings)
	}
	for i, r := range ratings {
		switch {
		case math.IsInf(r.Value, 0) || math.Abs(r.Value) > 1e15:
			return d, &RatingError{i, fmt.Sprintf("%v is beyond 1e15", r.Value)}
		case level == Ratio && r.Value < 0:
			return d, &RatingError{i, fmt.Sprintf("%v is below zero, which the level ratio does not know", r.Value)}
		}
	}
	order := make([]int, len(ratings))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := ratings[a], ratings[b]
		return cmp.Or(cmp.Compare(x.Unit, y.Unit), cmp.Compare(x.Rater, y.Rater), cmp.Compare(a, b))
	})
	for i := 1; i < len(order); i++ {
		x, y := ratings[order[i-1]], ratings[order[i]]
		if x.Unit == y.Unit && x.Rater == y.Rater {
			return d, &RatingError{order[i], fmt.Sprintf("its rater rated its unit before, in rating %d", order[i-1]+1)}
		}
	}
	raters := make(map[int]bool)
	for _, r := range ratings {
		raters[r.Rater] = true
	}
	d.raters = len(raters)
	var pairs [][]float64
	for i := 0; i < len(order); {
		var given []float64
		j := i
		for ; j < len(order) && ratings[order[j]].Unit == ratings[order[i]].Unit; j++ {
			if v := ratings[order[j]].Value; !math.IsNaN(v) {
				given = append(given, v+0) // no negative zero
			}
		}
		i = j
		d.units++
		d.ratings += len(given)
		if len(given) < 2 {
			continue
		}
		if len(given) == d.raters {
			d.complete = append(d.complete, given)
			if d.raters == 2 {
				pairs = append(pairs, given)
			}
		}
		d.paired = append(d.paired, unit{values: slices.Sorted(slices.Values(given))})
	}
	slices.SortFunc(d.complete, slices.Compare[[]float64])
	slices.SortFunc(d.paired, func(a, b unit) int { return slices.Compare(a.values, b.values) })
	d.number(pairs)
	return d, nil
}

// number gives each value its place among the different ones.
func (d *data) number(pairs [][]float64) {
	for _, u := range d.paired {
		d.values = append(d.values, u.values...)
	}
	slices.Sort(d.values)
	d.values = slices.Compact(d.values)
	for i := range d.paired {
		u := &d.paired[i]
		u.codes = make([]int, len(u.values))
		for k, v := range u.values {
			u.codes[k], _ = slices.BinarySearch(d.values, v)
		}
	}
	for _, p := range pairs {
		a, _ := slices.BinarySearch(d.values, p[0])
		b, _ := slices.BinarySearch(d.values, p[1])
		d.both = append(d.both, [2]int{a, b})
	}
}
