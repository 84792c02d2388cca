package lottery

import (
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the picture of docs/fair-selection.md again")

// The picture shows the chances in the example of the page: those of the fair lottery,
// and those of drawing names again and again until the quotas happen to be met, which
// makes each possible panel equally likely.
func TestThePictureOfThePageShowsItsExample(t *testing.T) {
	t.Parallel()
	const path = "../../../docs/pictures/fair-selection.svg"
	got := picture(t)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("the picture is stale: go test ./internal/science/lottery -run Picture -update")
	}
}

// example reads the files of the page.
func example(t *testing.T) Problem {
	t.Helper()
	read := func(name string) [][]string {
		file, err := os.Open("../../../docs/examples/select/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	p := Problem{Seats: 6}
	for i, row := range read("applicants.csv") {
		if i == 0 {
			p.Categories = row[1:]
			continue
		}
		p.Applicants = append(p.Applicants, Applicant{ID: row[0], Values: row[1:]})
	}
	for _, row := range read("quotas.csv")[1:] {
		low, err := strconv.Atoi(row[2])
		high, err2 := strconv.Atoi(row[3])
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		p.Quotas = append(p.Quotas, Quota{Category: row[0], Value: row[1], Min: low, Max: high})
	}
	return p
}

// again is everybody's chance when names are drawn again until the quotas are met.
func again(p Problem) map[string]float64 {
	times := make([]int, len(p.Applicants))
	total := 0
	var choose func(from int, panel uint, left int)
	choose = func(from int, panel uint, left int) {
		if left == 0 {
			if !fits(p, panel, nil) {
				return
			}
			total++
			for i := range times {
				times[i] += int(panel >> i & 1)
			}
			return
		}
		for i := from; i <= len(times)-left; i++ {
			choose(i+1, panel|1<<i, left-1)
		}
	}
	choose(0, 0, p.Seats)
	chance := make(map[string]float64, len(times))
	for i, a := range p.Applicants {
		chance[a.ID] = float64(times[i]) / float64(total)
	}
	return chance
}

func picture(t *testing.T) string {
	t.Helper()
	p := example(t)
	l, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	repeated := again(p)
	chances := l.Chances()
	slices.SortFunc(chances, func(a, b Chance) int {
		return cmp.Or(cmp.Compare(a.P, b.P), cmp.Compare(repeated[a.ID], repeated[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	const left, top, height, step = 52, 64, 240, 30
	width := left + step*len(chances) + 16
	y := func(p float64) float64 { return top + height*(1-p/0.8) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img" aria-labelledby="t">`+"\n", width, top+height+78)
	b.WriteString("<title id=\"t\">Chances of 24 applicants: fair lottery, and drawing again until the quotas fit</title>\n")
	fmt.Fprintf(&b, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", width, top+height+78)
	fmt.Fprintf(&b, "<rect x=\"%d\" y=\"14\" width=\"12\" height=\"12\" fill=\"#0f766e\"/><text x=\"%d\" y=\"24\">fair lottery: the smallest chance is %.1f %%</text>\n", left, left+18, 100*chances[0].P)
	low := 1.0
	for _, c := range repeated {
		low = min(low, c)
	}
	fmt.Fprintf(&b, "<rect x=\"%d\" y=\"34\" width=\"12\" height=\"12\" fill=\"#d6a15b\"/><text x=\"%d\" y=\"44\">drawing again until the quotas fit: the smallest chance is %.1f %%</text>\n", left, left+18, 100*low)
	for i := range 5 {
		p := 0.2 * float64(i)
		fmt.Fprintf(&b, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#d4d4d4\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#444\">%.0f %%</text>\n", left-6, width-10, y(p), y(p), left-10, y(p)+4, 100*p)
	}
	for i, c := range chances {
		x := left + step*i
		fmt.Fprintf(&b, "<rect x=\"%d\" y=\"%.1f\" width=\"11\" height=\"%.1f\" fill=\"#0f766e\"/>", x, y(c.P), y(0)-y(c.P))
		fmt.Fprintf(&b, "<rect x=\"%d\" y=\"%.1f\" width=\"11\" height=\"%.1f\" fill=\"#d6a15b\"/>", x+12, y(repeated[c.ID]), y(0)-y(repeated[c.ID]))
		fmt.Fprintf(&b, "<text transform=\"translate(%d %d) rotate(-55)\" text-anchor=\"end\">%s</text>\n", x+16, top+height+14, c.ID)
	}
	fmt.Fprintf(&b, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#0f766e\" stroke-dasharray=\"5 4\"/>\n</svg>\n", left-6, width-10, y(chances[0].P), y(chances[0].P))
	return b.String()
}
