package opinion

// AdjustedRand is the adjusted Rand index of two groupings of the same people:
// 1 when they are the same, about 0 when they have no more in common than
// chance. People with a negative group in either are left out.
//
// L. Hubert, P. Arabie, J. Classif. 2 (1985) 193, doi:10.1007/BF01908075
func AdjustedRand(a, b []int) float64 {
	rows, columns, cells := map[int]int{}, map[int]int{}, map[[2]int]int{}
	n := 0
	for i := range min(len(a), len(b)) {
		if a[i] >= 0 && b[i] >= 0 {
			rows[a[i]]++
			columns[b[i]]++
			cells[[2]int{a[i], b[i]}]++
			n++
		}
	}
	both, first, second := 0, 0, 0 // pairs together; whole numbers, so any order will do
	for _, c := range cells {
		both += c * (c - 1) / 2
	}
	for _, c := range rows {
		first += c * (c - 1) / 2
	}
	for _, c := range columns {
		second += c * (c - 1) / 2
	}
	all := n * (n - 1) / 2
	if all == 0 || first == second && both == first {
		return 1
	}
	expected := float64(first) * float64(second) / float64(all)
	return (float64(both) - expected) / ((float64(first)+float64(second))/2 - expected)
}
