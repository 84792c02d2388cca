package opinion_test

import (
	"math"
	"slices"
	"strconv"
	"testing"
)

// apart gives the largest difference of two lists, relative to values above 1.
func apart(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range a {
		d := math.Abs(a[i]-b[i]) / max(1, math.Abs(b[i]))
		if !(d <= worst) {
			worst = d
		}
	}
	return worst
}

func TestStatisticsOfPublishedGroupsAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	for _, name := range conversations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, want := read(t, name), readGolden(t, name)
			s, err := c.opinions(t).Describe(c.published)
			if err != nil {
				t.Fatal(err)
			}
			worst := map[float64]float64{}
			near := func(what string, tolerance float64, got, want []float64) {
				t.Helper()
				d := apart(got, want)
				worst[tolerance] = max(worst[tolerance], d)
				if !(d <= tolerance) {
					t.Errorf("%s is %g away, more than %g", what, d, tolerance)
				}
			}
			near("centre", 1e-9, s.Centre, want.Centre)
			near("component 1", 1e-9, s.Components[0], want.PC1)
			near("component 2", 1e-9, s.Components[1], want.PC2)
			near("extremity", 1e-9, s.Extremity, want.Extremity)
			near("eigenvalues", 1e-9, s.Eigenvalues[:], want.Eigenvalues[:2])
			near("group-aware consensus", 1e-9, s.GroupAwareConsensus, want.GAC)
			near("priority", 1e-9, s.Priority, want.Priority)
			x, y, in := make([]float64, len(c.people)), make([]float64, len(c.people)), make([]int, len(c.people))
			for at, id := range want.Participants { // in the order of the file
				i, _ := slices.BinarySearch(c.people, id)
				x[at], y[at] = s.Projections[i].X, s.Projections[i].Y
				if s.InConversation[i] {
					in[at] = 1
				}
			}
			near("x", 1e-6, x, want.X)
			near("y", 1e-6, y, want.Y)
			if !slices.Equal(in, want.InConversation) {
				t.Error("other people are in the conversation")
			}
			names := func(statements []int) []int {
				list := make([]int, 0)
				for _, j := range statements {
					list = append(list, c.statements[j])
				}
				return list
			}
			if got := names(s.ConsensusAgree); !slices.Equal(got, want.ConsensusAgree) {
				t.Errorf("all agree with %v, not %v", got, want.ConsensusAgree)
			}
			if got := names(s.ConsensusDisagree); !slices.Equal(got, want.ConsensusDisgree) {
				t.Errorf("all disagree with %v, not %v", got, want.ConsensusDisgree)
			}
			if s.K != len(want.Groups) {
				t.Fatalf("%d groups, not %d", s.K, len(want.Groups))
			}
			for number, group := range s.Groups {
				want := want.Groups[strconv.Itoa(number)]
				if len(group.Members) != want.N {
					t.Errorf("group %d has %d members, not %d", number, len(group.Members), want.N)
				}
				columns := make([][]float64, 6)
				for j, got := range group.Standings {
					if got.Agree != want.Agree[j] || got.Disagree != want.Disagree[j] || got.Seen != want.Seen[j] {
						t.Errorf("group %d, statement %d: counts %v", number, c.statements[j], got.Count)
					}
					for at, value := range []float64{got.PTest[0], got.PTest[1], got.Repness[0], got.Repness[1], got.RepnessTest[0], got.RepnessTest[1]} {
						columns[at] = append(columns[at], value)
					}
				}
				for at, list := range [][]float64{want.PAT, want.PDT, want.RA, want.RD, want.RAT, want.RDT} {
					near([]string{"pat", "pdt", "ra", "rd", "rat", "rdt"}[at], 1e-9, columns[at], list)
				}
				if len(group.Representative) != len(want.Representative) {
					t.Fatalf("group %d: %d representative statements, not %d", number, len(group.Representative), len(want.Representative))
				}
				for at, got := range group.Representative {
					want := want.Representative[at]
					if c.statements[got.Statement] != want.Statement || got.Agrees != (want.Side == "agree") || got.BestAgree != want.BestAgree {
						t.Errorf("group %d, representative %d is %+v, not %+v", number, at, got, want)
					}
					near("representative", 1e-9, []float64{got.P, got.PTest, got.Repness, got.RepnessTest},
						[]float64{want.P, want.PTest, want.Repness, want.RepnessTest})
				}
			}
			t.Logf("largest difference: statistics %.1e (limit 1e-9), projections %.1e (limit 1e-6)", worst[1e-9], worst[1e-6])
		})
	}
}
