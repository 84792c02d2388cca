package pages

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// inviteForm asks for what an invitation by name needs.
func inviteForm() []forms.Question {
	return []forms.Question{
		{Key: profile.AskName, Kind: forms.AskName, Required: true},
		{Key: profile.AskEmail, Kind: forms.AskEmail},
		{Key: profile.AskPhone, Kind: forms.AskPhone},
		{Key: profile.AskSex, Kind: forms.AskSex},
		{Key: profile.AskLevel, Kind: forms.AskLevel},
		{Key: profile.AskOrganisation, Kind: forms.AskOrganisation},
	}
}

func (m *Module) showInvite(r *web.Request) error {
	o, err := m.overview(r, seats.MaySelect)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, invitePage(r, m.Parts, o, allAsked(inviteForm(), forms.Answers{}.Clone(), nil), nil))
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
	forms.Read(answers, inviteForm(), r.PostForm, nil, forms.Sources{Lists: m.People.Lists()}, true, &form)
	err = form.Err()
	if err == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			d := seats.DetailsOf(answers, o.Activity)
			d.Lang = r.Lang
			_, err := m.Invite(ctx, tx, seats.Invite{Activity: o.Activity.ID, Actor: r.Actor, Details: d, Demo: r.Site != nil && r.Site.Demo})
			return err
		})
	}
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		return r.Page(web.Status(f.Code), invitePage(r, m.Parts, o, allAsked(inviteForm(), answers, f), f))
	}
	r.SetFlash("good", "seminars.invite.sent")
	return r.Redirect(staffPath(o.Activity, "/invite"))
}
