package document

import "platforma.kg/ashar/internal/foundation/fault"

// page is what stands on one sheet.
type page struct {
	strips []placed
	notes  []*note
	top    float64 // where the notes begin
}

type placed struct {
	strip
	y     float64
	again bool // heads of a table that goes on
}

// ruleRoom is the room of the line above footnotes, mm.
const ruleRoom = 3

// paginate divides strips into pages, from a top on over a height in mm.
func paginate(strips []strip, top, tall float64) ([]page, error) {
	d := divider{top: top, tall: tall, y: top}
	for i := 0; i < len(strips); {
		if strips[i].brk {
			d.turn()
			i++
			continue
		}
		n := 1
		for i+n < len(strips) && strips[i+n-1].keep && !strips[i+n].brk {
			n++
		}
		if !d.fits(strips[i:i+n]) && len(d.now.strips) > 0 {
			d.turn()
		}
		if !d.fits(strips[i : i+n]) { // longer than a page: as much as goes
			n = 1
			if !d.fits(strips[i:i+n]) && len(d.now.strips) > 0 {
				d.turn()
			}
			if !d.fits(strips[i : i+n]) { // a line with more footnotes than a page
				return nil, fault.New(fault.TooLarge, "fault.paper_long")
			}
		}
		for _, s := range strips[i : i+n] {
			d.place(s)
		}
		i += n
		if len(d.all) >= MostPages {
			return nil, fault.New(fault.TooLarge, "fault.paper_long")
		}
	}
	if len(d.now.strips) > 0 || len(d.all) == 0 {
		d.turn()
	}
	return d.all, nil
}

// divider fills one page after the other.
type divider struct {
	top, tall float64
	all       []page
	now       page
	y         float64
	foot      float64 // height of the notes of this page
}

func (d *divider) turn() {
	d.now.top = d.top + d.tall - d.foot
	d.all = append(d.all, d.now)
	d.now, d.y, d.foot = page{}, d.top, 0
}

// fits tells whether strips still go on the page, with their notes and, on a new page, with
// the heads of their table. A gap at the end may hang over.
func (d *divider) fits(strips []strip) bool {
	y, foot := d.y, d.foot
	if len(d.now.strips) == 0 && len(strips) > 0 {
		for _, h := range strips[0].heads {
			y += h.tall
		}
	}
	for _, s := range strips {
		if s.gap && y == d.top {
			continue
		}
		for _, n := range s.notes {
			if foot == 0 {
				foot = ruleRoom
			}
			foot += n.tall()
		}
		if y+s.tall+foot > d.top+d.tall+0.01 && !s.gap {
			return false
		}
		y += s.tall
	}
	return true
}

func (d *divider) place(s strip) {
	if s.gap && len(d.now.strips) == 0 {
		return
	}
	if len(d.now.strips) == 0 {
		for _, h := range s.heads {
			d.now.strips = append(d.now.strips, placed{h, d.y, true})
			d.y += h.tall
		}
	}
	for _, n := range s.notes {
		if d.foot == 0 {
			d.foot = ruleRoom
		}
		d.foot += n.tall()
		d.now.notes = append(d.now.notes, n)
	}
	d.now.strips = append(d.now.strips, placed{s, d.y, false})
	d.y += s.tall
}
