package main

import (
	"strings"
	"testing"
)

func TestFiguresStandBesideTheirLimits(t *testing.T) {
	t.Parallel()
	const measured = `goos: linux
BenchmarkMap/people=100000-2   	       1	2500000000 ns/op	       310.5 MB
BenchmarkApply-2   	    2000	   1234567 ns/op	      810 applications/s	     120 B/op
BenchmarkOther   	    2000	   1500 ns/op
PASS
`
	const known = "# comment\nMap/people=100000\ts/op\t<= 3\ta peer 241 s\nMap/people=100000\tMB\t<= 300\ta peer 3,200 MB\nApply\tapplications/s\t>= 3000\t\nNever\ts/op\t<= 1\tnot run\n"
	var out strings.Builder
	if err := table(strings.NewReader(measured), &out, known); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2.50 s/op", "<= 3", "reached", "a peer 241 s", "310 MB", "SHORT", "810 applications/s", ">= 3000", "0.00150 ms/op"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "Never") || strings.Contains(out.String(), "PASS") {
		t.Errorf("too much in\n%s", out.String())
	}
}

func TestABrokenBenchmarkFailsTheTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := table(strings.NewReader("--- FAIL: BenchmarkX\n"), &out, ""); err == nil || !strings.Contains(out.String(), "FAIL") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestTheCommittedPeersAreReadable(t *testing.T) {
	t.Parallel()
	if rows, err := readPeers(peers); err != nil || len(rows) == 0 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	for _, bad := range []string{"a\tb\n", "a\tb\t~ 3\tc\n", "a\tb\t<= x\tc\n"} {
		if _, err := readPeers(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
