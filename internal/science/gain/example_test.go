package gain_test

import (
	"fmt"
	"math"

	"platforma.kg/ashar/internal/science/gain"
)

func ExampleAnalyse() {
	missing := math.NaN()
	r, err := gain.Analyse([]gain.Pair{
		{Pre: 8, Post: 12},
		{Pre: 10, Post: 15},
		{Pre: 7, Post: 7},
		{Pre: 12, Post: 16},
		{Pre: 9, Post: 14},
		{Pre: 11, Post: 10},
		{Pre: 13, Post: missing}, // went home before the second test
	}, gain.Options{Max: 20, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d took both tests\n", r.Matched, r.Pre)
	fmt.Printf("the group gained %.0f %% of what it could\n", 100*r.Hake)
	fmt.Printf("signed ranks: p = %.3f\n", r.Wilcoxon.PExact)
	fmt.Println(r.Warnings)
	// Output:
	// 6 of 7 took both tests
	// the group gained 27 % of what it could
	// signed ranks: p = 0.125
	// [unmatched_left_out practice_effect_unknown few_pairs]
}

func ExampleItems() {
	r, err := gain.Items([][]float64{
		{1, 1, 2},
		{1, 0, 1},
		{1, 1, 2},
		{0, 0, math.NaN()}, // a blank is a wrong answer
		{1, 0, 0},
	}, []float64{1, 1, 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("alpha %.3f\n", r.Alpha)
	for i, item := range r.Items {
		fmt.Printf("item %d: difficulty %.2f, with the rest %.2f\n", i+1, item.Difficulty, item.ItemRest)
	}
	// Output:
	// alpha 0.797
	// item 1: difficulty 0.80, with the rest 0.52
	// item 2: difficulty 0.40, with the rest 0.84
	// item 3: difficulty 0.50, with the rest 0.90
}
