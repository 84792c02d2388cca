package followup

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// opened is an application that the asker may answer for, and how it was reached.
type opened struct {
	app   storage.ID
	path  string // of the page of the application, without language
	token string // of the link, when it was reached by one
}

type finder func(context.Context, *storage.Tx, *web.Request) (opened, error)

// own finds the application of the address among those of who is signed in, or the one that
// this browser has handed in.
func (m *Module) own(ctx context.Context, tx *storage.Tx, r *web.Request) (opened, error) {
	none := fault.New(fault.NotFound, "seminars.fault.application")
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return opened{}, none
	}
	app, err := seats.ApplicationByID(ctx, tx, id)
	hers := r.Actor.SignedIn() && app.Person == r.Actor.Person || !r.Actor.Application.IsZero() && app.ID == r.Actor.Application
	if err == nil && !hers {
		err = none
	}
	return opened{app: id, path: "/my/applications/" + id.String()}, err
}

// byLink finds the application that a link of a message stands for.
func (m *Module) byLink(purpose, prefix string) finder {
	return func(ctx context.Context, tx *storage.Tx, r *web.Request) (opened, error) {
		token := r.PathValue("token")
		link, err := m.People.PeekLink(ctx, tx, token, purpose)
		if err != nil {
			return opened{}, err
		}
		return opened{link.Ref, prefix + token, token}, m.LinkHolds(ctx, tx, link.Ref, r.Method == http.MethodPost)
	}
}

// herData is the page on which she answers.
type herData struct {
	Asking
	Path    string
	Herself bool       // signed in: only then what she answered before is shown
	Page    forms.Form // what is asked here
	Given   forms.Answers
	Shown   []forms.Shown // what is kept, where it can be changed no more
	Photo   string
	Shut    *fault.Error // why nothing can be answered
	Fault   *fault.Error
	More    bool // what she answered asks for more
	Shared  bool
}

// questions are those that stand on the page.
func (d herData) questions() (out []forms.Asked) {
	for _, q := range d.Page.Questions {
		if d.Page.Applies(q, d.Given) {
			out = append(out, forms.Asked{Question: q, Answers: d.Given, Sources: d.Sources, Fault: d.Fault, Shared: d.Shared})
		}
	}
	return out
}

func (d herData) labels(r *web.Request) kit.Labels {
	out := kit.Labels{}
	for _, q := range d.questions() {
		if q.Kind != forms.AskConsent {
			out[q.Field()] = q.Title(r.Say)
		}
	}
	return out
}

// read reads what the page shows.
func (m *Module) read(ctx context.Context, tx *storage.Tx, r *web.Request, find finder) (d herData, err error) {
	o, err := find(ctx, tx, r)
	if err != nil {
		return d, err
	}
	if d.Asking, err = m.AskingOf(ctx, tx, o.app); err != nil {
		return d, err
	}
	d.Path, d.Given = o.path, forms.Answers{}.Clone()
	d.Herself = o.token == "" && r.Actor.SignedIn() && d.App.Person == r.Actor.Person
	d.Shut, d.Page = fault.Of(d.Refusal(tx.Now)), d.Form
	if d.Shut != nil && d.Shut.Code == fault.NotFound {
		return d, d.Shut
	}
	if !d.Herself {
		d.Page = withoutPhoto(d.Form)
		return d, nil
	}
	was, given, err := m.answered(ctx, tx, d.Activity, d.App.Person, d.kept)
	if err != nil {
		return d, err
	}
	d.Given = given
	if d.Version > 0 {
		d.Shown = was.Shown(r.Say, d.Given)
	}
	c, said, err := m.photo(ctx, tx, d.App.Person)
	d.Photo = m.PhotoMark(c, said)
	if said && c.Given {
		d.Given.Values[string(forms.AskPhoto)] = []string{"on"}
	}
	return d, err
}

func (m *Module) page(r *web.Request, status int, d herData) error {
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(status, herPage(r, d))
}

func (m *Module) show(find finder) web.Handler {
	return func(r *web.Request) error {
		var d herData
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			d, err = m.read(ctx, tx, r, find)
			return err
		}); err != nil {
			return err
		}
		return m.page(r, http.StatusOK, d)
	}
}

