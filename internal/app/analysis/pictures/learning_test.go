package pictures

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/app/analysis"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/agreement"
)

// run decodes what an analysis prints.
func run(t *testing.T, into any, do func(out *bytes.Buffer) error) {
	t.Helper()
	var out bytes.Buffer
	if err := do(&out); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

// rows reads an example whole.
func rows(t *testing.T, file string) [][]string {
	t.Helper()
	s, err := sheet.Open(docs + "examples/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for row, err := range s.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, slices.Clone(row.Cells))
	}
	return out
}

func TestThePictureOfAGainIsFresh(t *testing.T) {
	t.Parallel()
	var r struct {
		Pre  float64 `json:"mean_pre"`
		Post float64 `json:"mean_post"`
		Hake float64 `json:"hake_class"`
		T    struct{ CI [2]float64 }
	}
	run(t, &r, func(out *bytes.Buffer) error {
		return analysis.Gain(docs+"examples/course.csv", analysis.GainOptions{Max: 20, Seed: 1}, out, nil)
	})
	type pair struct{ pre, post float64 }
	var pairs []pair
	for _, c := range rows(t, "course.csv") {
		pre, errPre := sheet.Number(c[1])
		post, errPost := sheet.Number(c[2])
		if errPre == nil && errPost == nil {
			pairs = append(pairs, pair{pre, post})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.pre, b.pre), cmp.Compare(a.post, b.post))
	})

	const left, step, top, row = 150.0, 25.0, 64.0, 19.0
	x := func(points float64) float64 { return left + points*step }
	d := draw(720, 470, "Sixteen people before and after a course", fmt.Sprintf("One line a person from the first score to the second. The mean rose from %.1f to %.1f of 20 points, which is %.0f per cent of the room that was left.", r.Pre, r.Post, 100*r.Hake))
	d.heading(20, 30, "Each person, first test to second test")
	bottom := top + row*float64(len(pairs))
	for points := 0.0; points <= 20; points += 5 {
		d.line(x(points), top-8, x(points), bottom, line, 1, "")
		d.text(x(points), bottom+18, "middle", quiet, fmt.Sprint(points))
	}
	for i, p := range pairs {
		y := top + row*(float64(i)+.4)
		colour := quiet
		if p.post > p.pre {
			colour = green
		} else if p.post < p.pre {
			colour = red
		}
		d.line(x(p.pre), y, x(p.post), y, colour, 3, "")
		d.dot(x(p.pre), y, 5, "#FFFFFF", colour)
		d.dot(x(p.post), y, 5, colour, colour)
	}
	d.dot(30, top+8, 5, "#FFFFFF", quiet)
	d.text(42, top+13, "start", ink, "first test")
	d.dot(30, top+32, 5, quiet, quiet)
	d.text(42, top+37, "start", ink, "second test")
	for i, l := range []struct{ colour, words string }{{green, "gained"}, {red, "lost"}, {quiet, "the same"}} {
		y := top + 62 + 24*float64(i)
		d.line(20, y, 40, y, l.colour, 3, "")
		d.text(48, y+5, "start", ink, l.words)
	}

	y := bottom + 44
	d.text(left-12, y+17, "end", ink, "mean of all")
	d.box(x(r.Pre), y, x(20)-x(r.Pre), 24, sand, line)
	d.box(x(r.Pre), y, x(r.Post)-x(r.Pre), 24, blue, blue)
	d.line(x(r.Pre), y-6, x(r.Pre), y+30, ink, 1.5, "")
	d.line(x(r.Post), y-6, x(r.Post), y+30, ink, 1.5, "")
	d.text(x(r.Pre)-4, y+17, "end", ink, fmt.Sprintf("%.1f", r.Pre))
	d.text(x(r.Post)+6, y+17, "start", ink, fmt.Sprintf("%.1f", r.Post))
	d.text(x(20), y+44, "end", quiet, "room that was left: to 20 points")
	d.text(x(r.Pre), y+44, "end", blue, fmt.Sprintf("gained: %.0f %% of the room", 100*r.Hake))
	d.fresh(t, "learning-gain.svg")
}

func TestThePictureOfQuestionsIsFresh(t *testing.T) {
	t.Parallel()
	var r struct {
		PerItem []struct {
			Name string
			P    float64 `json:"difficulty"`
			R    float64 `json:"item_rest_r"`
		} `json:"per_item"`
	}
	run(t, &r, func(out *bytes.Buffer) error {
		return analysis.Items(docs+"examples/answers.csv", analysis.ItemsOptions{}, out)
	})
	const left, right, top, bottom = 90.0, 690.0, 60.0, 340.0
	x := func(p float64) float64 { return left + p*(right-left) }
	y := func(r float64) float64 { return bottom - (r+.5)/1.2*(bottom-top) }
	d := draw(720, 400, "Eight questions of a test", "Difficulty across, agreement with the other questions upward. Question q6 lies below zero: its key is wrong.")
	d.heading(20, 30, "Which questions measure?")
	d.box(left, y(.2), right-left, y(0)-y(.2), sand, sand)
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" fill-opacity="0.12"/>`+"\n", left, y(0), right-left, bottom-y(0), red)
	for _, v := range []float64{-.4, -.2, 0, .2, .4, .6} {
		d.line(left, y(v), right, y(v), line, 1, "")
		d.text(left-8, y(v)+5, "end", quiet, strings.Replace(fmt.Sprintf("%.1f", v), "-", "−", 1))
	}
	for _, p := range []float64{0, .25, .5, .75, 1} {
		d.line(x(p), top, x(p), bottom, line, 1, "")
		d.text(x(p), bottom+20, "middle", quiet, fmt.Sprintf("%.0f %%", 100*p))
	}
	d.text(right-6, y(.2)+18, "end", quiet, "weak: below 0.2")
	d.text(right-6, y(0)+18, "end", red, "against the others: look at key and wording")
	for _, item := range r.PerItem {
		colour := blue
		if item.R < 0 {
			colour = red
		}
		d.dot(x(item.P), y(item.R), 6, colour, colour)
		at, anchor := x(item.P)+11, "start"
		for _, other := range r.PerItem { // a neighbour to the right pushes the name to the left
			if away := x(other.P) - x(item.P); away > 0 && away < 50 && math.Abs(y(other.R)-y(item.R)) < 16 {
				at, anchor = x(item.P)-11, "end"
			}
		}
		d.text(at, y(item.R)+5, anchor, ink, item.Name)
	}
	d.text((left+right)/2, bottom+44, "middle", ink, "share of the points that the group reached: hard at the left, easy at the right")
	d.text(left-50, top-12, "start", ink, "correlation with the rest")
	d.fresh(t, "test-questions.svg")
}

