package roster

import (
	"context"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// find finds people as the list of people does: whom the asker may open.
func (s *Pages) find(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	q := people.Query{Text: sought.Typed, Sees: func(p people.Person) bool { return people.Sees(r.Actor, p) }}
	if !q.Searches() {
		return out, nil
	}
	all, err := s.people.Search(ctx, tx, q)
	if err != nil {
		return out, err
	}
	shownHere := all[:min(len(all), sought.Most)]
	for _, p := range all {
		var about []string
		for _, words := range []string{shown(r, p.Details, profile.Group), s.cityName(r, p.City), p.Organisation} {
			if words != "" {
				about = append(about, words)
			}
		}
		out.Add(sought, module.Hit{Title: p.FullName, About: strings.Join(about, ", "), Path: "/people/" + p.ID.String()})
	}
	out.All = "/people?find=" + r.Conceal(sought.Typed)
	out.Note = func(ctx context.Context, tx *storage.Tx) error {
		return note(ctx, tx, r.Actor.Person, "people.audit.in_list", strconv.Itoa(len(all)), shownHere)
	}
	return out, nil
}
