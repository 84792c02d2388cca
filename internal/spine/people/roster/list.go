package roster

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

const onPage = 50

// listPage is the list of people with its filters.
type listPage struct {
	Query  people.Query
	Unread string // what was typed, when there was nothing in it to search for
	People []people.Person
	Count  int
	Page   int
	Of     int
	Cities []cityItem
}

// path gives the address of the list with one filter changed, from the first page.
func (p listPage) path(field, value string) string {
	v := p.values()
	v.Del("page")
	v.Set(field, value)
	if value == "" {
		v.Del(field)
	}
	if len(v) == 0 {
		return "/people"
	}
	return "/people?" + v.Encode()
}

func (p listPage) page(n int) string { return p.path("page", strconv.Itoa(n)) }

func (p listPage) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"q": p.Query.Text, "city": p.Query.City, "group": p.Query.Group, "sex": p.Query.Sex} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// filtered reports whether anything narrows the list.
func (p listPage) filtered() bool { return len(p.values()) > 0 }

func (p listPage) cityName(key string) string {
	for _, c := range p.Cities {
		if c.Key == key {
			return c.Name
		}
	}
	return key
}

func (s *Pages) listPage(r *web.Request) error {
	q := r.URL.Query()
	p := listPage{Query: people.Query{Text: q.Get("q"), City: q.Get("city"), Group: q.Get("group"), Sex: q.Get("sex")}, Cities: s.cityItems(r.Lang)}
	for _, v := range profile.Of(profile.City).Values() {
		p.Cities = append(p.Cities, cityItem{v, profile.Of(profile.City).Word(r.Say, v)})
	}
	if !p.Query.Searches() { // the plain list, and it says so
		p.Unread, p.Query.Text = strings.TrimSpace(p.Query.Text), ""
	}
	p.Query.Sees = func(who people.Person) bool { return people.Reach(r.Actor, "people.view", who) == nil }
	var all []people.Person
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = s.people.Search(ctx, tx, p.Query)
		return err
	})
	if err != nil {
		return err
	}
	p.Count, p.Of = len(all), max(1, (len(all)+onPage-1)/onPage)
	p.Page, _ = strconv.Atoi(q.Get("page")) // no number is the first page
	p.Page = min(max(p.Page, 1), p.Of)
	p.People = all[(p.Page-1)*onPage : min(p.Page*onPage, len(all))]
	if err := s.noteLooks(r, "people.audit.in_list", strconv.Itoa(len(all)), p.People...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, peopleList(r, p))
}

// noteLooks notes, before a page is shown, that a list was read, and for each
// person on it that she was seen.
func (s *Pages) noteLooks(r *web.Request, action, detail string, persons ...people.Person) error {
	seen := audit.Looks{Reader: r.Actor.Person, Action: action}
	for _, p := range persons {
		seen.Persons = append(seen.Persons, p.ID)
	}
	return s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := audit.Looked(ctx, tx, seen); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Action: "people.audit.listed", Detail: detail})
	})
}
