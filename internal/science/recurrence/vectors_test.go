package recurrence_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
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

	// 2 January 1994 is the Sunday of week 52 of 1993, a year of the rule. dateutil
	// looks at calendar years only, and libical 3.0.16 loses the last days of a year
	// of weeks, which its next version finds.
	"FREQ=YEARLY;BYWEEKNO=-21,52,-2;BYDAY=SU,WE,MO;INTERVAL=3": "19930809T090000 19930811T090000 19930815T090000 19931220T090000 19931222T090000 19931226T090000 19931227T090000 19931229T090000 19940102T090000 19960805T090000",
}

func TestAllRulesOnWhichDateutilAndLibicalAgreeGiveTheSameHere(t *testing.T) {
	t.Parallel()
	const kept = 10 // instances that the oracles were asked for
	for _, file := range []struct {
		name  string
		rules int
	}{{"agreed.tsv", 3077}, {"agreed-weeks.tsv", 100}} {
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
