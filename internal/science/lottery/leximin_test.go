package lottery

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// solved is a problem of testdata/leximin.json.
type solved struct {
	Problem
	Chances []float64
}

func (s *solved) UnmarshalJSON(raw []byte) error {
	var in struct {
		Seats      int
		Categories []string
		Applicants []Applicant
		Quotas     []Quota
		AtMost     int `json:"at_most"`
		Chances    []float64
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	s.Problem = Problem{in.Seats, in.Categories, in.Applicants, in.Quotas, in.AtMost}
	s.Chances = in.Chances
	return nil
}

// vectors reads the problems solved by an independent tool.
func vectors(t testing.TB) []solved {
	raw, err := os.ReadFile("testdata/leximin.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []solved
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestChancesAreThoseOfAllPanels(t *testing.T) {
	t.Parallel()
	by := map[Reached]int{}
	for n, v := range vectors(t) {
		l, err := New(v.Problem, Options{})
		if err != nil {
			t.Fatalf("problem %d: %v", n, err)
		}
		by[l.Reached]++
		if l.Reached != Leximin {
			t.Errorf("problem %d: %v", n, l.Reached)
		}
		chance := map[string]float64{}
		for _, c := range l.Chances() {
			chance[c.ID] = c.P
		}
		for i, a := range v.Applicants {
			if math.Abs(chance[a.ID]-v.Chances[i]) > 1e-6 {
				t.Fatalf("problem %d: %s has %.9f, LEXIMIN over all panels gives %.9f\n%v", n, a.ID, chance[a.ID], v.Chances[i], v.Chances)
			}
		}
	}
	t.Log(by)
}

// The same problems with households that are posed only when they matter.
func TestChancesAreThoseOfAllPanelsWhereHouseholdsArePosedLate(t *testing.T) {
	t.Parallel()
	late := 0
	for n, v := range vectors(t) {
		g := newProgramPosing(v.Problem, 0)
		first, verdict := g.try()
		if verdict != satisfiable {
			t.Fatalf("problem %d: verdict %d", n, verdict)
		}
		d := g.solve(first, Options{Effort: DefaultEffort, Progress: func(float64) {}})
		if d.reached != Leximin {
			t.Errorf("problem %d: %v", n, d.reached)
		}
		if len(g.posed) < len(g.rows) {
			late++
		}
		checkChances(t, n, g, d, v)
	}
	if late < 20 {
		t.Errorf("only %d problems with households that were never posed", late)
	}
}

// The same problems by column generation alone, without the relaxation.
func TestColumnGenerationAlone(t *testing.T) {
	t.Parallel()
	for n, v := range vectors(t) {
		g := newProgram(v.Problem)
		first, _ := g.try()
		steps := int64(0)
		known, _ := g.cover([]panel{{x: first, weight: 1}}, &steps, 0)
		d := g.generate(known, nil, &steps, DefaultEffort)
		if d.reached != Leximin {
			t.Errorf("problem %d: %v", n, d.reached)
		}
		checkChances(t, n, g, d, v)
	}
}

func checkChances(t *testing.T, n int, g *program, d draft, v solved) {
	t.Helper()
	chance := g.chances(d.panels)
	of := map[string]float64{}
	for j := range g.pools {
		for _, id := range g.pools[j].members {
			of[id] = chance[j]
		}
	}
	for i, a := range v.Applicants {
		if !a.Selected && math.Abs(of[a.ID]-v.Chances[i]) > 1e-6 {
			t.Fatalf("problem %d: %s has %.9f, LEXIMIN over all panels gives %.9f", n, a.ID, of[a.ID], v.Chances[i])
		}
	}
}
