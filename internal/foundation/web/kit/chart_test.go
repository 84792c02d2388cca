package kit

import (
	"math"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
)

func reader(t *testing.T, l i18n.Language) *web.Request {
	t.Helper()
	c, err := i18n.Load(web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	return &web.Request{Request: httptest.NewRequest("GET", "/gallery", nil), Lang: l, Say: c.Printer(l), Token: "token"}
}

func drawn(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// anyValue is a value of any kind and size, small numbers among them.
func anyValue(t *rapid.T) Value {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return Value{}
	case 1:
		return Hidden()
	case 2:
		return Fewer(rapid.IntRange(2, 20).Draw(t, "than"))
	case 3:
		return Known(rapid.Float64Range(-1e6, greatestNumber).Draw(t, "float"))
	}
	return Count(rapid.IntRange(0, 500).Draw(t, "count"))
}

func anyChart(t *rapid.T) Chart {
	c := Chart{ID: "c", Title: "Title", Label: "Where"}
	for i := range rapid.IntRange(1, MostSeries).Draw(t, "series") {
		c.Series = append(c.Series, Series{Label: "series " + strconv.Itoa(i)})
	}
	for i := range rapid.IntRange(0, MostPoints).Draw(t, "points") {
		p := Point{Label: "point " + strconv.Itoa(i)}
		for range rapid.IntRange(0, len(c.Series)).Draw(t, "values") {
			p.Values = append(p.Values, anyValue(t))
		}
		if rapid.Bool().Draw(t, "whole") {
			p.Whole = anyValue(t)
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// An axis has two to six marks, evenly spaced, holds nought and covers the range; its
// steps are 1, 2 or 5 times a power of ten.
func TestAnAxisCoversItsNumbersAndNought(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-1e12, 1e12).Draw(t, "a"), rapid.Float64Range(-1e12, 1e12).Draw(t, "b")
		scale := math.Pow(10, float64(rapid.IntRange(-14, 0).Draw(t, "scale")))
		low, high := min(a, b)*scale, max(a, b)*scale
		whole := rapid.Bool().Draw(t, "whole")
		marks := ticks(low, high, whole)
		if len(marks) < 2 || len(marks) > mostTicks {
			t.Fatalf("%d marks from %g to %g: %v", len(marks), low, high, marks)
		}
		if marks[0] > low || marks[len(marks)-1] < high || !slices.Contains(marks, 0) {
			t.Fatalf("%v do not cover %g to %g and nought", marks, low, high)
		}
		step := marks[1] - marks[0]
		lead := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9))
		if !slices.ContainsFunc([]float64{1, 2, 5}, func(n float64) bool { return math.Abs(lead-n) < 1e-6 }) {
			t.Fatalf("a step of %g", step)
		}
		for i, m := range marks[1:] {
			if math.Abs(m-marks[i]-step) > step*1e-6 {
				t.Fatalf("uneven: %v", marks)
			}
			if whole && m != math.Trunc(m) {
				t.Fatalf("%v are not whole", marks)
			}
		}
	})
}

// Bars are as long as their numbers: they begin at nought, none leaves the drawing, and
// the longer one is of the greater number.
func TestBarsBeginAtNoughtAndAreAsLongAsTheirNumbers(t *testing.T) {
	t.Parallel()
	r := reader(t, i18n.English)
	rapid.Check(t, func(t *rapid.T) {
		c := anyChart(t)
		if !c.drawable() {
			return
		}
		low, high := c.span()
		points, zero := c.bars(r)
		for i, p := range points {
			for s, b := range p.Bars {
				v := c.Points[i].value(s)
				for _, part := range b.Parts {
					if part.From < 0 || part.Width <= 0 || part.From+part.Width > 100.01 {
						t.Fatalf("%+v leaves the bar", part)
					}
				}
				switch v.state {
				case missing:
					if len(b.Parts) != 0 || b.Number != "no data" {
						t.Fatalf("what is missing is drawn as %v, %q", b.Parts, b.Number)
					}
				case hidden, fewer:
					if len(b.Parts) != 1 || b.Parts[0].Look != veil || b.Parts[0].Width != veiled {
						t.Fatalf("what is hidden is drawn as %v", b.Parts)
					}
				case known:
					want := math.Abs(v.number) / (high - low) * 100
					got := 0.0
					if len(b.Parts) > 0 {
						got = b.Parts[0].Width
						begins, ends := b.Parts[0].From, b.Parts[0].From+b.Parts[0].Width
						if math.Abs(begins-zero) > .011 && math.Abs(ends-zero) > .011 {
							t.Fatalf("%g: a bar from %g to %g does not touch nought at %g", v.number, begins, ends, zero)
						}
					}
					if high > low && math.Abs(got-want) > .011 {
						t.Fatalf("%g of %g to %g is %g long, not %g", v.number, low, high, got, want)
					}
				}
			}
		}
	})
}

