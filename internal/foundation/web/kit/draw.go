package kit

import (
	"math"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
)

// part is a stretch of a bar, in hundredths of its length.
type part struct {
	Look        Look
	From, Width float64
}

// Stretches of a bar that are no series: what is free, and what is not shown.
const (
	free  Look = "free"
	veil  Look = "hid"
	plain Look = "all" // the whole of a bar of which no part is known
)

func (p part) x() string     { return percent(p.From) }
func (p part) width() string { return percent(p.Width) }
func (p part) end() string   { return percent(p.From + p.Width) }

// patterned reports whether the colour has a pattern over it.
func (p part) patterned() bool { return p.Look == Stripes || p.Look == Dots || p.Look == Outline }

func percent(x float64) string { return svg(x) + "%" }

// undisclosedWords count those who did not say their sex.
const undisclosedWords = "web.seats.undisclosed"

// parts lays women, men, undisclosed and waiting one after another. The bar is
// as long as the capacity, or as all of them when they are more.
func (s Seats) parts() []part {
	whole := max(s.Capacity, s.Taken()+s.Waiting, 1)
	out := []part{{Look: free, Width: 100}}
	at := 0
	for _, p := range []struct {
		look Look
		n    int
	}{{Women, s.Women}, {Men, s.Men}, {Undisclosed, s.Undisclosed}, {Outline, s.Waiting}} {
		if p.n > 0 {
			out = append(out, part{p.look, hundredths(float64(at), float64(whole)), hundredths(float64(p.n), float64(whole))})
			at += p.n
		}
	}
	return out
}

// word is a number of the bar in words, with the pattern that stands for it.
type word struct {
	Look Look
	Text string
}

// words says what the bar shows, each with its pattern: "16 of 25 seats taken", "11 women", "5 men", "5 waiting".
func (s Seats) words(r *web.Request) []word {
	var out []word
	if s.Capacity > 0 {
		out = append(out, word{free, r.Say.T("web.seats.of", "taken", s.Taken(), "count", s.Capacity)})
	} else {
		out = append(out, word{free, r.Say.T("web.seats.taken", "count", s.Taken())})
	}
	for _, p := range []struct {
		look Look
		key  string
		n    int
	}{
		{Women, "web.seats.women", s.Women},
		{Men, "web.seats.men", s.Men},
		{Undisclosed, undisclosedWords, s.Undisclosed},
		{Outline, "web.seats.waiting", s.Waiting},
	} {
		if p.n > 0 {
			out = append(out, word{p.look, r.Say.T(p.key, "count", p.n)})
		}
	}
	return out
}

// hundredths is a share of a whole, in hundredths to two decimals; of nothing it is none.
func hundredths(n, of float64) float64 {
	if of <= 0 || n <= 0 {
		return 0
	}
	return math.Round(min(n/of, 1)*10_000) / 100
}

// drawnPoint is a point with a bar, or a bar for each series.
type drawnPoint struct {
	Label string
	Bars  []drawnBar
}

type drawnBar struct {
	Series, Number string
	Value          Value
	Parts          []part
}

// veiled is how long the bar of a hidden number is, whatever the number: it tells nothing.
const veiled = 12.0

// bars measures all bars against one scale, which begins at nought: what is twice as long
// is twice as many. Below nought they lead to the other side of it.
func (c Chart) bars(r *web.Request) (out []drawnPoint, zero float64) {
	low, high := c.span()
	zero = hundredths(-low, high-low)
	for _, p := range c.Points {
		d := drawnPoint{Label: p.Label}
		for i, s := range c.Series {
			v := p.value(i)
			b := drawnBar{Series: s.Label, Number: c.text(r, v), Value: v}
			switch v.state {
			case known:
				if from, width := barSpan(v.number, low, high); width > 0 {
					b.Parts = []part{{c.look(i), from, width}}
				}
			case hidden, fewer:
				b.Parts = []part{{veil, min(zero, 100-veiled), veiled}}
			}
			d.Bars = append(d.Bars, b)
		}
		out = append(out, d)
	}
	return out, zero
}

// barSpan is where a bar begins and how long it is, in hundredths of an axis from low to
// high, both sides of nought.
func barSpan(x, low, high float64) (from, width float64) {
	if high <= low {
		return 0, 0
	}
	from, end := hundredths(min(x, 0)-low, high-low), hundredths(max(x, 0)-low, high-low)
	return from, math.Round((end-from)*100) / 100
}

// proportion lays the parts of a whole one after another, each as its share. Parts that
// are held back share what is left of a whole that is known; where it is not, no part is
// drawn, since its length would tell the others. Of nothing there is no bar.
func (c Chart) proportion(p Point) []part {
	var sum float64
	veiledParts, some := false, false
	for i := range c.Series {
		switch v := p.value(i); {
		case v.state == known && v.number > 0:
			sum, some = sum+v.number, true
		case v.state == hidden || v.state == fewer:
			veiledParts = true
		}
	}
	whole := sum
	if p.Whole.state == known && p.Whole.number >= sum {
		whole = p.Whole.number
	} else if veiledParts {
		return []part{{veil, 0, 100}}
	}
	if whole <= 0 || !some && !veiledParts {
		return nil
	}
	var out []part
	at := 0.0
	for i := range c.Series {
		v := p.value(i)
		if v.state != known || v.number <= 0 {
			continue
		}
		// Each ends where the sum up to it ends, so that rounding does not add up.
		from, end := hundredths(at, whole), hundredths(at+v.number, whole)
		out = append(out, part{c.look(i), from, math.Round((end-from)*100) / 100})
		at += v.number
	}
	if from := hundredths(at, whole); from < 100 {
		look := free
		if veiledParts {
			look = veil
		}
		out = append(out, part{look, from, math.Round((100-from)*100) / 100})
	}
	return out
}

