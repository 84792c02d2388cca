// Command bench prints the output of go test -bench as a table in which each
// figure stands beside its limit and its peer, from bench/peers.tsv.
//
//	go test -run '^$' -bench . ./... | go run ./bench -all
//
// It ends with 1 when a benchmark failed or a figure misses its limit, and with
// -all also when a row of peers.tsv was not measured. The last lines say which.
package main

import (
	"bufio"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

//go:embed peers.tsv
var peers string

func main() {
	all := flag.Bool("all", false, "every row of peers.tsv must have been measured")
	flag.Parse()
	if err := table(os.Stdin, os.Stdout, peers, *all); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// peer is a row of peers.tsv: a benchmark by its name, the unit of one of its
// figures, the limit that figure is to keep, and who else was measured.
type peer struct{ name, unit, limit, words string }

func readPeers(text string) ([]peer, error) {
	var out []peer
	line := 0
	for row := range strings.Lines(text) {
		line++
		row = strings.TrimRight(row, "\n")
		if row == "" || strings.HasPrefix(row, "#") {
			continue
		}
		cells := strings.Split(row, "\t")
		if len(cells) != 4 {
			return nil, fmt.Errorf("peers.tsv, line %d: expected 4 cells, found %d", line, len(cells))
		}
		if _, _, err := limit(cells[2]); err != nil {
			return nil, fmt.Errorf("peers.tsv, line %d, column 3: %w", line, err)
		}
		out = append(out, peer{cells[0], cells[1], cells[2], cells[3]})
	}
	return out, nil
}

// limit reads such as ">= 3000"; an empty one is no limit.
func limit(text string) (sign string, value float64, err error) {
	if text == "" {
		return "", 0, nil
	}
	sign, number, _ := strings.Cut(text, " ")
	if sign != ">=" && sign != "<=" {
		return "", 0, fmt.Errorf("expected >= or <= and a number, found %q", text)
	}
	value, err = strconv.ParseFloat(number, 64)
	return sign, value, err
}

// figure is one measured value of one benchmark.
type figure struct {
	unit  string
	value float64
}

// readFigures takes a line of go test's output: name, runs, then pairs of value and unit.
func readFigures(line string) (name string, out []figure, ok bool) {
	f := strings.Fields(line)
	if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
		return "", nil, false
	}
	name = strings.TrimPrefix(f[0], "Benchmark")
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			name = name[:i]
		}
	}
	for i := 2; i+1 < len(f); i += 2 {
		v, err := strconv.ParseFloat(f[i], 64)
		if err != nil {
			return "", nil, false
		}
		out = append(out, figure{f[i+1], v})
		if f[i+1] == "ns/op" { // the same in the units people think in
			out = append(out, figure{"µs/op", v / 1e3}, figure{"ms/op", v / 1e6}, figure{"s/op", v / 1e9})
		}
	}
	return name, out, true
}

// table joins both. Benchmarks without a peer are printed with their own figures;
// rows of peers.tsv whose benchmark was not run are an error if all are wanted,
// else left out; failures pass through.
func table(in io.Reader, out io.Writer, peersText string, all bool) error {
	known, err := readPeers(peersText)
	if err != nil {
		return err
	}
	tab := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "what\tmeasured\tlimit\t\tbeside it")
	failed, measured := false, make([]bool, len(known))
	var short, missing []string
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		line := scan.Text()
		name, figures, ok := readFigures(line)
		if !ok {
			if strings.HasPrefix(line, "--- FAIL") || strings.HasPrefix(line, "FAIL") || strings.HasPrefix(line, "panic:") {
				failed = true
				fmt.Fprintln(tab, line)
			}
			continue
		}
		matched := false
		for i, p := range known {
			for _, f := range figures {
				if p.name == name && p.unit == f.unit {
					matched, measured[i] = true, true
					if verdict(p.limit, f.value) == missed {
						short = append(short, fmt.Sprintf("%s: %s %s, limit %s", name, number(f.value), f.unit, p.limit))
					}
					fmt.Fprintf(tab, "%s\t%s %s\t%s\t%s\t%s\n", name, number(f.value), f.unit, p.limit, verdict(p.limit, f.value), p.words)
				}
			}
		}
		if !matched && len(figures) > 0 {
			own := figures[len(figures)-1]
			for _, f := range figures { // its own metric says more than the time of a run
				if f.unit == "ms/op" {
					own = f
				}
			}
			for _, f := range figures {
				if !strings.HasSuffix(f.unit, "/op") {
					own = f
					break
				}
			}
			fmt.Fprintf(tab, "%s\t%s %s\t\t\t\n", name, number(own.value), own.unit)
		}
	}
	if err := scan.Err(); err != nil {
		return err
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	for i, p := range known {
		if all && !measured[i] {
			missing = append(missing, p.name+", "+p.unit)
		}
	}
	for _, s := range short {
		fmt.Fprintln(out, "limit missed:", s)
	}
	for _, m := range missing {
		fmt.Fprintln(out, "not measured:", m)
	}
	if failed || len(short)+len(missing) > 0 {
		return fmt.Errorf("benchmarks failed: %t; limits missed: %d; not measured: %d", failed, len(short), len(missing))
	}
	return nil
}

const missed = "SHORT"

func verdict(text string, v float64) string {
	sign, bound, _ := limit(text)
	switch {
	case sign == "":
		return ""
	case sign == ">=" && v >= bound, sign == "<=" && v <= bound:
		return "reached"
	}
	return missed
}

// number is short and readable: three figures that count, thousands apart.
func number(v float64) string {
	digits := 0
	for limit := 100.0; digits < 6 && v < limit && v != 0; limit /= 10 {
		digits++
	}
	s := strconv.FormatFloat(v, 'f', digits, 64)
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}
