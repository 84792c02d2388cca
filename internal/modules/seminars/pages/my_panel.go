package pages

import (
	"context"
	"sort"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// myPanel is the module's part of the page My programme: what is next for the
// person, an invitation that waits for her answer first, then the ticket.
func (m *Module) myPanel(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	var next []mineData
	var shelves []shelf
	for _, app := range apps {
		d, err := m.mine(ctx, tx, app, "/my/applications/"+app.ID.String())
		if err != nil {
			return nil, err
		}
		if d.Answers, err = m.answered(ctx, tx, r.Say, d.Activity, app); err != nil {
			return nil, err
		}
		if !d.over() && app.State != seats.Declined && app.State != seats.Withdrawn {
			next = append(next, d)
		}
		if app.State != seats.Confirmed && app.State != seats.Attended {
			continue
		}
		list, err := m.MaterialsOf(ctx, tx, d.Activity)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			shelves = append(shelves, shelf{d.Activity, list})
		}
	}
	sort.SliceStable(next, func(i, j int) bool {
		if a, b := next[i].asked(), next[j].asked(); a != b {
			return a
		}
		if a, b := next[i].Ticket != "", next[j].Ticket != ""; a != b {
			return a
		}
		return next[i].Activity.Starts.Before(next[j].Activity.Starts)
	})
	sort.SliceStable(shelves, func(i, j int) bool { return shelves[i].Activity.Starts.After(shelves[j].Activity.Starts) })
	return myNext(r, next, shelves), nil
}

// asked reports whether she is asked to come, or whether she still comes.
func (d mineData) asked() bool {
	asked := d.App.State == seats.Invited || d.App.State == seats.Confirmed && d.App.Reconfirm == "asked"
	return asked && !d.begun() && d.Activity.State != programme.Cancelled
}

// shelf is an activity of a person with what she may read of it.
type shelf struct {
	Activity  seats.Activity
	Materials []materials.Material
}
