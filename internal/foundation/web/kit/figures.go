package kit

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/web"
)

// FiguresStyle is the sheet of pages with seat figures; name it in Meta.Styles.
const FiguresStyle = "figures"

// MostFigures bounds the figures of one picture of seats. Of more seats than that a figure
// stands for several people, and the words below say for how many.
const MostFigures = 60

// figuresInRow is how many figures stand side by side.
const figuresInRow = 30

// mostWaitingDrawn bounds the figures behind the post: of more a mark says that the line
// goes on, and the words say how long it is.
const mostWaitingDrawn = 12

// Split is a number of people by sex. Untold are those who are counted and not told apart.
type Split struct{ Women, Men, Undisclosed, Untold int }

// All is how many there are.
func (s Split) All() int { return s.Women + s.Men + s.Undisclosed + s.Untold }

// parted reports whether some are told apart.
func (s Split) parted() bool { return s.Women+s.Men+s.Undisclosed > 0 }

// Figures are the seats of one event, one figure for one seat.
type Figures struct {
	Capacity int   // seats; 0 without bound
	Came     Split // on the day
	Said     Split // that they come, and not seen yet
	Asked    Split // invited, without an answer
	Waiting  Split // for a seat: they hold none
	Missing  int   // held a seat and did not come
	Extra    int   // let in though no seat was left; they stand in no seat
	Begun    bool  // people come: who is there counts, not who said so
	Over     bool  // nobody comes any more
}

// Held is how many seats are held.
func (f Figures) Held() int { return f.Came.All() + f.Said.All() + f.Asked.All() + f.Missing }

// Unit is for how many people one figure stands.
func (f Figures) Unit() int {
	most := max(f.Capacity, f.Held())
	for _, unit := range []int{1, 5, 25, 100, 500} {
		if most <= unit*MostFigures {
			return unit
		}
	}
	return 2500
}

// figureRun are the figures of one look, drawn in one stroke: a name for the style, their
// outlines, and what is drawn over them.
type figureRun struct{ Look, D, Over string }

// drawnFigures is the picture: its size, what is drawn, whether somebody waits outside it.
type drawnFigures struct {
	Width, Height float64
	Runs          []figureRun
}

// size is the viewBox: a bit above, for the post.
func (d drawnFigures) size() string { return "0 -1 " + svg(d.Width) + " " + svg(d.Height) }

// wide and tall are its size on a page, in pixels, where there is room.
func (d drawnFigures) wide() string { return svg(d.Width * 1.5) }
func (d drawnFigures) tall() string { return svg(d.Height * 1.5) }

// Sizes of a figure, and the steps to the next.
const (
	figureWide, figureTall = 6.0, 15.0
	figureStep, rowStep    = 8.0, 19.0
)

// drawing places the figures in rows, women, men, those who did not say, within each who
// came, said so, was asked; then what is free, then the post and those who wait.
func (f Figures) drawing() drawnFigures {
	unit, n := f.Unit(), 0
	var runs []figureRun
	at := map[string]int{}
	add := func(look, d, over string) {
		i, known := at[look]
		if !known {
			i = len(runs)
			at[look] = i
			runs = append(runs, figureRun{Look: look})
		}
		runs[i].D += d
		runs[i].Over += over
	}
	place := func(n int) (x, y float64) {
		return float64(n%figuresInRow)*figureStep + 1, float64(n/figuresInRow)*rowStep + 1
	}
	groups := func(s Split) []struct {
		sex string
		n   int
	} {
		return []struct {
			sex string
			n   int
		}{{"w", s.Women}, {"m", s.Men}, {"u", s.Undisclosed}, {"a", s.Untold}}
	}
	for i := range groups(Split{}) {
		for _, p := range []struct {
			state string
			of    Split
		}{{"came", f.Came}, {"yes", f.Said}, {"ask", f.Asked}} {
			g := groups(p.of)[i]
			for range figuresFor(g.n, unit) {
				x, y := place(n)
				d, over := seated(g.sex, p.state, x, y)
				add(p.state+" "+g.sex, d, over)
				n++
			}
		}
	}
	for range max(figuresFor(f.Capacity, unit)-n, 0) {
		x, y := place(n)
		add("free", "M"+svg(x)+" "+svg(y+figureTall-.5)+"h6", "")
		n++
	}
	rows := max(1, (n+figuresInRow-1)/figuresInRow)
	out := drawnFigures{Width: float64(min(max(n, 1), figuresInRow)) * figureStep, Height: float64(rows) * rowStep}
	if waiting := f.Waiting.All(); waiting > 0 {
		x := float64(min(n, figuresInRow))*figureStep + 3
		y := float64(rows-1)*rowStep + 1
		if n > figuresInRow && n%figuresInRow != 0 { // behind the last figure of the last row there is room
			x = float64(n%figuresInRow)*figureStep + 3
		}
		add("post", "M"+svg(x)+" "+svg(y-2)+"v"+svg(figureTall+3), "")
		x += 5
		drawn := 0
		for _, g := range groups(f.Waiting) {
			for range figuresFor(g.n, unit) {
				if drawn++; drawn > mostWaitingDrawn {
					break
				}
				d, over := waiter(g.sex, x, y)
				add("queue "+g.sex, d, over)
				x += figureStep
			}
		}
		if drawn > mostWaitingDrawn {
			for i := range 3 {
				add("more", "M"+svg(x+1+float64(i)*4)+" "+svg(y+figureTall/2)+"h.01", "")
			}
			x += 14
		}
		out.Width = max(out.Width, x)
	}
	out.Runs = runs
	return out
}

