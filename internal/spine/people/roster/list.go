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
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/exports"
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

// listIn is the list in a language, before anything is asked of it.
func (s *Pages) listIn(say *i18n.Printer) listPage {
	p := listPage{Cities: s.cityItems(say.Lang), Now: s.store.Now()}
	for _, v := range profile.Of(profile.City).Values(nil) {
		p.Cities = append(p.Cities, cityItem{v, profile.Of(profile.City).Word(say, v)})
	}
	return p
}

// readList reads what the address asks for. What it holds of the search is judged here:
// a text of signs alone asks for the plain list, and the page says so.
func (s *Pages) readList(r *web.Request) (p listPage, q people.ListQuery) {
	p = s.listIn(r.Say)
	p.View = kit.ReadView(r, viewOf())
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
	return r.Page(http.StatusOK, peopleList(r, p, s.list(r, p)))
}

// findPeople is the form of the search: what is searched for is a name, and no address
// may hold it.
func (s *Pages) findPeople(r *web.Request) error { return kit.Find(r, viewOf()) }

// list is the list as the kit draws it.
func (s *Pages) list(r *web.Request, p listPage) kit.List[people.Person] {
	l := kit.List[people.Person]{
		View: p.View, Title: r.Say.T("people.list.title"),
		Search:  kit.Field{Label: r.Say.T("people.list.search"), Help: r.Say.T("people.list.search_help")},
		Facets:  []kit.Facet{p.facet(r, byGroup, profile.Group, false), p.facet(r, bySex, profile.Sex, true)},
		Columns: p.columns(r), Rows: p.Found.People,
		Pick:  func(who people.Person) (value, name string) { return who.ID.String(), who.FullName },
		Acts:  []kit.Act{{Path: "/people/change", Label: r.Say.T("people.many.act")}, {Path: "/people/export", Label: r.Say.T("people.list.export_ticked"), Name: exportTicked, Value: string(exports.XLSX), File: true}},
		Count: p.Found.Count, Of: p.Found.Of, From: p.Found.From, Counted: r.Say.T("people.list.count", "count", p.Found.Count),
		Export: "/people/export", Exports: r.Say.T("people.list.export_note"), Tables: s.exports.Link(r),
		Empty: nobodyFound(r, kit.Empty(r, r.Say.T("people.list.empty"), emptyText(r), importLink(r)), addLink(r, "")),
		None:  nobodyFound(r, kit.Empty(r, r.Say.T("people.list.none"), r.Say.T("people.list.none_text"), kit.Link{Path: "/people", Label: r.Say.T("people.list.clear")}), addLink(r, p.View.Text)),
	}
	if s.picks != nil {
		for _, pick := range s.picks(r.Actor) {
			l.Acts = append(l.Acts, kit.Act{Path: pick.Path, Label: r.Say.T(pick.Text)})
		}
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

func (p listPage) fields(say *i18n.Printer) []column {
	of := func(field profile.Name) func(people.Person) string {
		return func(who people.Person) string { return inWords(say, who.Details, field) }
	}
	label := func(field profile.Name) string { return profile.Of(field).Label(say) }
	return []column{
		{byGroup, label(profile.Group), true, false, of(profile.Group)},
		{byCity, label(profile.City), true, false, func(who people.Person) string { return p.cityName(who.City) }},
		{byOrganisation, label(profile.Organisation), false, false, of(profile.Organisation)},
		{bySex, label(profile.Sex), false, false, of(profile.Sex)},
		{byAge, label(profile.AgeBand), false, true, func(who people.Person) string {
			return profile.Of(profile.AgeBand).Word(say, who.Age(profile.Said(say), p.Now))
		}},
		{byLevel, label(profile.Level), false, true, of(profile.Level)},
		{byMade, say.T("people.list.made"), true, true, func(who people.Person) string { return dateOf(say.Lang, who) }},
	}
}

func (p listPage) columns(r *web.Request) []kit.Column[people.Person] {
	out := []kit.Column[people.Person]{{
		Name: byName, Label: label(r, profile.FullName), Head: true, Sort: true,
		Cell: func(who people.Person) templ.Component {
			return kit.LinkTo(r, "/people/"+who.ID.String(), who.FullName)
		},
	}}
	for _, c := range p.fields(r.Say) {
		out = append(out, kit.Column[people.Person]{
			Name: c.name, Label: c.label, Sort: c.sort, Said: c.said,
			Cell: func(who people.Person) templ.Component { return kit.Plain(c.text(who)) },
		})
	}
	return out
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
