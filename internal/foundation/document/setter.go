package document

import (
	"fmt"
	"strconv"
)

// strip is a horizontal part of a page that is not divided.
type strip struct {
	tall  float64
	draw  func(p *pen, y float64)
	keep  bool    // it stands on the page of the next
	notes []*note // that stand on its page
	heads []strip // of the table that it is a row of, drawn again at the top of a page
	gap   bool    // left out at the top of a page
	brk   bool    // a new page begins
}

// setter turns the parts of a paper into strips.
type setter struct {
	document Document
	room     float64 // height of a page for text
	scale    float64 // 1, less on labels that hold much
	notes    int
	faces    *faces
}

// faces tells which fonts a paper needs.
type faces struct{ bold bool }

func (s *setter) style(size Size) style { return style{points: size.points() * s.scale} }

// note sets a footnote that is marked in an element.
func (s *setter) note(rs Runs, in *element) *note {
	s.notes++
	n := &note{mark: strconv.Itoa(s.notes), element: in.under("Note")}
	n.element.id = "note-" + n.mark
	label := n.element.under("Lbl")
	look := s.style(Small)
	wide := s.document.paper().Width - 2*s.document.paper().Margin
	n.lines = s.lines(rs, look, wide-noteIndent, n.element)
	first := &n.lines[0]
	first.pieces = append([]piece{{text: n.mark + " ", style: look, wide: noteIndent, in: label}}, first.pieces...)
	return n
}

// noteIndent is the room before a footnote for its number, mm.
const noteIndent = 5

// blocks sets parts that stand at x, one under the other.
func (s *setter) blocks(list []Block, x, wide float64, in *element) (out []strip, err error) {
	for _, b := range list {
		var strips []strip
		switch b := b.(type) {
		case Heading:
			strips = s.heading(b, x, wide, in)
		case Paragraph:
			look := s.style(b.Size)
			if b.Fit {
				look = look.fitting(b.Text, wide)
			}
			strips = s.paragraph(b.Text, look, b.Align, x, wide, in.under("P"))
			strips = append(strips, gap(1.6*s.scale))
		case List:
			if strips, err = s.list(b, x, wide, in); err != nil {
				return nil, err
			}
		case Table:
			strips = s.table(b, x, wide, in)
		case Figure:
			strips = s.figure(b, x, wide, in)
		case Labels:
			if strips, err = s.labels(b, x, wide, in); err != nil {
				return nil, err
			}
		case Blank:
			strips = []strip{s.blank(b, x, wide, in)}
		case Together:
			if strips, err = s.blocks(b.Parts, x, wide, in); err != nil {
				return nil, err
			}
			for i := range len(strips) - 1 {
				strips[i].keep = true
			}
		case Gap:
			strips = []strip{gap(b.Height * s.scale)}
		case Break:
			strips = []strip{{brk: true}}
		}
		for _, one := range strips {
			if one.tall > s.room {
				return nil, fmt.Errorf("document: a %T of %.0f mm on a page of %.0f", b, one.tall, s.room)
			}
		}
		out = append(out, strips...)
	}
	return out, nil
}

// fitting gives a look in which no word of a text is wider than a line, if a fifth of the size
// is enough.
func (s style) fitting(rs Runs, wide float64) style {
	longest, word := 0.0, 0.0
	for _, r := range rs {
		look := style{s.strong || r.Strong, s.points}
		for _, letter := range clean(r.Text) {
			if letter == ' ' || letter == '\n' {
				word = 0
				continue
			}
			word += look.width(string(letter))
			if longest = max(longest, word); letter == '-' {
				word = 0
			}
		}
	}
	if longest > wide {
		s.points *= max(0.2, wide/longest*0.999)
	}
	return s
}

func gap(tall float64) strip { return strip{tall: tall, gap: true} }

// paragraph sets text; no page begins with its last line alone or ends with its first.
func (s *setter) paragraph(rs Runs, look style, align Align, x, wide float64, in *element) (out []strip) {
	lines := s.lines(rs, look, wide, in)
	for i, l := range lines {
		one := strip{tall: l.tall, notes: l.notes, draw: func(p *pen, y float64) { p.line(l, align, x, y, wide) }}
		one.keep = len(lines) > 1 && (i == 0 || i == len(lines)-2)
		out = append(out, one)
	}
	return out
}

func (s *setter) heading(h Heading, x, wide float64, in *element) []strip {
	points := [...]float64{18, 14, 12, 11, 10, 10}[h.Level-1]
	if h.Size != Normal {
		points = h.Size.points()
	}
	look := style{strong: true, points: points * s.scale}
	element := in.under("H" + strconv.Itoa(h.Level))
	strips := s.paragraph(h.Text, look, Left, x, wide, element)
	first := strips[0].draw
	strips[0].draw = func(p *pen, y float64) {
		p.reach(h, y)
		first(p, y)
	}
	for i := range strips {
		strips[i].keep = true
	}
	after := gap(points * 0.14)
	after.keep = true
	return append(append([]strip{gap(points * 0.28)}, strips...), after)
}

// blank is a label and a line to write on behind it.
func (s *setter) blank(b Blank, x, wide float64, in *element) strip {
	look := s.style(Normal)
	l := s.lines(Plain(b.Label), look, wide/2, in.under("P"))[0]
	return strip{tall: 11, draw: func(p *pen, y float64) {
		p.line(l, Left, x, y+10-l.tall, wide)
		p.rule(x+l.wide+2, y+9.6, x+wide, y+9.6, 0.2)
	}}
}

// list sets items, each with its mark before it.
func (s *setter) list(b List, x, wide float64, in *element) (out []strip, err error) {
	element := in.under("L")
	element.numbered = map[Mark]string{Dot: "Disc", Number: "Decimal", Box: "Square"}[b.Mark]
	look := s.style(Normal)
	indent := look.width("999. ")
	for i, parts := range b.Items {
		item := element.under("LI")
		label := item.under("Lbl")
		mark := map[Mark]string{Dot: "•", Number: strconv.Itoa(i+1) + ".", Box: "☐"}[b.Mark]
		strips, err := s.blocks(parts, x+indent, wide-indent, item.under("LBody"))
		if err != nil {
			return nil, err
		}
		first := strips[0].draw
		strips[0].draw = func(p *pen, y float64) {
			p.text(label, look, x, y+look.base(), mark+" ")
			first(p, y)
		}
		out = append(out, strips...)
	}
	return append(out, gap(1.6*s.scale)), nil
}

// figure sets art as wide as it should be, less where the page is too small.
func (s *setter) figure(f Figure, x, wide float64, in *element) []strip {
	width := min(f.Width*s.scale, wide)
	caption := s.paragraph(f.Caption, s.style(Small), f.Align, x, wide, in.under("P"))
	if len(f.Caption) == 0 {
		caption = nil
	}
	if most := s.room - 20; width*f.Art.ratio() > most {
		width = most / f.Art.ratio()
	}
	tall := width * f.Art.ratio()
	from := x
	switch f.Align {
	case Center:
		from += (wide - width) / 2
	case Right:
		from += wide - width
	}
	if d, ok := f.Art.(Drawing); ok {
		for _, shape := range d.Shapes {
			if w, ok := shape.(Word); ok && w.Strong {
				s.faces.bold = true
			}
		}
	}
	element := in.under("Figure")
	element.alt = clean(f.Alt)
	art := strip{tall: tall + 1.5, keep: len(caption) > 0, draw: func(p *pen, y float64) { p.art(element, f.Art, from, y, width, tall) }}
	return append(append([]strip{art}, caption...), gap(2*s.scale))
}
