package disclosure_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"platforma.kg/ashar/internal/science/disclosure"
)

// skewed makes people with independent values of unequal weight in each dimension.
func skewed(t testing.TB, people int, sizes []int, power float64, seed uint64) *disclosure.Data {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	var dims []string
	values := make([][]string, len(sizes))
	weights := make([][]float64, len(sizes))
	for i, n := range sizes {
		dims = append(dims, fmt.Sprintf("d%02d", i))
		for v := range n {
			values[i] = append(values[i], fmt.Sprintf("v%02d", v))
			weights[i] = append(weights[i], math.Pow(float64(v+1), -power))
		}
	}
	d, err := disclosure.NewData(dims...)
	if err != nil {
		t.Fatal(err)
	}
	row := make([]string, len(sizes))
	for p := range people {
		for i := range row {
			row[i] = drawn(rng, values[i], weights[i])
		}
		if err := d.Add(fmt.Sprint(p), row...); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

var tenTables = [][]string{
	{"d00", "d01", "d02"},
	{"d00", "d03", "d04"},
	{"d01", "d05", "d06"},
	{"d00", "d07", "d05"},
	{"d02", "d04", "d06"},
	{"d01", "d03", "d07"},
	{"d00", "d02", "d05"},
	{"d03", "d06", "d07"},
	{"d01", "d04", "d05"},
	{"d02", "d06", "d03"},
}

func run(b *testing.B, d *disclosure.Data, tables [][]string) {
	b.Helper()
	b.ReportAllocs()
	var r *disclosure.Result
	for b.Loop() {
		var err error
		if r, err = disclosure.Protect(d, disclosure.Plan{Tables: tables}, disclosure.Options{K: 5}); err != nil {
			b.Fatal(err)
		}
	}
	shown, all := r.Shown()
	b.ReportMetric(float64(shown)/float64(all)*100, "%shown")
	b.ReportMetric(float64(all), "cells")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/run")
}

func BenchmarkHundredThousandPeople(b *testing.B) {
	d := data(b, countryDims, country(rand.New(rand.NewPCG(1, 1)), 100_000, 0.6))
	run(b, d, countryPlan)
}

func BenchmarkTenTables(b *testing.B) {
	run(b, skewed(b, 100_000, []int{9, 7, 7, 6, 7, 7, 6, 8}, 1, 1), tenTables)
}

func BenchmarkTenTablesOfFewPeople(b *testing.B) {
	run(b, skewed(b, 1_000, []int{9, 7, 7, 6, 7, 7, 6, 8}, 1, 1), tenTables)
}

func BenchmarkTenTablesOfUnequalPeople(b *testing.B) {
	run(b, skewed(b, 100_000, []int{9, 7, 7, 6, 7, 7, 6, 8}, 3, 1), tenTables)
}

// overlapping makes plans of very many tables that share most of what they show.
func overlapping(people, dims, values, tables, size int, again float64) (names []string, rows []participation, plan [][]string) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range dims {
		names = append(names, fmt.Sprintf("d%02d", i))
	}
	for p := range people {
		for {
			who := make([]string, dims)
			for i := range who {
				who[i] = fmt.Sprint(rng.IntN(values))
			}
			rows = append(rows, participation{fmt.Sprint(p), who})
			if rng.Float64() >= again {
				break
			}
		}
	}
	for range tables {
		var table []string
		for _, i := range rng.Perm(dims)[:size] {
			table = append(table, names[i])
		}
		plan = append(plan, table)
	}
	return names, rows, plan
}

func BenchmarkAThousandTablesOfSmallCells(b *testing.B) {
	names, rows, plan := overlapping(300, 16, 3, 1000, 4, 0)
	run(b, data(b, names, rows), plan)
}

func BenchmarkAThousandTablesOfManyColumns(b *testing.B) {
	names, rows, plan := overlapping(2000, 60, 7, 1000, 3, 0)
	run(b, data(b, names, rows), plan)
}

func BenchmarkAThousandTablesOfPeopleInManyCells(b *testing.B) {
	names, rows, plan := overlapping(1000, 22, 2, 1000, 6, 0.3)
	run(b, data(b, names, rows), plan)
}
