package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/science/disclosure"
)

// participation is one row of microdata.
type participation struct {
	person string
	values []string
}

func data(t testing.TB, dims []string, rows []participation) *disclosure.Data {
	t.Helper()
	d, err := disclosure.NewData(dims...)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := d.Add(r.person, r.values...); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func protect(t testing.TB, dims []string, rows []participation, k int, tables ...[]string) *disclosure.Result {
	t.Helper()
	r, err := disclosure.Protect(data(t, dims, rows), disclosure.Plan{Tables: tables}, disclosure.Options{K: k})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// drawn gives a value with the chances of its weight.
func drawn(rng *rand.Rand, values []string, weights []float64) string {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := rng.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return values[i]
		}
	}
	return values[len(values)-1]
}

var countryDims = []string{"city", "sex", "age", "group"}

// country makes people like the programme's: eight cities and the villages around
// them, mostly women, several participations a person. The share of people who do
// not tell their sex is in percent.
func country(rng *rand.Rand, people int, untold float64) []participation {
	cities := []string{"bishkek", "osh", "jalal-abad", "karakol", "tokmok", "naryn", "talas", "batken", "villages"}
	sizes := []float64{26, 18, 12, 9, 8, 7, 7, 6, 7}
	ages := []string{"14-17", "18-24", "25-35", "36-50", "51+"}
	groups := []string{"activist", "deputy", "student", "journalist", "civil servant", "other"}
	var rows []participation
	for i := range people {
		who := []string{
			drawn(rng, cities, sizes),
			drawn(rng, []string{"female", "male", ""}, []float64{72 - untold/2, 28 - untold/2, untold}),
			drawn(rng, ages, []float64{8, 30, 32, 21, 9}),
			drawn(rng, groups, []float64{20, 8, 42, 6, 9, 15}),
		}
		for range 1 + rng.IntN(4) {
			rows = append(rows, participation{fmt.Sprint("p", i), who})
		}
	}
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

var countryPlan = [][]string{{"city", "sex"}, {"age"}, {"group"}}

// reader is what somebody knows who has read a result and who knows which kinds
// of people occur, but not how many there are of each: unknown numbers, and sums
// of them. It is written apart from the package, from its documents alone.
type reader struct {
	true_  []int          // of each kind: people, which the reader wants to know
	shown  map[string]sum // by the kinds that are in it
	hidden map[string]sum
	small  map[string]sum // differences of a cell and its margin that are below k
}

type sum struct {
	kinds []int
	n     int
}

func (s sum) key() string { return fmt.Sprint(s.kinds) }

// reading makes the reader of a result.
func reading(dims []string, rows []participation, r *disclosure.Result) reader {
	// A kind is the set of profiles of a person.
	profiles := map[string][]string{}
	for _, p := range rows {
		profiles[p.person] = append(profiles[p.person], strings.Join(p.values, "\x00"))
	}
	kinds := map[string]int{}
	var sets [][][]string
	out := reader{shown: map[string]sum{}, hidden: map[string]sum{}, small: map[string]sum{}}
	people := make([]string, 0, len(profiles))
	for p := range profiles {
		people = append(people, p)
	}
	slices.Sort(people)
	for _, person := range people {
		set := profiles[person]
		slices.Sort(set)
		set = slices.Compact(set)
		key := strings.Join(set, "\x01")
		at, ok := kinds[key]
		if !ok {
			at = len(sets)
			kinds[key] = at
			var split [][]string
			for _, s := range set {
				split = append(split, strings.Split(s, "\x00"))
			}
			sets = append(sets, split)
			out.true_ = append(out.true_, 0)
		}
		out.true_[at]++
	}
	in := func(by []string, at []disclosure.Value) sum {
		var s sum
		for i, set := range sets {
			if slices.ContainsFunc(set, func(p []string) bool {
				for j, dim := range by {
					if v := p[slices.Index(dims, dim)]; !at[j].All && v != at[j].Text {
						return false
					}
				}
				return true
			}) {
				s.kinds = append(s.kinds, i)
				s.n += out.true_[i]
			}
		}
		return s
	}
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			s := in(t.By, c.At)
			if c.Hidden {
				out.hidden[s.key()] = s
			} else {
				if c.N != s.n {
					panic(fmt.Sprintf("%v %v: shown %d, true %d", t.By, c.At, c.N, s.n))
				}
				out.shown[s.key()] = s
			}
			for j := range c.At {
				if c.At[j].All {
					continue
				}
				up := slices.Clone(c.At)
				up[j] = disclosure.Value{All: true}
				above := in(t.By, up)
				if d := above.n - s.n; d >= 1 && d < r.K {
					rest := sum{n: d}
					for _, k := range above.kinds {
						if !slices.Contains(s.kinds, k) {
							rest.kinds = append(rest.kinds, k)
						}
					}
					out.small[rest.key()] = rest
				}
			}
		}
	}
	return out
}

func ordered(m map[string]sum) []sum {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]sum, 0, len(m))
	for _, k := range keys {
		out = append(out, m[k])
	}
	return out
}
