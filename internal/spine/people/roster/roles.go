package roster

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

// scopes gives where a role may hold: "city:osh" or "activity:" and its id.
func (s *Pages) scopes(ctx context.Context, tx *storage.Tx, l i18n.Language) ([]kit.Item, error) {
	var out []kit.Item
	for _, c := range s.cityItems(l) {
		out = append(out, kit.Item{Value: "city:" + c.Key, Label: c.Name})
	}
	if s.activities == nil {
		return out, nil
	}
	list, err := s.activities(ctx, tx, l)
	for _, a := range list {
		out = append(out, kit.Item{Value: "activity:" + a.Value, Label: a.Label})
	}
	return out, err
}

// scopeValue is the item of scopes that a grant's scope is.
func scopeValue(at access.Scope) string {
	switch {
	case !at.Activity.IsZero():
		return "activity:" + at.Activity.String()
	case at.City != "":
		return "city:" + at.City
	}
	return ""
}

func where(scopes []kit.Item, at access.Scope) string {
	value := scopeValue(at)
	for _, item := range scopes {
		if item.Value == value {
			return item.Label
		}
	}
	_, name, _ := strings.Cut(value, ":")
	return name
}

func (s *Pages) giveRole(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	g := access.Grant{Role: access.Role(r.PostFormValue("role"))}
	link := ""
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := people.MayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		p, err := s.people.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		scopes, err := s.scopes(ctx, tx, r.Lang)
		if err != nil {
			return err
		}
		chosen := r.PostFormValue("scope")
		if chosen != "" && !slices.ContainsFunc(scopes, func(i kit.Item) bool { return i.Value == chosen }) {
			return fault.At("scope", "fault.not_a_choice")
		}
		switch kind, value, _ := strings.Cut(chosen, ":"); kind {
		case "city":
			g.Scope = access.Scope{City: value}
		case "activity":
			id, err := storage.ParseID(value)
			if err != nil {
				return fault.At("scope", "fault.not_a_choice")
			}
			g.Scope = access.Scope{Activity: id}
		}
		given, err := s.people.GrantBy(ctx, tx, r.Actor.Person, p.ID, g)
		if err != nil || !given {
			return err
		}
		link, err = s.people.Invite(ctx, tx, r.Actor.Person, p.ID, true)
		return err
	})
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f != nil {
		return s.showPerson(r, web.Status(f.Code), f)
	}
	if link != "" { // shown once, so it is in the answer and in no address
		return s.showPersonWith(r, http.StatusOK, nil, s.url+r.Path(link))
	}
	r.SetFlash("good", "people.roles.given")
	return r.Redirect("/people/" + id.String() + "#roles")
}

func (s *Pages) takeRole(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	grant, err := storage.ParseID(r.PathValue("grant"))
	if err != nil {
		return people.Unknown()
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := people.MayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		return s.people.Revoke(ctx, tx, r.Actor.Person, id, grant)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.roles.taken")
	return r.Redirect("/people/" + id.String() + "#roles")
}

// rolesPage lists everybody with a role.
type rolesPage struct{ Lines []roleLine }

type roleLine struct {
	Person people.Person
	Role   access.Role
	Where  string
}

func (s *Pages) rolesPage(r *web.Request) error {
	var page rolesPage
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if !people.Everywhere(r.Actor, "people.roles") {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		page.Lines = nil
		scopes, err := s.scopes(ctx, tx, r.Lang)
		if err != nil {
			return err
		}
		for _, role := range access.Roles {
			ids, err := s.people.Holders(ctx, tx, role)
			if err != nil {
				return err
			}
			found, err := s.people.ByIDs(ctx, tx, ids)
			if err != nil {
				return err
			}
			for _, id := range ids {
				grants, err := s.people.Grants(ctx, tx, id)
				if err != nil {
					return err
				}
				for _, g := range grants {
					if g.Role == role {
						page.Lines = append(page.Lines, roleLine{found[id], role, where(scopes, g.Scope)})
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var shown []people.Person
	for _, line := range page.Lines {
		shown = append(shown, line.Person)
	}
	if err := s.noteLooks(r, "people.audit.in_roles", "roles", shown...); err != nil {
		return err
	}
	return r.Page(http.StatusOK, roleList(r, page))
}

// inviteAgain makes a new invitation for somebody whose roles sleep.
func (s *Pages) inviteAgain(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	var link string
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := people.MayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		link, err = s.people.Invite(ctx, tx, r.Actor.Person, id, true)
		return err
	})
	if err != nil {
		return err
	}
	return s.showPersonWith(r, http.StatusOK, nil, s.url+r.Path(link))
}

// resetPasskeys lets somebody who lost all passkeys make a new one.
func (s *Pages) resetPasskeys(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.people.ResetPasskeys(ctx, tx, r.Actor, id)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.passkey.reset_done")
	return r.Redirect("/people/" + id.String())
}
