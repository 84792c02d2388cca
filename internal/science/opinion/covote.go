package opinion

import "runtime"

// covoteLimit is the largest number of statements for which sums of pairs are
// kept: 2,000 take 32 MB. Beyond it the rows are multiplied directly.
const covoteLimit = 2000

// covotes holds, for each pair of statements j >= k, sums over the people who
// voted on both. They are whole numbers, so the order of people is of no
// consequence, and one vote changes only the pairs of that person's row.
type covotes struct {
	pairs []pair // lower triangle by rows: j(j+1)/2 + k
}

type pair struct {
	seen    int32 // N: people
	product int32 // A: sum of the products of both votes
	higher  int32 // B: sum of the votes on j, the higher number
	lower   int32 // B: sum of the votes on k
}

func triangle(n int) int { return n * (n + 1) / 2 }

func newCovotes(statements int) *covotes {
	return &covotes{pairs: make([]pair, triangle(statements))}
}

func (c *covotes) grow(statements int) {
	if n := triangle(statements) - len(c.pairs); n > 0 {
		c.pairs = append(c.pairs, make([]pair, n)...)
	}
}

// vote adds (sign +1) or takes away (sign -1) a vote. The row holds the vote
// itself as well.
func (c *covotes) vote(row []cell, statement int, v Vote, sign int32) {
	own := int32(v)
	for _, other := range row {
		k, w := other.statement(), int32(other.vote())
		if k <= statement {
			p := &c.pairs[triangle(statement)+k]
			p.seen += sign
			p.product += sign * own * w
			p.higher += sign * own
			p.lower += sign * w
		} else {
			p := &c.pairs[triangle(k)+statement]
			p.seen += sign
			p.product += sign * own * w
			p.higher += sign * w
			p.lower += sign * own
		}
	}
}

// row adds a whole row.
func (c *covotes) row(row []cell) {
	for a, x := range row {
		j, own := x.statement(), int32(x.vote())
		line := c.pairs[triangle(j):triangle(j+1)]
		for _, y := range row[:a+1] {
			w := int32(y.vote())
			p := &line[y.statement()]
			p.seen++
			p.product += own * w
			p.higher += own
			p.lower += w
		}
	}
}

// sumPairs adds up all rows. Workers have sums of their own; whole numbers add
// up to the same in any order.
func sumPairs(rows [][]cell, statements int) *covotes {
	workers := min(runtime.GOMAXPROCS(0), 4, 1+len(rows)/1000)
	parts := make([]*covotes, workers)
	parallel(workers, func(w int) {
		parts[w] = newCovotes(statements)
		for i := w; i < len(rows); i += workers {
			parts[w].row(rows[i])
		}
	})
	total := parts[0]
	for _, part := range parts[1:] {
		for i, p := range part.pairs {
			t := &total.pairs[i]
			t.seen += p.seen
			t.product += p.product
			t.higher += p.higher
			t.lower += p.lower
		}
	}
	return total
}
