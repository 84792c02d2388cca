package opinion

import (
	"math"
	"math/rand/v2"
	"testing"
)

// small is a random conversation and its scatter matrix, computed by the book.
func small(t *testing.T, seed uint64, people, statements int) (m *Map, scatter [][]float64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 5))
	m, err := New(people, statements)
	if err != nil {
		t.Fatal(err)
	}
	y := make([][]float64, people)
	for i := range people {
		y[i] = make([]float64, statements)
		for j := range statements {
			if random.IntN(3) > 0 {
				if err := m.Vote(i, j, Vote(random.IntN(3)-1)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	centre := m.centre()
	for i, row := range m.rows {
		for _, c := range row {
			y[i][c.statement()] = float64(c.vote()) - centre[c.statement()]
		}
	}
	scatter = make([][]float64, statements)
	for j := range scatter {
		scatter[j] = make([]float64, statements)
		for k := range scatter[j] {
			for i := range y {
				scatter[j][k] += y[i][j] * y[i][k]
			}
		}
	}
	return m, scatter
}

func TestBothWaysToMultiplyAreTheScatterMatrix(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		m, want := small(t, seed, 40, 12)
		active := rand.New(rand.NewPCG(seed, 6)).Perm(12)
		v := make([]float64, 12)
		for a, j := range active {
			v[a] = math.Sin(float64(j + 1))
		}
		byPairs, byRows := make([]float64, 12), make([]float64, 12)
		newMatrix(sumPairs(m.rows, 12), active, m.centre()).multiply(byPairs, v)
		newSparse(m.rows, 12, active, m.centre()).multiply(byRows, v)
		for a, j := range active {
			sum := 0.0
			for b, k := range active {
				sum += want[j][k] * v[b]
			}
			if math.Abs(byPairs[a]-sum) > 1e-10 || math.Abs(byRows[a]-sum) > 1e-8 {
				t.Fatalf("statement %d: %g by pairs, %g by rows, %g by the book", j, byPairs[a], byRows[a], sum)
			}
		}
	}
}

func TestComponentsAreTheLeadingEigenvectors(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		m, scatter := small(t, seed, 30, 4+int(seed))
		p := m.plane(nil, exact)
		values := jacobi(scatter)
		for c := range 2 {
			v := p.components[c]
			if math.Abs(p.eigenvalues[c]-values[c]) > 1e-9*values[0] {
				t.Fatalf("eigenvalue %d is %g, not %g", c, p.eigenvalues[c], values[c])
			}
			for j := range v {
				sum := 0.0
				for k, x := range v {
					sum += scatter[j][k] * x
				}
				if math.Abs(sum-values[c]*v[j]) > 1e-9*values[0] {
					t.Fatalf("component %d is no eigenvector: %g, not %g", c, sum, values[c]*v[j])
				}
			}
		}
	}
}

// jacobi gives the eigenvalues of a symmetric matrix, the largest first, by
// rotations.
func jacobi(matrix [][]float64) []float64 {
	n := len(matrix)
	a := make([][]float64, n)
	for i := range a {
		a[i] = append([]float64(nil), matrix[i]...)
	}
	for range 60 {
		for p := range n {
			for q := p + 1; q < n; q++ {
				if math.Abs(a[p][q]) < 1e-300 {
					continue
				}
				angle := math.Atan2(2*a[p][q], a[q][q]-a[p][p]) / 2
				c, s := math.Cos(angle), math.Sin(angle)
				for k := range n {
					a[k][p], a[k][q] = c*a[k][p]-s*a[k][q], s*a[k][p]+c*a[k][q]
				}
				for k := range n {
					a[p][k], a[q][k] = c*a[p][k]-s*a[q][k], s*a[p][k]+c*a[q][k]
				}
			}
		}
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = a[i][i]
	}
	for i := range values {
		for j := i; j > 0 && values[j] > values[j-1]; j-- {
			values[j], values[j-1] = values[j-1], values[j]
		}
	}
	return values
}

func TestSilhouettesAreThoseOfEveryPair(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	places, in := make([]place, 150), make([]bool, 150)
	for i := range places {
		in[i] = true
		for d := range depth {
			places[i][d] = random.NormFloat64()
		}
	}
	c := newCloud(places, in, once)
	var partitions []*partition
	for k := 2; k <= mostGroups; k++ {
		partitions = append(partitions, kmeans(c.cells, c.weights, k, 3, 2, 1))
	}
	got := c.silhouettes(partitions)
	for dims := 2; dims <= depth; dims++ {
		for _, p := range partitions[:dims] {
			k, mean := len(p.centres), 0.0
			for i := range c.points {
				sums, sizes := make([]float64, k), make([]float64, k)
				for j := range c.points {
					if i != j {
						sums[p.labels[j]] += math.Sqrt(squared(&c.points[i], &c.points[j], dims))
						sizes[p.labels[j]]++
					}
				}
				own, b := p.labels[i], math.Inf(1)
				for g := range k {
					if g != own {
						b = min(b, sums[g]/sizes[g])
					}
				}
				a := sums[own] / sizes[own]
				mean += (b - a) / max(a, b) / float64(len(c.points))
			}
			if math.Abs(got[dims][k]-mean) > 1e-12 {
				t.Errorf("%d groups along %d components: silhouette %g, not %g", k, dims, got[dims][k], mean)
			}
		}
	}
}