func (m *Module) take(find finder) web.Handler {
	return func(r *web.Request) error {
		var d herData
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			d, err = m.read(ctx, tx, r, find)
			return err
		}); err != nil {
			return err
		}
		now := d
		now.Given = forms.Answers{}.Clone()
		version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
		if err != nil {
			version = -1 // of no answers
		}
		now.Photo = r.PostFormValue("photo_mark")
		var later fault.Form // the use case judges
		forms.Read(now.Given, now.Page.Questions, r.PostForm, nil, d.Sources, false, &later)
		shown := r.PostForm["shown"]
		if drawn := r.PostFormValue("form"); drawn != "" && len(drawn) < 64 {
			for _, q := range now.Page.Questions {
				if slices.Contains(shown, q.Key) {
					now.Given.Asked[q.Key] = drawn
				}
			}
		}
		// What she answers may ask for more than the page did: it is shown before anything is kept.
		unseen := slices.ContainsFunc(now.questions(), func(q forms.Asked) bool { return !slices.Contains(shown, q.Key) })
		if unseen && d.Shut == nil && later.Err() == nil && r.PostFormValue("form") == d.Form.Ref() {
			now.More, now.Version = true, version
			return m.page(r, http.StatusOK, now)
		}
		var changed bool
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			o, err := find(ctx, tx, r)
			if err != nil {
				return err
			}
			if err := m.ProveByLink(ctx, tx, r, o.token); err != nil {
				return err
			}
			changed, err = m.Answer(ctx, tx, Answer{
				Application: o.app, Actor: r.Actor, Link: !d.Herself, Version: version, Answers: now.Given, Photo: now.Photo, Lang: r.Lang,
			})
			return err
		})
		if err == nil {
			said := "followup.saved"
			if !changed {
				said = "followup.as_before"
			}
			r.SetFlash("good", said)
			return r.Redirect(d.Path + "/more")
		}
		f := fault.Of(err)
		if f == nil || f.Code != fault.Invalid && f.Code != fault.Conflict {
			return err
		}
		now.Fault, now.Version, now.Photo = f, version, d.Photo
		if f.Code == fault.Conflict { // what she wrote stays, and goes once she has read that it is another by now
			now.Version = d.Version
			if f.Key == "followup.fault.photo_changed" {
				delete(now.Given.Values, string(forms.AskPhoto))
				if v := d.Given.Values[string(forms.AskPhoto)]; v != nil {
					now.Given.Values[string(forms.AskPhoto)] = v
				}
			}
		}
		return m.page(r, web.Status(f.Code), now)
	}
}

// Card is the part of the page of an application that asks her, nil where nothing is asked.
func (m *Module) Card(ctx context.Context, tx *storage.Tx, r *web.Request, app seats.Application, path string) (templ.Component, error) {
	if app.State != seats.Confirmed {
		return nil, nil
	}
	k, err := m.AskingOf(ctx, tx, app.ID)
	if err != nil || !k.Open(tx.Now) {
		return nil, err
	}
	return card(r, k, path, false), nil
}

// mine is the part of the page My programme: what is still to be answered.
func (m *Module) mine(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	var list []Asking
	for _, app := range apps {
		if app.State != seats.Confirmed {
			continue
		}
		k, err := m.AskingOf(ctx, tx, app.ID)
		if err != nil {
			return nil, err
		}
		if k.Open(tx.Now) {
			list = append(list, k)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	return mineCards(r, list), nil
}

// answeredAt is what she answered at one activity.
type answeredAt struct {
	Asking
	Shown   []forms.Shown
	Forgets string
}

// myData shows her what is kept of it.
func (m *Module) myData(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	var list []answeredAt
	for _, app := range apps {
		k, err := keptOf(ctx, tx, app.ID)
		if err != nil {
			return nil, err
		}
		if k.Answered.IsZero() {
			continue
		}
		one := answeredAt{Asking: Asking{App: app, kept: k}}
		if one.Activity, err = m.ActivityByID(ctx, tx, app.Activity); fault.Is(err, fault.NotFound) {
			continue // nothing is left that could name it; her archive has what she wrote
		} else if err != nil {
			return nil, err
		}
		if one.Rules, err = RulesOf(ctx, tx, app.Activity); err != nil {
			return nil, err
		}
		form, answers, err := m.answered(ctx, tx, one.Activity, app.Person, k)
		if err != nil {
			return nil, err
		}
		one.Shown, one.Forgets = form.Shown(r.Say, answers), kit.Date(r, one.Rules.forgets(one.Activity))
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return myAnswers(r, list), nil
}
