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

const namePath = "/people/name"

// another says in the form that she is none of those who have the address.
const another = "another"

// nameForm is the form by which somebody who shall work for the programme is named.
type nameForm struct {
	Name, Email, Lang, Role, City string

	Cities []kit.Item
	Like   []people.Person // who has the address
	Fault  *fault.Error
}

func (s *Pages) nameStaffPage(r *web.Request) error {
	if !people.Everywhere(r.Actor, "people.roles") {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return r.Page(http.StatusOK, nameStaff(r, s.nameForm(r, nameForm{Role: string(access.Coordinator), Lang: string(r.Lang)})))
}

// nameForm adds where a role may hold.
func (s *Pages) nameForm(r *web.Request, f nameForm) nameForm {
	f.Cities = []kit.Item{{Value: "", Label: r.Say.T("people.roles.everywhere")}}
	for _, c := range offered(r, s.cityItems(r.Lang), "") {
		f.Cities = append(f.Cities, kit.Item{Value: c.Key, Label: c.Name})
	}
	return f
}

// staffRoles are the roles of those who work for the programme.
func staffRoles(r *web.Request) (out []kit.Item) {
	for _, role := range access.Roles {
		if role.Staff() {
			out = append(out, kit.Item{Value: string(role), Label: r.Say.T("people.role." + string(role))})
		}
	}
	return out
}

func (s *Pages) nameStaff(r *web.Request) error {
	form := nameForm{
		Name: r.PostFormValue("name"), Email: strings.TrimSpace(r.PostFormValue("email")), Lang: r.PostFormValue("lang"),
		Role: r.PostFormValue("role"), City: r.PostFormValue("city"),
	}
	cmd := people.NameStaff{By: r.Actor, Name: form.Name, Email: form.Email, Lang: i18n.Language(form.Lang), Role: access.Role(form.Role), City: form.City}
	switch chosen := r.PostFormValue("person"); chosen {
	case "":
	case another:
		cmd.New = true
	default:
		id, err := storage.ParseID(chosen)
		if err != nil {
			return people.Unknown()
		}
		cmd.Person = id
	}
	var named people.StaffNamed
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		named, err = s.people.NameStaff(ctx, tx, cmd)
		return err
	})
	if f := fault.Of(err); f != nil && (f.Code == fault.Invalid || f.Key == people.ChooseRecord) {
		form.Fault, form.Like = f, named.Like
		if err := s.noteLooks(r, "people.audit.in_list", "naming", form.Like...); err != nil {
			return err
		}
		return r.Page(web.Status(f.Code), nameStaff(r, s.nameForm(r, form)))
	}
	if err != nil {
		return err
	}
	if named.Before {
		r.SetFlash("wait", "people.name.before")
	} else {
		r.SetFlash("good", "people.name.sent")
	}
	return r.Redirect("/people/" + named.Person.ID.String() + "#roles")
}

// likeItems are the records to choose from, and that it is none of them.
func (f nameForm) likeItems(r *web.Request, city func(string) string) (out []kit.Item) {
	for _, p := range f.Like {
		var about []string
		for _, words := range []string{city(p.City), p.Organisation, r.Say.T("people.list.made") + ": " + dateOf(r.Lang, p)} {
			if words != "" {
				about = append(about, words)
			}
		}
		out = append(out, kit.Item{Value: p.ID.String(), Label: p.FullName, Help: strings.Join(about, ", ")})
	}
	return append(slices.Clip(out), kit.Item{Value: another, Label: r.Say.T("people.name.another")})
}

// cityLabel names a city of the form.
func (f nameForm) cityLabel(code string) string {
	for _, c := range f.Cities {
		if code != "" && c.Value == code {
			return c.Label
		}
	}
	return ""
}
