package document

import (
	"bytes"

	"codeberg.org/go-pdf/fpdf"
)

// art draws a figure into a field of the page.
func (p *pen) art(e *element, a Art, x, y, wide, tall float64) {
	e.box = []float64{x / mm, (p.paper.Height - y - tall) / mm, (x + wide) / mm, (p.paper.Height - y) / mm}
	p.in(e)
	switch a := a.(type) {
	case Drawing:
		unit := wide / a.Width
		for _, s := range a.Shapes {
			p.shape(s, x, y, unit)
		}
	case Picture:
		p.picture(a, x, y, wide, tall)
	}
	p.pdf.SetDrawColor(0, 0, 0)
	p.end()
}

func (p *pen) shape(s Shape, x, y, unit float64) {
	switch s := s.(type) {
	case Bar:
		p.bar(s, x+s.X*unit, y+s.Y*unit, s.Width*unit, s.Height*unit)
	case Line:
		p.pdf.SetDrawColor(int(s.Color.Red), int(s.Color.Green), int(s.Color.Blue))
		p.pdf.SetLineWidth(s.Thick * unit)
		p.pdf.Line(x+s.X1*unit, y+s.Y1*unit, x+s.X2*unit, y+s.Y2*unit)
	case Word:
		look := style{s.Strong, s.Points}
		text := clean(s.Text)
		at := x + s.X*unit
		switch s.Align {
		case Center:
			at -= look.width(text) / 2
		case Right:
			at -= look.width(text)
		}
		p.letters(look, at, y+s.Y*unit, text)
	}
}

// step is how far the lines of a pattern are apart, mm.
const step = 1.4

func (p *pen) bar(b Bar, x, y, wide, tall float64) {
	red, green, blue := int(b.Color.Red), int(b.Color.Green), int(b.Color.Blue)
	if b.Pattern == Solid {
		p.pdf.SetFillColor(red, green, blue)
		p.pdf.Rect(x, y, wide, tall, "F")
		return
	}
	p.pdf.SetDrawColor(red, green, blue)
	p.pdf.SetLineWidth(0.25)
	p.pdf.Rect(x, y, wide, tall, "D")
	switch b.Pattern {
	case Stripes: // from the left and lower sides to the upper and right ones
		for at := step; at < wide+tall; at += step {
			from, to := max(0, at-tall), min(at, wide)
			p.pdf.Line(x+from, y+min(at, tall), x+to, y+max(0, at-wide))
		}
	case Grid:
		for at := step; at < wide; at += step {
			p.pdf.Line(x+at, y, x+at, y+tall)
		}
		for at := step; at < tall; at += step {
			p.pdf.Line(x, y+at, x+wide, y+at)
		}
	}
}

func (p *pen) picture(a Picture, x, y, wide, tall float64) {
	content, kind := a.JPEG, "JPG"
	if len(a.PNG) > 0 {
		content, kind = a.PNG, "PNG"
	}
	name := nameOf(content)
	p.pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: kind}, bytes.NewReader(content))
	p.pdf.ImageOptions(name, x, y, wide, tall, false, fpdf.ImageOptions{ImageType: kind}, 0, "")
}
