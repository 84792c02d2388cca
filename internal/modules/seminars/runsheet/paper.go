package runsheet

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// paperPattern is the plan of a day for the printer.
const paperPattern = planPattern + ".pdf"

// paperPath is its address in a language.
func paperPath(a seats.Activity, l i18n.Language) string {
	return "/" + string(l) + planPath(a) + ".pdf"
}

// paperRate bounds how often somebody has papers drawn.
var paperRate = web.Rate{Count: 120, Per: time.Hour}

// sendPaper answers GET /staff/seminars/{slug}/day.pdf: the plan that is stored, else the usual
// steps, on paper, in the language of the address.
func (m *Module) sendPaper(r *web.Request) error {
	p := paper{dayData: dayData{By: leader{Actor: r.Actor}}, r: r}
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p.Activity, err = m.activity(ctx, tx, r, MayRun); err != nil {
			return err
		}
		if err = m.read(ctx, tx, r, &p.dayData); err != nil {
			return err
		}
		if p.files, err = materials.Of(ctx, tx, p.Activity); err != nil {
			return err
		}
		p.team, err = m.leads(ctx, tx, p.Plan)
		return err
	}); err != nil {
		return err
	}
	if err := m.looked(r, r.Actor.Person, p.Activity, slices.Collect(maps.Keys(p.team))); err != nil {
		return err
	}
	pdf, err := p.document().PDF()
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="plan-`+p.Activity.Slug+"-"+string(r.Lang)+`.pdf"`)
	_, err = r.W.Write(pdf)
	return err
}

// paper is the plan of a day as it is printed.
type paper struct {
	dayData
	r     *web.Request
	files []materials.Material
	team  map[storage.ID]string // who leads, by name
}

// t is a text of the paper.
func (p paper) t(key string, pairs ...any) string { return p.r.Say.T(key, pairs...) }

// document draws the plan: what it is of, a table for each day, and how many people need
// what. Beside each step stands a box for the hour at which it began, which is all that a
// day keeps when no phone works any more.
func (p paper) document() document.Document {
	l, a := p.r.Lang, p.Activity
	size := document.A4
	size.Margin = 12
	title := document.Drawable(a.Title.In(l))
	var of []string
	var day string
	if !a.Starts.IsZero() {
		of, day = append(of, i18n.DateTimeRange(l, a.Starts, a.Ends)), i18n.DateShort(l, a.Starts)
	}
	if where := p.where(p.r); where != "" {
		of = append(of, document.Drawable(where))
	}
	stand := p.t("runsheet.paper.usual")
	if p.Plan.Version > 0 {
		stand = p.t("runsheet.paper.version", "version", p.Plan.Version)
	}
	d := document.Document{
		Lang: string(l), Title: p.t("runsheet.plan.title", "activity", title), Made: p.Now, Paper: size,
		Head: document.Furniture{Left: title, Right: day},
		Foot: document.Furniture{
			Left: stand + " · " + p.t("runsheet.paper.printed", "when", i18n.DateShort(l, p.Now)+", "+i18n.Time(l, p.Now)),
			Page: func(page, pages int) string { return p.t("sheets.page", "page", page, "pages", pages) },
		},
		Body: []document.Block{
			document.Heading{Level: 1, Text: document.Plain(p.t("runsheet.plan"))},
			document.Paragraph{Text: document.Strong(title), Size: document.Large},
			document.Paragraph{Text: document.Plain(strings.Join(of, " · "))},
		},
	}
	if len(p.Plan.Steps) == 0 {
		d.Body = append(d.Body, document.Paragraph{Text: document.Plain(p.t("runsheet.no_day"))})
	}
	several := programme.SeveralDays(a.Starts, a.Ends)
	for _, day := range p.days() {
		if several {
			d.Body = append(d.Body, document.Heading{Level: 2, Text: document.Plain(i18n.Date(l, day[0].at(a)))})
		}
		d.Body = append(d.Body, p.table(day))
	}
	return p.withNeeds(d)
}

// days are the steps of each day, by the date on which they are planned to begin.
func (p paper) days() (out [][]Step) {
	for i, s := range p.Plan.Steps {
		if i == 0 || !i18n.SameDay(p.Plan.Steps[i-1].at(p.Activity), s.at(p.Activity)) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], s)
	}
	return out
}

func (p paper) table(steps []Step) document.Table {
	t := document.Table{
		Columns: []document.Column{{Share: 25}, {Share: 17, Align: document.Right}, {Share: 115}, {Share: 29}},
		Head:    []document.Row{document.Cells(p.t("runsheet.paper.time"), p.t("runsheet.field.minutes"), p.t("runsheet.paper.step"), p.t("runsheet.paper.began"))},
		Row:     8,
	}
	for _, s := range steps {
		begins := s.at(p.Activity)
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			document.Text(span(p.r, begins, begins.Add(time.Duration(s.Minutes)*time.Minute))),
			document.Text(strconv.Itoa(s.Minutes)),
			{Text: p.told(s), Head: true},
			document.Text(""),
		}})
	}
	return t
}

// told is all that a step says: its title, where and by whom, what to do, and its files.
func (p paper) told(s Step) []document.Runs {
	line := func(text string) document.Runs { return document.Plain(document.Drawable(text)) }
	title := document.Runs{{Text: document.Drawable(s.Title.In(p.r.Lang)), Strong: true}}
	if written := s.Title.Written(p.r.Lang); written != p.r.Lang {
		title[0].Lang = string(written)
	}
	out := []document.Runs{title}
	var by []string
	if s.Room != "" {
		by = append(by, p.t("runsheet.field.room")+": "+s.Room)
	}
	if name := p.team[s.Lead]; name != "" {
		by = append(by, p.t("runsheet.field.lead")+": "+name)
	}
	if s.Least < s.Minutes {
		by = append(by, p.t("runsheet.paper.least", "minutes", s.Least))
	}
	if len(by) > 0 {
		out = append(out, line(strings.Join(by, " · ")))
	}
	for text := range strings.Lines(s.Note) {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, line(text))
		}
	}
	var names []string
	for _, f := range p.files {
		if slices.Contains(s.Materials, f.ID) {
			names = append(names, f.Title.In(p.r.Lang))
		}
	}
	if len(names) > 0 {
		out = append(out, line(p.t("runsheet.field.materials")+": "+strings.Join(names, ", ")))
	}
	return out
}

// withNeeds adds how many of those who come need what; no names.
func (p paper) withNeeds(d document.Document) document.Document {
	list := needed(p.r, p.dayData)
	if len(list) == 0 {
		return d
	}
	parts := []document.Block{
		document.Heading{Level: 2, Text: document.Plain(p.t("runsheet.needs"))},
		document.Paragraph{Text: document.Plain(of(p.r, p.dayData))},
	}
	var items document.List
	for _, f := range list {
		words := f.Words
		if f.Question != "" {
			words = f.Question + ": " + words
		}
		items.Items = append(items.Items, []document.Block{document.Paragraph{Text: document.Plain(document.Drawable(words) + ": " + f.Number)}})
	}
	d.Body = append(d.Body, document.Together{Parts: append(parts, items)})
	return d
}
