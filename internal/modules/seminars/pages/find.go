package pages

import (
	"context"
	"sort"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// finders are what staff may look for here: seminars that they select for, by title and
// city, and applications to them, by who applied.
func (m *Module) finders() []module.Finder {
	return []module.Finder{
		{Kind: "seminars", Order: 300, Text: "seminars.find.seminars", Needs: seats.MaySelect, Find: m.findSeminars},
		{Kind: "applications", Order: 400, Text: "seminars.find.applications", Needs: seats.MaySelect, Seek: m.seekApplications},
	}
}

func (m *Module) findSeminars(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	list, err := m.Schedule().List(ctx, tx)
	if err != nil {
		return out, err
	}
	sort.SliceStable(list, func(i, j int) bool { // what is to come first
		a, b := list[i].Past(tx.Now), list[j].Past(tx.Now)
		return a != b && b
	})
	for _, a := range list {
		cities := make([]string, 0, len(i18n.Languages))
		for _, l := range i18n.Languages {
			cities = append(cities, a.CityName(profile.Said(r.Say), l))
		}
		if a.Capacity == 0 || !r.Actor.May(seats.MaySelect, seats.ScopeOf(a)) || !sought.InText(a.Title, cities...) {
			continue
		}
		hit := module.Hit{Title: a.Title.In(r.Lang), Lang: a.Title.Written(r.Lang), Path: "/staff/seminars/" + a.Slug}
		if len(out.Hits) < sought.Most {
			s, err := seats.SeatsOf(ctx, tx, a)
			if err != nil {
				return out, err
			}
			hit.About = dated(r, a) + r.Say.T("seminars.find.seats", "taken", s.Taken, "count", s.Capacity)
		}
		out.Add(sought, hit)
	}
	out.All = "/staff/seminars"
	return out, nil
}

// dated says the day of an activity before something else is said of it.
func dated(r *web.Request, a seats.Activity) string {
	if a.Starts.IsZero() {
		return ""
	}
	return i18n.Date(r.Lang, a.Starts) + ", "
}

// seekApplications finds as the list of all applications does, and opens the records of
// those alone whom the page shows.
func (m *Module) seekApplications(ctx context.Context, r *web.Request, sought module.Sought) (out module.Found, err error) {
	if !(people.ListQuery{Text: sought.Typed}).Searches() {
		return out, nil
	}
	found, err := m.register.List(ctx, seats.ListApplications{Actor: r.Actor, Text: sought.Typed, Sort: seats.SortName, Limit: sought.Most})
	if err != nil {
		return out, err
	}
	for _, a := range found.Rows {
		out.Add(sought, module.Hit{
			Title: nameOf(r, a.Applicant), About: a.To.Title.In(r.Lang) + a.To.AndDay(r.Lang) + ": " + r.Say.T("seminars.state."+string(a.State)),
			Path: staffPath(a.To, "/applicants/"+a.ID.String()),
		})
	}
	out.Count = found.Count
	out.All = registerPath + "?find=" + r.Conceal(sought.Typed)
	out.Note = func(ctx context.Context, tx *storage.Tx) error {
		return noteListedIn(ctx, tx, r.Actor.Person, found.Rows)
	}
	return out, nil
}