func TestThePictureOfAgreementIsFresh(t *testing.T) {
	t.Parallel()
	ratings := rows(t, "essays.csv")
	var units, raters []string
	values := map[[2]string]string{}
	for _, c := range ratings {
		if !slices.Contains(units, c[0]) {
			units = append(units, c[0])
		}
		if !slices.Contains(raters, c[1]) {
			raters = append(raters, c[1])
		}
		values[[2]string{c[0], c[1]}] = c[2]
	}
	d := draw(720, 380, "Three raters, twelve essays", "A table of points from 1 to 5, and below it Krippendorff's alpha at three levels with intervals, beside the marks 0.667 and 0.8.")
	d.heading(20, 30, "Points given to twelve essays")
	const left, cell, top = 110.0, 48.0, 66.0
	shades := map[string]string{"1": "#E9F0F5", "2": "#BFD6E4", "3": "#86B1CB", "4": "#2F6F96", "5": blue}
	for u, unit := range units {
		x := left + cell*float64(u)
		d.text(x+cell/2, top-8, "middle", quiet, strings.TrimPrefix(unit, "essay "))
		for r, rater := range raters {
			y := top + 34*float64(r)
			v := values[[2]string{unit, rater}]
			if v == "" {
				d.box(x+2, y+2, cell-4, 30, "#FFFFFF", line)
				d.text(x+cell/2, y+22, "middle", quiet, "–")
				continue
			}
			d.box(x+2, y+2, cell-4, 30, shades[v], shades[v])
			colour := ink
			if v >= "4" {
				colour = "#FFFFFF"
			}
			d.text(x+cell/2, y+22, "middle", colour, v)
		}
	}
	for r, rater := range raters {
		d.text(left-8, top+34*float64(r)+22, "end", ink, rater)
	}

	x := func(alpha float64) float64 { return left + math.Max(0, alpha)*(cell*12) }
	base := top + 34*float64(len(raters)) + 56
	d.heading(20, base-20, "Krippendorff's alpha")
	const height = 96.0
	d.box(x(.667), base-8, x(.8)-x(.667), height, sand, sand)
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" fill-opacity="0.13"/>`+"\n", x(.8), base-8, x(1)-x(.8), height, green)
	for _, v := range []float64{0, .2, .4, .6, .8, 1} {
		d.line(x(v), base-8, x(v), base-8+height, line, 1, "")
		d.text(x(v), base+height+12, "middle", quiet, fmt.Sprintf("%.1f", v))
	}
	for i, level := range []agreement.Level{agreement.Nominal, agreement.Ordinal, agreement.Interval} {
		var r struct {
			Alpha float64
			CI    [2]float64 `json:"alpha_ci"`
		}
		run(t, &r, func(out *bytes.Buffer) error {
			return analysis.Agreement(docs+"examples/essays.csv", analysis.AgreementOptions{Level: level, Seed: 1}, out, nil)
		})
		y := base + 10 + 30*float64(i)
		d.text(left-8, y+5, "end", ink, string(level))
		d.line(x(r.CI[0]), y, x(r.CI[1]), y, blue, 3, "")
		d.dot(x(r.Alpha), y, 6, blue, blue)
	}
	d.text(x(.7335), base+height+34, "middle", quiet, "tentative")
	d.text(x(.9), base+height+34, "middle", green, "reliable")
	d.text(x(.33), base+height+34, "middle", quiet, "the line is the 95 % interval")
	d.fresh(t, "agreement.svg")
}

// The pages quote what the command prints for the examples.
func TestThePagesQuoteWhatTheCommandPrints(t *testing.T) {
	t.Parallel()
	for page, sentences := range map[string][]func(out *bytes.Buffer) error{
		"learning-gain.md": {
			func(out *bytes.Buffer) error {
				return analysis.Gain(docs+"examples/course.csv", analysis.GainOptions{Max: 20, Seed: 1, Explain: i18n.English}, out, nil)
			},
			func(out *bytes.Buffer) error {
				return analysis.Items(docs+"examples/answers.csv", analysis.ItemsOptions{Explain: i18n.English}, out)
			},
		},
		"agreement.md": {
			func(out *bytes.Buffer) error {
				return analysis.Agreement(docs+"examples/essays.csv", analysis.AgreementOptions{Level: agreement.Ordinal, Seed: 1, Explain: i18n.English}, out, nil)
			},
		},
	} {
		text, err := os.ReadFile(docs + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, say := range sentences {
			var out bytes.Buffer
			if err := say(&out); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), out.String()) {
				t.Errorf("%s does not quote\n%s", page, out.String())
			}
		}
	}
}
