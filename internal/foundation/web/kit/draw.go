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

// word is a number of the bar in words, with the class of its colour.
type word struct{ Class, Text string }

// words says what the bar shows, each with its colour: "16 of 25 seats taken", "11 women", "5 men", "5 waiting".
func (s Seats) words(r *web.Request) []word {
	var out []word
	if s.Capacity > 0 {
		out = append(out, word{"free", r.Say.T("web.seats.of", "taken", s.Taken(), "count", s.Capacity)})
	} else {
		out = append(out, word{"free", r.Say.T("web.seats.taken", "count", s.Taken())})
	}
	for _, p := range []struct {
		class, key string
		n          int
	}{
		{"w", "web.seats.women", s.Women},
		{"m", "web.seats.men", s.Men},
		{"u", "web.seats.undisclosed", s.Undisclosed},
		{"q", "web.seats.waiting", s.Waiting},
	} {
		if p.n > 0 {
			out = append(out, word{p.class, r.Say.T(p.key, "count", p.n)})
		}
	}
	return out
}

func hundredths(n, of int) float64 { return float64(n*10000/of) / 100 }

type drawnBar struct {
	Label, Number, Class string
	Width                float64
}

// drawn measures the bars against the greatest.
func (c Chart) drawn(r *web.Request) []drawnBar {
	most := 1
	for _, b := range c.Bars {
		if b.Value != nil {
			most = max(most, *b.Value)
		}
	}
	out := make([]drawnBar, len(c.Bars))
	for i, b := range c.Bars {
		if b.Value == nil {
			// Hidden numbers all look alike.
			out[i] = drawnBar{Label: b.Label, Number: r.Say.T("web.hidden.short"), Class: "hidden", Width: 12}
		} else {
			out[i] = drawnBar{Label: b.Label, Number: Number(r, *b.Value), Class: "value", Width: hundredths(*b.Value, most)}
		}
	}
	return out
}

// describe is the description, or the bars in words when there is none.
func (c Chart) describe(r *web.Request) string {
	if c.Description != "" {
		return c.Description
	}
	var parts []string
	for _, b := range c.drawn(r) {
		parts = append(parts, b.Label+": "+b.Number)
	}
	return strings.Join(parts, "; ")
}
