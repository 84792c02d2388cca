package opinion

import "math"

// EllipseSilhouettes is the table that one cloud is measured by.
var EllipseSilhouettes = ellipse

// SilhouetteOfTwo cuts points in two and gives the silhouette.
func SilhouetteOfTwo(points []Point) float64 {
	places := make([]place, len(points))
	in := make([]bool, len(points))
	for i, p := range points {
		places[i], in[i] = place{p.X, p.Y}, true
	}
	c := newCloud(places, in, once)
	return c.silhouettes([]*partition{kmeans(c.cells, c.weights, 2, 10, 0, 1)})[2][2]
}

// Candidate gives the groups that were found, shown or not.
func (s *Snapshot) Candidate() []int {
	if s.candidate == nil {
		return nil
	}
	return s.candidate.groupOf
}

// AllSilhouettes gives the mean silhouette of two groups by every pair.
func AllSilhouettes(points []Point, labels []int) float64 {
	mean := 0.0
	for i, p := range points {
		var sums, sizes [2]float64
		for j, q := range points {
			if i != j {
				a, b := place{p.X, p.Y}, place{q.X, q.Y}
				sums[labels[j]] += math.Sqrt(squared(&a, &b, 2))
				sizes[labels[j]]++
			}
		}
		own := labels[i]
		a, b := sums[own]/sizes[own], sums[1-own]/sizes[1-own]
		mean += (b - a) / max(a, b) / float64(len(points))
	}
	return mean
}
