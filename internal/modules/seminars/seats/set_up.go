package seats

import (
	"context"
	"encoding/json"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// maxSeats is more than any hall of the programme holds.
const maxSeats = 10_000

// SetUp changes the seats and the rules of an activity. More seats are offered
// at once to those who wait; fewer than are held is a Conflict, and the
// organiser first decides who gives way.
//
// Faults: Forbidden; Gone when the activity is cancelled; TooLate when it is over; those
// of the fields.
func (m *Service) SetUp(ctx context.Context, tx *storage.Tx, actor access.Actor, activity storage.ID, s Seminar) error {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return err
	}
	if !actor.May(MaySetUp, ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if err := StillAhead(a, tx.Now); err != nil {
		return err
	}
	var form fault.Form
	within := func(field string, n, least, most int) {
		form.Check(n >= least && n <= most, field, "forms.fault.range", fault.Args{"min": least, "max": most})
	}
	within("capacity", s.Capacity, 1, maxSeats)
	within("invitation_hours", s.InvitationHours, 1, 24*30)
	within("offer_hours", s.OfferHours, 1, 24*14)
	within("reconfirm_days", s.ReconfirmDays, 0, 30)
	for by, values := range s.Targets {
		sum := 0
		for v, percent := range values {
			within("target_"+by+"_"+v, percent, 0, 100)
			sum += percent
		}
		form.Check(sum <= 100, "target_"+by, "seminars.fault.targets")
	}
	form.Check(!s.Companions || !s.FirstCome, "companions", "seminars.fault.companions_first")
	if err := form.Err(); err != nil {
		return err
	}
	if err := OpenSeminar(ctx, tx, a.ID, s.Capacity); err != nil {
		return err
	}
	targets, err := json.Marshal(s.Targets)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE seminar
		SET capacity = $1, first_come = $2, late_waiting = $3, invitation_hours = $4, offer_hours = $5,
			reconfirm_days = $6, reconfirm_release = $7, targets = $8, companions = $10
		WHERE activity_id = $9 AND taken <= $1`,
		s.Capacity, s.FirstCome, s.LateWaiting, s.InvitationHours, s.OfferHours,
		s.ReconfirmDays, s.ReconfirmRelease, string(targets), a.ID, s.Companions)
	if err != nil {
		return err
	}
	if n == 0 {
		now, _, err := SeminarOf(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		return fault.At("capacity", "seminars.fault.capacity", fault.Args{"count": now.Taken})
	}
	if err := m.Schedule().SetCapacity(ctx, tx, a.ID, s.Capacity); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.set_up", Object: a.ID}); err != nil {
		return err
	}
	if err := m.planDay(ctx, tx, a); err != nil {
		return err
	}
	m.News(tx, a.ID)
	return m.PassOn(ctx, tx, a.ID)
}
