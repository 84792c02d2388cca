package pages

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// While people may still apply an invitation by hand goes past everybody who is going to, and
// its letter leaves at once: the page says so and asks, before it is done.

// sureField says that it was asked.
const sureField = "sure"

// errAsks takes an invitation back that was only made to see what would become of it: the use
// case is the one judge of what is shown.
var errAsks = errors.New("pages: it is asked first")

// asksFirst reports whether an invitation by hand is asked about before it is given.
func asksFirst(r *web.Request, a seats.Activity, now time.Time) bool {
	return a.TakesApplications(now) && r.PostFormValue(sureField) == ""
}

// askData is an invitation by hand that is asked about.
type askData struct {
	Activity seats.Activity
	Names    []string
	Calls    int       // of them, those whom no letter reaches
	Hours    int       // how long they have to answer
	Held     time.Time // until when the night holds the letters back; zero: they go at once
	Path     string    // answers the form
	Back     string
	Kept     []kit.Item
}

// askedOnce makes the page of a form that was sent: it is sent once more with what it held.
func askedOnce(r *web.Request, a seats.Activity, back string) askData {
	d := askData{Activity: a, Path: r.URL.Path, Back: back}
	if r.URL.RawQuery != "" {
		d.Path += "?" + r.URL.RawQuery
	}
	for name, values := range r.PostForm {
		for _, v := range values {
			if name != web.TokenField {
				d.Kept = append(d.Kept, kit.Item{Label: name, Value: v})
			}
		}
	}
	slices.SortFunc(d.Kept, func(x, y kit.Item) int { return cmp.Or(cmp.Compare(x.Label, y.Label), cmp.Compare(x.Value, y.Value)) })
	d.Kept = append(d.Kept, kit.Item{Label: sureField, Value: "yes"})
	return d
}

// askByName shows that somebody who was typed in would be invited.
func (m *Module) askByName(r *web.Request, o seats.Overview, a forms.Answers, call bool) error {
	d := askedOnce(r, o.Activity, staffPath(o.Activity, "/invite"))
	d.Names, d.Hours, d.Held = []string{a.First(profile.AskName)}, o.Seats.InvitationHours, o.Held
	if call {
		d.Calls = 1
	}
	return r.Page(http.StatusOK, askFirstPage(r, m.Parts, d))
}

// askInvite shows who of the applicants would be invited, as the use case has judged.
func (m *Module) askInvite(r *web.Request, a seats.Activity, back string, would []storage.ID) error {
	d := askedOnce(r, a, back)
	var shown []storage.ID
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		d.Names, d.Calls, shown = nil, 0, nil
		s, err := seats.SeatsOf(ctx, tx, a)
		if err != nil {
			return err
		}
		d.Hours, d.Held = s.InvitationHours, m.Holds(tx.Now, a)
		list, err := m.Applicants(ctx, tx, r.Actor, a)
		if err != nil {
			return err
		}
		for _, one := range list {
			if !slices.Contains(would, one.ID) {
				continue
			}
			d.Names, shown = append(d.Names, nameOf(r, one)), append(shown, one.Person)
			unread, err := m.Unread(ctx, tx, one.Person)
			if err != nil {
				return err
			}
			if unread {
				d.Calls++
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if err := m.noteLooks(r, r.Actor.Person, a, "seminars.audit.listed", shown); err != nil {
		return err
	}
	return r.Page(http.StatusOK, askFirstPage(r, m.Parts, d))
}
