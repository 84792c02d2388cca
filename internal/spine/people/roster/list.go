package roster

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

const onPage = 50

// Names of columns and filters in addresses.
const (
	byName, byGroup, byCity, byMade = people.SortName, people.SortGroup, people.SortCity, people.SortMade

	bySex, byAge, byOrganisation, byLevel = "sex", "age", "organisation", "level"
)

// viewOf is what the address of the list may ask for.
func viewOf() kit.ViewOf {
	return kit.ViewOf{
		Path: "/people", Filters: []string{byGroup, bySex, byCity},
		Sorts:   []string{byName, byGroup, byCity, byMade},
		Columns: []string{byGroup, byCity, byOrganisation, bySex, byAge, byLevel, byMade},
		Off:     []string{bySex, byAge, byLevel},
	}
}

// listPage is the list of people with its filters.
type listPage struct {
	View   kit.View
	Unread string // what was typed, when there was nothing in it to search for
	Found  people.Listing
	Cities []cityItem
	Undo   []kit.Undo // what the asker changed of many, while it can be taken back
	Now    time.Time
}

func (p listPage) cityName(key string) string {
	for _, c := range p.Cities {
		if c.Key == key {
			return c.Name
		}
	}
	return key
}

// readList reads what the address asks for. What it holds of the search is judged here:
// a text of signs alone asks for the plain list, and the page says so.
func (s *Pages) readList(r *web.Request) (p listPage, q people.ListQuery) {
	p = listPage{View: kit.ReadView(r, viewOf()), Cities: s.cityItems(r.Lang), Now: s.store.Now()}
	for _, v := range profile.Of(profile.City).Values(nil) {
		p.Cities = append(p.Cities, cityItem{v, profile.Of(profile.City).Word(r.Say, v)})
	}
	q = people.ListQuery{
		Actor: r.Actor, Text: p.View.Text, City: p.View.Filter(byCity), Group: p.View.Filter(byGroup), Sex: p.View.Filter(bySex),
	}
	q.Sort, q.Down = p.View.Sort()
	for _, c := range p.Cities {
		q.Cities = append(q.Cities, c.Key)
	}
	if !q.Searches() {
		p.Unread, q.Text = strings.TrimSpace(q.Text), ""
		p.View = p.View.WithoutText()
	}
	return p, q
}

func (s *Pages) listPage(r *web.Request) (err error) {
	p, q := s.readList(r)
	q.Limit = onPage
	// A cursor that names nobody leads to the first page.
	q.After, _ = storage.ParseID(p.View.After())
	q.Before, _ = storage.ParseID(p.View.Before())
	if p.Found, err = s.people.List(r.Context(), q); err != nil {
		return err
	}
	if p.Undo, err = s.undoables(r); err != nil {
		return err
	}
	if err := s.noteLooks(r, "people.audit.in_list", strconv.Itoa(p.Found.Count), p.Found.People...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, peopleList(r, p))
}

// findPeople is the form of the search: what is searched for is a name, and no address
// may hold it.
func (s *Pages) findPeople(r *web.Request) error { return kit.Find(r, viewOf()) }

// list is the list as the kit draws it.
func (p listPage) list(r *web.Request) kit.List[people.Person] {
	l := kit.List[people.Person]{
		View: p.View, Title: r.Say.T("people.list.title"),
		Search:  kit.Field{Label: r.Say.T("people.list.search"), Help: r.Say.T("people.list.search_help")},
		Facets:  []kit.Facet{p.facet(r, byGroup, profile.Group, false), p.facet(r, bySex, profile.Sex, true)},
		Columns: p.columns(r), Rows: p.Found.People,
		Pick:  func(who people.Person) (value, name string) { return who.ID.String(), who.FullName },
		Acts:  []kit.Act{{Path: "/people/change", Label: r.Say.T("people.many.act")}, {Path: "/people/export", Label: r.Say.T("people.list.export_ticked"), Name: "format", Value: "xlsx"}},
		Count: p.Found.Count, Of: p.Found.Of, From: p.Found.From, Counted: r.Say.T("people.list.count", "count", p.Found.Count),
		Export: "/people/export", Exports: r.Say.T("people.list.export_note"),
		Empty: kit.Empty(r, r.Say.T("people.list.empty"), emptyText(r), importLink(r)),
		None:  kit.Empty(r, r.Say.T("people.list.none"), r.Say.T("people.list.none_text"), kit.Link{Path: "/people", Label: r.Say.T("people.list.clear")}),
	}
	if cities := p.cityFacet(r); len(cities.Values) > 1 {
		l.Facets = append(l.Facets, cities)
	}
	if n := len(p.Found.IDs); n > 0 {
		if p.Found.Prev {
			l.Prev = p.Found.IDs[0].String()
		}
		if p.Found.Next {
			l.Next = p.Found.IDs[n-1].String()
		}
	}
	return l
}

func (p listPage) facet(r *web.Request, name string, field profile.Name, folded bool) kit.Facet {
	f, with := profile.Of(field), p.Found.With[field]
	out := kit.Facet{Name: name, Label: label(r, field), Folded: folded}
	if !folded {
		out.Values = append(out.Values, kit.FacetValue{Label: r.Say.T("people.list.all"), Count: with[""]})
	}
	for _, v := range f.Values(profile.Said(r.Say)) {
		out.Values = append(out.Values, kit.FacetValue{Value: v, Label: f.Many(r.Say, v), Count: with[v]})
	}
	return out
}