// The parts of a whole follow each other without a gap, each as long as its share, and
// where something is held back no length tells it.
func TestPartsMakeTheirWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyChart(t)
		for _, p := range c.Points {
			parts := c.proportion(p)
			at, sum, held := 0.0, 0.0, false
			for i := range c.Series {
				v := p.value(i)
				if v.state == known && v.number > 0 {
					sum += v.number
				}
				held = held || v.state == hidden || v.state == fewer
			}
			for _, part := range parts {
				if math.Abs(part.From-at) > .011 || part.Width < 0 {
					t.Fatalf("%v have a gap", parts)
				}
				at = part.From + part.Width
			}
			whole := sum
			said := p.Whole.state == known && p.Whole.number >= sum
			if said {
				whole = p.Whole.number
			}
			switch {
			case held && !said:
				if len(parts) != 1 || parts[0].Look != veil {
					t.Fatalf("held back, and drawn as %v", parts)
				}
			case whole <= 0 || sum == 0 && !held:
				if parts != nil {
					t.Fatalf("nothing is drawn as %v", parts)
				}
			default:
				if math.Abs(at-100) > .011 {
					t.Fatalf("%v end at %g", parts, at)
				}
				n := 0
				for i := range c.Series {
					if v := p.value(i); v.state == known && v.number > 0 {
						if want := v.number / whole * 100; math.Abs(parts[n].Width-want) > .011 {
							t.Fatalf("%g of %g is %g long", v.number, whole, parts[n].Width)
						}
						n++
					}
				}
			}
		}
	})
}

// A line has a mark at each number and nowhere else, and no stroke over a gap.
func TestALineHasGapsWhereNumbersAreMissing(t *testing.T) {
	t.Parallel()
	r := reader(t, i18n.English)
	rapid.Check(t, func(t *rapid.T) {
		c := anyChart(t)
		if !c.drawable() {
			return
		}
		for _, on := range []canvas{wide, narrow} {
			d := c.lines(r, on)
			inside := func(m mark) {
				if math.IsNaN(m.X) || math.IsNaN(m.Y) || m.X < 0 || m.X > on.Width || m.Y < 0 || m.Y > on.Height {
					t.Fatalf("%+v is outside", m)
				}
			}
			for s, line := range d.Lines {
				numbers, runs := 0, 0
				for i := range c.Points {
					here := c.Points[i].value(s).state == known
					if here {
						numbers++
					}
					if here && i > 0 && c.Points[i-1].value(s).state == known && (i == 1 || c.Points[i-2].value(s).state != known) {
						runs++
					}
				}
				if len(line.Marks) != numbers || len(line.Runs) != runs {
					t.Fatalf("%d marks for %d numbers, %d strokes for %d runs", len(line.Marks), numbers, len(line.Runs), runs)
				}
				for _, m := range line.Marks {
					inside(m)
				}
			}
			held := 0
			for _, p := range c.Points {
				for s := range c.Series {
					if v := p.value(s); v.state == hidden || v.state == fewer {
						held++
						break
					}
				}
			}
			if len(d.Veils) != held {
				t.Fatalf("%d columns for %d hidden", len(d.Veils), held)
			}
			for _, m := range append(slices.Clone(d.Rows), d.Below...) {
				inside(m)
			}
		}
	})
}

// Ranges of a map do not overlap, begin with 1, leave out no number, and none is empty.
func TestTheRangesOfAMapHoldEachNumberOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var values []Value
		for range rapid.IntRange(0, 12).Draw(t, "places") {
			values = append(values, anyValue(t))
		}
		ranges := classes(values)
		if len(ranges) > mostClasses {
			t.Fatalf("%d ranges", len(ranges))
		}
		seen := make([]int, len(ranges))
		for _, v := range values {
			if v.state != known || v.number <= 0 || v.number > math.MaxInt32 {
				continue
			}
			in := 0
			for i, c := range ranges {
				if n := int(math.Ceil(v.number)); n >= c.From && (c.To == 0 || n <= c.To) {
					in++
					seen[i]++
				}
			}
			if in != 1 {
				t.Fatalf("%g is in %d of %v", v.number, in, ranges)
			}
		}
		for i, c := range ranges {
			if i+1 < len(ranges) && (c.To < c.From || ranges[i+1].From <= c.To) || i+1 == len(ranges) && c.To != 0 {
				t.Fatalf("%v", ranges)
			}
		}
	})
}

