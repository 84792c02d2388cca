package document

import (
	"platforma.kg/ashar/internal/foundation/fault"
)

// least is how small a label may become before it is refused.
const least = 0.3

// labels sets equal fields, a row of them a strip.
func (s *setter) labels(l Labels, x, wide float64, in *element) (out []strip, err error) {
	width := wide / float64(l.Columns)
	for from := 0; from < len(l.Items); from += l.Columns {
		items := l.Items[from:min(from+l.Columns, len(l.Items))]
		var draws []func(p *pen, y float64)
		for i, item := range items {
			draw, err := s.label(item, x+float64(i)*width, width, l.Height, in)
			if err != nil {
				return nil, err
			}
			draws = append(draws, draw)
		}
		out = append(out, strip{tall: l.Height, draw: func(p *pen, y float64) {
			for i := range items {
				p.cut(x+float64(i)*width, y, width, l.Height)
			}
			for _, draw := range draws {
				draw(p, y)
			}
		}})
	}
	return out, nil
}

const (
	labelEdge = 5 // mm between the border of a label and what stands in it
	labelLine = 5 // mm for its head or its foot
	labelSide = 4 // mm between its blocks and the figure beside them
)

// label sets one field, as large as it fits.
func (s *setter) label(item Label, x, wide, tall float64, in *element) (func(p *pen, y float64), error) {
	x, wide = x+labelEdge, wide-2*labelEdge
	above, below := 0.0, 0.0
	if !item.Head.empty() {
		above = labelLine
	}
	if !item.Foot.empty() {
		below = labelLine + 2
	}
	room, front := tall-2*labelEdge-above-below, wide
	if item.Side != nil {
		front -= item.Side.Width + labelSide
		if item.Side.Width*item.Side.Art.ratio() > room || front <= 0 {
			return nil, fault.New(fault.TooLarge, "fault.paper_label", fault.Args{"name": clean(item.Name)})
		}
	}
	for scale := s.scale; scale >= least; scale *= 0.93 {
		inner := *s
		inner.scale = scale
		part := in.under("Sect")
		part.title = clean(item.Name)
		head := part.under("P")
		strips, err := inner.blocks(item.Block, x, front, part)
		if err != nil {
			return nil, err
		}
		all := 0.0
		for _, one := range strips {
			all += one.tall
		}
		if n := len(strips); n > 0 && strips[n-1].gap {
			all -= strips[n-1].tall
		}
		if all > room {
			continue
		}
		return func(p *pen, y float64) {
			part.attach()
			y += labelEdge
			p.beside(item.Head, head, x, y, wide)
			at := y + above + (room-all)/2
			for _, one := range strips {
				if one.draw != nil {
					one.draw(p, at)
				}
				at += one.tall
			}
			if f := item.Side; f != nil {
				figure := part.under("Figure")
				figure.alt = clean(f.Alt)
				high := f.Width * f.Art.ratio()
				p.art(figure, f.Art, x+wide-f.Width, y+above+(room-high)/2, f.Width, high)
			}
			if item.Foot.empty() {
				return
			}
			at = y + above + room
			p.rule(x, at+1, x+wide, at+1, 0.5)
			if item.Double {
				p.rule(x, at+2, x+wide, at+2, 0.5)
			}
			p.beside(item.Foot, part.under("P"), x, at+3, wide)
		}, nil
	}
	return nil, fault.New(fault.TooLarge, "fault.paper_label", fault.Args{"name": clean(item.Name)})
}

// beside draws two texts at the ends of a line, as content of an element.
func (p *pen) beside(f Furniture, in *element, x, y, wide float64) {
	if f.empty() {
		return
	}
	look, text := sides{clean(f.Left), clean(f.Right)}.within(style{points: 8}, wide)
	p.text(in, look, x, y+look.base(), text.left)
	p.text(in, look, x+wide-look.width(text.right), y+look.base(), text.right)
}
