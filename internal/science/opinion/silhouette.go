package opinion

import "math"

// A contest is the silhouettes of partitions 2 to 5 in the dimensions of each:
// [d][k] is the mean silhouette of k groups along d components, NaN where it
// is not needed.
type contest [depth + 1][mostGroups + 1]float64

// silhouettes looks at every pair of the sample once. A partition is compared
// with those of more groups in their dimensions.
//
// P. J. Rousseeuw, J. Comput. Appl. Math. 20 (1987) 53,
// doi:10.1016/0377-0427(87)90125-7
func (c *cloud) silhouettes(partitions []*partition) (means contest) {
	n, parts := len(c.sample), (len(c.sample)+63)/64
	labels := make([][mostGroups + 1]int8, n)
	var sizes [mostGroups + 1][mostGroups]float64
	for s, i := range c.sample {
		for _, p := range partitions {
			k := len(p.centres)
			labels[s][k] = int8(p.labels[i])
			sizes[k][p.labels[i]]++
		}
	}
	sums := make([]contest, parts)
	parallel(parts, func(part int) {
		for s := part * 64; s < min(n, (part+1)*64); s++ {
			here := &c.points[c.sample[s]]
			var total [depth + 1][mostGroups + 1][mostGroups]float64
			for t, i := range c.sample {
				d := 0.0
				for dims := 2; dims <= depth; dims++ {
					if dims == 2 {
						d = squared(here, &c.points[i], 2)
					} else {
						z := here[dims-1] - c.points[i][dims-1]
						d += float64(z * z)
					}
					distance := math.Sqrt(d)
					for k := 2; k <= dims+1; k++ {
						total[dims][k][labels[t][k]] += distance
					}
				}
			}
			for dims := 2; dims <= depth; dims++ {
				for k := 2; k <= dims+1; k++ {
					sums[part][dims][k] += width(total[dims][k][:k], sizes[k][:k], int(labels[s][k]))
				}
			}
		}
	})
	for dims := range means {
		for k := range means[dims] {
			for part := range sums {
				means[dims][k] += sums[part][dims][k]
			}
			means[dims][k] /= float64(n)
		}
	}
	return means
}

// width is the silhouette of one point from its summed distances to each
// group.
func width(sums, sizes []float64, own int) float64 {
	if sizes[own] <= 1 {
		return 0
	}
	a, b := sums[own]/(sizes[own]-1), math.Inf(1)
	for g, size := range sizes {
		if g != own && size > 0 {
			b = min(b, sums[g]/size)
		}
	}
	if widest := max(a, b); widest > 0 && !math.IsInf(widest, 1) {
		return (b - a) / widest
	}
	return 0
}
