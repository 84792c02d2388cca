package gain

import (
	"fmt"
	"math"
	"slices"
)

// Limits of a table of answers.
const (
	MaxItems   = 2000
	MaxAnswers = 20_000_000 // persons × items
)

// AnswerError tells which points of the input are impossible.
type AnswerError struct {
	Person, Item int // indices in the input, from 0
	Points, Max  float64
}

// Error names person and item by their places in the input, from 1.
func (e *AnswerError) Error() string {
	return fmt.Sprintf("person %d, item %d: %v points are not between 0 and %v", e.Person+1, e.Item+1, e.Points, e.Max)
}

// ItemResult is how well a test measures. What is not defined is NaN.
type ItemResult struct {
	People, Blanks int
	Alpha          float64 // Cronbach
	Interval       Interval
	KR20           float64 // alpha where all items are scored 0 or 1, else NaN
	SEM            float64 // standard error of one person's total, in points
	Mean, SD       float64 // of the totals
	Max            float64 // the highest possible total
	Items          []Item  // in the order of the input
	Warnings       []Warning
}

// Item is how one question did.
type Item struct {
	Max            float64
	Difficulty     float64 // share of the points that the group got: the higher, the easier
	ItemRest       float64 // correlation with the sum of the other items
	UpperLower     float64 // difficulty among the best 27 % less that among the weakest 27 %
	AlphaIfDropped float64
}

// Items analyses a table with a row for each person and a column for each item;
// NaN is a blank and counts 0. most has the highest possible points of each
// item; where it is NaN, it is 1, or the highest points seen when they are more.
// It fails on a table out of the limits, on rows of another length, and with
// *AnswerError.
func Items(answers [][]float64, most []float64) (ItemResult, error) {
	t, err := newTable(answers, most)
	if err != nil {
		return ItemResult{}, err
	}
	r := ItemResult{People: len(t.rows), Blanks: t.blanks, Alpha: math.NaN(), Interval: noInterval(), KR20: math.NaN(), SEM: math.NaN(), Mean: math.NaN(), SD: math.NaN()}
	for _, m := range t.most {
		r.Max += m
	}
	r.heed(t)
	r.Items = make([]Item, len(t.most))
	for i := range r.Items {
		r.Items[i] = Item{Max: t.most[i], Difficulty: math.NaN(), ItemRest: math.NaN(), UpperLower: math.NaN(), AlphaIfDropped: math.NaN()}
	}
	if r.People < 2 || len(t.most) == 0 {
		r.warn(TooFewPeople)
		return r, nil
	}
	if r.People < 30 {
		r.warn(FewPeople)
	}
	r.reliability(t)
	r.each(t)
	return r, nil
}

func (r *ItemResult) warn(w Warning) {
	if !slices.Contains(r.Warnings, w) {
		r.Warnings = append(r.Warnings, w)
	}
}

// heed warns of what the reading had to suppose.
func (r *ItemResult) heed(t table) {
	if t.blanks > 0 {
		r.warn(BlankCountedWrong)
	}
	if t.guessed {
		r.warn(MaxFromData)
	}
}

// reliability fills what concerns the test as a whole.
func (r *ItemResult) reliability(t table) {
	n, k := float64(len(t.rows)), float64(len(t.most))
	variance := t.variance(t.totals)
	r.Mean, r.SD = t.mean(t.totals)/pointParts, math.Sqrt(variance)/pointParts
	r.Alpha = alpha(t.variances(), variance, -1)
	switch {
	case len(t.most) < 2:
		r.warn(OneItem)
	case variance == 0:
		r.warn(NoVariation)
	default:
		r.Interval = Interval{
			Low:  1 - (1-r.Alpha)*fQuantile(.975, n-1, (n-1)*(k-1)),
			High: 1 - (1-r.Alpha)*fQuantile(.025, n-1, (n-1)*(k-1)),
		}
		r.SEM = r.SD * math.Sqrt(max(0, 1-r.Alpha))
		if t.binary {
			r.KR20 = r.Alpha
		}
	}
}

// each fills what concerns single items.
func (r *ItemResult) each(t table) {
	upper, lower := t.groups()
	variances := t.variances()
	rest := make([]float64, len(t.rows))
	for i := range r.Items {
		item := &r.Items[i]
		full := item.Max * pointParts
		column := t.column(i)
		for p, points := range column {
			rest[p] = t.totals[p] - points
		}
		item.Difficulty = t.mean(column) / full
		item.UpperLower = (upper.mean(column) - lower.mean(column)) / full
		item.ItemRest = t.correlation(column, rest)
		item.AlphaIfDropped = alpha(variances, t.variance(rest), i)
		if math.IsNaN(item.ItemRest) && len(r.Items) > 1 {
			r.warn(ItemWithoutVariation)
		}
		if item.ItemRest < 0 {
			r.warn(NegativeItem)
		}
	}
}

// alpha is Cronbach's, from the variances of the items, one of them left out
// when dropped is not negative, and that of their sum.
func alpha(variances []float64, whole float64, dropped int) float64 {
	k, parts := 0.0, 0.0
	for i, v := range variances {
		if i != dropped {
			k++
			parts += v
		}
	}
	if k < 2 || whole == 0 {
		return math.NaN()
	}
	return k / (k - 1) * (1 - parts/whole)
}
