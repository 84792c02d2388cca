package demomaterials

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// Paper is one handout in one language.
type Paper struct {
	Template string // key of the template it goes with
	Audience materials.Audience
	Lang     i18n.Language
	Title    i18n.Text
	File     string // its name
	PDF      []byte
}

// All writes the handouts that go with the templates of seminars.
func All(templates []programme.Template) (out []Paper, err error) {
	var shared []Paper
	for _, c := range checklists {
		for _, l := range i18n.Languages {
			if c.audience == materials.ForStaff && l == i18n.English {
				continue // the team works in Kyrgyz and Russian
			}
			p := Paper{Audience: c.audience, Lang: l, Title: c.title, File: c.name + "-" + string(l) + ".pdf"}
			if p.PDF, err = c.write(l); err != nil {
				return nil, fmt.Errorf("write %s: %w", c.name, err)
			}
			shared = append(shared, p)
		}
	}
	for _, t := range templates {
		if t.Kind != programme.Seminar || len(t.Agenda) == 0 {
			continue
		}
		for _, l := range i18n.Languages {
			p := Paper{Template: t.Key, Audience: materials.ForAll, Lang: l, Title: agendaTitle, File: "agenda-" + t.Key + "-" + string(l) + ".pdf"}
			if p.PDF, err = agenda(l, t.Agenda); err != nil {
				return nil, fmt.Errorf("write the agenda of %s: %w", t.Key, err)
			}
			out = append(out, p)
		}
		for _, p := range shared {
			p.Template = t.Key
			out = append(out, p)
		}
	}
	return out, nil
}

// sheet begins a page of A4 with a title.
func sheet(l i18n.Language, title string) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // the same bytes every time
	pdf.SetCreationDate(day)
	pdf.SetModificationDate(day)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(title, true)
	pdf.SetLang(string(l))
	pdf.AddUTF8FontFromBytes("sans", "", dejavusans.TTF)
	pdf.AddUTF8FontFromBytes("sans", "B", dejavusansbold.TTF)
	pdf.SetMargins(22, 22, 22)
	pdf.AddPage()
	pdf.SetFont("sans", "B", 18)
	pdf.MultiCell(0, 9, title, "", "L", false)
	pdf.Ln(4)
	return pdf
}

func bytesOf(pdf *fpdf.Fpdf) ([]byte, error) {
	var out bytes.Buffer
	err := pdf.Output(&out)
	return out.Bytes(), err
}

var agendaTitle = i18n.Text{Ky: "Күндүн тартиби", Ru: "Программа дня", En: "Agenda of the day"}

func agenda(l i18n.Language, sessions []programme.Session) ([]byte, error) {
	pdf := sheet(l, agendaTitle.In(l))
	for _, s := range sessions {
		pdf.SetFont("sans", "B", 11)
		pdf.CellFormat(36, 7, s.At+"–"+s.Ends(), "", 0, "L", false, 0, "")
		pdf.SetFont("sans", "", 11)
		text := s.Title.In(l)
		if who := s.Speaker.In(l); who != "" {
			text += "\n" + who
		}
		pdf.MultiCell(0, 7, text, "", "L", false)
		pdf.Ln(2)
	}
	return bytesOf(pdf)
}

// checklist is a page of boxes to tick.
type checklist struct {
	name     string
	audience materials.Audience
	title    i18n.Text
	lead     i18n.Text
	points   []i18n.Text
}

func (c checklist) write(l i18n.Language) ([]byte, error) {
	pdf := sheet(l, c.title.In(l))
	pdf.SetFont("sans", "", 11)
	pdf.MultiCell(0, 6, c.lead.In(l), "", "L", false)
	pdf.Ln(5)
	for _, p := range c.points {
		x, y := pdf.GetXY()
		pdf.Rect(x, y+1, 4.5, 4.5, "D")
		pdf.SetX(x + 9)
		pdf.MultiCell(0, 6.5, p.In(l), "", "L", false)
		pdf.Ln(2.5)
	}
	return bytesOf(pdf)
}
