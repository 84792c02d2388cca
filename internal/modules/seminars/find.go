package seminars

import (
	"context"
	"sort"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// finders are what staff may look for here: seminars that they select for, by title and
// city, and applications to them, by who applied.
func (m *Module) finders() []module.Finder {
	return []module.Finder{
		{Kind: "seminars", Order: 300, Text: "seminars.find.seminars", Needs: MaySelect, Find: m.findSeminars},
		{Kind: "applications", Order: 400, Text: "seminars.find.applications", Needs: MaySelect, Find: m.findApplications},
	}
}

func (m *Module) findSeminars(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	list, err := m.calendar().List(ctx, tx)
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
		if a.Capacity == 0 || !r.Actor.May(MaySelect, scopeOf(a)) || !sought.InText(a.Title, cities...) {
			continue
		}
		hit := module.Hit{Title: a.Title.In(r.Lang), Lang: a.Title.Written(r.Lang), Path: "/staff/seminars/" + a.Slug}
		if len(out.Hits) < sought.Most {
			s, err := seatsOf(ctx, tx, a)
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
func dated(r *web.Request, a Activity) string {
	if a.Starts.IsZero() {
		return ""
	}
	return i18n.Date(r.Lang, a.Starts) + ", "
}

func (m *Module) findApplications(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	q := people.Query{Text: sought.Typed}
	if !q.Searches() {
		return out, nil
	}
	persons, err := m.People.Search(ctx, tx, q)
	if err != nil {
		return out, err
	}
	activities := map[storage.ID]Activity{}
	shown := map[storage.ID][]storage.ID{} // persons by activity
	for _, p := range persons {
		apps, err := applicationsBy(ctx, tx, p.ID)
		if err != nil {
			return out, err
		}
		for _, app := range apps {
			a, known := activities[app.Activity]
			if !known {
				if a, err = m.activityByID(ctx, tx, app.Activity); err != nil {
					return out, err
				}
				activities[app.Activity] = a
			}
			if !r.Actor.May(MaySelect, scopeOf(a)) {
				continue
			}
			if len(out.Hits) < sought.Most {
				shown[a.ID] = append(shown[a.ID], p.ID)
			}
			out.Add(sought, module.Hit{
				Title: p.FullName, About: a.Title.In(r.Lang) + a.AndDay(r.Lang) + ": " + r.Say.T("seminars.state."+string(app.State)),
				Path: "/staff/seminars/" + a.Slug + "/applicants/" + app.ID.String(),
			})
		}
	}
	out.Note = func(ctx context.Context, tx *storage.Tx) error {
		for activity, persons := range shown {
			if err := audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: persons, Action: "seminars.audit.listed", Object: activity}); err != nil {
				return err
			}
		}
		return nil
	}
	return out, nil
}