// cityFacet holds the cities in which somebody would be left, and the one that is asked for.
func (p listPage) cityFacet(r *web.Request) kit.Facet {
	out := kit.Facet{Name: byCity, Label: label(r, profile.City), Folded: true}
	for _, c := range p.Cities {
		if n := p.Found.With[profile.City][c.Key]; n > 0 || c.Key == p.View.Filter(byCity) {
			out.Values = append(out.Values, kit.FacetValue{Value: c.Key, Label: c.Name, Count: n})
		}
	}
	return out
}

// column is one column of the list and of its export.
type column struct {
	name, label string
	sort        bool
	said        bool // on a card with its label
	text        func(who people.Person) string
}

func (p listPage) fields(r *web.Request) []column {
	of := func(field profile.Name) func(people.Person) string {
		return func(who people.Person) string { return shown(r, who.Details, field) }
	}
	return []column{
		{byGroup, label(r, profile.Group), true, false, of(profile.Group)},
		{byCity, label(r, profile.City), true, false, func(who people.Person) string { return p.cityName(who.City) }},
		{byOrganisation, label(r, profile.Organisation), false, false, of(profile.Organisation)},
		{bySex, label(r, profile.Sex), false, false, of(profile.Sex)},
		{byAge, label(r, profile.AgeBand), false, true, func(who people.Person) string {
			return profile.Of(profile.AgeBand).Word(r.Say, who.Age(p.Now))
		}},
		{byLevel, label(r, profile.Level), false, true, of(profile.Level)},
		{byMade, r.Say.T("people.list.made"), true, true, func(who people.Person) string { return dateOf(r.Lang, who) }},
	}
}

func (p listPage) columns(r *web.Request) []kit.Column[people.Person] {
	out := []kit.Column[people.Person]{{
		Name: byName, Label: label(r, profile.FullName), Head: true, Sort: true,
		Cell: func(who people.Person) templ.Component {
			return kit.LinkTo(r, "/people/"+who.ID.String(), who.FullName)
		},
	}}
	for _, c := range p.fields(r) {
		out = append(out, kit.Column[people.Person]{
			Name: c.name, Label: c.label, Sort: c.sort, Said: c.said,
			Cell: func(who people.Person) templ.Component { return kit.Plain(c.text(who)) },
		})
	}
	return out
}

// exportPiece is how many people of an export are opened, noted and sent at a time.
const exportPiece = 500

// sendList gives the people of a view, or those who were ticked, as a table. It is sent
// while it is made: piece by piece people are opened, each gets a line in her log, and
// only then her row leaves; no more than a piece is in memory, and nothing on a disk.
func (s *Pages) sendList(r *web.Request) error {
	p, q := s.readList(r)
	found, err := s.people.List(r.Context(), q)
	if err != nil {
		return err
	}
	ids := found.IDs
	if picked := kit.Picked(r); len(picked) > 0 {
		ids = nil
		for _, text := range picked {
			if id, err := storage.ParseID(text); err == nil {
				ids = append(ids, id)
			}
		}
	}
	var columns []column
	head := []string{label(r, profile.FullName)}
	for _, c := range p.fields(r) {
		if p.View.Shows(c.name) {
			columns, head = append(columns, c), append(head, c.label)
		}
	}
	out, err := s.beginExport(r)
	if err != nil {
		return err
	}
	if err := out.Row(sheet.Texts(head...)); err != nil {
		return err
	}
	control := http.NewResponseController(r.W)
	for from := 0; from < len(ids); from += exportPiece {
		piece, err := s.people.Shown(r.Context(), r.Actor, ids[from:min(from+exportPiece, len(ids))])
		if err != nil {
			return err
		}
		if err := s.noteLooks(r, "people.audit.in_file", strconv.Itoa(len(piece)), piece...); err != nil {
			return err
		}
		_ = control.SetWriteDeadline(time.Now().Add(time.Minute)) // a long table takes longer than a page may
		for _, who := range piece {
			row := []sheet.Value{sheet.Text(who.FullName)}
			for _, c := range columns {
				if c.name == byMade {
					row = append(row, sheet.Moment(who.Made))
				} else {
					row = append(row, sheet.Text(c.text(who)))
				}
			}
			if err := out.Row(row); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// beginExport begins the answer with the form of table that is asked for.
func (s *Pages) beginExport(r *web.Request) (sheet.Writer, error) {
	kind, name := sheet.TypeCSV, "people-"+s.store.Now().In(i18n.Bishkek()).Format(time.DateOnly)
	book := r.PostFormValue("format") == "xlsx"
	if book {
		kind, name = sheet.TypeXLSX, name+".xlsx"
	} else {
		name += ".csv"
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if book {
		return sheet.NewXLSX(r.W, r.Say.T("people.list.export_tab"))
	}
	return sheet.NewCSV(r.W, r.Lang), nil
}

// noteLooks notes, before a page is shown, that a list was read, and for each
// person on it that she was seen.
func (s *Pages) noteLooks(r *web.Request, action, detail string, persons ...people.Person) error {
	return s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return note(ctx, tx, r.Actor.Person, action, detail, persons)
	})
}

func note(ctx context.Context, tx *storage.Tx, reader storage.ID, action, detail string, persons []people.Person) error {
	seen := audit.Looks{Reader: reader, Action: action}
	for _, p := range persons {
		seen.Persons = append(seen.Persons, p.ID)
	}
	if err := audit.Looked(ctx, tx, seen); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: reader, Action: "people.audit.listed", Detail: detail})
}
