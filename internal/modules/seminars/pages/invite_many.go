package pages

import (
	"context"
	"net/http"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// inviteManyPath takes people who are ticked in the list of people.
const inviteManyPath = "/staff/invite"

// inviteManyData asks to which activity ticked people are invited, and shows what would
// become of each.
type inviteManyData struct {
	Picked     []people.Person // before an activity is chosen
	Activities []seats.Overview
	Activity   seats.Activity
	Would      []seats.WouldInvite
	Fault      *fault.Error
	Held       time.Time // until when the night holds the messages back; zero: they go at once
}

func (d inviteManyData) parts() (invited, left []seats.WouldInvite) {
	for _, w := range d.Would {
		if w.Left == nil {
			invited = append(invited, w)
		} else {
			left = append(left, w)
		}
	}
	return invited, left
}

// kept is what the forms send along.
func (d inviteManyData) kept() (out []kit.Item) {
	for _, p := range d.Picked {
		out = append(out, kit.Item{Label: "pick", Value: p.ID.String()})
	}
	for _, w := range d.Would {
		out = append(out, kit.Item{Label: "pick", Value: w.Person.ID.String()})
	}
	return out
}

// items are the activities to choose from, with their day, place and seats that are left.
func (d inviteManyData) items(r *web.Request) []kit.Item {
	out := []kit.Item{{Label: r.Say.T("seminars.invite.many.choose")}}
	for _, o := range d.Activities {
		out = append(out, kit.Item{Value: o.Activity.Slug, Label: r.Say.T("seminars.invite.many.item",
			"activity", o.Activity.Title, "city", o.Activity.CityName(profile.Said(r.Say), r.Lang), "when", i18n.Date(r.Lang, o.Activity.Starts), "count", o.Seats.Left())})
	}
	return out
}

// inviteMany is one way in three steps: to which activity, what would become of each, done.
// It keeps nothing between them: each form carries who was ticked, and the use case judges
// anew.
func (m *Module) inviteMany(r *web.Request) error {
	cmd := seats.InviteMany{Actor: r.Actor}
	for _, text := range kit.Picked(r) {
		if id, err := storage.ParseID(text); err == nil {
			cmd.Persons = append(cmd.Persons, id)
		}
	}
	if len(cmd.Persons) > seats.MostAtOnce {
		return fault.New(fault.Invalid, "seminars.fault.many", fault.Args{"count": seats.MostAtOnce})
	}
	slug := r.PostFormValue("activity")
	if slug == "" {
		return m.chooseWhereto(r, cmd)
	}
	var d inviteManyData
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d.Activity, err = m.Schedule().BySlug(ctx, tx, slug)
		d.Held = m.Holds(tx.Now, d.Activity)
		return err
	})
	if err != nil {
		return err
	}
	cmd.Activity = d.Activity.ID
	if r.PostFormValue("sure") != "" {
		return m.doInviteMany(r, d.Activity, cmd)
	}
	if d.Would, err = m.RehearseInvitations(r.Context(), cmd); err != nil {
		return err
	}
	var shown []storage.ID
	for _, w := range d.Would {
		shown = append(shown, w.Person.ID)
	}
	if err := m.noteShown(r, shown); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, inviteManyPage(r, d))
}

// chooseWhereto asks for the activity.
func (m *Module) chooseWhereto(r *web.Request, cmd seats.InviteMany) error {
	var d inviteManyData
	if len(cmd.Persons) == 0 {
		return fault.New(fault.Invalid, "seminars.fault.nobody")
	}
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Picked, err = m.People.ShownIn(ctx, tx, r.Actor, cmd.Persons); err != nil {
			return err
		}
		d.Activities, err = m.Inviting(ctx, tx, r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	if len(d.Picked) == 0 { // of others, or gone meanwhile
		return fault.New(fault.NotFound, "fault.not_found")
	}
	var shown []storage.ID
	for _, p := range d.Picked {
		shown = append(shown, p.ID)
	}
	if err := m.noteShown(r, shown); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, inviteManyPage(r, d))
}

func (m *Module) noteShown(r *web.Request, persons []storage.ID) error {
	return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: persons, Action: "people.audit.in_list"})
	})
}

func (m *Module) doInviteMany(r *web.Request, a seats.Activity, cmd seats.InviteMany) error {
	var done inviteManyData
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		done.Would, err = m.InviteMany(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return err
	}
	invited, left := done.parts()
	kind := "good"
	if len(left) > 0 {
		kind = "wait"
	}
	r.SetFlash(kind, "seminars.invite.many.done", "count", len(invited), "rest", len(left))
	return r.Redirect(staffPath(a, "/applicants?state=invited"))
}
