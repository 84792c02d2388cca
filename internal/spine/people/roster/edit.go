package roster

import (
	"context"
	"net/http"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
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
	Drawn  people.Drawn
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
	var form detailsForm
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := s.people.ByID(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		form, err = s.form(ctx, tx, r, p, "/me/edit", "/me")
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, editPage(r, form))
}

func (s *Pages) form(ctx context.Context, tx *storage.Tx, r *web.Request, p people.Person, action, back string) (f detailsForm, err error) {
	f = detailsForm{Person: p, Action: action, Back: back, Cities: s.cityItems(r.Lang), Others: p.ID != r.Actor.Person}
	f.Birth = p.First(profile.BirthYear)
	f.Drawn, err = s.people.Drawn(ctx, tx, p, f.Others)
	return f, err
}

func (s *Pages) saveMe(r *web.Request) error {
	return s.saveDetails(r, r.Actor.Person, "/me/edit", "/me")
}

// saveDetails is the POST of both forms: one's own data and staff's correction.
func (s *Pages) saveDetails(r *web.Request, id storage.ID, action, back string) error {
	form := detailsForm{Action: action, Back: back, Cities: s.cityItems(r.Lang), Others: id != r.Actor.Person}
	var corrected people.Corrected
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := s.people.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.Details, form.Birth, err = readDetails(r, p.Details); err != nil {
			return err
		}
		if form.Others {
			p.Email, p.Phone = r.PostFormValue("email"), r.PostFormValue("phone")
		}
		form.Person, form.Drawn = p, people.ParseDrawn(r.PostFormValue("drawn"))
		corrected, err = s.people.Correct(ctx, tx, people.Correct{Person: p.ID, Actor: r.Actor, Drawn: form.Drawn, Typed: p.Details, Contacts: form.Others})
		return err
	})
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f == nil {
		r.SetFlash("good", "people.saved")
		return r.Redirect(back)
	}
	form.Fault = f
	if f.Key == people.ChangedMeanwhile {
		if err := s.drawAnew(r, &form, corrected); err != nil {
			return err
		}
	}
	return r.Page(web.Status(f.Code), editPage(r, form))
}

// drawAnew prepares a form whose record somebody has changed meanwhile: what was typed
// stays, each fault says what stands there now, and the next save is judged by that.
func (s *Pages) drawAnew(r *web.Request, form *detailsForm, now people.Corrected) error {
	demo := form.Person.Demo
	form.Person.Details, form.Drawn = now.Details, now.Drawn
	form.Person.Demo = demo
	typed := form.Birth
	form.Birth = form.Person.First(profile.BirthYear)
	if form.Person.BirthYear < 0 {
		form.Birth = typed
	}
	for _, f := range form.Fault.Fields {
		if words := s.nowWords(r, now, f.Field); words != "" {
			f.Args = fault.Args{"now": words}
		} else {
			f.Key = "people.fault.field_now_empty"
		}
	}
	if !form.Others {
		return nil
	}
	return s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: form.Person.ID, Action: formOpened})
	})
}

// nowWords says for people what a field of a record holds now.
func (s *Pages) nowWords(r *web.Request, now people.Corrected, field string) string {
	switch name := profile.Name(field); name {
	case profile.Email, profile.Phone:
		var words []string
		for _, c := range now.Contacts {
			if string(c.Kind) == field && c.State != people.Leaving {
				words = append(words, c.Whole())
			}
		}
		return strings.Join(words, ", ")
	case profile.City:
		return s.cityName(r, now.Now.City)
	case profile.Lang:
		return kit.LanguageName(now.Now.Lang)
	case "certificate_ky":
		return now.Now.CertificateName.Ky
	case "certificate_ru":
		return now.Now.CertificateName.Ru
	case "certificate_en":
		return now.Now.CertificateName.En
	default:
		return shown(r, now.Now, name)
	}
}
