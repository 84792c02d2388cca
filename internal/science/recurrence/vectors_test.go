package recurrence_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// lines gives the cells of a file of testdata, tab between them.
func lines(t *testing.T, name string, each func(cells []string)) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for in.Scan() {
		each(strings.Split(in.Text(), "\t"))
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
}

// overruled are rules on which the oracles agree for different reasons, and both
// are wrong.
var overruled = map[string]string{
	// dateutil takes positions from the start on instead of from the whole first
	// week, and libical 3.0.16 leaves BYSETPOS out in weekly rules. RFC 5545 speaks
	// of "the set of recurrence instances in one interval", and the tests of
	// libical's next version count the days before the start, too.
	"FREQ=WEEKLY;BYSETPOS=-1,1;INTERVAL=24;BYMONTH=7,9,11;COUNT=4;BYDAY=SU,MO,SA,WE": "20380718T085157 20391128T085157 20391130T085157 20401103T085157",

	// The others: days of January that belong to the last week of the year before,
	// and of December that belong to the first week of the next. dateutil looks at
	// calendar years and counts the weeks of the year before wrongly for some WKST;
	// libical 3.0.16 loses the last days of a year of weeks. The definition in RFC
	// 5545 holds them: TestRulesOfWeeksFollowTheDefinition.
	"FREQ=YEARLY;BYWEEKNO=-21,52,-2;BYDAY=SU,WE,MO;INTERVAL=3":          "19930809T090000 19930811T090000 19930815T090000 19931220T090000 19931222T090000 19931226T090000 19931227T090000 19931229T090000 19940102T090000 19960805T090000",
	"FREQ=YEARLY;BYWEEKNO=-1,52,46,5;BYDAY=TH,MO,WE;WKST=TU;INTERVAL=2": "20561115T090000 20561116T090000 20561120T090000 20561227T090000 20561228T090000 20570101T090000 20580130T090000 20580131T090000 20580204T090000 20581113T090000",
	"FREQ=YEARLY;BYWEEKNO=41,6,52;BYDAY=MO,TU;WKST=WE":                  "20441226T090000 20441227T090000 20450213T090000 20450214T090000 20451016T090000 20451017T090000 20460101T090000 20460102T090000 20460212T090000 20460213T090000",
	"FREQ=YEARLY;BYWEEKNO=16,-52;BYDAY=MO,TH,FR;BYMONTH=1,3,5,7,9,12":   "20510102T090000 20510105T090000 20510106T090000 20520101T090000 20520104T090000 20520105T090000 20521230T090000 20530102T090000 20530103T090000 20540105T090000",
}

func TestAllRulesOnWhichDateutilAndLibicalAgreeGiveTheSameHere(t *testing.T) {
	t.Parallel()
	const kept = 10 // instances that the oracles were asked for
	for _, file := range []struct {
		name  string
		rules int
	}{{"agreed.tsv", 3077}, {"agreed-weeks.tsv", 780}} {
		rules, wrong := 0, 0
		lines(t, file.name, func(cells []string) {
			rules++
			got, err := expand(cells[0], cells[1], kept)
			want, ok := overruled[cells[0]]
			if !ok {
				want = cells[2]
			}
			if err != nil || strings.Join(got, " ") != want {
				if wrong++; wrong <= 20 {
					t.Errorf("%s from %s:\n got %s %v\nwant %s", cells[0], cells[1], got, err, want)
				}
			}
		})
		t.Logf("%s: %d rules, %d wrong", file.name, rules, wrong)
		if rules < file.rules {
			t.Errorf("%s has only %d rules", file.name, rules)
		}
	}
}

func TestSetsOnWhichDateutilAndLibicalAgreeAreTheSameHere(t *testing.T) {
	t.Parallel()
	sets := 0
	lines(t, "sets.tsv", func(cells []string) {
		sets++
		text := strings.ReplaceAll(cells[0], "|", "\n") + "\nDURATION:PT1H\n"
		if got := strings.Join(occurrences(t, text, 15), " "); got != cells[1] {
			t.Errorf("%s\n got %s\nwant %s", cells[0], got, cells[1])
		}
	})
	if sets < 400 {
		t.Errorf("only %d sets", sets)
	}
}

func TestFromGivesTheTailOfEachRule(t *testing.T) {
	t.Parallel()
	zone := location(t, "Europe/Berlin")
	lines(t, "agreed.tsv", func(cells []string) {
		r, err := recurrence.Parse(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		start, err := recurrence.ParseMoment(cells[1], zone)
		if err != nil {
			t.Fatal(err)
		}
		all, err := r.All(start)
		if err != nil {
			t.Fatal(err)
		}
		var head []time.Time
		for at := range all {
			if head = append(head, at); len(head) == 8 {
				break
			}
		}
		for i, at := range head {
			tail, err := r.From(start, at)
			if err != nil {
				t.Fatal(err)
			}
			var got []time.Time
			for at := range tail {
				if got = append(got, at); len(got) == len(head)-i {
					break
				}
			}
			if !slices.Equal(got, head[i:]) {
				t.Fatalf("%s from %s: after %v\n got %v\nwant %v", cells[0], cells[1], at, got, head[i:])
			}
		}
	})
}
