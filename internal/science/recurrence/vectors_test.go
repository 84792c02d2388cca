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

	// The others: days of January that belong to week 52 of the year before, such as
	// Monday, 1 January 2046, when weeks begin on Wednesday. dateutil 2.8.2 counts the
	// weeks of the year before by those of the year itself and takes it for week 53;
	// libical 3.0.16 loses the days of week 52 that lie in January. The definition in
	// RFC 5545 holds them: TestRulesOfWeeksFollowTheDefinition.
	"FREQ=YEARLY;BYWEEKNO=41,6,52;BYDAY=MO,TU;WKST=WE":                              "20441226T090000 20441227T090000 20450213T090000 20450214T090000 20451016T090000 20451017T090000 20460101T090000 20460102T090000 20460212T090000 20460213T090000",
	"FREQ=YEARLY;BYWEEKNO=2,52;BYDAY=MO,FR,TU,WE;WKST=FR;INTERVAL=3":                "20561222T090000 20561225T090000 20561226T090000 20561227T090000 20590101T090000 20590110T090000 20590113T090000 20590114T090000 20590115T090000 20591226T090000",
	"FREQ=YEARLY;BYWEEKNO=2,-2,52;BYDAY=SA;BYSETPOS=2,6":                            "20151226T090000 20161224T090000 20171223T090000 20181222T090000 20191221T090000 20201226T090000 20211225T090000 20220115T090000 20231223T090000 20241221T090000",
	"FREQ=YEARLY;BYWEEKNO=52,11,30;BYDAY=MO,SA,TU,TH;WKST=SA;INTERVAL=2;BYSETPOS=4": "20090319T090000 20110317T090000 20130314T090000 20150317T090000 20170316T090000 20190314T090000 20210318T090000 20230316T090000 20250320T090000 20270318T090000",
	"FREQ=YEARLY;BYWEEKNO=52,22;BYDAY=TH,MO,WE;WKST=WE;INTERVAL=5;BYSETPOS=5,7":     "20251225T090000 20301226T090000 20351226T090000 20351231T090000 20401227T090000 20451228T090000 20501222T090000 20551223T090000 20601223T090000 20651224T090000",
	"FREQ=YEARLY;BYWEEKNO=52,-3,16,17;BYDAY=SA;BYSETPOS=1":                          "20320417T090000 20330423T090000 20340422T090000 20350421T090000 20360419T090000 20370418T090000 20380424T090000 20390101T090000 20400421T090000 20410420T090000",
}

func TestAllRulesOnWhichDateutilAndLibicalAgreeGiveTheSameHere(t *testing.T) {
	t.Parallel()
	const kept = 10 // instances that the oracles were asked for
	for _, file := range []struct {
		name  string
		rules int
	}{{"agreed.tsv", 3077}, {"agreed-weeks.tsv", 780}, {"agreed-positions.tsv", 540}, {"agreed-unseen.tsv", 3600}} {
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

func TestSetsAroundChangesOfClocksAreThoseOfDateutilAndLibical(t *testing.T) {
	t.Parallel()
	sets := 0
	lines(t, "zones.tsv", func(cells []string) {
		sets++
		set, err := recurrence.ParseSet(strings.ReplaceAll(cells[0], "|", "\n")+"\n", time.LoadLocation)
		if err != nil {
			t.Fatalf("%s: %v", cells[0], err)
		}
		all, err := set.All()
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Fields(cells[1])
		var got []string
		for o := range all {
			if len(got) == len(want) {
				if len(want) < 20 { // the oracles were asked for so many
					t.Errorf("%s: more than %v", cells[0], want)
				}
				break
			}
			got = append(got, o.Start.UTC().Format("20060102T150405"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", cells[0], got, want)
		}
	})
	if sets < 750 {
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
