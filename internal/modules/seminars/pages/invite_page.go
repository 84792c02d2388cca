package pages

import (
	"context"
	"errors"
	"net/http"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// inviteForm asks for what an invitation by name to an activity needs.
func inviteForm(a seats.Activity) []forms.Question {
	out := []forms.Question{
		{Key: profile.AskName, Kind: forms.AskName, Required: true},
		{Key: profile.AskEmail, Kind: forms.AskEmail},
		{Key: profile.AskPhone, Kind: forms.AskPhone},
		{Key: profile.AskSex, Kind: forms.AskSex},
	}
	if a.Group == "" || a.Group == profile.Deputies { // of a kenesh only deputies are
		out = append(out, forms.Question{Key: profile.AskLevel, Kind: forms.AskLevel})
	}
	return append(out, forms.Question{Key: profile.AskOrganisation, Kind: forms.AskOrganisation})
}

func (m *Module) showInvite(r *web.Request) error {
	o, err := m.overview(r, seats.MaySelect)
	if err != nil {
		return err
	}
	d, err := m.justInvited(r, o.Activity)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, invitePage(r, m.Parts, o, d, allAsked(inviteForm(o.Activity), forms.Answers{}.Clone(), nil), nil))
}

// invited is who was just invited, and whether a call is the only way to her.
type invited struct {
	App  seats.Application
	Name string
	Call bool
}

// justInvited reads whom the form has just invited, by the address of the page; nobody when
// it names none. Her name is shown, and the look is noted.
func (m *Module) justInvited(r *web.Request, a seats.Activity) (d invited, err error) {
	id, wrong := storage.ParseID(r.URL.Query().Get("done"))
	if wrong != nil {
		return d, nil
	}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		app, there, err := seats.ApplicationIfThere(ctx, tx, id)
		if err != nil || !there || app.Activity != a.ID || !app.State.HoldsSeat() {
			return err
		}
		p, err := m.People.ByID(ctx, tx, app.Person)
		if err != nil {
			return err
		}
		d = invited{App: app, Name: p.FullName}
		if d.Call, err = m.Unread(ctx, tx, app.Person); err != nil {
			return err
		}
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: []storage.ID{app.Person}, Action: "seminars.audit.viewed", Object: a.ID})
	})
	return d, err
}

func allAsked(questions []forms.Question, a forms.Answers, f *fault.Error) (out []forms.Asked) {
	for _, q := range questions {
		out = append(out, forms.Asked{Question: q, Answers: a, Fault: f, Staff: true})
	}
	return out
}

func (m *Module) takeInvite(r *web.Request) error {
	o, err := m.overview(r, seats.MaySelect)
	if err != nil {
		return err
	}
	var form fault.Form
	answers := forms.Answers{}.Clone()
	forms.Read(answers, inviteForm(o.Activity), r.PostForm, nil, forms.Sources{Lists: m.People.Lists()}, true, &form)
	var app seats.Application
	call := false
	err = form.Err()
	if err == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			d := seats.DetailsOf(answers, o.Activity)
			d.Lang = r.Lang
			app, err = m.Invite(ctx, tx, seats.Invite{Activity: o.Activity.ID, Actor: r.Actor, Details: d, Demo: r.Site != nil && r.Site.Demo})
			if err == nil && asksFirst(r, o.Activity, tx.Now) {
				call, err = m.Unread(ctx, tx, app.Person)
				return errors.Join(err, errAsks)
			}
			return err
		})
	}
	if errors.Is(err, errAsks) {
		return m.askByName(r, o, answers, call)
	}
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		return r.Page(web.Status(f.Code), invitePage(r, m.Parts, o, invited{}, allAsked(inviteForm(o.Activity), answers, f), f))
	}
	return r.Redirect(staffPath(o.Activity, "/invite?done="+app.ID.String()))
}
