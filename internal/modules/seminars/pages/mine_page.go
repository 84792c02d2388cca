package pages

import (
	"context"
	"net/http"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// opened is an application that the asker may see, and how it was reached.
type opened struct {
	app   storage.ID
	path  string
	token string // of the link, when it was reached by one
}

// own finds the application of the address among those of who is signed in, or the one
// that this browser has handed in. Of others it is not even said that they exist.
func (m *Module) own(ctx context.Context, tx *storage.Tx, r *web.Request) (opened, error) {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return opened{}, fault.New(fault.NotFound, "seminars.fault.application")
	}
	app, err := seats.ApplicationByID(ctx, tx, id)
	hers := r.Actor.SignedIn() && app.Person == r.Actor.Person || !r.Actor.Application.IsZero() && app.ID == r.Actor.Application
	if err == nil && !hers {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	return opened{app: id, path: "/my/applications/" + id.String()}, err
}

// byLink finds the application that a link of a message stands for.
func (m *Module) byLink(purpose, prefix string) func(context.Context, *storage.Tx, *web.Request) (opened, error) {
	return func(ctx context.Context, tx *storage.Tx, r *web.Request) (opened, error) {
		token := r.PathValue("token")
		link, err := m.People.PeekLink(ctx, tx, token, purpose)
		if err != nil {
			return opened{}, err
		}
		return opened{link.Ref, prefix + token, token}, m.LinkHolds(ctx, tx, link.Ref, r.Method == http.MethodPost)
	}
}

// showMine shows the page of one application.
func (m *Module) showMine(find func(context.Context, *storage.Tx, *web.Request) (opened, error)) web.Handler {
	return func(r *web.Request) error {
		var d mineData
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			o, err := find(ctx, tx, r)
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
			d.Link = o.token != ""
			if d.Herself = !d.Link && r.Actor.SignedIn() && app.Person == r.Actor.Person; d.Herself {
				if d.Answers, err = m.answered(ctx, tx, r.Say, d.Activity, app); err != nil {
					return err
				}
			}
			for _, draw := range m.After {
				part, err := draw(ctx, tx, r, app, o.path)
				if err != nil {
					return err
				}
				if part != nil {
					d.After = append(d.After, part)
				}
			}
			if err := m.companionOf(ctx, tx, r, o, &d); err != nil {
				return err
			}
			return m.reach(ctx, tx, r, o, &d)
		}); err != nil {
			return err
		}
		r.W.Header().Set("Referrer-Policy", "no-referrer")
		r.W.Header().Set("Cache-Control", "no-store")
		return r.Page(http.StatusOK, minePage(r, d))
	}
}

