package agreement_test

import (
	"fmt"

	"platforma.kg/ashar/internal/science/agreement"
)

func ExampleAnalyse() {
	// two raters, five essays, points from 1 to 4
	points := [][2]float64{{1, 1}, {2, 3}, {4, 4}, {3, 3}, {2, 2}}
	var ratings []agreement.Rating
	for essay, given := range points {
		for rater, value := range given {
			ratings = append(ratings, agreement.Rating{Unit: essay, Rater: rater, Value: value})
		}
	}
	r, err := agreement.Analyse(ratings, agreement.Options{Level: agreement.Ordinal, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("alpha %.3f, weighted kappa %.3f\n", r.Alpha, r.Kappa.Quadratic)
	fmt.Println(r.Warnings)
	// Output:
	// alpha 0.895, weighted kappa 0.906
	// [few_units]
}
