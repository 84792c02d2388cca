package door

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// TakeGiven is a portion (Portions) of the scans that one device has kept and that somebody else
// brings: another phone of the same door, or one of the staff with a file.
type TakeGiven struct {
	Keeper   Keeper // who brings it
	Actor    access.Actor
	Activity storage.ID
	By       string // what the device is called in its pack (MarkOf)
	Scans    []Scan
	Refused  *fault.Error // why the walk-in that is the portion was refused before; else nil
}

// The reasons of scans that are brought and not taken. They are not kept, so that somebody who
// may bring them finds them free.
const (
	ReasonUnknownPhone = "unknown_phone" // no device of this door is called so
	ReasonEnded        = "phone_ended"   // the device had no right at the door any more when it read
)

// TakeGiven takes the scans as if their own device had sent them: a scan that it sent itself is
// the same, whoever was first. The device must be one of this activity, and the row of a scan is
// that of its own pack. What it read after its right was taken back, or its place was taken over, is
// taken from who may take rights back (MayEnrol), and refused from everybody else.
//
// Faults: NotFound and Forbidden as of UploadScans; those of UploadWalkIn, and nothing is stored
// then: the portion comes again with Refused.
func (m *Desk) TakeGiven(ctx context.Context, tx *storage.Tx, cmd TakeGiven) ([]Outcome, error) {
	a, err := m.ActivityByID(ctx, tx, cmd.Activity)
	if err != nil {
		return nil, err
	}
	if err := cmd.Keeper.Stands(ctx, tx, cmd.Actor, a); err != nil {
		return nil, err
	}
	device, ended, err := m.deviceCalled(ctx, tx, a, cmd.By)
	if err != nil {
		return nil, err
	}
	if cmd.Actor.May(seats.MayEnrol, seats.ScopeOf(a)) {
		ended = time.Time{}
	}
	out := make([]Outcome, len(cmd.Scans))
	upload := UploadScans{Keeper: cmd.Keeper, Actor: cmd.Actor, Given: true}
	upload.Keeper.Device = device
	var places []int // of the scans that go on
	for i, s := range cmd.Scans {
		switch out[i] = (Outcome{Nonce: s.Nonce, Result: "refused"}); {
		case device == "":
			out[i].Reason = ReasonUnknownPhone
		case !ended.IsZero() && s.At.After(ended):
			out[i].Reason = ReasonEnded
		default:
			upload.Scans, places = append(upload.Scans, s), append(places, i)
		}
	}
	if len(places) == 0 {
		return out, nil
	}
	var took []Outcome
	switch {
	case cmd.Refused != nil:
		took = make([]Outcome, 1)
		took[0], err = m.RefuseWalkIn(ctx, tx, upload, cmd.Refused)
	case upload.Scans[0].WalkIn != "":
		took = make([]Outcome, 1)
		took[0], err = m.UploadWalkIn(ctx, tx, upload)
	default:
		took, err = m.UploadScans(ctx, tx, upload)
	}
	if err != nil {
		return nil, err
	}
	for n, i := range places {
		out[i] = took[n]
	}
	return out, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Keeper.Reader(), Action: "seminars.audit.given", Object: a.ID})
}

// deviceCalled finds the device that its pack calls so, empty for none, and since when it has no
// right at the door any more, zero while it has. Those of the staff are found as long as they
// have a role that stands at this door.
func (m *Desk) deviceCalled(ctx context.Context, tx *storage.Tx, a seats.Activity, called string) (device string, ended time.Time, err error) {
	is := func(device string) bool { return MarkOf(m.Keys, Keeper{Device: device}, a) == called }
	phones, err := DevicesOf(ctx, tx, a.ID)
	if err != nil {
		return "", ended, err
	}
	for _, d := range phones {
		if !d.Enrolled.IsZero() && is(d.ID.String()) {
			return d.ID.String(), d.Revoked, nil
		}
	}
	for _, role := range [...]access.Role{access.FrontDesk, access.Facilitator, access.Coordinator, access.Admin} {
		persons, err := m.People.HoldersAt(ctx, tx, role, seats.ScopeOf(a))
		if err != nil {
			return "", ended, err
		}
		for _, p := range persons {
			if device := seats.StaffDevice(p); is(device) {
				var taken int64
				err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(taken_at), 0)
					FROM door_handover
					WHERE activity_id = $1 AND of_person = $2 AND taken_at > 0 AND ended_at = 0`, a.ID, p).Scan(&taken)
				return device, storage.Instant(taken), err
			}
		}
	}
	return "", ended, nil
}
