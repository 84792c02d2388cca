package sheets

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

const (
	badgeTall = 67 // mm, so that four stand on a sheet
	badgeCode = 25 // side of the code, mm
)

// badges are the name badges, eight on a sheet: those of who leads and helps first.
func (d *drawing) badges() (document.Document, error) {
	size := document.A4
	size.Margin = 10
	paper := document.Document{
		Lang: string(d.Lang), Title: d.t("sheets.kind.badges") + " · " + d.title(), Author: d.word(d.Programme.Organiser.In(d.Lang)), Made: d.At, Paper: size,
	}
	labels := document.Labels{Columns: 2, Height: badgeTall}
	serials := map[string]*seats.Serial{}
	hosting := map[string]bool{}
	for _, g := range d.Guests {
		serials[g.Person.String()] = g.Serial
	}
	for _, h := range d.Hosts {
		hosting[h.Person.String()] = true
		label, err := d.badge(len(labels.Items)+1, h.Details, d.t("people.role."+string(h.Role)), "", serials[h.Person.String()])
		if err != nil {
			return paper, err
		}
		label.Double = true
		labels.Items = append(labels.Items, label)
	}
	for _, g := range d.Guests {
		if hosting[g.Person.String()] {
			continue
		}
		organisation := ""
		if g.OnBadge {
			organisation = d.word(g.Details.Organisation)
		}
		label, err := d.badge(len(labels.Items)+1, g.Details, d.t("people.role.participant"), organisation, g.Serial)
		if err != nil {
			return paper, err
		}
		labels.Items = append(labels.Items, label)
	}
	if len(labels.Items) == 0 {
		paper.Body = []document.Block{document.Heading{Level: 1, Text: document.Plain(paper.Title)}, document.Paragraph{Text: document.Plain(d.t("sheets.nobody"))}}
		return paper, nil
	}
	paper.Body = []document.Block{labels}
	return paper, nil
}

// badge is one of them. Who has no ticket has no code.
func (d *drawing) badge(n int, who people.Details, role, organisation string, serial *seats.Serial) (document.Label, error) {
	large, small := onBadge(who)
	large, small = short(d.word(large), 60), short(document.Drawable(small), 90)
	label := document.Label{
		Name: number(n) + ". " + document.Drawable(who.FullName),
		Head: document.Furniture{Left: document.Drawable(d.Programme.Name.In(d.Lang)), Right: number(n)},
		Foot: document.Furniture{Left: i18n.Capital(role), Right: d.cityAndDay()},
		Block: []document.Block{
			document.Paragraph{Text: document.Strong(large), Size: document.Huge, Fit: true},
		},
	}
	if small != "" {
		label.Block = append(label.Block, document.Paragraph{Text: document.Strong(small), Size: document.Large, Fit: true})
	}
	if organisation != "" {
		label.Block = append(label.Block, document.Paragraph{Text: document.Plain(short(organisation, 120))})
	}
	if serial == nil {
		return label, nil
	}
	code := serial.Code()
	art, err := document.QR(code)
	if err != nil {
		return label, err
	}
	label.Side = &document.Figure{Alt: d.t("sheets.badge.code", "code", code), Art: art, Width: badgeCode}
	return label, nil
}

// short gives so many letters of a text: a badge is read from afar, and no name keeps all of
// them from being printed.
func short(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return strings.TrimSpace(string(letters[:most-1])) + "…"
}

// cityAndDay is short for which activity it is: "Нарын · 28.11.2026".
func (d *drawing) cityAndDay() string {
	city, day := d.city(d.Activity.City), d.day(true)
	if city == "" || day == "" {
		return city + day
	}
	return city + " · " + day
}
