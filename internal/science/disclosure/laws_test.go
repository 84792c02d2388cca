package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/science/disclosure"
)

func TestTheOrderOfPeopleAndOfColumnsAndTheCoresChangeNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	rows := country(rng, 300, 2)
	first := protect(t, countryDims, rows, 5, countryPlan...)
	for _, cores := range []int{1, 2} {
		before := runtime.GOMAXPROCS(cores)
		for range 5 {
			rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			if again := protect(t, countryDims, rows, 5, countryPlan...); !reflect.DeepEqual(first, again) {
				t.Error("another order of people gave another result")
			}
			turned := make([]participation, len(rows))
			for i, r := range rows {
				v := r.values
				turned[i] = participation{r.person + "'", []string{v[3], v[1], v[0], v[2]}}
			}
			if again := protect(t, []string{"group", "sex", "city", "age"}, turned, 5, countryPlan...); !reflect.DeepEqual(first, again) {
				t.Error("another order of columns gave another result")
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

// at finds the number of a table by its values; "*" is all.
func at(t *testing.T, table disclosure.Table, values ...string) disclosure.Number {
	t.Helper()
	for _, c := range table.Cells {
		same := true
		for i, v := range c.At {
			same = same && (v.All && values[i] == "*" || !v.All && v.Text == values[i])
		}
		if same {
			return c.Number
		}
	}
	t.Fatalf("no cell %v", values)
	return disclosure.Number{}
}

// crowd adds n people with these values.
func crowd(rows []participation, n int, values ...string) []participation {
	for range n {
		rows = append(rows, participation{fmt.Sprint("person ", len(rows)), values})
	}
	return rows
}

func TestAPersonIsCountedOnceACell(t *testing.T) {
	t.Parallel()
	rows := crowd(nil, 10, "osh", "talk")
	for i := range 6 { // six of the ten come again, and to something else
		rows = append(rows, participation{rows[i].person, []string{"osh", "talk"}}, participation{rows[i].person, []string{"osh", "test"}})
	}
	r := protect(t, []string{"city", "kind"}, rows, 1, []string{"city", "kind"})
	for _, c := range []struct {
		city, kind string
		n          int
	}{{"osh", "talk", 10}, {"osh", "test", 6}, {"osh", "*", 10}, {"*", "*", 10}} {
		if got := at(t, r.Tables[0], c.city, c.kind); got.N != c.n || got.Hidden {
			t.Errorf("%s %s: %+v, expected %d", c.city, c.kind, got, c.n)
		}
	}
}

func TestASmallCountTakesANeighbourWithIt(t *testing.T) {
	t.Parallel()
	rows := crowd(crowd(crowd(crowd(nil, 14, "osh", "f"), 9, "osh", "m"), 12, "naryn", "f"), 2, "naryn", "m")
	r := protect(t, []string{"city", "sex"}, rows, 5, []string{"city", "sex"})
	hidden := 0
	for _, c := range r.Tables[0].Cells {
		if c.Hidden {
			hidden++
		}
	}
	if n := at(t, r.Tables[0], "naryn", "m"); !n.Hidden {
		t.Error("two men of Naryn are shown")
	}
	if hidden != 4 {
		t.Errorf("%d counts are hidden, expected the four corners", hidden)
	}
	if n := at(t, r.Tables[0], "*", "*"); n.N != 37 {
		t.Errorf("the number of all people is %+v, expected 37", n)
	}
}

func TestSmallAndStrangeDataHaveResults(t *testing.T) {
	t.Parallel()
	dims := []string{"a", "b", "c", "d"}
	for name, rows := range map[string][]participation{
		"nobody":      nil,
		"one person":  crowd(nil, 1, "x", "y", "", "z"),
		"one cell":    crowd(nil, 30, "x", "y", "", "z"),
		"all unknown": crowd(nil, 7, "", "", "", ""),
		"two cells":   crowd(crowd(nil, 30, "Ош", "y", "1", "2"), 1, "Нарын", "y", "1", "2"),
	} {
		for k := 1; k <= 20; k++ {
			for _, plan := range [][][]string{{{}}, {{"a"}}, {{"a"}, {"a"}}, {{"a", "b", "c", "d"}}, {{"a", "b"}, {"b", "a"}, {}}} {
				r := protect(t, dims, rows, k, plan...)
				if len(r.Tables) != len(plan) {
					t.Fatalf("%s: %d tables, expected %d", name, len(r.Tables), len(plan))
				}
				for _, table := range r.Tables {
					for _, c := range table.Cells {
						if !c.Hidden && c.N > 0 && c.N < k || c.Hidden && (c.N != 0 || k == 1) {
							t.Errorf("%s, k %d, plan %v: %v is %+v", name, k, plan, c.At, c.Number)
						}
					}
				}
				if name == "one cell" && k <= 20 && at(t, r.Tables[0], []string{"*", "*", "*", "*"}[:len(plan[0])]...).N != 30 {
					t.Errorf("k %d, plan %v: thirty people in one cell are hidden", k, plan)
				}
			}
		}
	}
}

func TestTheSameTableTwiceIsHiddenAlike(t *testing.T) {
	t.Parallel()
	rows := country(rand.New(rand.NewPCG(8, 8)), 150, 3)
	once := protect(t, countryDims, rows, 5, []string{"city", "sex"})
	twice := protect(t, countryDims, rows, 5, []string{"city", "sex"}, []string{"sex", "city"}, []string{"city", "sex"})
	for _, c := range once.Tables[0].Cells {
		v := []string{c.At[0].Text, c.At[1].Text}
		for i := range v {
			if c.At[i].All {
				v[i] = "*"
			}
		}
		if at(t, twice.Tables[0], v...) != c.Number || at(t, twice.Tables[1], v[1], v[0]) != c.Number || at(t, twice.Tables[2], v...) != c.Number {
			t.Errorf("%v differs", v)
		}
	}
}

func TestWhatDoesNotFitIsNamed(t *testing.T) {
	t.Parallel()
	d := data(t, []string{"city", "n", "when"}, crowd(nil, 8, "osh", "1", "2026"))
	for _, c := range []struct {
		plan disclosure.Plan
		k    int
		want string
	}{
		{disclosure.Plan{}, 5, "no tables"},
		{disclosure.Plan{Tables: [][]string{{"town"}}}, 5, `"town" is not a dimension`},
		{disclosure.Plan{Tables: [][]string{{"city", "city"}}}, 5, `names the dimension "city" twice`},
		{disclosure.Plan{Tables: [][]string{{"n"}}}, 5, `cannot have the name "n"`},
		{disclosure.Plan{Tables: [][]string{{"when"}}, Period: "when"}, 5, "is the period"},
		{disclosure.Plan{Tables: [][]string{{"city"}}, Period: "month"}, 5, `the period "month"`},
		{disclosure.Plan{Tables: [][]string{{"city"}}}, 0, "k is 0"},
		{disclosure.Plan{Tables: make([][]string, 1001)}, 5, "at most 1000"},
	} {
		if _, err := disclosure.Protect(d, c.plan, disclosure.Options{K: c.k}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, expected %q", c.plan, err, c.want)
		}
	}
	if err := d.Add("", "osh", "1", "2026"); err == nil {
		t.Error("a participation of nobody was taken")
	}
	if err := d.Add("p", "osh"); err == nil {
		t.Error("a participation with too few values was taken")
	}
	if _, err := disclosure.NewData("a", "a"); err == nil {
		t.Error("two dimensions of one name were taken")
	}
}

func TestManyCellsAreRefusedBeforeTheyAreMade(t *testing.T) {
	t.Parallel()
	d := skewed(t, 2000, []int{900, 900}, 0, 1)
	if _, err := disclosure.Protect(d, disclosure.Plan{Tables: [][]string{{"d00", "d01"}}}, disclosure.Options{K: 5}); err == nil || !strings.Contains(err.Error(), "more than 500000 cells") {
		t.Error(err)
	}
	again := slices.Repeat([][]string{{"d00"}}, 1000)
	d = skewed(t, 6000, []int{2900}, 0, 1)
	if _, err := disclosure.Protect(d, disclosure.Plan{Tables: again}, disclosure.Options{K: 5}); err == nil || !strings.Contains(err.Error(), "tables have more than 2000000 cells") {
		t.Error(err)
	}
}

func TestARateFollowsItsCounts(t *testing.T) {
	t.Parallel()
	hidden, nobody := disclosure.Number{Hidden: true}, disclosure.Number{}
	if r, ok := disclosure.Rate(disclosure.Number{N: 10}, disclosure.Number{N: 40}); !ok || r != 0.25 {
		t.Error(r, ok)
	}
	for _, c := range [][2]disclosure.Number{{hidden, {N: 40}}, {{N: 10}, hidden}, {nobody, nobody}} {
		if _, ok := disclosure.Rate(c[0], c[1]); ok {
			t.Errorf("%v has a rate", c)
		}
	}
}

// More than can be worked on is hidden, and nothing small is ever shown.
func TestVeryManyTablesEndAndShowNothingSmall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		people, dims, values, tables, size int
		again                              float64
		none                               bool // not even zeros: the answer tells nothing
	}{
		{300, 12, 3, 400, 4, 0, false},  // the search has a bound
		{400, 20, 2, 1000, 6, .5, true}, // and so has the system
	} {
		names, rows, plan := overlapping(c.people, c.dims, c.values, c.tables, c.size, c.again)
		r := protect(t, names, rows, 5, plan...)
		for _, table := range r.Tables {
			for _, cell := range table.Cells {
				if !cell.Hidden && cell.N > 0 && cell.N < 5 {
					t.Fatalf("%v %v shows %d", table.By, cell.At, cell.N)
				}
			}
		}
		shown, all := r.Shown()
		if c.none != (shown == 0) {
			t.Errorf("%d tables: %d of %d counts are shown", c.tables, shown, all)
		}
		t.Logf("%d tables: %d of %d counts are shown", c.tables, shown, all)
	}
}