// figuresFor is how many figures stand for so many people: nobody is left out.
func figuresFor(n, unit int) int { return (n + unit - 1) / unit }

// seated draws who holds a seat: a woman round, a man with stripes, who did not say with dots.
func seated(sex, state string, x, y float64) (d, over string) {
	if sex == "w" {
		return "M" + svg(x+3) + " " + svg(y) + "a3 3 0 0 1 3 3v9a3 3 0 0 1-6 0v-9a3 3 0 0 1 3-3z", ""
	}
	d = "M" + svg(x) + " " + svg(y) + "h6v15h-6z"
	switch {
	case state == "ask":
	case sex == "m":
		over = "M" + svg(x) + " " + svg(y+5) + "l6-4m-6 9l6-4m-6 9l6-4"
	case sex == "u":
		for _, down := range []float64{3, 7.5, 12} {
			over += "M" + svg(x+figureWide/2) + " " + svg(y+down) + "h.01"
		}
	}
	return d, over
}

// waiter draws who waits behind the post: small, so that nobody takes her for a seat.
func waiter(sex string, x, y float64) (d, over string) {
	y += figureTall / 2
	if sex == "w" {
		return "M" + svg(x) + " " + svg(y) + "a3 3 0 1 0 6 0a3 3 0 1 0-6 0z", ""
	}
	d = "M" + svg(x) + " " + svg(y-3) + "h6v6h-6z"
	switch sex {
	case "m":
		over = "M" + svg(x) + " " + svg(y) + "l6-3m-6 5.500l6-3"
	case "u":
		over = "M" + svg(x+3) + " " + svg(y) + "h.01"
	}
	return d, over
}

// words say what the picture shows, what matters most first.
func (f Figures) words(r *web.Request) (out []string) {
	say := func(key string, n int, s Split) {
		if n > 0 {
			out = append(out, r.Say.T(key, "count", n)+s.words(r))
		}
	}
	of, without, who, all := "web.figures.said.of", "web.figures.said", f.Said, f.Capacity
	if f.Begun || f.Over { // of those who were expected: a seat that nobody took cannot stay away
		of, without, who, all = "web.figures.came.of", "web.figures.came", f.Came, f.Came.All()+f.Said.All()+f.Missing
	}
	if all > 0 {
		out = append(out, r.Say.T(of, "taken", who.All(), "count", all)+who.words(r))
	} else {
		out = append(out, r.Say.T(without, "count", who.All())+who.words(r))
	}
	switch {
	case f.Over:
		say("web.figures.missing", f.Missing, Split{})
		say("web.figures.unnoted", f.Said.All(), Split{})
	case f.Begun:
		say("web.figures.expected", f.Said.All(), Split{})
		say("web.figures.missing", f.Missing, Split{})
	}
	say("web.figures.extra", f.Extra, Split{})
	if !f.Over {
		say("web.figures.asked", f.Asked.All(), Split{})
		say("web.figures.free", f.Capacity-f.Held(), Split{})
		say("web.figures.waiting", f.Waiting.All(), f.Waiting)
	}
	return out
}

// words are the numbers by sex, in brackets; nothing where nobody is told apart.
func (s Split) words(r *web.Request) string {
	if !s.parted() {
		return ""
	}
	var list []string
	for _, p := range []struct {
		key string
		n   int
	}{{"web.seats.women", s.Women}, {"web.seats.men", s.Men}, {undisclosedWords, s.Undisclosed}} {
		if p.n > 0 {
			list = append(list, r.Say.T(p.key, "count", p.n))
		}
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// unitWords say for how many people a figure stands, nothing when for one.
func (f Figures) unitWords(r *web.Request) string {
	if f.Unit() == 1 {
		return ""
	}
	return r.Say.T("web.figures.unit", "count", f.Unit())
}

// figureKey is one word of the key with its figures.
type figureKey struct {
	Drawn drawnFigures
	Text  string
}

func figureKeys(r *web.Request) []figureKey {
	pair := Split{Women: 1, Men: 1}
	return []figureKey{
		{Figures{Came: Split{Women: 1}}.drawing(), r.Say.T("web.figures.key.woman")},
		{Figures{Came: Split{Men: 1}}.drawing(), r.Say.T("web.figures.key.man")},
		{Figures{Came: Split{Undisclosed: 1}}.drawing(), r.Say.T("web.figures.key.untold")},
		{Figures{Came: pair}.drawing(), r.Say.T("web.figures.key.came")},
		{Figures{Said: pair}.drawing(), r.Say.T("web.figures.key.said")},
		{Figures{Asked: pair}.drawing(), r.Say.T("web.figures.key.asked")},
		{Figures{Capacity: 1}.drawing(), r.Say.T("web.figures.key.free")},
		{drawnFigures{Width: 15, Height: rowStep, Runs: []figureRun{
			{Look: "post", D: "M2 -1v18"}, {Look: "queue w", D: "M7 8.500a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"},
		}}, r.Say.T("web.figures.key.waiting")},
	}
}
