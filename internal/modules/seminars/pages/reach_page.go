package pages

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// reach fills what the page of an application says of how its person is reached.
func (m *Module) reach(ctx context.Context, tx *storage.Tx, r *web.Request, o opened, d *mineData) error {
	if o.token != "" {
		c, proves, err := m.People.ToProve(ctx, tx, o.token)
		if err != nil {
			return err
		}
		d.Reach.Proves, d.Reach.Token = proves, o.token
		if proves {
			d.Reach.Address = c.Masked()
		}
		return nil
	}
	if r.Actor.SignedIn() || d.over() {
		return nil
	}
	have, err := m.People.Contacts(ctx, tx, d.App.Person)
	if err != nil {
		return err
	}
	proven := false
	for _, c := range have {
		switch {
		case c.State == people.Proven:
			proven = true
		case c.Kind == people.EmailContact:
			d.Reach.Waits = c.Masked()
		case c.Kind == people.PhoneContact:
			d.Reach.Phone = true
		}
	}
	// A browser that only handed the application in adds nothing to what somebody has
	// proven to be hers.
	d.Reach.Show = !proven
	d.Reach.Chat = d.Reach.Show && m.Chats != nil && m.Chats.HasChat()
	return nil
}

// takeReach takes what a person does about how she is reached, right after she applied:
// another e-mail, a chat, a link to save.
func (m *Module) takeReach(r *web.Request) error {
	d, err := m.takeReachOf(r)
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	if f != nil {
		d.Reach.Fault = f
		return r.Page(web.Status(f.Code), minePage(r, d))
	}
	if d.Reach.Link == "" && d.Reach.ChatURL == "" {
		r.SetFlash("good", "seminars.reach.sent")
		return r.Redirect(d.Path)
	}
	return r.Page(http.StatusOK, minePage(r, d))
}

func (m *Module) takeReachOf(r *web.Request) (d mineData, err error) {
	do, typed := r.PostFormValue("do"), r.PostFormValue("email")
	link := ""
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		link = ""
		o, err := m.own(ctx, tx, r)
		if err != nil {
			return err
		}
		app, err := seats.ApplicationByID(ctx, tx, o.app)
		if err != nil {
			return err
		}
		if d, err = m.mine(ctx, tx, app, o.path); err != nil {
			return err
		}
		if err := m.companionOf(ctx, tx, r, o, &d); err != nil {
			return err
		}
		if err := m.reach(ctx, tx, r, o, &d); err != nil {
			return err
		}
		if !d.Reach.Show {
			return fault.New(fault.Forbidden, "seminars.fault.reach")
		}
		switch do {
		case "email":
			d.Reach.Email = typed
			return m.AddEmail(ctx, tx, d.Activity, app, typed)
		case "link":
			l := people.Link{Person: app.Person, Purpose: seats.LinkToApplication, Ref: app.ID, Until: seats.LinkStays(d.Activity, tx.Now)}
			path := "/a/"
			if d.Activity.InvitationOnly {
				l.Purpose, path = seats.LinkToInvitation, "/i/"
			}
			token, err := m.People.NewLink(ctx, tx, l)
			link, d.Reach.Until = m.PublicURL+r.Path(path+token), seats.LinkEnds(d.Activity)
			return err
		case "chat":
			if !d.Reach.Chat {
				return fault.New(fault.Unavailable, "seminars.fault.reach")
			}
			return nil
		}
		return fault.At("do", "fault.not_a_choice")
	})
	if err != nil {
		return d, err
	}
	d.Reach.Link = link
	if do == "chat" {
		d.Reach.ChatURL, err = m.Chats.ChatLink(r.Context(), d.App.Person)
	}
	return d, err
}
