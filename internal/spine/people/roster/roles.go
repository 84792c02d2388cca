package roster

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

// scopes gives where a role may hold, as far as the asker may know of it: "city:osh" or
// "activity:" and its id.
func (s *Pages) scopes(ctx context.Context, tx *storage.Tx, r *web.Request) ([]kit.Item, error) {
	var out []kit.Item
	for _, c := range s.cityItems(r.Lang) {
		out = append(out, kit.Item{Value: "city:" + c.Key, Label: c.Name})
	}
	if s.activities == nil {
		return out, nil
	}
	list, err := s.activities(ctx, tx, r.Actor, r.Lang)
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

// where says in words where a role holds. An activity that is not among the scopes is over
// for who gives roles, who is told of all others; anybody else may not know which it is.
func where(r *web.Request, scopes []kit.Item, at access.Scope) string {
	value := scopeValue(at)
	for _, item := range scopes {
		if item.Value == value {
			return item.Label
		}
	}
	if !at.Activity.IsZero() && people.Everywhere(r.Actor, "people.roles") {
		return r.Say.T("people.roles.past")
	}
	if !at.Activity.IsZero() {
		return r.Say.T("people.roles.one_event")
	}
	return at.City
}

// until says the last day of a role that ends by itself.
func until(r *web.Request, g access.Grant) string {
	return r.Say.T("people.roles.until", "day", i18n.Date(r.Lang, g.Ends.Add(-time.Hour)))
}

func (s *Pages) giveRole(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	g := access.Grant{Role: access.Role(r.PostFormValue("role"))}
	var made invitation
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := people.MayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		p, err := s.people.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		scopes, err := s.scopes(ctx, tx, r)
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
		made.Path, made.Sent, err = s.people.Invite(ctx, tx, r.Actor.Person, p.ID, true)
		return err
	})
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f != nil {
		return s.showPerson(r, web.Status(f.Code), f)
	}
	if made.Path != "" { // shown once, so it is in the answer and in no address
		return s.showPersonWith(r, http.StatusOK, personPage{Made: made})
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
	access.Grant
	Where string
}

func (s *Pages) rolesPage(r *web.Request) error {
	var page rolesPage
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if !people.Everywhere(r.Actor, "people.roles") {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		page.Lines = nil
		scopes, err := s.scopes(ctx, tx, r)
		if err != nil {
			return err
		}
		for _, role := range slices.Concat(access.Roles[:], access.Helpers[:]) {
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
					if g.Role == role && !g.Over(tx.Now) {
						page.Lines = append(page.Lines, roleLine{found[id], g, where(r, scopes, g.Scope)})
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
	var made invitation
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := people.MayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		made.Path, made.Sent, err = s.people.Invite(ctx, tx, r.Actor.Person, id, true)
		return err
	})
	if err != nil {
		return err
	}
	return s.showPersonWith(r, http.StatusOK, personPage{Made: made})
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
