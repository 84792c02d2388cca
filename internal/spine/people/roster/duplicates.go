package roster

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

func (s *Pages) duplicatesPage(r *web.Request) error {
	var pairs []people.Pair
	var shown []people.Person
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		all, err := s.people.Duplicates(ctx, tx)
		if err != nil {
			return err
		}
		pairs, shown = nil, nil
		for _, p := range all {
			if people.Reach(r.Actor, "people.merge", p.A) != nil || people.Reach(r.Actor, "people.merge", p.B) != nil {
				continue
			}
			if p.ContactsA, err = s.people.ContactsOf(ctx, tx, p.A); err != nil {
				return err
			}
			if p.ContactsB, err = s.people.ContactsOf(ctx, tx, p.B); err != nil {
				return err
			}
			pairs, shown = append(pairs, p), append(shown, p.A, p.B)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.noteLooks(r, "people.audit.in_duplicates", "duplicates", shown...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, duplicateList(r, pairs, func(key string) string { return s.cityName(r, key) }))
}

func dateOf(l i18n.Language, p people.Person) string { return i18n.Date(l, p.Made) }
