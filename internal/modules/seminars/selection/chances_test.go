package selection

import (
	"encoding/hex"
	"math"
	"math/rand/v2"
	"testing"

	"platforma.kg/ashar/internal/science/lottery"
)

// Ten thousand draws by seeds as the house makes them: each lot is drawn as often as its
// chance says, who is kept always.
func TestDrawsMatchTheChancesThatAreTold(t *testing.T) {
	t.Parallel()
	const draws = 10_000
	for world := range uint64(3) {
		r := rand.New(rand.NewPCG(8, world))
		rules := Rules{Seats: 12, Quotas: []Quota{{By: "sex", Value: "female", Min: 6, Max: 8}, {By: "city", Value: "osh", Min: 2, Max: 4}, {By: "city", Value: "naryn", Min: 1, Max: lottery.NoLimit}}}
		if world == 2 {
			rules.AtMost, rules.Together = 1, ByOrganisation
		}
		lots := make([]lot, 50)
		for i := range lots {
			if r.IntN(5) < 2 {
				lots[i].Quotas = append(lots[i].Quotas, 0)
			}
			if n := r.IntN(4); n < 2 {
				lots[i].Quotas = append(lots[i].Quotas, 1+n)
			}
			lots[i].Kept, lots[i].Home = i < 2 && world > 0, r.IntN(30)
		}
		l, err := lottery.New(problem(rules, lots), lottery.Options{Effort: effort})
		if err != nil {
			t.Fatal(err)
		}
		times := map[string]int{}
		for range draws {
			secret := make([]byte, 16)
			for i := range secret {
				secret[i] = byte(r.Uint32())
			}
			for _, id := range l.Draw("3 5 2 6 " + hex.EncodeToString(secret)) {
				times[id]++
			}
		}
		// Seats are fixed, so that people are not independent: those of one chance and the same
		// quotas are one pool, in which each drawn place falls on each equally often.
		sum, cells, far := 0.0, 0, 0.0
		for _, c := range l.Chances() {
			if c.P == 1 || c.P == 0 {
				if want := int(draws * c.P); times[c.ID] != want {
					t.Errorf("%s of chance %v was drawn %d times", c.ID, c.P, times[c.ID])
				}
				continue
			}
			e := draws * c.P
			z := (float64(times[c.ID]) - e) / math.Sqrt(e*(1-c.P))
			sum += z * z
			cells++
			far = max(far, math.Abs(z))
		}
		// Chi-square of as many degrees, at one in a thousand (Wilson and Hilferty, 1931).
		d := float64(cells)
		if limit := d * math.Pow(1-2/(9*d)+3.09*math.Sqrt(2/(9*d)), 3); sum > limit || far > 4.2 {
			t.Errorf("world %d: chi-square %.1f of %d, limit %.1f; the farthest is %.2f off", world, sum, cells, limit, far)
		}
		t.Logf("world %d: chi-square %.1f of %d, the farthest %.2f", world, sum, cells, far)
	}
}
