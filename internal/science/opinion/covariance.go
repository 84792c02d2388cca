package opinion

import "math"

// An operator multiplies a vector by the scatter matrix of the votes: Y'Y with
// Y = R - m where there is a vote on an open statement and 0 elsewhere. It
// works on the open statements that have votes, in canonical order.
type operator interface {
	multiply(result, vector []float64)
}

// scatter chooses between the matrix of pairs and the rows, whichever costs
// less. Both are exact to rounding.
func (m *Map) scatter(active []int, centre []float64) operator {
	if m.sums != nil {
		return newMatrix(m.sums, active, centre)
	}
	pairs := 0.0
	for _, row := range m.rows {
		pairs += float64(len(row)) * float64(len(row)) / 2
	}
	// In nanoseconds, about; a hundred products are taken.
	square := float64(len(active)) * float64(len(active))
	if len(m.status) <= covoteLimit && 3*pairs+104*square < 400*float64(m.votes) {
		return newMatrix(sumPairs(m.rows, len(m.status)), active, centre)
	}
	return newSparse(m.rows, len(m.status), active, centre)
}

// matrix holds all of Y'Y = A - B∘m' - (B∘m')' + mm'∘N.
type matrix struct {
	n      int
	values []float64
}

func newMatrix(sums *covotes, active []int, centre []float64) *matrix {
	n := len(active)
	x := &matrix{n: n, values: make([]float64, n*n)}
	for a, j := range active {
		for b, k := range active[:a+1] {
			var p pair
			if j >= k {
				p = sums.pairs[triangle(j)+k]
			} else {
				p = sums.pairs[triangle(k)+j]
				p.higher, p.lower = p.lower, p.higher
			}
			mj, mk := centre[j], centre[k]
			value := float64(p.product) - float64(float64(p.higher)*mk) - float64(float64(p.lower)*mj) +
				float64(float64(mj*mk)*float64(p.seen))
			x.values[a*n+b], x.values[b*n+a] = value, value
		}
	}
	return x
}

func (x *matrix) multiply(result, vector []float64) {
	for a := range x.n {
		result[a] = dot(x.values[a*x.n:(a+1)*x.n], vector)
	}
}

// dot adds in four lanes, in a fixed order. The conversions forbid fused
// multiplication, which some processors have and others have not.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += float64(a[i] * b[i])
		s1 += float64(a[i+1] * b[i+1])
		s2 += float64(a[i+2] * b[i+2])
		s3 += float64(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += float64(a[i] * b[i])
	}
	return (s0 + s1) + (s2 + s3)
}

// sparse multiplies row by row. Terms are whole numbers (multiples of 2^-40),
// so that their sum is the same in any order of people.
type sparse struct {
	cells  []cell // of active statements, numbered by rank
	starts []int  // of each person in cells
	centre []float64
	people []int64 // scratch: Y times the vector

	table        [][4]int64
	signed, seen [sparseWorkers][]int64
}

const sparseWorkers = 4

const fixedBits = 40

func newSparse(rows [][]cell, statements int, active []int, centre []float64) *sparse {
	rank := make([]int, statements)
	for j := range rank {
		rank[j] = -1
	}
	x := &sparse{centre: make([]float64, len(active)), people: make([]int64, len(rows)), starts: make([]int, 1, len(rows)+1)}
	for a, j := range active {
		rank[j] = a
		x.centre[a] = centre[j]
	}
	x.table = make([][4]int64, len(active))
	for w := range sparseWorkers {
		x.signed[w], x.seen[w] = make([]int64, len(active)), make([]int64, len(active))
	}
	votes := 0
	for _, row := range rows {
		votes += len(row)
	}
	x.cells = make([]cell, 0, votes)
	for _, row := range rows {
		for _, c := range row {
			if a := rank[c.statement()]; a >= 0 {
				x.cells = append(x.cells, newCell(a, c.vote()))
			}
		}
		x.starts = append(x.starts, len(x.cells))
	}
	return x
}

func (x *sparse) multiply(result, vector []float64) {
	table := x.table
	for a, value := range vector {
		for v := range 3 {
			table[a][v] = toFixed(float64(float64(v-1)-x.centre[a]) * value)
		}
	}
	const part = 2048
	parts := (len(x.people) + part - 1) / part
	largest := make([]int64, parts)
	parallel(parts, func(p int) {
		for i := p * part; i < min(len(x.people), (p+1)*part); i++ {
			var sum int64
			for _, c := range x.cells[x.starts[i]:x.starts[i+1]] {
				sum += table[c.statement()][c&3]
			}
			x.people[i] = sum
			largest[p] = max(largest[p], sum, -sum)
		}
	})
	var top int64
	for _, l := range largest {
		top = max(top, l)
	}
	shift := 0 // so that sums over all people stay below 2^62
	for float64(top>>shift)*float64(len(x.people)+1) > 1<<62 {
		shift++
	}
	parallel(sparseWorkers, func(w int) {
		s, n := x.signed[w], x.seen[w]
		clear(s)
		clear(n)
		for p := w; p < parts; p += sparseWorkers {
			for i := p * part; i < min(len(x.people), (p+1)*part); i++ {
				t := x.people[i] >> shift
				for _, c := range x.cells[x.starts[i]:x.starts[i+1]] {
					s[c.statement()] += t * int64(c.vote())
					n[c.statement()] += t
				}
			}
		}
	})
	unit := math.Ldexp(1, shift-fixedBits)
	for a := range result {
		var s, n int64
		for w := range sparseWorkers {
			s += x.signed[w][a]
			n += x.seen[w][a]
		}
		result[a] = float64(float64(s)-float64(x.centre[a]*float64(n))) * unit
	}
}

func toFixed(x float64) int64 { return int64(math.RoundToEven(math.Ldexp(x, fixedBits))) }

func fromFixed(x int64) float64 { return math.Ldexp(float64(x), -fixedBits) }
