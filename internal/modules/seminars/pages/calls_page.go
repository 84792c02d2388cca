package pages

import (
	"context"
	"net/http"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

type callsData struct {
	Activity seats.Activity
	List     []seats.ToCall
	Moves    []programme.Move // what to tell her of
	Back     string           // the mailing whose list it is, empty for that of the activity
	Fault    *fault.Error
}

func (m *Module) showCalls(r *web.Request) error {
	d, err := m.calls(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, callsPage(r, m.Parts, d))
}

// outOfReach are those whom nothing but a call reaches; the others may still answer a letter.
func (d callsData) outOfReach() (out, unanswered []seats.ToCall) {
	for _, c := range d.List {
		if c.OutOfReach() {
			out = append(out, c)
		} else {
			unanswered = append(unanswered, c)
		}
	}
	return out, unanswered
}

// calls reads the list; that each number was looked at is noted for its person.
func (m *Module) calls(r *web.Request) (d callsData, err error) {
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if d.List, err = m.ToCall(ctx, tx, r.Actor, d.Activity); err != nil {
			return err
		}
		if d.Moves, err = programme.RecentMoves(ctx, tx, d.Activity.ID); err != nil {
			return err
		}
		persons := make([]storage.ID, len(d.List))
		for i, c := range d.List {
			persons[i] = c.Person
		}
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: persons, Action: "seminars.audit.calls", Object: d.Activity.ID})
	})
	return d, err
}

func (m *Module) takeCall(r *web.Request) error {
	id, err := storage.ParseID(r.PostFormValue("application"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	var a seats.Activity
	cmd := seats.Called{Actor: r.Actor, Application: id, Answer: seats.CallAnswer(r.PostFormValue("answer"))}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd.Activity = a.ID
		return m.Called(ctx, tx, cmd)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "seminars.calls.noted."+string(cmd.Answer))
	if r.PostFormValue("back") == "today" { // back to where she was
		return r.Redirect("/today#calls")
	}
	if id, err := storage.ParseID(r.PostFormValue("mailing")); err == nil {
		return r.Redirect(mailingPath(a, id, "/calls"))
	}
	return r.Redirect(staffPath(a, "/calls"))
}

// takeApart notes that two applicants who share a contact are two people.
func (m *Module) takeApart(r *web.Request) error {
	var a seats.Activity
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd := seats.Apart{Activity: a.ID, Actor: r.Actor}
		for _, chosen := range r.PostForm["chosen"] {
			id, _, _ := strings.Cut(chosen, ".") // its version does not matter here
			cmd.Applications = append(cmd.Applications, id)
		}
		return m.KeepApart(ctx, tx, cmd)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "seminars.apart.done")
	return r.Redirect(staffPath(a, "/applicants"))
}
