package roster

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// detailsForm is a form of details, shown for the first time or again.
type detailsForm struct {
	Person people.Person
	Others bool   // staff correct somebody else's record: her contacts stand in the form
	Birth  string // as typed
	Action string
	Back   string
	Cities []cityItem
	Fault  *fault.Error
}

type cityItem struct{ Key, Name string }

func (s *Pages) cityItems(l i18n.Language) []cityItem {
	if s.cities == nil {
		return nil
	}
	var out []cityItem
	for _, c := range s.cities(l) {
		out = append(out, cityItem{c.Value, c.Label})
	}
	return out
}

// readDetails takes what a form says over what is known.
func readDetails(r *web.Request, d people.Details) (people.Details, string, error) {
	if err := r.ParseForm(); err != nil {
		return d, "", err
	}
	v := r.PostForm.Get
	for _, f := range profile.Fields {
		if f.Contact {
			continue // by a command of its own
		}
		values := r.PostForm[string(f.Name)]
		if !f.Several {
			values = []string{strings.TrimSpace(v(string(f.Name)))}
		}
		d.Set(f.Name, values...)
	}
	d.CertificateName = i18n.Text{Ky: v("certificate_ky"), Ru: v("certificate_ru"), En: v("certificate_en")}
	d.Neutral = v("neutral") != ""
	return d, strings.TrimSpace(v(string(profile.BirthYear))), nil
}

func (s *Pages) editMe(r *web.Request) error {
	var p people.Person
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.people.ByID(ctx, tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, editPage(r, s.form(r, p, "/me/edit", "/me")))
}

func (s *Pages) form(r *web.Request, p people.Person, action, back string) detailsForm {
	f := detailsForm{Person: p, Action: action, Back: back, Cities: s.cityItems(r.Lang)}
	f.Birth = p.First(profile.BirthYear)
	return f
}

func (s *Pages) saveMe(r *web.Request) error {
	return s.saveDetails(r, r.Actor.Person, "/me/edit", "/me")
}

// saveDetails is the POST of both forms: one's own data and staff's correction.
func (s *Pages) saveDetails(r *web.Request, id storage.ID, action, back string) error {
	form := detailsForm{Action: action, Back: back, Cities: s.cityItems(r.Lang), Others: id != r.Actor.Person}
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := s.people.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if form.Others {
			if err := s.people.MayCorrect(ctx, tx, r.Actor, p); err != nil {
				return err
			}
		}
		before := p.Details
		if p.Details, form.Birth, err = readDetails(r, p.Details); err != nil {
			return err
		}
		form.Person = p
		if !s.offers(r.Lang, p.City) && p.City != before.City {
			return fault.At(string(profile.City), "fault.not_a_choice")
		}
		if err := s.people.Update(ctx, tx, p.ID, p.Details); err != nil {
			return err
		}
		if form.Others {
			form.Person.Email, form.Person.Phone = r.PostFormValue("email"), r.PostFormValue("phone")
			for _, c := range []people.ChangeContact{{Kind: people.EmailContact, Value: form.Person.Email}, {Kind: people.PhoneContact, Value: form.Person.Phone}} {
				c.Person, c.By = p.ID, r.Actor.Person
				if err := s.people.ChangeContact(ctx, tx, c); err != nil {
					return err
				}
			}
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: p.ID, Action: "people.audit.changed"})
	})
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f != nil {
		form.Fault = f
		return r.Page(web.Status(f.Code), editPage(r, form))
	}
	r.SetFlash("good", "people.saved")
	return r.Redirect(back)
}

// offers reports whether a form lets the city be chosen.
func (s *Pages) offers(l i18n.Language, city string) bool {
	list := s.cityItems(l)
	return list == nil || city == "" || city == profile.Other ||
		slices.ContainsFunc(list, func(c cityItem) bool { return c.Key == city })
}