// share is a part in words: the number, and its share of the whole where all are known.
func (c Chart) share(r *web.Request, p Point, i int) string {
	v := p.value(i)
	text := c.text(r, v)
	if v.state != known || c.Percent {
		return text
	}
	var whole float64
	for i := range c.Series {
		of := p.value(i)
		if of.state != known || of.number < 0 {
			return text
		}
		whole += of.number
	}
	if p.Whole.state == known {
		whole = max(whole, p.Whole.number)
	}
	if whole <= 0 {
		return text
	}
	return text + " (" + i18n.Percent(r.Lang, v.number/whole) + ")"
}

// canvas is the room for a drawing of lines, in its own units. It is drawn twice, for a
// wide page and for a phone, so that letters are as large as those around them.
type canvas struct {
	Name                     string
	Width, Height            float64
	Left, Right, Top, Bottom float64
	Letter                   float64 // width of a letter
}

var (
	wide   = canvas{"wide", 760, 300, 20, 14, 14, 34, 8.6}
	narrow = canvas{"narrow", 330, 250, 16, 8, 14, 32, 7.6}
)

type mark struct {
	X, Y float64
	Text string
}

// drawnLine is a series: a stroke for each run of points that follow each other, and a
// mark at each number.
type drawnLine struct {
	Look  Look
	Runs  []string // the d of paths
	Marks []mark
	Size  float64
}

// drawing is a chart of lines, measured.
type drawing struct {
	canvas
	Rows   []mark // of the axis that stands
	Below  []mark // of the axis that lies
	Veils  []mark // where a number is held back: a column over the whole height
	Column float64
	Lines  []drawnLine
}

// lines measures a chart of lines. The axis holds nought. A number that is missing leaves
// a gap: no stroke leads over it, and none to nought.
func (c Chart) lines(r *web.Request, on canvas) drawing {
	low, high := c.span()
	marks := ticks(low, high, c.Decimals == 0 && !c.Percent)
	low, high = marks[0], marks[len(marks)-1]
	d := drawing{canvas: on}
	axis := c
	axis.Decimals = max(c.Decimals, decimalsOf(marks))
	longest := 0
	for _, m := range marks {
		text := axis.text(r, Known(m))
		longest = max(longest, utf8.RuneCountInString(text))
		d.Rows = append(d.Rows, mark{Text: text, Y: m})
	}
	d.Left += float64(longest) * on.Letter
	width, height := on.Width-d.Left-on.Right, on.Height-on.Top-on.Bottom
	y := func(x float64) float64 { return tenth(on.Top + height*(high-x)/(high-low)) }
	for i := range d.Rows {
		d.Rows[i].X, d.Rows[i].Y = tenth(d.Left), y(d.Rows[i].Y)
	}
	room := width / float64(max(len(c.Points), 1))
	x := func(i int) float64 { return tenth(d.Left + room*(float64(i)+.5)) }
	letters := 0
	for _, p := range c.Points {
		letters = max(letters, utf8.RuneCountInString(p.short()))
	}
	each := apart(len(c.Points), letters, on.Letter, width)
	for i, p := range c.Points {
		if i%each == 0 {
			d.Below = append(d.Below, mark{X: x(i), Y: on.Height - on.Bottom + 22, Text: p.short()})
		}
		for s := range c.Series {
			if v := p.value(s); v.state == hidden || v.state == fewer {
				d.Veils = append(d.Veils, mark{X: x(i), Y: on.Top})
				break
			}
		}
	}
	d.Column = tenth(min(room*.6, 18))
	for s := range c.Series {
		line := drawnLine{Look: c.look(s), Size: tenth(min(4.5, max(2, room*.3)))}
		var run []string
		end := func() {
			if len(run) > 1 {
				line.Runs = append(line.Runs, "M"+strings.Join(run, "L"))
			}
			run = nil
		}
		for i, p := range c.Points {
			v := p.value(s)
			if v.state != known {
				end()
				continue
			}
			at := mark{X: x(i), Y: y(v.number)}
			line.Marks = append(line.Marks, at)
			run = append(run, svg(at.X)+" "+svg(at.Y))
		}
		end()
		d.Lines = append(d.Lines, line)
	}
	return d
}

// short is what stands below the axis.
func (p Point) short() string {
	if p.Short != "" {
		return p.Short
	}
	return p.Label
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// shape is the mark of a series: disc, square, triangle, ring. It is told apart without
// colour.
func shape(look Look, m mark, size float64) string {
	x, y := m.X, m.Y
	to := func(dx, dy float64) string { return svg(tenth(x+dx)) + " " + svg(tenth(y+dy)) }
	switch look {
	case Stripes:
		return "M" + to(-size, -size) + "L" + to(size, -size) + "L" + to(size, size) + "L" + to(-size, size) + "Z"
	case Dots:
		return "M" + to(0, -size*1.3) + "L" + to(size*1.2, size) + "L" + to(-size*1.2, size) + "Z"
	case Outline:
		return "M" + to(0, -size*1.4) + "L" + to(size*1.4, 0) + "L" + to(0, size*1.4) + "L" + to(-size*1.4, 0) + "Z"
	}
	r := svg(size)
	return "M" + to(-size, 0) + "a" + r + " " + r + " 0 1 0 " + svg(2*size) + " 0a" + r + " " + r + " 0 1 0 " + svg(-2*size) + " 0Z"
}
