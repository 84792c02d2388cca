package pages

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/profile"
)

func (m *Module) showSeats(r *web.Request) error {
	o, err := m.overview(r, seats.MaySetUp)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, seatsPage(r, m.Parts, o, nil))
}

func (m *Module) takeSeats(r *web.Request) error {
	o, err := m.overview(r, seats.MaySetUp)
	if err != nil {
		return err
	}
	var form fault.Form
	whole := func(name string) int {
		n, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue(name)))
		form.Check(err == nil, name, "forms.fault.number")
		return n
	}
	taken := o.Seats.Taken
	o.Seats = seats.Seminar{
		Activity: o.Activity.ID, Taken: taken, Capacity: whole("capacity"),
		FirstCome: r.PostFormValue("first_come") == "on", LateWaiting: r.PostFormValue("late_waiting") == "on", Companions: r.PostFormValue("companions") == "on",
		InvitationHours: whole("invitation_hours"), OfferHours: whole("offer_hours"),
		ReconfirmDays: whole("reconfirm_days"), ReconfirmRelease: r.PostFormValue("reconfirm_release") == "on",
		Targets: seats.Targets{},
	}
	for _, t := range targetFields(profile.Said(r.Say)) {
		name := "target_" + t.by + "_" + t.value
		if strings.TrimSpace(r.PostFormValue(name)) == "" {
			continue
		}
		if o.Seats.Targets[t.by] == nil {
			o.Seats.Targets[t.by] = map[string]int{}
		}
		o.Seats.Targets[t.by][t.value] = whole(name)
	}
	err = form.Err()
	if err == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return m.SetUp(ctx, tx, r.Actor, o.Activity.ID, o.Seats)
		})
	}
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		return r.Page(web.Status(f.Code), seatsPage(r, m.Parts, o, f))
	}
	r.SetFlash("good", "seminars.saved")
	return r.Redirect(staffPath(o.Activity, "/seats"))
}
