package kit

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/web"
)

// part is a stretch of a bar, in hundredths of its length.
type part struct {
	Class       string
	From, Width float64
}

// parts lays women, men, undisclosed and waiting one after another. The bar is
// as long as the capacity, or as all of them when they are more.
func (s Seats) parts() []part {
	whole := max(s.Capacity, s.Taken()+s.Waiting, 1)
	out := []part{{Class: "free", Width: 100}}
	at := 0
	for _, p := range []struct {
		class string
		n     int
	}{{"w", s.Women}, {"m", s.Men}, {"u", s.Undisclosed}, {"q", s.Waiting}} {
		if p.n > 0 {
			out = append(out, part{p.class, hundredths(at, whole), hundredths(p.n, whole)})
			at += p.n
		}
	}
	return out
}

// words says what the bar shows: "16 of 25 seats: 11 women, 5 men; 5 waiting".
func (s Seats) words(r *web.Request) string {
	var b strings.Builder
	if s.Capacity > 0 {
		b.WriteString(r.Say.T("web.seats.of", "taken", s.Taken(), "count", s.Capacity))
	} else {
		b.WriteString(r.Say.T("web.seats.taken", "count", s.Taken()))
	}
	var who []string
	if s.Women > 0 {
		who = append(who, r.Say.T("web.seats.women", "count", s.Women))
	}
	if s.Men > 0 {
		who = append(who, r.Say.T("web.seats.men", "count", s.Men))
	}
	if s.Undisclosed > 0 {
		who = append(who, r.Say.T("web.seats.undisclosed", "count", s.Undisclosed))
	}
	if len(who) > 0 {
		b.WriteString(": " + strings.Join(who, ", "))
	}
	if s.Waiting > 0 {
		b.WriteString("; " + r.Say.T("web.seats.waiting", "count", s.Waiting))
	}
	return b.String()
}

func hundredths(n, of int) float64 { return float64(n*10000/of) / 100 }

// The chart's lines are 46 units high in a drawing 600 wide: words above, bar below.
const lineHeight = 46

type drawnBar struct {
	Label, Number   string
	TextY, Y, Width float64
	Hidden          bool
}

func (c Chart) viewBox() string { return "0 0 600 " + digits(max(len(c.Bars), 1)*lineHeight) }

func (c Chart) drawn(r *web.Request) []drawnBar {
	most := 1
	for _, b := range c.Bars {
		if b.Value != nil {
			most = max(most, *b.Value)
		}
	}
	out := make([]drawnBar, len(c.Bars))
	for i, b := range c.Bars {
		d := drawnBar{Label: b.Label, TextY: float64(i*lineHeight + 18), Y: float64(i*lineHeight + 26)}
		if b.Value == nil {
			d.Hidden, d.Number = true, r.Say.T("web.hidden.short")
		} else {
			d.Number = Number(r, *b.Value)
			d.Width = 6 * hundredths(*b.Value, most)
		}
		out[i] = d
	}
	return out
}
