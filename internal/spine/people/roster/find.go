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

// find finds people as the list of people does: whom the asker may open. It reads the same
// directory, and opens the boxes of those alone that are shown.
func (s *Pages) find(ctx context.Context, r *web.Request, sought module.Sought) (out module.Found, err error) {
	q := people.ListQuery{Actor: r.Actor, Text: sought.Typed, Limit: sought.Most}
	if !q.Searches() {
		return out, nil
	}
	list, err := s.people.List(ctx, q)
	if err != nil {
		return out, err
	}
	for _, p := range list.People {
		var about []string
		for _, words := range []string{shown(r, p.Details, profile.Group), s.cityName(r, p.City), p.Organisation} {
			if words != "" {
				about = append(about, words)
			}
		}
		out.Add(sought, module.Hit{Title: p.FullName, About: strings.Join(about, ", "), Path: "/people/" + p.ID.String()})
	}
	if out.Count > 0 {
		out.Count = list.Count
	}
	out.All = "/people?find=" + r.Conceal(sought.Typed)
	out.Note = func(ctx context.Context, tx *storage.Tx) error {
		return note(ctx, tx, r.Actor.Person, "people.audit.in_list", strconv.Itoa(list.Count), list.People)
	}
	return out, nil
}
