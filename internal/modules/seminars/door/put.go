package door

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Deciders is the device of entries that staff put where they decide a conflict: no phone has
// its name, and none undoes what it put.
const Deciders = "decided"

// The reasons of scans that staff put when they decide, and of those that they took away again
// with the decision.
const (
	ReasonDecided = "decided"
	reasonBack    = "decided_back"
)

// Put is one scan that staff put when they decide a conflict. What devices have sent is not
// changed by it, and all that reads scans reads it with them.
type Put struct {
	Activity    seats.Activity // held by the caller
	Application storage.ID
	By          storage.ID
	Nonce       string // of the decision
	Over        string // why to let her in though no seat is left; the caller has asked who may
}

// PutIn lets somebody in at an instant at which a device has read her. Full when she holds no
// seat, none is left and there is no reason; Conflict when she may not be moved.
func (m *Desk) PutIn(ctx context.Context, tx *storage.Tx, p Put, at int64) error {
	return m.put(ctx, tx, p, Deciders, Scan{Kind: "in", At: storage.Instant(at), Over: p.Over})
}

// PutBack takes an entry of a device back, as if the device had undone it in the moment in
// which it was made.
func (m *Desk) PutBack(ctx context.Context, tx *storage.Tx, p Put, of seats.Mark) error {
	return m.put(ctx, tx, p, of.Device, Scan{Kind: "undo", At: of.Instant(), Code: of.Nonce})
}

func (m *Desk) put(ctx context.Context, tx *storage.Tx, p Put, device string, s Scan) error {
	if err := m.TakeTurn(ctx, tx, p.Application, p.Activity.ID); err != nil {
		return err
	}
	s.Nonce, s.Event = p.Nonce, p.Activity.Slug
	cmd := checking{CheckIn{Device: device, Activity: p.Activity.ID, By: p.By}, p.Activity, &rowsOf{}}
	out, err := m.enter(ctx, tx, cmd, reading{Scan: s, app: p.Application, valid: true, result: "accepted", reason: ReasonDecided})
	if err == nil && out.Result != "accepted" {
		err = fault.New(fault.Conflict, "seminars.door.reason."+out.Reason)
		if out.Reason == string(fault.Full) {
			err = fault.New(fault.Full, "seminars.door.reason.full")
		}
	}
	m.News(tx, p.Activity.ID)
	return err
}

// PutAway takes away what was put with some nonces: they are kept, and count no more. Who came
// by scans of devices alone is attended again, on an extra seat where over gives a reason and no
// seat is left; who came by what was put is what she was before.
//
// Faults: Full when no seat is left and there is no reason.
func (m *Desk) PutAway(ctx context.Context, tx *storage.Tx, p Put, nonces []string) error {
	if err := m.TakeTurn(ctx, tx, p.Application, p.Activity.ID); err != nil {
		return err
	}
	app, err := seats.ApplicationByID(ctx, tx, p.Application)
	if err != nil {
		return err
	}
	for _, nonce := range nonces {
		if _, err := tx.Exec(ctx, `UPDATE scan
			SET valid = FALSE, result = 'refused', reason = $3
			WHERE application_id = $1 AND nonce = $2 AND valid = TRUE`, p.Application, nonce, reasonBack); err != nil {
			return err
		}
	}
	marks, err := seats.MarksOf(ctx, tx, app.ID)
	if err != nil {
		return err
	}
	r := reading{Scan: Scan{Kind: "undo"}, app: app.ID, valid: true}
	if a := seats.MergeMarks(marks); a.FirstIn != 0 {
		r.Kind = "in"
		if !app.State.HoldsSeat() {
			app.Came = storage.Instant(a.FirstIn)
			if app, _, err = m.LetIn(ctx, tx, app, p.By, p.Over); err != nil {
				return err
			}
			app.Came = storage.Instant(a.FirstIn)
		}
	}
	m.News(tx, p.Activity.ID)
	return m.settle(ctx, tx, checking{CheckIn{Device: Deciders, Activity: p.Activity.ID, By: p.By}, p.Activity, &rowsOf{}}, r, app)
}

// Entries are the entries of an application that count and were not taken back, the oldest first.
func Entries(ctx context.Context, tx *storage.Tx, app storage.ID) ([]seats.Mark, error) {
	marks, err := seats.MarksOf(ctx, tx, app)
	marks = slices.DeleteFunc(seats.Standing(marks), func(v seats.Mark) bool { return v.Kind != "in" })
	return marks, err
}
