package opinion

import "math"

// Covariance of a person's place: how far it could lie elsewhere had she voted
// on as many other statements. It is nought for who voted on all.
type Covariance struct{ XX, XY, YY float64 }

// add adds c times f.
func (v *Covariance) add(c Covariance, f float64) {
	v.XX += float64(c.XX * f)
	v.XY += float64(c.XY * f)
	v.YY += float64(c.YY * f)
}

// borrowed is how many votes' worth of other people's spread is mixed into the
// spread of one person's votes, which few votes say little about.
const borrowed = 5

// project gives each person's place, sqrt(S/n) times the sum over her votes of
// (vote - centre) times component, and how uncertain it is. Zeroed statements
// count as seen.
//
// Terms are whole numbers, multiples of 2^-40 (their products of 2^-60), so
// that sums are the same in any order of statements.
func (m *Map) project(p *plane) ([]place, []Covariance) {
	table := make([][4][depth]int64, len(m.status))
	for j := range table {
		for v := range 3 {
			for c := range p.wanted {
				table[j][v][c] = toFixed(float64(float64(v-1)-p.centre[j]) * p.components[c][j])
			}
		}
	}
	points := make([]place, len(m.rows))
	spread := make([]Covariance, len(m.rows)) // of the terms of each person, times n-1
	counts := make([]int32, len(m.rows))      // of votes on open statements
	const part = 2048
	type pool struct{ xx, xy, yy, free int64 }
	pools := make([]pool, (len(m.rows)+part-1)/part)
	parallel(len(pools), func(at int) {
		sum := &pools[at]
		for i := at * part; i < min(len(m.rows), (at+1)*part); i++ {
			var sums [depth]int64
			var xx, xy, yy int64
			open := 0
			for _, c := range m.rows[i] {
				j := c.statement()
				if m.status[j].zeroed() {
					continue
				}
				t := &table[j][c&3]
				sums[0] += t[0]
				sums[1] += t[1]
				for c := 2; c < p.wanted; c++ {
					sums[c] += t[c]
				}
				a, b := t[0]>>10, t[1]>>10 // products stay below 4 x 2^60: components have length 1
				xx += a * a
				xy += a * b
				yy += b * b
				open++
			}
			px, py := fromFixed(sums[0]), fromFixed(sums[1])
			scale := math.Sqrt(float64(len(m.status)) / float64(max(open+p.zeroed, 1)))
			for c, sum := range sums {
				points[i][c] = scale * fromFixed(sum)
			}
			counts[i] = int32(open)
			if open > 1 {
				n := float64(open)
				s := Covariance{
					math.Ldexp(float64(xx), -60) - px*px/n,
					math.Ldexp(float64(xy), -60) - px*py/n,
					math.Ldexp(float64(yy), -60) - py*py/n,
				}
				spread[i] = s
				sum.xx += toFixed(s.XX)
				sum.xy += toFixed(s.XY)
				sum.yy += toFixed(s.YY)
				sum.free += int64(open - 1)
			}
		}
	})
	var all pool
	for _, s := range pools {
		all.xx += s.xx
		all.xy += s.xy
		all.yy += s.yy
		all.free += s.free
	}
	f := 1 / float64(max(1, all.free))
	common := Covariance{f * fromFixed(all.xx), f * fromFixed(all.xy), f * fromFixed(all.yy)}
	chunks(len(m.rows), func(from, to int) {
		for i := from; i < to; i++ {
			spread[i] = m.uncertainty(int(counts[i]), p.zeroed, spread[i], common)
		}
	})
	return points, spread
}

// uncertainty takes the statements that a person voted on for a random sample
// of the open ones: the covariance of the sum of n of them, drawn without
// replacement, times the square of the scale.
func (m *Map) uncertainty(open, zeroed int, spread, common Covariance) Covariance {
	all := len(m.status) - zeroed
	if all == 0 || open >= all {
		return Covariance{}
	}
	spread.add(common, borrowed)
	n := float64(max(1, open))
	size := float64(len(m.status)) / float64(max(1, open+zeroed)) * n * (1 - n/float64(all)) / (n - 1 + borrowed)
	return Covariance{spread.XX * size, spread.XY * size, spread.YY * size}
}
