package document

import (
	"fmt"

	"codeberg.org/go-pdf/fpdf"
)

// pen draws onto pages and notes to which element each mark belongs.
type pen struct {
	pdf    *fpdf.Fpdf
	paper  Paper
	last   float64      // height of the last page, by which fpdf places all bookmarks
	marks  [][]*element // of each page, by the number of the mark
	open   *element     // in which is drawn
	aside  bool         // drawn is what no reader is told
	again  bool         // drawn is what stood before: heads of a table that goes on
	fields []*field
	places map[string]place // of headings
	look   style            // that the page has
}

// place is where a heading stands, for links and the list of contents of a reader.
type place struct {
	page int
	y    float64 // from the lower edge, mm
}

// begin turns to a new page.
func (p *pen) begin() {
	p.pdf.AddPageFormat("P", fpdf.SizeType{Wd: p.paper.Width, Ht: p.paper.Height})
	p.marks = append(p.marks, nil)
	p.look = style{}
}

// end closes what is open, as each page must before the next.
func (p *pen) end() {
	if p.open != nil || p.aside {
		p.pdf.RawWriteStr("EMC")
	}
	p.open, p.aside = nil, false
}

// in lets what follows be content of an element.
func (p *pen) in(e *element) {
	if p.again {
		p.artifact()
		return
	}
	if p.open == e {
		return
	}
	p.end()
	e.attach()
	n := len(p.marks)
	mark := len(p.marks[n-1])
	p.marks[n-1] = append(p.marks[n-1], e)
	e.kids = append(e.kids, kid{page: n, mark: mark})
	p.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", e.tag, mark))
	p.open = e
}

// artifact lets what follows be no content: borders, what stands on every page.
func (p *pen) artifact() {
	if p.aside {
		return
	}
	p.end()
	p.pdf.RawWriteStr("/Artifact BMC")
	p.aside = true
}

// text draws letters that begin at x and stand on a baseline.
func (p *pen) text(e *element, look style, x, base float64, text string) {
	if text == "" {
		return
	}
	p.in(e)
	p.letters(look, x, base, text)
}

func (p *pen) letters(look style, x, base float64, text string) {
	p.face(look)
	p.pdf.Text(x, base, text)
}

func (p *pen) face(look style) {
	if p.look != look {
		p.pdf.SetFont("sans", look.face().name, look.points)
		p.look = look
	}
}

// line draws a line of text between x and x+wide.
func (p *pen) line(l line, align Align, x, y, wide float64) {
	switch align {
	case Center:
		x += (wide - l.wide) / 2
	case Right:
		x += wide - l.wide
	}
	for _, piece := range l.pieces {
		p.text(piece.in, piece.style, x, y+l.base-piece.rise, piece.text)
		if piece.to != "" && !p.again {
			p.field(piece, x, y, l.tall)
		}
		if piece.refer != nil && !p.again {
			piece.refer.element.attach()
		}
		x += piece.wide
	}
}

// field notes where a link can be pressed, and draws the line under it.
func (p *pen) field(l piece, x, y, tall float64) {
	f := &field{page: len(p.marks), to: l.to, says: l.says, in: l.in}
	f.box = [4]float64{x / mm, (p.paper.Height - y - tall) / mm, (x + l.wide) / mm, (p.paper.Height - y) / mm}
	l.in.kids = append(l.in.kids, kid{page: f.page, field: f})
	p.fields = append(p.fields, f)
	p.rule(x, y+tall*0.86, x+l.wide, y+tall*0.86, 0.15)
}

// rule draws a line that no reader is told.
func (p *pen) rule(x1, y1, x2, y2, thick float64) {
	p.artifact()
	p.pdf.SetLineWidth(thick)
	p.pdf.Line(x1, y1, x2, y2)
}

// frame draws the border of a cell, on a light ground when it is a head.
func (p *pen) frame(x, y, wide, tall float64, ground bool) {
	p.artifact()
	p.pdf.SetLineWidth(0.15)
	kind := "D"
	if ground {
		p.pdf.SetFillColor(232, 236, 240)
		kind = "FD"
	}
	p.pdf.SetDrawColor(120, 120, 120)
	p.pdf.Rect(x, y, wide, tall, kind)
	p.pdf.SetDrawColor(0, 0, 0)
}

// cut draws the dashed border along which a label is cut.
func (p *pen) cut(x, y, wide, tall float64) {
	p.artifact()
	p.pdf.SetLineWidth(0.1)
	p.pdf.SetDrawColor(150, 150, 150)
	p.pdf.SetDashPattern([]float64{1, 1}, 0)
	p.pdf.Rect(x, y, wide, tall, "D")
	p.pdf.SetDashPattern(nil, 0)
	p.pdf.SetDrawColor(0, 0, 0)
}

// reach notes where a heading stands.
func (p *pen) reach(h Heading, y float64) {
	if p.again {
		return
	}
	if h.ID != "" {
		p.places[h.ID] = place{len(p.marks), p.paper.Height - y}
	}
	p.face(style{points: 10}) // the outline is written in the coding of the font
	p.pdf.Bookmark(h.Text.plain(), h.Level-1, y+p.last-p.paper.Height)
}
