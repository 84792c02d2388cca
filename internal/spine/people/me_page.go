package people

import (
	"archive/zip"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
)

// mePage is everything a person sees of herself.
type mePage struct {
	Person   Person
	City     string // its name
	Consents map[string]Consent
	Sessions []SessionView
	Looks    []look
	Staff    bool              // works for the programme, so needs a passkey
	Kept     []templ.Component // what the modules keep of her
}

// look is one line of "who saw my data".
type look struct {
	audit.Entry
	Who string // "yourself", a role, or the system; staff are not named
}

func (s *Service) mePage(r *web.Request) error {
	var p mePage
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.me(ctx, tx, r)
		return err
	})
	if err != nil {
		return err
	}
	p.City = s.cityName(r, p.Person.City)
	return r.Page(http.StatusOK, myData(r, p))
}

func (s *Service) me(ctx context.Context, tx *storage.Tx, r *web.Request) (p mePage, err error) {
	if p.Person, err = s.ByID(ctx, tx, r.Actor.Person); err != nil {
		return p, err
	}
	if p.Consents, err = s.Consents(ctx, tx, p.Person.ID); err != nil {
		return p, err
	}
	if p.Sessions, err = s.Sessions(ctx, tx, p.Person.ID); err != nil {
		return p, err
	}
	if p.Staff, err = s.WorksHere(ctx, tx, p.Person.ID); err != nil {
		return p, err
	}
	entries, err := audit.List(ctx, tx, audit.Filter{Person: p.Person.ID, Limit: 50})
	if err != nil {
		return p, err
	}
	for _, e := range entries {
		l := look{Entry: e, Who: r.Say.T("people.looks.system")}
		switch {
		case e.Actor == p.Person.ID:
			l.Who = r.Say.T("people.looks.yourself")
		case !e.Actor.IsZero():
			grants, err := s.Grants(ctx, tx, e.Actor)
			if err != nil {
				return p, err
			}
			l.Who = r.Say.T("people.looks.staff")
			best := -1
			for _, g := range grants {
				best = max(best, slices.Index(access.Roles[:], g.Role))
			}
			if best >= 0 {
				l.Who = r.Say.T("people.role." + string(access.Roles[best]))
			}
		}
		p.Looks = append(p.Looks, l)
	}
	for _, m := range s.modules {
		if m.MyData == nil {
			continue
		}
		part, err := m.MyData(ctx, tx, r)
		if err != nil {
			return p, err
		}
		if part != nil {
			p.Kept = append(p.Kept, part)
		}
	}
	return p, nil
}

// detailsForm is a form of details, shown for the first time or again.
type detailsForm struct {
	Person Person
	Others bool   // staff correct somebody else's record: her contacts stand in the form
	Birth  string // as typed
	Action string
	Back   string
	Cities []cityItem
	Fault  *fault.Error
}

type cityItem struct{ Key, Name string }

func (s *Service) cityItems(l i18n.Language) []cityItem {
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
func readDetails(r *web.Request, d Details) (Details, string, error) {
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

func (s *Service) editMe(r *web.Request) error {
	var p Person
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.ByID(ctx, tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, editPage(r, s.form(r, p, "/me/edit", "/me")))
}

func (s *Service) form(r *web.Request, p Person, action, back string) detailsForm {
	f := detailsForm{Person: p, Action: action, Back: back, Cities: s.cityItems(r.Lang)}
	f.Birth = p.First(profile.BirthYear)
	return f
}

// mayCorrect refuses who may not change somebody else's record: one that holds a role
// is only for those who give roles, since who changes how it is reached comes in by it.
func (s *Service) mayCorrect(ctx context.Context, tx *storage.Tx, r *web.Request, p Person) error {
	if err := s.sees(r, "people.edit", p); err != nil {
		return err
	}
	holds, err := s.holdsRole(ctx, tx, p.ID)
	if err == nil && holds && !everywhere(r.Actor, "people.roles") {
		err = fault.New(fault.Forbidden, "people.fault.edit_staff")
	}
	return err
}

func (s *Service) saveMe(r *web.Request) error {
	return s.saveDetails(r, r.Actor.Person, "/me/edit", "/me")
}

// saveDetails is the POST of both forms: one's own data and staff's correction.
func (s *Service) saveDetails(r *web.Request, id storage.ID, action, back string) error {
	form := detailsForm{Action: action, Back: back, Cities: s.cityItems(r.Lang), Others: id != r.Actor.Person}
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := s.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if form.Others {
			if err := s.mayCorrect(ctx, tx, r, p); err != nil {
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
		if err := s.Update(ctx, tx, p.ID, p.Details); err != nil {
			return err
		}
		if form.Others {
			form.Person.Email, form.Person.Phone = r.PostFormValue("email"), r.PostFormValue("phone")
			for _, c := range []ChangeContact{{Kind: EmailContact, Value: form.Person.Email}, {Kind: PhoneContact, Value: form.Person.Phone}} {
				c.Person, c.By = p.ID, r.Actor.Person
				if err := s.ChangeContact(ctx, tx, c); err != nil {
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
func (s *Service) offers(l i18n.Language, city string) bool {
	list := s.cityItems(l)
	return list == nil || city == "" || city == profile.Other ||
		slices.ContainsFunc(list, func(c cityItem) bool { return c.Key == city })
}

func (s *Service) saveConsents(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	given, shown := r.PostForm["purpose"], r.PostForm["shown"]
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		now, err := s.Consents(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		for _, purpose := range purposesOf(now) {
			if shown != nil && !slices.Contains(shown, purpose) {
				continue // a form asked for it after this page was drawn
			}
			yes := slices.Contains(given, purpose)
			was, answered := now[purpose]
			if answered && was.Given == yes && (was.Current() || !yes) || !answered && !yes {
				continue
			}
			if err := s.Consent(ctx, tx, SayConsent{Person: r.Actor.Person, Purpose: purpose, Wording: was.now(), Lang: r.Lang, Given: yes}); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: r.Actor.Person, Action: "people.audit.consents"})
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.saved")
	return r.Redirect("/me#consents")
}

// exportMe answers with the archive: data.json in a ZIP, or the JSON alone.
func (s *Service) exportMe(r *web.Request) error {
	var data map[string]any
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		data, err = s.ExportOwn(ctx, tx, r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	if r.PostFormValue("format") == "json" {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="my-data.json"`)
		_, err = r.W.Write(body)
		return err
	}
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="my-data.zip"`)
	z := zip.NewWriter(r.W)
	f, err := z.Create("data.json")
	if err != nil {
		return err
	}
	if _, err := f.Write(body); err != nil {
		return err
	}
	return z.Close()
}

func (s *Service) erasePage(r *web.Request) error {
	return r.Page(http.StatusOK, erasePage(r, nil))
}

func (s *Service) eraseMe(r *web.Request) error {
	word := r.Say.T("people.erase.word")
	if !strings.EqualFold(strings.TrimSpace(r.PostFormValue("word")), word) {
		f := fault.At("word", "people.fault.erase_word", fault.Args{"word": word})
		return r.Page(web.Status(f.Code), erasePage(r, f))
	}
	err := s.EraseOwn(r.Context(), r.Actor)
	if f := fault.Of(err); f != nil && f.Code == fault.Unavailable {
		return r.Page(web.Status(f.Code), erasePage(r, f))
	}
	if err != nil {
		return err
	}
	http.SetCookie(r.W, s.Cookie(""))
	r.W.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	r.SetFlash("good", "people.erased")
	return r.Redirect("/")
}
