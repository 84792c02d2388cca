package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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
	if err := table(strings.NewReader(measured), &out, known, false); err == nil || !strings.Contains(err.Error(), "limits missed: 2; not measured: 0") {
		t.Errorf("two limits are missed: %v", err)
	}
	for _, want := range []string{"2.50 s/op", "<= 3", "reached", "a peer 241 s", "310 MB", "SHORT", "810 applications/s", ">= 3000", "0.00150 ms/op", "limit missed: Apply: 810 applications/s, limit >= 3000"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "Never") || strings.Contains(out.String(), "PASS") {
		t.Errorf("too much in\n%s", out.String())
	}
}

func TestARowThatWasNotMeasuredIsSeenWhenAllAreWanted(t *testing.T) {
	t.Parallel()
	const known = "Map\ts/op\t<= 3\ta peer\nMap\tMB\t<= 3\trenamed\nGone\ts/op\t<= 1\tnobody measures it\n"
	var out strings.Builder
	err := table(strings.NewReader("BenchmarkMap-2 1 2500000000 ns/op\n"), &out, known, true)
	if err == nil || !strings.Contains(out.String(), "not measured: Map, MB") || !strings.Contains(out.String(), "not measured: Gone, s/op") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := table(strings.NewReader("BenchmarkMap-2 1 2500000000 ns/op\n"), &out, known, false); err != nil {
		t.Error(err)
	}
}

func TestEachBenchmarkOfThePeersIsInTheCode(t *testing.T) {
	t.Parallel()
	rows, err := readPeers(peers)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, folder := range []string{"../internal", "../cmd"} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			code, err := os.ReadFile(path)
			for _, m := range regexp.MustCompile(`(?m)^func Benchmark(\w+)\(`).FindAllSubmatch(code, -1) {
				there[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range rows {
		if name, _, _ := strings.Cut(r.name, "/"); !there[name] {
			t.Errorf("peers.tsv has %s, and no code", r.name)
		}
	}
}

func TestABrokenBenchmarkFailsTheTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := table(strings.NewReader("--- FAIL: BenchmarkX\n"), &out, "", false); err == nil || !strings.Contains(out.String(), "FAIL") {
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
