package runsheet

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// courses is the table of days that people wrote; the page's script is held to it too.
func courses(t *testing.T) (table struct {
	Steps []Planned
	Cases []struct {
		Name     string
		Marks    []Mark
		Now      int64
		Course   Course
		Forecast Forecast
	}
},
) {
	t.Helper()
	raw, err := os.ReadFile("testdata/courses.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	return table
}

func TestADayGoesAsTheTableSays(t *testing.T) {
	t.Parallel()
	table := courses(t)
	if len(table.Cases) < 37 {
		t.Fatalf("the table has %d cases", len(table.Cases))
	}
	for _, c := range table.Cases {
		course := CourseOf(table.Steps, c.Marks)
		if !reflect.DeepEqual(course, c.Course) {
			t.Errorf("%s: %+v, not %+v", c.Name, course, c.Course)
		}
		if f := ForecastOf(table.Steps, course, c.Now); !reflect.DeepEqual(f, c.Forecast) {
			t.Errorf("%s: %+v, not %+v", c.Name, f, c.Forecast)
		}
	}
}

// Whatever was pressed, by whomever: the day depends on the set of marks, not on the order in
// which they arrive nor on how often.
func TestADayIsTheSameInWhateverOrderItsMarksArrive(t *testing.T) {
	t.Parallel()
	steps := courses(t).Steps
	ids := []string{"", "gone"}
	for _, s := range steps {
		ids = append(ids, s.ID)
	}
	rapid.Check(t, func(rt *rapid.T) {
		var marks []Mark
		for i := range rapid.IntRange(0, 30).Draw(rt, "marks") {
			marks = append(marks, Mark{
				Nonce: fmt.Sprintf("nonce-%02d", i), Kind: rapid.SampledFrom(Kinds).Draw(rt, "kind"), Step: rapid.SampledFrom(ids[1:]).Draw(rt, "step"),
				From: rapid.SampledFrom(ids).Draw(rt, "from"), Minutes: rapid.IntRange(-1, 500).Draw(rt, "minutes"), At: steps[0].Begins + rapid.Int64Range(0, 200).Draw(rt, "at")*minute,
			})
		}
		want := CourseOf(steps, marks)
		sent := slices.Clone(marks)
		for _, m := range marks { // some go twice
			if rapid.Bool().Draw(rt, "twice") {
				sent = append(sent, m)
			}
		}
		rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1)).Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
		if got := CourseOf(steps, sent); !reflect.DeepEqual(got, want) {
			rt.Fatalf("%+v, not %+v", got, want)
		}
		for now := steps[0].Begins - 100*minute; now < steps[3].Begins+300*minute; now += 77 * minute {
			f := ForecastOf(steps, want, now)
			going := 0
			for i, e := range f.Steps {
				if e.State == Going {
					going++
				}
				if e.Ends < e.Begins {
					rt.Fatalf("step %d ends before it begins: %+v", i, e)
				}
			}
			if goes := want.Now != ""; going != map[bool]int{true: 1}[goes] || f.Spare < 0 {
				rt.Fatalf("%d steps go on: %+v of %+v", going, f, want)
			}
		}
	})
}
