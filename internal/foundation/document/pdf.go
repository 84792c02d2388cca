package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"platforma.kg/ashar/internal/foundation/fault"
)

// PDF writes the paper as a PDF that keeps PDF/UA-1 and PDF/A-2a. The same paper gives the
// same bytes. A letter that the typeface has not, a paper over the bounds and a label that
// is too small for its words are faults, told before anything is drawn.
func (d Document) PDF() ([]byte, error) {
	used, err := d.check(true)
	if err != nil {
		return nil, err
	}
	if err := used.take(marks); err != nil {
		return nil, err
	}
	root := &element{tag: "Document", attached: true}
	s := &setter{faces: &faces{}}
	var parts []divided
	count := 0
	for _, one := range d.bound() {
		in := root
		if len(d.Behind) > 0 {
			in = root.under("Part")
			in.title = clean(one.Title)
		}
		part, err := s.divide(one, in, used)
		if err != nil {
			return nil, err
		}
		if count += len(part.pages); count > MostPages {
			return nil, fault.New(fault.TooLarge, "fault.paper_long")
		}
		parts = append(parts, part)
	}
	p := &pen{pdf: d.begin(used, s.faces.bold), places: map[string]place{}, last: parts[len(parts)-1].paper.Height}
	for _, part := range parts {
		p.paper = part.paper
		for i, page := range part.pages {
			p.page(page)
			p.furniture(part.beside[i][0], p.paper.Margin)
			p.furniture(part.beside[i][1], p.paper.Height-p.paper.Margin-furnitureRoom/2)
			p.end()
		}
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("document: draw: %w", err)
	}
	return seal(out.Bytes(), root, p)
}

// divided is a paper that was set and divided into pages.
type divided struct {
	paper  Paper
	pages  []page
	beside [][2]sides // of each page, above and below
}

// divide sets a paper and divides it into pages.
func (s *setter) divide(d Document, in *element, used letters) (part divided, err error) {
	paper := d.paper()
	top, room := paper.Margin, paper.Height-2*paper.Margin
	if !d.Head.empty() {
		top, room = top+furnitureRoom, room-furnitureRoom
	}
	if !d.Foot.empty() {
		room -= furnitureRoom
	}
	s.document, s.room, s.scale = d, room, 1
	strips, err := s.blocks(d.Body, paper.Margin, paper.Width-2*paper.Margin, in)
	if err != nil {
		return part, err
	}
	part.paper = paper
	if part.pages, err = paginate(strips, top, room); err != nil {
		return part, err
	}
	part.beside = make([][2]sides, len(part.pages))
	for i := range part.pages {
		part.beside[i] = [2]sides{d.Head.on(i+1, len(part.pages)), d.Foot.on(i+1, len(part.pages))}
		for _, side := range part.beside[i] {
			for _, text := range []string{side.left, side.right} {
				if err := used.take(text); err != nil {
					return part, err
				}
			}
		}
	}
	return part, nil
}

// WritePDF is PDF to a writer.
func (d Document) WritePDF(w io.Writer) error {
	b, err := d.PDF()
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// furnitureRoom is the height of what stands on each page, with the room beside it, mm.
const furnitureRoom = 9

func (f Furniture) empty() bool { return f.Left == "" && f.Right == "" && f.Page == nil }

// marks are the letters that we put beside those of the paper: before items, at footnotes,
// at the end of what has no room.
const marks = "0123456789. •☐…"

// sides are what stands at the left and the right of a page.
type sides struct{ left, right string }

// on gives what stands on a page.
func (f Furniture) on(page, pages int) sides {
	if f.Page != nil {
		return sides{clean(f.Left), clean(f.Page(page, pages))}
	}
	return sides{clean(f.Left), clean(f.Right)}
}

// within sets both sides small enough for one line of a width, down to two thirds of a
// look; what has no room even then is cut.
func (b sides) within(look style, wide float64) (style, sides) {
	const apart = 4 // mm
	wide = max(0, wide-apart)
	if all := look.width(b.left) + look.width(b.right); all > wide {
		look.points *= max(2./3, wide/all*0.999)
	}
	right := min(look.width(b.right), max(wide/2, wide-look.width(b.left)))
	b.right = look.cut(b.right, right)
	b.left = look.cut(b.left, wide-look.width(b.right))
	return look, b
}

// cut gives as much of a text as has room, and says when that is not all.
func (s style) cut(text string, wide float64) string {
	if s.width(text) <= wide+0.01 {
		return text
	}
	kept, wide := 0, wide-s.width("…")
	for i, r := range text {
		if wide -= s.width(string(r)); wide < 0 {
			break
		}
		kept = i + len(string(r))
	}
	return strings.TrimRight(text[:kept], " ") + "…"
}

// begin gives a file without pages.
func (d Document) begin(used letters, strong bool) *fpdf.Fpdf {
	paper := d.paper()
	pdf := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: fpdf.SizeType{Wd: paper.Width, Ht: paper.Height}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(d.Made.UTC())
	pdf.SetModificationDate(d.Made.UTC())
	pdf.SetProducer("Ashar", true)
	pdf.SetTitle(clean(d.Title), true)
	if d.Author != "" {
		pdf.SetAuthor(clean(d.Author), true)
	}
	if d.Subject != "" {
		pdf.SetSubject(clean(d.Subject), true)
	}
	pdf.SetLang(d.Lang)
	pdf.SetXmpMetadata(d.metadata())
	pdf.AddOutputIntent(fpdf.OutputIntentType{
		SubtypeIdent: fpdf.OutputIntent_GTS_PDFA1, OutputConditionIdentifier: "sRGB IEC61966-2.1", Info: "sRGB IEC61966-2.1", ICCProfile: profile(),
	})
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes("sans", "", plain().with(used))
	if strong {
		pdf.AddUTF8FontFromBytes("sans", "B", bold().with(used))
	}
	return pdf
}

// page draws the strips and the footnotes of a page.
func (p *pen) page(g page) {
	p.begin()
	for _, s := range g.strips {
		p.again = s.again
		if s.draw != nil {
			s.draw(p, s.y)
		}
		p.again = false
	}
	if len(g.notes) == 0 {
		return
	}
	p.rule(p.paper.Margin, g.top+1, p.paper.Margin+45, g.top+1, 0.2)
	y := g.top + ruleRoom
	for _, n := range g.notes {
		for i, l := range n.lines {
			x := p.paper.Margin
			if i > 0 {
				x += noteIndent
			}
			p.line(l, Left, x, y, 0)
			y += l.tall
		}
	}
}

// furniture draws what stands on every page, from y on.
func (p *pen) furniture(beside sides, y float64) {
	if beside == (sides{}) {
		return
	}
	p.artifact()
	wide := p.paper.Width - 2*p.paper.Margin
	look, beside := beside.within(style{points: 8}, wide)
	p.letters(look, p.paper.Margin, y+look.base(), beside.left)
	p.letters(look, p.paper.Margin+wide-look.width(beside.right), y+look.base(), beside.right)
}

// nameOf names content by what it is.
func nameOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:16])
}
