package pages

import (
	"context"
	"slices"
	"sort"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
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
	pass, err := m.nextPass(ctx, tx, next)
	if err != nil {
		return nil, err
	}
	if pass != nil {
		next = slices.DeleteFunc(next, func(d mineData) bool { return d.App.ID == pass.App.ID })
	}
	return myNext(r, pass, next, shelves), nil
}

// marks says where who is signed in stands with the activities that she applied to.
func (m *Module) marks(ctx context.Context, tx *storage.Tx, r *web.Request) (map[storage.ID]module.Mark, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, r.Actor.Person)
	out := make(map[storage.ID]module.Mark, len(apps))
	for _, app := range apps {
		out[app.Activity] = module.Mark{Kind: stateKind(app.State), Says: r.Say.T("seminars.state." + string(app.State)), Path: "/my/applications/" + app.ID.String()}
	}
	return out, err
}

// myPass is the ticket that she shows next, with what it is for.
type myPass struct {
	mineData
	Code string // as it is typed at the door
	QR   qrPicture
}

// nextPass is the ticket of the activity that ends first; nil when she has none that lets
// her in.
func (m *Module) nextPass(ctx context.Context, tx *storage.Tx, next []mineData) (*myPass, error) {
	var out *myPass
	for _, d := range next {
		lets := d.Ticket != "" && d.App.State.HoldsSeat() && d.Activity.State != programme.Cancelled
		if lets && (out == nil || d.Activity.Ends.Before(out.Activity.Ends)) {
			out = &myPass{mineData: d}
		}
	}
	if out == nil {
		return nil, nil
	}
	t, err := seats.TicketOf(ctx, tx, out.App.ID)
	if err != nil {
		return nil, err
	}
	out.Code = t.Serial.Code()
	out.QR, err = drawQR(m.Pass(t, out.Activity))
	return out, err
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
