package opinion

import "math"

// silhouettes gives the mean silhouette of each partition of the cloud, over
// its sample: every pair of the sample is looked at once.
//
// P. J. Rousseeuw, J. Comput. Appl. Math. 20 (1987) 53,
// doi:10.1016/0377-0427(87)90125-7
func (c *cloud) silhouettes(partitions []*partition) []float64 {
	n := len(c.sample)
	groups := 0
	first := make([]int, len(partitions)) // column of the first group of each
	for at, p := range partitions {
		first[at] = groups
		groups += len(p.centres)
	}
	columns := make([]int, n*len(partitions))
	sizes := make([]float64, groups)
	for s, i := range c.sample {
		for at, p := range partitions {
			column := first[at] + p.labels[i]
			columns[s*len(partitions)+at] = column
			sizes[column]++
		}
	}
	const part = 64
	parts := (n + part - 1) / part
	values := make([]float64, n*len(partitions))
	parallel(parts, func(at int) {
		sums := make([]float64, groups)
		for s := at * part; s < min(n, (at+1)*part); s++ {
			clear(sums)
			here := c.points[c.sample[s]]
			for t, i := range c.sample {
				d := math.Sqrt(squared(here, c.points[i]))
				for _, column := range columns[t*len(partitions) : (t+1)*len(partitions)] {
					sums[column] += d
				}
			}
			for q, p := range partitions {
				own := columns[s*len(partitions)+q]
				if sizes[own] <= 1 {
					continue
				}
				a, b := sums[own]/(sizes[own]-1), math.Inf(1)
				for g := first[q]; g < first[q]+len(p.centres); g++ {
					if g != own && sizes[g] > 0 {
						b = min(b, sums[g]/sizes[g])
					}
				}
				if widest := max(a, b); widest > 0 && !math.IsInf(b, 1) {
					values[s*len(partitions)+q] = (b - a) / widest
				}
			}
		}
	})
	means := make([]float64, len(partitions))
	for s := range n {
		for q := range partitions {
			means[q] += values[s*len(partitions)+q]
		}
	}
	for q := range means {
		means[q] /= float64(n)
	}
	return means
}
