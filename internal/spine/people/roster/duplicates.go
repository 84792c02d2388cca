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

// settle answers a proposed pair: keep one record, or keep both apart.
func (s *Pages) settle(r *web.Request) error {
	cmd := people.AnswerPair{By: r.Actor, Keep: people.Keep(r.PostFormValue("keep"))}
	var err error
	if cmd.A, err = storage.ParseID(r.PostFormValue("a")); err != nil {
		return people.Unknown()
	}
	if cmd.B, err = storage.ParseID(r.PostFormValue("b")); err != nil {
		return people.Unknown()
	}
	for _, text := range r.PostForm["contact"] {
		if id, err := storage.ParseID(text); err == nil {
			cmd.Contacts = append(cmd.Contacts, id)
		}
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { return s.people.AnswerPair(ctx, tx, cmd) })
	if err != nil {
		return err
	}
	key := "people.duplicates.merged"
	if cmd.Keep == people.KeepBoth {
		key = "people.duplicates.kept"
	}
	r.SetFlash("good", key)
	return r.Redirect("/people/duplicates")
}

func dateOf(l i18n.Language, p people.Person) string { return i18n.Date(l, p.Made) }
