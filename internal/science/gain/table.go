package gain

import (
	"fmt"
	"math"
	"slices"
)

// pointParts is how finely points are kept: to a millionth. As whole numbers
// they add up without error, so that equal totals are equal.
const pointParts = 1e6

// table holds the answers in parts of a point, persons ordered by total and then
// by their answers, so that the order of the input does not matter.
type table struct {
	rows    [][]float64
	totals  []float64
	most    []float64 // in points
	blanks  int
	guessed bool // some most was taken from the data
	binary  bool // all points are 0 or 1
}

func newTable(answers [][]float64, most []float64) (table, error) {
	t := table{most: slices.Clone(most), binary: true}
	switch {
	case len(most) > MaxItems:
		return t, fmt.Errorf("%d items are more than the %d that one analysis takes", len(most), MaxItems)
	case len(answers) > MaxPeople || len(answers)*len(most) > MaxAnswers:
		return t, fmt.Errorf("%d persons with %d items are more than one analysis takes", len(answers), len(most))
	}
	for i, m := range most {
		if !math.IsNaN(m) && (m < 1/pointParts || m > pointParts) {
			return t, fmt.Errorf("item %d: the highest points must be above 0 and at most %v, not %v", i+1, pointParts, m)
		}
	}
	for p, row := range answers {
		if len(row) != len(most) {
			return t, fmt.Errorf("person %d has %d answers, there are %d items", p+1, len(row), len(most))
		}
		for i, x := range row {
			if limit := t.limit(most[i]); x < 0 || x > limit {
				return t, &AnswerError{Person: p, Item: i, Points: x, Max: limit}
			}
		}
	}
	t.findMost(answers)
	t.keep(answers)
	return t, nil
}

// limit is the highest points allowed where most may be unknown.
func (table) limit(most float64) float64 {
	if math.IsNaN(most) {
		return pointParts
	}
	return most
}

// findMost fills in the highest points of items that do not tell them.
func (t *table) findMost(answers [][]float64) {
	for i, m := range t.most {
		if !math.IsNaN(m) {
			continue
		}
		t.most[i] = 1
		for _, row := range answers {
			if row[i] > t.most[i] {
				t.most[i] = row[i]
				t.guessed = true
			}
		}
	}
}

// keep copies the answers, blanks as 0, and orders the persons.
func (t *table) keep(answers [][]float64) {
	cells := make([]float64, len(answers)*(len(t.most)+1))
	t.rows = make([][]float64, len(answers))
	for _, m := range t.most {
		t.binary = t.binary && m == 1
	}
	for p, row := range answers {
		kept := cells[:len(row)+1] // the total comes first
		cells = cells[len(row)+1:]
		for i, x := range row {
			if math.IsNaN(x) {
				t.blanks++
				x = 0
			}
			if x != 0 && x != 1 {
				t.binary = false
			}
			kept[i+1] = math.Round(x * pointParts)
			kept[0] += kept[i+1]
		}
		t.rows[p] = kept
	}
	slices.SortFunc(t.rows, slices.Compare[[]float64])
	t.totals = make([]float64, len(t.rows))
	for p, row := range t.rows {
		t.totals[p] = row[0]
		t.rows[p] = row[1:]
	}
}

func (t table) column(i int) []float64 {
	out := make([]float64, len(t.rows))
	for p, row := range t.rows {
		out[p] = row[i]
	}
	return out
}

func (table) mean(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total / float64(len(values))
}

// variance with n − 1.
func (t table) variance(values []float64) float64 { return t.covariance(values, values) }

func (t table) covariance(a, b []float64) float64 {
	if same(a) || same(b) {
		return 0
	}
	meanA, meanB := t.mean(a), t.mean(b)
	total := 0.0
	for p := range a {
		total += float64((a[p] - meanA) * (b[p] - meanB))
	}
	return total / float64(len(a)-1)
}

func (t table) variances() []float64 {
	out := make([]float64, len(t.most))
	for i := range out {
		out[i] = t.variance(t.column(i))
	}
	return out
}

// correlation is Pearson's; NaN when one of both does not vary.
func (t table) correlation(a, b []float64) float64 {
	if same(a) || same(b) {
		return math.NaN()
	}
	r := t.covariance(a, b) / math.Sqrt(t.variance(a)) / math.Sqrt(t.variance(b))
	return max(-1, min(1, r))
}

func same(values []float64) bool {
	for _, v := range values {
		if v != values[0] {
			return false
		}
	}
	return true
}

// group is a part of the persons: those from first on count wholly, those tied
// at the border by a fraction.
type group struct {
	counted [][2]int  // stretches of persons
	weights []float64 // of each stretch
	size    float64
}

func (g group) mean(column []float64) float64 {
	total := 0.0
	for s, stretch := range g.counted {
		part := 0.0
		for _, v := range column[stretch[0]:stretch[1]] {
			part += v
		}
		total += float64(g.weights[s] * part)
	}
	return total / g.size
}

// groups gives the upper and the lower 27 %.
func (t table) groups() (upper, lower group) {
	n := len(t.totals)
	size := max(1, (27*n+50)/100) // .27·n, halves up
	// the lower group ends among the persons tied with its last one
	from, to := t.tied(size - 1)
	lower = group{[][2]int{{0, from}, {from, to}}, []float64{1, float64(size-from) / float64(to-from)}, float64(size)}
	from, to = t.tied(n - size)
	upper = group{[][2]int{{to, n}, {from, to}}, []float64{1, float64(size-(n-to)) / float64(to-from)}, float64(size)}
	return upper, lower
}

// tied is the stretch of persons whose total is that of one of them.
func (t table) tied(person int) (from, to int) {
	from, to = person, person+1
	for from > 0 && t.totals[from-1] == t.totals[person] {
		from--
	}
	for to < len(t.totals) && t.totals[to] == t.totals[person] {
		to++
	}
	return from, to
}
