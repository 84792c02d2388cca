package disclosure_test

import (
	"math/rand/v2"
	"testing"
)

func TestMostCountsOfDataLikeTheCountrysAreShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		people int
		untold float64 // percent of people who do not tell their sex
		least  float64
	}{
		{1000, 0, 1},
		{500, 0, 0.98},
		{200, 0, 0.8},
		// Each city has a handful of people in the third column, and in each a
		// neighbour must be hidden with them. More cannot be shown: ceiling_test.go.
		{1000, 0.6, 0.79},
		{1000, 3, 0.78},
	} {
		shown, all, worst := 0, 0, 1.0
		for seed := range uint64(10) {
			rng := rand.New(rand.NewPCG(seed, 1))
			s, a := protect(t, countryDims, country(rng, c.people, c.untold), 5, countryPlan...).Shown()
			shown += s
			all += a
			worst = min(worst, float64(s)/float64(a))
		}
		rate := float64(shown) / float64(all)
		t.Logf("%d people, %g %% do not tell their sex: %.1f %% of counts shown, at worst %.1f %%", c.people, c.untold, 100*rate, 100*worst)
		if rate < c.least {
			t.Errorf("%d people, %g %% do not tell their sex: %.1f %% of counts shown, expected %.0f %%", c.people, c.untold, 100*rate, 100*c.least)
		}
	}
}
