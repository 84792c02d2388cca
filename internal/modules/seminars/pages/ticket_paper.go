package pages

import (
	"context"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/public"
)

// mostOnTicket is how long the name on a ticket may be, in letters.
const mostOnTicket = 120

// sendTicketPDF sends the ticket on a sheet of paper.
func (m *Module) sendTicketPDF(r *web.Request) error {
	d, err := m.validTicket(r)
	if err != nil {
		return err
	}
	return m.sendPaper(r, d, "")
}

// sendNamedTicket sends it with the name that is typed for this one sheet: who has the link
// learns no name from it, and none is kept.
func (m *Module) sendNamedTicket(r *web.Request) error {
	d, err := m.validTicket(r)
	if err != nil {
		return err
	}
	d.Name, d.Fault = legible.Line(strings.TrimSpace(r.PostForm.Get("name")))
	var form fault.Form
	if d.Fault != nil {
		form.Add("name", d.Fault.Key, d.Fault.Args)
	}
	form.Check(d.Name != "", "name", "fault.required")
	form.Check(utf8.RuneCountInString(d.Name) <= mostOnTicket, "name", "fault.too_long", fault.Args{"count": mostOnTicket})
	if d.Fault, err = web.Invalid(form.Err()); err != nil {
		return err
	}
	if d.Fault != nil {
		return m.ticketAs(r, d, web.Status(d.Fault.Code))
	}
	return m.sendPaper(r, d, d.Name)
}

func (m *Module) sendPaper(r *web.Request, d ticketData, name string) error {
	var p programme.Programme
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = programme.Current(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	paper, err := ticketPaper(r.Say, r.Lang, d, p, name)
	if err != nil {
		return err
	}
	pdf, err := paper.PDF()
	if err != nil {
		return err
	}
	return sendAs(r, "application/pdf", "ticket-"+d.Activity.Slug+".pdf", pdf)
}

// ticketPaper is a ticket as a paper: what for, when and where, the code, the agenda, and
// whom to ask.
func ticketPaper(say *i18n.Printer, l i18n.Language, d ticketData, p programme.Programme, name string) (document.Document, error) {
	a := d.Activity
	code := d.Ticket.Serial.Code()
	qr, err := document.QR(d.Pass)
	if err != nil {
		return document.Document{}, err
	}
	title := document.Drawable(a.Title.In(l))
	paper := document.Document{
		Lang: string(l), Title: say.T("seminars.ticket.title", "activity", title), Author: document.Drawable(p.Organiser.In(l)), Made: a.Starts,
		Paper: document.Paper{Width: document.A5.Width, Height: document.A5.Height, Margin: 12},
		Body:  []document.Block{document.Heading{Level: 1, Text: document.Plain(title)}},
	}
	put := func(blocks ...document.Block) { paper.Body = append(paper.Body, blocks...) }
	if name != "" {
		put(document.Paragraph{Text: document.Strong(document.Drawable(name)), Size: document.Large})
	}
	for _, line := range []string{
		i18n.DateLongRange(l, a.Starts, a.Ends),
		a.CityName(profile.Said(say), l), a.Venue.In(l), a.Address.In(l), a.Directions.In(l),
	} {
		if line != "" {
			put(document.Paragraph{Text: document.Plain(document.Drawable(line))})
		}
	}
	if a.Lat != 0 && !a.Online {
		put(document.Paragraph{Text: document.Runs{{Text: say.T("programme.activity.map"), To: public.MapLink(a), Says: say.T("programme.activity.map") + ": " + document.Drawable(a.Venue.In(l))}}})
	}
	put(document.Figure{Alt: say.T("seminars.ticket.qr") + " " + code, Art: qr, Width: 68, Align: document.Center},
		document.Paragraph{Text: document.Strong(code), Size: document.Larger, Align: document.Center},
		document.Paragraph{Text: document.Plain(say.T("seminars.ticket.help")), Align: document.Center})
	if len(a.Agenda) > 0 {
		put(document.Heading{Level: 2, Text: document.Plain(say.T(programme.AgendaTitle(a.Starts, a.Ends)))}, programme.AgendaTable(l, say.T("seminars.ticket.when"), say.T("seminars.ticket.what"), programme.AgendaDays(a.Agenda, a.Starts, a.Ends)))
	}
	if list := contactRuns(say, p, l); list != nil {
		put(document.Together{Parts: []document.Block{
			document.Heading{Level: 2, Text: document.Plain(say.T("seminars.ticket.contact"))}, document.List{Items: list},
		}})
	}
	return paper, nil
}

// contactRuns lists how the organiser is reached.
func contactRuns(say *i18n.Printer, p programme.Programme, l i18n.Language) (items [][]document.Block) {
	item := func(r document.Run) {
		items = append(items, []document.Block{document.Paragraph{Text: document.Runs{r}}})
	}
	if v := p.Organiser.In(l); v != "" {
		item(document.Run{Text: document.Drawable(v)})
	}
	if v := p.Contact.Phone; v != "" {
		v = document.Drawable(v)
		item(document.Run{Text: v, To: "tel:" + strings.ReplaceAll(v, " ", ""), Says: say.T("seminars.ticket.call", "phone", v)})
	}
	if v := p.Contact.Email; v != "" {
		v = document.Drawable(v)
		item(document.Run{Text: v, To: "mailto:" + v, Says: say.T("seminars.ticket.write", "email", v)})
	}
	return items
}