// What is protected or missing says so in picture, words and table, and never as 0.
func TestWhatIsHeldBackIsNeverANought(t *testing.T) {
	t.Parallel()
	c := Chart{ID: "held", Title: "T", Label: "L", Series: []Series{{Label: "S"}, {Label: "Z"}}, Points: []Point{
		{Label: "a", Values: []Value{Hidden(), Fewer(5)}},
		{Label: "b", Values: []Value{{}, Count(7)}},
	}}
	m := Map{ID: "places", Title: "T", Label: "L", Unit: "U", Width: 9, Height: 9, Places: []Place{{Label: "a", Value: Hidden()}, {Label: "b", Value: Fewer(5)}, {Label: "c"}}}
	for _, l := range i18n.Languages {
		r := reader(t, l)
		for name, page := range map[string]string{"bars": drawn(t, Bars(r, c)), "lines": drawn(t, Lines(r, c)), "parts": drawn(t, Proportion(r, c)), "map": drawn(t, PlacesMap(r, m))} {
			for _, words := range []string{r.Say.T("web.hidden.short"), r.Say.T("web.chart.fewer", "count", 5), r.Say.T("web.chart.none"), r.Say.T("web.hidden")} {
				if !strings.Contains(page, words) {
					t.Errorf("%s, %s: %q is not said", l, name, words)
				}
			}
			page = strings.ReplaceAll(page, ">0</text>", "") // of the axis
			if strings.Contains(page, ">0<") || strings.Contains(page, " 0 (") || strings.Contains(page, "[web.") {
				t.Errorf("%s, %s: a nought, or a text that is missing: %s", l, name, page)
			}
		}
	}
}

// Numbers are written as the language does.
func TestNumbersOfChartsAreThoseOfTheLanguage(t *testing.T) {
	t.Parallel()
	for l, want := range map[i18n.Language][2]string{
		i18n.Kyrgyz: {"12\u00a0345,5", "26%"}, i18n.Russian: {"12\u00a0345,5", "26\u00a0%"}, i18n.English: {"12,345.5", "26%"},
	} {
		r := reader(t, l)
		if got := (Chart{Decimals: 1}).text(r, Known(12345.5)); got != want[0] {
			t.Errorf("%s: %q", l, got)
		}
		if got := (Chart{Percent: true}).text(r, Known(.26)); got != want[1] {
			t.Errorf("%s: %q", l, got)
		}
	}
}

// At its bound a chart is drawn; one more, and it says so and shows the table open with
// every number.
func TestAChartOfTooMuchIsATable(t *testing.T) {
	t.Parallel()
	r := reader(t, i18n.English)
	chart := func(points, series int) Chart {
		c := Chart{ID: "many", Title: "T", Label: "L"}
		for i := range series {
			c.Series = append(c.Series, Series{Label: "s" + strconv.Itoa(i)})
		}
		for i := range points {
			p := Point{Label: "p" + strconv.Itoa(i)}
			for s := range series {
				p.Values = append(p.Values, Count(1000*s+i))
			}
			c.Points = append(c.Points, p)
		}
		return c
	}
	for _, tc := range []struct {
		points, series int
		drawn          bool
	}{{MostPoints, MostSeries, true}, {MostPoints + 1, 1, false}, {2, MostSeries + 1, false}, {500, 1, false}} {
		c := chart(tc.points, tc.series)
		for name, page := range map[string]string{"bars": drawn(t, Bars(r, c)), "lines": drawn(t, Lines(r, c)), "parts": drawn(t, Proportion(r, c))} {
			if got := strings.Contains(page, `role="img"`); got != tc.drawn {
				t.Errorf("%s of %d by %d is drawn: %v", name, tc.points, tc.series, got)
			}
			if got := strings.Contains(page, "<details open"); got == tc.drawn {
				t.Errorf("%s of %d by %d: the table is open: %v", name, tc.points, tc.series, got)
			}
			if got := strings.Contains(page, r.Say.T("web.chart.undrawn")); got == tc.drawn {
				t.Errorf("%s of %d by %d says that it is too much: %v", name, tc.points, tc.series, got)
			}
			if rows := strings.Count(page, `<th scope="row">`); rows != tc.points {
				t.Errorf("%s: %d of %d rows in the table", name, rows, tc.points)
			}
		}
	}
	for number, want := range map[float64]bool{greatestNumber: true, greatestNumber * 2: false, -greatestNumber * 2: false, leastSpan: true, leastSpan / 2: false, math.Inf(1): true, math.NaN(): true} {
		page := drawn(t, Lines(r, Chart{ID: "far", Title: "T", Series: []Series{{Label: "S"}}, Points: []Point{{Label: "p", Values: []Value{Known(number)}}}}))
		if got := strings.Contains(page, `role="img"`); got != want {
			t.Errorf("%g is drawn: %v", number, got)
		}
	}
	if page := drawn(t, Bars(r, Chart{ID: "none", Title: "T"})); strings.Contains(page, `role="img"`) || !strings.Contains(page, r.Say.T("web.chart.empty")) {
		t.Errorf("an empty chart: %s", page)
	}
}