func (m *Module) mine(ctx context.Context, tx *storage.Tx, app seats.Application, path string) (d mineData, err error) {
	d = mineData{App: app, Now: tx.Now, Path: path}
	if d.Activity, err = m.ActivityByID(ctx, tx, app.Activity); err != nil {
		return d, err
	}
	if app.State != seats.Declined && app.State != seats.Withdrawn {
		if d.Moved, err = movedUntold(ctx, tx, d.Activity); err != nil {
			return d, err
		}
	}
	if t, err := seats.TicketOf(ctx, tx, app.ID); err == nil {
		d.Ticket = m.ticketPath(t)
	} else if !fault.Is(err, fault.NotFound) {
		return d, err
	}
	if d.Moves, err = seats.MovesOf(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Partings, err = seats.PartingsOf(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Why, d.AskedWhy, err = m.WhyOf(ctx, tx, app); err != nil {
		return d, err
	}
	if d.Explained, d.Explains, err = m.Chooser.Explain(ctx, tx, app); err != nil {
		return d, err
	}
	if d.Explains {
		if d.Form, err = m.FormOf(ctx, tx, d.Activity); err != nil {
			return d, err
		}
	}
	if d.Rubric, err = m.Reviews.RubricOf(ctx, tx, d.Activity); err != nil {
		return d, err
	}
	d.Invited = slices.ContainsFunc(d.Moves, func(v seats.Move) bool { return v.To == seats.Invited || v.To == seats.Confirmed })
	if app.State == seats.Waitlisted {
		if d.Position, err = seats.PositionOf(ctx, tx, app); err != nil {
			return d, err
		}
	}
	return d, nil
}

// movedUntold is how an activity that takes place was moved without anybody having been told yet;
// nil for none.
func movedUntold(ctx context.Context, tx *storage.Tx, a seats.Activity) (*programme.Move, error) {
	move, ok, err := programme.MoveWaiting(ctx, tx, a.ID)
	if err != nil || !ok || a.State != programme.Published || a.Past(tx.Now) {
		return nil, err
	}
	return &move, nil
}

// takeReply takes the reply of the person, then shows her the page again.
func (m *Module) takeReply(find func(context.Context, *storage.Tx, *web.Request) (opened, error)) web.Handler {
	return func(r *web.Request) error {
		var o opened
		var app seats.Application
		told := ""
		err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			app, told = seats.Application{}, ""
			if o, err = find(ctx, tx, r); err != nil {
				return err
			}
			if err := m.ProveByLink(ctx, tx, r, o.token); err != nil {
				return err
			}
			if isCompanion(r.PostFormValue("reply")) {
				told, err = m.takeCompanion(ctx, tx, r, o)
				return err
			}
			if r.PostFormValue("reply") == askWhy {
				return m.AskWhy(ctx, tx, o.app, r.PostFormValue("words"))
			}
			app, err = m.Answer(ctx, tx, o.app, seats.Reply(r.PostFormValue("reply")))
			return err
		})
		if err != nil {
			if f := fault.Of(err); f != nil && o.path != "" && (f.Code == fault.Conflict || f.Code == fault.TooLate || f.Code == fault.Forbidden && isCompanion(r.PostFormValue("reply")) || f.Field == "words") {
				var args []any
				for name, value := range f.Args {
					args = append(args, name, value)
				}
				r.SetFlash("bad", f.Key, args...)
				return r.Redirect(backFrom(r, o.path))
			}
			return err
		}
		if told != "" {
			r.SetFlash("good", told)
			return r.Redirect(o.path + "#companion")
		}
		if r.PostFormValue("reply") == string(seats.JustMe) {
			r.SetFlash("good", "seminars.companion.done.alone")
			return r.Redirect(backFrom(r, o.path))
		}
		if app.ID.IsZero() {
			r.SetFlash("good", "seminars.why.sent")
			return r.Redirect(o.path + "#why")
		}
		r.SetFlash("good", "seminars.replied."+string(app.State))
		return r.Redirect(backFrom(r, o.path))
	}
}

// fromCard says that an answer was given on the page My programme.
const fromCard = "my"

// backFrom is where an answer leads: to the page of the application, or back to My programme.
func backFrom(r *web.Request, path string) string {
	if r.PostFormValue("from") == fromCard && !r.Actor.Person.IsZero() {
		return "/my"
	}
	return path
}

// askWhy is the reply of who asks why she was refused, or waits.
const askWhy = "why"

// showAllMine lists the applications of who is signed in.
func (m *Module) showAllMine(r *web.Request) error {
	var list []mineData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list = nil
		apps, err := m.Visible(ctx, tx, r)
		if err != nil {
			return err
		}
		for _, app := range apps {
			d, err := m.mine(ctx, tx, app, "/my/applications/"+app.ID.String())
			if err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, myApplicationsPage(r, list))
}

// withdrawKey says what goes to others when she withdraws: a seat, a place in line, or nothing
// yet.
func withdrawKey(s seats.State) string {
	switch s {
	case seats.Confirmed, seats.Invited:
		return "seminars.reply.withdraw.seat"
	case seats.Waitlisted:
		return "seminars.reply.withdraw.line"
	}
	return "seminars.reply.withdraw.what"
}
