package opinion

import "math"

// leading finds the largest eigenvalue of a scatter matrix and its vector,
// orthogonal to the vectors in found, by Lanczos' method with full
// reorthogonalisation, restarted from the best vector so far. The start is
// given; nothing is random. It ends when what is left over is as small as the
// tolerance, as a part of the eigenvalue, or after so many restarts, and returns
// a zero vector where there is nothing left.
//
// C. Lanczos, J. Res. Natl. Bur. Stand. 45 (1950) 255, doi:10.6028/jres.045.026
func leading(x operator, start []float64, found [][]float64, tolerance float64, restarts int) (vector []float64, value float64) {
	const steps = 96
	n := len(start)
	vector = append([]float64(nil), start...)
	for _, f := range found {
		remove(vector, f)
	}
	if !normalise(vector) {
		return make([]float64, n), 0
	}
	basis := make([][]float64, 0, steps)
	alpha, beta := make([]float64, 0, steps), make([]float64, 0, steps)
	next := make([]float64, n)
	for range restarts {
		basis, alpha, beta = append(basis[:0], vector), alpha[:0], beta[:0]
		done := false
		for !done {
			last := basis[len(basis)-1]
			x.multiply(next, last)
			alpha = append(alpha, dot(next, last))
			m := len(alpha)
			subtract(next, last, alpha[m-1])
			if m > 1 {
				subtract(next, basis[m-2], beta[m-2])
			}
			size := math.Sqrt(dot(next, next))
			for range 2 { // twice is enough, once mostly
				for _, f := range found {
					remove(next, f)
				}
				for _, b := range basis {
					remove(next, b)
				}
				before := size
				if size = math.Sqrt(dot(next, next)); size > 0.7*before {
					break
				}
			}
			small := size <= 1e-15*math.Abs(alpha[0]) || m == n-len(found)
			if small || m == steps || m%6 == 0 {
				var ritz []float64
				value, ritz = top(alpha, beta)
				done = small || size*math.Abs(ritz[m-1]) <= tolerance*value
				if done || m == steps {
					vector = combine(basis, ritz)
					break
				}
			}
			beta = append(beta, size)
			fresh := make([]float64, n)
			for i, v := range next {
				fresh[i] = v / size
			}
			basis = append(basis, fresh)
		}
		if done {
			break
		}
	}
	if value <= 0 {
		return make([]float64, n), 0
	}
	return vector, value
}

func remove(v, direction []float64) {
	subtract(v, direction, dot(v, direction))
}

func subtract(v, direction []float64, s float64) {
	v = v[:len(direction)]
	for i, d := range direction {
		v[i] -= float64(s * d)
	}
}

func normalise(v []float64) bool {
	size := math.Sqrt(dot(v, v))
	if size == 0 {
		return false
	}
	for i := range v {
		v[i] /= size
	}
	return true
}

func combine(basis [][]float64, weights []float64) []float64 {
	v := make([]float64, len(basis[0]))
	for k, b := range basis {
		for i, x := range b {
			v[i] += float64(weights[k] * x)
		}
	}
	normalise(v)
	return v
}

// top gives the largest eigenvalue of a symmetric tridiagonal matrix by
// bisection on Sturm's count, and its vector by inverse iteration.
func top(diagonal, beside []float64) (value float64, vector []float64) {
	n := len(diagonal)
	low, high := diagonal[0], diagonal[0]
	for i, d := range diagonal {
		low = max(low, d)
		reach := 0.0
		if i > 0 {
			reach += math.Abs(beside[i-1])
		}
		if i+1 < n {
			reach += math.Abs(beside[i])
		}
		high = max(high, d+reach)
	}
	for range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if above(diagonal, beside, middle) {
			low = middle
		} else {
			high = middle
		}
	}
	vector = make([]float64, n)
	for i := range vector {
		vector[i] = 1 + float64(i%3)/8
	}
	for range 3 {
		solve(diagonal, beside, high, vector)
		normalise(vector)
	}
	return high, vector
}

// above tells whether the matrix has an eigenvalue above x.
func above(diagonal, beside []float64, x float64) bool {
	q := diagonal[0] - x
	for i := 1; ; i++ {
		if q > 0 {
			return true
		}
		if i == len(diagonal) {
			return false
		}
		if q == 0 {
			q = -1e-300
		}
		b := beside[i-1]
		q = diagonal[i] - x - float64(float64(b*b)/q)
	}
}

// solve replaces v by (T - x)⁻¹ v, by elimination with exchange of rows; a
// pivot of nought is made tiny, as is usual in inverse iteration.
func solve(diagonal, beside []float64, x float64, v []float64) {
	n := len(diagonal)
	scale := 1e-300
	for _, d := range diagonal {
		scale = max(scale, math.Abs(d))
	}
	tiny := scale * 1e-17
	d, up, up2 := make([]float64, n), make([]float64, n), make([]float64, n)
	d[0] = diagonal[0] - x
	if n > 1 {
		up[0] = beside[0]
	}
	for i := 0; i+1 < n; i++ {
		below, nextDiagonal, nextUp := beside[i], diagonal[i+1]-x, 0.0
		if i+2 < n {
			nextUp = beside[i+1]
		}
		if math.Abs(below) > math.Abs(d[i]) {
			d[i], below = below, d[i]
			up[i], nextDiagonal = nextDiagonal, up[i]
			up2[i], nextUp = nextUp, 0
			v[i], v[i+1] = v[i+1], v[i]
		}
		if d[i] == 0 {
			d[i] = tiny
		}
		f := below / d[i]
		d[i+1] = nextDiagonal - float64(f*up[i])
		up[i+1] = nextUp - float64(f*up2[i])
		v[i+1] -= float64(f * v[i])
	}
	for i := n - 1; i >= 0; i-- {
		if i+1 < n {
			v[i] -= float64(up[i] * v[i+1])
		}
		if i+2 < n {
			v[i] -= float64(up2[i] * v[i+2])
		}
		if math.Abs(d[i]) < tiny {
			d[i] = math.Copysign(tiny, d[i])
		}
		v[i] /= d[i]
	}
	largest := 0.0
	for _, value := range v {
		largest = max(largest, math.Abs(value))
	}
	for i := range v { // no overflow in the next round
		v[i] /= largest
	}
}
