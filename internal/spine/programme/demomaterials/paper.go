package demomaterials

import (
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/document"
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

// sheet is a paper with a title.
func sheet(l i18n.Language, title string, body ...document.Block) ([]byte, error) {
	d := document.Document{
		Lang: string(l), Title: title, Paper: document.Paper{Width: document.A4.Width, Height: document.A4.Height, Margin: 22},
		Made: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), // the same bytes every time
		Body: append([]document.Block{document.Heading{Level: 1, Text: document.Plain(title)}}, body...),
	}
	return d.PDF()
}

// agendaTitle says nothing of a day: a copy of a template may go over several.
var agendaTitle = i18n.Text{Ky: "Программа", Ru: "Программа", En: "Programme"}

// agendaHeads name the columns of an agenda.
var agendaHeads = [...]i18n.Text{{Ky: "Качан", Ru: "Когда", En: "When"}, {Ky: "Эмне", Ru: "Что", En: "What"}}

func agenda(l i18n.Language, sessions []programme.Session) ([]byte, error) {
	t := programme.AgendaTable(l, agendaHeads[0].In(l), agendaHeads[1].In(l), []programme.AgendaDay{{Sessions: sessions}})
	t.Row = 10
	return sheet(l, agendaTitle.In(l), t)
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
	boxes := document.List{Mark: document.Box}
	for _, p := range c.points {
		boxes.Items = append(boxes.Items, []document.Block{document.Paragraph{Text: document.Plain(p.In(l))}})
	}
	return sheet(l, c.title.In(l), document.Paragraph{Text: document.Plain(c.lead.In(l))}, document.Gap{Height: 3}, boxes)
}
