package document

// pad is the room between the border of a cell and its text, mm.
const pad = 1.3

// table sets rows of cells. Its heads stand again at the top of each page; a row is divided
// only when it is higher than a page.
func (s *setter) table(t Table, x, wide float64, in *element) (out []strip) {
	look := s.style(t.Size)
	widths := shares(t.Columns, wide)
	element := in.under("Table")
	if len(t.Caption) > 0 {
		caption := s.paragraph(t.Caption, style{strong: true, points: look.points}, Left, x, wide, element.under("Caption"))
		caption = append(caption, gap(1))
		for i := range caption {
			caption[i].keep = true
		}
		out = append(out, caption...)
	}
	rows := func(list []Row, part string, head bool, room float64) (strips []strip) {
		group := element.under(part)
		for _, r := range list {
			strips = append(strips, s.row(r, t, head, look, x, widths, group.under("TR"), room)...)
		}
		return strips
	}
	// A table has a body: without rows it is made of what there is.
	headPart, footPart := "THead", "TFoot"
	switch {
	case len(t.Rows)+len(t.Foot) == 0:
		headPart = "TBody"
	case len(t.Rows) == 0:
		footPart = "TBody"
	}
	heads := rows(t.Head, headPart, true, s.room)
	tall := 0.0
	for i := range heads {
		heads[i].keep = true
		tall += heads[i].tall
	}
	body := rows(t.Rows, "TBody", false, s.room-tall)
	foot := rows(t.Foot, footPart, false, s.room-tall)
	if n := len(body); n > 0 && len(foot) > 0 {
		body[n-1].keep = true
	}
	for i := range len(foot) - 1 {
		foot[i].keep = true
	}
	body = append(body, foot...)
	if tall < s.room/2 {
		for i := range body {
			body[i].heads = heads
		}
	}
	after := gap(3 * s.scale)
	out = append(append(out, heads...), body...)
	if t.Joins {
		out[len(out)-1].keep, after.keep = true, true
	}
	return append(out, after)
}

// shares gives the widths of columns.
func shares(columns []Column, wide float64) (widths []float64) {
	sum := 0.0
	for _, c := range columns {
		widths = append(widths, c.Share)
		if c.Share == 0 {
			widths[len(widths)-1] = 1
		}
		sum += widths[len(widths)-1]
	}
	for i := range widths {
		widths[i] *= wide / sum
	}
	return widths
}

// cell is a cell that was set.
type cell struct {
	x, wide float64
	lines   []line
	align   Align
	element *element
}

// row sets a row as one strip, or as several when it is higher than the room.
func (s *setter) row(r Row, t Table, head bool, look style, x float64, widths []float64, in *element, room float64) (out []strip) {
	var cells []cell
	column := 0
	for _, c := range r.Cells {
		one := cell{x: x, align: t.Columns[column].Align, element: in.under("TD")}
		for range c.span() {
			one.wide += widths[column]
			column++
		}
		x += one.wide
		face := look
		if head || c.Head {
			one.element.tag, one.element.scope = "TH", "Row"
			face.strong = head
		}
		if head {
			one.element.scope = "Column"
		}
		one.element.span = c.span()
		for _, p := range c.Text {
			one.lines = append(one.lines, s.lines(p, face, one.wide-2*pad, one.element.under("P"))...)
		}
		cells = append(cells, one)
	}
	tall := look.height()
	most := max(1, int((room-2*pad)/tall))
	count := 1
	for _, c := range cells {
		count = max(count, len(c.lines))
	}
	for from := 0; from < count; from += most {
		n := min(most, count-from)
		one := strip{tall: max(float64(n)*tall+2*pad, min(t.Row*s.scale, room))}
		parts := make([]cell, len(cells))
		for i, c := range cells {
			parts[i] = c
			parts[i].lines = c.lines[min(from, len(c.lines)):min(from+n, len(c.lines))]
			for _, l := range parts[i].lines {
				one.notes = append(one.notes, l.notes...)
			}
		}
		one.draw = func(p *pen, y float64) { p.row(parts, head, y, one.tall) }
		out = append(out, one)
	}
	return out
}

// row draws cells with their borders. A cell without text is there for a reader, too.
func (p *pen) row(cells []cell, head bool, y, tall float64) {
	for _, c := range cells {
		p.frame(c.x, y, c.wide, tall, head)
	}
	for _, c := range cells {
		if !p.again {
			c.element.attach()
		}
		at := y + pad
		if n := float64(len(c.lines)); n > 0 {
			at = y + max(pad, (tall-n*c.lines[0].tall)/2)
		}
		for _, l := range c.lines {
			p.line(l, c.align, c.x+pad, at, c.wide-2*pad)
			at += l.tall
		}
	}
}
